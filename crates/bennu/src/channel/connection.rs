//! One WebSocket: reads frames and hands them to the channels they name, and
//! writes what the channels left in the outbox. One task does both, so nothing
//! is read from a peer that does not take its answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error as WsError, Message, Utf8Bytes};

use crate::channel::frame::{BadFrame, ClientPush, Frame, Status, write_reason, write_reply};
use crate::channel::outbox::{self, CloseCode, Outbox, Outgoing};
use crate::channel::rate::Rate;
use crate::session::mailbox::{Capacity, Mailbox, Posted, Stop};
use crate::session::task::{Join, Peer};
use crate::view::Reason;

/// How long the closing handshake may take before the connection is dropped.
const GOODBYE: Duration = Duration::from_secs(5);

/// One WebSocket and its channels.
pub(crate) struct Connection<S> {
    socket: WebSocketStream<S>,
    outbox: Arc<Outbox>,
    peer: Arc<Peer>,
    channels: Vec<Channel>,
    /// How many joins are not answered yet.
    joining: Arc<AtomicUsize>,
    rate: Rate,
}

/// A topic that the peer joined.
struct Channel {
    topic: Box<str>,
    join_ref: Option<Box<str>>,
    mailbox: Arc<Mailbox>,
}

/// Why a connection ends.
#[derive(Debug)]
enum End {
    /// The peer closed it, or it broke.
    Lost,
    /// We close it.
    Close(CloseCode),
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    pub(crate) fn new(socket: WebSocketStream<S>, outbox: Arc<Outbox>, peer: Arc<Peer>) -> Self {
        let rate = Rate::new(peer.config.limits.messages_per_second);
        Self {
            socket,
            outbox,
            peer,
            channels: Vec::new(),
            joining: Arc::default(),
            rate,
        }
    }

    /// Serves the peer until it leaves or is sent away.
    pub(crate) async fn serve(mut self) {
        let end = self.exchange().await;
        let reason = match end {
            End::Close(CloseCode::Restart) => Reason::Shutdown,
            _ => Reason::Disconnected,
        };
        self.outbox.end();
        for channel in &self.channels {
            channel.mailbox.stop(Stop::Gone(reason));
        }
        if let End::Close(code) = end {
            tracing::debug!(?code, "closing a connection");
            let frame = CloseFrame {
                code: (code as u16).into(),
                reason: "".into(),
            };
            // The peer may be gone already.
            let _ = timeout(GOODBYE, self.socket.close(Some(frame))).await;
        }
    }

    async fn exchange(&mut self) -> End {
        let limits = &self.peer.config.limits;
        let (idle, write) = (limits.idle, limits.write);
        let mut heard = Instant::now();
        let mut held: Option<Instant> = None;
        let mut spare = Vec::new();
        // Set again only when it is over: moving a timer for each message
        // costs more than looking at the clock.
        let mut silence = std::pin::pin!(sleep_until(heard + idle));
        loop {
            let read = async {
                match held {
                    Some(until) => {
                        sleep_until(until).await;
                        None
                    }
                    None => Some(self.socket.next().await),
                }
            };
            tokio::select! {
                biased;
                outgoing = self.outbox.next(&mut spare) => match outgoing {
                    Outgoing::Write(bytes) => match self.write(&bytes, write).await {
                        Ok(()) => {
                            self.outbox.written();
                            spare = outbox::spare(bytes);
                        }
                        Err(end) => return end,
                    },
                    Outgoing::Close(code) => return End::Close(code),
                },
                message = read => match message {
                    None => held = None,
                    Some(message) => {
                        heard = Instant::now();
                        held = self.rate.count(heard);
                        match self.receive(message) {
                            Ok(()) => {}
                            Err(end) => return end,
                        }
                    }
                },
                () = &mut silence => {
                    if heard.elapsed() >= idle {
                        return End::Close(CloseCode::GoingAway);
                    }
                    silence.as_mut().reset(heard + idle);
                }
            }
        }
    }

    /// Writes whole framed messages past tungstenite, whose buffer would keep
    /// the size of the largest. Nothing of its own may be half-written then, so
    /// it is flushed first.
    async fn write(&mut self, bytes: &[u8], limit: Duration) -> Result<(), End> {
        let writing = async {
            self.socket.flush().await.map_err(|_| End::Lost)?;
            let stream = self.socket.get_mut();
            stream.write_all(bytes).await.map_err(|_| End::Lost)?;
            stream.flush().await.map_err(|_| End::Lost)
        };
        match timeout(limit, writing).await {
            Ok(written) => written,
            Err(_) => {
                tracing::debug!("the peer reads nothing: dropping it");
                Err(End::Lost)
            }
        }
    }

    fn receive(&mut self, message: Option<Result<Message, WsError>>) -> Result<(), End> {
        let routed = match message {
            Some(Ok(Message::Text(text))) => {
                Frame::decode_text(&text).map(|frame| self.route(&frame, Some(&text)))
            }
            Some(Ok(Message::Binary(bytes))) => {
                Frame::decode_binary(&bytes).map(|frame| self.route(&frame, None))
            }
            // tungstenite answers pings and closes by itself.
            Some(Ok(_)) => Ok(()),
            None | Some(Err(WsError::ConnectionClosed | WsError::Io(_))) => return Err(End::Lost),
            Some(Err(WsError::Capacity(error))) => {
                tracing::debug!(%error, "the peer sent too much at once");
                return Err(End::Close(CloseCode::TooBig));
            }
            Some(Err(error)) => {
                tracing::debug!(%error, "the peer broke the WebSocket protocol");
                return Err(End::Close(CloseCode::Protocol));
            }
        };
        routed.map_err(|error: BadFrame| {
            tracing::debug!(%error, "the peer sent a frame that is none");
            End::Close(CloseCode::Protocol)
        })
    }

    /// Hands a frame to whom it is for (`protocol.md §1.4`). `text` is the
    /// message that a text frame came in.
    fn route(&mut self, frame: &Frame<'_>, text: Option<&Utf8Bytes>) {
        if frame.topic == "phoenix" && frame.event == "heartbeat" {
            return self.reply(frame, None, Status::Ok, |out| out.push_str("{}"));
        }
        let push = text.and_then(|text| ClientPush::new(frame, text));
        if frame.event == "phx_join" {
            return match push {
                Some(push) => self.join(frame, push),
                None => self.refuse(frame, "join with a binary payload"),
            };
        }
        let found = self
            .channels
            .iter()
            .position(|channel| *channel.topic == *frame.topic);
        let found = found.filter(|&at| !self.channels[at].mailbox.is_closed());
        let Some(at) = found else {
            return if frame.event == "phx_leave" {
                self.reply(frame, frame.join_ref.as_deref(), Status::Ok, |out| {
                    out.push_str("{}")
                });
            } else {
                self.refuse(frame, "unmatched topic");
            };
        };
        let channel = &self.channels[at];
        if frame.join_ref.is_some() && frame.join_ref.as_deref() != channel.join_ref.as_deref() {
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
        let posted = match push {
            Some(push) => channel.mailbox.post_client(Box::new(push)),
            None => return self.refuse(frame, "unmatched event"),
        };
        match posted {
            Posted::Accepted => {}
            Posted::Full => self.refuse(frame, "too many messages are waiting"),
            Posted::Closed => self.refuse(frame, "unmatched topic"),
        }
    }

    fn join(&mut self, frame: &Frame<'_>, push: ClientPush) {
        if !frame.topic.starts_with("lv:") {
            return self.refuse(frame, "unmatched topic");
        }
        self.channels.retain(|channel| {
            if *channel.topic == *frame.topic {
                channel.mailbox.stop(Stop::Replaced);
            }
            *channel.topic != *frame.topic && !channel.mailbox.is_closed()
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
        let join_ref: Option<Box<str>> = frame.join_ref.as_deref().map(Into::into);
        self.channels.push(Channel {
            topic: (*frame.topic).into(),
            join_ref: join_ref.clone(),
            mailbox: Arc::clone(&mailbox),
        });
        let join = Join {
            peer: Arc::clone(&self.peer),
            outbox: Arc::clone(&self.outbox),
            mailbox,
            topic: (*frame.topic).into(),
            join_ref,
            push,
        };
        join.start(joining);
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
