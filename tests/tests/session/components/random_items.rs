//! After any series of turns, a client shows the items of a stream, each with a
//! component of its own, as they were last changed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::routing::get;
use axum::{Extension, Router};
use bennu::event::Target;
use bennu::{
    Event, LiveComponent, LiveView, Never, Rendered, Result, Socket, Stream, html, live,
    live_component,
};
use bennu_tests::{Live, cases};
use proptest::prelude::*;
use serde_json::json;

use super::click;
use crate::stage::{Stage, bennu, settle};

/// So many items there can be.
const IDS: u8 = 4;

/// Number and count of the components that live, by their items.
#[derive(Clone, Default)]
struct Known(Arc<Mutex<BTreeMap<u8, (u32, u32)>>>);

struct Row {
    id: u8,
    known: Known,
}

struct RowProps(u8, Known);

impl PartialEq for RowProps {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

#[derive(Event)]
enum RowEvent {
    Grow,
}

impl Row {
    fn grow(&self) {
        let mut known = self.known.0.lock().unwrap();
        known.get_mut(&self.id).unwrap().1 += 1;
    }
}

impl LiveComponent for Row {
    type Props = RowProps;
    type Event = RowEvent;
    type Info = ();

    async fn mount(RowProps(id, known): &RowProps, socket: &mut Socket<Self>) -> Result<Self> {
        let (id, known) = (*id, known.clone());
        if let Target::Component(cid) = socket.target() {
            known.0.lock().unwrap().insert(id, (cid, 0));
        }
        Ok(Self { id, known })
    }

    async fn handle_event(
        &mut self,
        RowEvent::Grow: RowEvent,
        _: &RowProps,
        _: &mut Socket<Self>,
    ) -> Result {
        self.grow();
        Ok(())
    }

    async fn handle_info(&mut self, (): (), _: &RowProps, _: &mut Socket<Self>) -> Result {
        self.grow();
        Ok(())
    }

    fn render(&self, RowProps(id, _): &RowProps) -> Rendered {
        html! { b { (id) "." (self.known.0.lock().unwrap()[id].1) } }
    }
}

struct Rows {
    items: Stream<u8>,
    known: Known,
}

#[derive(Event)]
enum RowsEvent {
    Change {
        put: Vec<u8>,
        take: Vec<u8>,
        tell: Vec<u8>,
    },
}

impl LiveView for Rows {
    type Params = Extension<Known>;
    type Event = RowsEvent;
    type Info = Never;

    async fn mount(Extension(known): &Self::Params, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            items: Stream::new(|id: &u8| format!("item-{id}")),
            known: known.clone(),
        })
    }

    async fn handle_event(&mut self, event: RowsEvent, socket: &mut Socket<Self>) -> Result {
        let RowsEvent::Change { put, take, tell } = event;
        for id in take {
            self.items.remove(&id);
        }
        self.items.extend(put);
        for id in tell {
            socket.send_update::<Row>(id, ());
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            ul #items phx-update="stream" {
                @for (dom_id, id) in &self.items {
                    li #(dom_id) {
                        (live_component::<Row>(id, RowProps(id, self.known.clone())))
                    }
                }
            }
        }
    }
}

/// The page, and what it has to show.
struct Play {
    live: Live,
    known: Known,
    items: Vec<u8>,
}

impl Play {
    async fn change(&mut self, put: &[u8], take: &[u8], tell: &[u8]) {
        self.items.retain(|id| !take.contains(id));
        for id in put {
            if !self.items.contains(id) {
                self.items.push(*id);
            }
        }
        let change = json!({"put": put, "take": take, "tell": tell});
        self.live.click("change", change).await;
        settle().await;
        for frame in self.live.client.waiting().await {
            assert_ne!(frame.event, "phx_error", "{frame:?}");
            self.live.show(&frame);
        }
    }

    fn check(&self) {
        let known = self.known.0.lock().unwrap();
        let items = self.items.iter().map(|id| {
            let count = known[id].1;
            format!("<li id=\"item-{id}\"><b>{id}.{count}</b></li>")
        });
        let items: String = items.collect();
        let html = format!("<ul id=\"items\" phx-update=\"stream\">{items}</ul>");
        assert_eq!(self.live.html(), html);
    }

    /// The client takes leave, while the items change once more.
    async fn part(&mut self, put: &[u8], take: &[u8]) {
        let gone = self.live.gone();
        if gone.is_empty() {
            return;
        }
        let meant = json!({"cids": gone});
        self.live.ask("cids_will_destroy", meant).await;
        if !(put.is_empty() && take.is_empty()) {
            self.change(put, take, &[]).await;
        }
        let mut still = self.live.gone();
        still.retain(|cid| gone.contains(cid));
        if still.is_empty() {
            return;
        }
        let meant = json!({"cids": still});
        let reply = self.live.ask("cids_destroyed", meant).await;
        let destroyed = reply.ok()["cids"].clone();
        self.live.prune(serde_json::from_value(destroyed).unwrap());
    }

    /// The client takes leave of what went, and is heard when that is back.
    async fn part_late(&mut self, item: u8) {
        self.change(&[item], &[], &[]).await;
        let cid = self.known.0.lock().unwrap()[&item].0;
        self.change(&[], &[item], &[]).await;
        self.change(&[item], &[], &[]).await;
        let meant = json!({"cids": [cid]});
        self.live.ask("cids_will_destroy", meant).await;
    }
}

#[derive(Clone, Debug)]
enum Step {
    Change(Vec<u8>, Vec<u8>, Vec<u8>),
    Grow(u8),
    Part(Vec<u8>, Vec<u8>),
    PartLate(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let ids = || prop::collection::vec(0..IDS, 0..3);
    let step = prop_oneof![
        (ids(), ids(), ids()).prop_map(|(put, take, tell)| Step::Change(put, take, tell)),
        (0..IDS).prop_map(Step::Grow),
        (ids(), ids()).prop_map(|(put, take)| Step::Part(put, take)),
        (0..IDS).prop_map(Step::PartLate),
    ];
    prop::collection::vec(step, 0..20)
}

async fn play(steps: Vec<Step>) {
    let known = Known::default();
    let routes = Router::new()
        .route("/", get(live::<Rows>()))
        .layer(Extension(known.clone()));
    let stage = Stage::of(bennu(), routes);
    let mut play = Play {
        live: stage.visit("/").await,
        known,
        items: Vec::new(),
    };
    for step in steps {
        match step {
            Step::Change(put, take, tell) => play.change(&put, &take, &tell).await,
            Step::Grow(id) if play.items.contains(&id) => {
                let cid = play.known.0.lock().unwrap()[&id].0;
                click(&mut play.live, cid, "grow", json!({})).await;
            }
            Step::Grow(_) => {}
            Step::Part(put, take) => play.part(&put, &take).await,
            Step::PartLate(item) => play.part_late(item).await,
        }
        play.check();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(50, 200)))]

    #[test]
    fn a_client_shows_the_items_of_a_stream_with_their_components(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(play(steps));
    }
}
