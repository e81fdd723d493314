//! What a template says, as it was written: the grammar of maud 0.27 and our
//! additions. `parse` makes it, `check` judges it, `split` takes it apart.

use proc_macro2::Span;
use syn::{Expr, Local, Pat};

use crate::diagnostic::Place;

/// One thing in the content of an element or in the value of an attribute.
pub enum Markup {
    /// A lone `;`.
    Nothing,
    /// `"text"`
    Literal(Literal),
    /// `(value)`
    Splice(Code),
    /// `{ … }`
    Block(Vec<Self>),
    /// `p.class { … }`
    Element(Element),
    /// `@let x = …;`
    Let(Local),
    /// `@if`, `@match`, `@for`, `@while`
    Control(Control<Vec<Self>>),
}

/// Fixed text, not escaped yet.
pub struct Literal {
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// An expression of the user between `( )` or `[ ]`.
pub struct Code {
    /// What is between the delimiters.
    pub expr: Expr,
    /// The delimiters and all between them.
    pub span: Span,
}

/// An element: its name, its attributes and what is in it.
pub struct Element {
    /// `None` is the `div` of a shorthand: `.class {}`.
    pub name: Option<Literal>,
    /// Its attributes, as they were written.
    pub attributes: Vec<Attribute>,
    /// Its content.
    pub body: Body,
}

/// The content of an element.
pub enum Body {
    /// `;`
    None(Span),
    /// `{ … }`
    Block(Span, Vec<Markup>),
}

/// What stands between an element's name and its body.
pub enum Attribute {
    /// `.name`, `.(name)`, `.name[cond]`
    Class {
        /// Where it stands.
        place: Place,
        /// The class.
        value: Markup,
        /// The condition under which the element has it.
        toggle: Option<Code>,
    },
    /// `#name`, `#(name)`
    Id {
        /// Where it stands.
        place: Place,
        /// The id.
        value: Markup,
    },
    /// `name`, `name=…`, `name[cond]`
    Named {
        /// Its name.
        name: Literal,
        /// What follows the name.
        value: Value,
    },
    /// `..(attributes)`
    Rest(Code),
}

/// What follows the name of an attribute.
pub enum Value {
    /// `checked`
    Empty,
    /// `checked[cond]`
    Toggled(Code),
    /// `title="…"`, `title=(…)`, `title={ … }`, `title=@if … { … }`
    Markup(Markup),
    /// `title=[option]`
    Optional(Code),
}

/// Control flow over bodies: lists of markup here, templates or pieces of text
/// after the split.
pub enum Control<B> {
    /// `@if`
    If(If<B>),
    /// `@match`
    Match(Match<B>),
    /// `@for`, boxed: it is much larger than the others.
    For(Box<For<B>>),
    /// `@while`
    While(While<B>),
}

/// `@if … { } @else if … { } @else { }`
pub struct If<B> {
    /// Each condition with its body.
    pub branches: Vec<(Expr, B)>,
    /// The body of `@else`.
    pub otherwise: Option<B>,
}

/// `@match … { … => … }`
pub struct Match<B> {
    /// What is matched.
    pub scrutinee: Expr,
    /// Its arms.
    pub arms: Vec<Arm<B>>,
}

/// `pattern if guard => body`
pub struct Arm<B> {
    /// What it matches.
    pub pattern: Pat,
    /// What has to hold beside.
    pub guard: Option<Expr>,
    /// What it shows.
    pub body: B,
}

/// `@for pattern in iterable key=(…) memo=(…) { … }`
pub struct For<B> {
    /// What each entry is bound to.
    pub pattern: Pat,
    /// What it goes through.
    pub iterable: Expr,
    /// `key=(…)`
    pub key: Option<Code>,
    /// `memo=(…)`
    pub memo: Option<Code>,
    /// Where it stands.
    pub stand: Stand,
    /// What each entry shows.
    pub body: B,
}

/// `@while condition { … }`
pub struct While<B> {
    /// The condition.
    pub condition: Expr,
    /// What each round shows.
    pub body: B,
}

impl<B> Control<B> {
    /// The same control flow over other bodies.
    pub fn map<C>(self, mut body: impl FnMut(B) -> C) -> Control<C> {
        match self {
            Self::If(If {
                branches,
                otherwise,
            }) => Control::If(If {
                branches: branches
                    .into_iter()
                    .map(|(condition, branch)| (condition, body(branch)))
                    .collect(),
                otherwise: otherwise.map(body),
            }),
            Self::Match(Match { scrutinee, arms }) => Control::Match(Match {
                scrutinee,
                arms: arms
                    .into_iter()
                    .map(|arm| Arm {
                        pattern: arm.pattern,
                        guard: arm.guard,
                        body: body(arm.body),
                    })
                    .collect(),
            }),
            Self::For(each) => Control::For(Box::new(For {
                pattern: each.pattern,
                iterable: each.iterable,
                key: each.key,
                memo: each.memo,
                stand: each.stand,
                body: body(each.body),
            })),
            Self::While(each) => Control::While(While {
                condition: each.condition,
                body: body(each.body),
            }),
        }
    }

    /// All bodies, in the order they were written.
    pub fn bodies(&self) -> Vec<&B> {
        match self {
            Self::If(If {
                branches,
                otherwise,
            }) => branches
                .iter()
                .map(|(_, body)| body)
                .chain(otherwise)
                .collect(),
            Self::Match(Match { arms, .. }) => arms.iter().map(|arm| &arm.body).collect(),
            Self::For(each) => vec![&each.body],
            Self::While(each) => vec![&each.body],
        }
    }

    /// All bodies, in the order they were written.
    pub fn bodies_mut(&mut self) -> Vec<&mut B> {
        match self {
            Self::If(If {
                branches,
                otherwise,
            }) => branches
                .iter_mut()
                .map(|(_, body)| body)
                .chain(otherwise)
                .collect(),
            Self::Match(Match { arms, .. }) => arms.iter_mut().map(|arm| &mut arm.body).collect(),
            Self::For(each) => vec![&mut each.body],
            Self::While(each) => vec![&mut each.body],
        }
    }
}

/// What a stream's `@for` needs (`protocol.md §4.7`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Whether the element around has `phx-update="stream"`, as far as this
    /// template shows.
    pub in_stream: bool,
    /// Whether each entry is an element with an id, as far as this template
    /// shows.
    pub has_ids: bool,
}

impl Default for Stand {
    /// The element around may be that of another template.
    fn default() -> Self {
        Self {
            in_stream: true,
            has_ids: true,
        }
    }
}
