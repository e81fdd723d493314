//! One WebSocket: reads frames for its [`Channels`], and writes what they left
//! in the outbox. One task does both, so nothing is read from a peer that does
//! not take its answers.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use crate::channel::channels::Channels;
use crate::channel::frame::Frame;
use crate::channel::outbox::{self, CloseCode, Outbox, Outgoing};
use crate::channel::rate::Rate;
use crate::channel::websocket::{self, BadSocket, Incoming, Opcode, Reader};
use crate::session::task::Peer;
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
    channels: Channels,
    rate: Rate,
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
            rate: Rate::new(&peer.config.limits),
            channels: Channels::new(Arc::clone(&outbox), Arc::clone(&peer)),
            outbox,
            peer,
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
        match end {
            // Whoever breaks the protocol is no client.
            End::Close(CloseCode::Protocol | CloseCode::NotUtf8) => self.peer.families.revoke(),
            _ => self.peer.families.cut(reason),
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
            // Neither side goes first: a peer that is sent more than it reads
            // must still be heard.
            tokio::select! {
                outgoing = outbox.next(&mut spare) => match outgoing {
                    Outgoing::Write(bytes) => match self.write(&bytes, write).await {
                        Ok(waited) => {
                            // While nothing was read, nobody was silent.
                            heard += waited;
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

    /// Writes whole frames. The limit is for the peer to take anything at all:
    /// a slow one that goes on reading gets the time it needs. Returns how long
    /// it had to be waited for.
    async fn write(&mut self, bytes: &[u8], limit: Duration) -> Result<Duration, End> {
        let mut rest = bytes;
        let mut waited = Duration::ZERO;
        while !rest.is_empty() {
            let mut writing = std::pin::pin!(self.stream.write(rest));
            // Nearly every write succeeds at once and needs no timer.
            let written = match futures_util::poll!(&mut writing) {
                Poll::Ready(written) => Ok(written),
                Poll::Pending => {
                    let began = Instant::now();
                    let written = Box::pin(timeout(limit, writing)).await;
                    waited += began.elapsed();
                    written
                }
            };
            rest = match written {
                Ok(Ok(0) | Err(_)) => return Err(End::Lost),
                Ok(Ok(written)) => rest.get(written..).unwrap_or_default(),
                Err(_) => {
                    tracing::debug!("the peer reads nothing: dropping it");
                    return Err(End::Lost);
                }
            };
        }
        self.stream.flush().await.map_err(|_| End::Lost)?;
        Ok(waited)
    }

    fn receive(&mut self, bytes: &mut [u8]) -> Result<Option<Instant>, End> {
        let mut end = None;
        let (length, limit) = (bytes.len(), self.peer.config.limits.wire_bytes());
        let mut reader = std::mem::take(&mut self.reader);
        let taken = reader.take(bytes, limit, |incoming| {
            if end.is_none() {
                end = self.message(&incoming).err();
            }
        });
        self.reader = reader;
        if let Some(end) = end {
            return Err(end);
        }
        match taken {
            Ok(taken) => Ok(self.rate.count(Instant::now(), taken, length)),
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
                self.channels.route(&frame);
                Ok(())
            }
            Err(error) => {
                tracing::debug!(%error, "the peer sent a frame that is none");
                Err(End::Close(CloseCode::Protocol))
            }
        }
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
