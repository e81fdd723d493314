//! What happens at once: frames that don't wait for each other, and many pages
//! on several threads.

use std::time::Duration;

use bennu_tests::{Browser, Frame, Live};
use futures_util::future::join_all;
use serde_json::json;

use crate::stage::{COMMANDS, Command, Stage, seconds};

fn of<'f>(frames: &'f [Frame], join_ref: &str) -> Vec<&'f Frame> {
    let own = |frame: &&Frame| frame.join_ref.as_deref() == Some(join_ref);
    frames.iter().filter(own).collect()
}

#[tokio::test(start_paused = true)]
async fn a_navigation_leaves_and_joins_without_waiting() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let old = live.join_ref.clone();
    let leave = live.push("phx_leave", json!({})).await;
    let mut payload = live.join_payload();
    payload["url"] = json!(null);
    payload["redirect"] = json!(Browser::url("/other"));
    let new = live.push_join(payload).await;
    let frames = live.client.waiting().await;
    assert_eq!(frames.len(), 3, "{frames:?}");
    let [close, left] = of(&frames, &old)[..] else {
        panic!("{frames:?}")
    };
    assert_eq!(close.event, "phx_close");
    assert_eq!(
        (left.message_ref.as_ref(), left.ok()),
        (Some(&leave), &json!({}))
    );
    let [joined] = of(&frames, &new)[..] else {
        panic!("{frames:?}")
    };
    assert!(joined.ok()["rendered"].is_object());
}

#[tokio::test(start_paused = true)]
async fn a_view_at_work_does_not_hold_up_its_successor() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let old = live.join_ref.clone();
    let event = json!({"type": "click", "event": "wait", "value": {"ms": 1000}});
    let waiting = live.push("event", event).await;
    let leave = live.push("phx_leave", json!({})).await;
    live.join().await;
    let response = live.click("set", json!({"text": "b"})).await;
    assert_eq!(response, json!({"diff": {"0": "b"}}));
    seconds(2).await;
    let frames = live.client.waiting().await;
    let frames: Vec<_> = frames.iter().map(Frame::to_json).collect();
    let ok = json!({"status": "ok", "response": {}});
    assert_eq!(
        frames,
        [
            json!([old, waiting, live.topic, "phx_reply", ok]),
            json!([old, old, live.topic, "phx_close", {}]),
            json!([old, leave, live.topic, "phx_reply", ok]),
        ]
    );
    assert_eq!(live.click("nothing", json!({})).await, json!({}));
}

#[tokio::test(start_paused = true)]
async fn messages_that_come_while_a_view_mounts_are_handled_after_its_join() {
    let stage = Stage::new();
    // It subscribes first and then takes a while.
    let mut live = stage.open("/puppet?mount=wait&ms=100").await;
    let payload = live.join_payload();
    live.join_ref = live.push_join(payload).await;
    crate::stage::settle().await;
    let text = "b".to_owned();
    assert_eq!(stage.tell(Command::Set { text }), 1);
    let reply = live.client.next().await;
    assert_eq!(reply.ok()["rendered"]["0"], "a");
    let diff = live.client.next().await;
    assert_eq!(
        (diff.event.as_str(), diff.payload),
        ("diff", json!({"0": "b"}))
    );
}

#[tokio::test(start_paused = true)]
async fn a_view_that_the_browser_leaves_is_mounted_no_further() {
    let stage = Stage::new();
    // Longer than any test waits for an answer.
    let mut live = stage.open("/puppet?mount=wait&ms=10000000").await;
    let payload = live.join_payload();
    live.join_ref = live.push_join(payload).await;
    crate::stage::settle().await;
    let text = "b".to_owned();
    assert_eq!(stage.tell(Command::Set { text: text.clone() }), 1);
    let leave = live.push("phx_leave", json!({})).await;
    live.expect_close().await;
    assert_eq!(live.answer(&leave).await.ok(), &json!({}));
    assert_eq!(
        stage.tell(Command::Set { text }),
        0,
        "its subscription is gone"
    );
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_from_a_handler_reaches_its_own_view_as_a_message() {
    let stage = Stage::new();
    let mut first = stage.visit("/puppet").await;
    let mut second = stage.visit("/puppet").await;
    assert_eq!(first.click("shout", json!({"text": "b"})).await, json!({}));
    assert_eq!(first.pushed("diff").await, json!({"0": "b"}));
    assert_eq!(second.pushed("diff").await, json!({"0": "b"}));
}

/// Pushes and reads on until the answer came.
async fn click(live: &mut Live, event: &str) {
    let payload = json!({"type": "click", "event": event, "value": {}});
    let message_ref = live.push("event", payload).await;
    loop {
        let frame = live.client.next().await;
        live.show(&frame);
        if frame.message_ref.as_ref() == Some(&message_ref) {
            return;
        }
    }
}

// The pages are on one thread, which their replicas can't leave; the server's
// tasks are on four.

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clicks_and_broadcasts_on_many_pages_are_all_counted() {
    const PAGES: usize = 20;
    const CLICKS: usize = 50;
    const BROADCASTS: usize = 200;
    let stage = Stage::new();
    let mut pages = Vec::new();
    for _ in 0..PAGES {
        pages.push(stage.visit("/puppet").await);
    }
    let pubsub = stage.pubsub.clone();
    let broadcasts = tokio::spawn(async move {
        for _ in 0..BROADCASTS {
            assert_eq!(pubsub.broadcast(&COMMANDS, Command::Tick), PAGES);
            tokio::task::yield_now().await;
        }
    });
    let clicks = pages.iter_mut().map(async |live| {
        for _ in 0..CLICKS {
            click(live, "tick").await;
        }
    });
    join_all(clicks).await;
    broadcasts.await.unwrap();
    for live in &mut pages {
        click(live, "nothing").await;
        let ticks = CLICKS + BROADCASTS;
        assert_eq!(live.html(), format!("<p>tick {ticks}</p><i>/puppet</i>"));
    }
}

/// Comes, clicks, and goes in one of four ways.
async fn come_and_go(browser: &mut Browser, way: usize) {
    let mut live = browser.visit("/puppet").await;
    click(&mut live, "tick").await;
    match way % 4 {
        0 => live.client.close().await,
        1 => drop(live),
        2 => {
            live.push("phx_leave", json!({})).await;
            let payload = live.join_payload();
            live.push_join(payload).await;
            for _ in 0..3 {
                live.client.next().await;
            }
        }
        _ => {
            let event = json!({"event": "panic", "value": {}});
            live.push("event", event).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_that_come_and_go_leave_nothing_behind() {
    let stage = Stage::new();
    let visitors = (0..16).map(async |visitor| {
        let mut browser = stage.browser();
        for visit in 0..10 {
            come_and_go(&mut browser, visitor + visit).await;
        }
    });
    join_all(visitors).await;
    assert!(stage.shutdown.drain(Duration::from_secs(10)).await);
    assert_eq!(stage.pubsub.subscriptions(&COMMANDS), 0);
}
