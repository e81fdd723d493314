//! Peers that read slowly, or nothing: what waits for them, and for how long.

use std::time::Duration;

use bennu::Limits;
use bennu_tests::{Browser, Came, Live};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout};

use crate::limits::event;
use crate::stage::{Command, Stage, pass, seconds, settle};

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
    assert!(waiting() < 2_100_000, "{}", waiting());
    // All are there when they are read, and the peer is heard meanwhile.
    live.client
        .send(json!([null, "777", "phoenix", "heartbeat", {}]))
        .await;
    let mut joined = 0;
    while joined < 28 {
        let frame = live.client.next().await;
        assert!(waiting() < 2_100_000, "{}", waiting());
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
async fn a_join_gets_its_turn_beside_a_view_that_always_has_something_to_tell() {
    let limits = Limits {
        outgoing_bytes: 100_000,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut browser = stage.browser();
    let page = browser.open("/puppet").await;
    let second = browser.open("/puppet").await;
    browser.server = stage.server.with_pipe(1024);
    let mut live = Live::new(browser.connect(&page).await, page);
    live.join().await;
    let tell = || {
        stage.tell(Command::PushEvent {
            name: "tick".to_owned(),
            detail: json!("x".repeat(10_000)),
        })
    };
    for _ in 0..30 {
        tell();
        settle().await;
    }
    let payload = json!({
        "url": second.url, "session": second.session, "static": second.statics,
    });
    let join = json!(["900", "900", second.topic(), "phx_join", payload]);
    live.client.send(join).await;
    let mut frames = 0;
    loop {
        tell();
        let frame = live.client.next().await;
        if frame.message_ref.as_deref() == Some("900") {
            assert!(frame.ok()["rendered"].is_object());
            break;
        }
        frames += 1;
        assert!(frames < 25, "{frames}");
    }
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

/// What is being written, what views have rendered since, and what the peer asks
/// for meanwhile.
#[tokio::test(start_paused = true)]
async fn all_that_waits_for_a_reader_is_one_count() {
    let limits = Limits {
        outgoing_bytes: 200_000,
        messages_per_second: 10_000,
        write: Duration::MAX,
        lowest_rate: 0,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut live = slow_reader(&stage).await;
    for number in 0..50 {
        stage.tell(Command::PushEvent {
            name: "tick".to_owned(),
            detail: json!([number, "x".repeat(10_000)]),
        });
        settle().await;
    }
    let rendered = stage.connections.waiting_bytes();
    let mut most = rendered;
    // Three times as much as there is room for is asked for, and read a little.
    for _ in 0..4 {
        for _ in 0..500 {
            let ask = json!([null, "7", "x".repeat(250), "nothing", {}]);
            live.client.send(ask).await;
        }
        settle().await;
        most = most.max(stage.connections.waiting_bytes());
        live.client.came().await;
        settle().await;
    }
    assert!((rendered..280_000).contains(&most), "{most}");
    assert!((150_000..200_000).contains(&rendered), "{rendered}");
    seconds(6).await;
    assert_eq!(stage.connections.waiting_bytes(), 0);
    assert_eq!(stage.log.take().last().unwrap(), "terminate Disconnected");
}

#[tokio::test(start_paused = true)]
async fn who_reads_a_message_beyond_the_limit_is_answered_meanwhile() {
    let limits = Limits {
        outgoing_bytes: 10_000,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let mut live = slow_reader(&stage).await;
    live.push("event", event("grow", json!({"bytes": 1_000_000})))
        .await;
    for _ in 0..100 {
        live.client
            .send(json!([null, "777", "phoenix", "heartbeat", {}]))
            .await;
    }
    settle().await;
    let waiting = stage.connections.waiting_bytes();
    assert!((1_000_000..1_010_000).contains(&waiting), "{waiting}");
    let mut answers = 0;
    while answers < 100 {
        let frame = live.client.next().await;
        answers += usize::from(frame.message_ref.as_deref() == Some("777"));
    }
    assert_eq!(stage.connections.waiting_bytes(), 0);
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
