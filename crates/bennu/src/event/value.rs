//! From what browsers send to Rust values: the form encoding with brackets,
//! and a deserializer that reads numbers and booleans from text.

use serde::de::DeserializeOwned;
use serde_json::Value;

pub(super) fn decode_field<T: DeserializeOwned>(
    name: &str,
    value: Option<Value>,
) -> Result<T, String> {
    let value = value.ok_or_else(|| format!("the value {name:?} is missing"))?;
    serde_json::from_value(value).map_err(|error| format!("the value {name:?}: {error}"))
}

pub(super) fn decode<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

pub(super) fn parse_form(encoded: &str) -> Value {
    form_urlencoded::parse(encoded.as_bytes())
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect()
}
