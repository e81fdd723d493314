//! `html!` as its users see it, side by side with maud's where both say the
//! same.

mod attributes;
mod bindings;
mod compile;
mod control;
mod elements;
mod interop;
mod lists;
mod splices;
mod urls;

/// The same template through both macros: each gives this HTML.
macro_rules! check {
    ($expected:expr; $($markup:tt)*) => {{
        let expected = $expected;
        assert_eq!(::bennu_macros::html! { $($markup)* }.to_html(), expected, "ours");
        assert_eq!(::maud::html! { $($markup)* }.into_string(), expected, "maud's");
    }};
}

/// A template that only we take, or that we render in another way.
macro_rules! check_ours {
    ($expected:expr; $($markup:tt)*) => {
        assert_eq!(::bennu_macros::html! { $($markup)* }.to_html(), $expected)
    };
}

pub(crate) use {check, check_ours};
