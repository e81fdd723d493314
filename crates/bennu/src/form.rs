//! Forms: what was typed, the value that it means, and what is wrong with it.
//!
#![doc = include_str!("form/guide.md")]

mod control;
mod decode;
mod decoder;
mod encoded;
mod errors;
mod field;
#[cfg(feature = "garde")]
mod garde;
mod group;
mod known;
mod leaf;
mod list;
mod name;
mod notes;
mod order;
mod path;
mod typed;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use bennu_macros::FormFields;
pub use control::{Checkbox, Checkboxes, Control, Radios, Select, Text, TextArea};
pub(crate) use decode::{decode, decode_field};
pub(crate) use encoded::{no_fields, parse_form};
pub use errors::Errors;
pub use field::Field;
pub use list::{Entry, List, ListButton};
pub use name::FieldName;
use typed::Typed;

/// What our client and Phoenix's put before the name of an unused field.
const UNUSED: &str = "_unused_";
/// The name by which a [`Form`] makes itself known to our deserializer, to get
/// the name of its place along with the values.
const FORM: &str = "$bennu::Form";

/// A form for a `T`: the values as they were typed, the `T` if they parse, and
/// the errors of each field.
///
/// Fields are named as serde names them; a dot goes into a nested struct, list
/// or map: `address.street`, `items.0.price`. [`FormFields`] makes the names
/// constants; a name that the type doesn't have is logged once by debug builds,
/// which show it in place of the field's errors. See the [module](self) for the
/// whole picture.
#[derive(Clone)]
pub struct Form<T> {
    typed: Typed,
    /// What was parsed, whatever the rules say about it.
    value: Option<T>,
}

impl<T: DeserializeOwned> Form<T> {
    /// An empty form. Nothing in it is used, so it shows no errors.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Typed::default())
    }

    /// A form that shows a value, to edit it: a `T`, or anything else that
    /// serializes to fields of the same names. What it doesn't serialize (a
    /// password, say) is empty.
    ///
    /// ```
    /// # use bennu::form::Form;
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Profile { name: String, age: Option<u8> }
    ///
    /// let form: Form<Profile> = Form::filled(&Profile { name: "Ada".into(), age: None });
    /// assert_eq!(form.raw("name"), "Ada");
    /// assert_eq!(form.raw("age"), "");
    /// ```
    #[must_use]
    pub fn filled(from: &impl Serialize) -> Self {
        match serde_json::to_value(from) {
            Ok(raw) => Self::of(Typed::filled(raw)),
            Err(error) => {
                let mut form = Self::new();
                form.add_error("", error.to_string());
                form
            }
        }
    }

    /// A form from the encoding that browsers post, as in a request's body or
    /// a test. Names have no prefix.
    #[must_use]
    pub fn parse(encoded: &str) -> Self {
        Self::of(Typed::sent(parse_form(encoded)))
    }

    /// Puts the inputs' names into a group: in a form named `user` the input
    /// of `email` is `user[email]`. A form that comes in an event's field has
    /// the name of that field.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.typed.name = name.into();
        self
    }

    fn of(mut typed: Typed) -> Self {
        let (value, known) = decode::decode_all(&typed.raw);
        typed.known = known;
        let value = match value {
            Ok(value) => Some(value),
            Err(errors) => {
                typed.errors = errors;
                None
            }
        };
        Self { typed, value }
    }
}

impl<T> Form<T> {
    /// The value, if it parsed and nothing is wrong with it.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        self.result().ok()
    }

    /// The value, or everything that is wrong, whether it shows or not.
    ///
    /// # Errors
    /// When a field didn't parse, or a rule or [`add_error`](Self::add_error)
    /// added an error.
    pub fn result(&self) -> Result<&T, &Errors> {
        match &self.value {
            Some(value) if self.typed.errors.is_empty() => Ok(value),
            _ => Err(&self.typed.errors),
        }
    }

    /// Whether it parsed and nothing is wrong with it.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.result().is_ok()
    }

    /// The text of a field as it was typed; empty when none came.
    #[must_use]
    pub fn raw(&self, field: &str) -> &str {
        self.typed.check(field);
        self.typed.raw(field)
    }

    /// The errors to show at a field; none while it is unused.
    pub fn errors<'f>(&'f self, field: &str) -> impl Iterator<Item = &'f str> + use<'f, T> {
        self.typed.shown(field)
    }

    /// Whether a person came to this field, or submitted the form.
    #[must_use]
    pub fn is_used(&self, field: &str) -> bool {
        self.typed.check(field);
        self.typed.is_used(field)
    }

    /// The `name` of a field's input.
    #[must_use]
    pub fn name(&self, field: &str) -> String {
        self.typed.check(field);
        self.typed.input_name(field)
    }

    /// The `id` of a field's input: `user_email`. In the template of a component
    /// it begins with the component's type and id, so that two of them can have
    /// the same form: `Editor-7_user_email`. Two forms of one view are told apart
    /// by their [names](Self::named).
    #[must_use]
    pub fn id(&self, field: &str) -> String {
        path::input_id(&self.name(field))
    }

    /// All of these for one field, to be handed to a function that renders an
    /// input.
    #[must_use]
    pub fn field<'f>(&'f self, field: impl Into<Cow<'f, str>>) -> Field<'f> {
        Field::new(&self.typed, field.into())
    }

    /// A field that is a list of groups, with what adds, moves and removes
    /// them.
    #[must_use]
    pub fn list<'f>(&'f self, field: impl Into<Cow<'f, str>>) -> List<'f> {
        self.field(field).list()
    }

    /// Adds an error that nothing in the form shows, such as an e-mail address
    /// that the database has already. The empty name is the form as a whole.
    pub fn add_error(
        &mut self,
        field: impl Into<String>,
        text: impl Into<Cow<'static, str>>,
    ) -> &mut Self {
        let field = field.into();
        self.typed.check(&field);
        self.typed.errors.add(field, text);
        self
    }

    /// Adds `is required` to those of these fields that are blank and have no
    /// error yet. A `String` parses from an empty text; numbers, choices and
    /// dates need no such rule.
    pub fn require<'n>(&mut self, fields: impl IntoIterator<Item = &'n str>) -> &mut Self {
        for field in fields {
            self.typed.check(field);
            if self.typed.is_blank(field) && !self.typed.errors.has(field) {
                self.typed.errors.add(field, leaf::REQUIRED);
            }
        }
        self
    }

    /// Checks one field, also while others don't parse yet. The rule doesn't
    /// run while the field itself doesn't parse as an `F`; for an optional
    /// field that is an `Option`.
    pub fn rule<F: DeserializeOwned, E: Into<Cow<'static, str>>>(
        &mut self,
        field: &str,
        rule: impl FnOnce(F) -> Result<(), E>,
    ) -> &mut Self {
        self.typed.check(field);
        if let Ok(value) = decode_field(field, self.typed.find(field))
            && let Err(text) = rule(value)
        {
            self.typed.errors.add(field, text);
        }
        self
    }

    /// Checks the value as a whole, for rules on several fields. They run only
    /// when every field parsed; [`rule`](Self::rule) is for single fields.
    pub fn validate(&mut self, rules: impl FnOnce(&T, &mut Errors)) -> &mut Self {
        if let Some(value) = &self.value {
            rules(value, &mut self.typed.errors);
        }
        self
    }
}

impl<T: DeserializeOwned> Default for Form<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows no values: there may be a password among them.
impl<T> fmt::Debug for Form<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Form")
            .field("name", &self.typed.name)
            .field("parsed", &self.value.is_some())
            .field("errors", &self.typed.errors)
            .finish_non_exhaustive()
    }
}

/// Reads whatever fields there are: values that make no `T` are no error, but
/// errors in the form.
impl<'de, T: DeserializeOwned> Deserialize<'de> for Form<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(FORM, FormVisitor(PhantomData))
    }
}

struct FormVisitor<T>(PhantomData<fn() -> T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for FormVisitor<T> {
    type Value = Form<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the fields of a form")
    }

    /// From our deserializer: the name and the values.
    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Form<T>, A::Error> {
        let name: Option<String> = parts.next_element()?;
        let raw: Option<Value> = parts.next_element()?;
        let Some(raw @ (Value::Object(_) | Value::Null)) = raw else {
            return Err(A::Error::custom(leaf::NOT_GROUP));
        };
        encoded::check(&raw).map_err(A::Error::custom)?;
        Ok(Form::of(Typed::sent(raw)).named(name.unwrap_or_default()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Form<T>, A::Error> {
        let map = serde::de::value::MapAccessDeserializer::new(map);
        Ok(Form::of(Typed::sent(Value::deserialize(map)?)))
    }

    /// From other formats.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, other: D) -> Result<Form<T>, D::Error> {
        other.deserialize_map(self)
    }
}
