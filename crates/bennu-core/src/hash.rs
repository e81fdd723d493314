//! In-memory hashes: of texts for [`Prints`](crate::Prints) and of list keys.
//! They are seeded per process, so that nobody outside can prepare two texts
//! that hash alike; they never leave the process.

use std::hash::Hash;
use std::sync::OnceLock;

use rapidhash::v3::{RapidSecrets, rapidhash_v3_nano_inline};

fn secrets() -> &'static RapidSecrets {
    static SECRETS: OnceLock<RapidSecrets> = OnceLock::new();
    SECRETS.get_or_init(|| {
        use std::hash::{BuildHasher, RandomState};
        RapidSecrets::seed(RandomState::new().hash_one("bennu"))
    })
}

/// Hashes texts; fetched once per diff, so that the loop does not look up the
/// process's seed for each dynamic.
#[derive(Clone, Copy)]
pub(crate) struct TextHasher(&'static RapidSecrets);

impl TextHasher {
    pub(crate) fn new() -> Self {
        Self(secrets())
    }

    #[inline]
    pub(crate) fn hash(self, text: &[u8]) -> u64 {
        rapidhash_v3_nano_inline::<true, false>(text, self.0)
    }
}

/// The key of a list entry, as `html!` hands it to
/// [`Writer::entry`](crate::__private::Writer::entry).
#[must_use]
#[inline]
pub fn key<K: Hash + ?Sized>(key: &K) -> u64 {
    use std::hash::BuildHasher;
    rapidhash::fast::GlobalState::new().hash_one(key)
}
