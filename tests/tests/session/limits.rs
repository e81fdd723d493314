//! Each limit of [`Limits`], and what its peer gets.

use std::time::Duration;

use bennu::Limits;
use bennu_tests::{Browser, Came, Client, Live, Page};
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
async fn a_reader_slower_than_the_lowest_rate_is_dropped() {
    let limits = Limits {
        idle: Duration::from_secs(1000),
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    for (bytes, stays) in [(1000, false), (20_000, true)] {
        let mut live = slow_reader(&stage).await;
        live.push("event", event("grow", json!({"bytes": 1_000_000})))
            .await;
        let mut pipe = live.client.into_pipe();
        let mut read = vec![0; bytes];
        // Something is taken every ten seconds: 100 bytes a second, or 2,000.
        let mut taken = 0;
        for _ in 0..10 {
            seconds(10).await;
            let mut more = 0;
            while more < bytes {
                let length = pipe.read(&mut read[more..]).await.unwrap();
                more += length;
                if length == 0 {
                    break;
                }
            }
            taken += more;
        }
        assert_eq!(taken == 10 * bytes, stays, "{taken}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_close_waits_a_short_while_for_what_is_written() {
    let stage = Stage::new();
    let mut live = slow_reader(&stage).await;
    live.push("event", event("grow", json!({"bytes": 100_000})))
        .await;
    settle().await;
    stage.log.take();
    let start = Instant::now();
    assert!(stage.shutdown.drain(Duration::from_secs(20)).await);
    assert_eq!(start.elapsed().as_secs(), 5);
    assert_eq!(stage.log.take(), ["terminate Shutdown"]);
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
async fn one_message_may_be_longer_than_all_that_may_wait() {
    let limits = Limits {
        outgoing_bytes: 10_000,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut live = stage.visit("/puppet").await;
    for bytes in [9_000, 11_000, 1_000_000] {
        live.click("grow", json!({"bytes": bytes})).await;
        assert!(live.html().len() > bytes);
    }
}

/// S4: joins wait until the peer has read, with nothing rendered.
#[tokio::test(start_paused = true)]
async fn joins_of_a_peer_that_reads_nothing_wait() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let mut pages = Vec::new();
    for _ in 0..28 {
        pages.push(browser.open("/puppet?mount=grow&bytes=1000000").await);
    }
    browser.server = stage.server.with_pipe(1024);
    let mut live = Live::new(browser.connect(&pages[0]).await, pages[0].clone());
    for (at, page) in pages.iter().enumerate() {
        let url = Browser::url("/puppet?mount=grow&bytes=1000000");
        let payload = json!({"url": url, "session": page.session, "static": page.statics});
        let reference = at.to_string();
        live.client
            .send(json!([
                reference,
                reference,
                page.topic(),
                "phx_join",
                payload
            ]))
            .await;
    }
    settle().await;
    let waiting = || stage.connections.waiting_bytes();
    assert!(waiting() < 3_100_000, "{}", waiting());
    // All are there when they are read, and the peer is heard meanwhile.
    live.client
        .send(json!([null, "777", "phoenix", "heartbeat", {}]))
        .await;
    let mut joined = 0;
    while joined < 28 {
        let frame = live.client.next().await;
        assert!(waiting() < 3_100_000, "{}", waiting());
        if frame.message_ref.as_deref() == Some("777") {
            assert!(joined < 4, "{joined}");
        } else {
            assert!(frame.ok()["rendered"].is_object());
            joined += 1;
        }
    }
    assert_eq!(waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_asks_and_does_not_read_is_closed() {
    let limits = Limits {
        outgoing_bytes: 100_000,
        messages_per_second: 10_000,
        write: Duration::MAX,
        lowest_rate: 0,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut live = slow_reader(&stage).await;
    for _ in 0..2_000 {
        live.client
            .send(json!([null, "7", "phoenix", "heartbeat", {}]))
            .await;
    }
    seconds(6).await;
    assert_eq!(stage.connections.waiting_bytes(), 0);
    assert_eq!(stage.log.take().last().unwrap(), "terminate Disconnected");
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
    // Those that are not written wait as the messages that they come from.
    for (events, is_ended) in [(20, false), (1000, false), (2000, true)] {
        let stage = Stage::with_limits(limits.clone());
        let mut live = slow_reader(&stage).await;
        for number in 0..events {
            stage.tell(Command::PushEvent {
                name: "tick".to_owned(),
                detail: json!([number, "x".repeat(10_000)]),
            });
            settle().await;
        }
        let waiting = stage.connections.waiting_bytes();
        assert!(waiting < 1_100_000, "{waiting}");
        let (mut next, mut ended) = (0, false);
        while let Ok(came) = timeout(Duration::from_secs(1), live.client.came()).await {
            let Came::Frame(frame) = came else {
                panic!("{came:?} after {next}");
            };
            ended = frame.event == "phx_error";
            for event in frame.payload["e"].as_array().into_iter().flatten() {
                assert_eq!(event[1][0], next);
                next += 1;
            }
        }
        assert_eq!(
            (next == events, ended),
            (!is_ended, is_ended),
            "{next} of {events}"
        );
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
            if [2, 7].contains(&second) {
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
