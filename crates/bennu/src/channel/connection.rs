//! One WebSocket: reads frames for its [`FrameHandler`], and writes what that left
//! in the outbox. One task does both, each as far as the peer and the budgets
//! let it, and neither waits for the other.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout};

use crate::channel::budget::{Held, Received, SHARE};
use crate::channel::frame::Frame;
use crate::channel::outbox::{CloseCode, Outbox, Outgoing};
use crate::channel::rate::Rate;
use crate::channel::websocket::{self, BadSocket, Incoming, Opcode, Reader, Taken};
use crate::config::{Config, Limits};

/// How long the closing handshake may take before the connection is dropped,
/// and what is being written when the server wants to close.
const GOODBYE: Duration = Duration::from_secs(5);

/// As good as no limit, and still short enough to be added to any time.
pub(crate) const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// How long a peer may take to join its first view.
const FIRST_JOIN: Duration = Duration::from_secs(30);

/// How often a connection looks again for room that others have taken.
const ROOM_CHECK: Duration = Duration::from_millis(100);

/// What is read from a peer at once, into a buffer of the thread.
const READ: usize = 16 * 1024;

thread_local! {
    static READ_BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Who takes the frames of a connection.
pub(crate) trait FrameHandler {
    /// Hands a frame to whom it is for.
    fn route(&mut self, frame: &Frame<'_>);
    /// Whether a join is not answered yet.
    fn is_joining(&self) -> bool;
    /// Whether the peer has joined anything since it came.
    fn has_joined(&self) -> bool;
    /// No frame comes any more.
    fn end(&mut self, end: End);
}

/// How a connection ended, for its [`FrameHandler`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The peer broke the protocol: it is no client.
    Breach,
    /// The server stops.
    Restart,
    /// It left, or was lost.
    Lost,
}

/// One WebSocket, and who takes its frames.
pub(crate) struct Connection<S, H> {
    stream: S,
    reading: Reading,
    writing: Option<Writing>,
    outbox: Arc<Outbox>,
    config: Arc<Config>,
    handler: H,
}

/// What is read.
struct Reading {
    reader: Reader,
    rate: Rate,
    received: Arc<Received>,
    /// When the peer was last heard; time in which it is not read is not counted.
    heard: Instant,
    /// The message of which a part has come.
    begun: Option<Box<Begun>>,
    /// Why nothing is read.
    pause: Option<Box<Pause>>,
}

struct Begun {
    since: Instant,
    /// How much of it is kept.
    held: Held,
}

/// A while in which nothing is read.
struct Pause {
    since: Instant,
    /// Whether the peer was too fast, or there is no room for what it sends.
    is_for_room: bool,
    end: Pin<Box<Sleep>>,
}

/// What is written.
struct Writing {
    bytes: Vec<u8>,
    written: usize,
    /// Set when the peer has not taken all at once.
    stalled: Option<Box<Stalled>>,
}

/// A peer that takes what is written little by little.
struct Stalled {
    since: Instant,
    /// When it took something last.
    taken: Instant,
    /// Since when the server wants to close.
    closing: Option<Instant>,
    /// Fires when it takes too little.
    overdue: Pin<Box<Sleep>>,
}

/// Why a connection ends.
#[derive(Debug)]
enum Stop {
    /// It broke, or the peer takes nothing any more.
    Lost,
    /// The peer closed it, with this code.
    Left(Option<u16>),
    /// We close it.
    Close(CloseCode),
}

impl<S, H> Connection<S, H>
where
    S: AsyncRead + AsyncWrite + Unpin,
    H: FrameHandler,
{
    pub(crate) fn new(
        stream: S,
        outbox: Arc<Outbox>,
        received: Arc<Received>,
        config: Arc<Config>,
        handler: H,
    ) -> Self {
        Self {
            stream,
            reading: Reading {
                reader: Reader::default(),
                rate: Rate::new(&config.limits),
                received,
                heard: Instant::now(),
                begun: None,
                pause: None,
            },
            writing: None,
            outbox,
            config,
            handler,
        }
    }

    /// Serves the peer until it leaves or is sent away.
    pub(crate) async fn serve(mut self: Box<Self>) {
        let end = self.exchange().await;
        // It may not have come to the close that was asked for.
        let closing = self.outbox.closing();
        self.outbox.end();
        self.handler.end(match (&end, closing) {
            (Stop::Close(CloseCode::Protocol | CloseCode::NotUtf8), _) => End::Breach,
            (_, Some(CloseCode::Restart)) => End::Restart,
            _ => End::Lost,
        });
        tracing::debug!(?end, "a connection ends");
        let code = match end {
            Stop::Lost => return,
            Stop::Left(code) => code,
            Stop::Close(code) => Some(code as u16),
        };
        // The peer may be gone already.
        let goodbye = Box::pin(timeout(GOODBYE, self.say_goodbye(code))).await;
        let stream = (*self).into_stream();
        if let Ok(Ok(())) = goodbye {
            hang_up(stream).await;
        }
    }

    /// What is left of the connection in the end.
    fn into_stream(self) -> Box<S> {
        Box::new(self.stream)
    }

    async fn say_goodbye(&mut self, code: Option<u16>) -> std::io::Result<()> {
        let mut goodbye = Vec::new();
        // A frame that was begun is ended first.
        if let Some(writing) = &self.writing {
            self.stream.write_all(writing.rest()).await?;
        }
        let code = code.map(u16::to_be_bytes);
        websocket::frame(
            Opcode::Close,
            code.as_ref().map_or(&[], |code| code),
            &mut goodbye,
        );
        self.stream.write_all(&goodbye).await?;
        self.stream.shutdown().await
    }

    async fn exchange(&mut self) -> Stop {
        let idle = self.config.limits.idle.min(FOREVER);
        // Set again only when it is over: moving a timer for each message
        // costs more than looking at the clock.
        let mut silence = std::pin::pin!(sleep_until(self.reading.heard + idle));
        let mut first_join = Some(Box::pin(sleep(FIRST_JOIN)));
        poll_fn(|context| {
            let mut reading = Poll::Ready(Ok(()));
            loop {
                // Neither side goes first: a peer that is sent more than it reads
                // must still be heard.
                let writing = self.poll_write(context);
                if let Poll::Ready(Err(end)) = writing {
                    return Poll::Ready(end);
                }
                // Asking again would tell no more than the waker will.
                if reading.is_ready() {
                    reading = self.poll_read(context);
                }
                if let Poll::Ready(Err(end)) = reading {
                    return Poll::Ready(end);
                }
                if writing.is_pending() && reading.is_pending() {
                    break;
                }
            }
            if self.handler.has_joined() {
                first_join = None;
            }
            while let Some(due) = &mut first_join
                && due.as_mut().poll(context).is_ready()
            {
                if !self.handler.is_joining() {
                    tracing::debug!("the peer joins no view: closing");
                    return Poll::Ready(Stop::Close(CloseCode::GoingAway));
                }
                due.as_mut().reset(Instant::now() + FIRST_JOIN);
            }
            while silence.as_mut().poll(context).is_ready() {
                let (now, due) = (Instant::now(), self.reading.heard + idle);
                if due <= now && self.reading.pause.is_none() {
                    return Poll::Ready(Stop::Close(CloseCode::GoingAway));
                }
                silence
                    .as_mut()
                    .reset(due.max(now + Duration::from_secs(1)));
            }
            Poll::Pending
        })
        .await
    }

    /// Reads what the peer sent and hands it on.
    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Stop>> {
        let limits = &self.config.limits;
        ready!(self.reading.poll_pause(limits, context))?;
        READ_BUFFER.with_borrow_mut(|buffer| {
            buffer.resize(READ, 0);
            let mut read = ReadBuf::new(buffer);
            if ready!(Pin::new(&mut self.stream).poll_read(context, &mut read)).is_err() {
                return Poll::Ready(Err(Stop::Lost));
            }
            let bytes = read.filled_mut();
            if bytes.is_empty() {
                return Poll::Ready(Err(Stop::Lost));
            }
            Poll::Ready(self.receive(bytes))
        })
    }

    /// Writes whole frames. A peer has to take something every
    /// [`Limits::write`], and [`Limits::lowest_rate`] on the whole.
    fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Stop>> {
        let limits = &self.config.limits;
        let Some(writing) = &mut self.writing else {
            return match ready!(self.outbox.poll_next(context)) {
                Outgoing::Write(bytes) => {
                    self.writing = Some(Writing::new(bytes));
                    Poll::Ready(Ok(()))
                }
                Outgoing::Close(code) => Poll::Ready(Err(Stop::Close(code))),
            };
        };
        let stream = Pin::new(&mut self.stream);
        // A stream with TLS takes bytes before its peer does: it is flushed within
        // the same time.
        let written = match writing.rest() {
            [] => stream.poll_flush(context).map_ok(|()| None),
            rest => stream.poll_write(context, rest).map_ok(Some),
        };
        match written {
            Poll::Ready(Ok(Some(0)) | Err(_)) => Poll::Ready(Err(Stop::Lost)),
            Poll::Ready(Ok(None)) => {
                self.writing = None;
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Ok(Some(count))) => {
                writing.count(count);
                Poll::Ready(Ok(()))
            }
            Poll::Pending => {
                let is_closing = self.outbox.poll_closing(context).is_ready();
                ready!(writing.poll_overdue(is_closing, limits, context));
                tracing::debug!("the peer reads too little: dropping it");
                Poll::Ready(Err(Stop::Lost))
            }
        }
    }

    fn receive(&mut self, bytes: &mut [u8]) -> Result<(), Stop> {
        let mut end = None;
        let (length, mut limit) = (bytes.len(), self.config.limits.wire_bytes());
        if !self.handler.has_joined() {
            limit = limit.min(SHARE);
        }
        let mut reader = std::mem::take(&mut self.reading.reader);
        let taken = reader.take(bytes, limit, |incoming| {
            if end.is_none() {
                end = self.message(&incoming).err();
            }
        });
        self.reading.reader = reader;
        if let Some(end) = end {
            return Err(end);
        }
        match taken {
            Ok(taken) => {
                let limits = &self.config.limits;
                self.reading.count(taken, length, limits)
            }
            Err(error) => {
                tracing::debug!(?error, "the peer broke the WebSocket protocol");
                Err(Stop::Close(match error {
                    BadSocket::TooBig => CloseCode::TooBig,
                    BadSocket::NotUtf8 => CloseCode::NotUtf8,
                    _ => CloseCode::Protocol,
                }))
            }
        }
    }

    fn message(&mut self, incoming: &Incoming<'_>) -> Result<(), Stop> {
        let frame = match *incoming {
            Incoming::Text(text) => Frame::decode_text(text),
            Incoming::Binary(bytes) => Frame::decode_binary(bytes),
            Incoming::Ping(payload) => {
                self.outbox.push_frame(Opcode::Pong, payload);
                return Ok(());
            }
            Incoming::Close(code) => return Err(Stop::Left(code)),
        };
        match frame {
            Ok(frame) => {
                self.handler.route(&frame);
                Ok(())
            }
            Err(error) => {
                tracing::debug!(%error, "the peer sent a frame that is none");
                Err(Stop::Close(CloseCode::Protocol))
            }
        }
    }
}

impl Reading {
    /// Waits while the peer was too fast, or there is no room for more.
    fn poll_pause(&mut self, limits: &Limits, context: &mut Context<'_>) -> Poll<Result<(), Stop>> {
        loop {
            let Some(pause) = &mut self.pause else {
                if self.received.has_room() {
                    return Poll::Ready(Ok(()));
                }
                self.pause = Some(Pause::new(true, Instant::now() + ROOM_CHECK));
                continue;
            };
            let is_over = pause.end.as_mut().poll(context).is_ready();
            if pause.is_for_room {
                if self.received.poll_room(context).is_pending() {
                    // What waits is not handled: the views hang.
                    if pause.since.elapsed() >= limits.idle {
                        return Poll::Ready(Err(Stop::Close(CloseCode::TryLater)));
                    }
                    if is_over {
                        (pause.end.as_mut()).reset(Instant::now() + ROOM_CHECK);
                        continue;
                    }
                    return Poll::Pending;
                }
            } else if !is_over {
                return Poll::Pending;
            }
            // While nothing was read, nobody was silent.
            self.heard += pause.since.elapsed();
            if let Some(begun) = &mut self.begun {
                begun.since += pause.since.elapsed();
            }
            self.pause = None;
        }
    }

    /// Counts what was read.
    fn count(&mut self, taken: Taken, bytes: usize, limits: &Limits) -> Result<(), Stop> {
        let now = Instant::now();
        self.heard = now;
        if let Some(until) = self.rate.count(now, taken, bytes) {
            self.pause = Some(Pause::new(false, until));
        }
        let kept = self.reader.kept();
        if kept == 0 {
            self.begun = None;
            return Ok(());
        }
        let begun = self.begun.get_or_insert_with(|| {
            Box::new(Begun {
                since: now,
                held: self.received.hold(0),
            })
        });
        // A message came to its end; control frames are shorter.
        if kept < begun.held.bytes() / 2 {
            begun.since = now;
        }
        begun.held.set(kept);
        if now.duration_since(begun.since) > time_for(kept, limits.idle, limits) {
            tracing::debug!("the peer sends a message too slowly: closing");
            return Err(Stop::Close(CloseCode::TryLater));
        }
        Ok(())
    }
}

impl Pause {
    fn new(is_for_room: bool, end: Instant) -> Box<Self> {
        Box::new(Self {
            since: Instant::now(),
            is_for_room,
            end: Box::pin(sleep_until(end)),
        })
    }
}

impl Writing {
    fn new(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            written: 0,
            stalled: None,
        }
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.written..).unwrap_or_default()
    }

    fn count(&mut self, written: usize) {
        self.written += written;
        if let Some(stalled) = &mut self.stalled {
            stalled.taken = Instant::now();
        }
    }

    /// Waits until the peer has taken too little; when the server wants to close,
    /// at most a short while more.
    fn poll_overdue(
        &mut self,
        is_closing: bool,
        limits: &Limits,
        context: &mut Context<'_>,
    ) -> Poll<()> {
        let write = limits.write.min(FOREVER);
        let stalled = self.stalled.get_or_insert_with(|| {
            let now = Instant::now();
            Box::new(Stalled {
                since: now,
                taken: now,
                closing: None,
                overdue: Box::pin(sleep_until(now + write)),
            })
        });
        if is_closing {
            stalled.closing.get_or_insert_with(Instant::now);
        }
        let on_the_whole = stalled.since + time_for(self.written, write, limits);
        let due = (stalled.taken + write).min(on_the_whole);
        let due = (stalled.closing).map_or(due, |since| due.min(since + GOODBYE));
        let overdue = &mut stalled.overdue;
        if overdue.deadline() != due {
            overdue.as_mut().reset(due);
        }
        overdue.as_mut().poll(context)
    }
}

/// How long a peer may take for so many bytes, `least` included.
fn time_for(bytes: usize, least: Duration, limits: &Limits) -> Duration {
    let rate = limits.lowest_rate.max(1);
    let seconds = bytes as u64 / u64::from(rate);
    least
        .saturating_add(Duration::from_secs(seconds))
        .min(FOREVER)
}

/// The other half of the closing handshake (RFC 6455 §7.1): reads until the
/// peer has hung up too, so that it gets what was written before.
async fn hang_up(mut stream: Box<impl AsyncRead + Unpin>) {
    let reading = Box::pin(async {
        let mut rest = [0; 256];
        while let Ok(1..) = stream.read(&mut rest).await {}
    });
    // Who stays on the line is hung up on.
    let _ = Box::pin(timeout(GOODBYE, reading)).await;
}
