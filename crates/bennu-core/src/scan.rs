//! Looking for bytes that need escaping: most text has none, and most texts are
//! short. So eight bytes are looked at in one word, without a branch.

/// Eight bytes, to be asked whether one of them is special.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word(u64);

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);

impl Word {
    /// Not 0 if one of the bytes is `byte`, leaving the bits of `mask` away.
    #[inline]
    pub(crate) fn has(self, byte: u8, mask: u8) -> u64 {
        let same = (self.0 & (ONES * u64::from(mask))) ^ (ONES * u64::from(byte));
        same.wrapping_sub(ONES) & !same & HIGHS
    }

    /// Not 0 if one of the bytes is below `byte`, which is at most 128.
    #[inline]
    pub(crate) fn has_below(self, byte: u8) -> u64 {
        self.0.wrapping_sub(ONES * u64::from(byte)) & !self.0 & HIGHS
    }
}

/// Whether `special` is not 0 for some eight bytes. Words overlap where the
/// length is no multiple of eight, and short texts are filled up with a letter.
#[inline]
pub(crate) fn any(bytes: &[u8], special: impl Fn(Word) -> u64) -> bool {
    let special = |word| special(Word(word));
    if let Some(last) = bytes.last_chunk() {
        let (words, _) = bytes.as_chunks();
        special(u64::from_ne_bytes(*last)) != 0
            || (words.iter()).any(|word| special(u64::from_ne_bytes(*word)) != 0)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u32::from_ne_bytes(*first), u32::from_ne_bytes(*last));
        special(u64::from(first) << 32 | u64::from(last)) != 0
    } else if let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) {
        let middle = bytes[bytes.len() / 2];
        let letters = u64::from_ne_bytes([b'a'; 8]) << 24;
        let word = u64::from(first) | u64::from(middle) << 8 | u64::from(last) << 16;
        special(letters | word) != 0
    } else {
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Word;

    proptest! {
        #[test]
        fn words_find_what_bytes_find(
            bytes in proptest::collection::vec(prop_oneof![0x20..0x24_u8, 0x7f..0x82_u8, 0..=255_u8], 0..40),
        ) {
            let has = |byte| super::any(&bytes, |word: Word| word.has(byte, 0xff));
            for byte in [0, 1, 0x21, 0x22, 0x7f, 0x80, 0x81, 0xff] {
                prop_assert_eq!(has(byte), bytes.contains(&byte));
            }
            for end in [1, 0x20, 0x21, 0x61] {
                let below = super::any(&bytes, |word| word.has_below(end));
                prop_assert_eq!(below, bytes.iter().any(|&byte| byte < end));
            }
            let either = super::any(&bytes, |word| word.has(0x22, !4));
            prop_assert_eq!(either, bytes.iter().any(|&byte| byte == 0x22 || byte == 0x26));
        }
    }
}
