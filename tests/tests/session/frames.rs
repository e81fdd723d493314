//! The life of channels (`protocol.md §1.2–1.5`, the checklist of §10).

use bennu_tests::Came;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::stage::{Stage, settle};

#[tokio::test(start_paused = true)]
async fn a_first_session_frame_by_frame() {
    let stage = Stage::new();
    let mut live = stage.open("/puppet").await;
    let (topic, payload) = (live.topic.clone(), live.join_payload());
    let client = &mut live.client;

    client
        .send(json!(["4", "4", topic, "phx_join", payload]))
        .await;
    client
        .expect(json!(["4", "4", topic, "phx_reply", {"status": "ok", "response": {
            "rendered": {"0": "a", "1": "/puppet", "s": 0, "p": {"0": ["<p>", "</p><i>", "</i>"]}},
            "liveview_version": "1.2.12",
        }}]))
        .await;

    let set = |text: &str| json!({"type": "click", "event": "set", "value": {"text": text}});
    client
        .send(json!(["4", "9", topic, "event", set("b")]))
        .await;
    client
        .expect(json!(["4", "9", topic, "phx_reply", {"status": "ok", "response": {"diff": {"0": "b"}}}]))
        .await;
    // The same value again: nothing changed, and the push is still answered.
    client
        .send(json!(["4", "11", topic, "event", set("b")]))
        .await;
    client
        .expect(json!(["4", "11", topic, "phx_reply", {"status": "ok", "response": {}}]))
        .await;

    client.beat().await;
    client
        .send(json!(["4", "12", topic, "phx_leave", {}]))
        .await;
    client
        .expect(json!(["4", "4", topic, "phx_close", {}]))
        .await;
    client
        .expect(json!(["4", "12", topic, "phx_reply", {"status": "ok", "response": {}}]))
        .await;
    client.quiet().await;
    assert_eq!(
        stage.log.take(),
        ["mount dead", "mount connected", "terminate Left"]
    );
}

#[tokio::test(start_paused = true)]
async fn refs_are_opaque_and_echoed_verbatim() {
    let stage = Stage::new();
    let mut live = stage.open("/puppet").await;
    let (topic, payload) = (live.topic.clone(), live.join_payload());
    let join_ref = "ä\"\\\u{1}x";
    live.client
        .send(json!([join_ref, join_ref, topic, "phx_join", payload]))
        .await;
    let reply = live.client.next().await;
    assert_eq!(reply.join_ref.as_deref(), Some(join_ref));
    assert_eq!(reply.message_ref.as_deref(), Some(join_ref));
    let event = json!({"type": "click", "event": "nothing", "value": {}});
    live.client
        .send(json!([join_ref, "\n", topic, "event", event]))
        .await;
    live.client
        .expect(json!([join_ref, "\n", topic, "phx_reply", {"status": "ok", "response": {}}]))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_message_of_an_older_instance_is_ignored() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let topic = live.topic.clone();
    let event = json!({"type": "click", "event": "set", "value": {"text": "b"}});
    live.client
        .send(json!(["3", "5", topic, "event", event]))
        .await;
    live.client
        .send(json!(["3", "6", topic, "phx_leave", {}]))
        .await;
    live.client.quiet().await;
    // Without a join_ref it is for whatever instance there is.
    live.client
        .send(json!([null, "7", topic, "event", event]))
        .await;
    live.client
        .expect(json!(["4", "7", topic, "phx_reply", {"status": "ok", "response": {"diff": {"0": "b"}}}]))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_second_join_of_a_topic_closes_the_first_with_its_own_ref() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let first = live.join_ref.clone();
    let payload = live.join_payload();
    let second = live.push_join(payload).await;
    let frames = live.client.waiting().await;
    let closes: Vec<_> = frames
        .iter()
        .filter(|frame| frame.event == "phx_close")
        .collect();
    let [close] = closes[..] else {
        panic!("{frames:?}")
    };
    assert_eq!(
        close.to_json(),
        json!([first, first, live.topic, "phx_close", {}])
    );
    let replies: Vec<_> = frames
        .iter()
        .filter(|frame| frame.event == "phx_reply")
        .collect();
    let [reply] = replies[..] else {
        panic!("{frames:?}")
    };
    assert_eq!(reply.join_ref, Some(second.clone()));
    assert!(reply.ok()["rendered"].is_object());
    assert_eq!(stage.pubsub.subscriptions(&crate::stage::COMMANDS), 1);

    live.join_ref = second;
    assert_eq!(
        live.click("set", json!({"text": "b"})).await,
        json!({"diff": {"0": "b"}})
    );
}

#[tokio::test(start_paused = true)]
async fn leaving_a_topic_that_was_never_joined_is_fine() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    // As recorded from the stock client on page unload.
    live.client
        .send(json!([null, "9", "lv:", "phx_leave", {}]))
        .await;
    live.client
        .expect(json!([null, "9", "lv:", "phx_reply", {"status": "ok", "response": {}}]))
        .await;
    live.client
        .send(json!(["1", "2", "room:1", "phx_leave", {}]))
        .await;
    live.client
        .expect(json!(["1", "2", "room:1", "phx_reply", {"status": "ok", "response": {}}]))
        .await;
}

#[tokio::test(start_paused = true)]
async fn leaving_twice_closes_once() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let topic = live.topic.clone();
    live.client
        .send(json!(["4", "5", topic, "phx_leave", {}]))
        .await;
    live.client
        .send(json!(["4", "6", topic, "phx_leave", {}]))
        .await;
    let mut frames: Vec<_> = live.client.waiting().await;
    frames.sort_by_key(|frame| frame.message_ref.clone());
    let frames: Vec<_> = frames.iter().map(bennu_tests::Frame::to_json).collect();
    assert_eq!(
        frames,
        [
            json!(["4", "4", topic, "phx_close", {}]),
            json!(["4", "5", topic, "phx_reply", {"status": "ok", "response": {}}]),
            json!(["4", "6", topic, "phx_reply", {"status": "ok", "response": {}}]),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn leaving_while_the_join_is_under_way_is_answered_too() {
    let stage = Stage::new();
    for path in [
        "/puppet?mount=wait&ms=50",
        "/puppet?mount=wait&ms=50&params=panic&only=connected",
    ] {
        let mut live = stage.open(path).await;
        let payload = live.join_payload();
        live.join_ref = live.push_join(payload).await;
        let leave = live.push("phx_leave", json!({})).await;
        crate::stage::pass(std::time::Duration::from_millis(60)).await;
        let frames = live.client.waiting().await;
        let answers = frames
            .iter()
            .filter(|frame| frame.message_ref.as_ref() == Some(&leave));
        assert_eq!(
            answers.map(|frame| frame.ok().clone()).collect::<Vec<_>>(),
            [json!({})],
            "{path}"
        );
    }
    assert_eq!(stage.pubsub.subscriptions(&crate::stage::COMMANDS), 0);
}

#[tokio::test(start_paused = true)]
async fn unknown_topics_are_unmatched() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let unmatched = json!({"status": "error", "response": {"reason": "unmatched topic"}});
    for (topic, event) in [
        ("room:1", "phx_join"),
        ("room:1", "shout"),
        ("lv:phx-x", "event"),
        ("phoenix", "phx_join"),
    ] {
        live.client.send(json!(["7", "8", topic, event, {}])).await;
        live.client
            .expect(json!([null, "8", topic, "phx_reply", unmatched]))
            .await;
    }
    live.client.beat().await;
}

#[tokio::test(start_paused = true)]
async fn an_unknown_message_to_a_view_is_refused_and_the_view_lives() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    for (event, payload) in [
        ("shout", json!({})),
        ("phx_reply", json!({})),
        ("phx_close", json!({})),
        ("event", json!({})),
        ("event", json!([])),
        ("event", json!({"event": 7})),
        ("event", json!(null)),
        ("live_patch", json!({})),
        ("live_patch", json!({"url": 7})),
    ] {
        let reply = live.ask(event, payload.clone()).await;
        assert!(
            reply.refused()["reason"].is_string(),
            "{event} {payload}: {reply:?}"
        );
    }
    assert_eq!(
        live.click("set", json!({"text": "b"})).await,
        json!({"diff": {"0": "b"}})
    );
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_needs_no_channel() {
    let stage = Stage::new();
    let mut live = stage.open("/puppet").await;
    live.client.beat().await;
    live.client
        .send(json!([null, "30", "phoenix", "heartbeat", {}]))
        .await;
    live.client
        .expect(json!([null, "30", "phoenix", "phx_reply", {"status": "ok", "response": {}}]))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_binary_push_is_understood_and_answered_in_text() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    // The recorded chunk: nobody joined its topic.
    live.client
        .send_binary(b"\x00\x02\x02\x05\x051213lvu:0chunk0123")
        .await;
    let unmatched = json!({"status": "error", "response": {"reason": "unmatched topic"}});
    live.client
        .expect(json!([null, "13", "lvu:0", "phx_reply", unmatched]))
        .await;

    let heartbeat = b"\x00\x00\x01\x07\x091phoenixheartbeat";
    live.client.send_binary(heartbeat).await;
    live.client
        .expect(json!([null, "1", "phoenix", "phx_reply", {"status": "ok", "response": {}}]))
        .await;

    let mut chunk = vec![0, 1, 1, u8::try_from(live.topic.len()).unwrap(), 5];
    chunk.extend_from_slice(format!("45{}chunk", live.topic).as_bytes());
    live.client.send_binary(&chunk).await;
    let reply = live.client.next().await;
    assert_eq!(reply.message_ref.as_deref(), Some("5"));
    assert!(reply.refused()["reason"].is_string());
    assert_eq!(
        live.click("set", json!({"text": "b"})).await,
        json!({"diff": {"0": "b"}})
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_no_frame_ends_the_connection_but_never_with_1000() {
    let stage = Stage::new();
    let long = format!("[null,\"1\",\"{}\",\"e\",{{}}]", "x".repeat(256));
    let deep = format!("[null,\"1\",\"t\",\"e\",{}]", "[".repeat(10_000));
    for message in [
        Message::text(""),
        Message::text("hello"),
        Message::text("{}"),
        Message::text("[]"),
        Message::text("[null,\"1\",\"t\",\"e\"]"),
        Message::text("[null,\"1\",\"t\",\"e\",{},{}]"),
        Message::text("[null,1,\"t\",\"e\",{}]"),
        Message::text("[null,\"1\",null,\"e\",{}]"),
        Message::text("[null,\"1\",\"t\",\"e\",]"),
        Message::text(long),
        Message::text(deep),
        Message::binary(&b""[..]),
        Message::binary(&b"\x00\x01"[..]),
        Message::binary(&b"\x00\x01\x01\x01\x01ab"[..]),
        Message::binary(&b"\x01\x00\x00\x00\x00"[..]),
        Message::binary(&b"\xFF\x00\x00\x00\x00"[..]),
        Message::binary(&b"\x00\x00\x00\x01\x00\xFF"[..]),
    ] {
        let mut live = stage.visit("/puppet").await;
        let text = format!("{message:?}");
        live.client.send_message(message).await;
        assert_eq!(live.client.came().await, Came::Closed(1002), "{text:.80}");
        settle().await;
        assert!(
            stage
                .log
                .take()
                .contains(&"terminate Disconnected".to_owned())
        );
    }
}

#[tokio::test(start_paused = true)]
async fn pings_are_answered_and_a_goodbye_is_returned() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    live.client.send_message(Message::Ping("x".into())).await;
    live.client.beat().await;
    live.client.close().await;
    settle().await;
    assert_eq!(
        stage.log.take(),
        ["mount dead", "mount connected", "terminate Disconnected"]
    );
    assert_eq!(stage.pubsub.subscriptions(&crate::stage::COMMANDS), 0);
}

#[tokio::test(start_paused = true)]
async fn pushes_are_answered_in_their_order_each_with_its_own_diff() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    for text in ["b", "c", "c", "d"] {
        live.push(
            "event",
            json!({"type": "click", "event": "set", "value": {"text": text}}),
        )
        .await;
    }
    for (message_ref, response) in [
        ("5", json!({"diff": {"0": "b"}})),
        ("6", json!({"diff": {"0": "c"}})),
        ("7", json!({})),
        ("8", json!({"diff": {"0": "d"}})),
    ] {
        assert_eq!(*live.answer(message_ref).await.ok(), response);
    }
    live.client.quiet().await;
    assert_eq!(live.html(), "<p>d</p><i>/puppet</i>");
}

#[tokio::test(start_paused = true)]
async fn a_push_without_a_ref_gets_no_reply_and_its_change_is_pushed() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let event = json!({"type": "click", "event": "set", "value": {"text": "b"}});
    live.client
        .send(json!(["4", null, live.topic, "event", event]))
        .await;
    assert_eq!(live.pushed("diff").await, json!({"0": "b"}));
    live.client.quiet().await;

    let event = json!({"type": "click", "event": "redirect", "value": {"to": "/x"}});
    live.client
        .send(json!(["4", null, live.topic, "event", event]))
        .await;
    assert_eq!(live.pushed("redirect").await, json!({"to": "/x"}));
    live.expect_close().await;
}

#[tokio::test(start_paused = true)]
async fn two_pages_share_nothing() {
    let stage = Stage::new();
    let mut first = stage.visit("/puppet").await;
    let mut second = stage.visit("/puppet").await;
    first.click("set", json!({"text": "b"})).await;
    second.client.quiet().await;
    assert_eq!(
        second.click("set", json!({"text": "b"})).await,
        json!({"diff": {"0": "b"}})
    );
}

#[tokio::test(start_paused = true)]
async fn one_connection_carries_several_views() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let mut live = browser.visit("/puppet").await;
    let second = browser.open("/puppet").await;
    let payload = json!({"url": second.url, "session": second.session, "static": second.statics});
    live.client
        .send(json!(["20", "20", second.topic(), "phx_join", payload]))
        .await;
    assert!(live.client.next().await.ok()["rendered"].is_object());
    let event = json!({"type": "click", "event": "set", "value": {"text": "b"}});
    live.client
        .send(json!(["20", "21", second.topic(), "event", event]))
        .await;
    let reply = live.client.next().await;
    assert_eq!(
        (reply.topic, reply.join_ref.as_deref()),
        (second.topic(), Some("20"))
    );
    assert_eq!(live.html(), "<p>a</p><i>/puppet</i>");
    assert_eq!(live.click("nothing", json!({})).await, json!({}));
}
