//! [`LocalPath`]: a path that a visitor may bring along, checked once.
//!
//! What applications write themselves goes through `path`, which is milder: there a
//! backslash is a letter, and here somebody who wants to lead a visitor away.

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::path;

/// A path of this application with its query and fragment, from whoever it may come:
/// where a log-in leads back to, for one. Whatever it holds, a browser that follows it
/// stays on this site.
///
/// Anybody can make a link to `/login?next=…`, and browsers take `//host`, `/\host` and
/// a `/`, a tab and `/host` for another site. What could be one is refused:
///
/// ```
/// use bennu::LocalPath;
///
/// let next: LocalPath = "/items?page=2".parse()?;
/// assert_eq!(next, "/items?page=2");
/// for elsewhere in ["//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example"] {
///     assert!(elsewhere.parse::<LocalPath>().is_err());
/// }
/// // The start page, where that is answer enough.
/// let next: LocalPath = "//evil.example".parse().unwrap_or_default();
/// assert_eq!(next, "/");
/// # Ok::<(), bennu::LocalPathError>(())
/// ```
///
/// As a field of parameters and forms it is read and checked by serde; a request with
/// another site in it is answered with status 400 then, or leads to the start page
/// where the field says [`or_start`](Self::or_start). [`query`](Self::query) builds the
/// link on the other side:
///
/// ```
/// use axum::extract::Query;
/// use axum::response::Redirect;
/// use bennu::LocalPath;
/// use serde::Deserialize;
///
/// const LOGIN: LocalPath = LocalPath::from_static("/login");
///
/// /// Sends a visitor to log in.
/// fn log_in(wanted: &str) -> Redirect {
///     Redirect::to(LOGIN.query("next", wanted).as_str())
/// }
///
/// #[derive(Deserialize)]
/// struct Back {
///     #[serde(default, deserialize_with = "LocalPath::or_start")]
///     next: LocalPath,
/// }
///
/// /// Leads back, once they are known.
/// async fn logged_in(Query(back): Query<Back>) -> Redirect {
///     Redirect::to(back.next.as_str())
/// }
///
/// assert_eq!(LOGIN.query("next", "/items?page=2"), "/login?next=%2Fitems%3Fpage%3D2");
/// # log_in("/"); axum::Router::<()>::new().route("/in", axum::routing::get(logged_in));
/// ```
///
/// Callbacks take it as it is: `socket.push_navigate(next)`; so do
/// [links](crate::link) and attributes in [`html!`](crate::html).
///
/// It holds the encoded form, and no path of
/// [`Config::public_url`](crate::Config::public_url): that goes before it where it
/// leaves for a browser.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LocalPath(Cow<'static, str>);

impl LocalPath {
    /// A path that the program knows, encoded where a URL needs it.
    ///
    /// # Panics
    /// When it is none, or holds what has to be encoded. As a constant it doesn't
    /// compile then.
    #[must_use]
    pub const fn from_static(path: &'static str) -> Self {
        assert!(fault(path.as_bytes()).is_none(), "not a local path");
        assert!(
            path::is_encoded(path.as_bytes()),
            "what stands in no URL is encoded: `%20` for a space"
        );
        Self(Cow::Borrowed(path))
    }

    /// For a field, in place of what serde does: the start page where the text is no
    /// path of this application, as a visitor with such a link has done nothing wrong.
    ///
    /// ```
    /// use bennu::LocalPath;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Back {
    ///     #[serde(default, deserialize_with = "LocalPath::or_start")]
    ///     next: LocalPath,
    /// }
    ///
    /// let back: Back = serde_json::from_str(r#"{"next": "//evil.example"}"#)?;
    /// assert_eq!(back.next, "/");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    /// When there is no text at all.
    pub fn or_start<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(text.parse().unwrap_or_default())
    }

    /// Adds a parameter to the query, encoded whatever it is.
    ///
    /// ```
    /// use bennu::LocalPath;
    ///
    /// let items = LocalPath::from_static("/items#list");
    /// assert_eq!(
    ///     items.query("search", "tea & rice").query("page", 2),
    ///     "/items?search=tea+%26+rice&page=2#list"
    /// );
    /// ```
    #[must_use]
    pub fn query(&self, name: &str, value: impl Display) -> Self {
        let fragment = self.0.find('#').unwrap_or(self.0.len());
        let (path, fragment) = self.0.split_at(fragment);
        let mut text = path.to_owned();
        match path.find('?') {
            None => text.push('?'),
            Some(at) if at + 1 == path.len() || path.ends_with('&') => {}
            Some(_) => text.push('&'),
        }
        text.extend(form_urlencoded::byte_serialize(name.as_bytes()));
        text.push('=');
        text.extend(form_urlencoded::byte_serialize(
            value.to_string().as_bytes(),
        ));
        text.push_str(fragment);
        Self(text.into())
    }

    /// The path as a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The start page.
impl Default for LocalPath {
    fn default() -> Self {
        Self::from_static("/")
    }
}

impl FromStr for LocalPath {
    type Err = LocalPathError;

    fn from_str(text: &str) -> Result<Self, LocalPathError> {
        match fault(text.as_bytes()) {
            Some(fault) => Err(LocalPathError(fault)),
            None => Ok(Self(path::encode(text).into_owned().into())),
        }
    }
}

impl TryFrom<&str> for LocalPath {
    type Error = LocalPathError;

    fn try_from(text: &str) -> Result<Self, LocalPathError> {
        text.parse()
    }
}

impl TryFrom<String> for LocalPath {
    type Error = LocalPathError;

    fn try_from(text: String) -> Result<Self, LocalPathError> {
        text.parse()
    }
}

impl From<LocalPath> for String {
    fn from(path: LocalPath) -> Self {
        path.0.into_owned()
    }
}

impl From<&LocalPath> for String {
    fn from(path: &LocalPath) -> Self {
        path.as_str().to_owned()
    }
}

impl AsRef<str> for LocalPath {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Display for LocalPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl PartialEq<str> for LocalPath {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for LocalPath {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

/// Why a text is no [`LocalPath`]. It doesn't repeat the text, which a visitor chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalPathError(Fault);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Start,
    Host,
    Backslash,
    Control,
    Dots,
}

impl Display for LocalPathError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = match self.0 {
            Fault::Start => "it must start with a `/`",
            Fault::Host => "it starts with `//`, which names another host",
            Fault::Backslash => "it has a backslash, which browsers read as a `/`",
            Fault::Control => "it has a control character, which browsers may drop",
            Fault::Dots => "it has both `..` and `//`, which may name another host together",
        };
        write!(formatter, "not a path of this site: {fault}")
    }
}

impl std::error::Error for LocalPathError {}

/// What could lead from this site, by how browsers read a URL.
const fn fault(text: &[u8]) -> Option<Fault> {
    let length = text.len();
    if length == 0 || text[0] != b'/' {
        return Some(Fault::Start);
    }
    if length > 1 && text[1] == b'/' {
        return Some(Fault::Host);
    }
    let (mut has_dots, mut has_empty, mut is_path) = (false, false, true);
    // Where the segment begins, and where we are.
    let (mut start, mut at) = (1, 1);
    while at <= length {
        let byte = if at < length { text[at] } else { b'#' };
        if byte.is_ascii_control() {
            return Some(Fault::Control);
        }
        if is_path && byte == b'\\' {
            return Some(Fault::Backslash);
        }
        if is_path && matches!(byte, b'/' | b'?' | b'#') {
            is_path = byte == b'/';
            // The last one may be empty.
            has_empty |= is_path && start == at;
            has_dots |= is_dots(text, start, at);
            start = at + 1;
        }
        at += 1;
    }
    // `/a/..//host` is `//host` where something takes the dots away and leads on.
    if has_dots && has_empty {
        return Some(Fault::Dots);
    }
    None
}

/// Whether this segment is `.` or `..`, maybe encoded.
const fn is_dots(text: &[u8], mut at: usize, end: usize) -> bool {
    let mut dots = 0;
    while at < end {
        if text[at] == b'.' {
            at += 1;
        } else if end - at >= 3
            && text[at] == b'%'
            && text[at + 1] == b'2'
            && text[at + 2].eq_ignore_ascii_case(&b'e')
        {
            at += 3;
        } else {
            return false;
        }
        dots += 1;
    }
    dots == 1 || dots == 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;

    fn parse(text: &str) -> Result<String, Fault> {
        let path: Result<LocalPath, _> = text.parse();
        path.map(String::from).map_err(|error| error.0)
    }

    #[test]
    fn what_could_lead_to_another_site_is_refused() {
        for (text, fault) in [
            ("", Fault::Start),
            ("items", Fault::Start),
            ("?page=2", Fault::Start),
            ("#top", Fault::Start),
            (" /items", Fault::Start),
            ("\\\\evil.example", Fault::Start),
            ("https://evil.example", Fault::Start),
            ("javascript:alert(1)", Fault::Start),
            ("//evil.example", Fault::Host),
            ("//", Fault::Host),
            ("/\\evil.example", Fault::Backslash),
            ("/a\\..\\\\evil.example", Fault::Backslash),
            ("/\t/evil.example", Fault::Control),
            ("/\n/evil.example", Fault::Control),
            ("/a?b=\r\nc", Fault::Control),
            ("/a\0", Fault::Control),
            ("/a\x7f", Fault::Control),
            ("/..//evil.example", Fault::Dots),
            ("/a/%2E.//evil.example", Fault::Dots),
            ("/.//evil.example", Fault::Dots),
            ("/a//../..//x", Fault::Dots),
        ] {
            assert_eq!(parse(text), Err(fault), "{text:?}");
            assert!(!LocalPathError(fault).to_string().contains("evil"));
        }
    }

    #[test]
    fn what_stays_on_this_site_is_taken_and_encoded() {
        for (text, path) in [
            ("/", "/"),
            ("/items/7?page=2&to=//x#top", "/items/7?page=2&to=//x#top"),
            ("/a/../b/", "/a/../b/"),
            ("/a//b", "/a//b"),
            ("/%2F%5Cevil.example", "/%2F%5Cevil.example"),
            ("/u/Ann Lee?q=é", "/u/Ann%20Lee?q=%C3%A9"),
            ("/a?b=c\\d", "/a?b=c%5Cd"),
            ("/a?..//", "/a?..//"),
            ("/...//b", "/...//b"),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(path), "{text:?}");
        }
    }

    #[test]
    fn a_parameter_is_added_to_what_is_there() {
        for (path, expected) in [
            ("/a", "/a?n=%2Fx%3Fy%3D1%26z"),
            ("/a?", "/a?n=%2Fx%3Fy%3D1%26z"),
            ("/a?b", "/a?b&n=%2Fx%3Fy%3D1%26z"),
            ("/a?b=1&", "/a?b=1&n=%2Fx%3Fy%3D1%26z"),
            ("/a#?c", "/a?n=%2Fx%3Fy%3D1%26z#?c"),
        ] {
            let path = LocalPath::from_static(path);
            assert_eq!(path.query("n", "/x?y=1&z"), expected);
        }
    }

    #[test]
    #[should_panic(expected = "what stands in no URL is encoded")]
    fn a_constant_is_encoded() {
        let _ = LocalPath::from_static("/Ann Lee");
    }

    #[test]
    fn serde_reads_and_checks_it() {
        let read = serde_json::from_str::<LocalPath>;
        assert_eq!(read("\"/a b\"").unwrap(), "/a%20b");
        let refused = read("\"//evil.example\"").unwrap_err().to_string();
        assert!(refused.starts_with("not a path of this site: it starts with `//`"));
        assert_eq!(
            serde_json::to_string(&LocalPath::default()).unwrap(),
            "\"/\""
        );
    }

    /// Letters of which addresses of other sites are made.
    fn address() -> impl Strategy<Value = String> {
        let parts = prop::sample::select(vec![
            "/",
            "\\",
            ".",
            "..",
            "%2e",
            "%2F",
            "%5C",
            "?",
            "#",
            ":",
            "@",
            "\t",
            "\n",
            " ",
            "a",
            "evil.example",
            "https:",
            "é",
            "%",
            "&",
            "\u{85}",
            "\u{2028}",
            "\u{ff0f}",
        ]);
        prop::collection::vec(parts, 0..9).prop_map(|parts| format!("/{}", parts.concat()))
    }

    proptest! {
        #[test]
        fn a_browser_that_follows_it_stays_here(text in prop_oneof![address(), any::<String>()]) {
            let Ok(path) = text.parse::<LocalPath>() else { return Ok(()) };
            let page = Url::parse("https://bennu.test/some/page?of=ours").unwrap();
            let followed = page.join(path.as_str()).unwrap();
            prop_assert_eq!(followed.origin(), page.origin());
            // So it does when it is led on by the path alone, or by what it is encoded as.
            let again = page.join(&followed[url::Position::BeforePath..]).unwrap();
            prop_assert_eq!(&again, &followed);
            prop_assert_eq!(&path.as_str().parse::<LocalPath>().unwrap(), &path);
        }

        #[test]
        fn a_parameter_comes_back_as_it_was(path in address(), name in "[a-z]+", value in any::<String>()) {
            let Ok(path) = path.parse::<LocalPath>() else { return Ok(()) };
            let built = path.query(&name, &value);
            prop_assert!(built.as_str().parse::<LocalPath>().is_ok());
            let page = Url::parse("https://bennu.test/").unwrap();
            let url = page.join(built.as_str()).unwrap();
            prop_assert_eq!(url.query_pairs().last(), Some((name.into(), value.into())));
            let without = page.join(path.as_str()).unwrap();
            prop_assert_eq!(url.path(), without.path());
        }
    }
}
