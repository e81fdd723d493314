//! What a list, a map, a struct or an enum's variant holds.

use std::borrow::Cow;
use std::vec;

use serde::de::value::CowStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess};
use serde::de::{VariantAccess, Visitor};

use super::decoder::{Decoder, SETTLED};
use super::leaf::NOT_CHOICE;
use super::notes::{Failure, Input, Notes};
use super::path::{Key, Path};

/// The entries of a list, a map or a struct.
pub(super) struct Group<'de, 'p> {
    entries: vec::IntoIter<(Key<'de>, Input<'de>)>,
    /// What belongs to the key that was asked for last.
    value: Option<(Key<'de>, Input<'de>)>,
    path: &'p Path<'p>,
    notes: &'p Notes,
    /// Whether entries may change places.
    settled_last: bool,
}

impl<'de, 'p> Group<'de, 'p> {
    /// Entries that keep their places.
    pub(super) fn new(entries: Vec<(Key<'de>, Input<'de>)>, of: &'p Decoder<'de, 'p>) -> Self {
        Self {
            entries: entries.into_iter(),
            value: None,
            path: &of.path,
            notes: of.notes,
            settled_last: false,
        }
    }

    /// Lets entries that can only fail come last, so that a run finds the
    /// others' errors before it ends. Their order doesn't matter any more, as
    /// there will be no value.
    pub(super) fn settled_last(mut self) -> Self {
        self.settled_last = true;
        if self.notes.settled_places() > 0 {
            let (path, notes) = (self.path, self.notes);
            let settled = |&(key, _): &(Key<'_>, _)| notes.is_settled(&child(path, key));
            self.entries.as_mut_slice().sort_by_cached_key(settled);
        }
        self
    }

    fn decode<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
        (key, input): (Key<'de>, Input<'de>),
    ) -> Result<S::Value, Failure> {
        let path = child(self.path, key);
        let notes = self.notes;
        let decoder = Decoder { input, path, notes };
        seed.deserialize(decoder).map_err(|failure| {
            let mut more = notes.fail(&path, input, failure);
            if !more {
                notes.settle(&path);
                more = self.settled_last && !self.rest_is_settled();
            }
            Failure::Noted { more }
        })
    }

    fn rest_is_settled(&self) -> bool {
        let mut rest = self.entries.as_slice().iter();
        rest.all(|&(key, _)| self.notes.is_settled(&child(self.path, key)))
    }
}

fn child<'p>(parent: &'p Path<'p>, key: Key<'p>) -> Path<'p> {
    let parent = Some(parent);
    Path { parent, key }
}

impl<'de> SeqAccess<'de> for Group<'de, '_> {
    type Error = Failure;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Failure> {
        let entry = self.entries.next();
        entry.map(|entry| self.decode(seed, entry)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

impl<'de> MapAccess<'de> for Group<'de, '_> {
    type Error = Failure;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Failure> {
        self.value = self.entries.next();
        let Some((key, _)) = self.value else {
            return Ok(None);
        };
        let name = match key {
            Key::Field(name) | Key::Entry(name) => name,
            Key::Whole | Key::Item(_) => "",
        };
        self.decode(seed, (key, Input::Text(name))).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Failure> {
        let entry = self.value.take().ok_or(SETTLED)?;
        self.decode(seed, entry)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// A variant of an enum, with what came for it.
pub(super) struct Variant<'de, 'p> {
    pub(super) name: Cow<'de, str>,
    /// Nothing for a name alone.
    pub(super) content: Option<Input<'de>>,
    pub(super) of: Decoder<'de, 'p>,
}

impl<'de, 'p> Variant<'de, 'p> {
    fn content(self) -> Result<Decoder<'de, 'p>, Failure> {
        let Some(input) = self.content else {
            self.of.wrong(NOT_CHOICE);
            return Err(SETTLED);
        };
        Ok(Decoder { input, ..self.of })
    }
}

impl<'de> EnumAccess<'de> for Variant<'de, '_> {
    type Error = Failure;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(
        mut self,
        seed: S,
    ) -> Result<(S::Value, Self), Failure> {
        let name = CowStrDeserializer::new(std::mem::take(&mut self.name));
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de, '_> {
    type Error = Failure;

    fn unit_variant(self) -> Result<(), Failure> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Failure> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.content()?.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.content()?.deserialize_struct("", fields, visitor)
    }
}
