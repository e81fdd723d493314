//! Each limit of [`Limits`], and what its peer gets.

use std::time::Duration;

use bennu::{Bennu, Limits};
use bennu_tests::{Browser, Came, Client, Live, Page};
use http::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout};

use crate::stage::{Command, Stage, config, routes, seconds, settle};

pub(crate) fn event(name: &str, value: Value) -> Value {
    json!({"type": "click", "event": name, "value": value})
}

/// Joins another page on this connection; the reply's status and response.
async fn join_too(live: &mut Live, page: &Page, path: &str) -> (String, Value) {
    let payload = json!({
        "url": Browser::url(path), "session": page.session, "static": page.statics,
    });
    live.client
        .send(json!(["90", "90", page.topic(), "phx_join", payload]))
        .await;
    let reply = live.client.next().await;
    assert_eq!(reply.message_ref.as_deref(), Some("90"));
    let (status, response) = reply.reply();
    (status.to_owned(), response.clone())
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_too_long_closes_with_1009() {
    let limits = Limits {
        message_bytes: 1000,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut live = stage.visit("/puppet").await;
    // A form's bytes may be encoded by three.
    let text = "x".repeat(2800);
    live.click("set", json!({"text": text})).await;
    let text = "x".repeat(3000);
    live.push("event", event("set", json!({"text": text})))
        .await;
    assert_eq!(live.client.closed().await, 1009);
    settle().await;
    assert!(
        stage
            .log
            .take()
            .contains(&"terminate Disconnected".to_owned())
    );
}

#[tokio::test(start_paused = true)]
async fn a_join_beyond_the_channels_is_refused() {
    let limits = Limits {
        channels: 2,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut browser = stage.browser();
    let mut live = browser.visit("/puppet").await;
    let (second, third) = (browser.open("/puppet").await, browser.open("/puppet").await);
    assert_eq!(join_too(&mut live, &second, "/puppet").await.0, "ok");
    let (status, response) = join_too(&mut live, &third, "/puppet").await;
    assert_eq!(
        (status.as_str(), response),
        ("error", json!({"reason": "too many channels joined"}))
    );
    // A join of a topic that is joined already needs no room.
    live.join_ref = {
        let payload = live.join_payload();
        live.push_join(payload).await
    };
    let frames = live.client.waiting().await;
    assert!(
        frames
            .iter()
            .any(|frame| frame.event == "phx_reply" && frame.ok()["rendered"].is_object())
    );
    // Neither leaving nor crashing keeps room.
    live.push("phx_leave", json!({})).await;
    live.client.waiting().await;
    assert_eq!(join_too(&mut live, &third, "/puppet").await.0, "ok");
    stage.tell(Command::Panic);
    settle().await;
    live.client.waiting().await;
    assert_eq!(join_too(&mut live, &second, "/puppet").await.0, "ok");
    assert_eq!(join_too(&mut live, &third, "/puppet").await.0, "ok");
}

#[tokio::test(start_paused = true)]
async fn a_join_beyond_those_under_way_is_refused() {
    let limits = Limits {
        joins: 1,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut browser = stage.browser();
    let page = browser.open("/puppet?mount=wait&ms=100").await;
    let mut live = Live::new(browser.connect(&page).await, page);
    let second = browser.open("/puppet").await;
    let payload = live.join_payload();
    live.join_ref = live.push_join(payload).await;
    let (status, response) = join_too(&mut live, &second, "/puppet").await;
    assert_eq!(
        (status.as_str(), response),
        ("error", json!({"reason": "too many joins at once"}))
    );
    assert!(live.client.next().await.ok()["rendered"].is_object());
    // One after the other is fine, whether they succeed or not.
    assert_eq!(
        join_too(&mut live, &second, "/puppet?mount=panic").await.0,
        "error"
    );
    assert_eq!(join_too(&mut live, &second, "/dead").await.0, "error");
    assert_eq!(join_too(&mut live, &second, "/puppet").await.0, "ok");
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_is_too_fast_is_slowed_and_loses_nothing() {
    let limits = Limits {
        messages_per_second: 10,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut live = stage.visit("/puppet").await;
    seconds(5).await;
    let start = Instant::now();
    for _ in 0..50 {
        live.push("event", event("tick", json!({}))).await;
    }
    for message_ref in 5..55 {
        live.answer(&message_ref.to_string()).await;
    }
    assert_eq!(live.html(), "<p>tick 50</p><i>/puppet</i>");
    // What was read at once is handled at once. It counts: 20 are free, the
    // other 30 are worth 3 seconds in which no more is read.
    live.client.beat().await;
    let taken = start.elapsed().as_secs_f64();
    assert!((2.8..3.3).contains(&taken), "{taken}");
}

#[tokio::test(start_paused = true)]
async fn the_largest_text_of_any_script_is_taken_at_once_and_another_within_a_second() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let start = Instant::now();
    // 1 MB, which is 3 MB as a form sends it.
    let text = "%E3%81%8B".repeat(333_000);
    for _ in 0..4 {
        live.push("event", event("tick", json!({"text": text})))
            .await;
    }
    for message_ref in 5..9 {
        live.answer(&message_ref.to_string()).await;
    }
    live.client.beat().await;
    // 12 MB: 8 MiB are free, the rest comes at 4 MiB a second.
    let taken = start.elapsed().as_secs_f64();
    assert!(taken < 1.2, "{taken}");
}

#[tokio::test(start_paused = true)]
async fn messages_beyond_those_that_may_wait_are_refused() {
    let limits = Limits {
        client_mail: 3,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut live = stage.visit("/puppet").await;
    live.push("event", event("wait", json!({"ms": 100}))).await;
    settle().await;
    for _ in 0..4 {
        live.push("event", event("tick", json!({}))).await;
    }
    let hook = json!({"type": "hook", "event": "tick", "value": {}});
    live.push("event", hook).await;
    // The element is released: the stock client would keep it locked after an
    // error. A hook is told.
    assert_eq!(
        live.answer("9").await.ok(),
        &json!({"reason": "too many messages are waiting"})
    );
    assert_eq!(
        *live.answer("10").await.refused(),
        json!({"reason": "too many messages are waiting"})
    );
    for message_ref in ["5", "6", "7", "8"] {
        assert_eq!(live.answer(message_ref).await.reply().0, "ok");
    }
    assert_eq!(live.html(), "<p>tick 3</p><i>/puppet</i>");
    live.click("tick", json!({})).await;
}

/// Sends forms of half a MB each to a view that waits; returns the refs.
async fn flood(live: &mut Live, count: usize) -> Vec<String> {
    let mut references = Vec::new();
    for _ in 0..count {
        let text = "x".repeat(500_000);
        references.push(
            live.push("event", event("set", json!({"text": text})))
                .await,
        );
    }
    references
}

#[tokio::test(start_paused = true)]
async fn a_peer_whose_messages_wait_is_read_no_further_and_loses_nothing() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let waiting = live
        .push("event", event("wait", json!({"ms": 50_000})))
        .await;
    let (mut client, start) = (live, Instant::now());
    let sending = async {
        let references = flood(&mut client, 20).await;
        (client, references)
    };
    let mut sending = Box::pin(sending);
    // 4 MiB are read, and what the pipe holds.
    assert!(
        timeout(Duration::from_secs(40), &mut sending)
            .await
            .is_err()
    );
    let bytes = stage.connections.waiting_bytes();
    assert!((4_000_000..4_800_000).contains(&bytes), "{bytes}");
    // Its silence is not counted, and all is handled when the view goes on.
    let (mut live, references) = sending.await;
    live.answer(&waiting).await;
    for reference in references {
        assert_eq!(live.answer(&reference).await.reply().0, "ok");
    }
    let taken = start.elapsed().as_secs_f64();
    assert!((50.0..55.0).contains(&taken), "{taken}");
    assert_eq!(stage.connections.waiting_bytes(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_peer_whose_views_handle_nothing_is_closed_with_1013() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    live.push("event", event("wait", json!({"ms": 5_000_000})))
        .await;
    let start = Instant::now();
    let _ = timeout(Duration::from_secs(61), flood(&mut live, 20)).await;
    let taken = start.elapsed().as_secs_f64();
    assert!(taken < 61.0, "{taken}");
    assert_eq!(live.client.closed().await, 1013);
    seconds(61).await;
    assert_eq!(stage.connections.waiting_bytes(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_views_wait_for_is_not_held_back_by_another_connection() {
    let limits = Limits {
        pool_bytes: 1_000_000,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut greedy = stage.visit("/puppet").await;
    greedy
        .push("event", event("wait", json!({"ms": 30_000})))
        .await;
    let _ = timeout(Duration::from_secs(1), flood(&mut greedy, 10)).await;
    let waiting = stage.connections.waiting_bytes();
    assert!((900_000..1_600_000).contains(&waiting), "{waiting}");
    let mut other = stage.visit("/puppet").await;
    let start = Instant::now();
    other
        .click("set", json!({"text": "x".repeat(30_000)}))
        .await;
    other.click("grow", json!({"bytes": 300_000})).await;
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_never_ends_closes_with_1013() {
    let stage = Stage::new();
    let live = stage.visit("/puppet").await;
    let mut pipe = live.client.into_pipe();
    // A text of 100,000 bytes, of which one comes every ten seconds.
    let head = [0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0x86, 0xA0, 0, 0, 0, 0];
    pipe.write_all(&head).await.unwrap();
    let start = Instant::now();
    let mut read = vec![0; 4096];
    let closed = loop {
        if let Ok(length) = timeout(Duration::from_secs(10), pipe.read(&mut read)).await {
            break read[..length.unwrap()].to_vec();
        }
        pipe.write_all(b"x").await.unwrap();
    };
    assert_eq!(closed, [0x88, 2, 0x03, 0xF5]);
    let taken = start.elapsed().as_secs();
    assert!((60..=70).contains(&taken), "{taken}");
}

#[tokio::test(start_paused = true)]
async fn a_view_that_is_overrun_by_messages_is_ended_and_may_join_again() {
    let limits = Limits {
        info_mail: 5,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    for (messages, survives) in [(5, true), (6, false)] {
        let mut live = stage.visit("/puppet").await;
        let waiting = live.push("event", event("wait", json!({"ms": 100}))).await;
        settle().await;
        for _ in 0..messages {
            stage.tell(Command::Tick);
        }
        live.answer(&waiting).await;
        if survives {
            assert_eq!(live.pushed("diff").await, json!({"0": "tick 5"}));
        } else {
            live.expect_crash().await;
            live.join().await;
        }
        live.click("nothing", json!({})).await;
        live.client.close().await;
        settle().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_peer_is_closed_with_1001() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    for _ in 0..5 {
        seconds(30).await;
        live.client.beat().await;
    }
    let start = Instant::now();
    // What the server sends is no sign of life.
    live.push("event", event("every", json!({"ms": 7000})))
        .await;
    loop {
        match live.client.came().await {
            Came::Frame(_) => {}
            end => break assert_eq!(end, Came::Closed(1001)),
        }
    }
    assert_eq!(start.elapsed().as_secs(), 60);
    settle().await;
    assert_eq!(
        stage.log.take(),
        ["mount dead", "mount connected", "terminate Disconnected"]
    );
}

#[tokio::test(start_paused = true)]
async fn limits_may_be_as_high_as_their_types() {
    let limits = Limits {
        connections: usize::MAX,
        strangers: usize::MAX,
        header_bytes: usize::MAX,
        message_bytes: usize::MAX,
        channels: usize::MAX,
        children: usize::MAX,
        components: usize::MAX,
        joins: usize::MAX,
        messages_per_second: u32::MAX,
        bytes_per_second: u32::MAX,
        client_mail: u16::MAX,
        info_mail: u16::MAX,
        incoming_bytes: usize::MAX,
        outgoing_bytes: usize::MAX,
        pool_bytes: usize::MAX,
        detached: Duration::MAX,
        terminate: Duration::MAX,
        idle: Duration::MAX,
        write: Duration::MAX,
        lowest_rate: u32::MAX,
    };
    let stage = Stage::with_limits(limits);
    let mut live = stage.visit("/puppet").await;
    seconds(1_000_000).await;
    live.click("grow", json!({"bytes": 1_000_000})).await;
    live.client.beat().await;
}

#[tokio::test(start_paused = true)]
async fn no_view_is_at_a_longer_url_than_its_limit() {
    let stage = Stage::with_limits(Limits {
        header_bytes: 2_000,
        ..Limits::default()
    });
    let long = |bytes| format!("/puppet?{}", "x".repeat(bytes - "/puppet?".len()));
    let mut live = stage.visit(&long(2_000)).await;
    let url = Browser::url(&long(2_001));
    let reply = live.ask("live_patch", json!({"url": url})).await;
    assert_eq!(*reply.ok(), json!({"link_redirect": true}));
    // Where a navigation goes on by loading the page.
    let mut browser = stage.browser();
    let page = browser.open("/puppet").await;
    let mut live = Live::new(browser.connect(&page).await, page);
    let mut payload = live.join_payload();
    payload["url"] = json!(url);
    let refused = live.try_join(payload).await;
    assert_eq!(refused.refused()["reason"], "unauthorized");
    let page = stage.browser().get(&long(2_001)).await;
    assert_eq!(page.status, StatusCode::URI_TOO_LONG);
}

#[tokio::test(start_paused = true)]
async fn limits_of_nothing_refuse_everything_and_panic_nowhere() {
    let limits = Limits {
        joins: 0,
        messages_per_second: 0,
        bytes_per_second: 1_000_000,
        ..Limits::default()
    };
    let mut live = Stage::with_limits(limits).open("/puppet").await;
    let payload = live.join_payload();
    live.push_join(payload).await;
    let reply = live.client.next().await;
    assert_eq!(
        *reply.refused(),
        json!({"reason": "too many joins at once"})
    );

    let limits = Limits {
        client_mail: 0,
        info_mail: 0,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut live = stage.visit("/puppet").await;
    let hook = json!({"type": "hook", "event": "tick", "value": {}});
    assert_eq!(
        *live.ask("event", hook).await.refused(),
        json!({"reason": "too many messages are waiting"})
    );
    stage.tell(Command::Tick);
    live.expect_crash().await;

    let limits = Limits {
        idle: Duration::ZERO,
        ..Limits::default()
    };
    let mut live = Stage::with_limits(limits).open("/puppet").await;
    assert_eq!(live.client.closed().await, 1001);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_joins_nothing_is_closed_after_a_while() {
    let stage = Stage::new();
    let mut live = stage.open("/puppet").await;
    let start = Instant::now();
    live.client.beat().await;
    assert_eq!(live.client.closed().await, 1001);
    assert_eq!(start.elapsed().as_secs(), 30);
    // A join that is refused is none, one that takes its time is.
    let mut live = stage.open("/puppet?mount=panic&only=connected").await;
    let payload = live.join_payload();
    live.push_join(payload).await;
    assert_eq!(live.client.next().await.reply().0, "error");
    assert_eq!(live.client.closed().await, 1001);
    let mut live = stage
        .open("/puppet?mount=wait&ms=45000&only=connected")
        .await;
    let payload = live.join_payload();
    live.push_join(payload).await;
    assert!(live.client.next().await.ok()["rendered"].is_object());
    for _ in 0..3 {
        live.client.beat().await;
        seconds(30).await;
    }
    live.client.beat().await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_has_joined_nothing_may_send_little() {
    let stage = Stage::new();
    let long = json!([null, "1", "phoenix", "heartbeat", {"x": "x".repeat(65_536)}]);
    let mut live = stage.open("/puppet").await;
    live.client.send(long.clone()).await;
    assert_eq!(live.client.closed().await, 1009);
    let mut live = stage.visit("/puppet").await;
    live.client.send(long).await;
    live.client.next().await;
    live.client.beat().await;
}

#[tokio::test(start_paused = true)]
async fn no_header_gets_a_visitor_out_of_the_bound_of_its_address() {
    let limits = Limits {
        strangers: 1,
        ..Limits::default()
    };
    for config in [
        config(),
        config().no_proxy(),
        config().trusted_proxy("x-real-ip", 1),
    ] {
        let stage = Stage::of(Bennu::new(config.limits(limits.clone())), routes());
        let _stranger = stage.open("/puppet").await;
        for claimed in ["198.51.100.7", "198.51.100.8, unknown"] {
            let browser = stage.browser().with_header("forwarded", claimed);
            let mut browser = browser.with_header("x-forwarded-for", claimed);
            let request = Client::request(&browser, "_csrf_token=x&vsn=2.0.0");
            assert_eq!(browser.send(request).await.status, 503, "{claimed}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn connections_of_one_address_that_join_nothing_are_bounded() {
    let limits = Limits {
        strangers: 3,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut known = Vec::new();
    for _ in 0..5 {
        known.push(stage.visit("/puppet").await);
    }
    let mut strangers = Vec::new();
    for _ in 0..3 {
        strangers.push(stage.open("/puppet").await);
    }
    let mut browser = stage.browser();
    let request = Client::request(&browser, "_csrf_token=x&vsn=2.0.0");
    assert_eq!(browser.send(request).await.status, 503);
    strangers.pop();
    settle().await;
    stage.open("/puppet").await;
}
