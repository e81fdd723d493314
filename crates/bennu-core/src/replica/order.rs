//! The compact form of moves (`docs/extensions.md`), expanded to the standard
//! one.

use super::{Object, ReplicaError, problem};
use crate::json::Json;
use crate::wire::keys;

/// Says as the standard form does which entries moved, and how many there are,
/// in a list that had `old` entries.
pub(super) fn expand(order: Json, old: u32, keyed: &mut Object) -> Result<(), ReplicaError> {
    let Json::Array(order) = order else {
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
            Json::Number(number) if number == "-1" => None,
            from => Some(from.as_index().unwrap_or(u32::MAX)),
        };
        // Each new entry is in the message: that bounds the runs of them.
        let most = match from {
            Some(from) => old.checked_sub(from),
            None => Some(crate::tape::index(keyed.len())),
        };
        let Some(length) = (length.as_index()).filter(|&length| most >= Some(length)) else {
            return problem("a run has no such entries");
        };
        for offset in 0..length {
            put(to, from.map(|from| from + offset), keyed)?;
            to += 1;
        }
    }
    keyed.insert(keys::COUNT.to_owned(), Json::Number(to.to_string()));
    keyed.insert(keys::MOVED.to_owned(), Json::Bool(true));
    Ok(())
}

fn put(to: u32, from: Option<u32>, keyed: &mut Object) -> Result<(), ReplicaError> {
    let key = to.to_string();
    let Some(from) = from else {
        return match keyed.get(&key) {
            Some(Json::Object(_)) => Ok(()),
            _ => problem("an entry is new and has no dynamics"),
        };
    };
    if from == to {
        return Ok(());
    }
    let from = Json::Number(from.to_string());
    let entry = match keyed.remove(&key) {
        None => from,
        Some(changes @ Json::Object(_)) => Json::Array(vec![from, changes]),
        Some(_) => return problem("an order stands beside an old position"),
    };
    keyed.insert(key, entry);
    Ok(())
}
