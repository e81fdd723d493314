//! In-memory hashes: of texts for [`Prints`](crate::Prints) and of list keys.
//! They are seeded per process, so that nobody outside can prepare two texts
//! that hash alike; they never leave the process.
//!
//! Nearly all dynamics are short, and thousands of them are hashed for one event.
//! So texts of less than 16 bytes take one multiplication and those of up to 32
//! two, inlined; the others go to rapidhash.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::OnceLock;

use rapidhash::v3::{RapidSecrets, rapidhash_v3_nano_inline};

#[derive(Debug)]
struct Secrets {
    one: u64,
    two: u64,
    three: u64,
    length: u64,
    long: RapidSecrets,
}

#[inline]
fn secrets() -> &'static Secrets {
    static SECRETS: OnceLock<Secrets> = OnceLock::new();
    SECRETS.get_or_init(|| {
        let random = RandomState::new();
        Secrets {
            one: random.hash_one(1),
            two: random.hash_one(2),
            three: random.hash_one(3),
            length: random.hash_one(4) | 1,
            long: RapidSecrets::seed(random.hash_one(5)),
        }
    })
}

/// Multiplies and folds the upper half of the product into the lower: each bit
/// of both numbers reaches each bit of the result.
#[inline]
fn mix(one: u64, two: u64) -> u64 {
    let product = u128::from(one) * u128::from(two);
    product as u64 ^ (product >> 64) as u64
}

/// Hashes texts; fetched once per diff, so that the loop does not look up the
/// process's secrets for each dynamic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextHasher(&'static Secrets);

impl TextHasher {
    pub(crate) fn new() -> Self {
        Self(secrets())
    }

    #[inline]
    pub(crate) fn hash(self, text: &[u8]) -> u64 {
        if let (Some(first), Some(last)) = (text.first_chunk::<16>(), text.last_chunk::<16>()) {
            if text.len() > 32 {
                return long(text, &self.0.long);
            }
            return self.medium(first, last, text.len());
        }
        // The two halves of a short text overlap where it is shorter than both.
        let (one, two) = if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk())
        {
            (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
        } else if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
            (
                u32::from_le_bytes(*first).into(),
                u32::from_le_bytes(*last).into(),
            )
        } else if let (Some(&first), Some(&last)) = (text.first(), text.last()) {
            let middle = text[text.len() / 2];
            (u64::from(first) | u64::from(last) << 8, middle.into())
        } else {
            (0, 0)
        };
        mix(one ^ self.0.one, two ^ self.0.two ^ self.length(text.len()))
    }

    /// 16 to 32 bytes: both halves overlap here too.
    #[inline]
    fn medium(self, first: &[u8; 16], last: &[u8; 16], length: usize) -> u64 {
        let (first, last) = (u128::from_le_bytes(*first), u128::from_le_bytes(*last));
        let start = mix(
            first as u64 ^ self.0.one,
            (first >> 64) as u64 ^ self.0.two ^ self.length(length),
        );
        mix(last as u64 ^ start, (last >> 64) as u64 ^ self.0.three)
    }

    /// Times a secret, so that no text can make up for another's length.
    #[inline]
    fn length(self, length: usize) -> u64 {
        (length as u64).wrapping_mul(self.0.length)
    }
}

#[inline(never)]
fn long(text: &[u8], secrets: &RapidSecrets) -> u64 {
    rapidhash_v3_nano_inline::<true, false>(text, secrets)
}

/// Makes the keys and memos of one list: it looks the process's secrets up once.
#[derive(Clone, Copy, Debug)]
pub struct Keys(&'static Secrets);

impl Keys {
    /// For a list.
    #[must_use]
    #[inline]
    #[expect(clippy::new_without_default, reason = "only `html!` makes one")]
    pub fn new() -> Self {
        Self(secrets())
    }

    /// The key of an entry.
    #[must_use]
    #[inline]
    pub fn key<K: Hash + ?Sized>(self, key: &K) -> u64 {
        let mut hasher = KeyHasher {
            state: self.0.one,
            secrets: self.0,
        };
        key.hash(&mut hasher);
        hasher.finish()
    }

    /// The memo of an entry: never 0, which stands for none. Lists whose fixed
    /// parts are the same can't be told apart by their template, so the memo
    /// names the body too.
    #[must_use]
    #[inline]
    pub fn memo<K: Hash + ?Sized>(self, memo: &K, body: u64) -> u64 {
        (self.key(memo) ^ body) | 1
    }
}

/// Hashes keys: mostly one number, or one text.
#[derive(Debug)]
struct KeyHasher {
    state: u64,
    secrets: &'static Secrets,
}

macro_rules! write_numbers {
    ($($write:ident($number:ty))*) => {$(
        #[inline]
        fn $write(&mut self, number: $number) {
            self.add(number as u64);
        }
    )*};
}

impl KeyHasher {
    #[inline]
    fn add(&mut self, number: u64) {
        self.state = mix(self.state ^ number, self.secrets.two);
    }
}

impl Hasher for KeyHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        self.add(TextHasher(self.secrets).hash(bytes));
    }

    write_numbers! {
        write_u8(u8) write_u16(u16) write_u32(u32) write_u64(u64) write_usize(usize)
        write_i8(i8) write_i16(i16) write_i32(i32) write_i64(i64) write_isize(isize)
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.state
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn texts_that_are_alike_hash_apart() {
        let hasher = TextHasher::new();
        let mut texts = vec![String::new()];
        for character in ["0", "1", "a", "\0", "\u{ff}"] {
            texts.extend((1..40).map(|length| character.repeat(length)));
        }
        // Windows of these differ by as much as their lengths do.
        texts.extend(["aaaaaaaa2", "aaaaaaaaa1", "?12222222", "?122222222"].map(Into::into));
        texts.extend((100..100_000).map(|number| number.to_string()));
        texts.extend((0..1000).map(|number| format!("Row label number {number}")));
        texts.extend((0..1000).map(|number| format!("{number} is the row's number")));
        let texts: HashSet<_> = texts.into_iter().collect();
        let hashes: HashSet<_> = texts
            .iter()
            .map(|text| hasher.hash(text.as_bytes()))
            .collect();
        assert_eq!(hashes.len(), texts.len());
    }

    #[test]
    fn keys_that_are_alike_hash_apart() {
        let list = Keys::new();
        let mut keys: HashSet<u64> = (0..100_000_u32).map(|number| list.key(&number)).collect();
        keys.extend((0..1000_u32).map(|number| list.key(&format!("row-{number}"))));
        keys.extend((0..1000_u16).map(|number| list.key(&(number, 1_u16))));
        keys.extend((0..1000_u16).map(|number| list.key(&(1_u16, number, 'x'))));
        assert_eq!(keys.len(), 103_000);
    }
}
