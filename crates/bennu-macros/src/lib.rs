//! The macros of Bennu. Applications use them through the crate `bennu`.

mod event;
mod expand;
mod fallback;
mod fields;
mod fingerprint;

use bennu_syntax::Reading;
use proc_macro2::TokenStream;

#[doc = include_str!("html.md")]
#[proc_macro]
pub fn html(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand_html(input.into()).into()
}

/// Makes an enum the browser events of a view.
///
/// ```ignore
/// #[derive(Event)]
/// enum Msg {
///     Inc,                      // "inc"
///     SetTo { step: i64 },      // "set_to", with its step
///     Validate(Form<User>),     // "validate", with all that the browser sent
///     #[event(name = "go")]
///     GoOn,                     // "go"
/// }
///
/// html! {
///     button phx-click=(Msg::SetTo { step: 0 }) { "reset" }
///     form phx-change=(Msg::VALIDATE) {}
/// }
/// ```
///
/// An event's name is its variant's in snake case; `#[event(name = "…")]` on the
/// variant or `#[event(rename_all = "kebab-case")]` (or `"camelCase"`) on the
/// enum changes it. What it carries is written into the attribute when the type
/// has `Display`, or is an `Option` of such a type; other fields are filled by
/// the browser alone.
///
/// **Any visitor of the page may send every variant, with any values in it**, whatever
/// the page shows: a handler asks whether this visitor may do it, and takes no price,
/// owner or role from an event.
///
/// For each variant there is a constant with its name, `Msg::SET_TO`: a binding
/// whose values the browser gives.
#[proc_macro_derive(Event, attributes(event))]
pub fn derive_event(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    event::derive(input.into()).into()
}

/// Makes the names of a form's fields constants of its type, so that a misspelt
/// one doesn't compile.
///
/// ```ignore
/// #[derive(Deserialize, FormFields)]
/// #[serde(rename_all = "camelCase")]
/// struct Ticket {
///     title: String,            // Ticket::TITLE, "title"
///     due_at: String,           // Ticket::DUE_AT, "dueAt"
///     #[serde(rename = "e-mail")]
///     mail: String,             // Ticket::MAIL, "e-mail"
/// }
///
/// html! { (form.input(Ticket::TITLE)) }
/// ```
///
/// Each is a `&'static str` with the name that serde reads the field by, of the
/// visibility of the type. A field that serde skips has none, nor one that it
/// flattens: name the fields of the inner type.
#[proc_macro_derive(FormFields)]
pub fn derive_form_fields(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    fields::derive(input.into()).into()
}

fn expand_html(input: TokenStream) -> TokenStream {
    let Reading {
        template,
        diagnostics,
        lost_binding,
    } = bennu_syntax::read(input);
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
