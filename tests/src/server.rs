//! Serves a router over pipes in memory.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::DuplexStream;
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
}

impl Server {
    /// Serves this router to peers at 192.0.2.1, an address for documentation.
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self {
            router,
            address: SocketAddr::from(([192, 0, 2, 1], 50_000)),
            pipe: PIPE,
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

    /// Opens a connection and returns the peer's end of it.
    pub(crate) fn connect(&self) -> TokioIo<DuplexStream> {
        let (peer, own) = tokio::io::duplex(self.pipe);
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
