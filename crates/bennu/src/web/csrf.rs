//! Proof that a WebSocket was opened by one of our own pages
//! (`protocol.md §1.6`): the page holds a token that matches a cookie, and
//! other sites can read neither.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue, header};

use crate::session::token::{Signer, random};

const COOKIE: &str = "__bennu_csrf";
const PAD: usize = 16;

/// The visitor's cookie value, known or new.
#[derive(Debug)]
pub(crate) struct Visitor {
    id: String,
    is_new: bool,
}

impl Visitor {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        match cookie(headers, COOKIE) {
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

    /// The token for this visitor's page. It differs each time, so that it
    /// can't be guessed from the sizes of compressed answers.
    pub(crate) fn token(&self, signer: &Signer) -> String {
        let pad: [u8; PAD] = random();
        let mut bytes = [0; PAD * 2];
        bytes[..PAD].copy_from_slice(&pad);
        bytes[PAD..].copy_from_slice(&mask(&self.tag(signer), &pad));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whether `token` was made for this visitor.
    pub(crate) fn verify(&self, signer: &Signer, token: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else {
            return false;
        };
        let Some((pad, masked)) = bytes.split_first_chunk::<PAD>() else {
            return false;
        };
        let Ok(masked) = <&[u8; PAD]>::try_from(masked) else {
            return false;
        };
        let (own, given) = (self.tag(signer), mask(masked, pad));
        // Looks at every byte, so that time tells nothing.
        own.iter()
            .zip(given)
            .fold(0, |differs, (own, given)| differs | (own ^ given))
            == 0
    }

    /// The cookie to set, for a new visitor.
    pub(crate) fn set_cookie(&self, secure: &str) -> Option<HeaderValue> {
        if !self.is_new {
            return None;
        }
        format!(
            "{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax{secure}",
            self.id
        )
        .parse()
        .ok()
    }

    fn tag(&self, signer: &Signer) -> [u8; PAD] {
        let tag = signer.tag(b"csrf", self.id.as_bytes());
        std::array::from_fn(|index| tag[index])
    }
}

fn mask(bytes: &[u8; PAD], pad: &[u8; PAD]) -> [u8; PAD] {
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
    use super::*;

    #[test]
    fn a_token_fits_the_cookie_that_it_was_made_for() {
        let signer = Signer::new(&[1; 32]);
        let visitor = Visitor::of(&HeaderMap::new());
        let set = visitor.set_cookie("").expect("a new visitor gets a cookie");
        let pair = set
            .to_str()
            .expect("text")
            .split(';')
            .next()
            .expect("a pair")
            .to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            format!("a=b; {pair}").parse().expect("a header"),
        );
        let back = Visitor::of(&headers);
        assert!(back.set_cookie("").is_none());

        let token = visitor.token(&signer);
        assert_ne!(token, visitor.token(&signer), "tokens are masked");
        assert!(back.verify(&signer, &token));
        assert!(!Visitor::of(&HeaderMap::new()).verify(&signer, &token));
        assert!(!back.verify(&Signer::new(&[2; 32]), &token));
        for broken in ["", "x", &token[4..], &format!("{token}AAAA")] {
            assert!(!back.verify(&signer, broken), "{broken}");
        }
    }
}
