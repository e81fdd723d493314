//! maud's values in our templates, and ours in maud's.

use maud::{Markup, PreEscaped, Render, html as theirs};

use bennu_macros::html as ours;

use crate::check;

#[test]
fn markup_of_maud_is_spliced_as_it_is() {
    let markup: Markup = theirs! { b { "<x>" } };
    assert_eq!(
        ours! { p { (markup) } (markup) }.to_html(),
        "<p><b>&lt;x&gt;</b></p><b>&lt;x&gt;</b>"
    );
}

#[test]
fn our_templates_are_spliced_into_maud_as_they_are() {
    let rendered = ours! { b { "<x>" } @for n in 0..2 { (n) } };
    assert_eq!(
        theirs! { p { (rendered) } }.into_string(),
        "<p><b>&lt;x&gt;</b>01</p>"
    );
}

#[test]
fn types_that_render_for_maud_render_for_us() {
    struct Stylesheet(&'static str);
    impl Render for Stylesheet {
        fn render(&self) -> Markup {
            theirs! { link rel="stylesheet" href=(self.0); }
        }
    }
    let sheet = Stylesheet("a.css");
    check!("<link rel=\"stylesheet\" href=\"a.css\">"; (sheet));
    check!("<link rel=\"stylesheet\" href=\"a.css\">"; (&&sheet));
}

#[test]
fn raw_html_is_raw_in_both() {
    check!("<i>&amp;</i>"; (PreEscaped("<i>&amp;</i>")));
    check!("<i></i>"; (PreEscaped(String::from("<i></i>"))));
    check!("5 &gt; 4"; (maud::display("5 > 4")));
}

#[test]
fn a_page_of_maud_holds_live_parts_and_they_hold_its_parts() {
    fn layout(title: &str, inner: &impl Render) -> Markup {
        theirs! { (maud::DOCTYPE) html { head { title { (title) } } body { (inner) } } }
    }
    let badge = theirs! { span.badge { "new" } };
    let page = layout("T", &ours! { h1 { "Hi " (badge) } });
    assert_eq!(
        page.into_string(),
        "<!DOCTYPE html><html><head><title>T</title></head><body><h1>Hi <span class=\"badge\">new</span></h1></body></html>"
    );
}
