//! A view that fails, fails alone.

use bennu_tests::Live;
use serde_json::{Value, json};

use crate::stage::{COMMANDS, Command, Stage, settle};

/// A page with two views on one connection; the second is returned as a join
/// payload and its topic.
async fn two_views(stage: &Stage) -> (Live, String) {
    let mut browser = stage.browser();
    let mut live = browser.visit("/puppet").await;
    let second = browser.open("/puppet").await;
    let payload = json!({"url": second.url, "session": second.session, "static": second.statics});
    live.client
        .send(json!(["90", "90", second.topic(), "phx_join", payload]))
        .await;
    live.client.next().await;
    (live, second.topic())
}

async fn is_alive(live: &mut Live, topic: &str) {
    let event = json!({"type": "click", "event": "tick", "value": {}});
    live.client
        .send(json!(["90", "91", topic, "event", event]))
        .await;
    let reply = live.client.next().await;
    assert_eq!(reply.topic, topic);
    assert!(reply.ok()["diff"].is_object(), "{reply:?}");
}

fn event(name: &str) -> Value {
    json!({"type": "click", "event": name, "value": {}})
}

#[tokio::test(start_paused = true)]
async fn a_view_that_fails_says_so_and_the_rest_of_the_connection_lives() {
    let stage = Stage::new();
    let (mut live, other) = two_views(&stage).await;
    for name in ["panic", "fail", "break"] {
        live.push("event", event(name)).await;
        // The push that was handled gets no reply.
        live.expect_crash().await;
        live.client.quiet().await;
        is_alive(&mut live, &other).await;

        // What still comes for it is unmatched, until the client joins again.
        let message_ref = live.push("event", event("tick")).await;
        let unmatched = json!({"status": "error", "response": {"reason": "unmatched topic"}});
        let reply = json!([null, message_ref, live.topic, "phx_reply", unmatched]);
        live.client.expect(reply).await;
        live.join().await;
        assert_eq!(live.html(), "<p>a</p><i>/puppet</i>");
        live.click("set", json!({"text": "b"})).await;
    }
    settle().await;
    assert_eq!(stage.pubsub.subscriptions(&COMMANDS), 2);
    // Only views that end in order terminate.
    assert!(
        !stage
            .log
            .take()
            .iter()
            .any(|line| line.starts_with("terminate"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_message_of_the_server_can_fail_a_view_too() {
    let stage = Stage::new();
    for command in [Command::Panic, Command::Fail, Command::Break] {
        let mut live = stage.visit("/puppet").await;
        stage.tell(command);
        live.expect_crash().await;
        live.client.quiet().await;
        live.join().await;
        live.client.close().await;
        settle().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_patch_can_fail_a_view_too() {
    let stage = Stage::new();
    for name in ["panic", "fail", "break"] {
        let mut live = stage.visit("/puppet").await;
        let url = bennu_tests::Browser::url(&format!("/puppet?params={name}"));
        live.push("live_patch", json!({"url": url})).await;
        live.expect_crash().await;
        live.client.quiet().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_at_the_end_does_not_keep_a_view_from_closing() {
    let stage = Stage::new();
    let (mut live, other) = two_views(&stage).await;
    live.click("break_end", json!({})).await;
    let leave = live.push("phx_leave", json!({})).await;
    live.expect_close().await;
    assert_eq!(*live.answer(&leave).await.ok(), json!({}));

    live.join().await;
    live.click("break_end", json!({})).await;
    live.click("navigate", json!({"to": "/other"})).await;
    live.expect_close().await;
    live.client.quiet().await;
    is_alive(&mut live, &other).await;

    live.join().await;
    live.click("break_end", json!({})).await;
    live.client.close().await;
    settle().await;
    assert_eq!(stage.pubsub.subscriptions(&COMMANDS), 0);
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_failing_view_goes_down_with_it() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    live.push(
        "event",
        json!({"type": "click", "event": "wait", "value": {"ms": 50}}),
    )
    .await;
    live.push("event", event("panic")).await;
    live.push("event", event("tick")).await;
    let leave = live.push("phx_leave", json!({})).await;
    live.answer("5").await;
    live.expect_crash().await;
    // A leave is answered whatever happens.
    let reply = live.client.next().await;
    assert_eq!(reply.message_ref, Some(leave));
    assert_eq!(*reply.ok(), json!({}));
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn a_task_that_panics_sends_nothing_and_the_view_lives() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    live.click("spawn_panic", json!({})).await;
    live.client.quiet().await;
    assert_eq!(
        live.click("set", json!({"text": "b"})).await,
        json!({"diff": {"0": "b"}})
    );
}
