//! How many bytes of one peer, and of all, may wait in memory.
//!
//! Each connection has two budgets: one for what was received and not handled
//! yet (here), one for what waits to be sent ([`Outbox`](super::outbox::Outbox)).
//! Both draw on one [`Pool`] of the application. A connection always has its
//! [`SHARE`], so that many small ones go on when some large ones have taken all
//! that there is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use futures_util::task::AtomicWaker;

/// So many bytes of a connection may wait in each direction whatever others
/// have taken.
pub(crate) const SHARE: usize = 64 * 1024;

/// What a message that waits costs on top of its text.
const OVERHEAD: usize = 128;

/// The bytes of all connections together.
#[derive(Debug)]
pub(crate) struct Pool {
    used: AtomicUsize,
    limit: usize,
}

impl Pool {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            used: AtomicUsize::new(0),
            limit,
        })
    }

    pub(crate) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    pub(crate) fn take(&self, bytes: usize) {
        self.used.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Whether a connection that has `used` bytes may have more, at most `limit`.
    pub(crate) fn allows(&self, used: usize, limit: usize) -> bool {
        used < limit && (used < SHARE || self.used() < self.limit)
    }
}

/// What was received of one peer and waits to be handled.
#[derive(Debug)]
pub(crate) struct Received {
    used: AtomicUsize,
    limit: usize,
    pool: Arc<Pool>,
    /// The connection's task, while it reads nothing because of this.
    reader: AtomicWaker,
}

impl Received {
    pub(crate) fn new(limit: usize, pool: Arc<Pool>) -> Arc<Self> {
        Arc::new(Self {
            used: AtomicUsize::new(0),
            limit,
            pool,
            reader: AtomicWaker::new(),
        })
    }

    /// Whether more may be received.
    pub(crate) fn has_room(&self) -> bool {
        self.pool
            .allows(self.used.load(Ordering::Relaxed), self.limit)
    }

    /// Waits until more may be received. Where others have taken the pool, it
    /// waits for something of its own all the same: see [`SHARE`].
    pub(crate) fn poll_room(&self, context: &mut Context<'_>) -> Poll<()> {
        self.reader.register(context.waker());
        match self.has_room() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }

    /// Counts these bytes until the result is dropped.
    pub(crate) fn hold(self: &Arc<Self>, bytes: usize) -> Held {
        let mut held = Held {
            of: Arc::clone(self),
            bytes: 0,
        };
        held.set(bytes);
        held
    }

    /// Counts a message until the result is dropped.
    pub(crate) fn hold_message(self: &Arc<Self>, bytes: usize) -> Held {
        self.hold(bytes.saturating_add(OVERHEAD))
    }
}

/// Bytes that are counted.
#[derive(Debug)]
pub(crate) struct Held {
    of: Arc<Received>,
    bytes: usize,
}

impl Held {
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// It is so many now.
    pub(crate) fn set(&mut self, bytes: usize) {
        let before = std::mem::replace(&mut self.bytes, bytes);
        if bytes > before {
            self.of.used.fetch_add(bytes - before, Ordering::Relaxed);
            self.of.pool.take(bytes - before);
        } else if bytes < before {
            self.of.used.fetch_sub(before - bytes, Ordering::Relaxed);
            self.of.pool.give_back(before - bytes);
            self.of.reader.wake();
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.set(0);
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use futures_util::FutureExt;

    use super::*;

    fn waits(received: &Arc<Received>) -> bool {
        let room = poll_fn(|context| received.poll_room(context));
        room.now_or_never().is_none()
    }

    #[test]
    fn a_peer_has_room_again_when_something_was_handled() {
        let received = Received::new(1000, Pool::new(usize::MAX));
        let mut reader = received.hold(600);
        assert!(!waits(&received));
        let message = received.hold_message(300);
        assert!(waits(&received));
        drop(message);
        assert!(!waits(&received));
        reader.set(1000);
        assert!(waits(&received));
    }

    #[test]
    fn where_the_pool_is_taken_each_has_its_share() {
        let pool = Pool::new(1_000_000);
        let large = Received::new(10_000_000, Arc::clone(&pool));
        let small = Received::new(10_000_000, pool);
        let all = large.hold(1_000_000);
        assert!(waits(&large));
        let some = small.hold(SHARE - 1);
        assert!(!waits(&small));
        let _more = small.hold(1);
        assert!(waits(&small));
        drop(some);
        assert!(!waits(&small));
        drop(all);
        assert!(!waits(&large));
    }
}
