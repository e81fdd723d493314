//! The compact form of moves (`docs/extensions.md`), expanded to the standard
//! one.

use bennu_core::wire::keys;
use serde_json::Value;

use super::{Object, ReplicaError, as_index, problem};

/// Says as the standard form does which entries moved, and how many there are,
/// in a list that had `old` entries.
pub(super) fn expand(order: Value, old: usize, keyed: &mut Object) -> Result<(), ReplicaError> {
    let Value::Array(order) = order else {
        return problem("an order is not an array");
    };
    if keyed.contains_key(keys::COUNT) || keyed.contains_key(keys::MOVED) {
        return problem("an order stands beside what it replaces");
    }
    let mut to = 0;
    for run in order.chunks(2) {
        let [from, length] = run else {
            return problem("an order ends in the middle of a run");
        };
        let from = match from {
            Value::Number(number) if number.as_i64() == Some(-1) => None,
            from => Some(as_index(from).unwrap_or(u32::MAX)),
        };
        // Each new entry is in the message: that bounds the runs of them.
        let most = match from {
            Some(from) => old.checked_sub(from as usize),
            None => Some(keyed.len()),
        };
        let Some(length) = (as_index(length)).filter(|&length| most >= Some(length as usize))
        else {
            return problem("a run has no such entries");
        };
        for offset in 0..length {
            put(to, from.map(|from| from + offset), keyed)?;
            to += 1;
        }
    }
    keyed.insert(keys::COUNT.to_owned(), to.into());
    keyed.insert(keys::MOVED.to_owned(), Value::Bool(true));
    Ok(())
}

fn put(to: u32, from: Option<u32>, keyed: &mut Object) -> Result<(), ReplicaError> {
    let key = to.to_string();
    let Some(from) = from else {
        return match keyed.get(&key) {
            Some(Value::Object(_)) => Ok(()),
            _ => problem("an entry is new and has no dynamics"),
        };
    };
    if from == to {
        return Ok(());
    }
    let from = Value::from(from);
    let entry = match keyed.remove(&key) {
        None => from,
        Some(changes @ Value::Object(_)) => Value::Array(vec![from, changes]),
        Some(_) => return problem("an order stands beside an old position"),
    };
    keyed.insert(key, entry);
    Ok(())
}
