//! The part of a form that is the same for all types: what was typed, what is
//! wrong with it, and which fields were used.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::UNUSED;
use super::errors::Errors;
use super::known::Known;
use super::order::{self, NEW, SORT, USED, arrange, entry};
use super::path::{input_name, steps};

/// What was typed into a form.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    /// The group that the inputs' names are in; empty for none.
    pub(super) name: String,
    /// A tree with texts as its leaves.
    pub(super) raw: Value,
    pub(super) errors: Errors,
    used: Used,
    /// The fields that the form's type is known to have.
    pub(super) known: Known,
}

/// Which fields a person came to.
#[derive(Clone, Copy, Debug, Default)]
enum Used {
    /// The form was made here.
    #[default]
    Nothing,
    /// It came from a browser, which marked the unused ones.
    Unmarked,
    /// It came without a mark.
    All,
}

impl Typed {
    /// What a browser sent.
    pub(super) fn sent(mut raw: Value) -> Self {
        arrange(&mut raw);
        let mut typed = Self::filled(raw);
        typed.used = if has_mark(&typed.raw) {
            Used::Unmarked
        } else {
            Used::All
        };
        typed
    }

    /// What the application filled in.
    pub(super) fn filled(mut raw: Value) -> Self {
        make_texts(&mut raw);
        Self {
            raw,
            ..Self::default()
        }
    }

    /// Tells the developer if there is no such field.
    pub(super) fn check(&self, field: &str) {
        self.known.fault(field);
    }

    pub(super) fn find(&self, field: &str) -> Option<&Value> {
        steps(field).try_fold(&self.raw, |group, step| Some(entry(group, step)?.1))
    }

    /// The name of a field's input. What isn't there is named as it is asked
    /// for.
    pub(super) fn input_name(&self, field: &str) -> String {
        let mut group = Some(&self.raw);
        let keys = steps(field).map(|step| match group.and_then(|group| entry(group, step)) {
            Some((key, inner)) => {
                group = Some(inner);
                key
            }
            None => {
                group = None;
                step
            }
        });
        input_name(&self.name, keys)
    }

    /// The keys of a list's entries, in their order.
    pub(super) fn keys(&self, list: &str) -> Vec<Cow<'_, str>> {
        match self.find(list) {
            Some(Value::Array(items)) => (0..items.len())
                .map(|index| index.to_string().into())
                .collect(),
            Some(Value::Object(map)) => {
                let keys = order::keys(map).unwrap_or_default();
                keys.into_iter().map(Cow::Borrowed).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The path of the entry at a position of a list.
    pub(super) fn entry_path(&self, list: &str, index: usize, key: &str) -> String {
        let is_keyed =
            matches!(self.find(list), Some(Value::Object(map)) if !map.contains_key(SORT));
        let dot = if list.is_empty() { "" } else { "." };
        if is_keyed {
            format!("{list}{dot}{key}")
        } else {
            format!("{list}{dot}{index}")
        }
    }

    pub(super) fn raw(&self, field: &str) -> &str {
        self.raws(field).next().unwrap_or_default()
    }

    pub(super) fn raws(&self, field: &str) -> impl Iterator<Item = &str> + use<'_> {
        let found = self.find(field);
        let single = found.into_iter().filter_map(Value::as_str);
        let several = found.and_then(Value::as_array);
        single.chain(several.into_iter().flatten().filter_map(Value::as_str))
    }

    pub(super) fn is_blank(&self, field: &str) -> bool {
        match self.find(field) {
            Some(Value::String(text)) => text.trim().is_empty(),
            Some(Value::Array(items)) => items.is_empty(),
            Some(Value::Object(map)) => map.keys().all(|key| key.starts_with('_')),
            _ => true,
        }
    }

    pub(super) fn shown<'t>(&'t self, field: &str) -> impl Iterator<Item = &'t str> + use<'t> {
        // A field without errors need not be looked for.
        let shown = self.errors.has(field) && self.is_used(field);
        let errors = shown.then(|| self.errors.of(field)).into_iter().flatten();
        self.known.fault(field).into_iter().chain(errors)
    }

    pub(super) fn is_used(&self, field: &str) -> bool {
        if matches!(self.used, Used::Nothing) {
            return false;
        }
        let mut group = &self.raw;
        for step in steps(field) {
            let Some((key, inner)) = entry(group, step) else {
                // Nothing came, as of a radio group without a choice.
                return matches!(self.used, Used::All);
            };
            if is_marked(group, key) {
                return false;
            }
            group = inner;
        }
        matches!(self.used, Used::All) || has_used(group)
    }
}

fn is_marked(group: &Value, key: &str) -> bool {
    let has = |mark, map: &Map<_, _>| map.contains_key(&format!("{mark}{key}"));
    matches!(group, Value::Object(map) if has(UNUSED, map) || has(NEW, map))
}

/// Whether anything in a value is used: for a group, one of its fields, and for a
/// list also what changed it.
fn has_used(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(key, inner)| {
            key == USED || (!key.starts_with('_') && !is_marked(value, key) && has_used(inner))
        }),
        Value::Array(items) => items.is_empty() || items.iter().any(has_used),
        _ => true,
    }
}

fn has_mark(value: &Value) -> bool {
    match value {
        Value::Object(map) => map
            .iter()
            .any(|(key, value)| key.starts_with(UNUSED) || has_mark(value)),
        Value::Array(items) => items.iter().any(has_mark),
        _ => false,
    }
}

/// Makes all leaves what an input would hold.
fn make_texts(value: &mut Value) {
    match value {
        Value::Object(map) => map.values_mut().for_each(make_texts),
        Value::Array(items) => items.iter_mut().for_each(make_texts),
        Value::String(_) => {}
        Value::Null => *value = Value::String(String::new()),
        Value::Bool(_) | Value::Number(_) => *value = Value::String(value.to_string()),
    }
}
