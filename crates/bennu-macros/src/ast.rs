//! What a template says, as it was written: the grammar of maud 0.27 and our
//! additions. `parse` makes it, `check` judges it, `split` takes it apart.

use proc_macro2::Span;
use syn::{Expr, Local, Pat};

use crate::diagnostic::Place;
use crate::stream::Stand;

/// One thing in the content of an element or in the value of an attribute.
pub(crate) enum Markup {
    /// A lone `;`.
    Nothing,
    Literal(Literal),
    Splice(Code),
    /// `{ … }`
    Block(Vec<Self>),
    Element(Element),
    Let(Local),
    Control(Control<Vec<Self>>),
}

/// Fixed text, not escaped yet.
pub(crate) struct Literal {
    pub(crate) text: String,
    pub(crate) place: Place,
}

/// An expression of the user between `( )` or `[ ]`.
pub(crate) struct Code {
    pub(crate) expr: Expr,
    /// The delimiters and all between them.
    pub(crate) span: Span,
}

pub(crate) struct Element {
    /// `None` is the `div` of a shorthand: `.class {}`.
    pub(crate) name: Option<Literal>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) body: Body,
}

pub(crate) enum Body {
    /// `;`
    None(Span),
    /// `{ … }`
    Block(Span, Vec<Markup>),
}

pub(crate) enum Attribute {
    /// `.name`, `.(name)`, `.name[cond]`
    Class {
        place: Place,
        value: Markup,
        toggle: Option<Code>,
    },
    /// `#name`, `#(name)`
    Id {
        place: Place,
        value: Markup,
    },
    Named {
        name: Literal,
        value: Value,
    },
    /// `..(attributes)`
    Rest(Code),
}

/// What follows the name of an attribute.
pub(crate) enum Value {
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
pub(crate) enum Control<B> {
    If(If<B>),
    Match(Match<B>),
    /// Boxed, for it is much larger than the others.
    For(Box<For<B>>),
    While(While<B>),
}

/// `@if … { } @else if … { } @else { }`
pub(crate) struct If<B> {
    pub(crate) branches: Vec<(Expr, B)>,
    pub(crate) otherwise: Option<B>,
}

pub(crate) struct Match<B> {
    pub(crate) scrutinee: Expr,
    pub(crate) arms: Vec<Arm<B>>,
}

pub(crate) struct Arm<B> {
    pub(crate) pattern: Pat,
    pub(crate) guard: Option<Expr>,
    pub(crate) body: B,
}

pub(crate) struct For<B> {
    pub(crate) pattern: Pat,
    pub(crate) iterable: Expr,
    /// `key=(…)`
    pub(crate) key: Option<Code>,
    /// `memo=(…)`
    pub(crate) memo: Option<Code>,
    pub(crate) stand: Stand,
    pub(crate) body: B,
}

pub(crate) struct While<B> {
    pub(crate) condition: Expr,
    pub(crate) body: B,
}

impl<B> Control<B> {
    /// The same control flow over other bodies.
    pub(crate) fn map<C>(self, mut body: impl FnMut(B) -> C) -> Control<C> {
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
    pub(crate) fn bodies(&self) -> Vec<&B> {
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
    pub(crate) fn bodies_mut(&mut self) -> Vec<&mut B> {
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
