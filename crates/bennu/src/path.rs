//! Paths as applications write them: checked, so that none leads to another
//! site, and percent-encoded as a browser would.
//!
//! Whatever takes a path (links, commands, callbacks, errors, children) takes
//! it through here, and holds the encoded form from then on: a view's URL is the
//! same text whether the browser resolved it or the server did.

use std::borrow::Cow;
use std::fmt::Write;

use crate::quoted::Quoted;

/// Browsers keep the fragment to themselves.
pub(crate) fn without_fragment(uri: &str) -> &str {
    uri.split('#').next().unwrap_or(uri)
}

/// A path of the application, encoded.
///
/// # Errors
/// When `to` doesn't begin with one slash: a browser could read it as another
/// host or scheme (`protocol.md §6`).
pub(crate) fn local(to: &str) -> Result<Cow<'_, str>, String> {
    let fault = if !to.starts_with('/') {
        "it must start with a `/`"
    } else if to.starts_with("//") {
        "it starts with `//`, which names another host: write one `/`"
    } else {
        return Ok(encode(to));
    };
    Err(format!("{} is not a local path: {fault}", Quoted(to)))
}

/// A path of the application, or what follows the path of the URL that is shown:
/// a query (`?page=2`) or a fragment (`#top`). Encoded.
///
/// # Errors
/// When `to` is neither.
pub(crate) fn reference(to: &str) -> Result<Cow<'_, str>, String> {
    if is_relative(to) {
        return Ok(encode(to));
    }
    local(to).map_err(|fault| format!("{fault}, or with the `?` or `#` of the URL that is shown"))
}

/// Where a redirect may lead: to a [`reference`], or [`elsewhere`]. Encoded.
///
/// # Errors
/// When `to` is neither.
pub(crate) fn redirect(to: &str) -> Result<Cow<'_, str>, String> {
    if is_relative(to) {
        reference(to)
    } else {
        elsewhere(to)
    }
}

/// A path of the application or a URL of the web, whichever page is shown.
/// Encoded.
///
/// # Errors
/// When `to` is neither.
pub(crate) fn elsewhere(to: &str) -> Result<Cow<'_, str>, String> {
    if let Some(host) = host_of(to) {
        let (authority, rest) = host.split_at(host.find(['/', '?', '#']).unwrap_or(host.len()));
        // A browser reads a backslash as the authority's end, and drops tabs
        // and line breaks.
        let is_host = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
        if authority.is_empty() || !authority.bytes().all(is_host) {
            let to = Quoted(to);
            return Err(format!(
                "{to} names no host: it needs one in ASCII (`xn--…`), without spaces and \
                 backslashes"
            ));
        }
        return Ok(match encode(rest) {
            Cow::Borrowed(_) => to.into(),
            Cow::Owned(rest) => {
                let before = to.len() - host.len() + authority.len();
                format!("{}{rest}", &to[..before]).into()
            }
        });
    }
    local(to).map_err(|fault| format!("{fault}; other sites need `https://` or `http://`"))
}

/// What follows the scheme of a URL of the web.
fn host_of(to: &str) -> Option<&str> {
    ["https://", "http://"].into_iter().find_map(|scheme| {
        let (start, rest) = to.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    })
}

fn is_relative(to: &str) -> bool {
    to.starts_with(['?', '#'])
}

/// A [`reference`] from the page with this path and query, as a path of its own.
pub(crate) fn resolve<'t>(to: &'t str, uri: &str) -> Cow<'t, str> {
    let base = match to.as_bytes().first() {
        Some(b'?') => uri.split(['?', '#']).next().unwrap_or(uri),
        Some(b'#') => without_fragment(uri),
        _ => return to.into(),
    };
    format!("{base}{to}").into()
}

/// The path and query of a request as a local path. A peer chose them: slashes
/// at the start, which would name another host where the path is shown again,
/// are one.
pub(crate) fn of_request(uri: &str) -> Cow<'_, str> {
    if uri.starts_with('/') && !uri.starts_with("//") {
        return encode(uri);
    }
    let rest = uri.trim_start_matches('/');
    format!("/{}", encode(rest)).into()
}

/// Percent-encodes what stands in no URL as it is: the sets of the URL standard
/// for paths, queries of the web and fragments, and backslashes, which browsers
/// read as slashes. What is encoded already stays; a percent sign that encodes
/// nothing is encoded.
pub(crate) fn encode(to: &str) -> Cow<'_, str> {
    let mut part = Part::Path;
    let mut encoded = String::new();
    // Up to where `encoded` has it.
    let mut done = 0;
    for (at, letter) in to.char_indices() {
        part = part.after(letter);
        let after = at + letter.len_utf8();
        let stays = match letter {
            '%' => {
                let code = to.as_bytes().get(after..after + 2);
                code.is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit))
            }
            letter => part.holds(letter),
        };
        if stays {
            continue;
        }
        encoded.push_str(&to[done..at]);
        for byte in to[at..after].bytes() {
            // Writing to a text does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        done = after;
    }
    if done == 0 {
        return to.into();
    }
    encoded.push_str(&to[done..]);
    encoded.into()
}

/// Whether there is nothing that [`encode`] would change, or a little that it leaves:
/// one set for all parts, since a constant is easily written so.
pub(crate) const fn is_encoded(path: &[u8]) -> bool {
    let mut at = 0;
    while at < path.len() {
        let byte = path[at];
        let is_code = byte != b'%'
            || (at + 2 < path.len()
                && path[at + 1].is_ascii_hexdigit()
                && path[at + 2].is_ascii_hexdigit());
        let is_refused = matches!(
            byte,
            b'"' | b'<' | b'>' | b'\\' | b'`' | b'^' | b'{' | b'}' | b'\''
        );
        if !byte.is_ascii_graphic() || is_refused || !is_code {
            return false;
        }
        at += 1;
    }
    true
}

/// A part of a URL.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Query,
    Fragment,
}

impl Part {
    /// The part that this character belongs to.
    fn after(self, letter: char) -> Self {
        match (self, letter) {
            (Self::Path | Self::Query, '#') => Self::Fragment,
            (Self::Path, '?') => Self::Query,
            (part, _) => part,
        }
    }

    /// Whether a character may stand here as it is.
    fn holds(self, letter: char) -> bool {
        match letter {
            '"' | '<' | '>' | '\\' => false,
            '`' => self == Self::Query,
            '^' | '{' | '}' => self != Self::Path,
            '\'' => self != Self::Query,
            letter => letter.is_ascii_graphic(),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::uri::PathAndQuery;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_could_leave_the_site_is_refused() {
        for to in [
            "",
            "x",
            "//evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            " /x",
            "\t//evil.example",
        ] {
            assert!(local(to).is_err(), "{to:?} passed");
            assert!(reference(to).is_err(), "{to:?} passed");
        }
        for to in ["?page=2", "#top"] {
            assert!(local(to).is_err(), "{to:?} passed");
            assert_eq!(reference(to).unwrap(), to);
        }
        for to in ["/", "/x", "/x?y=//z", "/x#a"] {
            assert_eq!(local(to).unwrap(), to);
        }
    }

    #[test]
    fn what_stands_in_no_url_is_encoded() {
        for (to, encoded) in [
            ("/u/Ann Lee", "/u/Ann%20Lee"),
            ("/ä/b", "/%C3%A4/b"),
            ("/a\\b?c\\d", "/a%5Cb?c%5Cd"),
            ("/\\evil.example", "/%5Cevil.example"),
            ("/\t/evil.example", "/%09/evil.example"),
            ("/a\r\nb", "/a%0D%0Ab"),
            ("/a?b=\"c\" 'd'", "/a?b=%22c%22%20%27d%27"),
            ("/it's#it's", "/it's#it's"),
            ("/<b>{`^`}", "/%3Cb%3E%7B%60%5E%60%7D"),
            ("/a%20b%2fc", "/a%20b%2fc"),
            ("/100%?q=50%&r=%a", "/100%25?q=50%25&r=%25a"),
            ("/a#b c#d?", "/a#b%20c#d?"),
            ("?q=a b", "?q=a%20b"),
            ("#ä", "#%C3%A4"),
        ] {
            assert_eq!(reference(to).unwrap(), encoded, "{to}");
        }
    }

    #[test]
    fn redirects_may_leave_the_site_only_by_http() {
        for (to, encoded) in [
            ("https://example.org/x", "https://example.org/x"),
            ("HTTP://example.org", "HTTP://example.org"),
            (
                "https://example.org/a b?c=ä",
                "https://example.org/a%20b?c=%C3%A4",
            ),
            ("https://[::1]:4000?q= ", "https://[::1]:4000?q=%20"),
            ("/x", "/x"),
            ("?page=2", "?page=2"),
        ] {
            assert_eq!(redirect(to).unwrap(), encoded);
        }
        for to in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "https:/x",
            "https://",
            "https:///x",
            "https://a.example\\@evil.example",
            "https://a b/",
            "https://ä.example/",
            "ftp://x",
        ] {
            assert!(redirect(to).is_err(), "{to:?} passed");
        }
    }

    #[test]
    fn queries_and_fragments_follow_the_page_that_is_shown() {
        for (to, uri, resolved) in [
            ("?page=2", "/items?page=1", "/items?page=2"),
            ("?page=2#top", "/items", "/items?page=2#top"),
            ("#top", "/items?page=1", "/items?page=1#top"),
            ("/other", "/items?page=1", "/other"),
        ] {
            assert_eq!(resolve(to, uri), resolved);
        }
    }

    #[test]
    fn the_path_of_a_request_is_local() {
        for (uri, path) in [
            ("/x?y=1", "/x?y=1"),
            ("//evil.example/x", "/evil.example/x"),
            ("///evil.example/x", "/evil.example/x"),
            ("/\\evil.example", "/%5Cevil.example"),
            ("*", "/*"),
            ("", "/"),
        ] {
            assert_eq!(of_request(uri), path);
            assert!(local(&of_request(uri)).is_ok());
        }
    }

    proptest! {
        #[test]
        fn an_encoded_path_is_one_of_http_and_stays_as_it_is(rest in any::<String>()) {
            let to = format!("/{}", rest.trim_start_matches('/'));
            let encoded = local(&to).unwrap();
            prop_assert!(encoded.bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert!(without_fragment(&encoded).parse::<PathAndQuery>().is_ok());
            prop_assert_eq!(&local(&encoded).unwrap(), &encoded);
        }
    }
}
