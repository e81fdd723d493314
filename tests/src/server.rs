//! Serves a router over pipes in memory.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};
use tower::ServiceExt;

/// What a pipe holds before its writer has to wait. As much as a socket of an
/// operating system would.
const PIPE: usize = 256 * 1024;

/// An application, served in memory.
#[derive(Clone, Debug)]
pub struct Server {
    router: Router,
    address: SocketAddr,
    pipe: usize,
    buffers: bool,
}

impl Server {
    /// Serves this router to peers at 192.0.2.1, an address for documentation.
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self {
            router,
            address: SocketAddr::from(([192, 0, 2, 1], 50_000)),
            pipe: PIPE,
            buffers: false,
        }
    }

    /// The same application with pipes of this size, for peers that don't read.
    #[must_use]
    pub fn with_pipe(&self, bytes: usize) -> Self {
        Self {
            pipe: bytes,
            ..self.clone()
        }
    }

    /// The same application by streams that take more than their peer does, until
    /// they are flushed: as those with TLS.
    #[must_use]
    pub fn with_buffers(&self) -> Self {
        Self {
            buffers: true,
            ..self.clone()
        }
    }

    /// Opens a connection and returns the peer's end of it.
    pub(crate) fn connect(&self) -> TokioIo<DuplexStream> {
        let (peer, own) = tokio::io::duplex(self.pipe);
        let own = Buffered {
            stream: own,
            limit: if self.buffers { PIPE } else { 0 },
            waiting: Vec::new(),
        };
        let Self {
            router, address, ..
        } = self.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(address));
            let router = router.clone();
            async move {
                let answer = router.oneshot(request.map(axum::body::Body::new)).await;
                Ok::<_, Infallible>(answer.unwrap_or_else(|never| match never {}))
            }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(own), service)
            .with_upgrades();
        // It ends with an error when the peer goes away, as tests let it.
        tokio::spawn(async move { drop(connection.await) });
        TokioIo::new(peer)
    }
}

/// A stream that takes so many bytes more than its peer does.
struct Buffered {
    stream: DuplexStream,
    limit: usize,
    waiting: Vec<u8>,
}

impl Buffered {
    fn poll_drain(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.waiting.is_empty() {
            let written = Pin::new(&mut self.stream).poll_write(context, &self.waiting);
            self.waiting.drain(..ready!(written)?);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Buffered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Buffered {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.limit == 0 {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        }
        if self.waiting.len() >= self.limit {
            ready!(self.poll_drain(context))?;
        }
        self.waiting.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(context))?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
