//! A server for the application: HTTP/1.1 on a listener, with the time-outs and
//! the orderly end that a public address needs. hyper does the work; here are
//! the bounds around it.

use std::convert::Infallible;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use futures_util::future::join_all;
use http::Request;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout};
use tower::ServiceExt;

use crate::channel::connection::FOREVER;
use crate::seldom::warn_seldom;
use crate::web::connections::{Connections, Shutdown};

/// How long accepting pauses when the system has no descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// The least that hyper takes for the buffer of a request's head.
const SHORTEST_HEAD: usize = 8 * 1024;

/// Bytes per second of a request's body that a peer has to send, beyond the
/// first time-out.
const LOWEST_RATE: u64 = 1024;

/// Serves `app` on `listener` until the process is told to stop, by Ctrl-C or
/// `SIGTERM`.
///
/// ```no_run
/// # use axum::{Router, routing::get};
/// # use bennu::prelude::*;
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let app = Bennu::new(Config::from_env()?).serve(Router::new());
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:4000").await?;
/// bennu::serve(listener, app).await?;
/// # Ok(())
/// # }
/// ```
///
/// [`axum::serve()`] works too. What this adds is what a server needs that
/// strangers reach:
///
/// | what | default | then |
/// |---|---|---|
/// | a request's line and headers, and the next request of a connection | 30 s | the connection is closed |
/// | a request's line and headers together | 32 KiB | status 431 |
/// | a request's body: nothing of it comes, or less than 1 KiB a second beyond that | 30 s | the handler gets an error |
/// | an answer of which the peer takes nothing | 30 s | the connection is closed |
/// | connections, live and others | 50,000 | the next one waits until one has ended |
/// | the end: requests that are under way, and views with what they are doing | 20 s | they are dropped |
///
/// When it is told to stop it accepts no connection any more, answers the
/// requests that are under way, and ends all views as [`Shutdown::drain`] does:
/// browsers connect again, to the next server. Told twice, it stops at once.
///
/// It speaks HTTP/1.1 without TLS. Put a proxy in front that does TLS and
/// HTTP/2: browsers use HTTP/2 with TLS only.
///
/// # Errors
/// In a release build when the listener can be reached from other machines and an
/// application has no [`Config::public_url`](crate::Config::public_url): its cookies
/// would not be marked secure, and every host that leads here would be trusted.
/// In any build when the signals can't be waited for. What fails with one
/// connection is logged and ends that one.
pub fn serve(listener: TcpListener, app: Router) -> Serve {
    Serve {
        listener,
        app,
        limits: ServeLimits::default(),
        until: None,
    }
}

/// A server that runs when it is awaited; from [`serve`].
#[must_use = "a server runs when it is awaited"]
pub struct Serve {
    listener: TcpListener,
    app: Router,
    limits: ServeLimits,
    until: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

#[derive(Clone, Copy, Debug)]
struct ServeLimits {
    header: Duration,
    header_bytes: usize,
    body: Duration,
    write: Duration,
    connections: usize,
    drain: Duration,
}

impl Default for ServeLimits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(30),
            header_bytes: 32 * 1024,
            body: Duration::from_secs(30),
            write: Duration::from_secs(30),
            connections: 50_000,
            drain: Duration::from_secs(20),
        }
    }
}

impl Serve {
    /// How long a connection may take for the line and headers of its next
    /// request. Default 30 s.
    pub fn header_timeout(mut self, limit: Duration) -> Self {
        self.limits.header = limit.min(FOREVER);
        self
    }

    /// How many bytes a request's line and headers may have together. Default
    /// 32 KiB, and at least 8 KiB. A request with more is answered with status 431.
    /// A connection has a buffer of up to this size while requests come.
    pub fn header_bytes(mut self, limit: usize) -> Self {
        self.limits.header_bytes = limit.max(SHORTEST_HEAD);
        self
    }

    /// How long nothing of a request's body may come. Default 30 s.
    pub fn body_timeout(mut self, limit: Duration) -> Self {
        self.limits.body = limit.min(FOREVER);
        self
    }

    /// How long a peer may take nothing of what is sent to it. Default 30 s.
    pub fn write_timeout(mut self, limit: Duration) -> Self {
        self.limits.write = limit;
        self
    }

    /// How many connections are served at once. Default 50,000. Each takes a
    /// file descriptor: raise the limit of the process (`ulimit -n`) with it.
    pub fn connections(mut self, limit: usize) -> Self {
        self.limits.connections = limit;
        self
    }

    /// How long requests and views may take to end when the server stops. Default
    /// 20 s.
    pub fn drain(mut self, limit: Duration) -> Self {
        self.limits.drain = limit;
        self
    }

    /// Serves until this is done, in place of the signals.
    pub fn until(mut self, done: impl Future<Output = ()> + Send + 'static) -> Self {
        self.until = Some(Box::pin(done));
        self
    }

    async fn run(self) -> io::Result<()> {
        let Self {
            listener,
            app,
            limits,
            until,
        } = self;
        let is_release = !cfg!(debug_assertions);
        if is_release && LACKS_URL.load(Ordering::Relaxed) {
            refuse_strangers(listener.local_addr()?)?;
        }
        let mut stop = match until {
            Some(until) => Stop::Done(until),
            None => Stop::signals()?,
        };
        let slots = Arc::new(Semaphore::new(
            limits.connections.min(Semaphore::MAX_PERMITS),
        ));
        let apps = Apps::default();
        // Each connection has a receiver until it has ended.
        let (stopping, is_stopping) = watch::channel(());
        let accepting = async {
            loop {
                let slot = free_slot(&slots).await;
                let (stream, address) = accept(&listener).await;
                // A diff is a small packet that should not wait for the next.
                let _ = stream.set_nodelay(true);
                let stream = Bounded {
                    stream,
                    stalled: None,
                    limit: limits.write,
                    _slot: slot,
                };
                let app = (app.clone(), apps.clone());
                tokio::spawn(answer(stream, address, app, limits, is_stopping.clone()));
            }
        };
        tokio::select! {
            () = stop.wait() => {}
            never = accepting => match never {},
        }
        drop((listener, is_stopping));
        let _ = stopping.send(());
        tracing::info!(limit = ?limits.drain, "the server stops: its connections are ended");
        let draining = join_all(
            apps.take()
                .into_iter()
                .map(|app| async move { Shutdown(app).drain(limits.drain).await }),
        );
        let requests = timeout(limits.drain, stopping.closed());
        tokio::select! {
            (views, requests) = async { tokio::join!(draining, requests) } => {
                if requests.is_err() || views.contains(&false) {
                    tracing::warn!("not all requests and views ended in time");
                }
            }
            () = stop.wait() => tracing::warn!("the server was told twice to stop"),
        }
        Ok(())
    }
}

impl IntoFuture for Serve {
    type Output = io::Result<()>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Serve {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (formatter.debug_struct("Serve"))
            .field("listener", &self.listener)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Whether this process has an application that doesn't know its public URL.
static LACKS_URL: AtomicBool = AtomicBool::new(false);

/// An application was made that doesn't know its public URL.
pub(super) fn note_missing_url() {
    LACKS_URL.store(true, Ordering::Relaxed);
}

/// Only this machine may reach an application that doesn't know its public URL.
fn refuse_strangers(address: SocketAddr) -> io::Result<()> {
    if address.ip().to_canonical().is_loopback() {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "{address} can be reached from other machines, and the application doesn't know its \
         public URL: set BENNU_URL or Config::public_url, such as https://example.org, so that \
         cookies are secure and no other host is trusted"
    )))
}

/// What ends a server.
enum Stop {
    Done(Pin<Box<dyn Future<Output = ()> + Send>>),
    #[cfg(unix)]
    Signals(tokio::signal::unix::Signal, tokio::signal::unix::Signal),
    #[cfg(not(unix))]
    Signals,
    Never,
}

impl Stop {
    #[cfg(unix)]
    fn signals() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let (interrupt, terminate) = (SignalKind::interrupt(), SignalKind::terminate());
        Ok(Self::Signals(signal(interrupt)?, signal(terminate)?))
    }

    #[cfg(not(unix))]
    fn signals() -> io::Result<Self> {
        Ok(Self::Signals)
    }

    /// # Cancel safety
    /// Can be dropped at any time and called again.
    async fn wait(&mut self) {
        match self {
            Self::Done(done) => {
                done.await;
                *self = Self::Never;
            }
            #[cfg(unix)]
            Self::Signals(interrupt, terminate) => {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
            }
            #[cfg(not(unix))]
            Self::Signals => drop(tokio::signal::ctrl_c().await),
            Self::Never => std::future::pending().await,
        }
    }
}

async fn free_slot(slots: &Arc<Semaphore>) -> OwnedSemaphorePermit {
    if slots.available_permits() == 0 {
        warn_seldom!("as many connections as Serve::connections allows: the next one waits");
    }
    match Arc::clone(slots).acquire_owned().await {
        Ok(slot) => slot,
        // It is never closed.
        Err(_) => std::future::pending().await,
    }
}

/// The next connection. That a peer goes away while it is accepted is no fault;
/// that there is no descriptor for it is one that passes.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_a_peer(&error) => {}
            Err(error) => {
                tracing::error!(
                    %error,
                    "no connection can be accepted; with \"too many open files\" raise `ulimit -n` \
                     or lower Serve::connections"
                );
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn is_of_a_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

/// The applications whose WebSockets came by this server: they are drained with
/// it.
#[derive(Clone, Default)]
pub(super) struct Apps(Arc<Mutex<Vec<Connections>>>);

impl Apps {
    pub(super) fn add(&self, connections: &Connections) {
        let mut apps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !apps.iter().any(|app| app.is(connections)) {
            apps.push(connections.clone());
        }
    }

    fn take(&self) -> Vec<Connections> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Answers the requests of one connection; when the server stops, none but the
/// one that is under way. A connection that became a WebSocket ends here.
async fn answer(
    stream: Bounded,
    address: SocketAddr,
    (app, apps): (Router, Apps),
    limits: ServeLimits,
    mut is_stopping: watch::Receiver<()>,
) {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(|body| {
            Body::new(Timed {
                body,
                limit: limits.body,
                since: Instant::now(),
                bytes: 0,
                stalled: None,
            })
        });
        request.extensions_mut().insert(ConnectInfo(address));
        request.extensions_mut().insert(apps.clone());
        let answered = app.clone().oneshot(request);
        async move {
            let answered: Result<_, Infallible> = answered.await;
            answered
        }
    });
    // At once where it stays: the task has the room of each place that held it.
    let mut connection = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header)
            .max_buf_size(limits.header_bytes)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
    );
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = is_stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection failed");
    }
}

/// A peer's stream with its slot; an error when the peer takes nothing for too
/// long. Upgraded connections keep it.
struct Bounded {
    stream: TcpStream,
    stalled: Option<Pin<Box<Sleep>>>,
    limit: Duration,
    _slot: OwnedSemaphorePermit,
}

impl Bounded {
    fn bound<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let limit = self.limit;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(limit)));
        stalled
            .as_mut()
            .poll(context)
            .map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Bounded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Bounded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.bound(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.bound(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// The body of a request; an error when it comes too slowly.
struct Timed {
    body: Incoming,
    limit: Duration,
    since: Instant,
    bytes: u64,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl hyper::body::Body for Timed {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => {
                self.stalled = None;
                if let Some(Ok(frame)) = &frame {
                    self.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                }
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => {
                let on_the_whole = Duration::from_secs(self.bytes / LOWEST_RATE);
                let due = (Instant::now() + self.limit)
                    .min(self.since + self.limit.saturating_add(on_the_whole));
                let stalled = self
                    .stalled
                    .get_or_insert_with(|| Box::pin(sleep_until(due)));
                stalled
                    .as_mut()
                    .poll(context)
                    .map(|()| Some(Err("the request's body comes too slowly".into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_public_url_only_this_machine_is_served() {
        for (address, is_served) in [
            ("127.0.0.1:4000", true),
            ("[::1]:4000", true),
            ("[::ffff:127.0.0.1]:4000", true),
            ("0.0.0.0:4000", false),
            ("[::]:4000", false),
            ("192.0.2.1:4000", false),
        ] {
            let refused = refuse_strangers(address.parse().expect("an address"));
            assert_eq!(refused.is_ok(), is_served, "{address}");
            if let Err(error) = refused {
                assert!(error.to_string().contains("BENNU_URL"), "{error}");
            }
        }
    }
}
