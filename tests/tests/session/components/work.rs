//! Streams and work of components: each has its own, and they end with it.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use bennu::{
    Async, AsyncState, Event, LiveComponent, LiveView, Never, Rendered, Result, Socket, Stream,
    html, live, live_component,
};
use bennu_tests::Live;
use serde_json::json;

use super::click;
use crate::stage::{Stage, bennu, pass, seconds};

/// Loads its rows, and takes more.
struct Rows {
    rows: Stream<u32>,
    loaded: Async<usize>,
}

#[derive(Event)]
enum RowsEvent {
    Push { row: u32 },
    Load { ms: u64, last: u32 },
    Start { ms: u64, row: u32 },
}

async fn rows(ms: u64, last: u32) -> Result<Vec<u32>, Never> {
    pass(Duration::from_millis(ms)).await;
    Ok((1..=last).collect())
}

impl Rows {
    fn load(socket: &mut Socket<Self>, ms: u64, last: u32) -> Async<usize> {
        socket.load_with(
            |own| &mut own.loaded,
            rows(ms, last),
            |own, rows| {
                let count = rows.len();
                own.rows.reset_with(rows);
                count
            },
        )
    }
}

impl LiveComponent for Rows {
    type Props = String;
    type Event = RowsEvent;
    type Info = u32;

    async fn mount(name: &String, socket: &mut Socket<Self>) -> Result<Self> {
        let name = name.clone();
        Ok(Self {
            rows: Stream::new(move |row| format!("{name}-{row}")),
            loaded: Self::load(socket, 1000, 1),
        })
    }

    async fn handle_event(
        &mut self,
        event: RowsEvent,
        _: &String,
        socket: &mut Socket<Self>,
    ) -> Result {
        match event {
            RowsEvent::Push { row } => self.rows.push(row),
            RowsEvent::Load { ms, last } => self.loaded = Self::load(socket, ms, last),
            RowsEvent::Start { ms, row } => {
                let work = async move {
                    pass(Duration::from_millis(ms)).await;
                    row
                };
                socket.start("row", work, Result::unwrap_or_default);
            }
        }
        Ok(())
    }

    async fn handle_info(&mut self, row: u32, _: &String, _: &mut Socket<Self>) -> Result {
        self.rows.prepend(row);
        Ok(())
    }

    fn render(&self, name: &String) -> Rendered {
        html! {
            div {
                @match self.loaded.state() {
                    AsyncState::Loading => "loading "
                    AsyncState::Ok(count) => { (count) " loaded " }
                    AsyncState::Failed(failure) => (failure)
                }
                ul id=(name) phx-update="stream" {
                    @for (id, row) in &self.rows { li #(id) { (row) } }
                }
            }
        }
    }
}

/// Two of them; the second one can be hidden.
struct Page {
    hidden: bool,
    clicks: u32,
}

#[derive(Event)]
enum PageEvent {
    Hide,
    Show,
    Count,
}

impl LiveView for Page {
    type Params = ();
    type Event = PageEvent;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            hidden: false,
            clicks: 0,
        })
    }

    async fn handle_event(&mut self, event: PageEvent, _: &mut Socket<Self>) -> Result {
        match event {
            PageEvent::Hide => self.hidden = true,
            PageEvent::Show => self.hidden = false,
            PageEvent::Count => self.clicks += 1,
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            p { (self.clicks) }
            (live_component::<Rows>("a", "a".to_owned()))
            @if !self.hidden { (live_component::<Rows>("b", "b".to_owned())) }
        }
    }
}

fn stage() -> Stage {
    Stage::of(bennu(), Router::new().route("/", get(live::<Page>())))
}

fn shows(live: &Live, a: &str, b: &str) {
    let list = |name: &str, shown: &str| {
        let (state, rows) = shown.split_once(": ").unwrap();
        let rows = rows
            .split_whitespace()
            .map(|row| format!(r#"<li id="{name}-{row}">{row}</li>"#));
        let rows: String = rows.collect();
        format!(r#"<div>{state} <ul id="{name}" phx-update="stream">{rows}</ul></div>"#)
    };
    let html = live.html();
    assert!(html.contains(&list("a", a)), "{html}");
    assert!(b.is_empty() || html.contains(&list("b", b)), "{html}");
}

fn tasks() -> usize {
    tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks()
}

/// Joined, with what the mounts loaded.
async fn loaded(stage: &Stage) -> Live {
    let mut live = stage.visit("/").await;
    shows(&live, "loading: ", "loading: ");
    live.client.quiet().await;
    seconds(1).await;
    for frame in live.client.waiting().await {
        assert_eq!(frame.event, "diff");
        live.show(&frame);
    }
    shows(&live, "1 loaded: 1", "1 loaded: 1");
    live
}

#[tokio::test(start_paused = true)]
async fn each_component_has_streams_and_work_of_its_own() {
    let stage = stage();
    let mut live = loaded(&stage).await;
    click(&mut live, 1, "push", json!({"row": 5})).await;
    shows(&live, "1 loaded: 1 5", "1 loaded: 1");
    click(&mut live, 2, "load", json!({"ms": 10, "last": 3})).await;
    shows(&live, "1 loaded: 1 5", "loading: 1");
    let diff = live.pushed("diff").await;
    assert_eq!(diff["c"].as_object().unwrap().len(), 1, "{diff}");
    shows(&live, "1 loaded: 1 5", "3 loaded: 1 2 3");
    // Started under the same name, and neither replaces the other's.
    click(&mut live, 1, "start", json!({"ms": 10, "row": 7})).await;
    click(&mut live, 2, "start", json!({"ms": 20, "row": 8})).await;
    live.pushed("diff").await;
    live.pushed("diff").await;
    shows(&live, "1 loaded: 7 1 5", "3 loaded: 8 1 2 3");
    // The view's own changes leave all of it alone.
    assert_eq!(
        live.click("count", json!({})).await,
        json!({"diff": {"0": "1"}})
    );
    shows(&live, "1 loaded: 7 1 5", "3 loaded: 8 1 2 3");
}

#[tokio::test(start_paused = true)]
async fn work_ends_with_its_component() {
    let stage = stage();
    let mut live = loaded(&stage).await;
    let before = tasks();
    click(&mut live, 2, "load", json!({"ms": 5000, "last": 3})).await;
    click(&mut live, 2, "start", json!({"ms": 5000, "row": 8})).await;
    assert_eq!(tasks(), before + 2);
    live.click("hide", json!({})).await;
    live.ask("cids_will_destroy", json!({"cids": [2]})).await;
    let gone = live.ask("cids_destroyed", json!({"cids": [2]})).await;
    assert_eq!(*gone.ok(), json!({"cids": [2]}));
    crate::stage::settle().await;
    assert_eq!(tasks(), before);
    seconds(10).await;
    live.client.quiet().await;

    // One that comes anew starts anew.
    live.click("show", json!({})).await;
    shows(&live, "1 loaded: 1", "loading: ");
    live.pushed("diff").await;
    shows(&live, "1 loaded: 1", "1 loaded: 1");
}

#[tokio::test(start_paused = true)]
async fn what_comes_while_a_component_is_hidden_waits_for_it() {
    let stage = stage();
    let mut live = loaded(&stage).await;
    click(&mut live, 2, "start", json!({"ms": 100, "row": 8})).await;
    live.click("hide", json!({})).await;
    live.ask("cids_will_destroy", json!({"cids": [2]})).await;
    seconds(1).await;
    live.client.quiet().await;
    // It comes back before it was destroyed. Its element is a new one, which has
    // what it was given since.
    live.click("show", json!({})).await;
    click(&mut live, 2, "push", json!({"row": 9})).await;
    shows(&live, "1 loaded: 1", "1 loaded: 8 9");
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_component_has_a_limit() {
    let stage = stage();
    let mut live = loaded(&stage).await;
    live.click("hide", json!({})).await;
    live.ask("cids_will_destroy", json!({"cids": [2]})).await;
    let before = tasks();
    click(&mut live, 2, "load", json!({"ms": 5_000_000, "last": 3})).await;
    assert_eq!(tasks(), before + 1);
    for row in 0..1024 {
        click(&mut live, 2, "push", json!({"row": row})).await;
    }
    crate::stage::settle().await;
    assert_eq!(tasks(), before, "it was dropped, with its work");
    live.click("show", json!({})).await;
    shows(&live, "1 loaded: 1", "loading: ");
}
