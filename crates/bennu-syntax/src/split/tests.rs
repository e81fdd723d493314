//! Which statics and dynamics a template splits into, in a notation of the
//! tests: `element(…)` and `fragment(…)` hold the HTML, `{…}` in it are places.

use std::fmt::Write;

use quote::ToTokens;

use super::{Piece, Step, Template, split};
use crate::ast::Control;
use crate::diagnostic::Diagnostic;
use crate::parse::parse;

#[track_caller]
fn check_split(markup: &str, expected: &str) {
    let parsed = parse(markup.parse().unwrap());
    let messages: Vec<&str> = parsed.diagnostics.iter().map(Diagnostic::text).collect();
    assert!(messages.is_empty(), "{messages:?}");
    let template = split(parsed.markups);
    check_places(&template);
    let mut out = String::new();
    show(&template, &mut out);
    assert_eq!(out, expected);
}

/// The law that readers of a template count on.
fn check_places(template: &Template) {
    fn places(steps: &[Step]) -> usize {
        steps
            .iter()
            .map(|step| match step {
                Step::Let(_) => 0,
                Step::Scope(steps) => places(steps),
                Step::Control(control) => {
                    control.bodies().into_iter().for_each(check_places);
                    1
                }
                _ => 1,
            })
            .sum()
    }
    assert_eq!(template.statics.len(), places(&template.steps) + 1);
}

fn show(template: &Template, out: &mut String) {
    let kind = if template.element {
        "element"
    } else {
        "fragment"
    };
    let mut statics = template.statics.iter();
    write!(out, "{kind}({}", statics.next().unwrap()).unwrap();
    show_steps(&template.steps, &mut statics, out);
    out.push(')');
}

fn show_steps<'s>(
    steps: &[Step],
    statics: &mut impl Iterator<Item = &'s String>,
    out: &mut String,
) {
    for step in steps {
        match step {
            Step::Let(local) => write!(out, "{{{}}}", code(local)).unwrap(),
            Step::Scope(steps) => {
                out.push_str("{scope}");
                show_steps(steps, statics, out);
                out.push_str("{end}");
            }
            step => {
                show_dynamic(step, out);
                out.push_str(statics.next().unwrap());
            }
        }
    }
}

fn show_dynamic(step: &Step, out: &mut String) {
    match step {
        Step::Splice(value) => write!(out, "{{{}}}", code(&value.expr)).unwrap(),
        Step::Rest(value, classes) => {
            write!(out, "{{rest {}", code(&value.expr)).unwrap();
            show_pieces(classes, out);
            out.push('}');
        }
        Step::Bind(name, value) => write!(out, "{{bind {name} {}}}", code(&value.expr)).unwrap(),
        Step::BindOptional(name, value) => {
            write!(out, "{{bind {name} [{}]}}", code(&value.expr)).unwrap();
        }
        Step::Text(pieces) => {
            out.push_str("{text");
            show_pieces(pieces, out);
            out.push('}');
        }
        Step::Control(control) => {
            out.push('{');
            show_control(control, out, show);
            out.push('}');
        }
        Step::Let(_) | Step::Scope(_) => {}
    }
}

fn show_pieces(pieces: &[Piece], out: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Raw(html) => write!(out, " {html:?}").unwrap(),
            Piece::Splice(value) => write!(out, " ({})", code(&value.expr)).unwrap(),
            Piece::Let(local) => write!(out, " {}", code(local)).unwrap(),
            Piece::Scope(pieces) => {
                out.push_str(" scope");
                show_pieces(pieces, out);
                out.push_str(" end");
            }
            Piece::Toggle(condition, pieces) => {
                write!(out, " [{}]", code(&condition.expr)).unwrap();
                show_pieces(pieces, out);
            }
            Piece::Url(url, pieces) => {
                write!(out, " {}(", url.kind).unwrap();
                show_pieces(pieces, out);
                out.push_str(" )");
            }
            Piece::Optional(name, value, _) => {
                write!(out, " {name}=[{}]", code(&value.expr)).unwrap();
            }
            Piece::Control(control) => {
                out.push(' ');
                show_control(control, out, |pieces, out| show_pieces(pieces, out));
            }
        }
    }
}

fn show_control<B>(control: &Control<B>, out: &mut String, show: impl Fn(&B, &mut String)) {
    match control {
        Control::If(each) => {
            for (condition, body) in &each.branches {
                write!(out, "if {} ", code(condition)).unwrap();
                show(body, out);
                out.push_str(" else ");
            }
            match &each.otherwise {
                Some(body) => show(body, out),
                None => out.push_str("nothing"),
            }
        }
        Control::Match(each) => {
            write!(out, "match {}", code(&each.scrutinee)).unwrap();
            for arm in &each.arms {
                write!(out, " {}=>", code(&arm.pattern)).unwrap();
                show(&arm.body, out);
            }
        }
        Control::For(each) => {
            let (pattern, iterable) = (code(&each.pattern), code(&each.iterable));
            write!(out, "for {pattern} in {iterable} ").unwrap();
            if let Some(key) = &each.key {
                write!(out, "by {} ", code(&key.expr)).unwrap();
            }
            show(&each.body, out);
        }
        Control::While(each) => {
            write!(out, "while {} ", code(&each.condition)).unwrap();
            show(&each.body, out);
        }
    }
}

fn code(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

#[test]
fn what_is_fixed_becomes_one_static() {
    check_split("", "fragment()");
    check_split(
        r#"div.a #b title="<" { p { "x" } br; "y" }"#,
        r#"element(<div class="a" id="b" title="&lt;"><p>x</p><br>y</div>)"#,
    );
    check_split(r#""a" { "b" { "c" } } ; "d""#, "fragment(abcd)");
}

#[test]
fn a_template_with_one_element_and_nothing_else_says_so() {
    check_split("br;", "element(<br>)");
    check_split("; { p {} }", "element(<p></p>)");
    check_split("@let x = 1; p { (x) }", "element(<p>{let x = 1 ;}{x}</p>)");
    check_split("p {} p {}", "fragment(<p></p><p></p>)");
    check_split(r#"p {} "x""#, "fragment(<p></p>x)");
    check_split("(x)", "fragment({x})");
    check_split(
        "@if x { p {} }",
        "fragment({if x element(<p></p>) else nothing})",
    );
}

#[test]
fn a_splice_is_one_place() {
    check_split(r#"p { "a" (x) "b" (y) }"#, "element(<p>a{x}b{y}</p>)");
    check_split("(x) (y)", "fragment({x}{y})");
}

#[test]
fn a_splice_in_a_value_is_one_text() {
    check_split(
        r#"p id={ "row-" (x) "-" (y) } {}"#,
        r#"element(<p id="row-{text (x)}-{text (y)}"></p>)"#,
    );
    check_split(
        "p.a.(x) #(y) title=(z) {}",
        r#"element(<p class="a {text (x)}" id="{text (y)}" title="{text (z)}"></p>)"#,
    );
}

#[test]
fn control_flow_in_a_value_is_one_text() {
    check_split(
        r#"p class={ "a " @if x { "b" (y) { "c" } "d" } " e" } {}"#,
        r#"element(<p class="a {text if x  "b" (y) "cd" else nothing} e"></p>)"#,
    );
    check_split(
        r#"p title={ @for x in y { (x) "," } } {}"#,
        r#"element(<p title="{text for x in y  (x) ","}"></p>)"#,
    );
    check_split(
        "p title={ @let x = 1; (x) } {}",
        r#"element(<p title="{scope}{let x = 1 ;}{text (x)}"></p>{end})"#,
    );
}

#[test]
fn what_comes_and_goes_in_a_tag_is_one_text() {
    check_split(
        "input disabled[x] value=[y];",
        r#"element(<input{text [x] " disabled"}{text value=[y]}>)"#,
    );
    check_split(
        "p.a[x].b.(c)[y] {}",
        r#"element(<p class="b{text [x] " a"}{text [y] " " (c)}"></p>)"#,
    );
    check_split("p.a[x] {}", r#"element(<p class="{text [x] "a"}"></p>)"#);
}

#[test]
fn an_event_is_one_place_with_its_attributes() {
    check_split(
        r#"p phx-click=(x) phx-blur=[y] phx-focus="z" phx-value-a=(b) {}"#,
        r#"element(<p{bind phx-click x}{bind phx-blur [y]} phx-focus="z" phx-value-a="{text (b)}"></p>)"#,
    );
    check_split(
        r#"p phx-click={ "a" (x) } {}"#,
        r#"element(<p phx-click="a{text (x)}"></p>)"#,
    );
}

#[test]
fn each_body_is_a_template_of_its_own() {
    check_split(
        r#"@if a { "1" } @else if b { i {} } @else { (c) }"#,
        "fragment({if a fragment(1) else if b element(<i></i>) else fragment({c})})",
    );
    check_split(
        r#"p { @match a { 1 => "x", _ => { b { (c) } } } }"#,
        "element(<p>{match a 1=>fragment(x) _=>element(<b>{c}</b>)}</p>)",
    );
    check_split(
        r#"@for x in y key=(x.id) { li { (x) } } @while z { "w" }"#,
        "fragment({for x in y by x . id element(<li>{x}</li>)}{while z fragment(w)})",
    );
}

#[test]
fn a_block_with_a_binding_is_a_scope_but_no_template() {
    check_split(
        r#""a" { @let x = 1; "b" (x) "c" } "d" (x)"#,
        "fragment(ab{scope}{let x = 1 ;}{x}cd{end}{x})",
    );
}

#[test]
fn an_address_whose_scheme_the_template_decides_is_a_place_like_any_other() {
    check_split(
        r#"a href={ "/users/" (id) "/edit" } {}"#,
        r#"element(<a href="/users/{text (id)}/edit"></a>)"#,
    );
    check_split(
        r#"a href=@if x { "/a" } @else { "mailto:" (y) } {}"#,
        r#"element(<a href="{text if x  "/a" else  "mailto:" (y)}"></a>)"#,
    );
    check_split(
        r#"img alt=(x) src={ "https://" (host) }; p title=(x) {}"#,
        r#"fragment(<img alt="{text (x)}" src="https://{text (host)}"><p title="{text (x)}"></p>)"#,
    );
    check_split(
        r#"meta name="x" content=(x);"#,
        r#"element(<meta name="x" content="{text (x)}">)"#,
    );
}

#[test]
fn any_other_address_is_one_text_that_is_judged() {
    check_split(
        r#"a href=(x) { "b" }"#,
        r#"element(<a href="{text Link( (x) )}">b</a>)"#,
    );
    check_split(
        r#"img src={ "a" (x) ".png" };"#,
        r#"element(<img src="{text Media( "a" (x) ".png" )}">)"#,
    );
    check_split(
        r#"img srcset={ "/a.png 1x, " (x) };"#,
        r#"element(<img srcset="{text Sources( "/a.png 1x, " (x) )}">)"#,
    );
    check_split(
        r#"form action=@if x { (y) } @else { "/" } {}"#,
        r#"element(<form action="{text Link( if x  (y) else  "/" )}"></form>)"#,
    );
}
