//! Warnings of what peers can cause as often as they like. A developer and an operator
//! want to know of it, and nobody may fill their log by it: in release builds each place
//! warns once a minute, and says it for debugging in between.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Seconds from one warning to the next.
const PAUSE: u64 = 60;

/// When a place of the program warned, in seconds.
pub(crate) struct Seldom(AtomicU64);

impl Seldom {
    pub(crate) const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Whether to warn now.
    pub(crate) fn is_due(&self) -> bool {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        cfg!(debug_assertions) || self.is_due_at(START.elapsed().as_secs() + PAUSE)
    }

    fn is_due_at(&self, now: u64) -> bool {
        let last = self.0.load(Ordering::Relaxed);
        // Of those that find it due together one warns.
        now.saturating_sub(last) >= PAUSE
            && (self.0)
                .compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }
}

/// As `tracing::warn!`, for what a peer can cause.
macro_rules! warn_seldom {
    ($($what:tt)*) => {{
        static PLACE: $crate::seldom::Seldom = $crate::seldom::Seldom::new();
        match PLACE.is_due() {
            true => tracing::warn!($($what)*),
            false => tracing::debug!($($what)*),
        }
    }};
}

pub(crate) use warn_seldom;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_warns_once_a_minute() {
        let place = Seldom::new();
        let asked = [PAUSE, PAUSE + 1, 2 * PAUSE - 1, 2 * PAUSE, 2 * PAUSE, 500];
        let due = asked.map(|now| place.is_due_at(now));
        assert_eq!(due, [true, false, false, true, false, true]);
    }
}
