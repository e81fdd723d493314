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

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::FutureExt;

use crate::channel::frame::{ClientPush, Status};
use crate::config::Limits;
use crate::error::Error;
use crate::quoted::Line;
use crate::session::client;
use crate::session::join::join;
use crate::session::mailbox::{Ending, Failure, Info, Mail, Mailbox, Stop};
use crate::session::peer::Peer;
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
    async fn mount(self, joining: impl Send) -> Option<Box<Living>> {
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
            // Boxed, as the task has room for it twice while it is moved.
            Ok(session) => Some(Box::new(Living {
                session,
                mailbox,
                sender,
                peer,
                unsent: 0,
                is_behind: false,
            })),
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
    /// Whether the client has to be told of changes once it reads again.
    is_behind: bool,
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
        let (mailbox, peer) = (Arc::clone(&self.mailbox.0), Arc::clone(&self.peer));
        let turns = {
            let mut turns = pin!(AssertUnwindSafe(self.turns()).catch_unwind());
            let mut late = None;
            // By hand, as the task keeps the room of what combinators are made of.
            poll_fn(|context| {
                if let Poll::Ready(end) = peer.config.base.within(|| turns.as_mut().poll(context)) {
                    return Poll::Ready(Ok(end));
                }
                let late = match &mut late {
                    Some(late) => late,
                    none => {
                        let ending = ready!(mailbox.poll_ending(None, context));
                        none.insert(Box::pin(overdue(&mailbox, ending, &peer.config.limits)))
                    }
                };
                late.as_mut().poll(context).map(Err)
            })
            .await
        };
        match turns {
            Ok(Ok(Ok(stop))) => {
                let base = peer.config.base.clone();
                Box::pin(base.during(self.end(stop))).await;
            }
            Ok(Ok(Err(error))) => {
                let (view, error) = (self.session.mounted.name(), Line(error));
                tracing::error!(view, %error, "a view failed");
                self.sender.error();
            }
            Ok(Err(_)) => {
                tracing::error!(view = self.session.mounted.name(), "a view panicked");
                self.sender.error();
            }
            // What it was doing was dropped halfway: as after a panic, nothing
            // more is called.
            Err(limit) => {
                let view = self.session.mounted.name();
                tracing::error!(
                    view,
                    "a view that was told to end took longer than {limit} allows"
                );
            }
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
        loop {
            let next = match poll_fn(|context| self.poll_mail(context)).await? {
                Some(Mail::Stop(stop)) => return Ok(Some(stop)),
                mail => Box::pin(self.turn(mail)).await?,
            };
            if matches!(next, Next::Leave) {
                return Ok(None);
            }
        }
    }

    /// The next message; nothing when the client, which was behind, reads again.
    fn poll_mail(&mut self, context: &mut Context<'_>) -> Poll<crate::Result<Option<Mail>>> {
        match self.mailbox.0.poll_next(context) {
            Poll::Ready(Ok(mail)) => Poll::Ready(Ok(Some(mail))),
            Poll::Ready(Err(failure)) => Poll::Ready(Err(Error::message(match failure {
                Failure::Overrun => "more messages wait for the view than Limits::info_mail allows",
                Failure::Panic => {
                    "the function given to Socket::subscribe or Socket::send_every panicked"
                }
            }))),
            Poll::Pending if self.is_behind => {
                self.sender.outbox().poll_room(context).map(|()| Ok(None))
            }
            Poll::Pending => Poll::Pending,
        }
    }

    async fn turn(&mut self, mail: Option<Mail>) -> crate::Result<Next> {
        // A view that always has mail must let others run too.
        tokio::task::consume_budget().await;
        match mail {
            // It stays behind: not every answer brings the changes.
            Some(Mail::Client(push)) => {
                client::turn(&mut self.session, &push, &self.sender, &self.peer).await
            }
            Some(Mail::Info(info)) => self.info_turn(info).await,
            Some(Mail::Stop(_)) | None => {
                self.is_behind = false;
                self.push_changes().await
            }
        }
    }

    async fn push_changes(&mut self) -> crate::Result<Next> {
        self.unsent = 0;
        self.session.push_changes(&self.sender, &self.peer).await
    }

    async fn info_turn(&mut self, info: Info) -> crate::Result<Next> {
        let mut next = Some(info);
        let mut handled = 0;
        while let Some(info) = next {
            let result = self.session.info(info).await;
            if let Next::Leave = self.session.push(result, &self.sender, &self.peer).await? {
                return Ok(Next::Leave);
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
        self.is_behind = may_wait && self.sender.outbox().is_crowded();
        match self.is_behind {
            true => Ok(Next::Stay),
            false => self.push_changes().await,
        }
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

/// Waits for the end of the time that a view has that was told to end, and
/// returns the name of the limit. It is then dropped where it waits.
async fn overdue(mailbox: &Mailbox, mut ending: Ending, limits: &Limits) -> &'static str {
    loop {
        let (limit, name) = match ending {
            Ending::Cut => (limits.detached, "Limits::detached"),
            Ending::Revoked => (limits.terminate, "Limits::terminate"),
        };
        let stronger = poll_fn(|context| mailbox.poll_ending(Some(ending), context));
        match tokio::time::timeout(limit, stronger).await {
            Ok(stronger) => ending = stronger,
            Err(_) => return name,
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn size<A, F: Future>(_: impl Fn(A) -> F) -> usize {
        size_of::<F>()
    }

    /// The task's own words and this are rounded up to a multiple of 128 bytes.
    #[test]
    fn a_view_that_waits_takes_little_room_in_its_task() {
        let size = size(|view: &'static mut Living| view.run());
        assert!(size <= 208, "{size}");
    }
}
