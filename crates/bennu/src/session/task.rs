//! The task of one view: it joins, then takes one turn per message until the
//! end. A panic in it ends this view and nothing else.
//!
//! ```text
//!            phx_join
//!               │
//!            joining ── refused, crashed ──► error reply
//!               │ mounted
//!   mail ──►  living ──► leave, replaced, gone, sent elsewhere ──► terminate
//!               │
//!               └── error, panic, overrun ──► phx_error, the client joins again
//! ```

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;

use crate::channel::frame::{ClientPush, Status};
use crate::config::{Config, Limits};
use crate::error::Error;
use crate::quoted::Line;
use crate::session::client;
use crate::session::family::Families;
use crate::session::join::join;
use crate::session::mailbox::{Ending, Failure, Info, Mail, Mailbox, Stop};
use crate::session::navigation::Road;
use crate::session::refusal::Refusal;
use crate::session::sender::Sender;
use crate::session::turn::{Next, Session};
use crate::view::Reason;

/// So many messages of the server are handled before the view is rendered, if
/// they wait already.
const BATCH: usize = 64;

/// So many messages of the server are handled for a client that is behind, until
/// it is sent what changed all the same: a stream holds what they brought until
/// it is rendered, and what is sent has a limit.
const MOST_UNSENT: usize = 1024;

/// The other end of a connection, as its views know it.
pub(crate) struct Peer {
    pub(crate) config: Arc<Config>,
    pub(crate) road: Box<dyn Road>,
    /// Whether one of our pages opened the connection.
    pub(crate) trust: Trust,
    /// Until the peer has joined a view, it is a stranger.
    pub(crate) stranger: Stranger,
    /// Its views.
    pub(crate) families: Arc<Families>,
    /// Tells on its drop that the views have ended.
    pub(crate) _views: Box<dyn Send + Sync>,
}

/// A peer of which nothing is known but its address.
pub(crate) struct Stranger {
    is_known: AtomicBool,
    /// Counts the strangers of an address until it is dropped.
    place: Mutex<Option<Box<dyn Send>>>,
}

impl Stranger {
    pub(crate) fn new(place: Option<Box<dyn Send>>) -> Self {
        Self {
            is_known: AtomicBool::new(false),
            place: Mutex::new(place),
        }
    }

    pub(crate) fn is_known(&self) -> bool {
        self.is_known.load(Ordering::Relaxed)
    }

    /// It has joined a view.
    pub(crate) fn know(&self) {
        if !self.is_known.swap(true, Ordering::Relaxed) {
            drop(self.leave());
        }
    }

    /// The place becomes free, also when the connection ends before its views.
    pub(crate) fn leave(&self) -> Option<Box<dyn Send>> {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        place.take()
    }
}

/// Whether one of our pages opened a connection (`protocol.md §1.6`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// The page's token fits its cookie.
    Ours,
    /// It doesn't fit: a page that is loaded again gets one that does.
    Stale,
    /// There is no cookie. A page that is loaded again would most likely have
    /// none either, for ever.
    NoCookie,
}

/// A join on its way to become a view.
pub(crate) struct Join {
    pub(crate) peer: Arc<Peer>,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) sender: Arc<Sender>,
    pub(crate) push: ClientPush,
}

impl Join {
    /// Starts the view's task. `joining` is dropped when the join is answered,
    /// `living` when the view has ended.
    pub(crate) fn start(self, joining: impl Send + 'static, living: impl Send + 'static) {
        // Each phase is boxed where its state is large and short-lived: the
        // task keeps the room of its largest one.
        let join = Box::pin(self.mount(joining));
        tokio::spawn(async move {
            if let Some(mut view) = join.await {
                view.run().await;
            }
            drop(living);
        });
    }

    /// Mounts the view and answers the join.
    async fn mount(self, joining: impl Send) -> Option<Living> {
        let Self {
            peer,
            mailbox,
            sender,
            push,
        } = self;
        // Closes the mailbox also when the runtime drops the task.
        let mailbox = Closing(mailbox);
        let joined = {
            let mut view = pin!(join(&sender, push.payload(), &mailbox.0, &peer));
            tokio::select! {
                biased;
                joined = AssertUnwindSafe(view.as_mut()).catch_unwind() => Some(joined),
                // Nobody waits for the view any more: it is mounted no further.
                () = mailbox.0.stopped() => None,
            }
        };
        let Some(joined) = joined else {
            if let Some(stop) = mailbox.0.close() {
                say_goodbye(&stop, &sender);
            }
            return None;
        };
        let message_ref = push.message_ref();
        let answered = joined
            .unwrap_or(Err(Refusal::Crashed))
            .and_then(|mut joined| {
                let answer = || {
                    sender.reply(message_ref, Status::Ok, |out| joined.write(out));
                };
                // Before the answer wakes the connection, which then waits for no join.
                peer.stranger.know();
                match std::panic::catch_unwind(AssertUnwindSafe(answer)) {
                    Ok(()) => Ok(joined.session),
                    Err(_) => Err(Refusal::Crashed),
                }
            });
        drop(joining);
        match answered {
            Ok(session) => Some(Living {
                session,
                mailbox,
                sender,
                peer,
                unsent: 0,
            }),
            Err(refusal) => {
                sender.reply(message_ref, Status::Error, |out| refusal.write(out));
                mailbox.close(&sender);
                None
            }
        }
    }
}

/// A view that its client has joined.
struct Living {
    session: Session,
    mailbox: Closing,
    sender: Arc<Sender>,
    peer: Arc<Peer>,
    /// How many messages of the server were handled since the last that the
    /// client was told of.
    unsent: usize,
}

struct Closing(Arc<Mailbox>);

impl Closing {
    /// The view has ended, in whatever way: a leave that it did not get to
    /// see is answered.
    fn close(&self, sender: &Sender) {
        if let Some(Stop::Leave { message_ref }) = self.0.close() {
            sender.reply(message_ref.as_deref(), Status::Ok, |out| out.push_str("{}"));
        }
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Living {
    async fn run(&mut self) {
        let base = self.peer.config.base.clone();
        let (mailbox, peer) = (Arc::clone(&self.mailbox.0), Arc::clone(&self.peer));
        let turns = tokio::select! {
            biased;
            end = AssertUnwindSafe(base.clone().during(self.turns())).catch_unwind() => Some(end),
            limit = overdue(&mailbox, &peer.config.limits) => {
                let view = self.session.mounted.name();
                tracing::error!(view, "a view that was told to end took longer than {limit} allows");
                None
            }
        };
        match turns {
            Some(Ok(Ok(stop))) => base.during(self.end(stop)).await,
            Some(Ok(Err(error))) => {
                let (view, error) = (self.session.mounted.name(), Line(error));
                tracing::error!(view, %error, "a view failed");
                self.sender.error();
            }
            Some(Err(_)) => {
                tracing::error!(view = self.session.mounted.name(), "a view panicked");
                self.sender.error();
            }
            // What it was doing was dropped halfway: as after a panic, nothing
            // more is called.
            None => {}
        }
        self.mailbox.close(&self.sender);
    }

    /// Turn by turn, to the regular end. Returns who told the view to end; it
    /// may itself have sent the browser elsewhere.
    async fn turns(&mut self) -> crate::Result<Option<Stop>> {
        // A component that patched in the first render.
        if self.session.has_changes()
            && let Next::Leave = Box::pin(self.push_changes()).await?
        {
            return Ok(None);
        }
        // Whether the client has to be told of changes once it reads again.
        let mut behind = false;
        loop {
            let mail = if behind {
                tokio::select! {
                    biased;
                    mail = self.mailbox.0.next() => mail,
                    () = self.sender.outbox().room() => {
                        behind = false;
                        match Box::pin(self.push_changes()).await? {
                            Next::Stay => continue,
                            Next::Leave => return Ok(None),
                        }
                    }
                }
            } else {
                self.mailbox.0.next().await
            };
            let mail = mail.map_err(|failure| {
                Error::message(match failure {
                    Failure::Overrun => {
                        "more messages wait for the view than Limits::info_mail allows"
                    }
                    Failure::Panic => {
                        "the function given to Socket::subscribe or Socket::send_every panicked"
                    }
                })
            })?;
            // A view that always has mail must let others run too.
            tokio::task::consume_budget().await;
            let next = match mail {
                // Stays behind: not every answer brings the changes.
                Mail::Client(push) => {
                    let Self {
                        session,
                        sender,
                        peer,
                        ..
                    } = self;
                    Box::pin(client::turn(session, &push, sender, peer)).await?
                }
                Mail::Info(info) => {
                    let (next, is_behind) = Box::pin(self.info_turn(info)).await?;
                    behind = is_behind;
                    next
                }
                Mail::Stop(stop) => return Ok(Some(stop)),
            };
            if matches!(next, Next::Leave) {
                return Ok(None);
            }
        }
    }

    async fn push_changes(&mut self) -> crate::Result<Next> {
        self.unsent = 0;
        self.session.push_changes(&self.sender, &self.peer).await
    }

    /// Returns also whether the client was not told of the changes, because it
    /// is behind.
    async fn info_turn(&mut self, info: Info) -> crate::Result<(Next, bool)> {
        let mut next = Some(info);
        let mut handled = 0;
        while let Some(info) = next {
            let result = self.session.info(info).await;
            if let Next::Leave = self.session.push(result, &self.sender, &self.peer).await? {
                return Ok((Next::Leave, false));
            }
            handled += 1;
            tokio::task::consume_budget().await;
            next = if handled < BATCH {
                self.mailbox.0.next_info()
            } else {
                None
            };
        }
        self.unsent += handled;
        // Events can't be merged: they go into the outbox, whose limit holds for
        // them too.
        let has_events = !self.session.mounted.core().effects.events.is_empty();
        let may_wait = !has_events && self.unsent < MOST_UNSENT;
        if may_wait && self.sender.outbox().is_crowded() {
            return Ok((Next::Stay, true));
        }
        Ok((self.push_changes().await?, false))
    }

    /// Neither a panic nor a wait in there keeps the view from closing.
    async fn terminate(&mut self, reason: Reason) {
        let end = async { self.session.mounted.terminate(reason).await };
        let end = AssertUnwindSafe(end).catch_unwind();
        let limit = self.peer.config.limits.terminate;
        let ended = Box::pin(tokio::time::timeout(limit, end)).await;
        let fault = match ended {
            Ok(Ok(())) => return,
            Ok(Err(_)) => "`terminate` panicked",
            Err(_) => "`terminate` took longer than Limits::terminate allows",
        };
        tracing::error!(view = self.session.mounted.name(), "{fault}");
    }

    /// The regular end. Without a stop the browser was sent elsewhere.
    async fn end(&mut self, stop: Option<Stop>) {
        let reason = match stop {
            None | Some(Stop::Leave { .. } | Stop::Replaced | Stop::Orphaned) => Reason::Left,
            Some(Stop::Gone(reason)) => reason,
            Some(Stop::Revoked) => Reason::Disconnected,
        };
        self.terminate(reason).await;
        match stop {
            Some(stop) => say_goodbye(&stop, &self.sender),
            None => self.sender.close(),
        }
    }
}

/// Waits for the end of the time that a view has when it was told to end, and
/// returns the name of the limit. It is then dropped where it waits.
async fn overdue(mailbox: &Mailbox, limits: &Limits) -> &'static str {
    let ending = mailbox.ending(None).await;
    // Nearly no view gets here, and all have the room of this future.
    Box::pin(async {
        let mut ending = ending;
        loop {
            let (limit, name) = match ending {
                Ending::Cut => (limits.detached, "Limits::detached"),
                Ending::Revoked => (limits.terminate, "Limits::terminate"),
            };
            match tokio::time::timeout(limit, mailbox.ending(Some(ending))).await {
                Ok(stronger) => ending = stronger,
                Err(_) => return name,
            }
        }
    })
    .await
}

/// Answers whoever told the view to end: a view's channel closes first and then
/// answers (§1.4).
fn say_goodbye(stop: &Stop, sender: &Sender) {
    match stop {
        Stop::Leave { message_ref } => {
            sender.close();
            sender.reply(message_ref.as_deref(), Status::Ok, |out| out.push_str("{}"));
        }
        Stop::Replaced | Stop::Orphaned => sender.close(),
        Stop::Gone(_) | Stop::Revoked => {}
    }
}
