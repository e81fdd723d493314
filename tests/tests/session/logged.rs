//! What the server logs, and what it keeps out of there.

use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use bennu::{Event, LiveView, Posted, Rendered, Result, Socket, Topic, html, live};
use bennu_tests::{Browser, Client, Live};
use http::{HeaderValue, Method, header};
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing::{Dispatch, Level};

use crate::stage::{Stage, bennu, routes, settle};

/// Keeps what is logged in this thread, for as long as the guard lives.
#[derive(Clone)]
pub(crate) struct Logged {
    /// Only this one.
    level: Option<Level>,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Logged {
    /// What is logged at exactly this level.
    pub(crate) fn at(level: Level) -> (Self, DefaultGuard) {
        Self::of(Some(level))
    }

    /// All that is logged.
    fn all() -> (Self, DefaultGuard) {
        Self::of(None)
    }

    fn of(level: Option<Level>) -> (Self, DefaultGuard) {
        // While there is one subscriber alone, `tracing` asks the thread that comes
        // to a line first, maybe another test's, whether anybody wants it, and
        // keeps the answer.
        static OTHERS: LazyLock<[Dispatch; 2]> =
            LazyLock::new(|| [(); 2].map(|()| Dispatch::new(NoSubscriber::default())));
        LazyLock::force(&OTHERS);
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
        self.level.is_none_or(|level| level == *metadata.level())
            && metadata.target().starts_with("bennu")
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

/// What must never be logged.
const SECRET: &str = "my-secret-password";

/// A terminal that shows it does what it says.
const ESCAPES: &str = "\x1B[2J\u{202E}\r\nERROR all is lost\0";

/// More than anybody reads.
fn long() -> String {
    "x".repeat(1_000_000)
}

/// A page with this path and query, joined or not, and its connection.
async fn hostile(stage: &Stage, path: &str) -> Live {
    let mut browser = stage.browser();
    let page = browser.open("/puppet").await;
    let mut live = Live::new(browser.connect(&page).await, page);
    let mut payload = live.join_payload();
    payload["url"] = json!(Browser::url(path));
    live.push_join(payload).await;
    live.client.waiting().await;
    live
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "nothing of it is read")]
struct Payment {
    amount: u32,
}

/// Events, patches and topics with the names and values that a peer may choose.
async fn send_events(stage: &Stage) {
    let names = [
        "wait",
        ESCAPES,
        &long(),
        &"x".repeat(255),
        "lv:xxx\n",
        SECRET_FREE,
    ];
    let values = [
        json!({"ms": SECRET}),
        json!({"ms": {SECRET: SECRET}}),
        json!({"ms": [SECRET]}),
        json!({"ms": format!("{ESCAPES}{SECRET}")}),
        json!(SECRET),
        json!([SECRET]),
    ];
    let mut live = stage.visit("/puppet").await;
    for name in names {
        for value in &values {
            for kind in ["click", "hook", "form", ESCAPES] {
                let event = json!({"type": kind, "event": name, "value": value});
                live.push("event", event).await;
                live.client.waiting().await;
            }
        }
    }
    for (event, payload) in [
        ("event", json!({"event": {"x": SECRET}})),
        ("event", json!({"event": "wait", "cid": SECRET})),
        (
            "event",
            json!({"event": "wait", "cid": format!("a, expected {SECRET}")}),
        ),
        ("event", json!(SECRET)),
        ("live_patch", json!({"url": {"x": SECRET}})),
        ("live_patch", json!({"url": format!("javascript:{SECRET}")})),
        (
            "live_patch",
            json!({"url": Browser::url(&format!("/dead?{SECRET}"))}),
        ),
        (
            "live_patch",
            json!({"url": Browser::url(&format!("/puppet?{SECRET}#{SECRET}"))}),
        ),
        ("cids_destroyed", json!({"cids": [SECRET]})),
        ("cids_will_destroy", json!(SECRET)),
        (ESCAPES, json!({"x": SECRET})),
    ] {
        live.push(event, payload).await;
        live.client.waiting().await;
    }
    // Topics that nobody joined, and joins that are none.
    for topic in [ESCAPES, &"x".repeat(255), "lv:\n"] {
        for event in ["phx_join", "event", ESCAPES] {
            let payload = json!({"session": {"x": SECRET}});
            live.client
                .push(Some("7"), Some("7"), topic, event, payload)
                .await;
            live.client.waiting().await;
        }
    }
}

/// Messages that end the view, or the connection.
async fn break_connections(stage: &Stage) {
    for value in [
        json!({"to": format!("//evil.example{ESCAPES}")}),
        json!({"to": format!("//evil.example{}", long())}),
    ] {
        let mut live = stage.visit("/puppet").await;
        live.push(
            "event",
            json!({"type": "click", "event": "navigate", "value": value}),
        )
        .await;
        live.client.waiting().await;
    }
    let frames = [
        json!(SECRET),
        json!([SECRET, 4]),
        json!([{"x": SECRET}, "1", "lv:x", "event", {}]),
        json!(["1", "1", long(), "event", {}]),
        json!(["1", "1", "lv:x", ESCAPES]),
    ];
    for frame in frames
        .map(|frame| frame.to_string())
        .iter()
        .chain([&SECRET.to_owned()])
    {
        let mut live = stage.visit("/puppet").await;
        live.client.send_text(frame).await;
        settle().await;
    }
    let mut live = stage.visit("/puppet").await;
    live.client.send_binary(SECRET.as_bytes()).await;
    settle().await;
}

/// URLs that are joined and loaded, headers and posted forms.
async fn ask_for_pages(stage: &Stage) {
    let path = "x".repeat(3000);
    for path in [
        format!("/puppet?mount=fail&token={SECRET}"),
        format!("/puppet?params=status&code=999&token={SECRET}#{SECRET}"),
        format!("/puppet?mount=throw_navigate&to=//{SECRET_FREE}%0A%1B[2J"),
        format!("/puppet/{path}?{SECRET}"),
        format!("/dead?{SECRET}"),
    ] {
        hostile(stage, &path).await;
        stage.browser().get(&path).await;
    }
    let mut browser = stage.browser();
    let mut request = Client::request(&browser, "vsn=2.0.0");
    let origin = HeaderValue::from_bytes(&[b"https://x\xFF\t".as_slice(), &[b'x'; 3000]].concat());
    request
        .headers_mut()
        .insert(header::ORIGIN, origin.unwrap());
    assert_eq!(browser.send(request).await.status, 403);
    let csrf_token = browser.open("/puppet").await.csrf_token;
    let mut request = browser.request(Method::POST, "/pay");
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers_mut().insert(header::CONTENT_TYPE, form);
    let origin = HeaderValue::from_static("http://bennu.test");
    request.headers_mut().insert(header::ORIGIN, origin);
    *request.body_mut() = Body::from(format!("_csrf_token={csrf_token}&amount={SECRET}"));
    assert_eq!(browser.send(request).await.status, 422);
}

/// A word of a peer that may be logged.
const SECRET_FREE: &str = "evil.example";

#[tokio::test(start_paused = true)]
async fn nothing_of_a_peer_is_logged_raw_or_whole() {
    let pay = |_: Posted<Payment>| async {};
    let routes = routes().merge(Router::new().route("/pay", post(pay)));
    let stage = Stage::of(bennu(), routes);
    let (logged, _guard) = Logged::all();
    send_events(&stage).await;
    break_connections(&stage).await;
    ask_for_pages(&stage).await;
    settle().await;
    let lines = logged.take();
    let holds = |words: &str| lines.iter().any(|line| line.contains(words));
    for line in &lines {
        let start: String = line.chars().take(300).collect();
        assert!(!line.contains(SECRET), "{start}");
        assert!(!line.contains(char::is_control), "{start:?}");
        assert!(!line.contains('\u{202E}'), "{start:?}");
        assert!(!line.contains(&"x".repeat(200)), "{start}");
        assert!(line.len() < 1200, "{start}");
    }
    // What is wrong is said all the same.
    for words in [
        "event \"wait\" was not understood: ms: must be a whole number, but a text came",
        "event \"wait\" was not understood: ms: must be a single value, but a list came",
        r#"event "\u{1b}[2J\u{202e}\r\nERROR all is lost\0" was not understood: the view knows set, "#,
        "malformed event: expected a string at line 1 column 9",
        "malformed event: expected u32 at line 1",
        "malformed live_patch: expected a string",
        "a view failed to mount",
        "a view failed view=",
        "the peer sent a join that is none",
        "the peer sent a frame that is none error=not [join_ref, ref, topic, event, payload]",
        "a page of another origin may not connect",
        "a posted form was refused error=the form can't be read: amount: must be a whole number, \
         but a text came",
    ] {
        assert!(holds(words), "{words:?} is not in {lines:#?}");
    }
}

#[test]
fn an_address_that_could_run_something_is_warned_of_once_and_without_its_text() {
    let _ = bennu();
    let (logged, _guard) = Logged::at(Level::WARN);
    for secret in ["javascript:secret()", "JavaScript:secret(2)"] {
        let page = html! { a href=(secret) {} };
        assert_eq!(page.to_html(), "<a href=\"about:invalid#bennu\"></a>");
    }
    let lines = logged.take();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("the attribute `href` of `a` at "));
    assert!(lines[0].contains("logged.rs:") && !lines[0].contains("secret"));
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
async fn what_is_done_in_vain_is_logged_once_and_told_to_the_page() {
    let stage = Stage::of(bennu(), Router::new().route("/", get(live::<Deaf>())));
    let (logged, _guard) = Logged::at(Level::ERROR);
    let mut live = stage.visit("/").await;
    for _ in 0..2 {
        let answer = live.click("ask", json!({})).await;
        stage.pubsub.broadcast(&BELL, ());
        if cfg!(debug_assertions) {
            check_shown(&answer["diff"], "an event came to session::logged::Deaf");
            let pushed = live.pushed("diff").await;
            check_shown(&pushed, "a callback of session::logged::Deaf");
        } else {
            assert_eq!(answer, json!({}));
            settle().await;
            live.client.quiet().await;
        }
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

/// The page is told of this fault, and of nothing else.
#[track_caller]
fn check_shown(diff: &Value, start: &str) {
    let events = diff["e"].as_array().expect("an event comes along");
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0][0], "bennu-fault");
    let fault = events[0][1]["fault"].as_str().expect("a text");
    assert!(fault.starts_with(start), "{fault}");
    assert_eq!(
        diff.as_object().map(serde_json::Map::len),
        Some(1),
        "{diff}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_event_that_no_view_understands_is_told_to_the_page() {
    let stage = Stage::of(bennu(), Router::new().route("/", get(live::<Deaf>())));
    let mut live = stage.visit("/").await;
    let answer = live.click("whisper", json!({})).await;
    match cfg!(debug_assertions) {
        true => check_shown(&answer["diff"], "event \"whisper\" was not understood: "),
        false => assert_eq!(answer, json!({})),
    }
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
