//! The two ends of a view: its connection is cut, or its visitor is disconnected
//! by the application. What it does then, and for how long.

use std::time::Duration;

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use bennu::{Bennu, ConnectionOwner, Connections, Limits};
use bennu_tests::{Came, Live};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::stage::{Command, Stage, config, routes, seconds, settle};

fn event(name: &str, value: Value) -> Value {
    json!({"type": "click", "event": name, "value": value})
}

/// A view that waits for `seconds` in a handler, and behind that an event that
/// another view shows when it is handled.
async fn busy(stage: &Stage, seconds: u64) -> (Live, Live) {
    let other = stage.visit("/puppet").await;
    let mut live = stage.visit("/puppet").await;
    let wait = event("wait", json!({"ms": seconds * 1000}));
    live.push("event", wait).await;
    let tell = event("tell", json!({"text": "handled"}));
    live.push("event", tell).await;
    settle().await;
    stage.log.take();
    (live, other)
}

/// What the other view has been told.
async fn told(other: &mut Live) -> Vec<Value> {
    let frames = other.client.waiting().await;
    frames.into_iter().map(|frame| frame.payload).collect()
}

/// Everybody is "ann".
fn anns(limits: Limits) -> (Stage, Connections) {
    let authenticate = |mut request: Request, next: Next| {
        request.extensions_mut().insert(ConnectionOwner::new("ann"));
        next.run(request)
    };
    let bennu = Bennu::new(config().limits(limits));
    let connections = bennu.connections();
    let stage = Stage::of(bennu, routes().layer(from_fn(authenticate)));
    (stage, connections)
}

#[tokio::test(start_paused = true)]
async fn what_was_accepted_before_a_cut_is_handled_after_it() {
    let stage = Stage::new();
    let (live, mut other) = busy(&stage, 50).await;
    drop(live);
    seconds(49).await;
    assert_eq!(stage.log.take(), [""; 0]);
    seconds(2).await;
    assert_eq!(stage.log.take(), ["terminate Disconnected"]);
    assert_eq!(told(&mut other).await, [json!({"0": "handled"})]);
}

#[tokio::test(start_paused = true)]
async fn a_cut_view_is_dropped_where_it_waits_after_the_limit() {
    let stage = Stage::new();
    let (live, mut other) = busy(&stage, 5000).await;
    drop(live);
    settle().await;
    let start = Instant::now();
    assert!(stage.shutdown.drain(Duration::from_secs(100)).await);
    let taken = start.elapsed().as_secs_f64();
    assert!((59.9..60.1).contains(&taken), "{taken}");
    // The other one was told of the shutdown.
    assert_eq!(stage.log.take(), ["terminate Shutdown"]);
    assert!(!told(&mut other).await.contains(&json!({"0": "handled"})));
}

#[tokio::test(start_paused = true)]
async fn a_view_that_was_left_may_not_wait_longer_either() {
    let limits = Limits {
        detached: Duration::from_secs(3),
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let (mut live, mut other) = busy(&stage, 5000).await;
    live.push("phx_leave", json!({})).await;
    seconds(4).await;
    let came: Vec<_> = live
        .client
        .waiting()
        .await
        .iter()
        .map(|frame| frame.event.clone())
        .collect();
    assert_eq!(came, ["phx_reply"], "the leave is answered");
    assert!(told(&mut other).await.is_empty());
    live.client.beat().await;
}

#[tokio::test(start_paused = true)]
async fn a_view_that_is_replaced_handles_nothing_more() {
    let stage = Stage::new();
    let (mut live, mut other) = busy(&stage, 3).await;
    let payload = live.join_payload();
    live.push_join(payload).await;
    seconds(4).await;
    assert_eq!(stage.log.take(), ["mount connected", "terminate Left"]);
    assert!(told(&mut other).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn disconnect_drops_all_that_waits() {
    let (stage, connections) = anns(Limits::default());
    let mut other = stage.visit("/puppet").await;
    let mut live = stage.visit("/puppet").await;
    live.push("event", event("wait", json!({"ms": 1000}))).await;
    for _ in 0..200 {
        let tell = event("tell", json!({"text": "handled"}));
        live.push("event", tell).await;
    }
    // As many messages at once are read.
    seconds(0).await;
    settle().await;
    stage.log.take();
    assert_eq!(connections.disconnect("ann"), 2);
    seconds(10).await;
    assert_eq!(stage.log.take(), ["terminate Disconnected"; 2]);
    assert_eq!(other.client.came().await, Came::Closed(1001));
    assert_eq!(live.client.came().await, Came::Closed(1001));
}

#[tokio::test(start_paused = true)]
async fn disconnect_drops_a_callback_that_runs_after_the_limit() {
    let (stage, connections) = anns(Limits::default());
    let (mut live, _other) = busy(&stage, 5000).await;
    assert_eq!(connections.disconnect("ann"), 2);
    let start = Instant::now();
    assert_eq!(live.client.closed().await, 1001);
    assert_eq!(start.elapsed().as_secs(), 0);
    assert!(stage.shutdown.drain(Duration::from_secs(100)).await);
    let taken = start.elapsed().as_secs_f64();
    assert!((4.9..5.1).contains(&taken), "{taken}");
}

#[tokio::test(start_paused = true)]
async fn disconnect_reaches_views_whose_connection_broke_before() {
    let (stage, connections) = anns(Limits::default());
    let (live, mut other) = busy(&stage, 3).await;
    drop(live);
    settle().await;
    assert_eq!(connections.count(), 1);
    assert_eq!(connections.disconnect("ann"), 1, "one is open");
    seconds(4).await;
    assert_eq!(stage.log.take(), ["terminate Disconnected"; 2]);
    assert_eq!(other.client.came().await, Came::Closed(1001));
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_breaks_the_protocol_is_handled_no_further() {
    let stage = Stage::new();
    let (mut live, mut other) = busy(&stage, 3).await;
    live.client.send_text("no frame").await;
    assert_eq!(live.client.closed().await, 1002);
    seconds(4).await;
    assert_eq!(stage.log.take(), ["terminate Disconnected"]);
    assert!(told(&mut other).await.is_empty());
}

/// S3.
#[tokio::test(start_paused = true)]
async fn views_at_work_keep_no_place_of_a_connection_that_is_gone() {
    let limits = Limits {
        connections: 50,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut gone = Vec::new();
    for _ in 0..50 {
        let mut live = stage.visit("/puppet").await;
        live.push("event", event("wait", json!({"ms": 5_000_000})))
            .await;
        gone.push(live);
    }
    settle().await;
    drop(gone);
    settle().await;
    let mut live = stage.visit("/puppet").await;
    assert_ne!(live.click("set", json!({"text": "b"})).await, json!({}));
    seconds(61).await;
    assert!(stage.shutdown.drain(Duration::from_secs(1)).await);
}

#[tokio::test(start_paused = true)]
async fn draining_does_not_wait_for_views_that_are_cut() {
    let stage = Stage::new();
    let (live, _other) = busy(&stage, 5000).await;
    drop(live);
    settle().await;
    let start = Instant::now();
    assert!(!stage.shutdown.drain(Duration::from_secs(2)).await);
    assert_eq!(start.elapsed().as_secs(), 2);
    stage.tell(Command::Nothing);
}
