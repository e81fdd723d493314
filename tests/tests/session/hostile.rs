//! Peers that mean no good, and applications that are unlucky: whatever they do
//! together, others go on, and nothing is left when they are gone.

use std::time::Duration;

use axum::extract::{Query, Request};
use axum::middleware::{Next, from_fn};
use axum::routing::get;
use bennu::{
    Bennu, ConnectionOwner, Connections, Event, Limits, LiveComponent, LiveView, Never, Rendered,
    Result, Socket, Topic, html, live, live_child, live_component,
};
use bennu_tests::{Browser, Came, Live, Page};
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;

use crate::stage::{Stage, config, pass, routes, seconds, settle};

/// All dens hear it, those that say it included.
const SHOUTS: Topic<usize> = Topic::new("shouts");

/// Places the children of its query, and does to itself what it is told.
struct Den {
    children: Vec<(String, String)>,
    snails: Vec<u64>,
    text: String,
    count: usize,
    broken: bool,
}

#[derive(Event)]
enum Told {
    Grow {
        bytes: usize,
    },
    Wait {
        ms: u64,
    },
    Shout {
        times: usize,
    },
    /// A component whose mount takes so long.
    Snail {
        ms: u64,
    },
    Break,
    Panic,
    Move,
}

impl LiveView for Den {
    type Params = Query<Vec<(String, String)>>;
    type Event = Told;
    type Info = usize;

    async fn mount(Query(query): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&SHOUTS, |count| *count);
        let wait = query.iter().find(|(key, _)| key == "wait");
        if let Some((_, ms)) = wait.filter(|_| socket.connected()) {
            pass(Duration::from_millis(ms.parse()?)).await;
        }
        Ok(Self {
            children: query.clone(),
            snails: Vec::new(),
            text: String::new(),
            count: 0,
            broken: false,
        })
    }

    async fn handle_event(&mut self, told: Told, socket: &mut Socket<Self>) -> Result {
        match told {
            Told::Grow { bytes } => {
                self.count += 1;
                self.text = format!("{}{}", "0".repeat(bytes), self.count);
            }
            Told::Wait { ms } => pass(Duration::from_millis(ms)).await,
            Told::Shout { times } => {
                for count in 0..times {
                    socket.pubsub().broadcast(&SHOUTS, count);
                }
            }
            Told::Snail { ms } => self.snails.push(ms),
            Told::Break => self.broken = true,
            Told::Panic => panic!("as told"),
            Told::Move => socket.push_patch("/den?moved=1")?,
        }
        Ok(())
    }

    async fn handle_info(&mut self, _: usize, _: &mut Socket<Self>) -> Result {
        self.count += 1;
        Ok(())
    }

    fn render(&self) -> Rendered {
        assert!(!self.broken, "rendering as told");
        html! {
            p { (self.text) (self.count) }
            @for (at, ms) in self.snails.iter().enumerate() {
                (live_component::<Snail>(at, *ms))
            }
            @for (id, url) in &self.children {
                @if id.starts_with("child") { (live_child(id, url)) }
            }
        }
    }
}

struct Snail;

impl LiveComponent for Snail {
    type Props = u64;
    type Event = Never;
    type Info = Never;

    async fn mount(ms: &u64, _: &mut Socket<Self>) -> Result<Self> {
        pass(Duration::from_millis(*ms)).await;
        Ok(Self)
    }

    fn render(&self, _: &u64) -> Rendered {
        html! { i { "snail" } }
    }
}

/// Dens and puppets, where all visitors are "ann".
fn dens(limits: Limits) -> Stage {
    let ann = |mut request: Request, next: Next| {
        request.extensions_mut().insert(ConnectionOwner::new("ann"));
        next.run(request)
    };
    let routes = routes()
        .route("/den", get(live::<Den>()))
        .route("/hoard", get(live::<Hoard>()));
    Stage::of(
        Bennu::new(config().limits(limits)),
        routes.layer(from_fn(ann)),
    )
}

fn event(name: &str, value: Value) -> Value {
    json!({"type": "click", "event": name, "value": value})
}

/// A reader whose pipe holds little, with a page that it has not joined.
async fn slow(stage: &Stage, path: &str) -> Live {
    let mut browser = stage.browser();
    let page = browser.open(path).await;
    browser.server = stage.server.with_pipe(1024);
    Live::new(browser.connect(&page).await, page)
}

/// Nothing is left of any connection, and nothing waits.
async fn nothing_is_left(stage: &Stage) {
    seconds(200).await;
    assert_eq!(stage.connections.count(), 0);
    assert_eq!(stage.connections.waiting_bytes(), 0);
    assert!(stage.shutdown.drain(Duration::from_secs(1)).await);
    let metrics = tokio::runtime::Handle::current().metrics();
    assert_eq!(metrics.num_alive_tasks(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_reads_nothing_behind_a_buffer_is_dropped_too() {
    let stage = dens(Limits::default());
    let mut browser = stage.browser();
    let page = browser.open("/den").await;
    browser.server = stage.server.with_pipe(1024).with_buffers();
    let mut live = Live::new(browser.connect(&page).await, page.clone());
    live.join().await;
    live.push("event", event("grow", json!({"bytes": 100_000})))
        .await;
    for _ in 0..4 {
        seconds(10).await;
        let beat = Message::text(r#"[null,"1","phoenix","heartbeat",{}]"#);
        let _ = timeout(Duration::from_secs(1), live.client.try_send(beat)).await;
    }
    assert_eq!(stage.connections.waiting_bytes(), 0);
    assert_eq!(stage.connections.count(), 0);

    let mut live = Live::new(browser.connect(&page).await, page);
    live.join().await;
    live.push("event", event("grow", json!({"bytes": 100_000})))
        .await;
    settle().await;
    let start = Instant::now();
    assert!(stage.shutdown.drain(Duration::from_secs(60)).await);
    assert!(start.elapsed() < Duration::from_secs(6));
}

/// Does something when it is dropped.
struct Loose(Connections);

impl Drop for Loose {
    fn drop(&mut self) {
        assert!(self.0.count() < 3, "dropped as told");
    }
}

struct Hoard;

impl LiveView for Hoard {
    type Params = ();
    type Event = Told;
    type Info = Loose;

    async fn mount((): &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&LOOSE, |connections| Loose(connections.clone()));
        Ok(Self)
    }

    async fn handle_event(&mut self, told: Told, _: &mut Socket<Self>) -> Result {
        if let Told::Wait { ms } = told {
            pass(Duration::from_millis(ms)).await;
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! { "hoard" }
    }
}

const LOOSE: Topic<Connections> = Topic::new("loose");

/// A hoard at work, for which a message waits.
async fn hoarding(stage: &Stage) -> Live {
    let mut live = stage.visit("/hoard").await;
    live.push("event", event("wait", json!({"ms": 1_000})))
        .await;
    settle().await;
    let connections = stage.connections.clone();
    stage.pubsub.broadcast(&LOOSE, connections);
    live
}

#[tokio::test(start_paused = true)]
async fn a_message_that_waits_may_ask_for_the_connections_when_it_is_dropped() {
    let stage = dens(Limits::default());
    let mut live = hoarding(&stage).await;
    assert_eq!(stage.connections.disconnect("ann"), 1);
    assert_eq!(live.client.closed().await, 1001);
    drop(live);
    nothing_is_left(&stage).await;
}

#[tokio::test(start_paused = true)]
async fn a_message_that_panics_when_it_is_dropped_ends_nobody_else() {
    let stage = dens(Limits::default());
    let others = [stage.visit("/den").await, stage.visit("/den").await];
    let mut live = hoarding(&stage).await;
    // What waits is dropped where the same topic is joined again.
    let payload = live.join_payload();
    live.join_ref = live.push_join(payload).await;
    seconds(2).await;
    let frames = live.client.waiting().await;
    let joined = |frame: &bennu_tests::Frame| {
        frame.event == "phx_reply" && frame.join_ref.as_ref() == Some(&live.join_ref)
    };
    assert!(frames.iter().any(joined), "{frames:?}");
    live.client.beat().await;
    // Or where all are disconnected.
    live.push("event", event("wait", json!({"ms": 1_000})))
        .await;
    settle().await;
    let connections = stage.connections.clone();
    stage.pubsub.broadcast(&LOOSE, connections);
    assert_eq!(stage.connections.disconnect("ann"), 3);
    for mut other in others {
        assert_eq!(other.client.closed().await, 1001);
    }
    drop(live);
    nothing_is_left(&stage).await;
}

#[tokio::test(start_paused = true)]
async fn views_that_hang_or_break_while_they_render_keep_none_waiting() {
    let stage = dens(Limits::default());
    let mut browser = stage.browser();
    let mut live = browser.visit("/den").await;
    let mut join = async |live: &mut Live, path: &str, reference: &str| {
        let page = browser.open(path).await;
        let payload = json!({
            "url": Browser::url(path), "session": page.session, "static": page.statics,
        });
        let join = json!([reference, reference, page.topic(), "phx_join", payload]);
        live.client.send(join).await;
        assert!(live.client.next().await.ok()["rendered"].is_object());
        page.topic()
    };
    let hung = join(&mut live, "/den", "100").await;
    let broken = join(&mut live, "/den", "101").await;
    for (topic, of, told) in [
        (&hung, "100", event("snail", json!({"ms": 3_600_000}))),
        (&broken, "101", event("break", json!({}))),
    ] {
        let push = json!([of, format!("{of}0"), topic, "event", told]);
        live.client.send(push).await;
    }
    let crash = live.client.next().await;
    assert_eq!((&*crash.event, &crash.topic), ("phx_error", &broken));
    for _ in 0..10 {
        live.click("grow", json!({"bytes": 300_000})).await;
    }
    // The hung one is left, and is dropped after a while.
    let leave = json!(["100", "1002", hung, "phx_leave", {}]);
    live.client.send(leave).await;
    live.client.quiet().await;
    live.client.beat().await;
    seconds(59).await;
    live.client.beat().await;
    seconds(2).await;
    let left = live.client.next().await;
    assert_eq!(left.message_ref.as_deref(), Some("1002"));
    drop(live);
    nothing_is_left(&stage).await;
}

#[tokio::test(start_paused = true)]
async fn topics_that_are_joined_and_left_in_a_loop_are_bounded() {
    let limits = Limits {
        channels: 3,
        ..Limits::default()
    };
    let stage = dens(limits);
    let mut live = stage.visit("/den").await;
    let page = stage.browser().open("/den").await;
    // The page of another visitor: its tokens count on each connection of ours.
    let mut joined = 0;
    for at in 0..20 {
        let reference = format!("{at}00");
        let payload = json!({
            "url": page.url, "session": page.session, "static": page.statics,
        });
        let topic = page.topic();
        let wait = event("wait", json!({"ms": 3_600_000}));
        for push in [
            json!([reference, reference, topic, "phx_join", payload]),
            json!([reference, format!("{at}01"), topic, "event", wait]),
        ] {
            live.client.send(push).await;
        }
        settle().await;
        let leave = json!([reference, format!("{at}02"), topic, "phx_leave", {}]);
        live.client.send(leave).await;
        let frames = live.client.waiting().await;
        joined += usize::from(frames[0].reply().0 == "ok");
    }
    assert_eq!(joined, 5);
    seconds(59).await;
    live.client.waiting().await;
    live.client.beat().await;
    seconds(2).await;
    live.client.waiting().await;
    live.click("grow", json!({"bytes": 1})).await;
    drop(live);
    nothing_is_left(&stage).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stops_while_all_is_full_stops() {
    let stage = dens(Limits {
        pool_bytes: 1_000_000,
        detached: Duration::from_secs(10),
        ..Limits::default()
    });
    let mut peers = Vec::new();
    for told in [
        event("wait", json!({"ms": 3_600_000})),
        event("snail", json!({"ms": 3_600_000})),
        event("grow", json!({"bytes": 1_000_000})),
        event("shout", json!({"times": 3_000})),
    ] {
        let mut live = slow(&stage, "/den?child=/puppet").await;
        live.join().await;
        for _ in 0..5 {
            live.push("event", event("grow", json!({"bytes": 500_000})))
                .await;
        }
        live.push("event", told).await;
        peers.push(live);
    }
    settle().await;
    let start = Instant::now();
    assert!(stage.shutdown.drain(Duration::from_secs(60)).await);
    assert!(start.elapsed() < Duration::from_secs(16));
    drop(peers);
    nothing_is_left(&stage).await;
}

/// Small numbers, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = (self.0)
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % count
    }
}

/// What a peer or its visitor does next.
fn hostile(dice: &mut Dice, pages: &[Page]) -> Message {
    let page = &pages[dice.below(pages.len())];
    let reference = (1000 + dice.below(3)).to_string();
    let message_ref = dice.0.to_string();
    let topic = page.topic();
    let told = |dice: &mut Dice| {
        let ms = [0, 100, 5_000, 3_600_000][dice.below(4)];
        let bytes = [1, 1_000, 70_000, 300_000][dice.below(4)];
        match dice.below(12) {
            0 => event("wait", json!({"ms": ms})),
            1 => event("snail", json!({"ms": ms})),
            2 => event("shout", json!({"times": ([1, 100, 2_000][dice.below(3)])})),
            3 => event("break", json!({})),
            4 => event("panic", json!({})),
            5 => event("move", json!({})),
            _ => event("grow", json!({"bytes": bytes})),
        }
    };
    let frame = match dice.below(12) {
        0..=2 => json!([reference, message_ref, topic, "phx_join", {
            "url": page.url, "session": page.session, "static": page.statics,
        }]),
        3 => json!([reference, message_ref, topic, "phx_leave", {}]),
        4 => return Message::Ping(Bytes::from_static(&[b'x'; 125])),
        5 => return Message::Pong(Bytes::new()),
        6 => json!([null, message_ref, "t".repeat(255), "e".repeat(255), {}]),
        7 => json!([null, message_ref, "phoenix", "heartbeat", {}]),
        _ => json!([null, message_ref, topic, "event", told(dice)]),
    };
    Message::text(frame.to_string())
}

/// Whether a peer that reads what comes is answered, or was sent away.
async fn is_answered(mut peer: Live) -> bool {
    let beat = Message::text(r#"[null,"last","phoenix","heartbeat",{}]"#);
    let sent = timeout(Duration::from_secs(1), peer.client.try_send(beat)).await;
    let Ok(Ok(())) = sent else {
        return true;
    };
    let answered = async {
        loop {
            match peer.client.came().await {
                Came::Frame(frame) if frame.message_ref.as_deref() == Some("last") => break,
                Came::Frame(_) => {}
                Came::Closed(_) | Came::Lost => break,
            }
        }
    };
    timeout(Duration::from_secs(120), answered).await.is_ok()
}

async fn attack(seed: u64, limits: Limits) {
    let stage = dens(limits);
    let mut dice = Dice(seed);
    let mut browser = stage.browser();
    let mut pages = Vec::new();
    for path in [
        "/den",
        "/den?wait=5000",
        "/den?child=/den",
        "/den?wait=3600000",
        "/puppet?mount=panic&only=connected",
        "/puppet?mount=grow&bytes=300000",
    ] {
        pages.push(browser.open(path).await);
    }
    let mut peers: Vec<Live> = Vec::new();
    for _ in 0..300 {
        if peers.len() < 3 {
            let mut own = browser.clone();
            if dice.below(3) > 0 {
                own.server = stage.server.with_pipe(1024);
            }
            if dice.below(2) > 0 {
                own.server = own.server.with_buffers();
            }
            let client = own.connect(&pages[0]).await;
            peers.push(Live::new(client, pages[0].clone()));
        }
        let at = dice.below(peers.len());
        match dice.below(40) {
            0 => drop(peers.swap_remove(at)),
            1 => {
                stage.connections.disconnect("ann");
                peers.clear();
            }
            2 | 3 => pass(Duration::from_millis([1, 1_000, 20_000][dice.below(3)])).await,
            4 | 5 => drop(peers[at].client.waiting().await),
            6 => {
                let _ = timeout(Duration::from_millis(1), peers[at].client.came()).await;
            }
            7 => settle().await,
            _ => {
                let message = hostile(&mut dice, &pages);
                let sent = peers[at].client.try_send(message);
                if let Ok(Err(_)) = timeout(Duration::from_millis(10), sent).await {
                    peers.swap_remove(at);
                }
            }
        }
    }
    let peer = peers.pop();
    drop(peers);
    if let Some(peer) = peer {
        let is_answered = is_answered(peer).await;
        assert!(is_answered, "seed {seed}: the peer is not answered");
    }
    nothing_is_left(&stage).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_left_of_peers_that_mean_no_good() {
    for seed in 0..4 {
        attack(seed, Limits::default()).await;
        attack(
            seed,
            Limits {
                channels: 3,
                joins: 2,
                messages_per_second: 10_000,
                client_mail: 3,
                info_mail: 10,
                incoming_bytes: 1,
                outgoing_bytes: 1,
                message_bytes: 20_000,
                pool_bytes: [0, 100_000][usize::from(seed % 2 == 0)],
                ..Limits::default()
            },
        )
        .await;
    }
}
