//! Attributes, classes and ids.

use bennu::__private::{Attributes, PreEscaped};

use crate::{check, check_ours};

#[test]
fn values_are_literals_splices_and_blocks() {
    let (path, id) = ("a&b", 7);
    check!(
        "<a href=\"/x\" title=\"a&amp;b\" id=\"row-7\" rel=\"\"></a>";
        a href="/x" title=(path) id={ "row-" (id) } rel={} {}
    );
}

#[test]
fn numbers_and_characters_are_values_of_ours() {
    check_ours!(
        "<td colspan=\"2\" data-ratio=\"0.5\" accesskey=\"k\"></td>";
        td colspan=2 data-ratio=0.5 accesskey='k' {}
    );
}

#[test]
fn no_value_can_leave_its_quotes() {
    let evil = "\"><script>alert('1')</script>&";
    check!(
        "<p title=\"&quot;&gt;&lt;script&gt;alert('1')&lt;/script&gt;&amp;\"></p>";
        p title=(evil) {}
    );
    check!("<p title=\"&quot;&gt;\" class=\"&quot;\"></p>"; p title="\">" class={ (('"')) } {});
    check!("<p id=\"&quot;\"></p>"; p #("\"") {});
}

#[test]
fn markup_in_a_value_can_not_leave_the_quotes_either() {
    let link = bennu_macros::html! { a href="/" { "home" } };
    check_ours!("<p title=\"<a href=&quot;/&quot;>home</a>\"></p>"; p title=(link) {});
}

#[test]
fn what_says_so_is_not_escaped() {
    let raw = PreEscaped("&nbsp;");
    check_ours!("<p title=\"&nbsp;\">&nbsp;</p>"; p title=(raw) { (raw) });
}

#[test]
fn an_attribute_may_have_no_value() {
    check!("<input disabled checked required>"; input disabled checked? required;);
}

#[test]
fn a_condition_toggles_an_attribute() {
    struct Form {
        locked: bool,
    }
    for locked in [true, false] {
        let html = if locked {
            "<input disabled>"
        } else {
            "<input>"
        };
        check!(html; input disabled[locked];);
        check!(html; input disabled?[locked];);
        check!(html; input disabled[locked && html.len() > 7];);
        check!(html; input disabled[Form { locked }.locked];);
    }
}

#[test]
fn an_option_gives_an_attribute_or_none() {
    struct Field {
        value: Option<u8>,
    }
    let text: Option<&str> = None;
    check!("<input value=\"a&amp;b\">"; input value=[Some("a&b")];);
    check!("<input value=\"7\">"; input value=[Some(7)];);
    check!("<input>"; input value=[text];);
    check!("<input>"; input value=[None as Option<String>];);
    check!("<input value=\"1\">"; input value=[Field { value: Some(1) }.value];);
}

#[test]
fn an_option_is_looked_at_once() {
    let mut looks = 0;
    let _ = bennu_macros::html! { input value=[{ looks += 1; Some("x") }]; };
    assert_eq!(looks, 1);
}

#[test]
fn classes_and_the_id_have_shorthands() {
    check!("<p class=\"a b-c d--e\"></p>"; p.a.b-c.d--e {});
    check!("<p class=\"a b\"></p>"; p .a .b {});
    check!("<p class=\"md:w-1/2 x\"></p>"; p."md:w-1/2".x {});
    check!("<p class=\"m-2 p-2\"></p>"; p.m-2.p-2 {});
    check!("<p id=\"main\"></p>"; p #main {});
    check!("<p id=\"a-1\"></p>"; p #a-1 {});
    check!("<input class=\"a\" id=\"b\">"; input.a #b;);
}

#[test]
fn a_shorthand_alone_is_a_div() {
    check!("<div class=\"a\"></div>"; .a {});
    check!("<div id=\"a\">x</div>"; #a { "x" });
    check!("<div class=\"b\" id=\"a\" title=\"t\" hidden></div>"; #a title="t" .b hidden {});
}

#[test]
fn classes_come_first_then_the_id() {
    check!(
        "<i class=\"a b\" id=\"c\" lang=\"en\" dir=\"rtl\"></i>";
        i lang="en" .a #c dir="rtl" .b {}
    );
}

#[test]
fn shorthands_hold_splices_and_blocks() {
    let (name, number) = ("x", 3);
    check!("<p class=\"x\" id=\"3\"></p>"; p.(name) #(number) {});
    check!("<p class=\"x-3 y\" id=\"row-3\"></p>"; p.{ (name) "-" (number) }.y #{ "row-" (number) } {});
}

#[test]
fn conditions_toggle_classes() {
    for (a, b, html) in [
        (true, true, "<p class=\"a b\"></p>"),
        (true, false, "<p class=\"a\"></p>"),
        (false, true, "<p class=\" b\"></p>"),
        (false, false, "<p class=\"\"></p>"),
    ] {
        check!(html; p.a[a].b[b] {});
        check!(html; p."a"[a].("b")[b] {});
    }
}

#[test]
fn classes_that_stay_precede_those_that_come_and_go() {
    let name = "d";
    for on in [true, false] {
        let html = if on { "a c b d-1" } else { "a c" };
        let html = format!("<p class=\"{html}\"></p>");
        check!(html; p.a.b[on].c.{ (name) "-1" }[on] {});
    }
}

#[test]
fn a_toggled_class_in_front_brings_no_needless_space() {
    check_ours!("<p class=\"b a\"></p>"; p.a[true].b {});
}

#[test]
fn control_flow_can_make_a_value() {
    for (number, name) in [(1, "one"), (2, "two"), (3, "many")] {
        check!(
            format!("<p class=\"{name}\"></p>");
            p class=@match number { 1 => "one", 2 => { "two" } _ => "many" } {}
        );
        check!(
            format!("<p class=\"n {name}!\"></p>");
            p class={ "n " @if number == 1 { "one" } @else if number == 2 { "two" } @else { "many" } "!" } {}
        );
        check!(
            format!("<p class=\"{name}\"></p>");
            p.@if number == 1 { "one" } @else if number == 2 { "two" } @else { "many" } {}
        );
    }
    check!("<p title=\"0,1,2,\"></p>"; p title={ @for i in 0..3 { (i) "," } } {});
    check!("<p title=\"9\"></p>"; p title={ @let x = 9; (x) } {});
    check!("<p title=\"\"></p>"; p title=@if false { "x" } {});
    let mut left = 3;
    check_ours!(
        "<p title=\"xxx\"></p>";
        p title=@while left > 0 { @let () = left -= 1; "x" } {}
    );
}

#[test]
fn code_brings_attributes_of_its_own() {
    let rest = Attributes::new().with("title", "a\"b").flag("required");
    check_ours!(
        "<input type=\"text\" class=\"wide\" title=\"a&quot;b\" required name=\"x\"><p></p>";
        input.wide type="text" ..(rest) name="x"; p ..(Attributes::new()) {}
    );
}

#[test]
fn classes_that_code_brings_join_those_of_the_element() {
    let rest = Attributes::new()
        .with("title", "t")
        .class("wide")
        .with("class", "a\"b");
    let (bare, dark) = (Attributes::new(), true);
    check_ours!(
        "<p id=\"x\" class=\"card dark wide a&quot;b\" title=\"t\" lang=\"en\"></p>";
        p.card.dark[dark] #x ..(rest) lang="en" {}
    );
    check_ours!("<p class=\"wide a&quot;b\" title=\"t\"></p>"; p.light[!dark] ..(rest) {});
    check_ours!("<p class=\"a card\"></p>"; p.a.card ..(bare) {});
    check_ours!(
        "<p class=\"a card wide a&quot;b\" title=\"t\"></p>";
        p class={ "a " @if dark { "card" } } ..(rest) {}
    );
    check_ours!("<p class=\"wide a&quot;b\" title=\"t\"></p>"; p ..(bare.and(&rest)) {});
}
