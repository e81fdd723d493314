//! Events of the browser (`protocol.md §5.1–5.3, 5.5, 5.7`) and what a handler
//! says besides the diff (§4.2).

use axum::Router;
use axum::routing::get;
use bennu::{Event, LiveView, Never, Rendered, Result, Socket, html, live};
use bennu_tests::without_faults;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::stage::{Stage, bennu, routes};

/// The desk shows what it understood as `Debug` has it.
#[derive(Debug, Event)]
enum Msg {
    Inc,
    SetTo {
        value: i64,
    },
    Toggle {
        id: u32,
        on: bool,
        note: Option<String>,
    },
    Key {
        key: String,
    },
    Validate(Form),
    Save(Form),
    Anything(Value),
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "read by `Debug` alone")]
struct Form {
    name: String,
    age: Option<u8>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    address: Address,
    #[serde(default)]
    _target: Vec<String>,
    #[serde(default)]
    extra: String,
}

#[derive(Debug, Default, Deserialize)]
#[expect(dead_code, reason = "read by `Debug` alone")]
struct Address {
    #[serde(default)]
    city: String,
}

/// Shows the last event that it understood.
struct Desk {
    count: i64,
    last: String,
}

impl LiveView for Desk {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            count: 0,
            last: String::new(),
        })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        self.last = format!("{event:?}");
        match event {
            Msg::Inc => self.count += 1,
            Msg::SetTo { value } => self.count = value,
            _ => {}
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            p { (self.last) }
            button phx-click=(Msg::Inc) { (self.count) }
            button phx-click=(Msg::SetTo { value: -3 }) { "reset" }
            form phx-change=(Msg::VALIDATE) phx-submit=(Msg::SAVE) {}
        }
    }
}

async fn desk() -> bennu_tests::Live {
    let stage = Stage::of(bennu(), Router::new().route("/", get(live::<Desk>())));
    stage.visit("/").await
}

/// What the desk understood; empty if nothing.
async fn understood(live: &mut bennu_tests::Live, payload: Value) -> String {
    let reply = live.ask("event", payload).await;
    let diff = &reply.ok()["diff"]["0"];
    diff.as_str().unwrap_or_default().replace("&quot;", "\"")
}

#[tokio::test(start_paused = true)]
async fn what_a_template_binds_comes_back_as_the_event() {
    let mut live = desk().await;
    let page = live.page.content();
    assert!(
        page.contains("<button phx-click=\"inc\">0</button>"),
        "{page}"
    );
    // A command, whose value wins over the button's own.
    let set_to = r#"<button phx-click='[["push",{"event":"set_to","value":{"value":"-3"}}]]'>"#;
    assert!(page.contains(set_to), "{page}");
    assert!(
        page.contains("<form phx-change=\"validate\" phx-submit=\"save\">"),
        "{page}"
    );

    // A button's `value` property is empty and travels with each click.
    let response = live.click("inc", json!({"value": ""})).await;
    assert_eq!(response, json!({"diff": {"0": "Inc", "2": "1"}}));
    // Attributes come as text.
    let response = live.click("set_to", json!({"value": "-3"})).await;
    assert_eq!(
        response,
        json!({"diff": {"0": "SetTo { value: -3 }", "2": "-3"}})
    );
}

#[tokio::test(start_paused = true)]
async fn values_come_as_text_or_as_json() {
    let mut live = desk().await;
    let seen = "Toggle { id: 7, on: true, note: Some(\"x\") }";
    for value in [
        json!({"id": "7", "on": "true", "note": "x", "value": ""}),
        json!({"id": 7, "on": true, "note": "x"}),
    ] {
        live.click("inc", json!({})).await;
        let payload = json!({"type": "click", "event": "toggle", "value": value});
        assert_eq!(understood(&mut live, payload).await, seen);
    }
    let payload = json!({"type": "click", "event": "toggle", "value": {"id": "7", "on": "false"}});
    assert_eq!(
        understood(&mut live, payload).await,
        "Toggle { id: 7, on: false, note: None }"
    );
}

#[tokio::test(start_paused = true)]
async fn keys_and_other_sources_bring_objects() {
    let mut live = desk().await;
    for (kind, seen) in [
        (json!("keydown"), "Key { key: \"a\" }"),
        (json!("keyup"), "Key { key: \"b\" }"),
        (json!("js"), "Key { key: \"c\" }"),
        (json!("remove"), "Key { key: \"d\" }"),
        (json!("an \"escape\""), "Key { key: \"f\" }"),
        (Value::Null, "Key { key: \"e\" }"),
    ] {
        let key = &seen[12..13];
        let value = json!({"key": key, "value": ""});
        let payload = json!({"type": kind, "event": "key", "value": value});
        assert_eq!(understood(&mut live, payload).await, seen);
    }
}

#[tokio::test(start_paused = true)]
async fn a_form_is_decoded_with_its_brackets_and_metadata() {
    let mut live = desk().await;
    let value =
        "_unused_age=&age=41&name=a+%26+b&tags%5B%5D=x&tags%5B%5D=y&address%5Bcity%5D=K%C3%B6ln";
    let payload = json!({
        "type": "form", "event": "validate", "value": value,
        "meta": {"_target": "address[city]", "extra": "z"}, "uploads": {},
    });
    let seen = understood(&mut live, payload).await;
    for part in [
        "Validate(Form { name: \"a &amp; b\"",
        "age: Some(41)",
        "tags: [\"x\", \"y\"]",
        "Address { city: \"Köln\" }",
        "_target: [\"address\", \"city\"]",
        "extra: \"z\"",
    ] {
        assert!(seen.contains(part), "{part} is not in {seen}");
    }
    let payload = json!({"type": "form", "event": "save", "value": "name=n&age=", "meta": {}});
    let seen = understood(&mut live, payload).await;
    assert!(
        seen.starts_with("Save(Form { name: \"n\", age: None"),
        "{seen}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_hook_may_push_any_json() {
    let mut live = desk().await;
    for (value, seen) in [
        (
            json!({"q": [1, null]}),
            "Anything(Object {\"q\": Array [Number(1), Null]})",
        ),
        (json!([1]), "Anything(Array [Number(1)])"),
        (json!("x"), "Anything(String(\"x\"))"),
        (json!({}), "Anything(Object {})"),
    ] {
        let payload = json!({"type": "hook", "event": "anything", "value": value});
        assert_eq!(understood(&mut live, payload).await, seen);
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_view_does_not_understand_changes_nothing() {
    let mut live = desk().await;
    for (event, value) in [
        ("shout", json!({})),
        ("", json!({})),
        ("Inc", json!({})),
        ("set_to", json!({})),
        ("set_to", json!({"value": "x"})),
        ("set_to", json!({"value": []})),
        ("set_to", json!([3])),
        ("set_to", json!(null)),
        ("toggle", json!({"id": "-1", "on": true})),
        ("validate", json!({"name": []})),
        ("lv:", json!({})),
        ("lv:clear", json!({})),
    ] {
        // The client waits for an answer, to release the element.
        assert_eq!(
            without_faults(live.click(event, value.clone()).await),
            json!({}),
            "{event} {value}"
        );
        // A hook's promise is rejected.
        let payload = json!({"type": "hook", "event": event, "value": value});
        let reply = live.ask("event", payload).await;
        let reason = reply.refused()["reason"].as_str().unwrap();
        assert!(reason.contains(event), "{reason}");
    }
    let payload = json!({"type": "form", "event": "save", "value": {"name": "x"}});
    let answer = live.ask("event", payload).await.ok().clone();
    assert_eq!(without_faults(answer), json!({}));
    assert_eq!(live.html(), live.page.content());
}

#[tokio::test(start_paused = true)]
async fn a_reply_comes_with_the_diff_and_without_one() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let reply = |with: Value| json!({"type": "hook", "event": "reply", "value": {"with": with}});
    let answer = live.ask("event", reply(json!({"n": [1]}))).await;
    assert_eq!(*answer.ok(), json!({"diff": {"r": {"n": [1]}}}));
    // It is of that event alone.
    assert_eq!(
        live.click("set", json!({"text": "b"})).await,
        json!({"diff": {"0": "b"}})
    );
}

#[tokio::test(start_paused = true)]
async fn a_reply_outside_of_an_event_has_no_effect() {
    let stage = Stage::new();
    let reply = crate::stage::Command::Reply {
        with: json!({"n": 1}),
    };
    let mut live = stage.visit("/puppet?mount=reply&with=x").await;
    stage.tell(reply);
    if cfg!(debug_assertions) {
        // All that comes is what the page is told of it.
        let diff = live.pushed("diff").await;
        assert_eq!(without_faults(json!({ "diff": diff })), json!({}));
    }
    live.client.quiet().await;
    assert_eq!(live.click("nothing", json!({})).await, json!({}));
    let mut live = stage.open("/puppet?mount=reply&with=x").await;
    assert!(live.join().await["rendered"].get("r").is_none());
}

#[tokio::test(start_paused = true)]
async fn pushed_events_come_in_order_after_the_patch() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let event = |name: &str, detail: Value| json!({"name": name, "detail": detail});
    assert_eq!(
        live.click("push_event", event("a", json!({"x": 1}))).await,
        json!({"diff": {"e": [["a", {"x": 1}]]}})
    );
    assert_eq!(live.click("nothing", json!({})).await, json!({}));
    for name in ["one", "two"] {
        stage.tell(crate::stage::Command::PushEvent {
            name: name.to_owned(),
            detail: json!(null),
        });
    }
    assert_eq!(
        live.pushed("diff").await,
        json!({"e": [["one", null], ["two", null]]})
    );
}

#[tokio::test(start_paused = true)]
async fn an_event_may_ask_to_come_before_the_patch() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let event = json!({"name": "a", "detail": 1});
    assert_eq!(
        live.click("push_event_before", event).await,
        json!({"diff": {"e": [["a", 1, true]]}})
    );
}

#[tokio::test(start_paused = true)]
async fn a_title_is_sent_when_it_changed() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    for (text, response) in [
        ("T", json!({"diff": {"t": "T"}})),
        ("T", json!({})),
        ("<U>", json!({"diff": {"t": "<U>"}})),
        ("", json!({"diff": {"t": ""}})),
    ] {
        assert_eq!(live.click("title", json!({"text": text})).await, response);
    }
}

#[tokio::test(start_paused = true)]
async fn notices_are_shown_by_the_live_layout_and_cleared_by_the_browser() {
    let layout = |layout: &bennu::Layout<'_>| {
        html! { u { (layout.flash().get("info")) } (layout.content()) }
    };
    let stage = Stage::of(bennu().live_layout(layout), routes());
    let mut live = stage.visit("/puppet").await;
    let shown = json!({"diff": {"0": "x"}});
    let cleared = json!({"diff": {"0": ""}});
    for value in [
        json!({}),
        json!({"key": "info"}),
        json!({"key": "info", "value": ""}),
    ] {
        assert_eq!(live.click("flash", json!({"text": "x"})).await, shown);
        assert_eq!(live.click("lv:clear-flash", value).await, cleared);
    }
    live.click("flash", json!({"text": "x"})).await;
    assert_eq!(
        live.click("lv:clear-flash", json!({"key": "error"})).await,
        json!({})
    );
    assert_eq!(live.click("clear_flash", json!({})).await, cleared);
}

#[tokio::test(start_paused = true)]
async fn a_view_takes_away_the_notice_of_one_kind() {
    let layout = |layout: &bennu::Layout<'_>| {
        html! { u { (layout.flash().get("info")) } (layout.content()) }
    };
    let stage = Stage::of(bennu().live_layout(layout), routes());
    let mut live = stage.visit("/puppet").await;
    live.click("flash", json!({"text": "x"})).await;
    let kind = |kind: &str| json!({"kind": kind});
    assert_eq!(live.click("remove_flash", kind("error")).await, json!({}));
    assert_eq!(
        live.click("remove_flash", kind("info")).await,
        json!({"diff": {"0": ""}})
    );
}
