//! Components in the items of a stream, of which only the client knows which it
//! still shows, and streams in the slots of components.

use std::sync::Arc;

use axum::routing::get;
use axum::{Extension, Router};
use bennu::stream::Limit;
use bennu::{
    Event, LiveComponent, LiveView, Never, Rendered, Result, Socket, Stream, html, live,
    live_component,
};
use serde_json::json;

use super::click;
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

/// A component that holds its own count of those that live.
struct Counted;

impl LiveComponent for Counted {
    type Props = Arc<()>;
    type Event = Never;
    type Info = Never;

    async fn mount(_: &Arc<()>, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self, _: &Arc<()>) -> Rendered {
        html! { b {} }
    }
}

/// The first two items.
struct Full {
    items: Stream<u32>,
    alive: Arc<()>,
}

#[derive(Event)]
enum FullEvent {
    Push { items: Vec<u32> },
    Update { item: u32 },
}

impl LiveView for Full {
    type Params = Extension<Arc<()>>;
    type Event = FullEvent;
    type Info = Never;

    async fn mount(Extension(alive): &Self::Params, _: &mut Socket<Self>) -> Result<Self> {
        let alive = Arc::clone(alive);
        let items = Stream::new(|item: &u32| format!("item-{item}")).limit(Limit::first(2));
        Ok(Self { items, alive })
    }

    async fn handle_event(&mut self, event: FullEvent, _: &mut Socket<Self>) -> Result {
        match event {
            FullEvent::Push { items } => self.items.extend(items),
            FullEvent::Update { item } => self.items.update_only(item),
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            ul #items phx-update="stream" {
                @for (id, item) in &self.items {
                    li #(id) { (live_component::<Counted>(item, Arc::clone(&self.alive))) }
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn components_of_items_that_are_never_shown_end_as_soon_as_the_client_says_so() {
    let alive = Arc::new(());
    let routes = Router::new().route("/", get(live::<Full>()));
    let stage = Stage::of(bennu(), routes.layer(Extension(Arc::clone(&alive))));
    let mut live = stage.visit("/").await;
    let of_view = Arc::strong_count(&alive);
    let count = || Arc::strong_count(&alive) - of_view;
    live.click("push", json!({"items": [1, 2]})).await;
    assert_eq!(count(), 2);
    for number in 3..10 {
        // One that there is no room for, and one that isn't there.
        let name = ["push", "update"][number % 2];
        live.click(name, json!({"items": [number], "item": number}))
            .await;
        assert_eq!(count(), 3);
        let cids = json!({"cids": [number]});
        live.ask("cids_will_destroy", cids.clone()).await;
        let reply = live.ask("cids_destroyed", cids.clone()).await;
        assert_eq!(reply.ok(), &cids);
        assert_eq!(count(), 2);
    }
}

/// Shows what it is given, and how often it was clicked.
struct Frame {
    clicks: u32,
}

#[derive(Event)]
enum FrameEvent {
    Click,
}

impl LiveComponent for Frame {
    type Props = Rendered;
    type Event = FrameEvent;
    type Info = Never;

    async fn mount(_: &Rendered, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self { clicks: 0 })
    }

    async fn handle_event(
        &mut self,
        FrameEvent::Click: FrameEvent,
        _: &Rendered,
        _: &mut Socket<Self>,
    ) -> Result {
        self.clicks += 1;
        Ok(())
    }

    fn render(&self, content: &Rendered) -> Rendered {
        html! { div { (self.clicks) (content) } }
    }
}

/// A stream in the slot of a component.
struct Framed {
    items: Stream<u32>,
}

impl LiveView for Framed {
    type Params = ();
    type Event = ShelfEvent;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        let items = Stream::new(|item: &u32| format!("item-{item}"));
        Ok(Self { items })
    }

    async fn handle_event(&mut self, event: ShelfEvent, _: &mut Socket<Self>) -> Result {
        let ShelfEvent::Push { items } = event;
        self.items.extend(items);
        Ok(())
    }

    fn render(&self) -> Rendered {
        let items = html! {
            ul #items phx-update="stream" { @for (id, item) in &self.items { li #(id) { (item) } } }
        };
        html! { main { (live_component::<Frame>(0, items)) } }
    }
}

#[tokio::test(start_paused = true)]
async fn a_slot_sends_what_its_stream_brings_once() {
    let routes = Router::new().route("/", get(live::<Framed>()));
    let stage = Stage::of(bennu(), routes);
    let mut live = stage.visit("/").await;
    let reply = live.click("push", json!({"items": [1]})).await;
    assert!(reply["diff"]["c"]["1"].to_string().contains("item-1"));
    // The component has kept what it was given, and renders it again.
    let reply = click(&mut live, 1, "click", json!({})).await;
    assert_eq!(reply, json!({"diff": {"c": {"1": {"0": "1"}}}}));
    let reply = live.click("push", json!({"items": [2]})).await;
    let sent = reply["diff"]["c"]["1"].to_string();
    assert!(sent.contains("item-2") && !sent.contains("item-1"));
}

/// Holds the feed, or another shelf.
struct Board {
    holds: bool,
}

enum BoardInfo {
    Hold(bool),
}

impl LiveComponent for Board {
    /// The boards in it, and whether it holds the feed at first.
    type Props = (&'static [&'static str], bool);
    type Event = Never;
    type Info = BoardInfo;

    async fn mount((_, holds): &Self::Props, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self { holds: *holds })
    }

    async fn handle_info(
        &mut self,
        BoardInfo::Hold(holds): BoardInfo,
        _: &Self::Props,
        _: &mut Socket<Self>,
    ) -> Result {
        self.holds = holds;
        Ok(())
    }

    fn render(&self, (inner, _): &Self::Props) -> Rendered {
        html! {
            div {
                @if let [first, rest @ ..] = inner {
                    (live_component::<Self>(*first, (rest, false)))
                }
                @if self.holds { (live_component::<Feed>(0, ())) }
            }
        }
    }
}

struct Feed {
    items: Stream<u32>,
}

impl LiveComponent for Feed {
    type Props = ();
    type Event = Never;
    type Info = u32;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        let items = Stream::new(|item: &u32| format!("item-{item}"));
        Ok(Self { items })
    }

    async fn handle_info(&mut self, item: u32, (): &(), _: &mut Socket<Self>) -> Result {
        self.items.push(item);
        Ok(())
    }

    fn render(&self, (): &()) -> Rendered {
        html! {
            ul #items phx-update="stream" { @for (id, item) in &self.items { li #(id) { (item) } } }
        }
    }
}

struct Store;

#[derive(Event)]
enum StoreEvent {
    Carry { item: u32 },
}

impl LiveView for Store {
    type Params = ();
    type Event = StoreEvent;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    async fn handle_event(&mut self, event: StoreEvent, socket: &mut Socket<Self>) -> Result {
        let StoreEvent::Carry { item } = event;
        socket.send_update::<Board>("left", BoardInfo::Hold(false));
        socket.send_update::<Feed>(0, item);
        socket.send_update::<Board>("right", BoardInfo::Hold(true));
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            main {
                (live_component::<Board>("left", (&[], true)))
                (live_component::<Board>("outer", (&["inner", "right"], false)))
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_moves_as_it_changes_loses_nothing() {
    let routes = Router::new().route("/", get(live::<Store>()));
    let stage = Stage::of(bennu(), routes);
    let mut live = stage.visit("/").await;
    live.click("carry", json!({"item": 1})).await;
    for frame in live.client.waiting().await {
        live.show(&frame);
    }
    assert!(
        live.html().contains("<li id=\"item-1\">1</li>"),
        "{}",
        live.html()
    );
}

/// Items that come and go, each a component that can be clicked.
struct Tray {
    items: Stream<u32>,
}

#[derive(Event)]
enum TrayEvent {
    Put { item: u32 },
    Take { item: u32 },
}

impl LiveView for Tray {
    type Params = ();
    type Event = TrayEvent;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        let mut items = Stream::new(|item: &u32| format!("item-{item}"));
        items.push(1);
        Ok(Self { items })
    }

    async fn handle_event(&mut self, event: TrayEvent, _: &mut Socket<Self>) -> Result {
        match event {
            TrayEvent::Put { item } => self.items.push(item),
            TrayEvent::Take { item } => self.items.remove(&item),
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            ul #items phx-update="stream" {
                @for (id, item) in &self.items {
                    li #(id) { (live_component::<Frame>(item, html! { (item) })) }
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_item_that_is_back_before_its_farewell_is_heard_stays_alive() {
    let routes = Router::new().route("/", get(live::<Tray>()));
    let stage = Stage::of(bennu(), routes);
    let mut live = stage.visit("/").await;
    live.click("take", json!({"item": 1})).await;
    live.click("put", json!({"item": 1})).await;
    // The client said so when the item went, and sees by the answer that it is
    // back: nothing else is said.
    live.ask("cids_will_destroy", json!({"cids": [1]})).await;
    live.click("put", json!({"item": 2})).await;
    for clicks in 1..1100_u32 {
        let reply = click(&mut live, 1, "click", json!({})).await;
        let changed = json!({"c": {"1": {"0": clicks.to_string()}}});
        assert_eq!(reply, json!({"diff": changed}));
    }
}

#[tokio::test(start_paused = true)]
async fn an_item_that_comes_and_goes_and_comes_outlives_the_end_of_its_first_farewell() {
    let routes = Router::new().route("/", get(live::<Tray>()));
    let stage = Stage::of(bennu(), routes);
    let mut live = stage.visit("/").await;
    let cids = json!({"cids": [1]});
    for event in ["take", "put", "take"] {
        live.click(event, json!({"item": 1})).await;
    }
    // What the client says when the item goes, it says twice. The answer to the
    // first finds the item away, and the item that is put back on its way.
    live.ask("cids_will_destroy", cids.clone()).await;
    live.click("put", json!({"item": 1})).await;
    live.ask("cids_will_destroy", cids.clone()).await;
    let reply = live.ask("cids_destroyed", cids.clone()).await;
    assert_eq!(reply.ok(), &json!({"cids": []}));
    let reply = click(&mut live, 1, "click", json!({})).await;
    assert_eq!(reply, json!({"diff": {"c": {"1": {"0": "1"}}}}));

    live.click("take", json!({"item": 1})).await;
    live.ask("cids_will_destroy", cids.clone()).await;
    let reply = live.ask("cids_destroyed", cids.clone()).await;
    assert_eq!(reply.ok(), &cids);
}
