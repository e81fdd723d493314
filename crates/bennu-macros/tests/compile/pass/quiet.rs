//! The expansion gives no warning, whatever the user's lints.

#![deny(warnings, clippy::all, clippy::pedantic, missing_docs, unused_qualifications)]

use bennu_macros::html;

fn main() {
    let rows = [1, 2];
    let _ = html! {};
    let _ = html! { p { "fixed" } };
    let page = html! {
        p.a[true] title=[Some("x")] hidden[false] phx-click=("go") { (1 + 1) }
        @for row in rows key=(row) { li { (row) } }
        @if rows.is_empty() { "none" }
        @match rows.len() { 0 => "none", n => (n) }
    };
    assert!(page.to_html().starts_with("<p"));
}
