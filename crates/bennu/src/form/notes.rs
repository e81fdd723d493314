//! What decoding found out so far. One run of serde stops at the first error
//! that it can't step over, so a form is decoded several times, each time with
//! the [`Notes`] of the runs before:
//!
//! - A leaf that doesn't parse is noted, and a stand-in goes on in its place.
//! - A field that is absent can't be handed in at once, because it might have
//!   a default. serde asks for it at the end of its struct; then it is noted,
//!   and the next run hands it in as an absent value: an unchecked checkbox is
//!   `false`, other kinds are required.
//! - A type that refuses its value ends the run. It is noted as settled, and
//!   comes last among its neighbours in the next run.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::{self, Display};

use serde::de;
use serde_json::Value;

use super::errors::Errors;
use super::known::Known;
use super::leaf::{NOT_CHOICE, REQUIRED};
use super::path::Path;
use crate::quoted::{Line, Unquoted};

/// What came for one place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Input<'de> {
    /// Nothing, or `null`.
    Absent,
    Text(&'de str),
    /// Anything but `null`.
    Value(&'de Value),
}

impl<'de> From<Option<&'de Value>> for Input<'de> {
    fn from(value: Option<&'de Value>) -> Self {
        match value {
            None | Some(Value::Null) => Self::Absent,
            Some(Value::String(text)) => Self::Text(text),
            Some(value) => Self::Value(value),
        }
    }
}

impl Input<'_> {
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Value(_) => false,
        }
    }
}

/// Of which kind it is, for errors: these are logged, and the value may be a
/// password.
impl Display for Input<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => formatter.write_str("nothing"),
            Self::Text(_) if self.is_blank() => formatter.write_str("an empty text"),
            Self::Text(_) | Self::Value(Value::String(_)) => formatter.write_str("a text"),
            Self::Value(Value::Array(_)) => formatter.write_str("a list"),
            Self::Value(Value::Object(_)) => formatter.write_str("a group of fields"),
            Self::Value(Value::Number(_)) => formatter.write_str("a number"),
            Self::Value(Value::Bool(_) | Value::Null) => formatter.write_str("a boolean"),
        }
    }
}

/// Why a run, or a part of it, ended without a value.
#[derive(Debug)]
pub(super) enum Failure {
    /// A type refused what it was given.
    Refused(Cow<'static, str>),
    /// A struct has no value for this field.
    Missing(&'static str),
    /// It is noted already. With `more`, another run can find out more here.
    Noted { more: bool },
}

impl de::Error for Failure {
    fn custom<T: Display>(text: T) -> Self {
        Self::Refused(text.to_string().into())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::Refused(NOT_CHOICE.into())
    }
}

impl Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(text) => formatter.write_str(text),
            Self::Missing(field) => write!(formatter, "{field} {REQUIRED}"),
            Self::Noted { .. } => formatter.write_str("it could not be read"),
        }
    }
}

impl std::error::Error for Failure {}

/// Whether an error of an application's type repeats the value that it refused.
fn repeats(error: &str, input: Input<'_>) -> bool {
    // Longer than what anybody writes: it quotes something.
    const LONGEST: usize = 200;
    fn holds(error: &str, value: &Value) -> bool {
        match value {
            Value::Null | Value::Bool(_) => false,
            Value::Number(number) => error.contains(&number.to_string()),
            Value::String(text) => holds_text(error, text),
            Value::Array(items) => items.iter().any(|item| holds(error, item)),
            Value::Object(map) => map.values().any(|value| holds(error, value)),
        }
    }
    fn holds_text(error: &str, text: &str) -> bool {
        !text.trim().is_empty() && error.contains(text.trim())
    }
    error.len() > LONGEST
        || match input {
            Input::Absent => false,
            Input::Text(text) => holds_text(error, text),
            Input::Value(value) => holds(error, value),
        }
}

/// What the runs found out. Everything in it only grows, and a run that adds
/// nothing is the last.
#[derive(Debug, Default)]
pub(super) struct Notes(RefCell<Inner>);

#[derive(Debug, Default)]
struct Inner {
    errors: Errors,
    /// The first error in the order of decoding, with what kind of value came.
    first: Option<String>,
    /// Fields that must be handed in when they are absent, by the pattern of
    /// their struct.
    absent: BTreeSet<(String, &'static str)>,
    /// Places that can only fail, and about which no more can be found out.
    settled: BTreeSet<String>,
    known: Known,
}

impl Notes {
    pub(super) fn into_parts(self) -> (Errors, Option<String>) {
        let Inner { errors, first, .. } = self.0.into_inner();
        (errors, first)
    }

    /// Notes the fields of a struct, in debug builds.
    pub(super) fn knows(
        &self,
        path: &Path<'_>,
        name: &'static str,
        fields: &'static [&'static str],
    ) {
        if cfg!(debug_assertions) {
            self.0.borrow_mut().known.add(path, name, fields);
        }
    }

    pub(super) fn take_known(&self) -> Known {
        std::mem::take(&mut self.0.borrow_mut().known)
    }

    pub(super) fn found_errors(&self) -> bool {
        !self.0.borrow().errors.is_empty()
    }

    pub(super) fn settled_places(&self) -> usize {
        self.0.borrow().settled.len()
    }

    /// Notes an error, one for a place.
    pub(super) fn error(&self, path: &Path<'_>, input: Input<'_>, text: Cow<'static, str>) {
        let logged = text.clone();
        self.note(path, input, text, &logged);
    }

    /// Notes an error with the words that may be logged.
    fn note(&self, path: &Path<'_>, input: Input<'_>, text: Cow<'static, str>, logged: &str) {
        let field = path.dotted();
        let inner = &mut *self.0.borrow_mut();
        if inner.errors.has(&field) {
            return;
        }
        inner.first.get_or_insert_with(|| {
            let colon = if field.is_empty() { "" } else { ": " };
            let (field, logged) = (Unquoted(&field), Line(logged));
            format!("{field}{colon}{logged}, but {input} came")
        });
        inner.errors.add(field, text);
    }

    /// Notes why a place has no value; true if another run can find out more.
    pub(super) fn fail(&self, path: &Path<'_>, input: Input<'_>, failure: Failure) -> bool {
        match failure {
            Failure::Noted { more } => return more,
            Failure::Missing(field) => {
                let key = super::path::Key::Field(field);
                let parent = Some(path);
                self.error(&Path { parent, key }, Input::Absent, REQUIRED.into());
            }
            Failure::Refused(text) => {
                // A stand-in within it may be what it refused.
                let noted = self.0.borrow().errors.has_within(&path.dotted());
                if !noted {
                    let text = if input.is_blank() {
                        REQUIRED.into()
                    } else {
                        text
                    };
                    // What is borrowed was written before any value came.
                    let is_made = matches!(text, Cow::Owned(_));
                    let logged = match is_made && repeats(&text, input) {
                        true => "is refused by its type".into(),
                        false => text.clone(),
                    };
                    self.note(path, input, text, &logged);
                }
            }
        }
        false
    }

    /// Notes that a struct needs this field; false if that was known.
    pub(super) fn needs(&self, path: &Path<'_>, field: &'static str) -> bool {
        let needed = (path.pattern(), field);
        self.0.borrow_mut().absent.insert(needed)
    }

    /// The fields that the struct at this place is known to need.
    pub(super) fn needed(&self, path: &Path<'_>, fields: &[&'static str]) -> Vec<&'static str> {
        let inner = self.0.borrow();
        if inner.absent.is_empty() {
            return Vec::new();
        }
        let pattern = path.pattern();
        let known = |field: &&'static str| inner.absent.contains(&(pattern.clone(), *field));
        fields.iter().copied().filter(known).collect()
    }

    pub(super) fn settle(&self, path: &Path<'_>) {
        self.0.borrow_mut().settled.insert(path.dotted());
    }

    pub(super) fn is_settled(&self, path: &Path<'_>) -> bool {
        let inner = self.0.borrow();
        !inner.settled.is_empty() && inner.settled.contains(&path.dotted())
    }
}
