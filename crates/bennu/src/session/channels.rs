//! The channels of one connection: which topics the peer joined, and whom a
//! frame is for (`protocol.md §1.4`). Knows no socket.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::channel::budget::Received;
use crate::channel::connection::{End, FrameHandler};
use crate::channel::frame::{ClientPush, Frame, Status, write_reason, write_reply};
use crate::channel::outbox::Outbox;
use crate::quoted::Quoted;
use crate::session::client::is_of_an_element;
use crate::session::mailbox::{Capacity, Mailbox, Posted, Stop};
use crate::session::peer::Peer;
use crate::session::sender::Sender;
use crate::session::task::Join;
use crate::view::Reason;

/// The topics that a peer joined.
pub(crate) struct Channels {
    outbox: Arc<Outbox>,
    received: Arc<Received>,
    peer: Arc<Peer>,
    joined: Vec<Channel>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    /// How many joins are not answered yet.
    joining: AtomicUsize,
    /// How many views have not ended, those that were left while they are at
    /// work included.
    living: AtomicUsize,
}

struct Channel {
    sender: Arc<Sender>,
    mailbox: Arc<Mailbox>,
}

impl Channels {
    pub(crate) fn new(outbox: Arc<Outbox>, received: Arc<Received>, peer: Arc<Peer>) -> Self {
        Self {
            outbox,
            received,
            peer,
            joined: Vec::new(),
            counts: Arc::default(),
        }
    }

    fn join(&mut self, frame: &Frame<'_>, push: ClientPush) {
        if !frame.topic.starts_with("lv:") {
            return self.refuse(frame, "unmatched topic");
        }
        self.joined.retain(|channel| {
            let replaced = *channel.sender.topic() == *frame.topic;
            if replaced {
                channel.mailbox.stop(Stop::Replaced);
            }
            !replaced && !channel.mailbox.is_closed()
        });
        let limits = &self.peer.config.limits;
        if self.joined.len() >= limits.channels {
            return self.refuse(frame, "too many channels joined");
        }
        // A navigation leaves and joins without waiting, so there may be as
        // many that were left as there are joined.
        let most = limits.channels.saturating_mul(2);
        let Some(living) = self.count(|counts| &counts.living, most) else {
            return self.refuse(frame, "too many channels joined");
        };
        let Some(joining) = self.count(|counts| &counts.joining, limits.joins) else {
            return self.refuse(frame, "too many joins at once");
        };
        let capacity = Capacity {
            client: limits.client_mail,
            info: limits.info_mail,
        };
        let mailbox = Arc::new(Mailbox::new(capacity));
        self.peer.families.add(&mailbox);
        let outbox = Arc::clone(&self.outbox);
        let sender = Arc::new(Sender::new(outbox, &frame.topic, frame.join_ref.as_deref()));
        // Most pages join one channel.
        self.joined.reserve_exact(1);
        self.joined.push(Channel {
            sender: Arc::clone(&sender),
            mailbox: Arc::clone(&mailbox),
        });
        Join {
            peer: Arc::clone(&self.peer),
            mailbox,
            sender,
            push,
        }
        .start(joining, living);
    }

    /// Counts one more, if there are not `limit` of them.
    fn count(&self, of: fn(&Counts) -> &AtomicUsize, limit: usize) -> Option<Counted> {
        let count = of(&self.counts);
        // Only the connection's own task counts up, so no other gets between.
        if count.load(Ordering::Relaxed) >= limit {
            return None;
        }
        count.fetch_add(1, Ordering::Relaxed);
        Some(Counted {
            counts: Arc::clone(&self.counts),
            of,
        })
    }

    /// Answers with an error. The reason goes to the client.
    fn refuse(&self, frame: &Frame<'_>, reason: &str) {
        let (topic, event) = (Quoted(&frame.topic), Quoted(&frame.event));
        tracing::debug!(%topic, %event, reason, "refused");
        self.reply(frame, None, Status::Error, |out| write_reason(out, reason));
    }

    fn reply(
        &self,
        frame: &Frame<'_>,
        join_ref: Option<&str>,
        status: Status,
        response: impl FnOnce(&mut String),
    ) {
        let mut out = String::new();
        let message_ref = frame.message_ref.as_deref();
        write_reply(
            &mut out,
            join_ref,
            message_ref,
            &frame.topic,
            status,
            response,
        );
        self.outbox.push(out.as_bytes());
    }
}

impl FrameHandler for Channels {
    /// Hands a frame to whom it is for (`protocol.md §1.4`).
    fn route(&mut self, frame: &Frame<'_>) {
        if frame.topic == "phoenix" && frame.event == "heartbeat" {
            return self.reply(frame, None, Status::Ok, |out| out.push_str("{}"));
        }
        let push = ClientPush::new(frame, &self.received);
        if frame.event == "phx_join" {
            return match push {
                Some(push) => self.join(frame, push),
                None => self.refuse(frame, "join with a binary payload"),
            };
        }
        let found = self
            .joined
            .iter()
            .position(|channel| *channel.sender.topic() == *frame.topic);
        let found = found.filter(|&at| !self.joined[at].mailbox.is_closed());
        let Some(at) = found else {
            return if frame.event == "phx_leave" {
                self.reply(frame, frame.join_ref.as_deref(), Status::Ok, |out| {
                    out.push_str("{}");
                });
            } else {
                self.refuse(frame, "unmatched topic");
            };
        };
        let channel = &self.joined[at];
        if frame.join_ref.is_some() && frame.join_ref.as_deref() != channel.sender.join_ref() {
            // Of an instance that is gone: the client doesn't wait for it.
            return;
        }
        if frame.event == "phx_leave" {
            let message_ref = frame.message_ref.as_deref().map(Into::into);
            self.joined
                .swap_remove(at)
                .mailbox
                .stop(Stop::Leave { message_ref });
            return;
        }
        let refuse = |reason| {
            let message_ref = frame.message_ref.as_deref();
            channel.sender.reply_reason(message_ref, reason);
        };
        let Some(push) = push else {
            return refuse("unmatched event");
        };
        match channel.mailbox.post_client(Box::new(push)) {
            Posted::Accepted => {}
            // The stock client would keep the element locked after an error; ours
            // knows by the reason that nothing was done.
            Posted::Full if is_of_an_element(frame) => {
                let topic = Quoted(&frame.topic);
                tracing::debug!(%topic, "an event beyond Limits::client_mail");
                let message_ref = frame.message_ref.as_deref();
                channel.sender.reply(message_ref, Status::Ok, |out| {
                    out.push_str(r#"{"reason":"too many messages are waiting"}"#);
                });
            }
            Posted::Full => refuse("too many messages are waiting"),
            Posted::Closed => self.refuse(frame, "unmatched topic"),
        }
    }

    fn is_joining(&self) -> bool {
        self.counts.joining.load(Ordering::Relaxed) > 0
    }

    fn has_joined(&self) -> bool {
        self.peer.stranger.is_known()
    }

    fn end(&mut self, end: End) {
        drop(self.peer.stranger.leave());
        let families = &self.peer.families;
        match end {
            End::Breach => families.revoke(),
            End::Restart => families.cut(Reason::Shutdown),
            End::Lost => families.cut(Reason::Disconnected),
        }
    }
}

/// One of a limited number, as long as it lives.
struct Counted {
    counts: Arc<Counts>,
    of: fn(&Counts) -> &AtomicUsize,
}

impl Drop for Counted {
    fn drop(&mut self) {
        (self.of)(&self.counts).fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpStream;

    use super::*;
    use crate::channel::connection::Connection;

    fn size<A, F: Future>(_: impl Fn(A) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn a_connection_that_waits_takes_little_room() {
        let (kept, task) = (
            size_of::<Connection<TcpStream, Channels>>(),
            size(Connection::<TcpStream, Channels>::serve),
        );
        assert!(kept <= 288 && task <= 256, "{kept} {task}");
    }
}
