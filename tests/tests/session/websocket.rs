//! RFC 6455 byte by byte, where a WebSocket library would not let a test go.

use bennu::Limits;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use crate::stage::{Stage, settle};

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;
const FIN: u8 = 0x80;

const HEARTBEAT: &str = "[null,\"1\",\"phoenix\",\"heartbeat\",{}]";

/// The bytes of a WebSocket after its upgrade.
struct Raw {
    pipe: DuplexStream,
    topic: String,
}

impl Raw {
    /// A joined page; its join is answered.
    async fn joined(stage: &Stage) -> Self {
        let live = stage.visit("/puppet").await;
        Self {
            topic: live.topic,
            pipe: live.client.into_pipe(),
        }
    }

    async fn write(&mut self, bytes: &[u8]) {
        self.pipe.write_all(bytes).await.unwrap();
    }

    /// The next frame: its first byte and its payload; `None` at the end.
    async fn read(&mut self) -> Option<(u8, Vec<u8>)> {
        let first = self.pipe.read_u8().await.ok()?;
        let length = match self.pipe.read_u8().await.unwrap() {
            126 => u64::from(self.pipe.read_u16().await.unwrap()),
            127 => self.pipe.read_u64().await.unwrap(),
            length => u64::from(length),
        };
        assert!(length < 1 << 32, "a server does not mask: {length}");
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.pipe.read_exact(&mut payload).await.unwrap();
        Some((first, payload))
    }

    /// The next frame is a whole text.
    async fn text(&mut self) -> Value {
        let (first, payload) = self.read().await.unwrap();
        assert_eq!(first, FIN | TEXT, "{payload:?}");
        serde_json::from_slice(&payload).unwrap()
    }

    /// The heartbeat is answered.
    async fn beat(&mut self) {
        let reply = json!([null, "1", "phoenix", "phx_reply", {"status": "ok", "response": {}}]);
        assert_eq!(self.text().await, reply);
    }

    /// The next frame closes with this code, and then the connection ends.
    async fn closed(&mut self) -> u16 {
        let (first, payload) = self.read().await.expect("a close frame");
        assert_eq!(first, FIN | CLOSE, "{}", String::from_utf8_lossy(&payload));
        // The closing handshake: the server waits for our answer, if it does.
        drop(self.pipe.write_all(&frame(FIN | CLOSE, &payload)).await);
        drop(self.pipe.shutdown().await);
        assert_eq!(self.read().await, None);
        payload
            .first_chunk()
            .map_or(1005, |code| u16::from_be_bytes(*code))
    }
}

/// A frame of a client, masked.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    let length = payload.len();
    if length < 126 {
        out.push(0x80 | u8::try_from(length).unwrap());
    } else if let Ok(length) = u16::try_from(length) {
        out.push(0x80 | 126);
        out.extend_from_slice(&length.to_be_bytes());
    } else {
        out.push(0x80 | 127);
        out.extend_from_slice(&(length as u64).to_be_bytes());
    }
    let mask = [0x37, 0xFA, 0x21, 0x3D];
    out.extend_from_slice(&mask);
    out.extend(
        payload
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    out
}

#[tokio::test(start_paused = true)]
async fn a_message_may_come_byte_by_byte() {
    let stage = Stage::new();
    let mut raw = Raw::joined(&stage).await;
    for byte in frame(FIN | TEXT, HEARTBEAT.as_bytes()) {
        raw.write(&[byte]).await;
        settle().await;
    }
    raw.beat().await;
}

#[tokio::test(start_paused = true)]
async fn many_messages_may_come_at_once() {
    let stage = Stage::new();
    let mut raw = Raw::joined(&stage).await;
    let mut bytes = Vec::new();
    for _ in 0..50 {
        bytes.extend(frame(FIN | TEXT, HEARTBEAT.as_bytes()));
        bytes.extend(frame(FIN | PONG, b""));
    }
    raw.write(&bytes).await;
    for _ in 0..50 {
        raw.beat().await;
    }
}

#[tokio::test(start_paused = true)]
async fn fragments_are_one_message_even_with_a_ping_between() {
    let stage = Stage::new();
    let mut raw = Raw::joined(&stage).await;
    let event = json!({"type": "click", "event": "set", "value": {"text": "äöü"}});
    let text = json!(["4", "9", raw.topic, "event", event]).to_string();
    // Cut within a character.
    let cut = text.find('ä').unwrap() + 1;
    let (first, rest) = text.as_bytes().split_at(cut);
    raw.write(&frame(TEXT, first)).await;
    raw.write(&frame(FIN | PING, b"are you there")).await;
    assert_eq!(
        raw.read().await,
        Some((FIN | PONG, b"are you there".to_vec()))
    );
    raw.write(&frame(CONTINUATION, b"")).await;
    raw.write(&frame(CONTINUATION, &rest[..5])).await;
    raw.write(&frame(FIN | CONTINUATION, &rest[5..])).await;
    let reply = json!({"status": "ok", "response": {"diff": {"0": "äöü"}}});
    assert_eq!(
        raw.text().await,
        json!(["4", "9", raw.topic, "phx_reply", reply])
    );

    // A binary message in fragments, and one of each length form.
    let heartbeat = b"\x00\x00\x01\x07\x091phoenixheartbeat";
    raw.write(&frame(BINARY, &heartbeat[..3])).await;
    raw.write(&frame(FIN | CONTINUATION, &heartbeat[3..])).await;
    raw.beat().await;
    for length in [100, 125, 126, 200, 65_535, 65_536, 100_000] {
        let spaces = length - HEARTBEAT.len();
        let text = format!("{}{HEARTBEAT}", " ".repeat(spaces));
        raw.write(&frame(FIN | TEXT, text.as_bytes())).await;
        raw.beat().await;
    }
}

#[tokio::test(start_paused = true)]
async fn large_messages_of_the_server_are_whole() {
    let stage = Stage::new();
    let mut raw = Raw::joined(&stage).await;
    for bytes in [10, 125, 126, 1_000, 65_535, 65_536, 300_000] {
        let event = json!({"type": "click", "event": "grow", "value": {"bytes": bytes}});
        let push = json!(["4", "9", raw.topic, "event", event]).to_string();
        raw.write(&frame(FIN | TEXT, push.as_bytes())).await;
        let reply = raw.text().await;
        let text = reply[4]["response"]["diff"]["0"].as_str().unwrap();
        assert_eq!(text.len(), bytes + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_ping_is_answered_with_its_payload() {
    let stage = Stage::new();
    let mut raw = Raw::joined(&stage).await;
    for payload in [&b""[..], b"x", &[b'y'; 125]] {
        raw.write(&frame(FIN | PING, payload)).await;
        assert_eq!(raw.read().await, Some((FIN | PONG, payload.to_vec())));
    }
    raw.write(&frame(FIN | PONG, b"unasked")).await;
    raw.write(&frame(FIN | TEXT, HEARTBEAT.as_bytes())).await;
    raw.beat().await;
}

#[tokio::test(start_paused = true)]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn who_breaks_the_framing_is_sent_away() {
    let stage = Stage::new();
    let unmasked = {
        let mut bytes = vec![FIN | TEXT, u8::try_from(HEARTBEAT.len()).unwrap()];
        bytes.extend_from_slice(HEARTBEAT.as_bytes());
        bytes
    };
    let start = || frame(TEXT, b"[");
    // Whole messages, but for the form of their lengths.
    let wide = |length: &[u8], payload: &[u8]| {
        let mut bytes = frame(FIN | TEXT, payload);
        let rest = bytes.split_off(2);
        bytes[1] = 0x80 | if length.len() == 2 { 126 } else { 127 };
        [bytes, length.to_vec(), rest].concat()
    };
    for (what, bytes, wanted) in [
        ("no mask", unmasked, 1002),
        (
            "reserved bit 1",
            frame(FIN | 0x40 | TEXT, HEARTBEAT.as_bytes()),
            1002,
        ),
        (
            "reserved bit 3",
            frame(FIN | 0x10 | TEXT, HEARTBEAT.as_bytes()),
            1002,
        ),
        ("unknown data frame", frame(FIN | 3, b"x"), 1002),
        ("unknown control frame", frame(FIN | 11, b"x"), 1002),
        ("long ping", frame(FIN | PING, &[b'x'; 126]), 1002),
        ("ping in fragments", frame(PING, b"x"), 1002),
        ("close in fragments", frame(CLOSE, b""), 1002),
        ("half a code", frame(FIN | CLOSE, b"x"), 1002),
        ("a code of nobody", frame(FIN | CLOSE, b"\x03\xED"), 1002),
        (
            "a reason that is not UTF-8",
            frame(FIN | CLOSE, b"\x03\xE8\xFF"),
            1007,
        ),
        ("a length of 2 bytes for 1", wide(&[0, 1], b"x"), 1002),
        (
            "a length of 8 bytes for 1",
            wide(&[0, 0, 0, 0, 0, 0, 0, 1], b"x"),
            1002,
        ),
        (
            "a length of 2^63 and more",
            wide(&[0x80, 0, 0, 0, 0, 0, 0, 1], b"x"),
            1002,
        ),
        (
            "continuation of nothing",
            frame(FIN | CONTINUATION, b"x"),
            1002,
        ),
        (
            "message within a message",
            [start(), frame(FIN | TEXT, HEARTBEAT.as_bytes())].concat(),
            1002,
        ),
        ("not UTF-8", frame(FIN | TEXT, b"[\xFF]"), 1007),
        ("not UTF-8, with more to come", frame(TEXT, b"[\xFF]"), 1007),
        (
            "half a character",
            frame(FIN | TEXT, "ä".as_bytes().split_at(1).0),
            1007,
        ),
    ] {
        let mut raw = Raw::joined(&stage).await;
        raw.write(&bytes).await;
        assert_eq!(raw.closed().await, wanted, "{what}");
        settle().await;
        assert_eq!(
            stage.log.take().last().unwrap(),
            "terminate Disconnected",
            "{what}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_is_too_long_by_what_it_claims_and_by_the_sum_of_its_fragments() {
    let limits = Limits {
        message_bytes: 333,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    let header = |length: u64| {
        let mut header = vec![FIN | TEXT, 0x80 | 127];
        header.extend_from_slice(&length.to_be_bytes());
        header.extend_from_slice(&[0; 4]);
        header
    };
    let fragments = |count: usize| {
        let mut bytes = frame(TEXT, &[b' '; 300]);
        for _ in 1..count {
            bytes.extend(frame(CONTINUATION, &[b' '; 300]));
        }
        bytes
    };
    for (what, bytes) in [
        ("70,000 bytes", header(70_000)),
        ("4 GB", header(1 << 32)),
        ("all there is", header(u64::MAX >> 1)),
        ("4 fragments of 300 bytes", fragments(4)),
    ] {
        let mut raw = Raw::joined(&stage).await;
        raw.write(&bytes).await;
        assert_eq!(raw.closed().await, 1009, "{what}");
    }
    let mut raw = Raw::joined(&stage).await;
    raw.write(&fragments(3)).await;
    // A ping between them is no part of the message.
    raw.write(&frame(FIN | PING, &[b'x'; 125])).await;
    assert_eq!(raw.read().await, Some((FIN | PONG, vec![b'x'; 125])));
    raw.write(&frame(FIN | CONTINUATION, HEARTBEAT.as_bytes()))
        .await;
    raw.beat().await;
}

#[tokio::test(start_paused = true)]
async fn a_goodbye_is_returned_with_its_code() {
    let stage = Stage::new();
    for (payload, code) in [
        (&b"\x03\xE8"[..], 1000),
        (b"\x03\xE9going", 1001),
        (b"\x0F\xA0own", 4000),
        (b"", 1005),
    ] {
        let mut raw = Raw::joined(&stage).await;
        raw.write(&frame(FIN | CLOSE, payload)).await;
        assert_eq!(raw.closed().await, code);
        settle().await;
        assert_eq!(stage.log.take().last().unwrap(), "terminate Disconnected");
    }
}

#[tokio::test(start_paused = true)]
async fn what_comes_before_a_goodbye_is_handled_and_what_comes_after_is_not() {
    let stage = Stage::new();
    let mut raw = Raw::joined(&stage).await;
    let leave = json!(["4", "9", raw.topic, "phx_leave", {}]).to_string();
    let mut bytes = frame(FIN | TEXT, leave.as_bytes());
    bytes.extend(frame(FIN | CLOSE, b"\x03\xE8"));
    bytes.extend(frame(FIN | TEXT, HEARTBEAT.as_bytes()));
    raw.write(&bytes).await;
    settle().await;
    assert_eq!(stage.log.take().last().unwrap(), "terminate Left");
    while let Some((first, payload)) = raw.read().await {
        let text = String::from_utf8_lossy(&payload).into_owned();
        assert!(!text.contains("phoenix"), "{text}");
        if first == FIN | CLOSE {
            break;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_hangs_within_a_frame_is_silent_too() {
    let stage = Stage::new();
    let mut raw = Raw::joined(&stage).await;
    let bytes = frame(FIN | TEXT, HEARTBEAT.as_bytes());
    raw.write(&bytes[..10]).await;
    assert_eq!(raw.closed().await, 1001);
}
