//! One WebSocket: reads frames and hands them to the channels they name, and
//! writes what the channels left in the outbox. One task does both, so nothing
//! is read from a peer that does not take its answers.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use crate::channel::frame::{ClientPush, Frame, Status, write_reason, write_reply};
use crate::channel::outbox::{self, CloseCode, Outbox, Outgoing};
use crate::channel::rate::Rate;
use crate::channel::websocket::{self, BadSocket, Incoming, Opcode, Reader};
use crate::session::mailbox::{Capacity, Mailbox, Posted, Stop};
use crate::session::sender::Sender;
use crate::session::task::{Join, Peer};
use crate::view::Reason;

/// How long the closing handshake may take before the connection is dropped.
const GOODBYE: Duration = Duration::from_secs(5);

/// As good as no limit, and still short enough to be added to any time.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// What is read from a peer at once, into a buffer of the thread.
const READ: usize = 16 * 1024;

thread_local! {
    static READ_BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// One WebSocket and its channels.
pub(crate) struct Connection<S> {
    stream: S,
    reader: Reader,
    outbox: Arc<Outbox>,
    peer: Arc<Peer>,
    channels: Vec<Channel>,
    /// How many joins are not answered yet.
    joining: Arc<AtomicUsize>,
    rate: Rate,
}

/// A topic that the peer joined.
struct Channel {
    sender: Arc<Sender>,
    mailbox: Arc<Mailbox>,
}

/// Why a connection ends.
#[derive(Debug)]
enum End {
    /// It broke, or the peer takes nothing any more.
    Lost,
    /// The peer closed it, with this code.
    Left(Option<u16>),
    /// We close it.
    Close(CloseCode),
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    pub(crate) fn new(stream: S, outbox: Arc<Outbox>, peer: Arc<Peer>) -> Self {
        Self {
            stream,
            reader: Reader::default(),
            outbox,
            rate: Rate::new(peer.config.limits.messages_per_second),
            peer,
            channels: Vec::new(),
            joining: Arc::default(),
        }
    }

    /// Serves the peer until it leaves or is sent away. Returns what is left of
    /// the connection then, if the peer may still read: the stream, for
    /// [`hang_up`].
    pub(crate) async fn serve(mut self: Box<Self>) -> Option<S> {
        let end = self.exchange().await;
        let reason = match end {
            End::Close(CloseCode::Restart) => Reason::Shutdown,
            _ => Reason::Disconnected,
        };
        self.outbox.end();
        for channel in &self.channels {
            channel.mailbox.stop(Stop::Gone(reason));
        }
        tracing::debug!(?end, "a connection ends");
        let code = match end {
            End::Lost => return None,
            End::Left(code) => code,
            End::Close(code) => Some(code as u16),
        };
        // The peer may be gone already.
        match Box::pin(timeout(GOODBYE, self.say_goodbye(code))).await {
            Ok(Ok(())) => Some(self.stream),
            Ok(Err(_)) | Err(_) => None,
        }
    }

    async fn say_goodbye(&mut self, code: Option<u16>) -> std::io::Result<()> {
        let mut goodbye = Vec::new();
        let code = code.map(u16::to_be_bytes);
        websocket::frame(
            Opcode::Close,
            code.as_ref().map_or(&[], |code| code),
            &mut goodbye,
        );
        self.stream.write_all(&goodbye).await?;
        self.stream.shutdown().await
    }

    async fn exchange(&mut self) -> End {
        let limits = &self.peer.config.limits;
        let (idle, write) = (limits.idle.min(FOREVER), limits.write);
        let outbox = Arc::clone(&self.outbox);
        let mut heard = Instant::now();
        let mut held: Option<Pin<Box<Sleep>>> = None;
        let mut spare = Vec::new();
        // Set again only when it is over: moving a timer for each message
        // costs more than looking at the clock.
        let mut silence = std::pin::pin!(sleep_until(heard + idle));
        loop {
            tokio::select! {
                biased;
                outgoing = outbox.next(&mut spare) => match outgoing {
                    Outgoing::Write(bytes) => match self.write(&bytes, write).await {
                        Ok(()) => {
                            outbox.written();
                            spare = outbox::spare(bytes);
                        }
                        Err(end) => return end,
                    },
                    Outgoing::Close(code) => return End::Close(code),
                },
                read = poll_fn(|context| self.poll_read(&mut held, context)) => {
                    match read {
                        Ok(until) => held = until.map(|until| Box::pin(sleep_until(until))),
                        Err(end) => return end,
                    }
                    heard = Instant::now();
                }
                () = &mut silence => {
                    if heard.elapsed() >= idle {
                        return End::Close(CloseCode::GoingAway);
                    }
                    silence.as_mut().reset(heard + idle);
                }
            }
        }
    }

    /// Reads what the peer sent and hands it on. Returns until when it is not
    /// read again, if it was too fast.
    fn poll_read(
        &mut self,
        held: &mut Option<Pin<Box<Sleep>>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<Instant>, End>> {
        if let Some(until) = held {
            std::task::ready!(until.as_mut().poll(context));
            *held = None;
        }
        READ_BUFFER.with_borrow_mut(|buffer| {
            buffer.resize(READ, 0);
            let mut read = ReadBuf::new(buffer);
            if std::task::ready!(Pin::new(&mut self.stream).poll_read(context, &mut read)).is_err()
            {
                return Poll::Ready(Err(End::Lost));
            }
            let bytes = read.filled_mut();
            if bytes.is_empty() {
                return Poll::Ready(Err(End::Lost));
            }
            Poll::Ready(self.receive(bytes))
        })
    }

    /// Writes whole frames.
    async fn write(&mut self, bytes: &[u8], limit: Duration) -> Result<(), End> {
        let mut writing = std::pin::pin!(async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        });
        // Nearly every write succeeds at once and needs no timer.
        let written = match futures_util::poll!(&mut writing) {
            Poll::Ready(written) => Ok(written),
            Poll::Pending => Box::pin(timeout(limit, writing)).await,
        };
        match written {
            Ok(written) => written.map_err(|_| End::Lost),
            Err(_) => {
                tracing::debug!("the peer reads nothing: dropping it");
                Err(End::Lost)
            }
        }
    }

    fn receive(&mut self, bytes: &mut [u8]) -> Result<Option<Instant>, End> {
        let now = Instant::now();
        let (mut held, mut end) = (None, None);
        let limit = self.peer.config.limits.message_bytes;
        let mut reader = std::mem::take(&mut self.reader);
        let taken = reader.take(bytes, limit, |incoming| {
            if end.is_none() {
                held = self.rate.count(now);
                end = self.message(&incoming).err();
            }
        });
        self.reader = reader;
        if let Some(end) = end {
            return Err(end);
        }
        match taken {
            Ok(()) => Ok(held),
            Err(error) => {
                tracing::debug!(?error, "the peer broke the WebSocket protocol");
                Err(End::Close(match error {
                    BadSocket::TooBig => CloseCode::TooBig,
                    BadSocket::NotUtf8 => CloseCode::NotUtf8,
                    _ => CloseCode::Protocol,
                }))
            }
        }
    }

    fn message(&mut self, incoming: &Incoming<'_>) -> Result<(), End> {
        let frame = match *incoming {
            Incoming::Text(text) => Frame::decode_text(text),
            Incoming::Binary(bytes) => Frame::decode_binary(bytes),
            Incoming::Ping(payload) => {
                self.outbox.push_frame(Opcode::Pong, payload);
                return Ok(());
            }
            Incoming::Close(code) => return Err(End::Left(code)),
        };
        match frame {
            Ok(frame) => {
                self.route(&frame);
                Ok(())
            }
            Err(error) => {
                tracing::debug!(%error, "the peer sent a frame that is none");
                Err(End::Close(CloseCode::Protocol))
            }
        }
    }

    /// Hands a frame to whom it is for (`protocol.md §1.4`).
    fn route(&mut self, frame: &Frame<'_>) {
        if frame.topic == "phoenix" && frame.event == "heartbeat" {
            return self.reply(frame, None, Status::Ok, |out| out.push_str("{}"));
        }
        let push = ClientPush::new(frame);
        if frame.event == "phx_join" {
            return match push {
                Some(push) => self.join(frame, push),
                None => self.refuse(frame, "join with a binary payload"),
            };
        }
        let found = self
            .channels
            .iter()
            .position(|channel| *channel.sender.topic() == *frame.topic);
        let found = found.filter(|&at| !self.channels[at].mailbox.is_closed());
        let Some(at) = found else {
            return if frame.event == "phx_leave" {
                self.reply(frame, frame.join_ref.as_deref(), Status::Ok, |out| {
                    out.push_str("{}");
                });
            } else {
                self.refuse(frame, "unmatched topic");
            };
        };
        let channel = &self.channels[at];
        if frame.join_ref.is_some() && frame.join_ref.as_deref() != channel.sender.join_ref() {
            // Of an instance that is gone: the client doesn't wait for it.
            return;
        }
        if frame.event == "phx_leave" {
            let message_ref = frame.message_ref.as_deref().map(Into::into);
            self.channels
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
            Posted::Full => refuse("too many messages are waiting"),
            Posted::Closed => self.refuse(frame, "unmatched topic"),
        }
    }

    fn join(&mut self, frame: &Frame<'_>, push: ClientPush) {
        if !frame.topic.starts_with("lv:") {
            return self.refuse(frame, "unmatched topic");
        }
        self.channels.retain(|channel| {
            let replaced = *channel.sender.topic() == *frame.topic;
            if replaced {
                channel.mailbox.stop(Stop::Replaced);
            }
            !replaced && !channel.mailbox.is_closed()
        });
        let limits = &self.peer.config.limits;
        if self.channels.len() >= limits.channels {
            return self.refuse(frame, "too many channels joined");
        }
        let Some(joining) = Joining::count(&self.joining, limits.joins) else {
            return self.refuse(frame, "too many joins at once");
        };
        let capacity = Capacity {
            client: limits.client_mail,
            info: limits.info_mail,
        };
        let mailbox = Arc::new(Mailbox::new(capacity));
        let outbox = Arc::clone(&self.outbox);
        let sender = Arc::new(Sender::new(outbox, &frame.topic, frame.join_ref.as_deref()));
        // Most pages join one channel.
        self.channels.reserve_exact(1);
        self.channels.push(Channel {
            sender: Arc::clone(&sender),
            mailbox: Arc::clone(&mailbox),
        });
        Join {
            peer: Arc::clone(&self.peer),
            mailbox,
            sender,
            push,
        }
        .start(joining);
    }

    /// Answers with an error. The reason goes to the client.
    fn refuse(&self, frame: &Frame<'_>, reason: &str) {
        tracing::debug!(
            topic = &*frame.topic,
            event = &*frame.event,
            reason,
            "refused"
        );
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

/// The other half of the closing handshake (RFC 6455 §7.1): reads until the
/// peer has hung up too, so that it gets what was written before.
pub(crate) async fn hang_up(mut stream: impl AsyncRead + Unpin) {
    let mut rest = [0; 256];
    let reading = async { while let Ok(1..) = stream.read(&mut rest).await {} };
    // Who stays on the line is hung up on.
    let _ = timeout(GOODBYE, reading).await;
}

/// One of the joins that a connection may have under way.
struct Joining(Arc<AtomicUsize>);

impl Joining {
    fn count(joining: &Arc<AtomicUsize>, limit: usize) -> Option<Self> {
        // Only the connection's own task counts up, so no other gets between.
        if joining.load(Ordering::Relaxed) >= limit {
            return None;
        }
        joining.fetch_add(1, Ordering::Relaxed);
        Some(Self(Arc::clone(joining)))
    }
}

impl Drop for Joining {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
