//! The part of a form that is the same for all types: what was typed, what is
//! wrong with it, and which fields were used.

use serde_json::Value;

use super::UNUSED;
use super::errors::Errors;

/// What was typed into a form.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    /// The group that the inputs' names are in; empty for none.
    pub(super) name: String,
    /// A tree with texts as its leaves.
    pub(super) raw: Value,
    pub(super) errors: Errors,
    used: Used,
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
    pub(super) fn sent(raw: Value) -> Self {
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

    pub(super) fn find(&self, field: &str) -> Option<&Value> {
        keys(field).try_fold(&self.raw, entry)
    }

    pub(super) fn raw(&self, field: &str) -> &str {
        self.find(field).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn is_blank(&self, field: &str) -> bool {
        match self.find(field) {
            Some(Value::String(text)) => text.trim().is_empty(),
            Some(Value::Array(items)) => items.is_empty(),
            Some(Value::Object(map)) => map.is_empty(),
            _ => true,
        }
    }

    pub(super) fn shown<'t>(&'t self, field: &str) -> impl Iterator<Item = &'t str> + use<'t> {
        // A field without errors need not be looked for.
        let shown = self.errors.has(field) && self.is_used(field);
        shown.then(|| self.errors.of(field)).into_iter().flatten()
    }

    pub(super) fn is_used(&self, field: &str) -> bool {
        match self.used {
            Used::Nothing => false,
            Used::All => true,
            Used::Unmarked => {
                let unmarked = |group, key| {
                    let marked = is_marked(group, key);
                    (!marked).then(|| entry(group, key)).flatten()
                };
                keys(field)
                    .try_fold(&self.raw, unmarked)
                    .is_some_and(has_used)
            }
        }
    }
}

fn keys(field: &str) -> impl Iterator<Item = &str> {
    field.split('.').filter(|key| !key.is_empty())
}

fn entry<'v>(group: &'v Value, key: &str) -> Option<&'v Value> {
    match group {
        Value::Object(map) => map.get(key),
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        _ => None,
    }
}

fn is_marked(group: &Value, key: &str) -> bool {
    matches!(group, Value::Object(map) if map.contains_key(&format!("{UNUSED}{key}")))
}

/// Whether anything in a value is used: for a group, one of its fields.
fn has_used(value: &Value) -> bool {
    match value {
        Value::Object(map) => map
            .iter()
            .any(|(key, inner)| !key.starts_with('_') && !is_marked(value, key) && has_used(inner)),
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
