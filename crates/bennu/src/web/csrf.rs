//! Proof that a request comes from one of our own pages: for a WebSocket
//! (`protocol.md §1.6`), and for forms that are posted, see `posted`. The page
//! holds a token that matches a cookie, and other sites can read neither.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};

use crate::config::Config;
use crate::session::token::{Signer, random};

const COOKIE: &str = "__bennu_csrf";
/// By HTTPS a prefix keeps neighbours from setting it, on other hosts below the
/// same domain.
const SECURE_COOKIE: &str = "__Host-bennu_csrf";
const TAG: usize = 16;

/// The visitor's cookie value, known or new.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    id: String,
    is_new: bool,
}

/// What a visitor's tokens hide; only the server can make it.
#[derive(Clone, Copy)]
pub(crate) struct Tag([u8; TAG]);

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

    pub(crate) fn of(headers: &HeaderMap, config: &Config) -> Self {
        match cookie(headers, cookie_name(config)) {
            Some(id) if id.len() <= 64 && !id.is_empty() => Self {
                id: id.to_owned(),
                is_new: false,
            },
            _ => Self {
                id: URL_SAFE_NO_PAD.encode(random::<18>()),
                is_new: true,
            },
        }
    }

    /// Whether the request brought the cookie.
    pub(crate) fn is_known(&self) -> bool {
        !self.is_new
    }

    pub(crate) fn tag(&self, signer: &Signer) -> Tag {
        let tag = signer.tag(b"csrf", self.id.as_bytes());
        Tag(std::array::from_fn(|index| tag[index]))
    }

    /// The cookie to set, for a new visitor.
    pub(crate) fn set_cookie(&self, config: &Config) -> Option<HeaderValue> {
        if !self.is_new {
            return None;
        }
        let (name, secure) = (cookie_name(config), config.secure());
        format!("{name}={}; Path=/; HttpOnly; SameSite=Lax{secure}", self.id)
            .parse()
            .ok()
    }
}

impl Tag {
    /// A token for this visitor's page. It differs each time, so that it can't
    /// be guessed from the sizes of compressed answers.
    pub(crate) fn token(self) -> String {
        let pad: [u8; TAG] = random();
        let mut bytes = [0; TAG * 2];
        bytes[..TAG].copy_from_slice(&pad);
        bytes[TAG..].copy_from_slice(&mask(&self.0, &pad));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whether `token` was made for this visitor.
    pub(crate) fn verify(self, token: &str) -> bool {
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
        let pairs = self.0.iter().zip(given);
        pairs.fold(0, |differs, (own, given)| differs | (own ^ given)) == 0
    }
}

fn cookie_name(config: &Config) -> &'static str {
    if config.secure_cookies {
        SECURE_COOKIE
    } else {
        COOKIE
    }
}

fn mask(bytes: &[u8; TAG], pad: &[u8; TAG]) -> [u8; TAG] {
    std::array::from_fn(|index| bytes[index] ^ pad[index])
}

/// The value of the request's cookie of this name.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(own, value)| (own == name).then_some(value))
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
