//! The one queue of a view's task: bounded, a few words while it is empty.
//!
//! tokio's channels keep a block of 32 messages from the start; a queue behind
//! a mutex that is held for a push or a pop costs a fraction of that for the
//! many views that sit idle.

use std::any::Any;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::channel::frame::ClientPush;
use crate::component::Key;
use crate::flash::Flash;
use crate::view::Reason;

/// All that can wake a view.
pub(crate) enum Mail {
    /// A message of the browser.
    Client(Box<ClientPush>),
    /// A message of the server.
    Info(Info),
    /// The end, and how to answer it.
    Stop(Stop),
}

/// A message of the server, and who in the view it is for.
pub(crate) struct Info {
    pub(crate) to: Recipient,
    /// The recipient's `Info`.
    pub(crate) content: Box<dyn Any + Send>,
}

/// Who in a view a message is for.
#[derive(Clone, Debug)]
pub(crate) enum Recipient {
    View,
    /// The component with this number, if it is still there.
    Component(u32),
    /// The component of this type and id, if there is one.
    Named(Box<Key>),
    /// The page around a child, for its address: a [`PagePatch`].
    Page,
}

/// A child asks the page's view to patch.
pub(crate) struct PagePatch {
    pub(crate) to: String,
    pub(crate) replace: bool,
    /// The child's notices, which go along.
    pub(crate) flash: Flash,
}

/// Why a view is told to end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The browser leaves the channel; it wants an answer to this ref.
    Leave { message_ref: Option<Box<str>> },
    /// The browser joined the same topic again.
    Replaced,
    /// The view around it has ended.
    Orphaned,
    /// Nobody listens any more, or the server stops.
    Gone(Reason),
    /// The application has disconnected its visitor, or the peer broke the
    /// protocol.
    Revoked,
}

impl Stop {
    fn kind(&self) -> Ending {
        match self {
            Self::Leave { .. } | Self::Orphaned | Self::Gone(_) => Ending::Cut,
            Self::Replaced | Self::Revoked => Ending::Revoked,
        }
    }
}

/// The two kinds of end. The second is the stronger one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// What was accepted is still handled.
    Cut,
    /// Nothing that waits is handled.
    Revoked,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Posted {
    Accepted,
    Full,
    /// The view has ended.
    Closed,
}

/// How many messages may wait for a view.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Capacity {
    pub(crate) client: u16,
    pub(crate) info: u16,
}

pub(crate) struct Mailbox {
    state: Mutex<State>,
}

struct State {
    mail: VecDeque<Mail>,
    /// The view's task.
    waker: Option<Waker>,
    /// Whether it waits for mail, and not only for its end.
    waits: bool,
    client: u16,
    info: u16,
    capacity: Capacity,
    stop: Option<Stop>,
    /// How the view was told to end, also when it has taken the stop.
    ending: Option<Ending>,
    /// Why the view can't go on.
    failure: Option<Failure>,
    closed: bool,
}

impl Mailbox {
    pub(crate) fn new(capacity: Capacity) -> Self {
        Self {
            state: Mutex::new(State {
                mail: VecDeque::new(),
                waker: None,
                waits: false,
                client: 0,
                info: 0,
                capacity,
                stop: None,
                ending: None,
                failure: None,
                closed: false,
            }),
        }
    }

    /// Adds a message of the browser.
    pub(crate) fn post_client(&self, push: Box<ClientPush>) -> Posted {
        let mut state = self.lock();
        if state.closed || state.stop.is_some() {
            return Posted::Closed;
        }
        if state.client >= state.capacity.client {
            return Posted::Full;
        }
        state.client += 1;
        state.mail.push_back(Mail::Client(push));
        wake(state);
        Posted::Accepted
    }

    /// Adds a message of the server. A view that lets them pile up is ended:
    /// dropping some of them would leave it wrong, and the browser's new join
    /// mounts it with what holds then.
    pub(crate) fn post_info(&self, info: Info) -> Posted {
        let mut state = self.lock();
        if state.closed || state.stop.is_some() {
            return Posted::Closed;
        }
        if state.info >= state.capacity.info {
            state.failure = Some(Failure::Overrun);
            wake(state);
            return Posted::Full;
        }
        state.info += 1;
        state.mail.push_back(Mail::Info(info));
        wake(state);
        Posted::Accepted
    }

    /// Ends the view: what makes messages for it has failed.
    pub(crate) fn fail(&self, failure: Failure) {
        let mut state = self.lock();
        state.failure = Some(failure);
        wake(state);
    }

    /// Tells the view to end. After a cut it handles the messages that wait
    /// first: a page may be closed right after "save". Those of the server are
    /// dropped where nobody listens any more. After a revocation, which may
    /// follow a cut, it handles none.
    pub(crate) fn stop(&self, stop: Stop) {
        let mut state = self.lock();
        let ending = Some(stop.kind());
        if state.closed || state.ending >= ending {
            return;
        }
        let mut dropped = VecDeque::new();
        if ending == Some(Ending::Revoked) {
            dropped = std::mem::take(&mut state.mail);
            (state.client, state.info) = (0, 0);
        } else if matches!(stop, Stop::Gone(_)) {
            let (kept, infos) = std::mem::take(&mut state.mail)
                .into_iter()
                .partition(|mail| matches!(mail, Mail::Client(_)));
            (state.mail, dropped, state.info) = (kept, infos, 0);
        }
        (state.stop, state.ending) = (Some(stop), ending);
        // Whatever it does.
        state.waits = true;
        wake(state);
        discard(dropped);
    }

    /// The view has ended: nothing is accepted any more. Returns a stop that
    /// it did not take.
    pub(crate) fn close(&self) -> Option<Stop> {
        let mut state = self.lock();
        state.closed = true;
        let mail = std::mem::take(&mut state.mail);
        let stop = state.stop.take();
        drop(state);
        discard(mail);
        stop
    }

    pub(crate) fn is_closed(&self) -> bool {
        let state = self.lock();
        state.closed || state.stop.is_some()
    }

    /// The next message; a stop comes after all messages.
    ///
    /// # Errors
    /// When the view can't go on.
    ///
    /// # Cancel safety
    /// A message is taken only by a call that returns it.
    pub(crate) fn poll_next(&self, context: &Context<'_>) -> Poll<Result<Mail, Failure>> {
        let mut state = self.lock();
        match state.take() {
            Some(next) => Poll::Ready(next),
            None => {
                state.waits = true;
                state.wait(context)
            }
        }
    }

    /// Waits until the view is told to end, and leaves it to
    /// [`close`](Self::close) to say why.
    ///
    /// # Cancel safety
    /// Can be dropped at any time.
    pub(crate) async fn stopped(&self) {
        poll_fn(|context| {
            let mut state = self.lock();
            if state.stop.is_some() {
                return Poll::Ready(());
            }
            state.wait(context)
        })
        .await;
    }

    /// Waits until the view is told to end in a stronger way than `known`.
    ///
    /// # Cancel safety
    /// Can be dropped at any time.
    pub(crate) fn poll_ending(&self, known: Option<Ending>, context: &Context<'_>) -> Poll<Ending> {
        let mut state = self.lock();
        match state.ending {
            Some(ending) if Some(ending) > known => Poll::Ready(ending),
            _ => state.wait(context),
        }
    }

    /// The next message if it is one of the server and waits already.
    pub(crate) fn next_info(&self) -> Option<Info> {
        let mut state = self.lock();
        if state.failure.is_some() || !matches!(state.mail.front(), Some(Mail::Info(_))) {
            return None;
        }
        match state.take() {
            Some(Ok(Mail::Info(info))) => Some(info),
            _ => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The lock is held for moves only; nothing in there panics halfway.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Queues that grew beyond this are given back when they are empty.
    const KEPT: usize = 8;

    fn take(&mut self) -> Option<Result<Mail, Failure>> {
        if let Some(failure) = self.failure {
            return Some(Err(failure));
        }
        let mail = self.mail.pop_front();
        match &mail {
            Some(Mail::Client(_)) => self.client -= 1,
            Some(Mail::Info(_)) => self.info -= 1,
            Some(Mail::Stop(_)) | None => {}
        }
        if self.mail.is_empty() && self.mail.capacity() > Self::KEPT {
            self.mail = VecDeque::new();
        }
        mail.or_else(|| self.stop.take().map(Mail::Stop)).map(Ok)
    }

    fn wait<T>(&mut self, context: &Context<'_>) -> Poll<T> {
        match &mut self.waker {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

/// Messages may own anything, so their drop runs without the lock. Where it
/// panics, whoever ends the view goes on: a connection has others to end.
fn discard(mail: VecDeque<Mail>) {
    if catch_unwind(AssertUnwindSafe(|| drop(mail))).is_err() {
        tracing::error!("a message of the server panicked when it was dropped");
    }
}

fn wake(mut state: MutexGuard<'_, State>) {
    if !std::mem::take(&mut state.waits) {
        return;
    }
    let waker = state.waker.take();
    drop(state);
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// Why a view can't go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// More messages of the server came than may wait.
    Overrun,
    /// The function that makes the view's messages from a topic's panicked.
    Panic,
}
