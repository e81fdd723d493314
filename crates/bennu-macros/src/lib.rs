//! The macros of Bennu. Applications use them through the crate `bennu`.

mod ast;
mod check;
mod diagnostic;
mod event;
mod expand;
mod nearest;
mod parse;
mod phx;
mod split;

use proc_macro2::TokenStream;
use quote::quote;

/// Writes HTML with live parts.
#[proc_macro]
pub fn html(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    html_tokens(input.into()).into()
}

/// Makes an enum the browser events of a view.
#[proc_macro_derive(Event, attributes(event))]
pub fn derive_event(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    event::derive(input.into()).into()
}

fn html_tokens(input: TokenStream) -> TokenStream {
    let parse::Template {
        markups,
        diagnostics,
        lost_binding: _,
    } = parse::parse(input);
    let template = split::split(markups);
    let rendered = expand::expand(&template);
    if diagnostics.is_empty() {
        rendered
    } else {
        quote!({ #diagnostics #rendered })
    }
}
