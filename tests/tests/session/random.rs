//! No input of a peer can panic the server (design §5), nor be felt by others.

use std::cell::Cell;
use std::sync::Once;

use bennu::Event;
use bennu_tests::{Browser, Came, Live, Page};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::Message;

use crate::stage::{Command, Stage, settle};

thread_local! {
    static PANICS: Cell<u32> = const { Cell::new(0) };
}

/// Counts the panics of each thread; a test's tasks run on its own.
fn count_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.set(PANICS.get() + 1);
            hook(panic);
        }));
    });
}

/// What an attacker sends.
#[derive(Clone, Debug)]
enum Sent {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Frame(Ref, Ref, Topic, String, Payload),
    BinaryFrame(Topic, String, Vec<u8>),
}

#[derive(Clone, Debug)]
enum Ref {
    None,
    Current,
    Other(String),
}

#[derive(Clone, Debug)]
enum Topic {
    Own,
    Other(String),
}

#[derive(Clone, Debug)]
enum Payload {
    /// A good join, with some keys replaced.
    Join(Vec<(String, Value)>),
    Json(Value),
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("/puppet")),
        Just(json!("name=x&a[b][]=1&a[b]=2&a=3&[=]&%ff")),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        let key = prop_oneof![
            Just("text".to_owned()),
            Just("to".to_owned()),
            Just("key".to_owned()),
            Just("_target".to_owned()),
            ".{0,4}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// The puppet's commands but those that make it panic, wait, or speak to
/// others by themselves.
fn any_command() -> impl Strategy<Value = String> {
    let harmless = Command::NAMES.iter().filter(|name| {
        ![
            "panic",
            "break",
            "break_end",
            "cancel",
            "every_panic",
            "spawn_panic",
            "wait",
            "every",
            "grow",
            "shout",
            "tell",
        ]
        .contains(name)
    });
    let names: Vec<_> = harmless.map(|name| (*name).to_owned()).collect();
    prop_oneof![4 => prop::sample::select(names), 1 => "lv:.{0,6}", 1 => ".{0,6}"]
}

fn any_payload() -> impl Strategy<Value = Payload> {
    let join_key = prop::sample::select(vec![
        "url", "redirect", "params", "session", "static", "flash", "sticky",
    ]);
    let join_value = prop_oneof![
        any_json(),
        Just(json!(Browser::url("/other"))),
        Just(json!(Browser::url("/puppet?x=%ff&y=ä"))),
        Just(json!(Browser::url("/elsewhere"))),
        Just(json!("http://[::1]:99999//\\x")),
    ];
    let kind = prop::sample::select(vec!["click", "form", "hook", "keydown", "remove", "x"]);
    prop_oneof![
        1 => any_json().prop_map(Payload::Json),
        2 => prop::collection::vec((join_key.prop_map(str::to_owned), join_value), 0..3)
            .prop_map(Payload::Join),
        4 => (kind, any_command(), any_json(), any_json()).prop_map(|(kind, event, value, meta)| {
            Payload::Json(json!({"type": kind, "event": event, "value": value, "meta": meta}))
        }),
        1 => "(http://[a-z]{0,4})?/(puppet|alias|other|dead)?[?#]?.{0,8}"
            .prop_map(|url| Payload::Json(json!({ "url": url }))),
    ]
}

fn any_topic() -> impl Strategy<Value = Topic> {
    prop_oneof![
        6 => Just(Topic::Own),
        1 => Just(Topic::Other("phoenix".to_owned())),
        1 => Just(Topic::Other("lv:".to_owned())),
        1 => Just(Topic::Other("lvu:0".to_owned())),
        1 => ".{0,300}".prop_map(Topic::Other),
    ]
}

fn any_event() -> impl Strategy<Value = String> {
    let known = [
        "event",
        "event",
        "event",
        "live_patch",
        "phx_join",
        "phx_leave",
        "phx_close",
        "phx_reply",
        "phx_error",
        "heartbeat",
        "cids_will_destroy",
        "cids_destroyed",
        "allow_upload",
        "progress",
        "chunk",
    ];
    prop_oneof![9 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => ".{0,8}"]
}

fn any_ref() -> impl Strategy<Value = Ref> {
    prop_oneof![
        1 => Just(Ref::None),
        6 => Just(Ref::Current),
        1 => ".{0,6}".prop_map(Ref::Other),
    ]
}

fn any_sent() -> impl Strategy<Value = Sent> {
    prop_oneof![
        1 => ".{0,60}".prop_map(Sent::Text),
        1 => any_json().prop_map(|json| Sent::Text(json.to_string())),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(Sent::Binary),
        1 => prop::collection::vec(any::<u8>(), 0..100).prop_map(Sent::Ping),
        1 => (any_topic(), any_event(), prop::collection::vec(any::<u8>(), 0..20))
            .prop_map(|(topic, event, data)| Sent::BinaryFrame(topic, event, data)),
        20 => (any_ref(), any_ref(), any_topic(), any_event(), any_payload())
            .prop_map(|(join_ref, message_ref, topic, event, payload)| {
                Sent::Frame(join_ref, message_ref, topic, event, payload)
            }),
    ]
}

/// A page that sends what it likes.
struct Attacker {
    browser: Browser,
    page: Page,
    live: Live,
}

impl Attacker {
    async fn new(stage: &Stage) -> Self {
        let mut browser = stage.browser();
        let live = browser.visit("/puppet").await;
        let page = live.page.clone();
        Self {
            browser,
            page,
            live,
        }
    }

    fn message(&mut self, sent: Sent) -> Message {
        let topic_of = |topic| match topic {
            Topic::Own => self.page.topic(),
            Topic::Other(topic) => topic,
        };
        let (join_ref, message_ref, topic, event, payload) = match sent {
            Sent::Text(text) => return Message::text(text),
            Sent::Binary(bytes) => return Message::binary(bytes),
            Sent::Ping(bytes) => return Message::Ping(bytes.into()),
            Sent::BinaryFrame(topic, event, data) => {
                let names = ["4".to_owned(), "5".to_owned(), topic_of(topic), event];
                let mut frame = vec![0];
                frame.extend(
                    names
                        .iter()
                        .map(|name| u8::try_from(name.len()).unwrap_or(255)),
                );
                frame.extend(names.iter().flat_map(|name| name.bytes()));
                frame.extend(data);
                return Message::binary(frame);
            }
            Sent::Frame(join_ref, message_ref, topic, event, payload) => {
                (join_ref, message_ref, topic_of(topic), event, payload)
            }
        };
        let payload = match payload {
            Payload::Json(json) => json,
            Payload::Join(replaced) => {
                let mut payload = self.live.join_payload();
                for (key, value) in replaced {
                    payload[key] = value;
                }
                payload
            }
        };
        let next = self.live.next_ref();
        let message_ref = match message_ref {
            Ref::None => None,
            Ref::Current => Some(next),
            Ref::Other(other) => Some(other),
        };
        let join_ref = match join_ref {
            Ref::None => None,
            // What a client does: a join brings its own ref.
            Ref::Current if event == "phx_join" => {
                self.live.join_ref = message_ref.clone().unwrap_or_default();
                message_ref.clone()
            }
            Ref::Current => Some(self.live.join_ref.clone()),
            Ref::Other(other) => Some(other),
        };
        Message::text(json!([join_ref, message_ref, topic, event, payload]).to_string())
    }

    /// Sends it and looks at what comes back; a closed connection is opened
    /// again.
    async fn send(&mut self, sent: Sent) {
        let message = self.message(sent);
        let mut lost = self.live.client.try_send(message).await.is_err();
        while !lost {
            let moment = std::time::Duration::from_micros(100);
            match tokio::time::timeout(moment, self.live.client.came()).await {
                Err(_) => return,
                Ok(Came::Frame(_)) => {}
                Ok(Came::Closed(code)) => {
                    assert!([1002, 1009].contains(&code), "closed with {code}");
                    lost = true;
                }
                Ok(Came::Lost) => lost = true,
            }
        }
        let client = self.browser.connect(&self.page).await;
        self.live = Live::new(client, self.page.clone());
        self.live.join().await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_frames_of_a_peer_panic_the_server_or_reach_another_view(
        messages in prop::collection::vec(any_sent(), 1..40)
    ) {
        count_panics();
        let before = PANICS.get();
        on_paused_time(async {
            let stage = Stage::new();
            let mut witness = stage.visit("/puppet").await;
            let mut attacker = Attacker::new(&stage).await;
            for sent in messages {
                attacker.send(sent).await;
            }
            witness.client.quiet().await;
            assert_eq!(witness.click("tick", json!({})).await, json!({"diff": {"0": "tick 1"}}));
            drop(attacker);
            settle().await;
            assert_eq!(stage.pubsub.subscriptions(&crate::stage::COMMANDS), 1);
        });
        prop_assert_eq!(PANICS.get(), before, "a task panicked");
    }

    #[test]
    fn no_bytes_of_a_peer_panic_the_server(
        bytes in prop::collection::vec(any::<u8>(), 1..300)
    ) {
        count_panics();
        let before = PANICS.get();
        on_paused_time(async {
            let stage = Stage::new();
            let live = stage.visit("/puppet").await;
            let mut pipe = live.client.into_pipe();
            drop(pipe.write_all(&bytes).await);
            settle().await;
            drop(pipe);
            settle().await;
            assert_eq!(stage.log.take().last().unwrap(), "terminate Disconnected");
        });
        prop_assert_eq!(PANICS.get(), before, "a task panicked");
    }
}

pub(crate) fn on_paused_time(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(test);
}
