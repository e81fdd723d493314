//! Streams in a view: what is sent when, and that nothing is lost on the way
//! (`protocol.md §4.7`).

use std::sync::Arc;

use axum::routing::get;
use axum::{Extension, Router};
use bennu::stream::Limit;
use bennu::{
    Bennu, Event, Limits, LiveView, Never, Rendered, Result, Socket, Stream, Topic, html, live,
};
use bennu_tests::Live;
use serde_json::{Value, json};

use crate::stage::{Stage, bennu, config, settle};

const MESSAGES: Topic<u32> = Topic::new("messages");

#[derive(Debug)]
struct Item {
    id: u32,
    text: String,
}

#[derive(Debug, Event)]
enum Edit {
    Push {
        id: u32,
        text: String,
    },
    Prepend {
        id: u32,
        text: String,
    },
    Insert {
        at: usize,
        id: u32,
        text: String,
    },
    Update {
        id: u32,
        text: String,
    },
    Remove {
        id: u32,
    },
    RemoveById {
        dom_id: String,
    },
    Reset,
    ResetWith {
        first: u32,
        last: u32,
    },
    Limit {
        entries: u32,
    },
    /// Pushes with a limit that keeps the first.
    PushWithin {
        most: u32,
        id: u32,
    },
    /// Prepends with a limit that keeps the last.
    PrependWithin {
        most: u32,
        id: u32,
    },
    /// Another stream of the view.
    Note {
        id: u32,
    },
    Hide,
    Show,
    Panic,
    Title {
        text: String,
    },
}

struct Feed {
    items: Stream<Item>,
    notes: Stream<u32>,
    shown: bool,
    title: String,
}

fn item(id: u32, text: impl Into<String>) -> Item {
    let text = text.into();
    Item { id, text }
}

impl LiveView for Feed {
    type Params = ();
    type Event = Edit;
    type Info = u32;

    async fn mount((): &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&MESSAGES, |id| *id);
        let mut items = Stream::new(|item: &Item| format!("item-{}", item.id));
        items.extend([item(1, "a"), item(2, "b")]);
        Ok(Self {
            items,
            notes: Stream::new(|note| format!("note-{note}")),
            shown: true,
            title: "Feed".to_owned(),
        })
    }

    async fn handle_event(&mut self, edit: Edit, _: &mut Socket<Self>) -> Result {
        match edit {
            Edit::Push { id, text } => self.items.push(item(id, text)),
            Edit::Prepend { id, text } => self.items.prepend(item(id, text)),
            Edit::Insert { at, id, text } => self.items.insert(at, item(id, text)),
            Edit::Update { id, text } => self.items.update_only(item(id, text)),
            Edit::Remove { id } => self.items.remove(&item(id, "")),
            Edit::RemoveById { dom_id } => self.items.remove_by_id(dom_id),
            Edit::Reset => self.items.reset(),
            Edit::ResetWith { first, last } => {
                self.items
                    .reset_with((first..=last).map(|id| item(id, "new")));
            }
            Edit::Limit { entries } => self.items.set_limit(entries),
            Edit::PushWithin { most, id } => {
                let limit = Limit::first(most);
                self.items.limited(limit).push(item(id, "new"));
            }
            Edit::PrependWithin { most, id } => {
                let limit = Limit::last(most);
                self.items.limited(limit).prepend(item(id, "new"));
            }
            Edit::Note { id } => self.notes.push(id),
            Edit::Hide => self.shown = false,
            Edit::Show => self.shown = true,
            Edit::Panic => panic!("as told"),
            Edit::Title { text } => self.title = text,
        }
        Ok(())
    }

    async fn handle_info(&mut self, id: u32, _: &mut Socket<Self>) -> Result {
        self.items.push(item(id, "told"));
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { (self.title) }
            @if self.shown {
                ul #items phx-update="stream" {
                    @for (id, item) in &self.items { li #(id) { (item.text) } }
                }
            }
            ol #notes phx-update="stream" {
                @for (id, note) in &self.notes { li #(id) { (note) } }
            }
        }
    }
}

fn feed() -> Stage {
    Stage::of(bennu(), Router::new().route("/", get(live::<Feed>())))
}

fn shows(live: &Live, items: &[(u32, &str)], notes: &[u32]) {
    let items = items
        .iter()
        .map(|(id, text)| format!(r#"<li id="item-{id}">{text}</li>"#));
    let notes = notes
        .iter()
        .map(|id| format!(r#"<li id="note-{id}">{id}</li>"#));
    let html = format!(
        r#"<h1>Feed</h1><ul id="items" phx-update="stream">{}</ul><ol id="notes" phx-update="stream">{}</ol>"#,
        items.collect::<String>(),
        notes.collect::<String>(),
    );
    assert_eq!(live.html(), html);
}

/// The `stream` of a diff for the items, with its reference left out.
fn operations(response: &Value) -> Value {
    let stream = &response["diff"]["1"]["0"]["stream"];
    let Some([reference, rest @ ..]) = stream.as_array().map(Vec::as_slice) else {
        panic!("no stream in {response}");
    };
    assert!(reference.is_string(), "{stream}");
    json!(rest)
}

#[tokio::test(start_paused = true)]
async fn the_page_and_the_join_have_the_items_and_no_diff_has_them_again() {
    let stage = feed();
    let mut live = stage.visit("/").await;
    assert!(
        live.page
            .content()
            .contains(r#"<li id="item-1">a</li><li id="item-2">b</li>"#)
    );
    shows(&live, &[(1, "a"), (2, "b")], &[]);
    let response = live.click("title", json!({"text": "Other"})).await;
    assert_eq!(response, json!({"diff": {"0": "Other"}}));
    let response = live.click("title", json!({"text": "Feed"})).await;
    assert_eq!(response, json!({"diff": {"0": "Feed"}}));
    shows(&live, &[(1, "a"), (2, "b")], &[]);
}

#[tokio::test(start_paused = true)]
async fn each_change_is_told_as_the_protocol_has_it() {
    let stage = feed();
    let mut live = stage.visit("/").await;
    for (event, value, expected) in [
        (
            "push",
            json!({"id": 3, "text": "c"}),
            json!([[["item-3", -1, null, null]], []]),
        ),
        (
            "prepend",
            json!({"id": 4, "text": "d"}),
            json!([[["item-4", 0, null, null]], []]),
        ),
        (
            "insert",
            json!({"at": 1, "id": 5, "text": "e"}),
            json!([[["item-5", 1, null, null]], []]),
        ),
        (
            "update",
            json!({"id": 2, "text": "B"}),
            json!([[["item-2", -1, null, true]], []]),
        ),
        (
            "update",
            json!({"id": 9, "text": "?"}),
            json!([[["item-9", -1, null, true]], []]),
        ),
        (
            "push",
            json!({"id": 1, "text": "A"}),
            json!([[["item-1", -1, null, null]], []]),
        ),
        ("remove", json!({"id": 4}), json!([[], ["item-4"]])),
        (
            "remove_by_id",
            json!({"dom_id": "item-5"}),
            json!([[], ["item-5"]]),
        ),
    ] {
        let response = live.click(event, value).await;
        assert_eq!(operations(&response), expected, "{event}");
    }
    shows(&live, &[(1, "A"), (2, "B"), (3, "c")], &[]);

    let response = live
        .click("reset_with", json!({"first": 3, "last": 4}))
        .await;
    let inserts = json!([["item-4", -1, null, null], ["item-3", -1, null, null]]);
    assert_eq!(operations(&response), json!([inserts, [], true]));
    shows(&live, &[(3, "new"), (4, "new")], &[]);
    let response = live.click("reset", json!({})).await;
    assert_eq!(operations(&response), json!([[], [], true]));
    shows(&live, &[], &[]);
}

#[tokio::test(start_paused = true)]
async fn a_limit_holds_at_the_end_away_from_the_insert() {
    let stage = feed();
    let mut live = stage.visit("/").await;
    live.click("limit", json!({"entries": 2})).await;
    let response = live.click("push", json!({"id": 3, "text": "c"})).await;
    assert_eq!(
        operations(&response),
        json!([[["item-3", -1, -2, null]], []])
    );
    shows(&live, &[(2, "b"), (3, "c")], &[]);
    let response = live.click("prepend", json!({"id": 1, "text": "a"})).await;
    assert_eq!(operations(&response), json!([[["item-1", 0, 2, null]], []]));
    shows(&live, &[(1, "a"), (2, "b")], &[]);
}

#[tokio::test(start_paused = true)]
async fn two_streams_of_a_view_do_not_meet() {
    let stage = feed();
    let mut live = stage.visit("/").await;
    live.click("note", json!({"id": 1})).await;
    live.click("push", json!({"id": 3, "text": "c"})).await;
    shows(&live, &[(1, "a"), (2, "b"), (3, "c")], &[1]);
    live.click("reset", json!({})).await;
    shows(&live, &[], &[1]);
}

#[tokio::test(start_paused = true)]
async fn messages_that_wait_together_all_arrive() {
    let stage = feed();
    let mut live = stage.visit("/").await;
    for id in 3..=5 {
        stage.pubsub.broadcast(&MESSAGES, id);
    }
    live.pushed("diff").await;
    live.client.quiet().await;
    let told = [(1, "a"), (2, "b"), (3, "told"), (4, "told"), (5, "told")];
    shows(&live, &told, &[]);
}

#[tokio::test(start_paused = true)]
async fn changes_wait_until_their_stream_is_shown() {
    let stage = feed();
    let mut live = stage.visit("/").await;
    live.click("hide", json!({})).await;
    let response = live
        .click("reset_with", json!({"first": 1, "last": 2}))
        .await;
    assert_eq!(response, json!({}));
    let response = live.click("push", json!({"id": 3, "text": "c"})).await;
    assert_eq!(response, json!({}));
    live.click("show", json!({})).await;
    shows(&live, &[(1, "new"), (2, "new"), (3, "c")], &[]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_comes_back_untouched_is_empty_and_takes_inserts() {
    let stage = feed();
    let mut live = stage.visit("/").await;
    live.click("hide", json!({})).await;
    live.click("show", json!({})).await;
    shows(&live, &[], &[]);
    live.click("push", json!({"id": 3, "text": "c"})).await;
    shows(&live, &[(3, "c")], &[]);
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_an_insert_may_keep_what_is_there() {
    let stage = feed();
    let mut live = stage.visit("/").await;
    live.click("reset_with", json!({"first": 1, "last": 10}))
        .await;
    let all: Vec<_> = (1..=10).map(|id| (id, "new")).collect();
    shows(&live, &all, &[]);
    for (event, at, limit) in [("push_within", -1, 10), ("prepend_within", 0, -10)] {
        let reply = live.click(event, json!({"most": 10, "id": 11})).await;
        let inserts = json!([["item-11", at, limit, null]]);
        assert!(reply.to_string().contains(&inserts.to_string()), "{reply}");
        shows(&live, &all, &[]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_join_after_a_crash_has_what_is_mounted_anew() {
    let stage = feed();
    let mut live = stage.visit("/").await;
    live.click("push", json!({"id": 3, "text": "c"})).await;
    let panic = json!({"type": "click", "event": "panic", "value": {}});
    live.push("event", panic).await;
    live.expect_crash().await;
    live.join().await;
    shows(&live, &[(1, "a"), (2, "b")], &[]);
    live.click("push", json!({"id": 4, "text": "d"})).await;
    shows(&live, &[(1, "a"), (2, "b"), (4, "d")], &[]);
}

/// Mounts with items that come anywhere.
struct Ranked(Stream<u32>);

impl LiveView for Ranked {
    type Params = ();
    type Event = Never;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        let mut ranked = Stream::new(|id| format!("n-{id}")).limit(3);
        ranked.push(1);
        ranked.prepend(2);
        ranked.prepend(3);
        ranked.insert(1, 4);
        ranked.update_only(5);
        Ok(Self(ranked))
    }

    fn render(&self) -> Rendered {
        html! {
            ul #ranked phx-update="stream" { @for (id, _) in &self.0 { li #(id) {} } }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_page_has_the_items_where_the_join_leaves_them() {
    let stage = Stage::of(bennu(), Router::new().route("/", get(live::<Ranked>())));
    let live = stage.visit("/").await;
    assert_eq!(live.page.content(), live.html());
    assert_eq!(
        live.html(),
        r#"<ul id="ranked" phx-update="stream"><li id="n-3"></li><li id="n-4"></li><li id="n-2"></li></ul>"#,
    );
}

/// Its items are counted.
struct Counted {
    items: Stream<(u32, Arc<()>)>,
    item: Arc<()>,
}

impl LiveView for Counted {
    type Params = Extension<Arc<()>>;
    type Event = Never;
    type Info = u32;

    async fn mount(Extension(item): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&MESSAGES, |id| *id);
        Ok(Self {
            items: Stream::new(|(id, _)| format!("item-{id}")),
            item: Arc::clone(item),
        })
    }

    async fn handle_info(&mut self, id: u32, _: &mut Socket<Self>) -> Result {
        self.items.push((id, Arc::clone(&self.item)));
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            ul #items phx-update="stream" { @for (id, _) in &self.items { li #(id) { "item" } } }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_holds_little_for_a_reader_that_is_too_slow() {
    let limits = Limits {
        outgoing_bytes: 300_000,
        ..Limits::default()
    };
    let item = Arc::new(());
    let routes = Router::new()
        .route("/", get(live::<Counted>()))
        .layer(Extension(Arc::clone(&item)));
    let stage = Stage::of(Bennu::new(config().limits(limits)), routes);
    let mut browser = stage.browser();
    let page = browser.open("/").await;
    browser.server = stage.server.with_pipe(1024);
    let mut live = Live::new(browser.connect(&page).await, page);
    live.join().await;
    for id in 0..20_000 {
        stage.pubsub.broadcast(&MESSAGES, id);
        if id % 50 == 0 {
            settle().await;
        }
        let held = Arc::strong_count(&item);
        assert!(held < 1200, "{held} items after {id} messages");
    }
    // The view is ended; the browser joins again, and gets what holds then.
    loop {
        let frame = live.client.next().await;
        if frame.event == "phx_error" {
            break;
        }
        live.show(&frame);
    }
}

/// Shows one stream in two places.
struct Twice(Stream<u32>);

impl LiveView for Twice {
    type Params = ();
    type Event = Never;
    type Info = u32;

    async fn mount((): &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&MESSAGES, |id| *id);
        let mut stream = Stream::new(|id| format!("n-{id}"));
        stream.push(1);
        Ok(Self(stream))
    }

    async fn handle_info(&mut self, id: u32, _: &mut Socket<Self>) -> Result {
        self.0.push(id);
        Ok(())
    }

    fn render(&self) -> Rendered {
        let list = |name: &str| {
            html! {
                ul id=(name) phx-update="stream" { @for (id, _) in &self.0 { li #(id) {} } }
            }
        };
        html! { (list("one")) (list("two")) }
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_place_of_a_stream_has_all_of_it() {
    let stage = Stage::of(bennu(), Router::new().route("/", get(live::<Twice>())));
    let mut live = stage.visit("/").await;
    stage.pubsub.broadcast(&MESSAGES, 2);
    live.pushed("diff").await;
    assert_eq!(
        live.html(),
        r#"<ul id="one" phx-update="stream"><li id="n-1"></li><li id="n-2"></li></ul><ul id="two" phx-update="stream"></ul>"#,
    );
}
