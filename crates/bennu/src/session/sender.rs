//! The messages of one channel to its client, written into the connection's
//! outbox.

use std::cell::RefCell;
use std::sync::Arc;

use crate::channel::frame::{Status, write_frame, write_reason, write_reply};
use crate::channel::outbox::Outbox;

/// One channel's way to its client.
pub(crate) struct Sender {
    outbox: Arc<Outbox>,
    topic: Box<str>,
    join_ref: Option<Box<str>>,
}

impl Sender {
    pub(crate) fn new(outbox: Arc<Outbox>, topic: &str, join_ref: Option<&str>) -> Self {
        Self {
            outbox,
            topic: topic.into(),
            join_ref: join_ref.map(Into::into),
        }
    }

    pub(crate) fn outbox(&self) -> &Arc<Outbox> {
        &self.outbox
    }

    pub(crate) fn topic(&self) -> &str {
        &self.topic
    }

    /// Answers the message with this ref; without one, nobody waits for it.
    pub(crate) fn reply(
        &self,
        message_ref: Option<&str>,
        status: Status,
        response: impl FnOnce(&mut String),
    ) {
        if message_ref.is_none() {
            return;
        }
        self.write(|out| {
            write_reply(
                out,
                self.join_ref(),
                message_ref,
                &self.topic,
                status,
                response,
            );
        });
    }

    pub(crate) fn reply_reason(&self, message_ref: Option<&str>, reason: &str) {
        self.reply(message_ref, Status::Error, |out| write_reason(out, reason));
    }

    pub(crate) fn push(&self, event: &str, payload: impl FnOnce(&mut String)) {
        self.write(|out| {
            write_frame(out, self.join_ref(), None, &self.topic, event, payload);
        });
    }

    /// Pushes `diff` if `payload` wrote anything: an empty one is never sent.
    pub(crate) fn push_diff(&self, payload: impl FnOnce(&mut String) -> bool) {
        let mut any = false;
        with_scratch(|out| {
            write_frame(out, self.join_ref(), None, &self.topic, "diff", |out| {
                any = payload(out);
            });
            if any {
                self.outbox.push(out.as_bytes());
            }
        });
    }

    /// Tells the client that the channel ended as it should.
    pub(crate) fn close(&self) {
        self.end("phx_close", "{}");
    }

    /// Tells the client that the channel crashed; it joins again.
    pub(crate) fn error(&self) {
        self.end("phx_error", r#"{"reason":"channel_crash"}"#);
    }

    fn end(&self, event: &str, payload: &str) {
        self.write(|out| {
            let own = self.join_ref();
            write_frame(out, own, own, &self.topic, event, |out| {
                out.push_str(payload);
            });
        });
    }

    pub(crate) fn join_ref(&self) -> Option<&str> {
        self.join_ref.as_deref()
    }

    fn write(&self, write: impl FnOnce(&mut String)) {
        with_scratch(|out| {
            write(out);
            self.outbox.push(out.as_bytes());
        });
    }
}

/// Lends a buffer of this thread, so that a message costs no allocation.
fn with_scratch(write: impl FnOnce(&mut String)) {
    /// What a thread keeps: enough for diffs, not for large pages.
    const KEPT: usize = 64 * 1024;
    thread_local! {
        static SCRATCH: RefCell<String> = const { RefCell::new(String::new()) };
    }
    // The buffer is taken out, so that a `write` that comes back here, through
    // a callback, only finds an empty one.
    let mut scratch = SCRATCH.take();
    scratch.clear();
    write(&mut scratch);
    if scratch.capacity() <= KEPT {
        SCRATCH.set(scratch);
    }
}
