//! Elements that come ready: markup which the browser's half gives a meaning.
//! Plain function components, as an application writes them too.

use bennu_core::{Render, Rendered};
use bennu_macros::html;

use crate::flash::Flash;

/// Keeps the keyboard's focus inside of `content` while it is shown, as a
/// dialogue wants it: Tab after the last element goes to the first, Shift-Tab
/// before the first to the last.
///
/// `id` names the wrapper and has to be unique on the page.
///
/// ```
/// use bennu::{element::focus_wrap, prelude::*};
///
/// let dialogue = html! {
///     (focus_wrap("confirm", html! {
///         p { "Delete it?" }
///         button { "Yes" }
///         button { "No" }
///     }))
/// };
/// assert!(dialogue.to_html().starts_with(r#"<div id="confirm" phx-hook="Phoenix.FocusWrap">"#));
/// ```
pub fn focus_wrap(id: &str, content: impl Render) -> Rendered {
    html! {
        div #(id) phx-hook="Phoenix.FocusWrap" {
            div #{ (id) "-start" } tabindex="0" aria-hidden="true" {}
            (content)
            div #{ (id) "-end" } tabindex="0" aria-hidden="true" {}
        }
    }
}

/// Shows `content` somewhere else on the page: at the end of the element that
/// `target` selects, outside of the view if need be. For dialogues, menus and
/// tooltips that must not be cut off by what they belong to.
///
/// Events inside go to the view or component that the portal stands in. `id`
/// is the portal's own and unique on the page; the content stands in an element
/// with the id `phx-portal-ID`. A page without scripts does not
/// show the content.
///
/// ```
/// use bennu::{element::portal, prelude::*};
///
/// let page = html! {
///     (portal("hint", "body", html! { p role="tooltip" { "Saved every minute" } }))
/// };
/// assert!(page.to_html().starts_with(r#"<template id="hint" data-phx-portal="body">"#));
/// ```
pub fn portal(id: &str, target: &str, content: impl Render) -> Rendered {
    html! {
        template #(id) data-phx-portal=(target) {
            // What travels is one element; Phoenix's client finds it again by its id,
            // which no element of an application begins like.
            div #{ "phx-portal-" (id) } { (content) }
        }
    }
}

/// Shows the notices of a page, each with a button that takes it away; for a live
/// layout. `close` is what that button is called.
///
/// Notices of the kind `"error"` interrupt a screen reader, others wait for their
/// turn. For CSS there are `#flash-group`, `.flash` and the kinds as classes.
///
/// ```
/// use bennu::{element::flash_group, prelude::*};
///
/// fn around(layout: &Layout<'_>) -> Rendered {
///     html! {
///         (flash_group(layout.flash(), "Close"))
///         (layout.content())
///     }
/// }
/// # let bennu = Bennu::new(Config::new([0; 32]).unwrap());
/// let bennu = bennu.live_layout(around);
/// ```
pub fn flash_group(flash: &Flash, close: &str) -> Rendered {
    html! {
        // The regions stand there from the start: a screen reader reads what
        // comes into one, and not one that comes.
        div #flash-group {
            div role="alert" {
                @if let Some(text) = flash.get("error") { (notice("error", text, close)) }
            }
            div role="status" {
                @for (kind, text) in flash.iter().filter(|(kind, _)| *kind != "error") key=(kind) {
                    (notice(kind, text, close))
                }
            }
        }
    }
}

fn notice(kind: &str, text: &str, close: &str) -> Rendered {
    html! {
        div.flash.(kind) #{ "flash-" (kind) } {
            p { (text) }
            button type="button" phx-click="lv:clear-flash" phx-value-key=(kind) aria-label=(close) {
                "✕"
            }
        }
    }
}

/// Shows the items with something between each two of them.
///
/// ```
/// use bennu::{element::intersperse, prelude::*};
///
/// let path = intersperse(["Home", "Books", "Dune"], || html! { span aria-hidden="true" { " › " } });
/// assert_eq!(
///     html! { p { (path) } }.to_html(),
///     r#"<p>Home<span aria-hidden="true"> › </span>Books<span aria-hidden="true"> › </span>Dune</p>"#,
/// );
/// ```
pub fn intersperse<I, S>(items: impl IntoIterator<Item = I>, separator: impl Fn() -> S) -> Rendered
where
    I: Render,
    S: Render,
{
    html! {
        @for (position, item) in items.into_iter().enumerate() {
            @if position > 0 { (separator()) }
            (item)
        }
    }
}
