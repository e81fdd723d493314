//! One run of the application in memory: a browser that asks for pages,
//! WebSockets by number.

use std::collections::BTreeMap;

use http::StatusCode;
use serde::Serialize;

use super::app::Application;
use super::choices::Choices;
use super::shape::Shapes;
use crate::{Browser, Client, Server};

/// What came over a WebSocket since the last look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arrival {
    /// The number of the WebSocket.
    pub socket: u32,
    /// Messages, as they are on the wire.
    pub texts: Vec<String>,
    /// Whether the server has closed it.
    pub is_closed: bool,
}

/// A run of the application.
#[derive(Debug)]
pub struct Run {
    /// What runs.
    pub application: Application,
    /// The browser that pages are asked for with.
    pub browser: Browser,
    sockets: BTreeMap<u32, Client>,
}

impl Run {
    /// An application whose pages have no shapes but these, and change as
    /// these numbers decide.
    #[must_use]
    pub fn new(choices: Choices, shapes: Shapes) -> Self {
        let application = Application::new(choices, shapes);
        let server = Server::new(application.router());
        Self {
            application,
            browser: Browser::new(&server),
            sockets: BTreeMap::new(),
        }
    }

    /// The page at a path as it has to be shown now, and the path that it leads
    /// to if that is another one.
    ///
    /// # Panics
    /// When the server has no page there.
    pub async fn page(&mut self, path: &str) -> (String, String) {
        let mut path = path.to_owned();
        loop {
            let answer = self.browser.get(&path).await;
            match answer.status {
                StatusCode::OK => return (path, answer.body),
                StatusCode::FOUND => path = answer.header(http::header::LOCATION).to_owned(),
                status => panic!("{path} is answered with {status}: {}", answer.body),
            }
        }
    }

    /// Opens a WebSocket with this query.
    pub async fn connect(&mut self, socket: u32, query: &str) {
        let request = Client::request(&self.browser, query);
        let (client, _) = Client::upgrade(&self.browser, request).await;
        self.sockets.insert(socket, client);
    }

    /// Sends a message over a WebSocket, if the server has not closed it.
    pub async fn send(&mut self, socket: u32, text: &str) {
        if let Some(client) = self.sockets.get_mut(&socket) {
            let message = tokio_tungstenite::tungstenite::Message::text(text);
            // A client finds out later that nobody has got it.
            drop(client.try_send(message).await);
        }
    }

    /// A WebSocket breaks.
    pub fn close(&mut self, socket: u32) {
        self.sockets.remove(&socket);
    }

    /// What came over the WebSockets, once the server has done all that it can.
    pub async fn arrivals(&mut self) -> Vec<Arrival> {
        let mut arrivals: BTreeMap<u32, Arrival> = BTreeMap::new();
        loop {
            let mut came_something = false;
            for (number, client) in &mut self.sockets {
                let (texts, is_closed) = client.waiting_texts().await;
                came_something |= !texts.is_empty();
                let arrival = arrivals.entry(*number).or_insert_with(|| Arrival {
                    socket: *number,
                    texts: Vec::new(),
                    is_closed: false,
                });
                arrival.texts.extend(texts);
                arrival.is_closed = is_closed;
            }
            let is_open = |number: &u32, _: &mut Client| {
                arrivals
                    .get(number)
                    .is_none_or(|arrival| !arrival.is_closed)
            };
            self.sockets.retain(is_open);
            if !came_something {
                break;
            }
        }
        let came = |arrival: &Arrival| arrival.is_closed || !arrival.texts.is_empty();
        arrivals.into_values().filter(came).collect()
    }
}
