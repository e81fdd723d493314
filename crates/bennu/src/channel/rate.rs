//! How fast one peer may send.

use std::time::Duration;

use tokio::time::Instant;

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

    /// Counts a message. Returns until when no other is to be read, if the peer
    /// was too fast.
    pub(crate) fn count(&mut self, now: Instant) -> Option<Instant> {
        self.due = self.due.max(now) + self.interval;
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
            assert_eq!(rate.count(start), None);
        }
        assert_eq!(rate.count(start), Some(start + Duration::from_millis(100)));
        let later = start + Duration::from_secs(10);
        assert_eq!(rate.count(later), None, "the bucket fills up again");
    }
}
