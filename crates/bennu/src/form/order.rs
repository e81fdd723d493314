//! The order of a list's entries, and what the browser asks to change in it.
//!
//! Inputs of a list's entries are named by keys that stay with their entry,
//! `lines[4][title]`, so that nothing in the browser is renamed when entries
//! move. The order is told beside them, in inputs of their own:
//!
//! - `lines[_sort][]` has the keys in the order of the page, each where it
//!   comes first: a box that is checked in front of an entry moves another one
//!   there. A key without values is a new entry.
//! - `lines[_drop][]` has the keys of the entries that go.
//!
//! Both say what shall be and not what shall change, so it does no harm when a
//! form is sent twice before the page shows the answer.
//!
//! A box that is checked is a use of the list, as an edit is of a field. The boxes
//! are unchecked again when the page shows the answer, and a list that lost its last
//! entry has no field left that could be used. So the page says it from then on, in
//! `lines[_used]`, a hidden input: browsers post those, and recover them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::UNUSED;
use super::encoded::GROUPS;

/// The keys of a list in their order.
pub(super) const SORT: &str = "_sort";
/// The keys that go.
pub(super) const DROP: &str = "_drop";
/// What we put before the key of a new entry: nobody came to its fields.
pub(super) const NEW: &str = "_new_";
/// What says that a list was used, whichever of its fields are.
pub(super) const USED: &str = "_used";

/// Carries out what the lists of a form ask for. Afterwards each list that has
/// an order has the key of every entry in it once, and new entries are there,
/// empty and unused.
pub(super) fn arrange(value: &mut Value) {
    let mut room = GROUPS;
    walk(value, &mut room);
}

/// `room` is how many entries may still be made of nothing but their keys.
fn walk(value: &mut Value, room: &mut usize) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, room)),
        Value::Object(map) => {
            map.values_mut().for_each(|inner| walk(inner, room));
            if map.get(SORT).is_some_and(Value::is_array)
                || map.get(DROP).is_some_and(Value::is_array)
            {
                sort(map, room);
            }
        }
        _ => {}
    }
}

fn sort(map: &mut Map<String, Value>, room: &mut usize) {
    let mut listed = |name: &str| match map.remove(name) {
        Some(Value::Array(keys)) => keys,
        _ => Vec::new(),
    };
    let (sorted, dropped) = (listed(SORT), listed(DROP));
    for name in [SORT, DROP] {
        map.remove(&format!("{UNUSED}{name}"));
    }
    let dropped: BTreeSet<&str> = dropped.iter().filter_map(Value::as_str).collect();
    map.retain(|key, _| !dropped.contains(key.as_str()));

    let mut is_changed = !dropped.is_empty();
    let mut keys = Vec::new();
    let mut seen = BTreeSet::new();
    for key in sorted {
        let Value::String(key) = key else { continue };
        if dropped.contains(&*key) {
            continue;
        }
        if !seen.insert(key.clone()) {
            is_changed = true;
            continue;
        }
        if !map.contains_key(&key) {
            if !is_new(&key) {
                continue;
            }
            is_changed = true;
            if *room == 0 {
                continue;
            }
            *room -= 1;
            map.insert(key.clone(), Value::String(String::new()));
            map.insert(format!("{NEW}{key}"), Value::String(String::new()));
        }
        keys.push(Value::String(key));
    }
    let rest = numbered(map).into_iter().filter(|key| !seen.contains(*key));
    keys.extend(rest.map(Value::from).collect::<Vec<_>>());
    map.insert(SORT.to_owned(), Value::Array(keys));
    if is_changed {
        map.insert(USED.to_owned(), Value::String(String::new()));
    }
}

/// Whether a new entry can have this key: a number as we would write it.
fn is_new(key: &str) -> bool {
    key.parse::<u32>()
        .is_ok_and(|number| number.to_string() == key)
}

/// The keys of a list's entries in their order; nothing if not all are numbers.
pub(super) fn keys(map: &Map<String, Value>) -> Option<Vec<&str>> {
    let entries = map.keys().filter(|key| !key.starts_with('_'));
    if !entries.clone().all(|key| is_number(key)) {
        return None;
    }
    let mut keys = numbered(map);
    if let Some(Value::Array(sorted)) = map.get(SORT) {
        let places: BTreeMap<_, _> = sorted.iter().filter_map(Value::as_str).zip(0..).collect();
        // Those without a place come last, as they stand.
        keys.sort_by_key(|key| places.get(key).copied().unwrap_or(usize::MAX));
    }
    Some(keys)
}

/// The keys that are numbers, in the order of these.
fn numbered(map: &Map<String, Value>) -> Vec<&str> {
    let mut keys: Vec<&str> = map
        .keys()
        .map(|key| &**key)
        .filter(|key| is_number(key))
        .collect();
    // Shorter numbers are smaller, however long they are.
    keys.sort_by_key(|key| {
        let digits = key.trim_start_matches('0');
        (digits.len(), digits)
    });
    keys
}

fn is_number(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())
}

/// The smallest key that is above all of a list's.
pub(super) fn next_key<'k>(keys: impl Iterator<Item = &'k str>) -> String {
    let numbers = keys.filter_map(|key| key.parse::<u32>().ok());
    let next = numbers.max().map_or(0, |last| last.saturating_add(1));
    next.to_string()
}

/// The key and the value of the entry that a path names: by its position in a
/// list that has an order, else by its key.
pub(super) fn entry<'k, 'v: 'k>(group: &'v Value, name: &'k str) -> Option<(&'k str, &'v Value)> {
    match group {
        Value::Object(map) => {
            let key = match map.get(SORT) {
                Some(Value::Array(keys)) => keys.get(name.parse::<usize>().ok()?)?.as_str()?,
                _ => name,
            };
            Some((key, map.get(key)?))
        }
        Value::Array(items) => Some((name, items.get(name.parse::<usize>().ok()?)?)),
        _ => None,
    }
}
