//! Components in the items of a stream: only the client knows which of them it
//! still shows.

use axum::Router;
use axum::routing::get;
use bennu::{
    Event, LiveComponent, LiveView, Never, Rendered, Result, Socket, Stream, html, live,
    live_component,
};
use serde_json::json;

use crate::stage::{Stage, bennu};

struct Item;

impl LiveComponent for Item {
    type Props = u32;
    type Event = Never;
    type Info = Never;

    async fn mount(_: &u32, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self, number: &u32) -> Rendered {
        html! { b { (number) } }
    }
}

/// The last two items, and one component beside them.
struct Shelf {
    items: Stream<u32>,
}

#[derive(Event)]
enum ShelfEvent {
    Push { items: Vec<u32> },
}

impl LiveView for Shelf {
    type Params = ();
    type Event = ShelfEvent;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        let items = Stream::new(|item: &u32| format!("item-{item}")).limit(2);
        Ok(Self { items })
    }

    async fn handle_event(&mut self, event: ShelfEvent, _: &mut Socket<Self>) -> Result {
        let ShelfEvent::Push { items } = event;
        items.into_iter().for_each(|item| self.items.push(item));
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            div {
                (live_component::<Item>(0, 0))
                ul #items phx-update="stream" {
                    @for (id, item) in &self.items {
                        li #(id) { (live_component::<Item>(item, item)) }
                    }
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_may_destroy_what_a_limit_kept_from_being_shown() {
    let routes = Router::new().route("/", get(live::<Shelf>()));
    let stage = Stage::of(bennu(), routes);
    let mut live = stage.visit("/").await;
    live.click("push", json!({"items": [1, 2, 3]})).await;
    // Of the one beside the stream it is known that it is there.
    let cids = json!({"cids": [1, 2]});
    live.ask("cids_will_destroy", cids.clone()).await;
    let reply = live.ask("cids_destroyed", cids).await;
    assert_eq!(reply.ok(), &json!({"cids": [2]}));
}
