//! A browser without windows: asks for pages, keeps cookies, opens WebSockets.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt;

use crate::client::Client;
use crate::live::Live;
use crate::page::Page;
use crate::server::Server;

/// The host that pages are asked from.
const HOST: &str = "bennu.test";

/// The answer to a request.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: String,
}

impl Answer {
    /// The text of a header, empty if there is none.
    #[must_use]
    pub fn header(&self, name: HeaderName) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("headers are text"))
    }

    /// The `Set-Cookie` headers.
    #[must_use]
    pub fn set_cookies(&self) -> Vec<&str> {
        let values = self.headers.get_all(header::SET_COOKIE).iter();
        values
            .map(|value| value.to_str().expect("cookies are text"))
            .collect()
    }
}

/// A visitor's browser.
#[derive(Clone, Debug)]
pub struct Browser {
    /// The application that it visits.
    pub server: Server,
    /// Its cookies by name.
    pub cookies: BTreeMap<String, String>,
    /// Headers that it adds to each request.
    pub headers: HeaderMap,
}

impl Browser {
    /// A new visitor.
    #[must_use]
    pub fn new(server: &Server) -> Self {
        Self {
            server: server.clone(),
            cookies: BTreeMap::new(),
            headers: HeaderMap::new(),
        }
    }

    /// A new visitor with this cookie.
    #[must_use]
    pub fn with_cookie(mut self, name: &str, value: &str) -> Self {
        self.cookies.insert(name.to_owned(), value.to_owned());
        self
    }

    /// A new visitor that adds this header to each request.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        let value = value.parse().expect("a header's value");
        self.headers.insert(name, value);
        self
    }

    /// The full URL of a path.
    #[must_use]
    pub fn url(path: &str) -> String {
        format!("http://{HOST}{path}")
    }

    /// Asks for a path. Redirects are not followed.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// A request with the browser's cookies and headers.
    #[must_use]
    pub fn request(&self, method: Method, path: &str) -> Request<Body> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().expect("a path");
        let headers = request.headers_mut();
        headers.extend(self.headers.clone());
        headers.insert(header::HOST, HeaderValue::from_static(HOST));
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let cookie = pairs.join("; ").parse().expect("cookies are header values");
            headers.insert(header::COOKIE, cookie);
        }
        request
    }

    /// Sends a request and keeps the answer's cookies.
    ///
    /// # Panics
    /// When the server gives no answer.
    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(self.server.connect())
            .await
            .expect("a pipe connects");
        tokio::spawn(async move { drop(connection.await) });
        let answer = sender.send_request(request).await.expect("an answer");
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).expect("pages are UTF-8"),
        };
        for cookie in answer.set_cookies() {
            let pair = cookie.split(';').next().expect("a first part");
            let (name, value) = pair.split_once('=').expect("a cookie's pair");
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Loads a page with a live view.
    ///
    /// # Panics
    /// When the answer is another.
    pub async fn open(&mut self, path: &str) -> Page {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        Page::find(&Self::url(path), &answer.body)
    }

    /// Opens the WebSocket of a page, as its script would.
    pub async fn connect(&self, page: &Page) -> Client {
        Client::open(self, &page.csrf_token).await
    }

    /// Loads a page, opens its WebSocket and joins its view.
    pub async fn visit(&mut self, path: &str) -> Live {
        let page = self.open(path).await;
        let client = self.connect(&page).await;
        let mut live = Live::new(client, page);
        live.join().await;
        live
    }
}
