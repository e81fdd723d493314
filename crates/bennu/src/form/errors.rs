//! What is wrong with a form, by field.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::quoted::{Line, Unquoted};

/// What is wrong with a form: texts by the name of their field, as in
/// `email` or `address.street`; the empty name is the form as a whole.
///
/// ```
/// let mut errors = bennu::form::Errors::default();
/// errors.add("email", "is taken");
/// assert_eq!(errors.of("email").collect::<Vec<_>>(), ["is taken"]);
/// assert_eq!(errors.to_string(), "email is taken");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors(BTreeMap<String, Vec<Cow<'static, str>>>);

impl Errors {
    /// Adds an error to a field. The text reads on from the field's label, in
    /// small letters and without a full stop: `is taken`.
    pub fn add(&mut self, field: impl Into<String>, text: impl Into<Cow<'static, str>>) {
        self.0.entry(field.into()).or_default().push(text.into());
    }

    /// The errors of one field, in the order they were added.
    pub fn of<'e>(&'e self, field: &str) -> impl Iterator<Item = &'e str> + use<'e> {
        self.0.get(field).into_iter().flatten().map(AsRef::as_ref)
    }

    /// All fields and their errors, sorted by field.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .flat_map(|(field, texts)| texts.iter().map(move |text| (&**field, &**text)))
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// Whether a field has an error, or anything in it.
    pub(super) fn has_within(&self, field: &str) -> bool {
        if field.is_empty() {
            return !self.is_empty();
        }
        let inside = format!("{field}.");
        let mut after = self.0.range(inside.clone()..);
        self.has(field)
            || after
                .next()
                .is_some_and(|(key, _)| key.starts_with(&inside))
    }
}

/// Names may be keys that a browser chose, so they are shortened and escaped.
impl fmt::Display for Errors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (field, text)) in self.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            let space = if field.is_empty() { "" } else { " " };
            let (field, text) = (Unquoted(field), Line(text));
            write!(formatter, "{comma}{field}{space}{text}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Errors {}
