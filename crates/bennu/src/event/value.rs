//! From what browsers send to Rust values. A form decodes by the same rules,
//! so the work is done there.

use serde::de::DeserializeOwned;
use serde_json::Value;

pub(super) use crate::form::parse_form;

#[expect(
    clippy::needless_pass_by_value,
    reason = "a payload gives its values away"
)]
pub(super) fn decode_field<T: DeserializeOwned>(
    name: &str,
    value: Option<Value>,
) -> Result<T, String> {
    crate::form::decode_field(name, value.as_ref())
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a payload gives its values away"
)]
pub(super) fn decode<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    crate::form::decode(&value)
}
