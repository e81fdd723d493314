//! What waits to be written to one WebSocket, framed already.
//!
//! Views append whole messages; the connection's task takes all that waits and
//! writes it at once. Owning these bytes is what keeps an idle connection
//! small: a buffer that a large message grew is given back once it is written.

use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use crate::channel::websocket::{self, Opcode};

/// Above this many waiting bytes views stop rendering for messages of the
/// server until the peer has read: it then gets the latest state instead of a
/// queue. Large enough for a dozen ordinary diffs.
const HIGH_WATER: usize = 64 * 1024;

/// A buffer up to this size is kept for the next messages.
const KEPT: usize = 512;

pub(crate) struct Outbox {
    state: Mutex<State>,
}

struct State {
    bytes: Vec<u8>,
    /// How many bytes are being written.
    in_flight: usize,
    limit: usize,
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
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            state: Mutex::new(State {
                bytes: Vec::new(),
                in_flight: 0,
                limit,
                writer: None,
                waiting: Vec::new(),
                closing: None,
                closed: false,
            }),
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
        if state.bytes.len() + state.in_flight + payload.len() > state.limit {
            tracing::debug!(
                waiting = state.bytes.len(),
                "the peer does not read: closing"
            );
            state.closing = Some(CloseCode::TryLater);
        } else {
            websocket::frame(opcode, payload, &mut state.bytes);
        }
        wake(state);
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
        state.bytes = Vec::new();
        release(state);
    }

    /// Waits for something to do. `spare` is an empty buffer for the messages
    /// that come next.
    ///
    /// # Cancel safety
    /// Messages are taken only by a call that returns them.
    pub(crate) async fn next(&self, spare: &mut Vec<u8>) -> Outgoing {
        poll_fn(|context| {
            let mut state = self.lock();
            if !state.bytes.is_empty() {
                let bytes = std::mem::replace(&mut state.bytes, std::mem::take(spare));
                state.in_flight = bytes.len();
                return Poll::Ready(Outgoing::Write(bytes));
            }
            if let Some(code) = state.closing {
                return Poll::Ready(Outgoing::Close(code));
            }
            match &mut state.writer {
                Some(waker) => waker.clone_from(context.waker()),
                none => *none = Some(context.waker().clone()),
            }
            Poll::Pending
        })
        .await
    }

    /// What was taken has been written: views that waited may render.
    pub(crate) fn written(&self) {
        let mut state = self.lock();
        state.in_flight = 0;
        if !state.waiting.is_empty() && !state.is_crowded() {
            release(state);
        }
    }

    /// Whether the peer is behind.
    pub(crate) fn is_crowded(&self) -> bool {
        self.lock().is_crowded()
    }

    /// Waits until the peer has read enough, or is gone.
    ///
    /// # Cancel safety
    /// Can be dropped at any time.
    pub(crate) async fn room(&self) {
        poll_fn(|context| {
            let mut state = self.lock();
            if !state.is_crowded() {
                return Poll::Ready(());
            }
            if !state
                .waiting
                .iter()
                .any(|waker| waker.will_wake(context.waker()))
            {
                state.waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The lock is held for copies only; nothing in there panics halfway.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_crowded(&self) -> bool {
        self.bytes.len() + self.in_flight >= HIGH_WATER && !self.closed
    }
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

/// The buffer of a finished write, for the next messages; a large one is given
/// back instead.
pub(crate) fn spare(mut spent: Vec<u8>) -> Vec<u8> {
    if spent.capacity() > KEPT {
        return Vec::new();
    }
    spent.clear();
    spent
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn taken(outbox: &Outbox) -> Option<Outgoing> {
        outbox.next(&mut Vec::new()).now_or_never()
    }

    #[test]
    fn all_that_waits_is_taken_at_once_and_closing_comes_last() {
        let outbox = Outbox::new(1000);
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

    #[test]
    fn a_peer_that_does_not_read_is_closed_at_the_limit() {
        let outbox = Outbox::new(100);
        outbox.push(&[b'x'; 90]);
        outbox.push(&[b'x'; 90]);
        assert!(matches!(taken(&outbox), Some(Outgoing::Write(bytes)) if bytes.len() == 92));
        assert_eq!(taken(&outbox), Some(Outgoing::Close(CloseCode::TryLater)));
    }

    #[test]
    fn views_wait_while_the_peer_is_behind() {
        let outbox = Outbox::new(usize::MAX);
        outbox.push(&vec![b'x'; HIGH_WATER]);
        assert!(outbox.is_crowded());
        assert_eq!(outbox.room().now_or_never(), None);
        let taken = taken(&outbox);
        outbox.written();
        assert!(taken.is_some());
        assert_eq!(outbox.room().now_or_never(), Some(()));
    }
}
