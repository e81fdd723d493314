//! The form encoding of browsers with nested names, read by Plug's rules
//! (`protocol.md §5.3`): `a=1` is a value, `a[b]=1` a value in a map, `a[]=1`
//! an item of a list, and so on (`a[b][]`, `a[0][b]`, `a[][b]`). The later pair
//! wins, whether the earlier one was a value, a list or a map.
//!
//! Neither `serde_html_form` (flat names only) nor `serde_qs` (reads into a
//! type at once, refuses duplicates, makes lists of `a[0]`) gives the tree as
//! it was typed, which a form shows again when it doesn't parse.

use serde_json::{Map, Value};

use super::order::arrange;

/// Names that are nested deeper are kept flat, as one key with its brackets:
/// more than any form of people has, and no recursion runs deeper.
pub(super) const DEPTH: usize = 16;
/// A form of more pairs is refused as a whole, so that none is lost silently.
/// That bounds what a message of `&a&a&a` can make of each of its bytes.
pub(super) const PAIRS: usize = 16_384;
/// The same for maps and lists, which cost some hundred bytes each.
pub(super) const GROUPS: usize = 4_096;

const TOO_MANY_VALUES: &str = "a form of too many values";
const TOO_MANY_GROUPS: &str = "a form of too many groups";

/// Why there are no fields in what should be a form, and is this text: it was
/// refused as a whole, or the text is all that was sent.
pub(crate) fn no_fields(text: &str) -> &'static str {
    match text {
        TOO_MANY_VALUES => TOO_MANY_VALUES,
        TOO_MANY_GROUPS => TOO_MANY_GROUPS,
        _ => "must be a group of fields, but a text came",
    }
}

/// Reads a form. Total: invalid escapes stay as they are, invalid UTF-8 becomes
/// U+FFFD. A form beyond the limits becomes a text that says so, which decodes
/// as no map. Lists are in the order that the form asks for, see `order`.
pub(crate) fn parse_form(encoded: &str) -> Value {
    let mut pairs = Vec::new();
    for pair in form_urlencoded::parse(encoded.as_bytes()) {
        if pairs.len() == PAIRS {
            return Value::from(TOO_MANY_VALUES);
        }
        pairs.push(pair);
    }
    let mut tree = Tree { groups: 0 };
    let mut root = Map::new();
    // From the last pair to the first one, so that what stands already wins.
    for (name, value) in pairs.into_iter().rev() {
        let keys = split(&name);
        tree.insert(&mut root, &keys, value.into_owned());
        if tree.groups > GROUPS {
            return Value::from(TOO_MANY_GROUPS);
        }
    }
    let mut root = Value::Object(root);
    if tree.groups > 0 {
        turn_lists(&mut root);
        arrange(&mut root);
    }
    root
}

/// What a form would be refused for that came as values and not encoded, or had
/// more put beside it. A form is kept, so that what it costs is bounded however
/// it comes.
pub(super) fn check(form: &Value) -> Result<(), &'static str> {
    let (mut values, mut groups) = (0, 0);
    let mut rest = vec![form];
    while let Some(value) = rest.pop() {
        match value {
            Value::Object(map) => rest.extend(map.values()),
            Value::Array(list) => rest.extend(list),
            _ => {}
        }
        if value.is_object() || value.is_array() {
            groups += 1;
        } else {
            values += 1;
        }
        // The form itself is no group in it.
        if values > PAIRS || groups > GROUPS + 1 {
            return Err(TOO_MANY_VALUES);
        }
    }
    Ok(())
}

/// `user[tags][]` as `["user", "tags", ""]`; a name without a bracket at its
/// end is one key.
fn split(name: &str) -> Vec<&str> {
    let Some(inner) = name.strip_suffix(']') else {
        return vec![name];
    };
    let Some((first, rest)) = inner.split_once('[') else {
        return vec![inner];
    };
    if rest.matches("][").count() + 2 > DEPTH {
        return vec![name];
    }
    let mut keys = vec![first];
    keys.extend(rest.split("]["));
    keys
}

struct Tree {
    /// How many maps and lists were made, but for the root.
    groups: usize,
}

impl Tree {
    fn insert(&mut self, map: &mut Map<String, Value>, keys: &[&str], value: String) {
        let Some((key, rest)) = keys.split_first() else {
            return;
        };
        match map.get_mut(*key) {
            Some(current) => self.add(current, rest, value),
            None => {
                let value = self.grow(rest, value);
                map.insert((*key).to_owned(), value);
            }
        }
    }

    /// Adds to a value that a later pair made, if it is of the same kind.
    fn add(&mut self, current: &mut Value, keys: &[&str], value: String) {
        match (keys, current) {
            (["", rest @ ..], Value::Array(items)) => items.push(self.grow(rest, value)),
            ([key, ..], Value::Object(map)) if !key.is_empty() => self.insert(map, keys, value),
            _ => {}
        }
    }

    fn grow(&mut self, keys: &[&str], value: String) -> Value {
        let Some((key, rest)) = keys.split_first() else {
            return Value::String(value);
        };
        self.groups += 1;
        let inner = self.grow(rest, value);
        if key.is_empty() {
            Value::Array(vec![inner])
        } else {
            Value::Object(Map::from_iter([((*key).to_owned(), inner)]))
        }
    }
}

/// Lists were filled from their last item to the first one.
fn turn_lists(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.reverse();
            items.iter_mut().for_each(turn_lists);
        }
        Value::Object(map) => map.values_mut().for_each(turn_lists),
        _ => {}
    }
}
