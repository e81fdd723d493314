//! The client's script, compressed at build time and served for good: its
//! name holds a hash of its content.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};

const SCRIPT: &[u8] = include_bytes!("../../assets/bennu.js");
const SCRIPT_GZIP: &[u8] = include_bytes!("../../assets/bennu.js.gz");
const SCRIPT_BROTLI: &[u8] = include_bytes!("../../assets/bennu.js.br");

/// The first 16 hexadecimal digits of the script's SHA-256.
static HASH: LazyLock<String> = LazyLock::new(|| {
    Sha256::digest(SCRIPT)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
});

/// The script's file name with its hash.
pub(crate) fn script_name() -> String {
    format!("bennu-{}.js", *HASH)
}

/// Serves a file of the client. `bennu.js` without a hash is for pages that
/// name it by hand: browsers ask each time whether it is still the same.
pub(crate) fn serve(name: &str, headers: &HeaderMap) -> Response {
    let cache = if name == script_name() {
        "public, max-age=31536000, immutable"
    } else if name == "bennu.js" {
        "no-cache"
    } else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (encoding, body) = pick(headers);
    let etag = format!("\"{}-{encoding}\"", *HASH);
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim().trim_start_matches("W/") == etag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = body.into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/javascript; charset=utf-8"),
        );
        if encoding != "identity" {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if let Ok(etag) = etag.parse() {
        headers.insert(header::ETAG, etag);
    }
    response
}

/// The smallest form that the browser accepts.
fn pick(headers: &HeaderMap) -> (&'static str, &'static [u8]) {
    let accepted = |encoding: &str| {
        headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|item| {
                let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
                let refused = matches!(parameters.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
                name.trim().eq_ignore_ascii_case(encoding) && !refused
            })
    };
    if accepted("br") {
        ("br", SCRIPT_BROTLI)
    } else if accepted("gzip") {
        ("gzip", SCRIPT_GZIP)
    } else {
        ("identity", SCRIPT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: &str, request: &[(header::HeaderName, &str)]) -> Response {
        let headers = request
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().expect("a header")))
            .collect();
        serve(name, &headers)
    }

    #[test]
    fn the_smallest_accepted_form_is_served() {
        for (accepted, encoding) in [
            ("gzip, deflate, br", Some("br")),
            ("gzip;q=0.5, br;q=0", Some("gzip")),
            ("identity", None),
        ] {
            let response = asked(&script_name(), &[(header::ACCEPT_ENCODING, accepted)]);
            let served = response.headers().get(header::CONTENT_ENCODING);
            assert_eq!(
                served.and_then(|value| value.to_str().ok()),
                encoding,
                "{accepted}"
            );
        }
    }

    #[test]
    fn a_script_with_its_hash_is_kept_for_good_and_known_ones_are_not_sent() {
        let response = asked(&script_name(), &[]);
        let cache = &response.headers()[header::CACHE_CONTROL];
        assert_eq!(cache, "public, max-age=31536000, immutable");
        let etag = response.headers()[header::ETAG]
            .to_str()
            .expect("text")
            .to_owned();
        let again = asked(
            "bennu.js",
            &[(header::IF_NONE_MATCH, &format!("\"x\", W/{etag}"))],
        );
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(again.headers()[header::CACHE_CONTROL], "no-cache");
        assert_eq!(asked("bennu-0000.js", &[]).status(), StatusCode::NOT_FOUND);
    }
}
