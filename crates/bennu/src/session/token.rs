//! Signed tokens: readable by anybody, made only by this application
//! (`protocol.md §2.4`).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

/// How long a page's tokens hold: a page may stay open for so long and still
/// join again.
const PAGE_LIFETIME: Duration = Duration::from_secs(14 * 24 * 3600);

/// How long a token lives that only bridges one page load.
const BRIDGE_LIFETIME: Duration = Duration::from_secs(60);

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
        let mut bytes = seconds(now).to_be_bytes().to_vec();
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
