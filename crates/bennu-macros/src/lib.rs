//! The macros of Bennu. Applications use them through the crate `bennu`.

mod ast;
mod check;
mod diagnostic;
mod event;
mod expand;
mod fallback;
mod jump;
mod nearest;
mod parse;
mod phx;
mod split;

use proc_macro2::TokenStream;

/// Writes HTML with live parts.
#[proc_macro]
pub fn html(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand_html(input.into()).into()
}

/// Makes an enum the browser events of a view.
#[proc_macro_derive(Event, attributes(event))]
pub fn derive_event(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    event::derive(input.into()).into()
}

fn expand_html(input: TokenStream) -> TokenStream {
    let parse::Template {
        markups,
        mut diagnostics,
        lost_binding,
    } = parse::parse(input);
    check::check(&markups, &mut diagnostics);
    let template = split::split(markups);
    jump::check(&template, &mut diagnostics);
    if diagnostics.is_empty() {
        expand::expand(&template)
    } else if lost_binding {
        fallback::without_code(&diagnostics)
    } else {
        fallback::with_code(&diagnostics, &template)
    }
}

#[cfg(test)]
mod tests;
