//! Work beside a view: what it brings arrives once, where it belongs, or never.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use bennu::{
    Async, AsyncState, Event, Failure, LiveView, Never, Rendered, Result, Socket, Stream, Task,
    html, live,
};
use bennu_tests::Live;
use serde_json::{Value, json};

use crate::stage::{Stage, bennu, pass, seconds, settle};

#[derive(Debug, Event)]
enum Msg {
    /// The report's work takes a while and says this; nothing is an error.
    Load {
        ms: u64,
        text: String,
    },
    Reload {
        ms: u64,
        text: String,
    },
    Panic,
    Cancel,
    /// Cancels the report's work at the end of a handler that takes a while.
    CancelLate {
        ms: u64,
    },
    /// Loads the report anew at the end of a handler that takes a while.
    LoadLate {
        ms: u64,
        text: String,
    },
    Start {
        name: String,
        ms: u64,
        text: String,
    },
    StartPanic,
    Stop {
        name: String,
    },
    /// Sends itself a message, and cancels that when it waits already.
    Regret {
        ms: u64,
    },
    /// Starts `a`, and cancels that when it is done and `b` was started.
    Overtake {
        ms: u64,
    },
    Rows {
        ms: u64,
        first: u32,
        last: u32,
    },
    Push {
        row: u32,
    },
    Crash,
}

enum Info {
    Said(String),
    Ended(Result<String, Failure>),
}

struct Desk {
    report: Async<String>,
    said: String,
    rows: Stream<u32>,
    rows_loaded: Async<usize>,
}

async fn work(ms: u64, text: String) -> std::result::Result<String, &'static str> {
    pass(Duration::from_millis(ms)).await;
    if text.is_empty() {
        Err("nothing to say <here>")
    } else {
        Ok(text)
    }
}

impl LiveView for Desk {
    type Params = ();
    type Event = Msg;
    type Info = Info;

    async fn mount((): &(), socket: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            report: socket.load(|desk| &mut desk.report, work(1000, "first".to_owned())),
            said: "nothing".to_owned(),
            rows: Stream::new(|row| format!("row-{row}")),
            rows_loaded: Async::ok(0),
        })
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Load { ms, text } => {
                self.report = socket.load(|desk| &mut desk.report, work(ms, text));
            }
            Msg::Reload { ms, text } => {
                let next = socket.load(|desk| &mut desk.report, work(ms, text));
                self.report.reload(next);
            }
            Msg::Panic => {
                let work = async { panic!("as told") };
                self.report = socket.load(|desk| &mut desk.report, async {
                    let (): () = work.await;
                    Ok::<_, Never>(String::new())
                });
            }
            Msg::Cancel => self.report.cancel(),
            Msg::CancelLate { ms } => {
                pass(Duration::from_millis(ms)).await;
                self.report.cancel();
            }
            Msg::LoadLate { ms, text } => {
                pass(Duration::from_millis(ms)).await;
                self.report = socket.load(|desk| &mut desk.report, work(ms, text));
            }
            Msg::Start { name, ms, text } => {
                let work = async move { work(ms, text).await.unwrap_or_default() };
                socket.start(name, work, Info::Ended);
            }
            Msg::StartPanic => {
                socket.start("panic", async { panic!("as told") }, Info::Ended);
            }
            Msg::Stop { name } => socket.cancel(&name),
            Msg::Regret { ms } => {
                let after = Duration::from_millis(ms);
                let task: Task = socket.send_after(after, Info::Said("regret".to_owned()));
                pass(after * 2).await;
                task.cancel();
            }
            Msg::Overtake { ms } => {
                let done = async { "a".to_owned() };
                let task = socket.start("a", done, Info::Ended);
                pass(Duration::from_millis(ms)).await;
                assert!(!task.is_finished(), "its message waits");
                let work = async move { work(ms, "b".to_owned()).await.unwrap_or_default() };
                socket.start("b", work, Info::Ended);
                socket.cancel("a");
                assert!(task.is_finished());
            }
            Msg::Rows { ms, first, last } => {
                let rows = async move {
                    pass(Duration::from_millis(ms)).await;
                    Ok::<_, Never>((first..=last).collect::<Vec<_>>())
                };
                self.rows_loaded = socket.load_with(
                    |desk| &mut desk.rows_loaded,
                    rows,
                    |desk, rows| {
                        let count = rows.len();
                        desk.rows.reset_with(rows);
                        count
                    },
                );
            }
            Msg::Push { row } => self.rows.push(row),
            Msg::Crash => panic!("as told"),
        }
        Ok(())
    }

    async fn handle_info(&mut self, info: Info, _: &mut Socket<Self>) -> Result {
        self.said = match info {
            Info::Said(text) => text,
            Info::Ended(Ok(text)) => text,
            Info::Ended(Err(failure)) => format!("{failure} ({})", failure.is_panic()),
        };
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            p {
                @match self.report.state() {
                    AsyncState::Loading => "loading"
                    AsyncState::Ok(report) => (report)
                    AsyncState::Failed(failure) => { "failed: " (failure) }
                }
                @if self.report.is_loading() { "…" }
            }
            i { (self.said) }
            ul #rows phx-update="stream" { @for (id, row) in &self.rows { li #(id) { (row) } } }
            b { @match self.rows_loaded.state() {
                AsyncState::Ok(count) => (count)
                _ => "loading"
            } }
        }
    }
}

fn desk() -> Stage {
    Stage::of(bennu(), Router::new().route("/", get(live::<Desk>())))
}

/// The report, what was said, and the rows.
fn shown(live: &Live) -> (String, String, String) {
    let html = live.html();
    let between = |start: &str, end: &str| {
        let (_, rest) = html.split_once(start).unwrap();
        rest.split_once(end).unwrap().0.to_owned()
    };
    let rows = between(r#"phx-update="stream">"#, "</ul>");
    (between("<p>", "</p>"), between("<i>", "</i>"), rows)
}

fn report(live: &Live) -> String {
    shown(live).0
}

fn said(live: &Live) -> String {
    shown(live).1
}

fn tasks() -> usize {
    let handle = tokio::runtime::Handle::current();
    handle.metrics().num_alive_tasks()
}

/// Joined, and past the report of the mount.
async fn at_work(stage: &Stage) -> Live {
    let mut live = stage.visit("/").await;
    live.pushed("diff").await;
    assert_eq!(report(&live), "first");
    live
}

async fn say(live: &mut Live, event: &str, value: Value) {
    live.click(event, value).await;
}

#[tokio::test(start_paused = true)]
async fn a_dead_render_shows_that_it_loads_and_starts_nothing() {
    let stage = desk();
    let page = stage.browser().open("/").await;
    assert!(
        page.content().starts_with("<p>loading</p>"),
        "{}",
        page.content()
    );
    settle().await;
    assert_eq!(tasks(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_mount_loads_arrives_after_the_join() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    assert_eq!(report(&live), "loading…");
    live.client.quiet().await;
    live.pushed("diff").await;
    assert_eq!(report(&live), "first");
    seconds(10).await;
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn an_error_is_shown_and_so_is_a_panic() {
    let stage = desk();
    let mut live = at_work(&stage).await;
    say(&mut live, "load", json!({"ms": 1, "text": ""})).await;
    assert_eq!(report(&live), "loading…");
    live.pushed("diff").await;
    assert_eq!(report(&live), "failed: nothing to say &lt;here&gt;");

    say(&mut live, "panic", json!({})).await;
    live.pushed("diff").await;
    assert_eq!(report(&live), "failed: something went wrong");
    // The view lives on, and a new try may succeed.
    say(&mut live, "load", json!({"ms": 1, "text": "better"})).await;
    live.pushed("diff").await;
    assert_eq!(report(&live), "better");
}

#[tokio::test(start_paused = true)]
async fn a_value_stays_until_the_next_is_there() {
    let stage = desk();
    let mut live = at_work(&stage).await;
    say(&mut live, "reload", json!({"ms": 5, "text": "second"})).await;
    assert_eq!(report(&live), "first…");
    live.pushed("diff").await;
    assert_eq!(report(&live), "second");
    say(&mut live, "reload", json!({"ms": 5, "text": ""})).await;
    live.pushed("diff").await;
    assert_eq!(report(&live), "failed: nothing to say &lt;here&gt;");
    // The value of before is still known.
    say(&mut live, "reload", json!({"ms": 5, "text": "third"})).await;
    assert_eq!(report(&live), "second…");
    live.pushed("diff").await;
    assert_eq!(report(&live), "third");
}

#[tokio::test(start_paused = true)]
async fn the_work_that_was_replaced_never_arrives() {
    let stage = desk();
    let mut live = at_work(&stage).await;
    say(&mut live, "load", json!({"ms": 100, "text": "slow"})).await;
    say(&mut live, "load", json!({"ms": 50, "text": "quick"})).await;
    live.pushed("diff").await;
    assert_eq!(report(&live), "quick");
    seconds(1).await;
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn cancelled_work_never_arrives() {
    let stage = desk();
    let mut live = at_work(&stage).await;
    say(&mut live, "load", json!({"ms": 100, "text": "slow"})).await;
    say(&mut live, "cancel", json!({})).await;
    assert_eq!(report(&live), "failed: cancelled");
    say(&mut live, "load", json!({"ms": 1, "text": "second"})).await;
    live.pushed("diff").await;
    say(&mut live, "reload", json!({"ms": 100, "text": "third"})).await;
    say(&mut live, "cancel", json!({})).await;
    assert_eq!(report(&live), "second");
    seconds(1).await;
    live.client.quiet().await;
    assert_eq!(report(&live), "second");
}

#[tokio::test(start_paused = true)]
async fn a_result_that_waits_in_the_mailbox_can_be_cancelled_and_replaced() {
    let stage = desk();
    let mut live = at_work(&stage).await;
    say(&mut live, "load", json!({"ms": 50, "text": "waits"})).await;
    // The result comes while the handler is at work.
    say(&mut live, "cancel_late", json!({"ms": 100})).await;
    assert_eq!(report(&live), "failed: cancelled");
    live.client.quiet().await;

    say(&mut live, "load", json!({"ms": 50, "text": "waits"})).await;
    say(&mut live, "load_late", json!({"ms": 100, "text": "late"})).await;
    assert_eq!(report(&live), "loading…");
    live.pushed("diff").await;
    assert_eq!(report(&live), "late");
}

#[tokio::test(start_paused = true)]
async fn work_ends_with_its_view_and_reaches_no_other() {
    let stage = desk();
    let mut live = at_work(&stage).await;
    let before = tasks();
    say(&mut live, "load", json!({"ms": 500, "text": "slow"})).await;
    say(
        &mut live,
        "start",
        json!({"name": "a", "ms": 500, "text": "slow"}),
    )
    .await;
    assert_eq!(tasks(), before + 2);
    live.push("phx_leave", json!({})).await;
    live.client.waiting().await;
    // The view's task is gone with its two.
    assert_eq!(tasks(), before - 1);

    live.join().await;
    let crash = json!({"type": "click", "event": "crash", "value": {}});
    live.push("event", crash).await;
    live.expect_crash().await;
    live.join().await;
    assert_eq!(report(&live), "loading…");
    live.pushed("diff").await;
    assert_eq!(
        (report(&live), said(&live)),
        ("first".to_owned(), "nothing".to_owned())
    );
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn named_work_takes_the_place_of_what_had_its_name() {
    let stage = desk();
    let mut live = at_work(&stage).await;
    say(
        &mut live,
        "start",
        json!({"name": "a", "ms": 100, "text": "slow"}),
    )
    .await;
    say(
        &mut live,
        "start",
        json!({"name": "a", "ms": 50, "text": "quick"}),
    )
    .await;
    live.pushed("diff").await;
    assert_eq!(said(&live), "quick");
    seconds(1).await;
    live.client.quiet().await;

    say(
        &mut live,
        "start",
        json!({"name": "a", "ms": 10, "text": "one"}),
    )
    .await;
    say(
        &mut live,
        "start",
        json!({"name": "b", "ms": 20, "text": "two"}),
    )
    .await;
    say(&mut live, "stop", json!({"name": "a"})).await;
    live.pushed("diff").await;
    assert_eq!(said(&live), "two");
    live.client.quiet().await;

    say(&mut live, "start_panic", json!({})).await;
    live.pushed("diff").await;
    assert_eq!(said(&live), "something went wrong (true)");
}

#[tokio::test(start_paused = true)]
async fn a_message_that_waits_in_the_mailbox_can_be_cancelled() {
    let stage = desk();
    let mut live = at_work(&stage).await;
    say(&mut live, "regret", json!({"ms": 10})).await;
    seconds(1).await;
    live.client.quiet().await;
    assert_eq!(said(&live), "nothing");
}

#[tokio::test(start_paused = true)]
async fn named_work_whose_message_waits_can_be_cancelled_after_other_work_began() {
    let stage = desk();
    let mut live = at_work(&stage).await;
    say(&mut live, "overtake", json!({"ms": 10})).await;
    assert_eq!(said(&live), "nothing");
    live.pushed("diff").await;
    assert_eq!(said(&live), "b");
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn a_streams_items_are_loaded_beside_the_view() {
    let stage = desk();
    let mut live = at_work(&stage).await;
    say(&mut live, "rows", json!({"ms": 10, "first": 1, "last": 2})).await;
    assert_eq!(shown(&live).2, "");
    live.pushed("diff").await;
    assert_eq!(
        shown(&live).2,
        r#"<li id="row-1">1</li><li id="row-2">2</li>"#
    );
    say(&mut live, "push", json!({"row": 9})).await;
    say(&mut live, "rows", json!({"ms": 10, "first": 2, "last": 2})).await;
    live.pushed("diff").await;
    assert_eq!(shown(&live).2, r#"<li id="row-2">2</li>"#);
}
