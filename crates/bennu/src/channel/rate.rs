//! How fast one peer may send.

use std::time::Duration;

use tokio::time::Instant;

/// So many bytes cost as much as one more message: large ones take longer to
/// handle.
const BYTES: usize = 4096;

/// A token bucket: `per_second` messages over a longer time, twice as many at
/// once. A peer beyond that is not read for a while; TCP makes it wait.
#[derive(Debug)]
pub(crate) struct Rate {
    interval: Duration,
    burst: Duration,
    /// When a peer that sent all its messages evenly would have sent the last.
    due: Instant,
}

impl Rate {
    pub(crate) fn new(per_second: u32) -> Self {
        let interval = Duration::from_secs(1) / per_second.max(1);
        Self {
            interval,
            burst: interval * per_second.max(1) * 2,
            due: Instant::now(),
        }
    }

    /// Counts what was read: frames of any kind, and their bytes. Returns until
    /// when nothing else is to be read, if the peer was too fast.
    pub(crate) fn count(&mut self, now: Instant, frames: usize, bytes: usize) -> Option<Instant> {
        // One read is bounded by its buffer, so the number is small.
        let cost = u32::try_from(frames + bytes / BYTES).unwrap_or(u32::MAX);
        self.due = self.due.max(now) + self.interval.saturating_mul(cost);
        let allowed = now + self.burst;
        (self.due > allowed).then(|| self.due - self.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_passes_and_then_the_peer_is_held_to_the_rate() {
        let mut rate = Rate::new(10);
        let start = Instant::now();
        for _ in 0..20 {
            assert_eq!(rate.count(start, 1, 100), None);
        }
        let until = start + Duration::from_millis(100);
        assert_eq!(rate.count(start, 1, 100), Some(until));
        let later = start + Duration::from_secs(10);
        assert_eq!(
            rate.count(later, 20, 100),
            None,
            "the bucket fills up again"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_count_where_messages_are_large() {
        let mut rate = Rate::new(10);
        let start = Instant::now();
        assert_eq!(rate.count(start, 0, 20 * BYTES), None);
        assert!(rate.count(start, 0, BYTES).is_some());
    }
}
