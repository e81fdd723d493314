//! Stateful components (`protocol.md §4.6`): what is sent for them, who gets
//! events and messages, and how they come and go.

mod desk;
mod faults;
mod life;
mod memo;
mod messages;
mod random;
mod random_items;
mod streamed;
mod work;

use bennu_tests::Live;
use serde_json::{Value, json};

use crate::stage::Stage;
use desk::desk;

/// Clicks on an element that is bound to a component. Returns the response.
async fn click(live: &mut Live, cid: u32, event: &str, value: Value) -> Value {
    let payload = json!({"type": "click", "event": event, "value": value, "cid": cid});
    live.ask("event", payload).await.ok().clone()
}

#[tokio::test(start_paused = true)]
async fn components_come_with_their_view_and_share_statics() {
    let stage = desk();
    let page = stage.browser().open("/").await;
    assert_eq!(
        page.content(),
        r#"<main><p>1</p><section><b id="a">a 0</b><b id="b">b 0</b></section></main>"#
    );
    let mut live = stage.open("/").await;
    let rendered = live.join().await["rendered"].clone();
    assert_eq!(rendered["1"]["k"]["0"]["0"], 1);
    assert_eq!(
        rendered["c"],
        json!({
            "1": {"0": "a", "1": "a", "2": "0", "3": "", "s": ["<b id=\"", "\">", " ", "", "</b>"], "r": 1},
            "2": {"0": "b", "1": "b", "2": "0", "3": "", "s": 1},
        })
    );
    assert_eq!(page.content(), live.html());
}

#[tokio::test(start_paused = true)]
async fn a_page_with_components_brings_the_clients_second_script() {
    let page = desk().browser().open("/").await;
    let tag = "src=\"/live/assets/extra-";
    assert!(page.body.contains(tag), "{}", page.body);
    let without = Stage::new().browser().open("/puppet").await;
    assert!(!without.body.contains(tag), "{}", without.body);
}

#[tokio::test(start_paused = true)]
async fn an_event_of_a_component_renders_that_component_alone() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    stage.log.take();
    let reply = click(&mut live, 2, "inc", json!({})).await;
    assert_eq!(reply, json!({"diff": {"c": {"2": {"2": "1"}}}}));
    assert_eq!(stage.log.take(), ["event b", "render b"]);
    assert!(live.html().contains("b 1"));
    // Nothing changed: nothing is sent.
    assert_eq!(click(&mut live, 2, "nothing", json!({})).await, json!({}));
}

#[tokio::test(start_paused = true)]
async fn only_changed_props_update_a_component() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    stage.log.take();
    live.click("count", json!({})).await;
    assert_eq!(stage.log.take(), ["render desk"]);
    let reply = live.click("label", json!({"at": 0, "label": "A"})).await;
    assert_eq!(reply, json!({"diff": {"c": {"1": {"1": "A"}}}}));
    assert_eq!(stage.log.take(), ["render desk", "update a", "render a"]);
}

#[tokio::test(start_paused = true)]
async fn components_move_with_the_entries_of_their_list() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    live.click("add", json!({"id": "c"})).await;
    click(&mut live, 3, "inc", json!({})).await;
    stage.log.take();
    let reply = live.click("reverse", json!({})).await;
    assert_eq!(stage.log.take(), ["render desk"]);
    assert_eq!(reply["diff"]["c"], Value::Null);
    assert_eq!(
        live.html(),
        r#"<main><p>1</p><section><b id="c">c 1</b><b id="b">b 0</b><b id="a">a 0</b></section></main>"#
    );
}

#[tokio::test(start_paused = true)]
async fn what_changes_beside_the_view_comes_in_a_message_of_its_own() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    let reply = live
        .click("all", json!({"count": 7, "id": "c", "label": "X"}))
        .await;
    // The client prints what the view's message touches, and nothing else.
    assert_eq!(
        reply["diff"]["c"],
        json!({"3": {"0": "c", "1": "X", "2": "0", "3": "", "s": -2}}),
        "{reply}"
    );
    let rest = live.pushed("diff").await;
    assert_eq!(rest, json!({"c": {"1": {"1": "X"}, "2": {"1": "X"}}}));
    assert_eq!(
        live.html(),
        r#"<main><p>7</p><section><b id="a">X 0</b><b id="b">X 0</b><b id="c">X 0</b></section></main>"#
    );
}
