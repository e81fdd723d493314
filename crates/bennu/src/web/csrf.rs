//! Proof that a request comes from one of our own pages: for a WebSocket
//! (`protocol.md §1.6`), and for forms that are posted, see `posted`. The page
//! holds a token that matches a cookie, and other sites can read neither.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};

use crate::config::Config;
use crate::session::token::{Signer, Use, random};
use crate::web::origin::Source;

const TAG: usize = 16;
/// What stands between a visitor's id and the proof of its former one.
const BEHIND: char = '.';

/// The visitor's cookie value, known or new.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    id: String,
    /// The id before the log-in, as the cookie proves it: signed, with its time.
    former: Option<String>,
    is_new: bool,
}

/// What a visitor's tokens hide; only the server can make it.
#[derive(Clone)]
pub(crate) struct Tag {
    /// Of the secret that signs.
    own: [u8; TAG],
    older: Vec<[u8; TAG]>,
}

impl Visitor {
    /// Whoever asks; the same one each time that this request is asked about.
    pub(crate) fn asking(parts: &mut Parts, config: &Config) -> Self {
        if let Some(known) = parts.extensions.get::<Self>() {
            return known.clone();
        }
        let visitor = Self::of(&parts.headers, config);
        parts.extensions.insert(visitor.clone());
        visitor
    }

    /// Of two cookies with the name one was planted, and nobody knows which: then
    /// neither counts.
    pub(crate) fn of(headers: &HeaderMap, config: &Config) -> Self {
        let name = config.cookies.visitor();
        let mut own = cookies(headers, name);
        match (own.next(), own.next()) {
            (Some(value), None) => Self::read(value).unwrap_or_else(Self::anew),
            _ => Self::anew(),
        }
    }

    fn read(cookie: &str) -> Option<Self> {
        let (id, former) = match cookie.split_once(BEHIND) {
            Some((id, former)) => (id, Some(former.to_owned())),
            None => (cookie, None),
        };
        let is_id = !id.is_empty() && id.len() <= 64;
        is_id.then(|| Self {
            id: id.to_owned(),
            former: former.filter(|former| former.len() <= 256),
            is_new: false,
        })
    }

    fn anew() -> Self {
        Self {
            id: URL_SAFE_NO_PAD.encode(random::<18>()),
            former: None,
            is_new: true,
        }
    }

    /// The visitor after a log-in: with an id that nobody could have planted. Pages
    /// that are open hold tokens of the former one.
    pub(crate) fn renewed(&self, signer: &Signer) -> Self {
        Self {
            former: (!self.is_new).then(|| signer.sign(Use::Former, &self.id)),
            ..Self::anew()
        }
    }

    /// Whether the request brought the cookie.
    pub(crate) fn is_known(&self) -> bool {
        !self.is_new
    }

    pub(crate) fn tag(&self, signer: &Signer) -> Tag {
        Tag::of(&self.id, signer)
    }

    /// Whether `token` is one of this visitor's. Whoever planted the cookie before
    /// the log-in has a token of the former id too: it counts only where the browser
    /// says that the request comes from our own page.
    pub(crate) fn verify(&self, token: &str, source: Source, signer: &Signer) -> bool {
        if self.tag(signer).verify(token) {
            return true;
        }
        let former = || -> Option<String> { signer.verify(Use::Former, self.former.as_deref()?) };
        source == Source::Ours && former().is_some_and(|id| Tag::of(&id, signer).verify(token))
    }

    /// The cookie to set, for a new visitor.
    pub(crate) fn set_cookie(&self, config: &Config) -> Option<HeaderValue> {
        if !self.is_new {
            return None;
        }
        let cookies = &config.cookies;
        let (name, path, secure) = (cookies.visitor(), cookies.path(), cookies.secure());
        let (id, former) = (&self.id, self.former.as_deref().unwrap_or_default());
        let behind = if former.is_empty() { "" } else { "." };
        format!("{name}={id}{behind}{former}; Path={path}; HttpOnly; SameSite=Lax{secure}")
            .parse()
            .ok()
    }
}

impl Tag {
    fn of(id: &str, signer: &Signer) -> Self {
        let tags = signer.tags(b"csrf", id.as_bytes());
        let mut tags = tags.map(|tag| std::array::from_fn(|index| tag[index]));
        Self {
            own: tags.next().unwrap_or_default(),
            older: tags.collect(),
        }
    }

    /// A token for this visitor's page. It differs each time, so that it can't
    /// be guessed from the sizes of compressed answers.
    pub(crate) fn token(&self) -> String {
        let pad: [u8; TAG] = random();
        let mut bytes = [0; TAG * 2];
        bytes[..TAG].copy_from_slice(&pad);
        bytes[TAG..].copy_from_slice(&mask(&self.own, &pad));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whether `token` was made for this visitor.
    pub(crate) fn verify(&self, token: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else {
            return false;
        };
        let Some((pad, masked)) = bytes.split_first_chunk::<TAG>() else {
            return false;
        };
        let Ok(masked) = <&[u8; TAG]>::try_from(masked) else {
            return false;
        };
        let given = mask(masked, pad);
        // Looks at every byte, so that time tells nothing.
        let is = |own: &[u8; TAG]| {
            let pairs = own.iter().zip(given);
            pairs.fold(0, |differs, (own, given)| differs | (own ^ given)) == 0
        };
        let tags = std::iter::once(&self.own).chain(&self.older);
        tags.filter(|own| is(own)).count() > 0
    }
}

fn mask(bytes: &[u8; TAG], pad: &[u8; TAG]) -> [u8; TAG] {
    std::array::from_fn(|index| bytes[index] ^ pad[index])
}

/// The value of the request's first cookie of this name.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    cookies(headers, name).next()
}

fn cookies<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = &'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(move |(own, value)| (own == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;

    fn config(byte: u8) -> Config {
        Config::new([byte; 32]).expect("32 bytes are enough")
    }

    /// The headers with which the browser comes back.
    fn back(set: &HeaderValue) -> HeaderMap {
        let set = set.to_str().expect("it is text");
        let pair = set.split(';').next().expect("there is a first part");
        let cookie = format!("a=b; {pair}").parse().expect("it is a header");
        HeaderMap::from_iter([(header::COOKIE, cookie)])
    }

    #[test]
    fn a_token_fits_the_cookie_that_it_was_made_for() {
        let config = config(1);
        let visitor = Visitor::of(&HeaderMap::new(), &config);
        let set = visitor.set_cookie(&config).expect("a new visitor gets one");
        let again = Visitor::of(&back(&set), &config);
        assert!(again.set_cookie(&config).is_none());

        let tag = visitor.tag(&config.signer);
        let token = tag.token();
        assert_ne!(token, tag.token(), "tokens are masked");
        assert!(again.tag(&config.signer).verify(&token));
        let stranger = Visitor::of(&HeaderMap::new(), &config);
        assert!(!stranger.tag(&config.signer).verify(&token));
        assert!(!again.tag(&Signer::new(&[2; 32])).verify(&token));
        for broken in ["", "x", &token[4..], &format!("{token}AAAA")] {
            assert!(!tag.verify(broken), "{broken}");
        }
    }

    #[test]
    fn of_two_cookies_neither_counts() {
        let config = config(1);
        for cookies in [
            "__bennu_csrf=a; __bennu_csrf=b",
            "__bennu_csrf=a; x=y; __bennu_csrf=a",
        ] {
            let cookies = HeaderValue::from_str(cookies).expect("it is a header");
            let headers = HeaderMap::from_iter([(header::COOKIE, cookies)]);
            assert!(!Visitor::of(&headers, &config).is_known());
        }
    }

    #[test]
    fn after_a_log_in_the_former_token_counts_on_our_own_pages_alone() {
        let config = config(1);
        let signer = &config.signer;
        let before = Visitor::read("planted").expect("it is an id");
        let former = before.tag(signer).token();
        let renewed = before.renewed(signer);
        let set = renewed.set_cookie(&config).expect("it is a new cookie");
        let after = Visitor::of(&back(&set), &config);
        assert!(after.is_known() && after.id != before.id);
        assert!(after.verify(&former, Source::Ours, signer));
        assert!(!after.verify(&former, Source::Unknown, signer));
        let own = after.tag(signer).token();
        assert!(after.verify(&own, Source::Unknown, signer));
        assert!(!before.verify(&own, Source::Ours, signer));
        // Nobody can name a former id of his own.
        let forged = signer.sign(Use::Flash, &"planted");
        for forged in ["planted", "", &forged] {
            let forged = Visitor::read(&format!("x.{forged}")).expect("it is an id");
            assert!(!forged.verify(&former, Source::Ours, signer));
        }
        // A visitor without a cookie has no former one.
        let new = Visitor::of(&HeaderMap::new(), &config).renewed(signer);
        assert_eq!(new.former, None);
    }

    #[test]
    fn a_token_outlives_the_secret_that_signed_it() {
        let visitor = Visitor::read("id").expect("it is an id");
        let token = visitor.tag(&config(1).signer).token();
        let config = config(2).old_secret([1; 32]).expect("32 bytes");
        assert!(visitor.tag(&config.signer).verify(&token));
        let token = visitor.tag(&config.signer).token();
        assert!(visitor.tag(&Signer::new(&[2; 32])).verify(&token));
    }

    #[test]
    fn by_https_no_neighbour_can_set_the_cookie() {
        let config = config(1).secure_cookies();
        let set = Visitor::of(&HeaderMap::new(), &config).set_cookie(&config);
        let set = set.expect("a new visitor gets one");
        let text = set.to_str().expect("it is text");
        assert!(text.starts_with("__Host-bennu_csrf=") && text.ends_with("; Secure"));
        assert!(Visitor::of(&back(&set), &config).is_known());
        let planted = HeaderMap::from_iter([(
            header::COOKIE,
            HeaderValue::from_static("__bennu_csrf=planted"),
        )]);
        assert!(!Visitor::of(&planted, &config).is_known());
    }

    proptest! {
        #[test]
        fn no_other_text_fits_a_cookie(
            text in any::<String>(),
            bytes in prop::collection::vec(any::<u8>(), 0..80),
            at in any::<Index>(),
            letter in any::<char>(),
        ) {
            let config = config(1);
            let tag = Visitor::of(&HeaderMap::new(), &config).tag(&config.signer);
            let token = tag.token();
            // Tokens are ASCII.
            let (before, after) = token.split_at(at.index(token.len()));
            let changed = format!("{before}{letter}{}", &after[1..]);
            for other in [text, URL_SAFE_NO_PAD.encode(bytes), changed] {
                prop_assert_eq!(tag.verify(&other), other == token);
            }
        }
    }
}
