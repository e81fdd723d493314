//! Lifecycle hooks: who is asked about what, in which order, and who stops it.

use std::any::Any;

use axum::Router;
use axum::extract::Extension;
use axum::routing::get;
use bennu::hook::{Flow, Hook, HookEvent, HookSocket};
use bennu::{
    Error, Event, LiveComponent, LiveSession, LiveView, Never, Page, Rendered, Result, Socket,
    Topic, html, live, live_component,
};
use bennu_tests::Browser;
use http::StatusCode;
use http::request::Parts;
use serde_json::json;

use crate::stage::{Log, Stage, bennu};

const SHOUTS: Topic<String> = Topic::new("shouts");

/// Writes down what it is asked, and how often it was.
#[derive(Clone)]
struct Scribe {
    name: &'static str,
    log: Log,
    asked: u32,
}

impl Scribe {
    fn new(name: &'static str, log: &Log) -> Self {
        let log = log.clone();
        Self {
            name,
            log,
            asked: 0,
        }
    }

    fn note(&mut self, what: impl std::fmt::Display) {
        self.asked += 1;
        self.log
            .add(format!("{} {}: {what}", self.name, self.asked));
    }
}

impl Hook for Scribe {
    async fn mount(&mut self, request: &mut Parts, socket: &mut HookSocket<'_>) -> Result {
        assert_eq!(socket.uri(), request.uri.to_string());
        assert!(socket.view().ends_with("::Room"), "{}", socket.view());
        self.note(if socket.connected() {
            "mount connected"
        } else {
            "mount dead"
        });
        Ok(())
    }

    fn params(&mut self, socket: &mut HookSocket<'_>) -> Result<Flow> {
        self.note(format_args!("params {}", socket.uri()));
        Ok(Flow::Continue)
    }

    fn event(&mut self, event: &HookEvent<'_>, _: &mut HookSocket<'_>) -> Result<Flow> {
        self.note(format_args!("event {} {}", event.name(), event.payload()));
        Ok(Flow::Continue)
    }

    fn message(&mut self, message: &(dyn Any + Send), _: &mut HookSocket<'_>) -> Result<Flow> {
        let message = message.downcast_ref::<String>().map_or("?", String::as_str);
        self.note(format_args!("message {message}"));
        Ok(Flow::Continue)
    }

    fn rendered(&mut self, _: &HookSocket<'_>) {
        self.note("rendered");
    }
}

/// What `Guard` finds out about the visitor.
#[derive(Clone)]
struct Visitor(String);

/// Lets in who has a name, takes some things upon itself, and stops others.
#[derive(Clone)]
struct Guard;

impl Hook for Guard {
    async fn mount(&mut self, request: &mut Parts, socket: &mut HookSocket<'_>) -> Result {
        let Some(name) = request.headers.get("x-name") else {
            socket.put_flash("error", "Who are you?");
            return Err(Error::redirect("/login"));
        };
        tokio::task::yield_now().await;
        let visitor = Visitor(name.to_str()?.to_owned());
        request.extensions.insert(visitor);
        Ok(())
    }

    fn params(&mut self, socket: &mut HookSocket<'_>) -> Result<Flow> {
        Ok(if socket.uri().contains("halt") {
            Flow::Halt
        } else {
            Flow::Continue
        })
    }

    fn event(&mut self, event: &HookEvent<'_>, socket: &mut HookSocket<'_>) -> Result<Flow> {
        match event.name() {
            "swallow" => Ok(Flow::Halt),
            "unknown" => {
                socket.put_flash("info", "handled by the guard");
                socket.push_event("guarded", json!({"event": event.name()}))?;
                Ok(Flow::Halt)
            }
            "leave" => {
                socket.put_flash("error", "Bye");
                Err(Error::redirect("/login"))
            }
            _ => Ok(Flow::Continue),
        }
    }

    fn message(&mut self, message: &(dyn Any + Send), _: &mut HookSocket<'_>) -> Result<Flow> {
        match message.downcast_ref::<String>().map(String::as_str) {
            Some("swallow") => Ok(Flow::Halt),
            Some("fail") => Err(Error::message("as told")),
            _ => Ok(Flow::Continue),
        }
    }
}

#[derive(Event)]
enum Msg {
    Say {
        text: String,
    },
    /// Says it by way of a task.
    Think {
        text: String,
    },
    Swallow,
    Leave,
}

struct Room {
    visitor: String,
    uri: String,
    said: String,
}

impl LiveView for Room {
    type Params = (Option<Extension<Visitor>>, Extension<Log>);
    type Event = Msg;
    type Info = String;

    async fn mount(params: &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        let (visitor, Extension(log)) = params;
        log.add("view: mount");
        socket.subscribe(&SHOUTS, Clone::clone);
        socket.attach(Scribe::new("own", log));
        Ok(Self {
            visitor: visitor
                .as_ref()
                .map_or_else(String::new, |visitor| visitor.0.0.clone()),
            uri: String::new(),
            said: String::new(),
        })
    }

    async fn handle_params(
        &mut self,
        (_, Extension(log)): Self::Params,
        socket: &mut Socket<Self>,
    ) -> Result {
        log.add("view: params");
        self.uri = socket.uri().to_owned();
        Ok(())
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Say { text } => self.said = text,
            Msg::Think { text } => {
                socket.start("thought", async { text }, Result::unwrap_or_default);
            }
            Msg::Swallow | Msg::Leave => {}
        }
        Ok(())
    }

    async fn handle_info(&mut self, text: String, _: &mut Socket<Self>) -> Result {
        self.said = text;
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! { p { (self.visitor) } i { (self.uri) } b { (self.said) } }
    }
}

fn page(page: &Page<'_>) -> Rendered {
    html! { (bennu::DOCTYPE) html { head { (page.head()) } body { (page.content()) } } }
}

/// `/room` with a scribe at each place, `/guarded` with a guard.
fn stage() -> Stage {
    let log = Log::default();
    let session = LiveSession::new("rooms", page).hook(Scribe::new("session", &log));
    let route = live::<Room>().hook(Scribe::new("route", &log));
    let routes = Router::new()
        .route("/room", get(route))
        .layer(session)
        .route("/guarded", get(live::<Room>().hook(Guard)))
        .layer(Extension(log.clone()));
    Stage {
        log: log.clone(),
        ..Stage::of(bennu().hook(Scribe::new("app", &log)), routes)
    }
}

#[tokio::test(start_paused = true)]
async fn hooks_are_asked_from_the_outside_in_before_the_view() {
    let stage = stage();
    let mut browser = stage.browser();
    let page = browser.open("/room").await;
    let asked = [
        "app 1: mount dead",
        "session 1: mount dead",
        "route 1: mount dead",
        "view: mount",
        "app 2: params /room",
        "session 2: params /room",
        "route 2: params /room",
        "own 1: params /room",
        "view: params",
    ];
    assert_eq!(stage.log.take(), asked);

    let mut live = bennu_tests::Live::new(browser.connect(&page).await, page);
    live.join().await;
    let mut connected: Vec<_> = asked.map(|line| line.replace("dead", "connected")).to_vec();
    let rendered = ["app 3", "session 3", "route 3", "own 2"];
    connected.extend(rendered.map(|hook| format!("{hook}: rendered")));
    assert_eq!(stage.log.take(), connected);

    let response = live.click("say", json!({"text": "hello"})).await;
    assert_eq!(response, json!({"diff": {"2": "hello"}}));
    let log = stage.log.take();
    assert_eq!(log[0], r#"app 4: event say {"text":"hello"}"#);
    assert_eq!(log[3], r#"own 3: event say {"text":"hello"}"#);
    assert_eq!(log[7], "own 4: rendered");
    assert_eq!(log.len(), 8, "{log:?}");

    live.patch("/room?x=1").await;
    let log = stage.log.take();
    // For what the parameters are extracted from; the view's own hooks come then.
    assert_eq!(
        log[..8],
        [
            "app 1: mount connected",
            "session 1: mount connected",
            "route 1: mount connected",
            "app 6: params /room?x=1",
            "session 6: params /room?x=1",
            "route 6: params /room?x=1",
            "own 5: params /room?x=1",
            "view: params",
        ]
    );

    stage.pubsub.broadcast(&SHOUTS, "hey".to_owned());
    live.pushed("diff").await;
    assert_eq!(stage.log.take()[1], "session 8: message hey");
}

#[tokio::test(start_paused = true)]
async fn each_view_has_hooks_of_its_own() {
    let stage = stage();
    let mut first = stage.visit("/room").await;
    let mut second = stage.visit("/room").await;
    stage.log.take();
    first.click("swallow", json!({})).await;
    first.click("swallow", json!({})).await;
    assert_eq!(stage.log.take()[8], "app 6: event swallow {}");
    second.click("swallow", json!({})).await;
    assert_eq!(stage.log.take()[0], "app 4: event swallow {}");
}

#[tokio::test(start_paused = true)]
async fn a_mount_hook_gives_the_view_what_it_found() {
    let stage = stage();
    let mut live = stage
        .browser()
        .with_header("x-name", "Ada")
        .visit("/guarded")
        .await;
    assert!(live.page.content().starts_with("<p>Ada</p>"));
    assert!(live.html().starts_with("<p>Ada</p>"), "{}", live.html());
    live.click("say", json!({"text": "hello"})).await;
    assert!(live.html().ends_with("<b>hello</b>"));
}

/// A view that is none without a visitor.
struct Seat {
    visitor: String,
    patches: u32,
}

impl LiveView for Seat {
    type Params = Extension<Visitor>;
    type Event = Never;
    type Info = Never;

    async fn mount(Extension(visitor): &Self::Params, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            visitor: visitor.0.clone(),
            patches: 0,
        })
    }

    async fn handle_params(
        &mut self,
        Extension(visitor): Self::Params,
        _: &mut Socket<Self>,
    ) -> Result {
        self.visitor = visitor.0;
        self.patches += 1;
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! { p { (self.visitor) " " (self.patches) } }
    }
}

#[tokio::test(start_paused = true)]
async fn a_patch_finds_what_a_mount_hook_found() {
    let routes = Router::new().route("/seat", get(live::<Seat>().hook(Guard)));
    let stage = Stage::of(bennu(), routes);
    let mut browser = stage.browser().with_header("x-name", "Ada");
    let mut live = browser.visit("/seat").await;
    assert_eq!(live.html(), "<p>Ada 1</p>");
    live.patch("/seat?row=2").await;
    assert_eq!(live.html(), "<p>Ada 2</p>");
}

/// Lets nobody see row 3.
#[derive(Clone)]
struct Usher;

impl Hook for Usher {
    async fn mount(&mut self, request: &mut Parts, _: &mut HookSocket<'_>) -> Result {
        match request.uri.query() {
            Some("row=3") => Err(Error::redirect("/login")),
            _ => Ok(()),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_mount_hook_turns_a_patch_away() {
    let routes = Router::new().route("/seat", get(live::<Seat>().hook(Guard).hook(Usher)));
    let stage = Stage::of(bennu(), routes);
    let mut browser = stage.browser().with_header("x-name", "Ada");
    let mut live = browser.visit("/seat").await;
    let response = live.patch("/seat?row=3").await;
    assert_eq!(response, json!({"link_redirect": true}));
    assert_eq!(live.html(), "<p>Ada 1</p>");
    let mut payload = live.join_payload();
    payload["url"] = json!(null);
    payload["redirect"] = json!(Browser::url("/seat?row=3"));
    let message_ref = live.push("phx_leave", json!({})).await;
    live.expect_close().await;
    live.answer(&message_ref).await;
    let reply = live.try_join(payload).await;
    assert_eq!(reply.refused()["redirect"]["to"], "/login");
}

#[tokio::test(start_paused = true)]
async fn a_mount_hook_can_send_the_visitor_elsewhere() {
    let stage = stage();
    let mut browser = stage.browser();
    let answer = browser.get("/guarded").await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert_eq!(answer.header(http::header::LOCATION), "/login");
    assert!(browser.cookies.contains_key("__phoenix_flash__"));
    assert!(!stage.log.take().contains(&"view: mount".to_owned()));

    // Who lost the name meanwhile does not join.
    let mut named = stage.browser().with_header("x-name", "Ada");
    let page = named.open("/guarded").await;
    stage.log.take();
    named.headers.clear();
    let mut live = bennu_tests::Live::new(named.connect(&page).await, page);
    let payload = live.join_payload();
    let reply = live.try_join(payload).await;
    let (status, response) = reply.reply();
    assert_eq!(status, "error");
    assert_eq!(response["redirect"]["to"], "/login");
    assert!(response["redirect"]["flash"].is_string());
    assert_eq!(stage.log.take(), ["app 1: mount connected"]);
}

#[tokio::test(start_paused = true)]
async fn a_hook_swallows_handles_and_ends() {
    let stage = stage();
    let mut live = stage
        .browser()
        .with_header("x-name", "Ada")
        .visit("/guarded")
        .await;
    live.click("say", json!({"text": "hello"})).await;
    stage.log.take();

    assert_eq!(live.click("swallow", json!({})).await, json!({}));
    // The view's own hook comes after the one that halted.
    let log = stage.log.take();
    assert_eq!(
        log,
        [
            "app 6: event swallow {}",
            "app 7: rendered",
            "own 5: rendered"
        ]
    );

    let response = live.click("unknown", json!({})).await;
    assert_eq!(
        response,
        json!({"diff": {"e": [["guarded", {"event": "unknown"}]]}})
    );

    live.patch("/guarded?halt").await;
    assert!(live.html().contains("<i>/guarded</i>"), "{}", live.html());

    stage.pubsub.broadcast(&SHOUTS, "swallow".to_owned());
    live.client.quiet().await;

    let response = live.click("leave", json!({})).await;
    assert_eq!(response["redirect"]["to"], "/login");
    assert!(response["redirect"]["flash"].is_string());
}

#[tokio::test(start_paused = true)]
async fn results_of_work_are_messages_that_hooks_are_asked_about() {
    let stage = stage();
    let mut live = (stage.browser().with_header("x-name", "Ada"))
        .visit("/guarded")
        .await;
    live.click("think", json!({"text": "done"})).await;
    live.pushed("diff").await;
    assert!(live.html().ends_with("<b>done</b>"), "{}", live.html());
    live.click("think", json!({"text": "swallow"})).await;
    live.client.quiet().await;
}

#[derive(Clone)]
struct Broken;

impl Hook for Broken {
    async fn mount(&mut self, _: &mut Parts, _: &mut HookSocket<'_>) -> Result {
        panic!("as told")
    }
}

#[tokio::test(start_paused = true)]
async fn a_mount_hook_that_panics_is_answered_as_a_view_that_does() {
    let stage = Stage::of(bennu().hook(Broken), crate::stage::routes());
    let answer = stage.browser().get("/other").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_fails_ends_its_view() {
    let stage = stage();
    let mut live = stage
        .browser()
        .with_header("x-name", "Ada")
        .visit("/guarded")
        .await;
    stage.pubsub.broadcast(&SHOUTS, "fail".to_owned());
    live.expect_crash().await;
    live.join().await;
    assert!(live.html().starts_with("<p>Ada</p>"));
}

/// A component in a view that knows no events.
struct Bell(u32);

#[derive(Event)]
enum Ring {
    Ring,
}

impl LiveComponent for Bell {
    type Props = ();
    type Event = Ring;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self(0))
    }

    async fn handle_event(&mut self, _: Ring, (): &(), _: &mut Socket<Self>) -> Result {
        self.0 += 1;
        Ok(())
    }

    fn render(&self, (): &()) -> Rendered {
        html! { b { (self.0) } }
    }
}

struct Porch;

impl LiveView for Porch {
    type Params = ();
    type Event = Never;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Rendered {
        html! { (live_component::<Bell>("bell", ())) }
    }
}

/// Lets a bell ring twice.
#[derive(Clone)]
struct Quiet(u32);

impl Hook for Quiet {
    fn event(&mut self, event: &HookEvent<'_>, _: &mut HookSocket<'_>) -> Result<Flow> {
        assert!(
            event
                .component()
                .is_some_and(|name| name.ends_with("::Bell"))
        );
        self.0 += 1;
        Ok(if self.0 > 2 {
            Flow::Halt
        } else {
            Flow::Continue
        })
    }
}

#[tokio::test(start_paused = true)]
async fn events_of_components_are_asked_about_too() {
    let routes = Router::new().route("/", get(live::<Porch>().hook(Quiet(0))));
    let mut live = Stage::of(bennu(), routes).visit("/").await;
    for _ in 0..3 {
        let ring = json!({"type": "click", "event": "ring", "value": {}, "cid": 1});
        live.ask("event", ring).await;
    }
    assert_eq!(live.html(), "<b>2</b>");
    // Nobody is asked about what is gone: it was no event of the view.
    let ring = json!({"type": "click", "event": "ring", "value": {}, "cid": 99});
    assert_eq!(*live.ask("event", ring).await.ok(), json!({}));
}
