//! The deserializer over one value.

use std::borrow::Cow;

use serde::de::{Deserializer, Error as _, Visitor};
use serde_json::Value;

use super::group::{Group, Variant};
use super::leaf::{Leaf, NOT_GROUP, NOT_LIST, NOT_SINGLE, REQUIRED, Wrong};
use super::notes::{Failure, Input, Notes};
use super::order::{self, NEW, SORT, USED};
use super::path::{Key, Path, input_name, steps};
use super::{FORM, UNUSED};

/// No type that can have a value nests absent structs deeper.
const ABSENT_DEPTH: usize = 64;

/// A failure that is noted, where no other run finds out more.
pub(super) const SETTLED: Failure = Failure::Noted { more: false };

/// Decodes one value.
#[derive(Clone, Copy)]
pub(super) struct Decoder<'de, 'p> {
    pub(super) input: Input<'de>,
    pub(super) path: Path<'p>,
    pub(super) notes: &'p Notes,
}

impl<'de> Decoder<'de, '_> {
    /// Notes what is wrong with this value.
    pub(super) fn wrong(&self, text: impl Into<Wrong>) {
        self.notes.error(&self.path, self.input, text.into());
    }

    /// The value as text; nothing (and noted) if it is none.
    fn text(&self) -> Option<Cow<'de, str>> {
        match self.input {
            Input::Absent => self.wrong(REQUIRED),
            Input::Text(text) => return Some(Cow::Borrowed(text)),
            Input::Value(Value::Array(_) | Value::Object(_)) => self.wrong(NOT_SINGLE),
            Input::Value(value) => return Some(Cow::Owned(value.to_string())),
        }
        None
    }

    fn leaf<L: Leaf>(&self) -> L {
        if self.input.is_blank() {
            self.wrong(REQUIRED);
            return L::STAND_IN;
        }
        let read = |text: Cow<'_, str>| L::read(&text).map_err(|wrong| self.wrong(wrong)).ok();
        self.text().and_then(read).unwrap_or(L::STAND_IN)
    }

    /// The items of a list, with one that came alone.
    fn items(&self) -> Vec<(Key<'de>, Input<'de>)> {
        match self.input {
            input if input.is_blank() => Vec::new(),
            Input::Value(Value::Array(items)) => (0..)
                .map(Key::Item)
                .zip(items.iter().map(|item| Input::from(Some(item))))
                .collect(),
            Input::Value(Value::Object(map)) => {
                let Some(keys) = order::keys(map) else {
                    self.wrong(NOT_LIST);
                    return Vec::new();
                };
                let has_order = map.contains_key(SORT);
                let entry = |(index, key): (usize, &'de str)| {
                    let path = if has_order {
                        Key::Item(index)
                    } else {
                        Key::Entry(key)
                    };
                    (path, map.get(key).into())
                };
                keys.into_iter().enumerate().map(entry).collect()
            }
            input => vec![(Key::Item(0), input)],
        }
    }

    /// The entries of a map that `wanted` lets pass.
    fn entries(
        &self,
        key: fn(&'de str) -> Key<'de>,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<(Key<'de>, Input<'de>)>, Failure> {
        match self.input {
            input if input.is_blank() => Ok(Vec::new()),
            Input::Value(Value::Object(map)) => Ok(map
                .iter()
                .filter(|(name, _)| wanted(name))
                .map(|(name, value)| (key(name), Some(value).into()))
                .collect()),
            _ => {
                self.wrong(NOT_GROUP);
                Err(SETTLED)
            }
        }
    }
}

macro_rules! leaves {
    ($($deserialize:ident $visit:ident,)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
            visitor.$visit(self.leaf())
        }
    )*};
}

impl<'de> Deserializer<'de> for Decoder<'de, '_> {
    type Error = Failure;

    leaves! {
        deserialize_i8 visit_i8,
        deserialize_i16 visit_i16,
        deserialize_i32 visit_i32,
        deserialize_i64 visit_i64,
        deserialize_i128 visit_i128,
        deserialize_u8 visit_u8,
        deserialize_u16 visit_u16,
        deserialize_u32 visit_u32,
        deserialize_u64 visit_u64,
        deserialize_u128 visit_u128,
        deserialize_f32 visit_f32,
        deserialize_f64 visit_f64,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.input {
            Input::Absent => visitor.visit_unit(),
            Input::Text(text) => visitor.visit_borrowed_str(text),
            Input::Value(value) => value.deserialize_any(visitor).map_err(Failure::custom),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_bool(!self.input.is_blank() && self.leaf())
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.input {
            Input::Text(" ") => visitor.visit_char(' '),
            _ => visitor.visit_char(self.leaf()),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.text().unwrap_or_default() {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.input {
            Input::Absent | Input::Text("") => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        if name != FORM {
            return visitor.visit_newtype_struct(self);
        }
        let raw = match self.input {
            Input::Absent => Value::default(),
            Input::Text(text) => Value::from(text),
            Input::Value(value) => value.clone(),
        };
        let name = input_name("", steps(&self.path.dotted()));
        let form = Value::Array(vec![Value::from(name), raw]);
        form.deserialize_seq(visitor).map_err(Failure::custom)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_seq(Group::new(self.items(), &self).settled_last())
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_seq(Group::new(self.items(), &self))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let entries = self.entries(Key::Entry, |name| {
            let is_mark = [UNUSED, NEW].iter().any(|mark| name.starts_with(mark));
            !is_mark && !["_target", SORT, USED].contains(&name)
        })?;
        visitor.visit_map(Group::new(entries, &self).settled_last())
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.notes.knows(&self.path, name, fields);
        let mut entries = self.entries(Key::Field, |name| {
            !name.starts_with('_') || fields.contains(&name)
        })?;
        for field in self.notes.needed(&self.path, fields) {
            if !matches!(self.input, Input::Value(map) if map.get(field).is_some()) {
                entries.push((Key::Field(field), Input::Absent));
            }
        }
        let group = Group::new(entries, &self).settled_last();
        visitor.visit_map(group).map_err(|failure| match failure {
            Failure::Missing(field)
                if self.path.depth() < ABSENT_DEPTH && self.notes.needs(&self.path, field) =>
            {
                Failure::Noted { more: true }
            }
            failure => failure,
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let (variant, content) = match self.input {
            Input::Value(Value::Object(map)) if map.len() == 1 => {
                let (variant, content) = map.iter().next().ok_or(SETTLED)?;
                (Cow::Borrowed(&**variant), Some(Some(content).into()))
            }
            // An empty choice is a variant only if one is named so.
            input if input.is_blank() && !variants.contains(&"") => {
                self.wrong(REQUIRED);
                let stand_in = variants.first().ok_or(SETTLED)?;
                (Cow::Borrowed(*stand_in), None)
            }
            Input::Absent => (Cow::Borrowed(""), None),
            _ => (self.text().ok_or(SETTLED)?, None),
        };
        visitor.visit_enum(Variant {
            name: variant,
            content,
            of: self,
        })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_unit()
    }
}
