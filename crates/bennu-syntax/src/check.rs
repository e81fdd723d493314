//! What can be read and is still wrong: bodies of void elements, attributes
//! that no browser or client would understand. Where code may leave a loop is
//! judged in `jump`.

mod attribute;

use crate::ast::{Attribute, Body, Control, Element, Literal, Markup, Value};
use crate::diagnostic::{Diagnostic, Diagnostics, Place};

/// Elements that have no content, with those that only old pages know.
const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
    "keygen", "link", "meta", "param", "source", "track", "wbr",
];

pub(crate) fn is_void(name: &str) -> bool {
    VOID.iter().any(|void| name.eq_ignore_ascii_case(void))
}

/// Reports what is wrong in a template.
pub(crate) fn check(markups: &[Markup], diagnostics: &mut Diagnostics) {
    for markup in markups {
        match markup {
            Markup::Nothing | Markup::Literal(_) | Markup::Splice(_) | Markup::Let(_) => {}
            Markup::Block(markups) => check(markups, diagnostics),
            Markup::Element(element) => check_element(element, diagnostics),
            Markup::Control(control) => check_control(control, diagnostics),
        }
    }
}

fn check_control(control: &Control<Vec<Markup>>, diagnostics: &mut Diagnostics) {
    for body in control.bodies() {
        check(body, diagnostics);
    }
}

fn check_element(element: &Element, diagnostics: &mut Diagnostics) {
    if let Some(name) = &element.name
        && let Some(diagnostic) = wrong_name(name, "element")
    {
        diagnostics.push(diagnostic);
    }
    attribute::check(element, diagnostics);
    check_body(element, diagnostics);
    if let Body::Block(_, markups) = &element.body {
        check(markups, diagnostics);
    }
}

fn check_body(element: &Element, diagnostics: &mut Diagnostics) {
    let name = element.name.as_ref().map_or("div", |name| &name.text);
    match element.body {
        Body::Block(span, _) if is_void(name) => diagnostics.push(
            Diagnostic::new(span, format_args!("`{name}` has no content"))
                .help(format_args!("write `{name};`")),
        ),
        Body::None(span) if !is_void(name) => {
            let place = element
                .name
                .as_ref()
                .map_or_else(|| span.into(), |name| name.place);
            diagnostics.push(
                Diagnostic::new(
                    place.to(span),
                    format_args!("`{name}` would never be closed"),
                )
                .help("write `{}` in place of `;`: only elements without content, as `br`, end with it"),
            );
        }
        _ => {}
    }
}

/// Characters that end a name in HTML; what follows them would be something
/// else than the author wrote.
fn wrong_name(name: &Literal, what: &str) -> Option<Diagnostic> {
    let wrong = |char: char| {
        char.is_whitespace()
            || char.is_control()
            || matches!(char, '"' | '\'' | '<' | '>' | '/' | '=')
    };
    if name.text.is_empty() {
        return Some(Diagnostic::new(
            name.place,
            format_args!("the name of an {what} is empty"),
        ));
    }
    let char = name.text.chars().find(|&char| wrong(char))?;
    Some(
        Diagnostic::new(
            name.place,
            format_args!("{char:?} can't stand in the name of an {what}"),
        )
        .help(format_args!(
            "text goes into braces: `{{ {:?} }}`",
            name.text
        )),
    )
}
