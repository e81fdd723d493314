//! What callbacks ask for. They only record it; the turn performs it.

use http::uri::PathAndQuery;
use serde::Serialize;

use crate::error::Result;
use crate::quoted::Quoted;

/// Where a browser is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The same view with another URL.
    Patch { to: String, replace: bool },
    /// Another live view.
    Navigate { to: String, replace: bool },
    /// A full page load.
    Redirect { to: String },
}

/// What one turn's callbacks asked for, in the order of asking.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    /// Events for the browser's window and hooks.
    pub(crate) events: Vec<PushedEvent>,
    /// The answer to the event, encoded.
    pub(crate) reply: Option<String>,
    /// The last request to go elsewhere.
    pub(crate) exit: Option<Exit>,
    /// The page's new title.
    pub(crate) title: Option<String>,
    /// Whether the notices changed, which the live layout shows.
    pub(crate) flash: bool,
}

/// An event for the browser's window and hooks.
#[derive(Debug)]
pub(crate) struct PushedEvent {
    pub(crate) name: String,
    /// Encoded.
    pub(crate) payload: String,
    /// Whether it is dispatched before the patch that comes with it.
    pub(crate) before_patch: bool,
}

impl PushedEvent {
    pub(crate) fn new(name: &str, payload: impl Serialize) -> Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            payload: serde_json::to_string(&payload)?,
            before_patch: false,
        })
    }
}

/// Browsers keep the fragment to themselves.
pub(crate) fn without_fragment(uri: &str) -> &str {
    uri.split('#').next().unwrap_or(uri)
}

/// Why a path for a patch or navigation is refused (`protocol.md §6`): anything
/// that a browser could read as another host.
pub(crate) fn check_local(to: &str) -> Result<(), String> {
    let fault = if !to.starts_with('/') {
        "it must start with a `/`"
    } else if to.starts_with("//") {
        "it starts with `//`, which names another host"
    } else if to.contains('\\') {
        "it contains a backslash, which browsers read as `/`"
    } else if to.contains(|letter: char| letter.is_ascii_control()) {
        // No header holds them, and browsers drop some.
        "it contains a tab, a line break or another control character"
    } else if without_fragment(to).parse::<PathAndQuery>().is_err() {
        "it contains what a URL can't, such as a space: percent-encode it"
    } else {
        return Ok(());
    };
    Err(format!("{} is not a local path: {fault}", Quoted(to)))
}

/// Why a redirect is refused: neither a local path nor a URL of the web.
pub(crate) fn check_redirect(to: &str) -> Result<(), String> {
    let scheme = to.get(..8).unwrap_or(to).to_ascii_lowercase();
    if scheme.starts_with("https://") || scheme.starts_with("http://") {
        if to.contains(|letter: char| letter == '\\' || letter.is_ascii_control()) {
            let to = Quoted(to);
            return Err(format!("{to} contains a backslash or a control character"));
        }
        return Ok(());
    }
    check_local(to).map_err(|fault| format!("{fault}; other sites need `https://` or `http://`"))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    #[test]
    fn paths_that_could_leave_the_site_are_refused() {
        for to in [
            "",
            "x",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/a\nb",
            "/a\rb",
            "https://evil.example",
            "javascript:alert(1)",
            " /x",
            "/x?q=a b",
        ] {
            assert!(check_local(to).is_err(), "{to:?} passed");
        }
        for to in ["/", "/x", "/x?y=//z", "/x#a", "/ä/b"] {
            assert_eq!(check_local(to), Ok(()));
        }
    }

    #[test]
    fn redirects_may_leave_the_site_only_by_http() {
        for to in ["https://example.org/x", "HTTP://example.org", "/x"] {
            assert_eq!(check_redirect(to), Ok(()));
        }
        for to in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "https:/x",
            "ftp://x",
        ] {
            assert!(check_redirect(to).is_err(), "{to:?} passed");
        }
    }

    /// Texts of what means something in URLs.
    fn any_url() -> impl Strategy<Value = String> {
        const PIECES: [&str; 22] = [
            "/",
            "//",
            "\\",
            "?",
            "#",
            ":",
            "@",
            "http://",
            "https://",
            "HTTPS://",
            "javascript:",
            "a",
            "evil.example",
            "%2F",
            "%",
            " ",
            "\t",
            "\n",
            "\0",
            "\u{7F}",
            "ä",
            "..",
        ];
        prop_oneof![
            prop::collection::vec(select(&PIECES[..]), 0..8).prop_map(|pieces| pieces.concat()),
            any::<String>(),
        ]
    }

    proptest! {
        #[test]
        fn a_checked_path_stays_on_the_site_and_fits_a_header(to in any_url()) {
            if check_local(&to).is_ok() {
                prop_assert!(to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\"));
                prop_assert!(HeaderValue::try_from(&to).is_ok(), "{to:?}");
            }
            if check_redirect(&to).is_ok() {
                let is_local = check_local(&to).is_ok();
                let lower = to.to_ascii_lowercase();
                let is_web = lower.starts_with("http://") || lower.starts_with("https://");
                prop_assert!(is_local || is_web, "{to:?}");
                prop_assert!(HeaderValue::try_from(&to).is_ok(), "{to:?}");
            }
        }
    }
}
