//! The server that `bennu::serve` is, by what its peers see: real sockets on
//! loopback, and time-outs that are short.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use bennu::Serve;
use futures_util::{Stream, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

use crate::stage::{bennu, routes};

const SHORT: Duration = Duration::from_millis(100);

struct Served {
    address: SocketAddr,
    stop: Arc<Notify>,
    task: JoinHandle<io::Result<()>>,
}

impl Served {
    async fn new(app: Router, with: impl FnOnce(Serve) -> Serve) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), Arc::new(Notify::new()));
        let stopped = Arc::clone(&stop);
        let serve = bennu::serve(listener, app).until(async move { stopped.notified().await });
        let task = tokio::spawn(with(serve).into_future());
        Self {
            address,
            stop,
            task,
        }
    }

    /// A connection over which this was sent.
    async fn send(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    async fn end(self) {
        self.stop.notify_one();
        self.task.await.unwrap().unwrap();
    }
}

/// All that comes until the server closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    String::from_utf8_lossy(&rest).into_owned()
}

/// One answer with a body of one byte.
async fn answer(stream: &mut TcpStream) -> String {
    let mut answer = String::new();
    while !answer.contains("\r\n\r\n") || answer.ends_with("\r\n\r\n") {
        answer.push(char::from(stream.read_u8().await.unwrap()));
    }
    answer
}

#[tokio::test]
async fn requests_are_answered_and_know_their_peer() {
    let peer = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() };
    let served = Served::new(Router::new().route("/", get(peer)), |serve| serve).await;
    let stream = served
        .send("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        .await;
    let answer = rest(stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("127.0.0.1"), "{answer}");
    served.end().await;
}

#[tokio::test]
async fn half_a_request_or_none_is_not_waited_for() {
    let app = Router::new().route("/", get(|| async { "a" }));
    let served = Served::new(app, |serve| serve.header_timeout(SHORT)).await;
    for request in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: a\r\n"] {
        let stream = served.send(request).await;
        assert_eq!(rest(stream).await, "", "{request:?}");
    }
    // Nor is the next one of a connection.
    let stream = served.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(rest(stream).await.ends_with("\r\n\r\na"));
    served.end().await;
}

#[tokio::test]
async fn a_head_beyond_the_limit_is_refused_before_it_has_come() {
    let app = Router::new().route("/", get(|| async { "a" }));
    let served = Served::new(app, |serve| serve.header_bytes(10_000)).await;
    let head = |bytes| format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}", "x".repeat(bytes));
    let end = "\r\nconnection: close\r\n\r\n";
    let taken = rest(served.send(&(head(9_000) + end)).await).await;
    assert!(taken.starts_with("HTTP/1.1 200 OK\r\n"), "{taken}");
    let refused = rest(served.send(&head(10_000)).await).await;
    assert!(refused.starts_with("HTTP/1.1 431 "), "{refused}");
    served.end().await;
}

#[tokio::test]
async fn half_a_body_is_an_error_of_the_request() {
    let app = Router::new().route(
        "/",
        post(|body: Result<String, _>| async move {
            body.map_err(|error: axum::extract::rejection::StringRejection| error.status())
        }),
    );
    let served = Served::new(app, |serve| serve.body_timeout(SHORT)).await;
    let head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n";
    let stream = served.send(&format!("{head}12345")).await;
    let answer = rest(stream).await;
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request"), "{answer}");
    let mut stream = served.send(&format!("{head}1234567890")).await;
    let mut answer = [0; 15];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
    served.end().await;
}

#[tokio::test]
async fn time_outs_may_be_as_long_as_their_type() {
    let started = Arc::new(Notify::new());
    let has_started = Arc::clone(&started);
    let app = Router::new().route(
        "/",
        post(move |body: Body| async move {
            has_started.notify_one();
            axum::body::to_bytes(body, 2).await.unwrap()
        }),
    );
    let served = Served::new(app, |serve| {
        serve
            .header_timeout(Duration::MAX)
            .body_timeout(Duration::MAX)
            .write_timeout(Duration::MAX)
            .drain(Duration::MAX)
            .connections(usize::MAX)
    })
    .await;
    let head = "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 2\r\n\r\n";
    let mut stream = served.send(head).await;
    started.notified().await;
    tokio::task::yield_now().await;
    stream.write_all(b"ab").await.unwrap();
    assert!(rest(stream).await.ends_with("\r\n\r\nab"));
    served.end().await;
}

/// Never ends; tells when it is dropped.
struct Endless(Option<oneshot::Sender<()>>);

impl Stream for Endless {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(Ok(Bytes::from_static(&[0; 65_536]))))
    }
}

impl Drop for Endless {
    fn drop(&mut self) {
        let _ = self.0.take().unwrap().send(());
    }
}

#[tokio::test]
async fn a_peer_that_takes_nothing_of_an_answer_is_dropped() {
    let (sender, dropped) = oneshot::channel();
    let endless = std::sync::Mutex::new(Some(Endless(Some(sender))));
    let endless = Arc::new(endless);
    let app = Router::new().route(
        "/",
        get(move || {
            let stream = endless.lock().unwrap().take().unwrap();
            async { Body::from_stream(stream) }
        }),
    );
    let served = Served::new(app, |serve| serve.write_timeout(SHORT)).await;
    let _stream = served.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    dropped.await.unwrap();
    served.end().await;
}

#[tokio::test]
async fn a_connection_beyond_the_limit_waits_for_another_to_end() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let app = Router::new().route("/", get(|| async { "a" })).route(
        "/b",
        get(move || async move {
            count.fetch_add(1, Ordering::SeqCst);
            "b"
        }),
    );
    let served = Served::new(app, |serve| serve.connections(1)).await;
    let mut first = served.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    answer(&mut first).await;
    let mut second = served.send("GET /b HTTP/1.1\r\nhost: a\r\n\r\n").await;
    for _ in 0..50 {
        first
            .write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            .await
            .unwrap();
        answer(&mut first).await;
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    drop(first);
    assert!(answer(&mut second).await.ends_with('b'));
    served.end().await;
}

#[tokio::test]
async fn a_server_that_stops_answers_what_is_under_way_and_ends_websockets() {
    let (started, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (has_started, may_go) = (Arc::clone(&started), Arc::clone(&go));
    let slow = get(move || async move {
        has_started.notify_one();
        may_go.notified().await;
        "done"
    });
    let app = bennu().serve(routes().route("/slow", slow));
    let served = Served::new(app, |serve| serve).await;
    let stream = served.send("GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await;
    started.notified().await;
    let url = format!(
        "ws://{}/live/websocket?_csrf_token=x&vsn=2.0.0",
        served.address
    );
    let socket = TcpStream::connect(served.address).await.unwrap();
    let (mut socket, _) = client_async(url, socket).await.unwrap();
    served.stop.notify_one();
    let Some(Ok(Message::Close(Some(close)))) = socket.next().await else {
        panic!("no close");
    };
    assert_eq!(u16::from(close.code), 1012);
    go.notify_one();
    let answer = rest(stream).await;
    assert!(answer.ends_with("done"), "{answer}");
    drop(socket);
    served.task.await.unwrap().unwrap();
    assert!(TcpStream::connect(served.address).await.is_err());
}

#[tokio::test]
async fn a_server_that_stops_waits_no_longer_than_it_is_told() {
    let started = Arc::new(Notify::new());
    let has_started = Arc::clone(&started);
    let app = Router::new().route(
        "/",
        get(move || async move {
            has_started.notify_one();
            std::future::pending::<()>().await;
        }),
    );
    let served = Served::new(app, |serve| serve.drain(SHORT)).await;
    let _stream = served.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    started.notified().await;
    served.end().await;
}
