//! One WebSocket of a client that speaks frames.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http::{HeaderValue, Method, Request, Response, header};
use serde_json::{Value, json};
use tokio::io::DuplexStream;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::browser::Browser;
use crate::frame::Frame;

/// Long enough for the server to do all that it can do without a timer: paused
/// time moves only when every task waits.
const MOMENT: Duration = Duration::from_micros(100);

/// What came from the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// A frame.
    Frame(Frame),
    /// A close with this code.
    Closed(u16),
    /// The connection broke without one.
    Lost,
}

/// One WebSocket.
#[derive(Debug)]
pub struct Client {
    socket: WebSocketStream<DuplexStream>,
}

impl Client {
    /// The request for a WebSocket, which a test may change before
    /// [`upgrade`](Self::upgrade).
    #[must_use]
    pub fn request(browser: &Browser, query: &str) -> Request<Body> {
        let path = format!("/live/websocket?{query}");
        let mut request = browser.request(Method::GET, &path);
        let headers = request.headers_mut();
        for (name, value) in [
            (header::CONNECTION, "Upgrade"),
            (header::UPGRADE, "websocket"),
            (header::SEC_WEBSOCKET_VERSION, "13"),
            (header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        request
    }

    /// Opens a WebSocket with a page's CSRF token.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn open(browser: &Browser, csrf_token: &str) -> Self {
        let query = format!("_csrf_token={csrf_token}&vsn=2.0.0");
        Self::upgrade(browser, Self::request(browser, &query))
            .await
            .0
    }

    /// Opens a WebSocket with this request.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn upgrade(browser: &Browser, request: Request<Body>) -> (Self, Response<()>) {
        let (mut parts, _) = request.into_parts();
        let host = parts.headers[header::HOST].to_str().expect("a host");
        parts.uri = format!("ws://{host}{}", parts.uri).parse().expect("a URL");
        let request = Request::from_parts(parts, ());
        let (socket, answer) = client_async(request, browser.server.connect().into_inner())
            .await
            .expect("the server opens a WebSocket");
        (Self { socket }, answer.map(drop))
    }

    /// Pushes a frame.
    pub async fn push(
        &mut self,
        join_ref: Option<&str>,
        message_ref: Option<&str>,
        topic: &str,
        event: &str,
        payload: Value,
    ) {
        self.send(json!([join_ref, message_ref, topic, event, payload]))
            .await;
    }

    /// Sends a frame as the protocol writes it.
    pub async fn send(&mut self, frame: Value) {
        self.send_text(&frame.to_string()).await;
    }

    /// Sends a text message.
    ///
    /// # Panics
    /// When the connection is gone.
    pub async fn send_text(&mut self, text: &str) {
        self.send_message(Message::text(text)).await;
    }

    /// Sends a binary message.
    ///
    /// # Panics
    /// When the connection is gone.
    pub async fn send_binary(&mut self, bytes: &[u8]) {
        self.send_message(Message::Binary(Bytes::copy_from_slice(bytes)))
            .await;
    }

    /// Sends any message.
    ///
    /// # Panics
    /// When the connection is gone.
    pub async fn send_message(&mut self, message: Message) {
        self.try_send(message).await.expect("the server listens");
    }

    /// Sends any message, if the server still listens.
    ///
    /// # Errors
    /// When it doesn't.
    pub async fn try_send(&mut self, message: Message) -> Result<(), Error> {
        self.socket.send(message).await
    }

    /// What comes next.
    ///
    /// # Panics
    /// When it is neither a frame nor the end.
    pub async fn came(&mut self) -> Came {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return Came::Frame(Frame::decode(&text)),
                Some(Ok(Message::Close(frame))) => {
                    return frame.map_or(Came::Lost, |frame| Came::Closed(frame.code.into()));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(message)) => panic!("the server sent {message:?}"),
                Some(Err(_)) | None => return Came::Lost,
            }
        }
    }

    /// The next frame.
    ///
    /// # Panics
    /// When the connection ends instead.
    pub async fn next(&mut self) -> Frame {
        match self.came().await {
            Came::Frame(frame) => frame,
            end => panic!("a frame was to come, and the connection ended: {end:?}"),
        }
    }

    /// The code with which the server closes the connection now.
    ///
    /// # Panics
    /// When a frame comes first or the connection breaks.
    pub async fn closed(&mut self) -> u16 {
        match self.came().await {
            Came::Closed(code) => code,
            came => panic!("a close was to come: {came:?}"),
        }
    }

    /// The next frame is this one, written as in the protocol.
    ///
    /// # Panics
    /// When it is another.
    #[track_caller]
    pub fn expect(&mut self, frame: Value) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let came = self.next().await.to_json();
            assert!(came == frame, "{caller}:\n came {came}\n  for {frame}");
        }
    }

    /// All frames that come without the passing of time.
    pub async fn waiting(&mut self) -> Vec<Frame> {
        let mut frames = Vec::new();
        while let Ok(came) = tokio::time::timeout(MOMENT, self.came()).await {
            match came {
                Came::Frame(frame) => frames.push(frame),
                Came::Closed(_) | Came::Lost => break,
            }
        }
        frames
    }

    /// Nothing comes without the passing of time.
    ///
    /// # Panics
    /// When something does.
    #[track_caller]
    pub fn quiet(&mut self) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            if let Ok(came) = tokio::time::timeout(MOMENT, self.came()).await {
                panic!("{caller}: nothing was to come: {came:?}");
            }
        }
    }

    /// The server still answers on this connection.
    ///
    /// # Panics
    /// When it doesn't, or says something else first.
    pub async fn beat(&mut self) {
        self.send(json!([null, "beat", "phoenix", "heartbeat", {}]))
            .await;
        self.expect(json!([
            null,
            "beat",
            "phoenix",
            "phx_reply",
            {"status": "ok", "response": {}}
        ]))
        .await;
    }

    /// Says goodbye, as a page does that is closed.
    pub async fn close(mut self) {
        // The server may be gone already.
        drop(self.socket.close(None).await);
        while let Some(Ok(_)) = self.socket.next().await {}
    }

    /// The pipe below, for tests that write bytes by hand.
    #[must_use]
    pub fn into_pipe(self) -> DuplexStream {
        self.socket.into_inner()
    }
}
