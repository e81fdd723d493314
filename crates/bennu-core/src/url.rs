//! Addresses in attributes that a browser follows: which schemes may come out
//! of a template. Escaping can't help there, for `javascript:…` is code without
//! any special character.
//!
//! The rule is one of allowed schemes, as in Go's `html/template` and in
//! Closure's `SafeUrl`, and not one of denied ones, as in React and Angular:
//! which schemes run something depends on the browser and on what is installed
//! beside it. How the scheme is found is the URL standard's basic URL parser:
//! blanks in front and line breaks within are dropped, case doesn't matter.
//!
//! `html!` decides while it compiles which dynamics are judged; names of
//! [`Attributes`](crate::Attributes) are judged when they come.

use std::fmt::{self, Display, Write};
use std::panic::Location;
use std::sync::OnceLock;

use crate::escape::escape;
use crate::render::{Escaping, Filled, Place, Render};
use crate::rendered::Writer;

/// Stands where an address was refused: the one that CSS defines to lead nowhere.
pub const REFUSED: &str = "about:invalid#bennu";

/// What an attribute's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlKind {
    /// Where a link, a form or a frame leads, or a script comes from.
    Link,
    /// An image, a sound or a film, where no document is ever shown.
    Media,
    /// As [`Media`](Self::Media), in an element that might show a document: no
    /// SVG, which may hold scripts.
    Raster,
    /// Several links with blanks between them: `ping`.
    Links,
    /// Images with their sizes: `srcset`.
    Sources,
    /// Seconds and a link: the `content` of a `meta http-equiv="refresh"`.
    Refresh,
    /// What an SVG animation sets another attribute to, maybe a link. Most are
    /// none, so only schemes that are code are refused.
    Steps,
}

/// An address that is followed whatever its scheme is: the program vouches for
/// it. Never wrap what a visitor entered.
///
/// ```
/// use bennu_core::{Attributes, TrustedUrl};
///
/// let link = Attributes::new().url("href", TrustedUrl("magnet:?xt=urn:btih:c12f"));
/// assert_eq!(link.to_html(), r#" href="magnet:?xt=urn:btih:c12f""#);
/// ```
///
/// In a template: `a href=(TrustedUrl(&self.magnet)) { "Download" }`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrustedUrl<T>(pub T);

impl<T: Display> Render for TrustedUrl<T> {
    fn render(&self, place: Place<'_>) -> Filled {
        place.trusted_url(&self.0)
    }
}

/// An address that was not written, and where. Its text is not told: it may be
/// a visitor's.
#[derive(Clone, Copy, Debug)]
pub struct RefusedUrl<'r> {
    /// The element, if the template knows it.
    pub element: Option<&'r str>,
    /// The attribute's name.
    pub attribute: &'r str,
    /// The scheme, if it is a common one.
    pub scheme: Option<&'static str>,
    /// The place in the program.
    pub location: &'static Location<'static>,
}

impl Display for RefusedUrl<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the attribute `{}`", self.attribute)?;
        if let Some(element) = self.element {
            write!(formatter, " of `{element}`")?;
        }
        write!(formatter, " at {} got ", self.location)?;
        match self.scheme {
            Some(scheme) => write!(formatter, "a `{scheme}:` address")?,
            None => formatter.write_str("an address whose scheme isn't allowed there")?,
        }
        formatter.write_str("; it leads nowhere now")
    }
}

static REPORT: OnceLock<fn(RefusedUrl<'_>)> = OnceLock::new();

/// Tells `report` of each address that is refused. The first call decides.
pub fn report_to(report: fn(RefusedUrl<'_>)) {
    REPORT.get_or_init(|| report);
}

/// The value for an attribute of this name, or one that leads nowhere.
#[track_caller]
#[must_use]
pub fn judged<'v>(attribute: &str, value: &'v str) -> &'v str {
    let Some(kind) = UrlKind::of(attribute) else {
        return value;
    };
    let mut html = String::new();
    escape(value, &mut html);
    match kind.judge(&html) {
        Ok(()) => value,
        Err(scheme) => {
            refuse(None, attribute, scheme, Location::caller());
            REFUSED
        }
    }
}

fn refuse(
    element: Option<&str>,
    attribute: &str,
    Scheme(scheme): Scheme,
    location: &'static Location<'static>,
) {
    if let Some(report) = REPORT.get() {
        report(RefusedUrl {
            element,
            attribute,
            scheme,
            location,
        });
    }
}

impl Writer {
    /// Where the text that is being written has come to: an address begins.
    #[inline]
    pub fn start_url(&mut self) -> usize {
        self.buffer().len()
    }

    /// Judges the address that began at `start`.
    #[track_caller]
    #[inline]
    pub fn end_url(
        &mut self,
        start: usize,
        kind: UrlKind,
        element: &'static str,
        attribute: &'static str,
    ) {
        let (trusted, end) = self.trusted;
        let text = self.buffer();
        let url = text.get(start..).unwrap_or_default();
        let Err(scheme) = kind.judge(url) else { return };
        let vouched = text.get(start..end).unwrap_or_default();
        if trusted == start && (end == text.len() || kind.is_begun_by(vouched)) {
            return;
        }
        text.truncate(start);
        text.push_str(REFUSED);
        refuse(Some(element), attribute, scheme, Location::caller());
    }
}

impl Place<'_> {
    /// Fills the place with an address that is not judged.
    fn trusted_url(self, url: impl Display) -> Filled {
        self.vouched(|out| {
            // As in `Place::display`: what a failing value wrote stands.
            let _ = write!(Escaping(out), "{url}");
        })
    }
}

/// Appends the value of an attribute, or what leads nowhere.
#[track_caller]
pub(crate) fn write_judged(attribute: &str, value: impl Display, out: &mut String) {
    let start = out.len();
    // As in `Place::display`: what a failing value wrote stands.
    let _ = write!(Escaping(out), "{value}");
    let Some(kind) = UrlKind::of(attribute) else {
        return;
    };
    if let Err(scheme) = kind.judge(out.get(start..).unwrap_or_default()) {
        out.truncate(start);
        out.push_str(REFUSED);
        refuse(None, attribute, scheme, Location::caller());
    }
}

/// The scheme that was refused, if it is a common one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Scheme(Option<&'static str>);

impl UrlKind {
    /// What an attribute of this name holds in an element that isn't known.
    fn of(attribute: &str) -> Option<Self> {
        const NAMES: [(&str, UrlKind); 16] = [
            ("href", UrlKind::Link),
            ("xlink:href", UrlKind::Link),
            ("action", UrlKind::Link),
            ("formaction", UrlKind::Link),
            ("data", UrlKind::Link),
            ("src", UrlKind::Raster),
            ("poster", UrlKind::Raster),
            ("background", UrlKind::Raster),
            ("ping", UrlKind::Links),
            ("srcset", UrlKind::Sources),
            ("imagesrcset", UrlKind::Sources),
            ("content", UrlKind::Refresh),
            ("to", UrlKind::Steps),
            ("from", UrlKind::Steps),
            ("by", UrlKind::Steps),
            ("values", UrlKind::Steps),
        ];
        let named = NAMES
            .iter()
            .find(|(name, _)| attribute.eq_ignore_ascii_case(name));
        named.map(|(_, kind)| *kind)
    }

    /// Whether the value, as it is written into HTML, may stand in the attribute.
    fn judge(self, value: &str) -> Result<(), Scheme> {
        match self {
            Self::Link | Self::Media | Self::Raster => self.judge_one(value),
            Self::Links => value
                .split_ascii_whitespace()
                .try_for_each(|url| Self::Link.judge_one(url)),
            Self::Sources => sources(value).try_for_each(|url| Self::Media.judge_one(url)),
            Self::Refresh => refresh(value).map_or(Ok(()), |url| Self::Link.judge_one(url)),
            Self::Steps => value.split(';').try_for_each(|step| self.judge_one(step)),
        }
    }

    fn judge_one(self, url: &str) -> Result<(), Scheme> {
        // Invariant: what has no scheme by its first character has none.
        if url.starts_with(['/', '#', '?', '.']) {
            return Ok(());
        }
        let mut rest = bytes(url);
        let mut scheme = [0; 12];
        for (length, byte) in rest.by_ref().enumerate() {
            match byte {
                b':' if length > 0 => {
                    let scheme = scheme.get(..length).unwrap_or_default();
                    return self.judge_scheme(scheme, rest);
                }
                b'+' | b'-' | b'.' | b'0'..=b'9' if length > 0 => {}
                b'a'..=b'z' => {}
                b'&' => return is_ours(url).then_some(()).ok_or(Scheme(None)),
                _ => return Ok(()),
            }
            if let Some(slot) = scheme.get_mut(length) {
                *slot = byte;
            }
        }
        Ok(())
    }

    /// A scheme that is longer than any of ours comes as an empty one.
    fn judge_scheme(self, scheme: &[u8], mut rest: impl Iterator<Item = u8>) -> Result<(), Scheme> {
        let mut begins = |start: &str| start.bytes().all(|byte| rest.next() == Some(byte));
        let is_media = matches!(self, Self::Media | Self::Raster);
        let is_allowed = match (scheme, self) {
            (b"javascript" | b"vbscript" | b"data", Self::Steps) => false,
            (_, Self::Steps) | (b"http" | b"https", _) => true,
            (b"mailto" | b"tel" | b"sms", Self::Link) => true,
            (b"about", Self::Link) => begins("blank"),
            (b"blob", _) => is_media,
            (b"data", _) if is_media => return self.judge_data(rest),
            _ => false,
        };
        if is_allowed {
            return Ok(());
        }
        const COMMON: [&str; 5] = ["javascript", "vbscript", "data", "blob", "file"];
        let common = COMMON
            .iter()
            .find(|common| common.as_bytes() == scheme)
            .copied();
        Err(Scheme(common))
    }

    /// Pictures, sounds and films may be in the address itself.
    fn judge_data(self, rest: impl Iterator<Item = u8>) -> Result<(), Scheme> {
        let mut begin = [0; 9];
        for (slot, byte) in begin.iter_mut().zip(rest) {
            *slot = byte;
        }
        let is_raster = begin.starts_with(b"image/") && !begin.ends_with(b"svg");
        let is_other = begin.starts_with(b"audio/") || begin.starts_with(b"video/");
        let is_svg = begin.starts_with(b"image/") && self == Self::Media;
        if is_raster || is_other || is_svg {
            Ok(())
        } else {
            Err(Scheme(Some("data")))
        }
    }

    /// Whether what comes behind this beginning can't change the scheme.
    fn is_begun_by(self, begin: &str) -> bool {
        matches!(self, Self::Link | Self::Media | Self::Raster)
            && begin.contains([':', '/', '?', '#'])
    }
}

/// The bytes of an address as browsers read it, in lower case.
fn bytes(url: &str) -> impl Iterator<Item = u8> {
    (url.bytes())
        .skip_while(|byte| *byte <= b' ')
        .filter(|byte| !matches!(byte, b'\t' | b'\n' | b'\r'))
        .map(|byte| byte.to_ascii_lowercase())
}

/// Whether the first character reference is one that escaping writes, or none.
/// Others come from HTML that somebody else escaped, and may be a part of the
/// scheme.
fn is_ours(html: &str) -> bool {
    let Some(at) = html.find('&') else {
        return true;
    };
    let rest = &html[at + 1..];
    let is_reference = rest.starts_with(|char: char| char == '#' || char.is_ascii_alphabetic());
    !is_reference
        || ["amp;", "lt;", "gt;", "quot;"]
            .iter()
            .any(|own| rest.starts_with(own))
}

/// The addresses of a `srcset`, as the HTML standard parses one.
fn sources(value: &str) -> impl Iterator<Item = &str> {
    let is_blank = |char: char| char.is_ascii_whitespace();
    let mut rest = value;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|char| is_blank(char) || char == ',');
        if rest.is_empty() {
            return None;
        }
        let (url, after) = rest.split_at(rest.find(is_blank).unwrap_or(rest.len()));
        rest = after;
        let bare = url.trim_end_matches(',');
        if bare.len() == url.len() {
            // Descriptors; a comma in parentheses ends none.
            let mut depth = 0_u32;
            let end = rest.find(|char| {
                match char {
                    '(' => depth = depth.saturating_add(1),
                    ')' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                char == ',' && depth == 0
            });
            rest = end.map_or("", |end| &rest[end..]);
        }
        Some(bare)
    })
}

/// The address of a refresh, as the HTML standard finds it.
fn refresh(value: &str) -> Option<&str> {
    let skip = str::trim_ascii_start;
    let value = skip(value);
    let rest = value.trim_start_matches(|char: char| char.is_ascii_digit() || char == '.');
    if rest.len() == value.len() {
        return None;
    }
    let rest = skip(rest);
    let rest = skip(rest.strip_prefix([';', ',']).unwrap_or(rest));
    let named = rest
        .split_at_checked(3)
        .filter(|(name, _)| name.eq_ignore_ascii_case("url"))
        .and_then(|(_, after)| skip(after).strip_prefix('='))
        .map(skip);
    let url = named.unwrap_or(rest);
    let quotes = ["\"", "'", "&quot;"];
    let quoted = quotes.iter().find_map(|quote| url.strip_prefix(quote));
    Some(quoted.unwrap_or(url))
}
