//! From what the DOM sends to Rust values, by the rules of `guide.md`: how
//! often serde runs for that, and what becomes of the errors.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::decoder::Decoder;
use super::errors::Errors;
use super::known::Known;
use super::leaf::REQUIRED;
use super::notes::{Input, Notes};
use super::path::{Key, Path};

/// How often a form is decoded again because a type refused a value. Each time
/// finds one more, so a hostile list of thousand wrong dates must not be
/// decoded a thousand times; the errors beyond show when these are mended.
const REFUSALS: usize = 32;
/// How often in all: once for each field of the type that may be absent. Only
/// a type of more fields than this meets it.
const RUNS: usize = 1_024;

/// Decodes one value of an event, of the field `name`; the first error is
/// enough.
pub(crate) fn decode_field<T: DeserializeOwned>(
    name: &str,
    value: Option<&Value>,
) -> Result<T, String> {
    first(value, Key::Field(name))
}

/// Decodes an event's whole value.
pub(crate) fn decode<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    first(Some(value), Key::Whole)
}

fn first<T: DeserializeOwned>(value: Option<&Value>, key: Key<'_>) -> Result<T, String> {
    let notes = Notes::default();
    run(value, key, &notes, Notes::found_errors).ok_or_else(|| {
        let (_, first) = notes.into_parts();
        first.unwrap_or_else(|| "it could not be read".to_owned())
    })
}

/// Decodes a form; all errors are wanted, and what is known of its fields.
pub(super) fn decode_all<T: DeserializeOwned>(value: &Value) -> (Result<T, Errors>, Known) {
    let notes = Notes::default();
    let enough = |notes: &Notes| notes.settled_places() > REFUSALS;
    let value = run(Some(value), Key::Whole, &notes, enough);
    let known = notes.take_known();
    let value = value.ok_or_else(|| {
        let (mut errors, _) = notes.into_parts();
        if errors.is_empty() {
            errors.add("", REQUIRED);
        }
        errors
    });
    (value, known)
}

/// Runs serde until it gave a value without errors or nothing more is found.
fn run<T: DeserializeOwned>(
    value: Option<&Value>,
    key: Key<'_>,
    notes: &Notes,
    enough: impl Fn(&Notes) -> bool,
) -> Option<T> {
    let path = Path { parent: None, key };
    let input = Input::from(value);
    for _ in 0..RUNS {
        match T::deserialize(Decoder { input, path, notes }) {
            // A value with errors has stand-ins in it.
            Ok(value) => return (!notes.found_errors()).then_some(value),
            Err(failure) => {
                if !notes.fail(&path, input, failure) || enough(notes) {
                    return None;
                }
            }
        }
    }
    None
}
