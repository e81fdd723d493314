//! How fast one peer may send.

use std::time::Duration;

use tokio::time::Instant;

use crate::channel::websocket::Taken;
use crate::config::Limits;

/// So many bytes does a fragment of a message count on top of its own, as each
/// is some work.
const FRAGMENT: usize = 32;

/// Messages and bytes that are read of a peer: so many of each per second over a
/// longer time, twice as many at once. A peer beyond that is not read for a
/// while; TCP makes it wait.
///
/// What comes in small pieces costs the same as in large ones.
#[derive(Debug)]
pub(crate) struct Rate {
    messages: Bucket,
    bytes: Bucket,
}

impl Rate {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            messages: Bucket::new(limits.messages_per_second),
            bytes: Bucket::new(limits.bytes_per_second),
        }
    }

    /// Counts what was read. Returns until when nothing else is to be read, if
    /// the peer was too fast.
    pub(crate) fn count(&mut self, now: Instant, taken: Taken, bytes: usize) -> Option<Instant> {
        let messages = self.messages.count(now, taken.messages);
        let bytes = self.bytes.count(now, bytes + taken.fragments * FRAGMENT);
        messages.max(bytes)
    }
}

/// A token bucket.
#[derive(Debug)]
struct Bucket {
    per_second: u32,
    /// When a peer that sent all evenly would have sent the last.
    due: Instant,
}

impl Bucket {
    fn new(per_second: u32) -> Self {
        Self {
            per_second: per_second.max(1),
            due: Instant::now(),
        }
    }

    fn count(&mut self, now: Instant, count: usize) -> Option<Instant> {
        // One read is bounded by its buffer, so the number is small.
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let interval = Duration::from_secs(1) / self.per_second;
        let burst = interval * self.per_second * 2;
        self.due = self.due.max(now) + interval.saturating_mul(count);
        (self.due > now + burst).then(|| self.due - burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(messages_per_second: u32, bytes_per_second: u32) -> Rate {
        Rate::new(&Limits {
            messages_per_second,
            bytes_per_second,
            ..Limits::default()
        })
    }

    fn messages(messages: usize) -> Taken {
        Taken {
            messages,
            fragments: 0,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_passes_and_then_the_peer_is_held_to_the_rate() {
        let mut rate = rate(10, 1_000_000);
        let start = Instant::now();
        for _ in 0..20 {
            assert_eq!(rate.count(start, messages(1), 100), None);
        }
        let until = start + Duration::from_millis(100);
        assert_eq!(rate.count(start, messages(1), 100), Some(until));
        let later = start + Duration::from_secs(10);
        assert_eq!(
            rate.count(later, messages(20), 100),
            None,
            "the bucket fills up again"
        );
    }

    /// How long it takes to read so many messages of 512 KiB.
    fn time_for(count: usize, piece: usize, is_fragmented: impl Fn(usize) -> bool) -> Duration {
        const MESSAGE: usize = 512 * 1024;
        let mut rate = rate(100, 4 * 1024 * 1024);
        let start = Instant::now();
        let mut now = start;
        for _ in 0..count {
            let mut left = MESSAGE;
            while left > 0 {
                let bytes = left.min(piece);
                left -= bytes;
                let taken = Taken {
                    messages: usize::from(left == 0),
                    fragments: usize::from(left > 0 && is_fragmented(piece)),
                };
                now = rate.count(now, taken, bytes).unwrap_or(now).max(now);
            }
        }
        now - start
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_have_a_rate_of_their_own_whatever_the_pieces_are() {
        // 64 MiB, of which 8 pass at once, at 4 MiB a second.
        for piece in [1000, 4095, 4096, 16 * 1024, 512 * 1024] {
            let taken = time_for(128, piece, |_| false).as_secs_f64();
            assert!((13.8..14.2).contains(&taken), "{piece}: {taken}");
        }
        for piece in [4095, 16 * 1024] {
            let taken = time_for(128, piece, |_| true).as_secs_f64();
            assert!((13.8..14.3).contains(&taken), "{piece}: {taken}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn tiny_fragments_cost_more_than_their_bytes() {
        let taken = time_for(16, 1, |_| true).as_secs_f64();
        assert!(taken > 30.0, "{taken}");
    }
}
