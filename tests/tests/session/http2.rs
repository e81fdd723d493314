//! Forms that are posted by HTTP/2, where the host is in `:authority`: to a real
//! server on loopback, in plain text and by TLS with ALPN.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::body::Body;
use axum::response::Html;
use axum::routing::{get, post};
use axum::serve::Listener;
use axum::{Router, serve};
use bennu::{CsrfToken, Posted};
use http::{Method, Request, Response, StatusCode, Version, header};
use http_body_util::BodyExt;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector, server};

use crate::stage::bennu;

/// Of `bennu.test`, signed by itself, good until 2126.
const CERTIFICATE: &[u8] = include_bytes!("http2/certificate.pem");
const KEY: &[u8] = include_bytes!("http2/key.pem");

#[derive(Deserialize)]
struct Named {
    name: String,
}

fn app() -> Router {
    let page = async |csrf: CsrfToken| {
        let html = csrf.input().to_html();
        (csrf, Html(html))
    };
    let greet = async |version: Version, Posted(form): Posted<Named>| {
        format!("{} by {version:?}", form.name)
    };
    let routes = Router::new()
        .route("/page", get(page))
        .route("/greet", post(greet));
    bennu().serve(routes)
}

/// Accepts connections by TLS.
struct Tls {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Tls {
    type Io = server::TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// A connection in plain text, by prior knowledge.
async fn plain() -> SendRequest<Body> {
    let (listener, address) = listen().await;
    tokio::spawn(async move { serve(listener, app()).await });
    speak(TcpStream::connect(address).await.unwrap()).await
}

/// A connection for which TLS agreed on HTTP/2.
async fn encrypted() -> SendRequest<Body> {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).unwrap();
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let provider = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let (listener, address) = listen().await;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = Tls { listener, acceptor };
    tokio::spawn(async move { serve(listener, app()).await });

    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let stream = TcpStream::connect(address).await.unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    let host = ServerName::try_from("bennu.test").unwrap();
    let stream = connector.connect(host, stream).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    speak(stream).await
}

async fn speak(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> SendRequest<Body> {
    let connected = handshake(TokioExecutor::new(), TokioIo::new(stream)).await;
    let (sender, connection) = connected.unwrap();
    tokio::spawn(async move { drop(connection.await) });
    sender
}

async fn text<B: hyper::body::Body<Error: std::fmt::Debug>>(answer: Response<B>) -> String {
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn post_a_form(mut sender: SendRequest<Body>, scheme: &str) {
    let own = format!("{scheme}://bennu.test");
    let request = |method, path| {
        let request = Request::builder().method(method);
        request.uri(format!("{own}{path}"))
    };
    let page = request(Method::GET, "/page").body(Body::empty()).unwrap();
    let page = sender.send_request(page).await.unwrap();
    let cookie = page.headers()[header::SET_COOKIE].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let page = text(page).await;
    let (_, token) = page.split_once("value=\"").unwrap();
    let token = token.split('"').next().unwrap();

    for (origin, status) in [
        (&*own, StatusCode::OK),
        ("https://evil.example", StatusCode::FORBIDDEN),
    ] {
        let request = request(Method::POST, "/greet")
            .header(header::ORIGIN, origin)
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("name=Ada&_csrf_token={token}")))
            .unwrap();
        assert!(!request.headers().contains_key(header::HOST));
        let answer = sender.send_request(request).await.unwrap();
        assert_eq!(answer.status(), status, "{origin}");
        if status == StatusCode::OK {
            assert_eq!(text(answer).await, "Ada by HTTP/2.0");
        }
    }
}

#[tokio::test]
async fn a_form_is_posted_by_http_2_in_plain_text() {
    post_a_form(plain().await, "http").await;
}

#[tokio::test]
async fn a_form_is_posted_by_http_2_over_tls() {
    post_a_form(encrypted().await, "https").await;
}
