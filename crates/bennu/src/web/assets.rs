//! The client's scripts, compressed at build time and served for good: their
//! names hold hashes of their content.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};

use crate::layout::Addresses;
use crate::public::Base;

/// A script of the client in the forms that browsers accept.
#[derive(Debug)]
pub(crate) struct Script {
    /// Without a hash: for pages that name the script by hand.
    stem: &'static str,
    plain: &'static [u8],
    gzip: &'static [u8],
    brotli: &'static [u8],
    /// The first 16 hexadecimal digits of the script's SHA-256.
    hash: LazyLock<String>,
}

fn hash(script: &[u8]) -> String {
    let digest = Sha256::digest(script);
    let first = digest.iter().take(8);
    first.map(|byte| format!("{byte:02x}")).collect()
}

/// The script of this name, with its compressed forms.
macro_rules! script {
    ($stem:literal) => {{
        const PLAIN: &[u8] = include_bytes!(concat!("../../assets/", $stem, ".js"));
        Script {
            stem: $stem,
            plain: PLAIN,
            gzip: include_bytes!(concat!("../../assets/", $stem, ".js.gz")),
            brotli: include_bytes!(concat!("../../assets/", $stem, ".js.br")),
            hash: LazyLock::new(|| hash(PLAIN)),
        }
    }};
}

/// What every live page loads.
pub(crate) static CLIENT: Script = script!("bennu");
/// What pages load that [ask for it](super::mentions).
pub(crate) static EXTRA: Script = script!("extra");
/// What pages with forms load.
pub(crate) static FORMS: Script = script!("forms");
/// What pages load that others have taken nodes out of, and that can't go on.
pub(crate) static MEND: Script = script!("mend");
/// What pages load that lead to others without being loaded again.
pub(crate) static NAVIGATION: Script = script!("navigation");

/// What shows faults on the page, in debug builds alone: it is as small as it is written.
const FAULTS: &str = "faults.js";

const SCRIPTS: [&Script; 5] = [&CLIENT, &EXTRA, &FORMS, &MEND, &NAVIGATION];

impl Script {
    /// The file name with its hash.
    pub(crate) fn name(&self) -> String {
        format!("{}-{}.js", self.stem, *self.hash)
    }
}

/// `path` is that of the WebSocket below the application's own.
pub(crate) fn addresses(base: &Base, path: &str) -> Addresses {
    let socket = format!("{}{path}", base.as_str());
    let of = |script: &Script| format!("{socket}/assets/{}", script.name());
    Addresses {
        client: of(&CLIENT),
        extra: of(&EXTRA),
        forms: of(&FORMS),
        mend: of(&MEND),
        navigation: of(&NAVIGATION),
        faults: cfg!(debug_assertions).then(|| format!("{socket}/assets/{FAULTS}")),
        socket,
    }
}

/// Serves a file of the client. A name without a hash is for pages that name
/// the script by hand: browsers ask each time whether it is still the same.
pub(crate) fn serve(name: &str, headers: &HeaderMap) -> Response {
    if cfg!(debug_assertions) && name == FAULTS {
        let headers = [
            (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (header::CACHE_CONTROL, "no-cache"),
        ];
        return (headers, include_str!("faults.js")).into_response();
    }
    let is_plain = |script: &&&Script| name.strip_suffix(".js") == Some(script.stem);
    let (script, cache) = if let Some(script) = SCRIPTS.iter().find(|script| name == script.name())
    {
        (script, "public, max-age=31536000, immutable")
    } else if let Some(script) = SCRIPTS.iter().find(is_plain) {
        (script, "no-cache")
    } else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (encoding, body) = pick(script, headers);
    let etag = format!("\"{}-{encoding}\"", *script.hash);
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
fn pick(script: &Script, headers: &HeaderMap) -> (&'static str, &'static [u8]) {
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
        ("br", script.brotli)
    } else if accepted("gzip") {
        ("gzip", script.gzip)
    } else {
        ("identity", script.plain)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

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
            let response = asked(&CLIENT.name(), &[(header::ACCEPT_ENCODING, accepted)]);
            let served = response.headers().get(header::CONTENT_ENCODING);
            assert_eq!(
                served.and_then(|value| value.to_str().ok()),
                encoding,
                "{accepted}"
            );
        }
    }

    #[test]
    fn each_script_is_served_by_a_name_of_its_own() {
        for script in SCRIPTS {
            let response = asked(&script.name(), &[]);
            assert_eq!(response.status(), StatusCode::OK);
            let etag = &response.headers()[header::ETAG];
            assert_eq!(*etag, format!("\"{}-identity\"", *script.hash));
        }
        let names: HashSet<String> = SCRIPTS.iter().map(|script| script.name()).collect();
        assert_eq!(names.len(), SCRIPTS.len());
    }

    #[test]
    fn a_script_with_its_hash_is_kept_for_good_and_known_ones_are_not_sent() {
        let response = asked(&CLIENT.name(), &[]);
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
