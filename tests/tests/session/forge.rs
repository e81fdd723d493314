//! Makes tokens as the application does, but of any age.
//!
//! It repeats the format on purpose: a change of it makes the open pages of
//! every running application reload, and should be noticed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

/// The time a page's tokens hold.
pub(crate) const TWO_WEEKS: Duration = Duration::from_secs(14 * 24 * 3600);

pub(crate) fn token(secret: &str, purpose: &str, value: &Value, age: Duration) -> String {
    let key = tag(secret.as_bytes(), &[b"bennu token key 1"]);
    let made = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() - age;
    let mut bytes = made.as_secs().to_be_bytes().to_vec();
    bytes.extend_from_slice(value.to_string().as_bytes());
    let tag = tag(&key, &[purpose.as_bytes(), &[0], &bytes]);
    bytes.extend_from_slice(&tag);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn tag(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
