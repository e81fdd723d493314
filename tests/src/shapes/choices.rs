//! Random numbers that a test decides.

use std::collections::VecDeque;

/// Random numbers: those of a test case and then zeros, or those of a seed
/// without end.
#[derive(Debug)]
pub struct Choices {
    bytes: VecDeque<u8>,
    /// What follows the bytes (splitmix64).
    generator: Option<u64>,
}

impl Choices {
    /// These numbers, and then zeros.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.iter().copied().collect(),
            generator: None,
        }
    }

    /// The numbers of a seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self {
            bytes: VecDeque::new(),
            generator: Some(seed << 32),
        }
    }

    /// A number below `most`, which is at most 256; zero if that is zero.
    pub fn below(&mut self, most: usize) -> usize {
        if self.bytes.is_empty()
            && let Some(state) = &mut self.generator
        {
            *state = state.wrapping_add(1);
            let mut bits = state.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            self.bytes.extend((bits ^ bits >> 31).to_le_bytes());
        }
        usize::from(self.bytes.pop_front().unwrap_or(0)) % most.max(1)
    }

    /// A number below `most`, as texts, branches and the like are counted.
    pub(super) fn small(&mut self, most: u8) -> u8 {
        u8::try_from(self.below(usize::from(most))).unwrap_or(0)
    }

    /// One of these.
    pub(super) fn pick<'i, T>(&mut self, items: &'i [T]) -> Option<&'i T> {
        items.get(self.below(items.len()))
    }
}
