//! What can stand between parentheses.

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use bennu::{Filled, Place, Render};
use bennu_macros::html;

use crate::{check, check_ours};

static GREETING: &str = "hello";

#[test]
fn any_expression_can_be_spliced() {
    struct Point {
        x: i32,
        y: i32,
    }
    impl Point {
        fn sum(&self) -> i32 {
            self.x + self.y
        }
    }
    mod inner {
        pub(super) fn name() -> &'static str {
            "inner"
        }
    }
    let point = Point { x: 1, y: -3 };
    let pair = ("left", "right");
    check!("1,-3,-2"; (point.x) "," (point.y) "," (point.sum()));
    check!("left"; (pair.0));
    check!("hello"; (GREETING));
    check!("inner"; (inner::name()));
    check!("3"; (1 + 2));
    check!("x=1"; (format!("x={}", point.x)));
    check!("24"; ({ let mut product = 1; for factor in 2..5 { product *= factor; } product }));
    check!("yes"; (if point.x > 0 { "yes" } else { "no" }));
}

#[test]
fn texts_and_numbers_of_all_kinds_can_be_spliced() {
    let owned = String::from("o");
    let borrowed: Cow<'_, str> = Cow::Borrowed("c");
    check!("ooo"; (owned) (&owned) (&&owned));
    check!("o"; (owned.as_str()));
    check!("o"; (*owned));
    check!("c"; (borrowed));
    check!("&lt;"; ('<'));
    check!("1.5 -7 255"; (1.5) " " (-7_i64) " " (255_u8));
    check!("xy"; (Box::new("x")) (Arc::new(String::from("y"))));
    check!("true"; (true));
    check_ours!("z"; (Rc::new("z")));
    check_ours!("4"; (Some(4)) (None::<&str>));
    assert_eq!(owned, "o");
}

struct Loud(&'static str);

impl Render for Loud {
    fn render(&self, place: Place<'_>) -> Filled {
        place.html_with(|out| {
            out.push_str("<b>");
            out.push_str(self.0);
            out.push_str("</b>");
        })
    }
}

impl fmt::Display for Loud {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "<{}>", self.0)
    }
}

#[test]
fn render_comes_before_display() {
    let loud = Loud("x");
    check_ours!("<b>x</b><b>x</b><b>x</b>"; (loud) (&loud) (&&&&loud));
    check_ours!("&lt;x&gt;"; (loud.to_string()));
}

#[test]
fn what_only_displays_is_escaped() {
    struct Tag;
    impl fmt::Display for Tag {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("<tag>")
        }
    }
    check!("&lt;tag&gt;"; (Tag));
    check!("&lt;tag&gt;&lt;tag&gt;"; (&Tag) (&&&&Tag));
    check!("<p title=\"&lt;tag&gt;\"></p>"; p title=(Tag) {});
}

#[test]
fn bounds_of_a_function_choose_the_road() {
    fn rendered(value: impl Render) -> String {
        html! { (value) }.to_html()
    }
    fn displayed(value: impl fmt::Display) -> String {
        html! { (value) }.to_html()
    }
    assert_eq!(rendered(Loud("x")), "<b>x</b>");
    assert_eq!(displayed(Loud("x")), "&lt;x&gt;");
}

#[test]
fn temporaries_live_as_long_as_their_splice() {
    fn text() -> String {
        "t".to_owned()
    }
    check!("t"; (text().as_str()));
    check!("t"; @if let Some(char) = text().chars().next() { (char) });
    check!("t"; @match text().as_str() { "t" => "t", other => (other) });
    check!("t"; @for char in text().chars() { (char) });
}

#[test]
fn templates_are_spliced_into_templates() {
    fn item(name: &str) -> bennu::Rendered {
        html! { li { (name) } }
    }
    fn list(inner: impl Render) -> bennu::Rendered {
        html! { ul { (inner) } }
    }
    let page =
        html! { (list(html! { @for name in ["a", "b"] { (item(name)) } })) (Some(item("c"))) };
    assert_eq!(page.to_html(), "<ul><li>a</li><li>b</li></ul><li>c</li>");
}

/// Without the prelude, and with names of ours taken.
mod without_names {
    #![expect(dead_code, reason = "they only stand in the way")]
    #![no_implicit_prelude]

    use ::std::assert_eq;

    struct Option;
    struct Some;
    mod core {}
    mod std {}

    #[test]
    fn the_expansion_needs_no_names() {
        let x = 1;
        let html = ::bennu_macros::html! {
            p title=[::std::option::Option::Some(x)] phx-click=[::std::option::Option::Some("e")] {
                @for x in [x] key=(x) { (x) }
            }
        };
        assert_eq!(html.to_html(), "<p title=\"1\" phx-click=\"e\">1</p>");
    }
}
