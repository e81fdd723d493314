//! `html!` as its users see it.

use bennu::__private::Rendered;
use bennu_macros::html;

#[test]
fn a_page_with_a_bit_of_everything() {
    let rows = [(1, "one"), (2, "<two>")];
    let title = Some("x\"y");
    let page: Rendered = html! {
        h1.a.b[rows.len() == 2] #{"row-" (rows.len())} title=[title] disabled[true] phx-click=("inc") { "Hi & " (rows.len()) }
        @for (id, name) in &rows key=(id) { li { (id) ": " (name) } }
        @if let Some(title) = title { (title) } @else { "none" }
        p class={ "a " @if rows.is_empty() { "empty" } @else { "full" } } { }
    };
    assert_eq!(
        page.to_html(),
        "<h1 class=\"a b\" id=\"row-2\" title=\"x&quot;y\" disabled phx-click=\"inc\">Hi &amp; 2</h1>\
         <li>1: one</li><li>2: &lt;two&gt;</li>x&quot;y<p class=\"a full\"></p>"
    );
}
