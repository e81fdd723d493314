//! Where each `@for` stands, should a stream turn out to be what it iterates:
//! only the compiler knows types, and only the template knows elements. `expand`
//! hands the one to the other.

use crate::ast::{Attribute, Body, Control, Element, Markup, Stand, Value};

/// Tells each `@for` where it stands.
pub(crate) fn mark(markups: &mut [Markup]) {
    mark_in(markups, true);
}

fn mark_in(markups: &mut [Markup], in_stream: bool) {
    for markup in markups {
        match markup {
            Markup::Nothing | Markup::Literal(_) | Markup::Splice(_) | Markup::Let(_) => {}
            Markup::Block(markups) => mark_in(markups, in_stream),
            Markup::Element(element) => {
                let own = may_be_stream(element);
                if let Body::Block(_, markups) = &mut element.body {
                    mark_in(markups, own);
                }
            }
            Markup::Control(control) => {
                if let Control::For(each) = control {
                    each.stand = Stand {
                        in_stream,
                        has_ids: may_have_ids(&each.body),
                    };
                }
                for body in control.bodies_mut() {
                    mark_in(body, in_stream);
                }
            }
        }
    }
}

fn may_be_stream(element: &Element) -> bool {
    element.attributes.iter().any(|attribute| match attribute {
        Attribute::Named { name, value } if name.text == "phx-update" => match value {
            Value::Markup(Markup::Literal(update)) => update.text == "stream",
            Value::Empty => false,
            Value::Markup(_) | Value::Toggled(_) | Value::Optional(_) => true,
        },
        _ => false,
    })
}

/// A splice or a branch may well be the element.
fn may_have_ids(body: &[Markup]) -> bool {
    body.iter().all(|markup| match markup {
        Markup::Nothing | Markup::Let(_) | Markup::Splice(_) | Markup::Control(_) => true,
        Markup::Literal(literal) => literal.text.trim().is_empty(),
        Markup::Block(markups) => may_have_ids(markups),
        Markup::Element(element) => has_id(element),
    })
}

/// Whether the element has an id, whatever it is.
pub(crate) fn has_id(element: &Element) -> bool {
    element.attributes.iter().any(|attribute| match attribute {
        Attribute::Id { .. } => true,
        Attribute::Named { name, .. } => name.text.eq_ignore_ascii_case("id"),
        Attribute::Class { .. } | Attribute::Rest(_) => false,
    })
}
