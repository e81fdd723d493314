//! Each limit of [`Limits`], and what its peer gets.

use std::time::Duration;

use bennu::Limits;
use bennu_tests::{Browser, Came, Live, Page};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout};

use crate::stage::{Command, Stage, pass, seconds, settle};

fn event(name: &str, value: Value) -> Value {
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

#[tokio::test(start_paused = true)]
async fn messages_that_wait_are_no_more_bytes_together_than_the_largest() {
    let limits = Limits {
        message_bytes: 1000,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut live = stage.visit("/puppet").await;
    live.push("event", event("wait", json!({"ms": 100}))).await;
    settle().await;
    for _ in 0..3 {
        let text = "x".repeat(1300);
        let hook = json!({"type": "hook", "event": "tick", "value": {"text": text}});
        live.push("event", hook).await;
    }
    assert_eq!(
        *live.answer("8").await.refused(),
        json!({"reason": "too many messages are waiting"})
    );
    for message_ref in ["5", "6", "7"] {
        assert_eq!(live.answer(message_ref).await.reply().0, "ok");
    }
    assert_eq!(live.html(), "<p>tick 2</p><i>/puppet</i>");
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
async fn more_than_may_wait_to_be_sent_closes_with_1013() {
    let limits = Limits {
        outgoing_bytes: 10_000,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut live = stage.visit("/puppet").await;
    live.click("grow", json!({"bytes": 9_000})).await;
    live.push("event", event("grow", json!({"bytes": 11_000})))
        .await;
    assert_eq!(live.client.closed().await, 1013);
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
async fn a_peer_that_reads_nothing_is_dropped_after_a_while() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let page = browser.open("/puppet").await;
    browser.server = stage.server.with_pipe(1024);
    let mut live = Live::new(browser.connect(&page).await, page);
    live.join().await;
    live.push("event", event("grow", json!({"bytes": 100_000})))
        .await;
    seconds(29).await;
    assert_eq!(stage.log.take(), ["mount dead", "mount connected"]);
    seconds(2).await;
    assert_eq!(stage.log.take(), ["terminate Disconnected"]);
    assert_eq!(live.client.came().await, Came::Lost);
}

/// A joined page whose pipe holds little.
async fn slow_reader(stage: &Stage) -> Live {
    let mut browser = stage.browser();
    let page = browser.open("/puppet").await;
    browser.server = stage.server.with_pipe(1024);
    let mut live = Live::new(browser.connect(&page).await, page);
    live.join().await;
    live
}

/// Fills what may wait for this reader: later changes are not sent at once.
async fn crowd(stage: &Stage) {
    for _ in 0..100 {
        stage.tell(Command::Grow { bytes: 30_000 });
        settle().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_gets_the_latest_state_and_not_a_queue() {
    let stage = Stage::new();
    let mut live = slow_reader(&stage).await;
    crowd(&stage).await;
    let mut frames = 0;
    for frame in live.client.waiting().await {
        live.show(&frame);
        frames += 1;
    }
    assert!((2..8).contains(&frames), "{frames}");
    assert!(live.html().starts_with("<p>00"));
    assert!(live.html().ends_with("00100</p><i>/puppet</i>"));
    assert_eq!(live.click("nothing", json!({})).await, json!({}));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_is_slower_than_its_view_is_still_heard() {
    let stage = Stage::new();
    let mut live = slow_reader(&stage).await;
    crowd(&stage).await;
    live.client
        .send(json!([null, "777", "phoenix", "heartbeat", {}]))
        .await;
    // Three megabytes a second are made, and 600 kilobytes read.
    let start = Instant::now();
    let mut frames = 0;
    loop {
        for _ in 0..5 {
            stage.tell(Command::Grow { bytes: 30_000 });
            pass(Duration::from_millis(10)).await;
        }
        let Ok(came) = timeout(Duration::from_millis(1), live.client.came()).await else {
            continue;
        };
        let Came::Frame(frame) = came else {
            panic!("{came:?}")
        };
        frames += 1;
        if frame.message_ref.as_deref() == Some("777") {
            break;
        }
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "a client gives up"
        );
    }
    assert!(frames < 20, "{frames}");
}

#[tokio::test(start_paused = true)]
async fn a_refused_push_of_a_slow_reader_keeps_nothing_from_it() {
    let stage = Stage::new();
    let mut live = slow_reader(&stage).await;
    crowd(&stage).await;
    live.push("shout", json!({})).await;
    for frame in live.client.waiting().await {
        live.show(&frame);
    }
    assert!(live.html().ends_with("00100</p><i>/puppet</i>"));
}

#[tokio::test(start_paused = true)]
async fn pushed_events_of_a_slow_reader_are_a_queue_with_a_limit() {
    let limits = Limits {
        outgoing_bytes: 1_000_000,
        ..Limits::default()
    };
    for (events, end) in [(20, None), (200, Some(Came::Closed(1013)))] {
        let stage = Stage::with_limits(limits.clone());
        let mut live = slow_reader(&stage).await;
        for number in 0..events {
            stage.tell(Command::PushEvent {
                name: "tick".to_owned(),
                detail: json!([number, "x".repeat(10_000)]),
            });
            settle().await;
        }
        let mut next = 0;
        while let Ok(came) = timeout(Duration::from_secs(1), live.client.came()).await {
            let Came::Frame(frame) = came else {
                assert_eq!(Some(came), end, "after {next}");
                break;
            };
            for event in frame.payload["e"].as_array().unwrap() {
                assert_eq!(event[1][0], next);
                next += 1;
            }
        }
        assert_eq!(next == events, end.is_none(), "{next} of {events}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_that_is_heard_is_not_taken_for_silent() {
    let limits = Limits {
        idle: Duration::from_secs(6),
        ..Limits::default()
    };
    // Which of what is due comes first is left to chance.
    for _ in 0..10 {
        let stage = Stage::with_limits(limits.clone());
        let mut live = Browser::new(&stage.server.with_pipe(4096))
            .visit("/puppet")
            .await;
        live.push("event", event("grow", json!({"bytes": 40_000})))
            .await;
        let mut pipe = live.client.into_pipe();
        let mut came = Vec::new();
        for second in 0..12 {
            if second == 2 {
                let heartbeat = br#"[null,"77","phoenix","heartbeat",{}]"#;
                let length = 0x80 | u8::try_from(heartbeat.len()).expect("a short frame");
                pipe.write_all(&[0x81, length, 0, 0, 0, 0])
                    .await
                    .expect("a peer that reads");
                pipe.write_all(heartbeat).await.expect("a peer that reads");
            }
            pass(Duration::from_secs(1)).await;
            let mut read = [0; 4096];
            let length = pipe.read(&mut read).await.expect("a connection");
            came.extend_from_slice(&read[..length]);
        }
        let came = String::from_utf8_lossy(&came);
        assert!(came.contains(r#"[null,"77","phoenix","phx_reply""#));
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_does_not_slow_others() {
    let stage = Stage::new();
    let _slow = slow_reader(&stage).await;
    let mut quick = stage.visit("/puppet").await;
    for count in 1..=50 {
        stage.tell(Command::Grow { bytes: 30_000 });
        quick.pushed("diff").await;
        assert!(
            quick
                .html()
                .ends_with(&format!("00{count}</p><i>/puppet</i>"))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_crowded_view_ends_when_its_reader_goes() {
    let stage = Stage::new();
    let live = slow_reader(&stage).await;
    crowd(&stage).await;
    drop(live);
    settle().await;
    assert_eq!(stage.log.take().last().unwrap(), "terminate Disconnected");
}

#[tokio::test(start_paused = true)]
async fn limits_may_be_as_high_as_their_types() {
    let limits = Limits {
        connections: usize::MAX,
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
        outgoing_bytes: usize::MAX,
        detached: Duration::MAX,
        terminate: Duration::MAX,
        idle: Duration::MAX,
        write: Duration::MAX,
    };
    let stage = Stage::with_limits(limits);
    let mut live = stage.visit("/puppet").await;
    seconds(1_000_000).await;
    live.click("grow", json!({"bytes": 1_000_000})).await;
    live.client.beat().await;
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
