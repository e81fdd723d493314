//! Which fields a form's type has: in debug builds, so that a misspelt name is told
//! to the developer and doesn't stay an empty input.
//!
//! serde says the fields of each struct that it reads. Of what it doesn't read as a
//! struct (a map, flattened fields, a group that didn't come) nothing is known, and
//! any name is taken.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::path::{Path, steps};
use crate::fault;

/// The structs in a form, by the [pattern](Path::pattern) of their places.
#[derive(Clone, Debug, Default)]
pub(super) struct Known(Arc<BTreeMap<String, Struct>>);

#[derive(Clone, Copy, Debug)]
struct Struct {
    name: &'static str,
    fields: &'static [&'static str],
}

impl Known {
    pub(super) fn add(
        &mut self,
        path: &Path<'_>,
        name: &'static str,
        fields: &'static [&'static str],
    ) {
        let of = Struct { name, fields };
        Arc::make_mut(&mut self.0).insert(path.pattern(), of);
    }

    /// What is wrong with the name of a field: nothing, in release builds. It is
    /// logged once.
    pub(super) fn fault(&self, field: &str) -> Option<&'static str> {
        let mut pattern = ".".to_owned();
        for step in steps(field) {
            let Some(of) = self.0.get(&pattern) else {
                pattern.push_str(".*");
                continue;
            };
            if !of.fields.contains(&step) && !step.starts_with('_') {
                return Some(tell(of, step, field));
            }
            pattern.push('.');
            pattern.push_str(step);
        }
        None
    }
}

/// The text for the page; the log gets it with the first time.
fn tell(of: &Struct, step: &str, field: &str) -> &'static str {
    let Struct { name, fields } = of;
    let mut near = fields.to_vec();
    near.sort_by_cached_key(|known| distance(step, known));
    near.truncate(3);
    let near: Vec<_> = near.iter().map(|near| format!("`{near}`")).collect();
    let within = match field == step {
        true => String::new(),
        false => format!(" (in {field:?})"),
    };
    let help = match &near[..] {
        [] => "it has none".to_owned(),
        near => format!("did you mean {}?", near.join(", ")),
    };
    fault::tell(&format!(
        "the form's type `{name}` has no field {step:?}{within}: {help}"
    ))
}

/// How many letters have to be changed, added or dropped.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, letter) in from.chars().enumerate() {
        let mut before = std::mem::replace(&mut row[0], at + 1);
        for (column, other) in to.iter().enumerate() {
            let changed = before + usize::from(letter != *other);
            before = row[column + 1];
            row[column + 1] = changed.min(before + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}
