//! What is wrong with the attributes of an element.

use super::{
    Attribute, Diagnostic, Diagnostics, Element, Literal, Markup, Place, Value, wrong_name,
};
use crate::names::constant;
use crate::nearest::nearest;
use crate::phx;
use crate::stream::has_id;
use crate::url::{Follower, normalized};

/// Elements with a `value` of their own, if only an empty one.
const VALUED: &[&str] = &[
    "button", "data", "input", "li", "meter", "option", "output", "progress", "select", "textarea",
];

/// The schemes whose addresses are code.
const SCRIPTS: &[&str] = &["javascript:", "vbscript:"];

pub(super) fn check(element: &Element, diagnostics: &mut Diagnostics) {
    duplicates(element, diagnostics);
    let follower = Follower::of(element);
    for attribute in &element.attributes {
        let Attribute::Named { name, value } = attribute else {
            continue;
        };
        let wrong = wrong_name(name, "attribute")
            .or_else(|| unknown_binding(name))
            .or_else(|| overwritten_value(element, name))
            .or_else(|| misplaced_key(element, name))
            .or_else(|| missing_id(element, name))
            .or_else(|| unknown_update(name, value))
            .or_else(|| filled_form(name, value))
            .or_else(|| script_url(&follower, name, value));
        if let Some(diagnostic) = wrong {
            diagnostics.push(diagnostic);
        }
    }
}

/// A browser takes the first of two attributes with the same name.
fn duplicates(element: &Element, diagnostics: &mut Diagnostics) {
    let mut seen: Vec<(String, bool)> = Vec::new();
    for attribute in &element.attributes {
        let (name, place, shorthand) = match attribute {
            Attribute::Class { place, .. } => ("class".to_owned(), *place, true),
            Attribute::Id { place, .. } => ("id".to_owned(), *place, true),
            Attribute::Named { name, .. } => (name.text.to_ascii_lowercase(), name.place, false),
            Attribute::Rest(_) => continue,
        };
        let first = seen.iter().find(|(seen, _)| *seen == name);
        match first {
            // Classes are collected.
            Some((_, true)) if shorthand && name == "class" => {}
            Some((_, was_shorthand)) => {
                diagnostics.push(duplicate(&name, place, shorthand != *was_shorthand));
            }
            None => seen.push((name, shorthand)),
        }
    }
}

fn duplicate(name: &str, place: Place, mixed: bool) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        place,
        format_args!("the attribute `{name}` stands here twice"),
    );
    match name {
        "class" if mixed => diagnostic
            .help("write all classes the same way: `.a.(b).c[d]` or `class={ \"a \" (b) }`"),
        "id" => diagnostic.help("an element has one id"),
        _ => diagnostic.help("a browser takes the first and drops the other"),
    }
}

fn unknown_binding(name: &Literal) -> Option<Diagnostic> {
    if !phx::is_unknown(&name.text) {
        return None;
    }
    let diagnostic = Diagnostic::new(
        name.place,
        format_args!("there is no attribute `{}`", name.text),
    );
    Some(match phx::meant(&name.text) {
        Some(meant) => diagnostic.help(format_args!("did you mean `{meant}`?")),
        None => diagnostic.help("for data of your own write `phx-value-…` or `data-…`"),
    })
}

/// The element's own `value` goes into the same place, after the attribute's
/// (`protocol.md §5.2`).
fn overwritten_value(element: &Element, name: &Literal) -> Option<Diagnostic> {
    let own = element.name.as_ref()?.text.to_ascii_lowercase();
    if name.text != "phx-value-value" || !VALUED.contains(&own.as_str()) {
        return None;
    }
    let diagnostic = Diagnostic::new(
        name.place,
        format_args!("`phx-value-value` never arrives: the `{own}`'s own value replaces it"),
    );
    Some(diagnostic.help("bind a typed event: `phx-click=(Msg::SetTo { value: 0 })`"))
}

fn misplaced_key(element: &Element, name: &Literal) -> Option<Diagnostic> {
    let custom = element
        .name
        .as_ref()
        .is_some_and(|name| name.text.contains('-'));
    (name.text == "key" && !custom).then(|| {
        Diagnostic::new(name.place, "`key` belongs to the `@for`, not to an element")
            .help("write `@for row in rows key=(row.id) { … }`")
    })
}

/// The client finds the element of a hook or of kept content by its id.
fn missing_id(element: &Element, name: &Literal) -> Option<Diagnostic> {
    if !matches!(name.text.as_str(), "phx-hook" | "phx-update") {
        return None;
    }
    (!has_id(element)).then(|| {
        Diagnostic::new(
            name.place,
            format_args!("an element with `{}` needs an id", name.text),
        )
        .help("add `#name` or `id=(…)`, unique on the page")
    })
}

fn unknown_update(name: &Literal, value: &Value) -> Option<Diagnostic> {
    if name.text != "phx-update" {
        return None;
    }
    let Value::Markup(Markup::Literal(update)) = value else {
        return None;
    };
    if phx::UPDATES.contains(&update.text.as_str()) {
        return None;
    }
    let diagnostic = Diagnostic::new(
        update.place,
        format_args!("`phx-update` can't be `{}`", update.text),
    );
    Some(match update.text.as_str() {
        "append" | "prepend" => diagnostic.help("use a stream and `phx-update=\"stream\"`"),
        text => diagnostic
            .maybe_help(
                nearest(text, phx::UPDATES.iter().copied())
                    .map(|near| format!("did you mean `{near}`?")),
            )
            .help("the values are `replace` (as without it), `stream` and `ignore`"),
    })
}

/// An event with a form in it, on what brings the form.
fn filled_form(name: &Literal, value: &Value) -> Option<Diagnostic> {
    if !phx::OF_FORMS.contains(&name.text.as_str()) {
        return None;
    }
    let Value::Markup(Markup::Splice(code)) = value else {
        return None;
    };
    let syn::Expr::Call(call) = &code.expr else {
        return None;
    };
    let syn::Expr::Path(path) = &*call.func else {
        return None;
    };
    let variant = &path.path.segments.last()?.ident;
    let is_variant = variant.to_string().starts_with(char::is_uppercase);
    if path.path.segments.len() < 2 || !is_variant {
        return None;
    }
    let event: Vec<String> = (path.path.segments.iter())
        .map(|segment| segment.ident.to_string())
        .collect();
    let (_, r#enum) = event.split_last()?;
    Some(
        Diagnostic::new(
            Place::of(call),
            format_args!("what `{}` sends, the browser fills in", name.text),
        )
        .help(format_args!(
            "bind the event's name: `{}=({}::{})`",
            name.text,
            r#enum.join("::"),
            constant(variant),
        )),
    )
}

/// A fixed `javascript:` address. What a splice holds is judged at run time.
fn script_url(follower: &Follower, name: &Literal, value: &Value) -> Option<Diagnostic> {
    follower.kind(&name.text)?;
    let Value::Markup(value) = value else {
        return None;
    };
    let (start, script) = first_literals(value).into_iter().find_map(|start| {
        let url = normalized(start);
        let script = SCRIPTS.iter().find(|script| url.starts_with(**script))?;
        Some((start, script))
    })?;
    Some(
        Diagnostic::new(
            start.place,
            format_args!(
                "a `{script}` address is code, which a strict Content-Security-Policy forbids"
            ),
        )
        .help("write `phx-click=(…)` on a `button`, or a hook"),
    )
}

/// The texts that the value may start with, as far as they are fixed.
fn first_literals(value: &Markup) -> Vec<&Literal> {
    match value {
        Markup::Literal(literal) => vec![literal],
        Markup::Block(markups) => first_of(markups),
        Markup::Control(control) => (control.bodies().into_iter())
            .flat_map(|body| first_of(body))
            .collect(),
        _ => Vec::new(),
    }
}

fn first_of(markups: &[Markup]) -> Vec<&Literal> {
    (markups.iter())
        .find(|markup| !matches!(markup, Markup::Nothing | Markup::Let(_)))
        .map(first_literals)
        .unwrap_or_default()
}
