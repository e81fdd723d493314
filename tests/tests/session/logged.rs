//! What the server logs, and what it keeps out of there.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use bennu::{Event, LiveView, Rendered, Result, Socket, Topic, html, live};
use bennu_tests::Browser;
use serde_json::json;
use tracing::Level;
use tracing::subscriber::DefaultGuard;

use crate::stage::{Stage, bennu};

/// Keeps what is logged in this thread, for as long as the guard lives.
#[derive(Clone)]
pub(crate) struct Logged {
    level: Level,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Logged {
    /// What is logged at exactly this level.
    pub(crate) fn at(level: Level) -> (Self, DefaultGuard) {
        let logged = Self {
            level,
            lines: Arc::default(),
        };
        let guard = tracing::subscriber::set_default(logged.clone());
        (logged, guard)
    }

    /// The lines since the last call, each with its message and fields.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.lines.lock().unwrap())
    }
}

impl tracing::Subscriber for Logged {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() == self.level && metadata.target().starts_with("bennu")
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = Vec::new();
        event.record(
            &mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| match field.name() {
                "message" => line.insert(0, format!("{value:?}")),
                name => line.push(format!("{name}={value:?}")),
            },
        );
        self.lines.lock().unwrap().push(line.join(" "));
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test(start_paused = true)]
async fn mounts_patches_and_events_are_logged_by_name_and_without_values() {
    let stage = Stage::new();
    let (logged, _guard) = Logged::at(Level::DEBUG);
    let mut live = stage.visit("/puppet?token=secret").await;
    live.click("set", json!({"text": "secret"})).await;
    let url = Browser::url("/puppet?token=secret#secret");
    assert!(
        live.ask("live_patch", json!({"url": url}))
            .await
            .ok()
            .is_object()
    );
    let view = "view=\"session::stage::Puppet\"";
    let lines = [
        format!("a view is mounted {view} path=\"/puppet\" connected=false"),
        format!("a view is mounted {view} path=\"/puppet\" connected=true"),
        format!("an event comes {view} event=\"set\""),
        format!("the URL changes {view} path=\"/puppet\""),
    ];
    assert_eq!(logged.take(), lines);
}

/// Takes no events, and replies to nobody.
struct Deaf;

#[derive(Event)]
enum Msg {
    Ask,
}

const BELL: Topic<()> = Topic::new("bell");

impl LiveView for Deaf {
    type Params = ();
    type Event = Msg;
    type Info = ();

    async fn mount((): &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&BELL, |()| ());
        Ok(Self)
    }

    async fn handle_info(&mut self, (): (), socket: &mut Socket<Self>) -> Result {
        socket.reply("nobody asked")
    }

    fn render(&self) -> Rendered {
        html! { button phx-click=(Msg::Ask) { "Ask" } }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_done_in_vain_is_logged_once() {
    let stage = Stage::of(bennu(), Router::new().route("/", get(live::<Deaf>())));
    let (logged, _guard) = Logged::at(Level::ERROR);
    let mut live = stage.visit("/").await;
    for _ in 0..2 {
        assert_eq!(live.click("ask", json!({})).await, json!({}));
        stage.pubsub.broadcast(&BELL, ());
        crate::stage::settle().await;
    }
    let lines = logged.take();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].starts_with("an event came to session::logged::Deaf, which has no `handle_event`")
    );
    assert!(
        lines[1].starts_with("a callback of session::logged::Deaf called `reply` where no event")
    );
}

/// With what browsers pass over in silence.
struct Careless;

impl LiveView for Careless {
    type Params = ();
    type Event = Msg;
    type Info = ();

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Rendered {
        html! { input name="q" phx-change=(Msg::Ask); }
    }
}

#[cfg(debug_assertions)]
#[tokio::test(start_paused = true)]
async fn what_a_browser_would_pass_over_stands_on_the_page_and_in_the_log() {
    let stage = Stage::of(bennu(), Router::new().route("/", get(live::<Careless>())));
    let (logged, _guard) = Logged::at(Level::ERROR);
    let fault = "has `phx-change` and stands in no form, so no change is ever sent";
    for told in [1, 0] {
        let live = stage.visit("/").await;
        let (_, after) = live.page.body.split_once("data-bennu-faults").unwrap();
        assert!(after.contains(fault), "{after}");
        // The view itself is as it was written.
        assert_eq!(live.page.content(), live.html());
        assert_eq!(logged.take().len(), told);
    }
}
