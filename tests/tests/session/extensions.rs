//! What a client that offers extensions is sent (`docs/extensions.md`), and that
//! another one is not.

use axum::Router;
use axum::routing::get;
use bennu::{Event, Limits, LiveView, Never, Rendered, Result, Socket, html, live, long_text};
use bennu_tests::Live;
use serde_json::{Value, json};

use crate::stage::{Stage, bennu};

/// A thousand rows, as many as the budget for moves speaks of.
struct Rows(Vec<u32>);

#[derive(Debug, Event)]
enum Change {
    Prepend,
    Remove,
    Swap,
}

impl LiveView for Rows {
    type Params = ();
    type Event = Change;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self((1..=1000).collect()))
    }

    async fn handle_event(&mut self, change: Change, _: &mut Socket<Self>) -> Result {
        match change {
            Change::Prepend => self.0.insert(0, 1001),
            Change::Remove => drop(self.0.remove(500)),
            Change::Swap => self.0.swap(1, 998),
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            table {
                tbody {
                    @for id in &self.0 key=(id) {
                        tr id={ "row-" (id) } { td { (id) } td { "Row label number " (id) } }
                    }
                }
            }
        }
    }
}

async fn rows(extensions: Value) -> Live {
    let stage = Stage::of(bennu(), Router::new().route("/", get(live::<Rows>())));
    let mut live = stage.open("/").await;
    let mut payload = live.join_payload();
    payload["params"]["_bennu"] = extensions;
    live.join_with(payload).await;
    live
}

/// A text that grows.
struct Transcript(String);

#[derive(Debug, Event)]
enum Say {
    Token { text: String },
}

impl LiveView for Transcript {
    type Params = ();
    type Event = Say;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self("A <long> text & more. ".repeat(1000)))
    }

    async fn handle_event(&mut self, Say::Token { text }: Say, _: &mut Socket<Self>) -> Result {
        self.0.push_str(&text);
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! { pre { (long_text(&self.0)) } }
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_appended_to_a_long_text_is_all_that_is_sent() {
    for (extensions, is_short) in [(json!(["splices"]), true), (json!([]), false)] {
        let routes = Router::new().route("/", get(live::<Transcript>()));
        let mut live = Stage::of(bennu(), routes).open("/").await;
        let mut payload = live.join_payload();
        payload["params"]["_bennu"] = extensions;
        live.join_with(payload).await;
        for token in ["<b>", "é🐦", ""] {
            let before = live.html();
            let value = json!({"text": token});
            let payload = json!({"type": "click", "event": "token", "value": value});
            let frame = live.ask("event", payload).await;
            let bytes = frame.to_json().to_string().len();
            assert_eq!(bytes < 120, is_short || token.is_empty(), "{bytes} bytes");
            let html = token.replace('<', "&lt;").replace('>', "&gt;");
            let expected = before.replace("</pre>", &format!("{html}</pre>"));
            assert_eq!(live.html(), expected);
        }
    }
}

/// Makes a change and holds what the client shows against a new render.
/// Returns the diff and the bytes of its frame.
async fn change(live: &mut Live, event: &str) -> (Value, usize) {
    let payload = json!({"type": "click", "event": event, "value": {}});
    let frame = live.ask("event", payload).await;
    let bytes = frame.to_json().to_string().len();
    (frame.ok()["diff"].clone(), bytes)
}

fn ids(live: &Live) -> Vec<u32> {
    let html = live.html();
    let rows = html.split("<tr id=\"row-").skip(1);
    rows.map(|row| row.split_once('"').unwrap().0.parse().unwrap())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn moves_cost_as_much_as_the_change_if_the_client_takes_them() {
    let mut live = rows(json!(["moves", "unknown"])).await;
    let mut expected: Vec<u32> = (1..=1000).collect();

    let (diff, bytes) = change(&mut live, "prepend").await;
    expected.insert(0, 1001);
    assert_eq!(diff["0"]["k"]["ko"], json!([-1, 1, 0, 1000]));
    assert!(bytes <= 160, "{bytes} bytes");
    assert_eq!(ids(&live), expected);

    let (diff, bytes) = change(&mut live, "remove").await;
    expected.remove(500);
    assert_eq!(diff, json!({"0": {"k": {"ko": [0, 500, 501, 500]}}}));
    assert!(bytes <= 160, "{bytes} bytes");
    assert_eq!(ids(&live), expected);

    change(&mut live, "swap").await;
    expected.swap(1, 998);
    assert_eq!(ids(&live), expected);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_offers_nothing_gets_the_standard_form() {
    for extensions in [json!([]), json!(["splices"])] {
        let mut live = rows(extensions).await;
        let (diff, _) = change(&mut live, "prepend").await;
        let list = diff["0"]["k"].as_object().unwrap();
        assert_eq!(list["km"], json!(true));
        assert_eq!(list["1000"], json!(999));
        assert!(!list.contains_key("ko"));
        assert_eq!(ids(&live)[..2], [1001, 1]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_longest_message_is_told_to_who_wants_to_know() {
    let limits = Limits {
        message_bytes: 5000,
        ..Limits::default()
    };
    let stage = Stage::with_limits(limits);
    for (offer, told) in [
        (json!(["limit"]), json!(5000)),
        (json!(["moves"]), Value::Null),
    ] {
        let mut live = stage.open("/puppet").await;
        let mut payload = live.join_payload();
        payload["params"]["_bennu"] = offer;
        assert_eq!(live.join_with(payload).await["limit"], told);
    }
    let mut live = stage.open("/puppet").await;
    let payload = live.join_payload();
    let reply = live.join_with(payload).await;
    assert!(reply.get("limit").is_none(), "{reply}");
}
