//! What waits to be written to one WebSocket, framed already.
//!
//! Views append whole messages; the connection's task takes all that waits and
//! writes it at once. Owning these bytes is what keeps an idle connection
//! small: a buffer is given back once it is written.
//!
//! What is being written and what waits are one count, with one limit. Views ask
//! for a permit before they render, and get it while there is room for one more
//! message like those that are there, or when there is nothing. Answers to what a
//! peer sends need none: they take the same room, and a [`SHARE`] of their own
//! where views have taken it all.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::channel::budget::{Pool, SHARE};
use crate::channel::websocket::{self, Opcode};

/// Above this many waiting bytes views stop rendering for messages of the
/// server until the peer has read: it then gets the latest state instead of a
/// queue. Large enough for a dozen ordinary diffs.
const HIGH_WATER: usize = SHARE;

pub(crate) struct Outbox {
    state: Mutex<State>,
    /// So many bytes may be here; one message alone may be longer.
    limit: usize,
    pool: Arc<Pool>,
}

struct State {
    bytes: Vec<u8>,
    /// How many bytes are being written. They are kept until all of them are.
    in_flight: usize,
    /// The longest message since nothing was here: nobody knows how long the next
    /// one is before a view has rendered it.
    longest: usize,
    /// How many bytes nobody asked a permit for since there was room: answers to
    /// what a peer sends, which may not pile up either.
    unasked: usize,
    /// Whether a view renders and writes.
    is_permitted: bool,
    writer: Option<Waker>,
    waiting: Vec<Waker>,
    closing: Option<CloseCode>,
    closed: bool,
}

/// Why the server closes a connection (RFC 6455 §7.4). Never 1000: the client
/// takes that as a goodbye and reloads the page (`protocol.md §1.5`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CloseCode {
    /// Nothing was heard for too long, or the peer left.
    GoingAway = 1001,
    /// The peer broke the protocol.
    Protocol = 1002,
    /// A text was not UTF-8.
    NotUtf8 = 1007,
    /// A message was too big.
    TooBig = 1009,
    /// The server is stopping; the client connects again.
    Restart = 1012,
    /// The peer does not read what it asked for.
    TryLater = 1013,
}

/// What the connection's task is to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outgoing {
    /// Write these framed messages.
    Write(Vec<u8>),
    /// Close with this code.
    Close(CloseCode),
}

impl Outbox {
    pub(crate) fn new(limit: usize, pool: Arc<Pool>) -> Self {
        Self {
            state: Mutex::new(State {
                bytes: Vec::new(),
                in_flight: 0,
                longest: 0,
                unasked: 0,
                is_permitted: false,
                writer: None,
                waiting: Vec::new(),
                closing: None,
                closed: false,
            }),
            limit,
            pool,
        }
    }

    /// Adds a text message.
    pub(crate) fn push(&self, text: &[u8]) {
        self.push_frame(Opcode::Text, text);
    }

    /// Adds a frame.
    pub(crate) fn push_frame(&self, opcode: Opcode, payload: &[u8]) {
        let mut state = self.lock();
        if state.closed || state.closing.is_some() {
            return;
        }
        let before = state.used();
        websocket::frame(opcode, payload, &mut state.bytes);
        let added = state.used() - before;
        self.pool.take(added);
        state.longest = match before {
            0 => added,
            _ => state.longest.max(added),
        };
        if !state.is_permitted {
            if state.unasked >= SHARE && !self.pool.allows(before, self.limit) {
                tracing::debug!("the peer sends and does not read: closing");
                state.closing = Some(CloseCode::TryLater);
            }
            state.unasked += added;
        }
        wake(state);
    }

    /// Waits until a view may render and write: until no other does, and the
    /// peer has read enough of what waits. What is written while the permit is
    /// held may be of any length.
    ///
    /// # Cancel safety
    /// Can be dropped at any time.
    pub(crate) async fn permit(self: &Arc<Self>) -> Permit {
        poll_fn(|context| {
            let mut state = self.lock();
            if !self.may_write(&state) {
                return wait(&mut state.waiting, context);
            }
            state.is_permitted = true;
            Poll::Ready(Permit(Arc::clone(self)))
        })
        .await
    }

    fn may_write(&self, state: &State) -> bool {
        let used = state.used();
        let has_room = used == 0 || self.pool.allows(used + state.longest, self.limit);
        state.closed || (!state.is_permitted && has_room)
    }

    /// Asks the connection's task to close.
    pub(crate) fn close(&self, code: CloseCode) {
        let mut state = self.lock();
        if state.closing.is_none() {
            state.closing = Some(code);
            wake(state);
        }
    }

    /// The connection is gone: nothing is kept any more.
    pub(crate) fn end(&self) {
        let mut state = self.lock();
        state.closed = true;
        self.pool.give_back(state.used());
        (state.bytes, state.in_flight) = (Vec::new(), 0);
        release(state);
    }

    /// What was taken before has been written: views that waited may render.
    /// Waits for something to do.
    ///
    /// # Cancel safety
    /// Messages are taken only by a call that returns them.
    pub(crate) fn poll_next(&self, context: &Context<'_>) -> Poll<Outgoing> {
        let mut state = self.lock();
        let written = std::mem::take(&mut state.in_flight);
        let next = if !state.bytes.is_empty() {
            let bytes = std::mem::take(&mut state.bytes);
            state.in_flight = bytes.len();
            if self.pool.allows(bytes.len(), self.limit) {
                state.unasked = 0;
            }
            Poll::Ready(Outgoing::Write(bytes))
        } else if let Some(code) = state.closing {
            Poll::Ready(Outgoing::Close(code))
        } else {
            state.wait_to_write(context)
        };
        if written > 0 {
            self.pool.give_back(written);
            if !state.waiting.is_empty() && (!state.is_crowded() || self.may_write(&state)) {
                release(state);
            }
        }
        next
    }

    /// Waits until it is to be closed.
    pub(crate) fn poll_closing(&self, context: &Context<'_>) -> Poll<()> {
        let mut state = self.lock();
        match state.closing {
            Some(_) => Poll::Ready(()),
            None => state.wait_to_write(context),
        }
    }

    /// With which code it is to be closed.
    pub(crate) fn closing(&self) -> Option<CloseCode> {
        self.lock().closing
    }

    pub(crate) fn pool(&self) -> &Arc<Pool> {
        &self.pool
    }

    /// Whether the peer is behind.
    pub(crate) fn is_crowded(&self) -> bool {
        self.lock().is_crowded()
    }

    /// Waits until the peer has read enough, or is gone.
    pub(crate) fn poll_room(&self, context: &Context<'_>) -> Poll<()> {
        let mut state = self.lock();
        match state.is_crowded() {
            true => wait(&mut state.waiting, context),
            false => Poll::Ready(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The lock is held for copies only; nothing in there panics halfway.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn wait_to_write<T>(&mut self, context: &Context<'_>) -> Poll<T> {
        match &mut self.writer {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }

    fn used(&self) -> usize {
        self.bytes.len() + self.in_flight
    }

    fn is_crowded(&self) -> bool {
        self.used() >= HIGH_WATER && !self.closed
    }
}

/// Lets one view render and write, until it is dropped.
pub(crate) struct Permit(Arc<Outbox>);

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.is_permitted = false;
        if !state.waiting.is_empty() {
            release(state);
        }
    }
}

fn wait<T>(waiting: &mut Vec<Waker>, context: &Context<'_>) -> Poll<T> {
    if !waiting.iter().any(|waker| waker.will_wake(context.waker())) {
        waiting.push(context.waker().clone());
    }
    Poll::Pending
}

fn wake(mut state: MutexGuard<'_, State>) {
    let writer = state.writer.take();
    drop(state);
    if let Some(writer) = writer {
        writer.wake();
    }
}

fn release(mut state: MutexGuard<'_, State>) {
    let waiting = std::mem::take(&mut state.waiting);
    drop(state);
    for waker in waiting {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn taken(outbox: &Outbox) -> Option<Outgoing> {
        poll_fn(|context| outbox.poll_next(context)).now_or_never()
    }

    fn outbox(limit: usize) -> Arc<Outbox> {
        Arc::new(Outbox::new(limit, Pool::new(usize::MAX)))
    }

    fn waits<T>(future: impl Future<Output = T>) -> bool {
        future.now_or_never().is_none()
    }

    #[test]
    fn all_that_waits_is_taken_at_once_and_closing_comes_last() {
        let outbox = outbox(1000);
        assert_eq!(taken(&outbox), None);
        outbox.push(b"a");
        outbox.push(b"bc");
        outbox.close(CloseCode::Restart);
        outbox.push(b"too late");
        assert_eq!(
            taken(&outbox),
            Some(Outgoing::Write(b"\x81\x01a\x81\x02bc".to_vec()))
        );
        assert_eq!(taken(&outbox), Some(Outgoing::Close(CloseCode::Restart)));
    }

    /// What is written like a view does.
    fn render(outbox: &Arc<Outbox>, length: usize) {
        let permit = outbox.permit().now_or_never().expect("there is room");
        outbox.push(&vec![b'x'; length]);
        drop(permit);
    }

    #[test]
    fn one_view_at_a_time_renders_and_none_beyond_the_limit() {
        let outbox = outbox(1000);
        let permit = outbox.permit().now_or_never().expect("nothing waits");
        assert!(waits(outbox.permit()));
        drop(permit);
        render(&outbox, 5000);
        assert!(waits(outbox.permit()));
        assert!(taken(&outbox).is_some());
        assert!(waits(outbox.permit()), "all of it is being written");
        assert_eq!(taken(&outbox), None);
        assert!(!waits(outbox.permit()));
    }

    #[test]
    fn there_is_room_for_as_many_messages_of_a_length_as_are_within_the_limit() {
        let outbox = outbox(100_000);
        for in_flight in [40_000, 30_000] {
            render(&outbox, in_flight);
            assert!(taken(&outbox).is_some());
            render(&outbox, 30_000);
            assert_eq!(waits(outbox.permit()), in_flight == 40_000);
            assert!(taken(&outbox).is_some());
            assert_eq!(taken(&outbox), None);
        }
    }

    #[test]
    fn a_view_that_waits_goes_on_when_the_peer_is_gone() {
        let outbox = outbox(1000);
        let permit = outbox.permit().now_or_never();
        outbox.push(&[b'x'; 5000]);
        drop(permit);
        outbox.end();
        assert!(!waits(outbox.permit()));
    }

    #[test]
    fn where_the_pool_is_taken_one_message_waits_at_a_time() {
        let pool = Pool::new(100_000);
        let (first, second) = (
            Arc::new(Outbox::new(usize::MAX, Arc::clone(&pool))),
            Arc::new(Outbox::new(usize::MAX, pool)),
        );
        for outbox in [&first, &second] {
            let permit = outbox.permit().now_or_never();
            outbox.push(&[b'x'; 100_000]);
            assert!(permit.is_some());
        }
        assert!(waits(second.permit()));
        first.end();
        assert!(waits(second.permit()), "it has all of the pool itself");
        assert!(taken(&second).is_some());
        assert_eq!(taken(&second), None);
        assert!(!waits(second.permit()));
    }

    #[test]
    fn a_peer_that_is_answered_and_does_not_read_is_closed_at_the_limit() {
        let outbox = outbox(100_000);
        for _ in 0..1000 {
            outbox.push(&[b'x'; 98]);
        }
        let is_closing = || poll_fn(|context| outbox.poll_closing(context)).now_or_never();
        assert_eq!(is_closing(), None);
        outbox.push(b"y");
        assert_eq!(is_closing(), Some(()));
        assert!(matches!(taken(&outbox), Some(Outgoing::Write(bytes)) if bytes.len() > 100_000));
        assert_eq!(taken(&outbox), Some(Outgoing::Close(CloseCode::TryLater)));
    }

    #[test]
    fn where_views_have_taken_the_room_a_peer_is_answered_within_a_share_more() {
        let outbox = outbox(100_000);
        render(&outbox, 200_000);
        let is_closing = || poll_fn(|context| outbox.poll_closing(context)).now_or_never();
        let mut answers = 0;
        while is_closing().is_none() {
            outbox.push(&[b'x'; 98]);
            answers += 100;
            // What is being written is still there.
            if answers == 30_000 {
                assert!(taken(&outbox).is_some());
            }
        }
        assert!((SHARE..SHARE + 200).contains(&answers), "{answers}");
    }

    #[test]
    fn where_the_pool_is_taken_a_peer_is_answered_within_its_share() {
        let pool = Pool::new(100_000);
        let outbox = Outbox::new(usize::MAX, Arc::clone(&pool));
        let is_closing = || poll_fn(|context| outbox.poll_closing(context)).now_or_never();
        pool.take(100_000);
        while pool.used() < 100_000 + SHARE {
            assert_eq!(is_closing(), None);
            outbox.push(&[b'x'; 98]);
        }
        outbox.push(b"y");
        assert_eq!(is_closing(), Some(()));
    }

    #[test]
    fn views_wait_while_the_peer_is_behind() {
        let outbox = outbox(usize::MAX);
        outbox.push(&vec![b'x'; HIGH_WATER]);
        assert!(outbox.is_crowded());
        assert!(waits(poll_fn(|context| outbox.poll_room(context))));
        assert!(taken(&outbox).is_some());
        assert!(waits(poll_fn(|context| outbox.poll_room(context))));
        assert_eq!(taken(&outbox), None);
        assert!(!waits(poll_fn(|context| outbox.poll_room(context))));
    }
}
