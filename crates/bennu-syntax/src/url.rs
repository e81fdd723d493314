//! Which attributes a browser follows, in which element, and whether the scheme
//! of their value is fixed by the template. What isn't is judged at run time, by
//! the core's `UrlKind`, whose variants this names.

use proc_macro2::Span;

use crate::ast::{Attribute, Control, Element, Literal, Markup, Value};

/// What is known of an element when its attributes are written.
pub(crate) struct Follower {
    /// In lower case.
    element: String,
    /// Whether it is a `meta` whose `content` might be a refresh.
    refreshes: bool,
    /// Whether it is an animation that might set a link.
    animates: bool,
}

/// An address in a template whose scheme is judged at run time.
pub struct Url {
    /// A variant of `UrlKind`.
    pub kind: &'static str,
    /// The element's name, in lower case.
    pub element: String,
    /// The attribute's name.
    pub attribute: String,
    /// Where the attribute's name begins.
    pub span: Span,
}

impl Follower {
    pub(crate) fn of(element: &Element) -> Self {
        let name = element.name.as_ref().map_or("div", |name| &name.text);
        let name = name.to_ascii_lowercase();
        let might_be = |attribute: &str, wanted: &[&str]| might_be(element, attribute, wanted);
        Self {
            refreshes: name == "meta" && might_be("http-equiv", &["refresh"]),
            animates: matches!(name.as_str(), "animate" | "set")
                && might_be("attributename", &["href", "xlink:href"]),
            element: name,
        }
    }

    /// The variant of `UrlKind` for an attribute, if a browser follows it.
    pub(crate) fn kind(&self, attribute: &str) -> Option<&'static str> {
        let element = self.element.as_str();
        Some(match attribute.to_ascii_lowercase().as_str() {
            "href" | "xlink:href" => match element {
                "image" | "feimage" | "link" => "Media",
                _ => "Link",
            },
            "src" => match element {
                "embed" | "frame" | "iframe" | "script" => "Link",
                "audio" | "img" | "input" | "source" | "track" | "video" => "Media",
                _ => "Raster",
            },
            "action" | "formaction" => "Link",
            "data" if element == "object" => "Link",
            "poster" | "background" => "Media",
            "srcset" | "imagesrcset" => "Sources",
            "ping" => "Links",
            "content" if self.refreshes => "Refresh",
            "by" | "from" | "to" | "values" if self.animates => "Steps",
            _ => return None,
        })
    }

    /// The address in an attribute, if it is judged at run time.
    pub(crate) fn url(&self, attribute: &Literal, value: Option<&Markup>) -> Option<Url> {
        let kind = self.kind(&attribute.text)?;
        let is_one = matches!(kind, "Link" | "Media" | "Raster");
        let is_fixed = value.is_some_and(|value| is_fixed(&[value], is_one));
        (!is_fixed).then(|| Url {
            kind,
            element: self.element.clone(),
            attribute: attribute.text.clone(),
            span: attribute.place.start(),
        })
    }
}

/// Whether an attribute might have one of these values.
fn might_be(element: &Element, attribute: &str, wanted: &[&str]) -> bool {
    let mut has_rest = false;
    for own in &element.attributes {
        match own {
            Attribute::Named { name, value } if name.text.eq_ignore_ascii_case(attribute) => {
                let Value::Markup(Markup::Literal(literal)) = value else {
                    return true;
                };
                let value = literal.text.trim();
                return wanted.iter().any(|one| value.eq_ignore_ascii_case(one));
            }
            Attribute::Rest(_) => has_rest = true,
            _ => {}
        }
    }
    has_rest
}

/// Whether the template alone decides about the scheme; about all schemes, where
/// the value isn't one address.
fn is_fixed(markups: &[&Markup], is_one: bool) -> bool {
    let mut pieces = Vec::new();
    flatten(markups, &mut pieces);
    let is_literal = |piece: &&Markup| matches!(piece, Markup::Literal(_));
    if pieces.iter().all(is_literal) {
        return true;
    }
    match pieces.as_slice() {
        [Markup::Literal(first), ..] => is_one && decides(first),
        [Markup::Control(control @ (Control::If(_) | Control::Match(_)))] => {
            (control.bodies().into_iter())
                .all(|body| is_fixed(&body.iter().collect::<Vec<_>>(), is_one))
        }
        _ => false,
    }
}

/// What is visible, without blocks.
fn flatten<'m>(markups: &[&'m Markup], pieces: &mut Vec<&'m Markup>) {
    for markup in markups {
        match markup {
            Markup::Nothing | Markup::Let(_) => {}
            Markup::Block(markups) => flatten(&markups.iter().collect::<Vec<_>>(), pieces),
            piece => pieces.push(piece),
        }
    }
}

/// Whether nothing behind the literal can change the scheme: there is one, or
/// there can be none.
fn decides(literal: &Literal) -> bool {
    let text = normalized(literal);
    let in_scheme = |char: char| char.is_ascii_alphanumeric() || "+-.".contains(char);
    let begins = text.starts_with(|char: char| char.is_ascii_alphabetic());
    !text.is_empty() && (!begins || !text.chars().all(in_scheme))
}

/// A literal at the beginning of an address as browsers read it: they skip
/// blanks in front, and line breaks anywhere.
pub(crate) fn normalized(literal: &Literal) -> String {
    literal
        .text
        .trim_start_matches(|char: char| char <= ' ')
        .chars()
        .filter(|char| !matches!(char, '\t' | '\n' | '\r'))
        .flat_map(char::to_lowercase)
        .collect()
}
