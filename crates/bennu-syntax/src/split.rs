//! Takes a template apart: what never changes becomes static strings, what
//! does becomes steps that fill the places between them. Knows nothing of Rust
//! code beyond where it stands; `expand` writes it.

use syn::Local;

use crate::ast::{Attribute, Body, Code, Control, Element, Literal, Markup, Value};
use crate::phx;
use crate::url::Follower;

pub use crate::url::Url;

/// A template and how its dynamics are filled.
pub struct Template {
    /// One more than the steps that fill a place; escaped.
    pub statics: Vec<String>,
    /// What is done at run time, in order.
    pub steps: Vec<Step>,
    /// Whether the HTML is exactly one element.
    pub element: bool,
}

/// What is done at run time. All but the first two fill one place.
pub enum Step {
    /// `@let`
    Let(Local),
    /// A block with variables of its own.
    Scope(Vec<Self>),
    /// `(value)`
    Splice(Code),
    /// One text, in an attribute or in place of one.
    Text(Vec<Piece>),
    /// An event attribute: `phx-click=(event)`.
    Bind(String, Code),
    /// `phx-click=[event]`
    BindOptional(String, Code),
    /// `..(attributes)`, with the classes that the element has beside.
    Rest(Code, Vec<Piece>),
    /// Control flow over templates.
    Control(Control<Template>),
}

/// A piece of a text that is one dynamic.
pub enum Piece {
    /// Escaped text of the template.
    Raw(String),
    /// `@let`
    Let(Local),
    /// A block with variables of its own.
    Scope(Vec<Self>),
    /// `(value)`
    Splice(Code),
    /// The pieces, if the condition holds.
    Toggle(Code, Vec<Self>),
    /// `title=[option]`: the name, and the option; `href=[option]` is judged.
    Optional(String, Code, Option<Url>),
    /// An address, which is judged as a whole.
    Url(Url, Vec<Self>),
    /// Control flow over pieces.
    Control(Control<Vec<Self>>),
}

/// Splits a template, and those nested in it.
pub fn split(markups: Vec<Markup>) -> Template {
    let element = is_element(&markups);
    let mut splitter = Splitter {
        statics: vec![String::new()],
        steps: Vec::new(),
    };
    splitter.markups(markups, Position::Content);
    Template {
        statics: splitter.statics,
        steps: splitter.steps,
        element,
    }
}

/// Whether the markup is one element and nothing else. Bindings write no HTML.
fn is_element(markups: &[Markup]) -> bool {
    let mut visible = markups
        .iter()
        .filter(|markup| !matches!(markup, Markup::Nothing | Markup::Let(_)));
    match (visible.next(), visible.next()) {
        (Some(Markup::Element(_)), None) => true,
        (Some(Markup::Block(markups)), None) => is_element(markups),
        _ => false,
    }
}

#[derive(Clone, Copy)]
enum Position {
    Content,
    /// In the value of an attribute, where a dynamic is always text.
    Value,
}

struct Splitter {
    /// Invariant: never empty; the last one is still growing.
    statics: Vec<String>,
    steps: Vec<Step>,
}

impl Splitter {
    fn markups(&mut self, markups: Vec<Markup>, position: Position) {
        for markup in markups {
            self.markup(markup, position);
        }
    }

    fn markup(&mut self, markup: Markup, position: Position) {
        match (markup, position) {
            (Markup::Nothing, _) => {}
            (Markup::Literal(literal), _) => self.escaped(&literal.text),
            (Markup::Block(markups), _) => self.block(markups, position),
            (Markup::Element(element), _) => self.element(element),
            (Markup::Let(local), _) => self.steps.push(Step::Let(local)),
            (Markup::Splice(code), Position::Content) => self.dynamic(Step::Splice(code)),
            (Markup::Splice(code), Position::Value) => self.text(vec![Piece::Splice(code)]),
            (Markup::Control(control), Position::Content) => {
                self.dynamic(Step::Control(control.map(split)));
            }
            (Markup::Control(control), Position::Value) => {
                self.text(vec![Piece::Control(control.map(pieces))]);
            }
        }
    }

    fn block(&mut self, markups: Vec<Markup>, position: Position) {
        if !has_bindings(&markups) {
            return self.markups(markups, position);
        }
        let outer = std::mem::take(&mut self.steps);
        self.markups(markups, position);
        let inner = std::mem::replace(&mut self.steps, outer);
        self.steps.push(Step::Scope(inner));
    }

    fn element(&mut self, element: Element) {
        let follower = Follower::of(&element);
        let name = element.name.map_or_else(|| "div".into(), |name| name.text);
        self.raw("<");
        self.escaped(&name);
        self.attributes(element.attributes, &follower);
        self.raw(">");
        if let Body::Block(_, markups) = element.body {
            self.markups(markups, Position::Content);
            self.raw("</");
            self.escaped(&name);
            self.raw(">");
        }
    }

    /// Classes come first, then the id, then the others as written.
    fn attributes(&mut self, attributes: Vec<Attribute>, follower: &Follower) {
        let mut classes = Vec::new();
        let mut toggled = Vec::new();
        let mut ids = Vec::new();
        let mut others = Vec::new();
        // Where code brings attributes, there may be classes among them: all of
        // them make one attribute.
        let has_rest = (attributes.iter()).any(|other| matches!(other, Attribute::Rest(_)));
        for attribute in attributes {
            match attribute {
                Attribute::Named {
                    name,
                    value: Value::Markup(value),
                } if has_rest && name.text == "class" => classes.push(value),
                Attribute::Class {
                    value,
                    toggle: None,
                    ..
                } => classes.push(value),
                Attribute::Class {
                    value,
                    toggle: Some(condition),
                    ..
                } => toggled.push((condition, value)),
                Attribute::Id { value, .. } => ids.push(value),
                other => others.push(other),
            }
        }
        let mut classes = class_pieces(classes, toggled);
        if !has_rest && !classes.is_empty() {
            self.raw(" class=\"");
            for piece in std::mem::take(&mut classes) {
                match piece {
                    Piece::Raw(html) => self.raw(&html),
                    piece => self.text(vec![piece]),
                }
            }
            self.raw("\"");
        }
        for id in ids {
            self.raw(" id=\"");
            self.markup(id, Position::Value);
            self.raw("\"");
        }
        for other in others {
            match other {
                Attribute::Named { name, value } => self.attribute(name, value, follower),
                Attribute::Rest(code) => {
                    self.dynamic(Step::Rest(code, std::mem::take(&mut classes)));
                }
                Attribute::Class { .. } | Attribute::Id { .. } => {}
            }
        }
    }

    fn attribute(&mut self, name: Literal, value: Value, follower: &Follower) {
        let url = match &value {
            Value::Markup(value) => follower.url(&name, Some(value)),
            _ => follower.url(&name, None),
        };
        let name = name.text;
        match value {
            Value::Markup(Markup::Splice(code)) if phx::is_event(&name) => {
                self.dynamic(Step::Bind(name, code));
            }
            Value::Optional(code) if phx::is_event(&name) => {
                self.dynamic(Step::BindOptional(name, code));
            }
            Value::Markup(value) => {
                self.raw(" ");
                self.escaped(&name);
                self.raw("=\"");
                match url {
                    None => self.markup(value, Position::Value),
                    Some(url) => self.text(vec![Piece::Url(url, pieces(vec![value]))]),
                }
                self.raw("\"");
            }
            Value::Empty => {
                self.raw(" ");
                self.escaped(&name);
            }
            Value::Toggled(condition) => {
                // The state of a control: the client knows by the space of its own that
                // the server has a say in it, also while it is off (docs/extensions.md).
                let is_state = matches!(name.as_str(), "checked" | "selected");
                if is_state {
                    self.raw(" ");
                }
                let space = if is_state { "" } else { " " };
                let attribute = Piece::Raw(format!("{space}{}", escaped(&name)));
                self.text(vec![Piece::Toggle(condition, vec![attribute])]);
            }
            Value::Optional(option) => {
                self.text(vec![Piece::Optional(escaped(&name), option, url)]);
            }
        }
    }

    fn raw(&mut self, html: &str) {
        if let Some(last) = self.statics.last_mut() {
            last.push_str(html);
        }
    }

    fn escaped(&mut self, text: &str) {
        self.raw(&escaped(text));
    }

    fn text(&mut self, pieces: Vec<Piece>) {
        self.dynamic(Step::Text(pieces));
    }

    fn dynamic(&mut self, step: Step) {
        self.steps.push(step);
        self.statics.push(String::new());
    }
}

/// Classes that are always there precede those that come and go; each but the
/// first brings the space in front of it.
fn class_pieces(classes: Vec<Markup>, toggled: Vec<(Code, Markup)>) -> Vec<Piece> {
    let mut all = Vec::new();
    for class in classes {
        let mut class = pieces(vec![class]);
        if !all.is_empty() {
            prepend(&mut class, " ");
        }
        all.extend(class);
    }
    for (condition, class) in toggled {
        let mut class = pieces(vec![class]);
        if !all.is_empty() {
            prepend(&mut class, " ");
        }
        all.push(Piece::Toggle(condition, class));
    }
    all
}

/// The pieces of a text; neighbours that are fixed become one.
fn pieces(markups: Vec<Markup>) -> Vec<Piece> {
    let mut all = Vec::new();
    for markup in markups {
        match markup {
            // An element in an attribute value was reported when it was read.
            Markup::Nothing | Markup::Element(_) => {}
            Markup::Literal(literal) => append(&mut all, escaped(&literal.text)),
            Markup::Splice(code) => all.push(Piece::Splice(code)),
            Markup::Block(markups) if has_bindings(&markups) => {
                all.push(Piece::Scope(pieces(markups)));
            }
            Markup::Block(markups) => {
                for piece in pieces(markups) {
                    match piece {
                        Piece::Raw(html) => append(&mut all, html),
                        piece => all.push(piece),
                    }
                }
            }
            Markup::Let(local) => all.push(Piece::Let(local)),
            Markup::Control(control) => all.push(Piece::Control(control.map(pieces))),
        }
    }
    all
}

fn append(pieces: &mut Vec<Piece>, html: String) {
    match pieces.last_mut() {
        Some(Piece::Raw(last)) => last.push_str(&html),
        _ => pieces.push(Piece::Raw(html)),
    }
}

fn prepend(pieces: &mut Vec<Piece>, html: &str) {
    match pieces.first_mut() {
        Some(Piece::Raw(first)) => first.insert_str(0, html),
        _ => pieces.insert(0, Piece::Raw(html.to_owned())),
    }
}

fn has_bindings(markups: &[Markup]) -> bool {
    markups
        .iter()
        .any(|markup| matches!(markup, Markup::Let(_)))
}

/// The same four entities as the core writes at run time.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            char => html.push(char),
        }
    }
    html
}

#[cfg(test)]
mod tests;
