//! Splices of texts (`docs/extensions.md`).

use serde_json::Value;

use super::{ReplicaError, as_index, problem};

/// The HTML of a text after `[rest, deleted, inserted]`.
pub(super) fn apply(html: &str, change: Vec<Value>) -> Result<String, ReplicaError> {
    let Ok([rest, deleted, Value::String(inserted)]) = <[Value; 3]>::try_from(change) else {
        return problem("a splice is not two numbers and a text");
    };
    let (Some(rest), Some(deleted)) = (as_index(&rest), as_index(&deleted)) else {
        return problem("a splice does not say where");
    };
    let units: Vec<u16> = html.encode_utf16().collect();
    let end = units.len().checked_sub(rest as usize);
    let start = end.and_then(|end| end.checked_sub(deleted as usize));
    let (Some(start), Some(end)) = (start, end) else {
        return problem("a splice is longer than its text");
    };
    match (
        String::from_utf16(&units[..start]),
        String::from_utf16(&units[end..]),
    ) {
        (Ok(before), Ok(after)) => Ok(before + &inserted + &after),
        _ => problem("a splice cuts a character"),
    }
}
