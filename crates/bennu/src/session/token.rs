//! Signed tokens: readable by anybody, made only by this application
//! (`protocol.md §2.4`).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::flash::Flash;

/// How long a page's tokens hold: a page may stay open for so long and still
/// join again.
const PAGE_LIFETIME: Duration = Duration::from_secs(14 * 24 * 3600);

/// How long a token lives that only bridges one page load.
const BRIDGE_LIFETIME: Duration = Duration::from_secs(60);

/// The cookie that takes notices to the page that is loaded next.
pub(crate) const FLASH_COOKIE: &str = "__phoenix_flash__";

/// Browsers keep no cookie whose name and value have more bytes.
const LONGEST_COOKIE: usize = 4096;

/// So much of a path is told to the log, in characters.
const LONGEST_LOGGED: usize = 100;

/// What a token holds beside its JSON: the time and the tag.
const AROUND_JSON: usize = 8 + 32;

/// What a page's session token says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SessionToken {
    /// The id of the view's element, which names its topic.
    pub(crate) id: String,
    /// The live session of the page; empty for a child.
    pub(crate) session: String,
    /// The page's view, by its [`mark`]; none for a child, which is known by its
    /// URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) view: Option<u64>,
    /// What is embedded, if it isn't the page's own view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) child: Option<Embedded>,
}

/// What a child's session token says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Embedded {
    /// Path and query of the child.
    pub(crate) url: String,
    /// How many views it is nested in.
    pub(crate) depth: u8,
    /// The life of the view that placed it; none for a sticky view.
    pub(crate) parent: Option<u64>,
}

/// What a page's static token says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StaticToken {
    pub(crate) id: String,
    /// The notices that the dead render shows.
    #[serde(default, skip_serializing_if = "Flash::is_trivial")]
    pub(crate) flash: Flash,
}

/// A status that the next load of this page is to show.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ReloadToken {
    pub(crate) status: u16,
    /// Path and query of the page: another one is shown as ever. A child
    /// doesn't know its page, and names none.
    pub(crate) uri: Option<String>,
}

/// What stands for a view in tokens: the same on all servers of an application,
/// and no name that its visitors could read.
pub(crate) fn mark(view: &str, signer: &Signer) -> u64 {
    first_bytes(&signer.tag(b"view", view.as_bytes()))
}

/// Whether this stands for the view, under any secret.
pub(crate) fn is_mark_of(mark: u64, view: &str, signer: &Signer) -> bool {
    let mut tags = signer.tags(b"view", view.as_bytes());
    tags.any(|tag| first_bytes(&tag) == mark)
}

fn first_bytes(tag: &[u8; 32]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *tag;
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// What a token is for; a token for one use is worthless for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Which view a page holds.
    Session,
    /// What its dead render knew.
    Static,
    /// Notices on their way to the next page.
    Flash,
    /// A status that the next page load shows.
    Reload,
    /// Which cookie a visitor had before a log-in.
    Former,
}

impl Use {
    fn salt(self) -> &'static [u8] {
        match self {
            Self::Session => b"session",
            Self::Static => b"static",
            Self::Flash => b"flash",
            Self::Reload => b"reload",
            Self::Former => b"former",
        }
    }

    fn lifetime(self) -> Duration {
        match self {
            Self::Session | Self::Static | Self::Former => PAGE_LIFETIME,
            Self::Flash | Self::Reload => BRIDGE_LIFETIME,
        }
    }
}

/// Signs and verifies with keys that were derived from the secrets: the first
/// signs, all verify.
#[derive(Clone)]
pub(crate) struct Signer {
    mac: Hmac<Sha256>,
    older: Vec<Hmac<Sha256>>,
}

impl Signer {
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self {
            mac: derived(secret),
            older: Vec::new(),
        }
    }

    /// Verifies what was signed with this secret too.
    pub(crate) fn accept(&mut self, secret: &[u8]) {
        self.older.push(derived(secret));
    }

    /// A token that holds `value`: its JSON and the time, then their tag.
    pub(crate) fn sign(&self, purpose: Use, value: &impl Serialize) -> String {
        self.sign_at(purpose, value, SystemTime::now())
    }

    /// What the token holds, if this application made it for this purpose and
    /// it has not expired.
    pub(crate) fn verify<T: DeserializeOwned>(&self, purpose: Use, token: &str) -> Option<T> {
        self.verify_at(purpose, token, SystemTime::now())
    }

    /// The token that takes notices to another page, which may have to travel in
    /// a cookie. What no cookie holds is cut off; `from` says who put it: a view,
    /// or a path.
    pub(crate) fn carry(&self, flash: &Flash, from: &str) -> String {
        // Of three bytes come four letters.
        const ROOM: usize = (LONGEST_COOKIE - FLASH_COOKIE.len()) / 4 * 3 - AROUND_JSON;
        let mut flash = flash.clone();
        let kinds = flash.fit(ROOM);
        if !kinds.is_empty() {
            // A peer may have chosen the path, and its query is none of the log's.
            let from = from.split('?').next().unwrap_or_default();
            let from: String = from.chars().take(LONGEST_LOGGED).collect();
            tracing::error!(
                from,
                ?kinds,
                "notices were cut: on the way to another page all together have {ROOM} bytes, \
                 because a cookie may have to carry them; say it in fewer words, or show the long \
                 text on the page that they lead to"
            );
        }
        self.sign(Use::Flash, &flash)
    }

    /// The tag of some bytes, for checks that need no token.
    pub(crate) fn tag(&self, salt: &[u8], bytes: &[u8]) -> [u8; 32] {
        fed(&self.mac, salt, bytes).finalize().into_bytes().into()
    }

    /// The tags of some bytes under each secret, the one that signs first.
    pub(crate) fn tags(&self, salt: &[u8], bytes: &[u8]) -> impl Iterator<Item = [u8; 32]> {
        (self.macs()).map(move |mac| fed(mac, salt, bytes).finalize().into_bytes().into())
    }

    fn macs(&self) -> impl Iterator<Item = &Hmac<Sha256>> {
        std::iter::once(&self.mac).chain(&self.older)
    }

    fn sign_at(&self, purpose: Use, value: &impl Serialize, now: SystemTime) -> String {
        // Most tokens fit.
        let mut bytes = Vec::with_capacity(256);
        bytes.extend_from_slice(&seconds(now).to_be_bytes());
        // Tokens hold plain structs of texts, which always have a JSON form.
        let _ = serde_json::to_writer(&mut bytes, value);
        let tag = self.tag(purpose.salt(), &bytes);
        bytes.extend_from_slice(&tag);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn verify_at<T: DeserializeOwned>(
        &self,
        purpose: Use,
        token: &str,
        now: SystemTime,
    ) -> Option<T> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (bytes, tag) = bytes.split_last_chunk::<32>()?;
        let mut macs = self.macs();
        macs.find(|mac| fed(mac, purpose.salt(), bytes).verify_slice(tag).is_ok())?;
        let (made, json) = bytes.split_first_chunk::<8>()?;
        let age = seconds(now).checked_sub(u64::from_be_bytes(*made));
        // A token from the future was made by a server whose clock is ahead.
        if age.unwrap_or(0) > purpose.lifetime().as_secs() {
            return None;
        }
        serde_json::from_slice(json).ok()
    }
}

fn derived(secret: &[u8]) -> Hmac<Sha256> {
    let mut derive = keyed(secret);
    derive.update(b"bennu token key 1");
    keyed(&derive.finalize().into_bytes())
}

fn fed(mac: &Hmac<Sha256>, salt: &[u8], bytes: &[u8]) -> Hmac<Sha256> {
    let mut mac = mac.clone();
    mac.update(salt);
    mac.update(&[0]);
    mac.update(bytes);
    mac
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// Bytes that nobody can guess.
///
/// # Panics
/// When the operating system gives no randomness: nothing safe can be done then.
#[expect(
    clippy::expect_used,
    reason = "there is no safe way on without randomness"
)]
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// A random name that is safe in URLs and attributes: 16 characters.
pub(crate) fn random_name() -> String {
    URL_SAFE_NO_PAD.encode(random::<12>())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;

    #[test]
    fn a_token_is_good_for_its_purpose_its_key_and_its_time_only() {
        let signer = Signer::new(&[1; 32]);
        let now = UNIX_EPOCH + Duration::from_secs(2_000_000_000);
        let token = signer.sign_at(Use::Flash, &("info", "saved"), now);
        let verify = |signer: &Signer, purpose, token: &str, seconds| {
            signer.verify_at::<(String, String)>(purpose, token, now + Duration::from_secs(seconds))
        };
        let value = Some(("info".to_owned(), "saved".to_owned()));
        assert_eq!(verify(&signer, Use::Flash, &token, 60), value);
        assert_eq!(verify(&signer, Use::Flash, &token, 61), None);
        assert_eq!(verify(&signer, Use::Session, &token, 0), None);
        assert_eq!(verify(&Signer::new(&[2; 32]), Use::Flash, &token, 0), None);
        for broken in ["", "x", &token[1..], &token.replace(&token[9..10], "-")] {
            assert_eq!(verify(&signer, Use::Flash, broken, 0), None, "{broken}");
        }
    }

    const PURPOSES: [Use; 4] = [Use::Session, Use::Static, Use::Flash, Use::Reload];

    proptest! {
        #[test]
        fn what_was_signed_is_verified_for_its_purpose_alone(
            value in any::<Vec<String>>(),
            purpose in 0..4_usize,
        ) {
            let signer = Signer::new(&[1; 32]);
            let token = signer.sign(PURPOSES[purpose], &value);
            for (at, other) in PURPOSES.into_iter().enumerate() {
                let verified = signer.verify::<Vec<String>>(other, &token);
                prop_assert_eq!(verified, (at == purpose).then(|| value.clone()));
            }
        }

        #[test]
        fn no_other_text_is_a_token(
            text in any::<String>(),
            bytes in prop::collection::vec(any::<u8>(), 0..80),
            at in any::<Index>(),
            letter in any::<char>(),
            cut in any::<Index>(),
        ) {
            let signer = Signer::new(&[1; 32]);
            let token = signer.sign(Use::Flash, &"x");
            // Tokens are ASCII.
            let (before, after) = token.split_at(at.index(token.len()));
            let others = [
                text,
                URL_SAFE_NO_PAD.encode(bytes),
                format!("{before}{letter}{}", &after[1..]),
                format!("{before}{letter}{after}"),
                token[..cut.index(token.len())].to_owned(),
            ];
            for other in others {
                if other != token {
                    prop_assert_eq!(signer.verify::<serde_json::Value>(Use::Flash, &other), None);
                }
            }
        }
    }

    #[test]
    fn a_token_of_any_time_is_judged() {
        let signer = Signer::new(&[1; 32]);
        let verify = |made, now| {
            let token = signer.sign_at(Use::Flash, &"x", made);
            signer.verify_at::<String>(Use::Flash, &token, now)
        };
        let (past, late) = (UNIX_EPOCH, UNIX_EPOCH + Duration::from_secs(1 << 40));
        assert_eq!(verify(past, late), None);
        assert!(verify(late, past).is_some(), "a clock that is ahead");
        assert!(verify(UNIX_EPOCH - Duration::from_secs(9), past).is_some());
    }

    #[test]
    fn the_first_secret_signs_and_all_verify() {
        let old = Signer::new(&[1; 32]);
        let mut new = Signer::new(&[2; 32]);
        new.accept(&[1; 32]);
        let verify = |signer: &Signer, token: &str| signer.verify::<String>(Use::Flash, token);
        let before = old.sign(Use::Flash, &"x");
        assert_eq!(verify(&new, &before).as_deref(), Some("x"));
        let after = new.sign(Use::Flash, &"x");
        assert_eq!(verify(&old, &after), None);
        assert_eq!(verify(&Signer::new(&[2; 32]), &after).as_deref(), Some("x"));
        assert_eq!(new.tags(b"a", b"b").next(), Some(new.tag(b"a", b"b")));
    }
}
