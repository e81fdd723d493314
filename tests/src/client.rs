//! One WebSocket of a client that speaks frames.
//!
//! It watches over what holds in every session: each reply answers one push,
//! and the server closes with any code but 1000.

use std::collections::HashMap;
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
    /// How many pushes with this topic and ref are not answered.
    unanswered: HashMap<(String, String), u32>,
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
        let client = Self {
            socket,
            unanswered: HashMap::new(),
        };
        (client, answer.map(drop))
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
        if let Some(push) = asked(&message) {
            *self.unanswered.entry(push).or_default() += 1;
        }
        self.socket.send(message).await
    }

    /// Each push is answered once.
    fn answered(&mut self, frame: &Frame) {
        if let ("phx_reply", Some(message_ref)) = (&*frame.event, &frame.message_ref) {
            let push = (frame.topic.clone(), message_ref.clone());
            let unanswered = self.unanswered.get_mut(&push).filter(|count| **count > 0);
            *unanswered.unwrap_or_else(|| panic!("nobody asked for {frame:?}")) -= 1;
        }
    }

    /// What comes next.
    ///
    /// # Panics
    /// When it is neither a frame nor the end.
    pub async fn came(&mut self) -> Came {
        match self.came_text().await {
            Ok((_, frame)) => Came::Frame(frame),
            Err(end) => end,
        }
    }

    /// The next frame, with the text that it was written as; or the end.
    async fn came_text(&mut self) -> Result<(String, Frame), Came> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    let frame = Frame::decode(&text);
                    self.answered(&frame);
                    return Ok((text.to_string(), frame));
                }
                Some(Ok(Message::Close(frame))) => {
                    let code = frame.map(|frame| frame.code.into());
                    assert_ne!(code, Some(1000), "clients never come back after 1000");
                    return Err(code.map_or(Came::Lost, Came::Closed));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(message)) => panic!("the server sent {message:?}"),
                Some(Err(_)) | None => return Err(Came::Lost),
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

    /// The texts of all frames that come without the passing of time, and
    /// whether the connection ended then.
    ///
    /// # Panics
    /// When something else comes.
    pub async fn waiting_texts(&mut self) -> (Vec<String>, bool) {
        let mut texts = Vec::new();
        while let Ok(came) = tokio::time::timeout(MOMENT, self.came_text()).await {
            match came {
                Ok((text, _)) => texts.push(text),
                Err(_) => return (texts, true),
            }
        }
        (texts, false)
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

/// Topic and ref of a push that wants an answer.
fn asked(message: &Message) -> Option<(String, String)> {
    match message {
        Message::Text(text) => {
            let fields: [Value; 5] = serde_json::from_str(text).ok()?;
            let [_, Value::String(message_ref), Value::String(topic), _, _] = fields else {
                return None;
            };
            Some((topic, message_ref))
        }
        Message::Binary(bytes) => {
            let (&[0, join_ref, message_ref, topic, _], names) = bytes.split_first_chunk()? else {
                return None;
            };
            let names = names.get(usize::from(join_ref)..)?;
            let (message_ref, names) = names.split_at_checked(usize::from(message_ref))?;
            let topic = names.get(..usize::from(topic))?;
            let text = |name: &[u8]| String::from_utf8(name.to_vec()).ok();
            Some((text(topic)?, text(message_ref)?))
        }
        _ => None,
    }
}
