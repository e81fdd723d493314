//! Text, elements and their names.

use crate::{check, check_ours};

#[test]
fn literals_stand_one_after_the_other() {
    check!("tab\tline\nplain-7"; "tab\t" "line\n" "plain" "-7");
}

#[test]
fn literals_are_escaped_as_the_splices_are() {
    check!("&lt;b&gt; &amp; &quot;it's&quot;"; "<b> & \"it's\"");
    check!("&lt;b&gt; &amp; &quot;it's&quot;"; r#"<b> & "it's""#);
    check!("&lt;b&gt; &amp; &quot;it's&quot;"; ("<b> & \"it's\""));
}

#[test]
fn an_empty_template_is_empty_html() {
    check!(""; );
    check!(""; "");
    check!(""; {});
}

#[test]
fn semicolons_between_markup_mean_nothing() {
    check!("abc"; ; "a"; "b";;;; "c"; ;);
}

#[test]
fn a_block_groups_without_a_trace() {
    check!("one two three"; "one" { " two" { " " } } "three");
}

#[test]
fn elements_nest() {
    check!("<ul><li><b>x</b>y</li><li></li></ul>"; ul { li { b { "x" } "y" } li {} });
}

#[test]
fn void_elements_have_no_end_tag() {
    check!("a<br>b<hr><img src=\"i.png\">"; "a" br; "b" hr; img src="i.png";);
}

#[test]
fn words_of_rust_are_names_too() {
    check!(
        "<type><label for=\"x\" as=\"y\" async>in</label></type>";
        type { label for="x" as="y" async { "in" } }
    );
}

#[test]
fn names_hold_hyphens_and_colons() {
    check!("<my-element></my-element>"; my-element {});
    check!("<svg:rect-2 data-a--b=\"1\"></svg:rect-2>"; svg:rect-2 data-a--b="1" {});
    check!(
        "<a aria-label=\"x\" hx-on:click=\"f()\" hx-on::load=\"g()\"></a>";
        a aria-label="x" hx-on:click="f()" hx-on::load="g()" {}
    );
}

#[test]
fn names_of_attributes_can_be_literals() {
    check!(
        "<b @click.prevent=\"go\" x=\"1\" 7=\"2\" 8u8 data-9></b>";
        b "@click.prevent"="go" r#"x"#="1" 7="2" 8u8 data-9 {}
    );
    check!("<b a-1:b-2=\"x\" true></b>"; b a-"1":b-2="x" true {});
}

#[test]
fn a_raw_word_is_the_word() {
    check_ours!("<input type=\"text\">"; input r#type="text";);
}

#[test]
fn the_doctype_is_a_splice() {
    use maud::DOCTYPE;
    check!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>T</title></head><body></body></html>";
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "T" } }
            body {}
        }
    );
}

#[test]
fn a_template_is_read_through_other_macros() {
    macro_rules! wrap {
        ($($markup:tt)*) => { ::bennu_macros::html! { div { $($markup)* } } };
    }
    macro_rules! greet {
        ($name:expr, $class:literal, $tag:ident) => {{
            let greeting = "Hi";
            ::bennu_macros::html! { $tag.$class title=$name { (greeting) ", " ($name) } }
        }};
    }
    let name = "Ada";
    assert_eq!(wrap!(p { (name) }).to_html(), "<div><p>Ada</p></div>");
    assert_eq!(
        greet!("Bob", "x y", em).to_html(),
        "<em class=\"x y\" title=\"Bob\">Hi, Bob</em>"
    );
}

#[test]
fn parts_of_a_template_come_through_other_macros() {
    macro_rules! list {
        ($if:expr, $in:expr, $pattern:pat, $key:expr, $value:expr, $body:tt, $text:literal) => {
            ::bennu_macros::html! {
                @if $if {
                    @for $pattern in $in key=($key) { p title=$value data-x=$text $body }
                    @match $value { $pattern => { $text ($key) } }
                }
                $text
            }
        };
    }
    let page = list!(1 < 2, [1, 2], row, row, "v", { b { "body" } }, "t");
    assert_eq!(
        page.to_html(),
        "<p title=\"v\" data-x=\"t\"><b>body</b></p><p title=\"v\" data-x=\"t\"><b>body</b></p>tvt"
    );
}
