//! The end of a server, and of views.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::stage::{Stage, settle};

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
