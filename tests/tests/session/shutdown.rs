//! The end of a server, and of views.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::stage::{Stage, settle};

#[tokio::test(start_paused = true)]
async fn draining_waits_for_a_view_that_is_at_work_but_not_for_ever() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let event = json!({"type": "click", "event": "wait", "value": {"ms": 3000}});
    let start = Instant::now();
    live.push("event", event).await;
    settle().await;
    assert!(!stage.shutdown.drain(Duration::from_secs(1)).await);
    assert_eq!(start.elapsed().as_secs(), 1);
    assert!(stage.shutdown.drain(Duration::from_secs(5)).await);
    assert_eq!(start.elapsed().as_secs(), 3);
    assert!(stage.log.take().contains(&"terminate Shutdown".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn draining_closes_with_1012_after_views_have_terminated() {
    let stage = Stage::new();
    let mut first = stage.visit("/puppet").await;
    let mut second = stage.visit("/puppet").await;
    assert!(stage.shutdown.drain(Duration::from_secs(5)).await);
    assert_eq!(
        stage.log.take(),
        [
            "mount dead",
            "mount connected",
            "mount dead",
            "mount connected",
            "terminate Shutdown",
            "terminate Shutdown"
        ]
    );
    assert_eq!(first.client.closed().await, 1012);
    assert_eq!(second.client.closed().await, 1012);
}

#[tokio::test(start_paused = true)]
async fn what_waits_to_be_sent_still_goes_out_before_the_close() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    stage.tell(crate::stage::Command::Tick);
    settle().await;
    stage.shutdown.drain(Duration::from_secs(5)).await;
    assert_eq!(live.pushed("diff").await, json!({"0": "tick 1"}));
    assert_eq!(live.client.closed().await, 1012);
}

#[tokio::test(start_paused = true)]
async fn a_server_without_connections_is_drained_at_once() {
    let stage = Stage::new();
    let start = Instant::now();
    stage.visit("/puppet").await.client.close().await;
    settle().await;
    assert!(stage.shutdown.drain(Duration::from_secs(5)).await);
    assert_eq!(start.elapsed().as_secs(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_opens_while_the_server_stops_is_closed_too() {
    let stage = Stage::new();
    let mut live = stage.open("/puppet").await;
    assert!(stage.shutdown.drain(Duration::from_secs(5)).await);
    assert_eq!(live.client.closed().await, 1012);
    let mut late = stage.open("/puppet").await;
    assert_eq!(late.client.closed().await, 1012);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_breaks_off_leaves_nothing_behind() {
    let stage = Stage::new();
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let live = stage.visit("/puppet").await;
    drop(live);
    settle().await;
    assert_eq!(
        stage.log.take(),
        ["mount dead", "mount connected", "terminate Disconnected"]
    );
    assert_eq!(tasks(), 0);
}
