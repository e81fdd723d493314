//! The application that most tests play on: a view that does what it is told,
//! and a few routes around it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::Query;
use axum::routing::get;
use axum::{Extension, Router};
use bennu::event::Payload;
use bennu::{
    Bennu, Config, Connections, DOCTYPE, Error, Event, Limits, LiveSession, LiveView, Never, Page,
    PubSub, Reason, Rendered, Result, Shutdown, Socket, Task, Topic, html, live,
};
use bennu_tests::{Browser, Live, Server};
use http::StatusCode;
use serde_json::{Value, json};
use tokio::time::Instant;

pub(crate) const SECRET: &str = "a secret of the tests, 32 bytes long";

/// All connected puppets obey what is broadcast here.
pub(crate) const COMMANDS: Topic<Command> = Topic::new("commands");

/// What happened in the views, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn add(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    /// What was added since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// An application with its handles.
pub(crate) struct Stage {
    pub(crate) server: Server,
    pub(crate) pubsub: PubSub,
    pub(crate) connections: Connections,
    pub(crate) shutdown: Shutdown,
    pub(crate) log: Log,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::of(bennu(), routes())
    }

    pub(crate) fn with_limits(limits: Limits) -> Self {
        Self::of(Bennu::new(config().limits(limits)), routes())
    }

    pub(crate) fn of(bennu: Bennu, routes: Router) -> Self {
        let (pubsub, log) = (PubSub::new(), Log::default());
        let bennu = bennu.pubsub(pubsub.clone());
        Self {
            connections: bennu.connections(),
            shutdown: bennu.shutdown(),
            server: Server::new(bennu.serve(routes.layer(Extension(log.clone())))),
            pubsub,
            log,
        }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.server)
    }

    /// A new visitor's page, joined.
    pub(crate) async fn visit(&self, path: &str) -> Live {
        self.browser().visit(path).await
    }

    /// A new visitor's page with its WebSocket, not joined.
    pub(crate) async fn open(&self, path: &str) -> Live {
        let mut browser = self.browser();
        let page = browser.open(path).await;
        Live::new(browser.connect(&page).await, page)
    }

    /// Tells all connected puppets.
    pub(crate) fn tell(&self, command: Command) -> usize {
        self.pubsub.broadcast(&COMMANDS, command)
    }
}

pub(crate) fn config() -> Config {
    Config::new(SECRET).unwrap()
}

pub(crate) fn bennu() -> Bennu {
    Bennu::new(config())
}

pub(crate) fn routes() -> Router {
    let elsewhere = Router::new()
        .route("/elsewhere", get(live::<Other>()))
        .layer(LiveSession::new("elsewhere", page));
    Router::new()
        .route("/puppet", get(live::<Puppet>()))
        .route("/alias", get(live::<Puppet>()))
        .route("/other", get(live::<Other>()))
        .route("/dead", get(|| async { "dead" }))
        .merge(elsewhere)
}

fn page(page: &Page<'_>) -> Rendered {
    html! { (DOCTYPE) html { head { (page.head()) } body { (page.content()) } } }
}

/// Lets the tasks of the server do all that they can without a timer.
pub(crate) async fn settle() {
    pass(Duration::from_micros(100)).await;
}

pub(crate) async fn seconds(seconds: u64) {
    pass(Duration::from_secs(seconds)).await;
}

/// Lets virtual time pass.
pub(crate) async fn pass(time: Duration) {
    tokio::time::sleep_until(Instant::now() + time).await;
}

/// What a puppet can be told: as a browser's event, as a broadcast message, or
/// in the URL (`?mount=panic`, `?params=patch&to=/x`).
#[derive(Clone, Debug, Event)]
pub(crate) enum Command {
    Set {
        text: String,
    },
    Grow {
        bytes: usize,
    },
    Nothing,
    Panic,
    Fail,
    Status {
        code: u16,
    },
    /// The next render panics.
    Break,
    /// `terminate` will panic.
    BreakEnd,
    Patch {
        to: String,
    },
    ReplacePatch {
        to: String,
    },
    Navigate {
        to: String,
    },
    ReplaceNavigate {
        to: String,
    },
    Redirect {
        to: String,
    },
    ThrowNavigate {
        to: String,
    },
    ThrowRedirect {
        to: String,
    },
    /// Broadcasts `Set` to the others.
    Tell {
        text: String,
    },
    /// Broadcasts `Set`.
    Shout {
        text: String,
    },
    /// Pushes an event and navigates.
    Farewell {
        to: String,
    },
    /// Patches so many times from `handle_params`.
    Again {
        times: u32,
    },
    Reply {
        with: Value,
    },
    PushEvent {
        name: String,
        detail: Value,
    },
    PushEventBefore {
        name: String,
        detail: Value,
    },
    Title {
        text: String,
    },
    Flash {
        text: String,
    },
    ClearFlash,
    RemoveFlash {
        kind: String,
    },
    /// The handler takes a while.
    Wait {
        ms: u64,
    },
    After {
        ms: u64,
        text: String,
    },
    Every {
        ms: u64,
    },
    /// A timer whose message can't be made.
    EveryPanic,
    Spawn {
        text: String,
    },
    SpawnPanic,
    Cancel,
    Tick,
    Unsubscribe,
}

/// `<p>TEXT</p><i>URI</i>`.
pub(crate) struct Puppet {
    text: String,
    uri: String,
    ticks: u32,
    broken: bool,
    breaks_end: bool,
    task: Option<Task>,
    log: Log,
}

type PuppetParams = (Query<HashMap<String, String>>, Extension<Log>);

impl LiveView for Puppet {
    type Params = PuppetParams;
    type Event = Command;
    type Info = Command;

    async fn mount(params: &PuppetParams, socket: &mut Socket<Self>) -> Result<Self> {
        let (Query(query), Extension(log)) = params;
        log.add(if socket.connected() {
            "mount connected"
        } else {
            "mount dead"
        });
        socket.subscribe(&COMMANDS, Clone::clone);
        let mut puppet = Self {
            text: "a".to_owned(),
            uri: socket.uri().to_owned(),
            ticks: 0,
            broken: false,
            breaks_end: false,
            task: None,
            log: log.clone(),
        };
        puppet.obey_query(query, "mount", socket).await?;
        Ok(puppet)
    }

    async fn handle_params(
        &mut self,
        (Query(query), _): PuppetParams,
        socket: &mut Socket<Self>,
    ) -> Result {
        self.uri = socket.uri().to_owned();
        self.obey_query(&query, "params", socket).await
    }

    async fn handle_event(&mut self, command: Command, socket: &mut Socket<Self>) -> Result {
        self.obey(command, socket).await
    }

    async fn handle_info(&mut self, command: Command, socket: &mut Socket<Self>) -> Result {
        self.obey(command, socket).await
    }

    fn render(&self) -> Rendered {
        assert!(!self.broken, "rendering as told");
        html! { p { (self.text) } i { (self.uri) } }
    }

    async fn terminate(&mut self, reason: Reason) {
        assert!(!self.breaks_end, "terminating as told");
        self.log.add(format!("terminate {reason:?}"));
    }
}

impl Puppet {
    async fn obey_query(
        &mut self,
        query: &HashMap<String, String>,
        moment: &str,
        socket: &mut Socket<Self>,
    ) -> Result {
        // `?only=connected` leaves the dead render alone.
        let only = query.get("only").is_none_or(|_| socket.connected());
        match query.get(moment).filter(|_| only) {
            Some(name) => {
                let command = Command::decode(name, Payload::new(json!(query)))?;
                self.obey(command, socket).await
            }
            None => Ok(()),
        }
    }

    async fn obey(&mut self, command: Command, socket: &mut Socket<Self>) -> Result {
        match command {
            Command::Set { text } => self.text = text,
            Command::Grow { bytes } => {
                // Never the same text twice, so that there is always a diff.
                self.ticks += 1;
                self.text = format!("{}{}", "0".repeat(bytes), self.ticks);
            }
            Command::Nothing => {}
            Command::Tell { text } => {
                socket.broadcast_to_others(&COMMANDS, Command::Set { text });
            }
            Command::Panic => panic!("as told"),
            Command::Break => self.broken = true,
            Command::BreakEnd => self.breaks_end = true,
            Command::Wait { ms } => pass(Duration::from_millis(ms)).await,
            Command::Tick => {
                self.ticks += 1;
                self.text = format!("tick {}", self.ticks);
            }
            Command::Unsubscribe => socket.unsubscribe(&COMMANDS),
            command => return self.ask(command, socket),
        }
        Ok(())
    }

    /// The commands that want something of the socket.
    fn ask(&mut self, command: Command, socket: &mut Socket<Self>) -> Result {
        match command {
            Command::Patch { to } => socket.push_patch(to)?,
            Command::ReplacePatch { to } => socket.replace_patch(to)?,
            Command::Navigate { to } => socket.push_navigate(to)?,
            Command::ReplaceNavigate { to } => socket.replace_navigate(to)?,
            Command::Redirect { to } => socket.redirect(to)?,
            Command::Shout { text } => {
                socket.pubsub().broadcast(&COMMANDS, Command::Set { text });
            }
            Command::Farewell { to } => {
                socket.push_event("bye", 1)?;
                socket.push_navigate(to)?;
            }
            Command::Again { times: 0 } => {}
            Command::Again { times } => {
                socket.push_patch(format!("/puppet?params=again&times={}", times - 1))?;
            }
            Command::Reply { with } => socket.reply(with)?,
            Command::PushEvent { name, detail } => socket.push_event(&name, detail)?,
            Command::PushEventBefore { name, detail } => socket.push_event_before(&name, detail)?,
            Command::Title { text } => socket.set_title(text),
            Command::Flash { text } => socket.put_flash("info", text),
            Command::ClearFlash => socket.clear_flash(),
            Command::RemoveFlash { kind } => socket.remove_flash(&kind),
            Command::After { ms, text } => {
                let delay = Duration::from_millis(ms);
                self.task = Some(socket.send_after(delay, Command::Set { text }));
            }
            Command::Every { ms } => {
                let period = Duration::from_millis(ms);
                self.task = Some(socket.send_every(period, || Command::Tick));
            }
            Command::EveryPanic => {
                let period = Duration::from_millis(10);
                self.task = Some(socket.send_every(period, || panic!("a timer, as told")));
            }
            Command::Spawn { text } => {
                self.task = Some(socket.spawn(async { Command::Set { text } }));
            }
            Command::SpawnPanic => {
                self.task = Some(socket.spawn(async { panic!("a task, as told") }));
            }
            Command::Cancel => self.task.take().expect("a task to cancel").cancel(),
            command => return throw(command),
        }
        Ok(())
    }
}

/// The commands that are errors.
fn throw(command: Command) -> Result {
    Err(match command {
        Command::Status { code } => Error::status(StatusCode::from_u16(code)?),
        Command::ThrowNavigate { to } => Error::navigate(to),
        Command::ThrowRedirect { to } => Error::redirect(to),
        command => Error::message(format!("{command:?} as told")),
    })
}

/// A view of another type.
pub(crate) struct Other;

impl LiveView for Other {
    type Params = ();
    type Event = Never;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Rendered {
        html! { b { "other" } }
    }
}
