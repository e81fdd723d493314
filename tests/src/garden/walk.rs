//! Turns in a garden, one after the other.

use std::collections::BTreeSet;

use axum::routing::get;
use axum::{Extension, Router};
use bennu::{Bennu, Config, live};
use serde_json::{Value, json};

use super::change::Choices;
use super::{BEDS, Garden, IDS, LIMIT, Own, World, bed_of};
use crate::{Browser, Live, Server};

/// What a browser gets, and what it has to show then.
#[derive(Clone, Debug)]
pub struct Message {
    /// The response to a push, or a diff.
    pub content: Value,
    /// The page after it; `None` if the turn brings more, for what moves may
    /// stand in two places until then.
    pub html: Option<String>,
    /// The cids of the components in the page then, in ascending order.
    pub placed: Vec<u32>,
    /// The cids of the components that the browser has not forgotten then.
    pub known: Vec<u32>,
}

impl Message {
    fn new(content: &Value, live: &Live) -> Self {
        Self {
            content: content.clone(),
            html: Some(live.html()),
            placed: live.placed(),
            known: live.known(),
        }
    }
}

/// A page in a garden that changes at random, and the world around it.
#[derive(Debug)]
pub struct Walk {
    world: World,
    choices: Choices,
    live: Live,
}

impl Walk {
    /// Loads the page of a garden that these numbers decide.
    pub async fn new(numbers: &[u8]) -> Self {
        let mut choices = Choices::new(numbers);
        let world = World::default();
        world.state().change(&mut choices);
        let config = Config::new("a secret of a garden, 32 bytes or more").expect("it is long");
        let routes = Router::new()
            .route("/", get(live::<Garden>()))
            .layer(Extension(world.clone()));
        let server = Server::new(Bennu::new(config).serve(routes));
        let mut browser = Browser::new(&server);
        let page = browser.open("/").await;
        let live = Live::new(browser.connect(&page).await, page);
        Self {
            world,
            choices,
            live,
        }
    }

    /// The page before its join.
    #[must_use]
    pub fn dead_html(&self) -> &str {
        self.live.page.content()
    }

    /// Joins as a client that brings these parameters.
    ///
    /// # Panics
    /// When the page is not as it has to be.
    pub async fn join(&mut self, parameters: &Value) -> Message {
        let mut payload = self.live.join_payload();
        for (name, value) in parameters.as_object().into_iter().flatten() {
            payload["params"][name] = value.clone();
        }
        let asked = format!("{:?}", self.world.state());
        let content = self.live.join_with(payload).await;
        assert_eq!(self.dead_html(), self.live.html(), "{asked}: {content}");
        self.check();
        Message::new(&content, &self.live)
    }

    /// Takes a turn. Tells what was done, and what the browser got.
    ///
    /// # Panics
    /// When the page is not as it has to be then.
    pub async fn turn(&mut self) -> (String, Vec<Message>) {
        let (done, cid, event, value) = self.choose();
        let mut payload = json!({"type": "click", "event": event, "value": value});
        if let Some(cid) = cid {
            payload["cid"] = json!(cid);
        }
        let mut messages = self.push("event", payload).await;
        match messages[0].content["diff"].take() {
            Value::Null => drop(messages.remove(0)),
            diff => messages[0].content = diff,
        }
        self.check();
        (done, messages)
    }

    /// What happens in a turn: in words, and as an event.
    fn choose(&mut self) -> (String, Option<u32>, &'static str, Value) {
        let Self { world, choices, .. } = self;
        let mut state = world.state();
        let kind = choices.below(12);
        let plant = choices.below(IDS);
        match kind {
            0 | 1 => {
                let event = ["grow", "toggle"][usize::from(kind)];
                if let Some(Own { cid, .. }) = state.plants.get(&plant) {
                    return (
                        format!("{event} plant {plant}"),
                        Some(*cid),
                        event,
                        json!({}),
                    );
                }
            }
            2 => {
                let mut some = || -> Vec<u8> {
                    let count = choices.below(4);
                    (0..count).map(|_| choices.below(IDS)).collect()
                };
                let told = json!({"grow": some(), "toggle": some()});
                return (format!("tell {told}"), None, "tell", told);
            }
            3 => {
                let at = usize::from(choices.below(8));
                if let Some((seed, Own { cid, .. })) = state.seeds.iter().nth(at) {
                    return (format!("grow seed {seed}"), Some(*cid), "grow", json!({}));
                }
            }
            4..6 => {
                let shown = state.shown();
                let at = usize::from(choices.below(4));
                let mut beds = shown.iter().filter(|(_, has_bed)| *has_bed);
                let plant = beds.nth(at).map_or(plant, |(plant, _)| *plant);
                if let Some(cid) = state.plants.get(&plant).map(|own| own.cid) {
                    state.ask_several(bed_of(plant), choices);
                    let operations = &state.operations.get(&bed_of(plant));
                    let done = format!("tend plant {plant}: {operations:?}");
                    return (done, Some(cid), "tend", json!({}));
                }
            }
            _ => {}
        }
        state.change(choices);
        let done = format!("look: {state:?}");
        (done, None, "look", json!({}))
    }

    /// Pushes as a client. Returns the response and the diffs after it.
    ///
    /// # Panics
    /// When something else comes, or does not fit.
    pub async fn push(&mut self, event: &str, payload: Value) -> Vec<Message> {
        let reply = self.live.ask(event, payload).await;
        let response = reply.ok();
        if event == "cids_destroyed" {
            let cids = response["cids"].clone();
            let cids = serde_json::from_value(cids).expect("the reply names what is gone");
            self.live.prune(cids);
        }
        let mut messages = vec![Message::new(response, &self.live)];
        for frame in self.live.client.waiting().await {
            assert_eq!(frame.event, "diff", "{frame:?}");
            self.live.show(&frame);
            for message in &mut messages {
                message.html = None;
            }
            messages.push(Message::new(&frame.payload, &self.live));
        }
        messages
    }

    /// The cids of the components that a client knows and does not show.
    #[must_use]
    pub fn gone(&self) -> Vec<u32> {
        self.live.gone()
    }

    /// A number below `most`, by which a test may decide something.
    pub fn choose_below(&mut self, most: u8) -> u8 {
        self.choices.below(most)
    }

    /// The page is as its world foretells.
    fn check(&mut self) {
        let mut state = self.world.state();
        let plants: BTreeSet<u16> = (state.shown().into_iter())
            .filter(|(_, has_bed)| *has_bed)
            .map(|(plant, _)| bed_of(plant))
            .collect();
        let is_boxed = state.is_boxed;
        for (bed, model) in &mut state.beds {
            let is_shown = match *bed {
                0 | 2 => true,
                1 => is_boxed,
                bed => plants.contains(&bed),
            };
            let limit = (*bed == BEDS[2]).then_some(LIMIT as usize);
            model.turn(is_shown, limit);
        }
        assert_eq!(self.live.html(), state.html(), "{state:?}");
    }
}
