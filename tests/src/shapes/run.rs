//! One run of the application in memory: a world that changes at random, a
//! browser that asks for pages, WebSockets by number.

use std::collections::BTreeMap;

use bennu::PubSub;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::app::{PATHS, router};
use super::choices::Choices;
use super::shape::Shapes;
use super::view::{ELSEWHERE, Move, NEWS, News};
use super::world::World;
use crate::{Browser, Client, Server};

/// What shall happen on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Something of what the pages show changes.
    Change,
    /// The view of the page renders something else.
    TickPage,
    /// The view that stays on all pages does.
    TickSticky,
    /// All children do.
    TickChild,
    /// The view of the page patches.
    Patch,
    /// The view of the page navigates.
    Navigate,
    /// The view of the page fails and is mounted anew.
    FailPage,
    /// The view that stays on all pages does.
    FailSticky,
    /// All children do.
    FailChild,
}

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

/// A field in the entry of a list, which is known by the text before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FieldEntry {
    /// The text before it.
    pub id: u16,
    /// Changes when another element may show it.
    pub epoch: u32,
    /// Whether the entry was new when that changed last.
    pub is_new: bool,
}

/// A run of the application.
#[derive(Debug)]
pub struct Run {
    world: World,
    pubsub: PubSub,
    choices: Choices,
    /// The browser that pages are asked for with.
    pub browser: Browser,
    sockets: BTreeMap<u32, Client>,
}

impl Run {
    /// An application whose pages have no shapes but these, and change as
    /// these numbers decide.
    #[must_use]
    pub fn new(mut choices: Choices, shapes: Shapes) -> Self {
        let world = World::new(shapes);
        world.state().plant(&mut choices);
        let pubsub = PubSub::new();
        let server = Server::new(router(world.clone(), pubsub.clone()));
        Self {
            world,
            pubsub,
            choices,
            browser: Browser::new(&server),
            sockets: BTreeMap::new(),
        }
    }

    /// A number below `most`, by which a test may decide something.
    pub fn choose_below(&mut self, most: usize) -> usize {
        self.choices.below(most)
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

    /// Lets something happen on the server. Tells what.
    pub fn step(&mut self, step: Step) -> String {
        let Self { world, choices, .. } = self;
        let tick = |kind: &str| {
            *(world.state().ticks.entry(kind.to_owned())).or_default() += 1;
            (format!("tick {kind}"), News::Changed)
        };
        let (done, news) = match step {
            Step::Change => (world.state().change(choices), News::Changed),
            Step::TickPage => tick("page"),
            Step::TickSticky => tick("sticky"),
            Step::TickChild => tick("child"),
            Step::FailPage => ("fail the page".to_owned(), News::Fail("page")),
            Step::FailSticky => ("fail the sticky view".to_owned(), News::Fail("sticky")),
            Step::FailChild => ("fail the children".to_owned(), News::Fail("child")),
            Step::Patch | Step::Navigate => {
                let to = choose_path(&world.state().allowed, step, choices).to_owned();
                let replaces = choices.below(3) == 0;
                let to = match (step, replaces) {
                    (Step::Patch, false) => Move::Patch(to),
                    (Step::Patch, true) => Move::ReplacePatch(to),
                    (_, false) => Move::Navigate(to),
                    (_, true) => Move::ReplaceNavigate(to),
                };
                (format!("go {to:?}"), News::Go(to))
            }
        };
        self.pubsub.broadcast(&NEWS, news);
        done
    }

    /// Path and query of the page whose view was told its parameters last.
    #[must_use]
    pub fn location(&self) -> String {
        self.world.state().location.clone()
    }

    /// The fields in the entries of lists.
    #[must_use]
    pub fn fields(&self) -> Vec<FieldEntry> {
        let fields = self.world.state().fields();
        let entry = |(id, epoch, is_new)| FieldEntry { id, epoch, is_new };
        fields.into_iter().map(entry).collect()
    }

    /// The shapes that the pages had while they were shown.
    #[must_use]
    pub fn seen(&self) -> Shapes {
        self.world.state().seen.clone()
    }
}

/// Where the view of a page leads its browser.
fn choose_path(allowed: &Shapes, step: Step, choices: &mut Choices) -> &'static str {
    let is_allowed = step == Step::Navigate || allowed.contains("patch that leads elsewhere");
    let is_path = |path: &&&str| is_allowed || !path.ends_with(ELSEWHERE);
    let paths: Vec<&str> = PATHS.iter().filter(is_path).copied().collect();
    choices.pick(&paths).copied().unwrap_or(PATHS[0])
}
