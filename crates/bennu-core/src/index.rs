//! Positions on tapes and in prints, which are 32 bits wide.

/// A render of more than 4 GiB is cut there rather than shown wrong: readers find no text
/// beyond.
#[inline]
pub(crate) fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
