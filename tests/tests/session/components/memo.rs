//! Memos in components, in what fills their slots, and beside them.

use std::fmt::Write as _;

use axum::routing::get;
use axum::{Extension, Router};
use bennu::{
    Event, LiveComponent, LiveView, Never, Rendered, Result, Socket, Stream, html, live,
    live_component,
};
use bennu_tests::Live;
use serde_json::{Value, json};

use super::click;
use crate::stage::{Log, Stage, bennu};

#[derive(Clone)]
struct Row {
    id: u32,
    version: u32,
}

/// Rows that say when they are rendered.
fn list(rows: &[Row], log: &Log) -> Rendered {
    let note = |row: &Row| log.add(row.id.to_string());
    html! {
        ul {
            @for row in rows key=(row.id) memo=(row.version) {
                @let () = note(row);
                li { (row.id) "." (row.version) }
            }
        }
    }
}

fn shown(rows: &[(u32, u32)]) -> String {
    let rows = rows.iter();
    let rows: String = rows
        .map(|(id, version)| format!("<li>{id}.{version}</li>"))
        .collect();
    format!("<ul>{rows}</ul>")
}

fn three() -> Vec<Row> {
    (1..=3).map(|id| Row { id, version: 0 }).collect()
}

fn touch(rows: &mut [Row], id: u32) {
    for row in rows.iter_mut().filter(|row| row.id == id) {
        row.version += 1;
    }
}

/// Rows of its own.
struct Table {
    rows: Vec<Row>,
    log: Log,
}

#[derive(Event)]
enum TableEvent {
    Touch { id: u32 },
    Remove { id: u32 },
}

struct TableProps(Log);

impl PartialEq for TableProps {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl LiveComponent for Table {
    type Props = TableProps;
    type Event = TableEvent;
    type Info = Never;

    async fn mount(TableProps(log): &TableProps, _: &mut Socket<Self>) -> Result<Self> {
        let (rows, log) = (three(), log.clone());
        Ok(Self { rows, log })
    }

    async fn handle_event(
        &mut self,
        event: TableEvent,
        _: &TableProps,
        _: &mut Socket<Self>,
    ) -> Result {
        match event {
            TableEvent::Touch { id } => touch(&mut self.rows, id),
            TableEvent::Remove { id } => self.rows.retain(|row| row.id != id),
        }
        Ok(())
    }

    fn render(&self, _: &TableProps) -> Rendered {
        html! { section { (list(&self.rows, &self.log)) } }
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

/// What the page shows, from its query.
struct Hall {
    plan: Plan,
    rows: Vec<Row>,
    items: Stream<u32>,
    log: Log,
}

#[derive(Clone, Copy, PartialEq)]
enum Plan {
    /// A table.
    Table,
    /// A table in another place.
    Moved,
    /// No table.
    Nothing,
    /// The same list in a slot and behind it.
    Twice,
    /// A stream in a slot, and a part before it.
    Part,
    /// The part elsewhere.
    Boxed,
}

impl Plan {
    fn named(name: &str) -> Self {
        match name {
            "table" => Self::Table,
            "moved" => Self::Moved,
            "twice" => Self::Twice,
            "part" => Self::Part,
            "boxed" => Self::Boxed,
            _ => Self::Nothing,
        }
    }
}

#[derive(Event)]
enum HallEvent {
    Plan { plan: String },
    Touch { id: u32 },
    Push { item: u32, plan: String },
}

impl LiveView for Hall {
    type Params = Extension<Log>;
    type Event = HallEvent;
    type Info = Never;

    async fn mount(Extension(log): &Self::Params, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            plan: Plan::Nothing,
            rows: three(),
            items: Stream::new(|item: &u32| format!("item-{item}")),
            log: log.clone(),
        })
    }

    async fn handle_event(&mut self, event: HallEvent, _: &mut Socket<Self>) -> Result {
        match event {
            HallEvent::Plan { plan } => self.plan = Plan::named(&plan),
            HallEvent::Touch { id } => touch(&mut self.rows, id),
            HallEvent::Push { item, plan } => {
                self.items.push(item);
                self.plan = Plan::named(&plan);
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let table = || live_component::<Table>(0, TableProps(self.log.clone()));
        let part = || html! { @memo 1 { b { "part" } } };
        let items = || {
            html! {
                ol #items phx-update="stream" {
                    @for (id, item) in &self.items { li #(id) { (item) } }
                }
            }
        };
        html! {
            main {
                @match self.plan {
                    Plan::Table => (table())
                    Plan::Moved => p { (table()) }
                    Plan::Nothing => {}
                    Plan::Twice => {
                        (live_component::<Frame>(0, list(&self.rows, &self.log)))
                        (list(&self.rows, &self.log))
                    }
                    Plan::Part | Plan::Boxed => {
                        @if self.plan == Plan::Boxed { p { (part()) } } @else { (part()) }
                        (live_component::<Frame>(1, items()))
                    }
                }
            }
        }
    }
}

/// A page of this plan.
async fn hall(plan: &str) -> (Stage, Live) {
    let routes = Router::new().route("/", get(live::<Hall>()));
    let stage = Stage::of(bennu(), routes);
    let mut live = stage.visit("/").await;
    live.click("plan", json!({"plan": plan})).await;
    stage.log.take();
    (stage, live)
}

/// Clicks, and shows also what comes in messages of its own.
async fn tell(live: &mut Live, event: &str, value: Value) {
    live.click(event, value).await;
    for frame in live.client.waiting().await {
        live.show(&frame);
    }
}

#[tokio::test(start_paused = true)]
async fn a_component_renders_the_entries_whose_memo_changed() {
    let (stage, mut live) = hall("table").await;
    let reply = click(&mut live, 1, "touch", json!({"id": 2})).await;
    assert_eq!(stage.log.take(), ["2"]);
    let entry = json!({"1": "1"});
    let list = json!({"0": {"k": {"1": entry, "kc": 3}}});
    assert_eq!(reply, json!({"diff": {"c": {"1": {"0": list}}}}));
    click(&mut live, 1, "remove", json!({"id": 1})).await;
    assert_eq!(stage.log.take(), [""; 0]);
    let table = shown(&[(2, 1), (3, 0)]);
    assert_eq!(
        live.html(),
        format!("<main><section>{table}</section></main>")
    );
}

#[tokio::test(start_paused = true)]
async fn a_component_that_is_placed_anew_shows_all_its_entries() {
    let (stage, mut live) = hall("table").await;
    let table = shown(&[(1, 0), (2, 0), (3, 1)]);
    live.click("plan", json!({"plan": "nothing"})).await;
    click(&mut live, 1, "touch", json!({"id": 3})).await;
    stage.log.take();
    live.click("plan", json!({"plan": "moved"})).await;
    assert_eq!(stage.log.take(), ["1", "2", "3"]);
    assert_eq!(
        live.html(),
        format!("<main><p><section>{table}</section></p></main>")
    );
    live.click("plan", json!({"plan": "table"})).await;
    assert_eq!(
        live.html(),
        format!("<main><section>{table}</section></main>")
    );
    stage.log.take();
    click(&mut live, 1, "touch", json!({"id": 3})).await;
    assert_eq!(stage.log.take(), ["3"]);
}

#[tokio::test(start_paused = true)]
async fn a_slot_shows_all_of_a_list_that_its_view_shows_too() {
    let (_, mut live) = hall("twice").await;
    for (id, rows) in [(2, [(1, 0), (2, 1), (3, 0)]), (1, [(1, 1), (2, 1), (3, 0)])] {
        tell(&mut live, "touch", json!({"id": id})).await;
        let list = shown(&rows);
        assert_eq!(
            live.html(),
            format!("<main><div>0{list}</div>{list}</main>")
        );
    }
    click(&mut live, 1, "click", json!({})).await;
    let list = shown(&[(1, 1), (2, 1), (3, 0)]);
    assert_eq!(
        live.html(),
        format!("<main><div>1{list}</div>{list}</main>")
    );
}

#[tokio::test(start_paused = true)]
async fn a_stream_in_a_slot_loses_nothing_when_a_part_turns_up_elsewhere() {
    let (_, mut live) = hall("part").await;
    let mut items = String::new();
    for (item, plan) in [(1, "boxed"), (2, "part"), (3, "part"), (4, "boxed")] {
        tell(&mut live, "push", json!({"item": item, "plan": plan})).await;
        let _ = write!(items, "<li id=\"item-{item}\">{item}</li>");
        assert!(live.html().contains(&items), "{}", live.html());
    }
}
