//! How components come, go and come back.

use bennu_tests::Live;
use serde_json::{Value, json};

use super::click;
use super::desk::desk;

async fn will_destroy(live: &mut Live, cids: &[u32]) -> Value {
    let reply = live.ask("cids_will_destroy", json!({"cids": cids})).await;
    reply.ok().clone()
}

async fn destroyed(live: &mut Live, cids: &[u32]) -> Value {
    let reply = live.ask("cids_destroyed", json!({"cids": cids})).await;
    reply.ok().clone()
}

#[tokio::test(start_paused = true)]
async fn a_component_is_dropped_once_the_client_has_destroyed_it() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    live.click("remove", json!({"id": "a"})).await;
    stage.log.take();
    assert_eq!(will_destroy(&mut live, &[1]).await, json!({}));
    assert!(stage.log.take().is_empty());
    assert_eq!(destroyed(&mut live, &[1]).await, json!({"cids": [1]}));
    assert_eq!(stage.log.take(), ["drop"]);
    // Its events are about what is gone.
    assert_eq!(click(&mut live, 1, "inc", json!({})).await, json!({}));

    // The same place has another component then.
    live.click("add", json!({"id": "a"})).await;
    assert_eq!(stage.log.take(), ["render desk", "mount a", "render a"]);
    assert_eq!(
        click(&mut live, 3, "inc", json!({})).await["diff"]["c"]["3"],
        json!({"2": "1"})
    );
}

#[tokio::test(start_paused = true)]
async fn a_component_that_comes_back_in_time_is_whole_and_has_kept_its_state() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    live.click("nest", json!({"id": "inner", "into": 0})).await;
    click(&mut live, 1, "inc", json!({})).await;
    click(&mut live, 3, "inc", json!({})).await;
    live.click("remove", json!({"id": "a"})).await;
    will_destroy(&mut live, &[1, 3]).await;

    live.click("add", json!({"id": "a"})).await;
    // It has other props now, and nothing in it.
    assert!(
        live.html().contains(r#"<b id="a">a 1</b>"#),
        "{}",
        live.html()
    );
    live.click("nest", json!({"id": "inner", "into": 1})).await;
    assert!(
        live.html()
            .contains(r#"<b id="a">a 1<i><b id="inner">inner 1</b></i></b>"#)
    );

    // The client found them again before it asked.
    stage.log.take();
    assert_eq!(destroyed(&mut live, &[1, 3]).await, json!({"cids": []}));
    assert!(stage.log.take().is_empty());
    click(&mut live, 3, "inc", json!({})).await;
    assert!(live.html().contains("inner 2"));
}

#[tokio::test(start_paused = true)]
async fn what_comes_back_comes_with_its_whole_subtree() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    live.click("nest", json!({"id": "inner", "into": 0})).await;
    live.click("reverse", json!({})).await;
    live.click("remove", json!({"id": "b"})).await;
    will_destroy(&mut live, &[2]).await;
    // A view with the same components in another place sends them whole.
    live.click("add", json!({"id": "b"})).await;
    live.click("nest", json!({"id": "deep", "into": 1})).await;
    assert!(live.html().ends_with(
        r#"<b id="a">a 0<i><b id="inner">inner 0</b></i></b><b id="b">b 0<i><b id="deep">deep 0</b></i></b></section></main>"#
    ), "{}", live.html());
}

#[tokio::test(start_paused = true)]
async fn what_only_a_destroyed_component_placed_goes_with_it() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    live.click("nest", json!({"id": "inner", "into": 0})).await;
    live.click("remove", json!({"id": "a"})).await;
    will_destroy(&mut live, &[1]).await;
    stage.log.take();
    assert_eq!(destroyed(&mut live, &[1]).await, json!({"cids": [1, 3]}));
    assert_eq!(stage.log.take(), ["drop", "drop"]);
}

#[tokio::test(start_paused = true)]
async fn a_component_that_the_client_did_not_announce_stays() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    assert_eq!(destroyed(&mut live, &[1, 2, 99]).await, json!({"cids": []}));
    assert_eq!(
        click(&mut live, 1, "inc", json!({})).await["diff"]["c"]["1"],
        json!({"2": "1"})
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_shown_stays_however_the_farewells_of_a_client_overlap() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    live.click("remove", json!({"id": "a"})).await;
    will_destroy(&mut live, &[1]).await;
    // It comes and goes and comes, faster than the client can follow: its second
    // announcement and the end of the first arrive when it is back.
    live.click("add", json!({"id": "a"})).await;
    live.click("remove", json!({"id": "a"})).await;
    live.click("add", json!({"id": "a"})).await;
    will_destroy(&mut live, &[1]).await;
    assert_eq!(destroyed(&mut live, &[1]).await, json!({"cids": []}));
    // The view's last word, of which the client learns, is another one.
    live.click("remove", json!({"id": "a"})).await;
    will_destroy(&mut live, &[1]).await;
    assert_eq!(destroyed(&mut live, &[1]).await, json!({"cids": [1]}));
}

#[tokio::test(start_paused = true)]
async fn malformed_removals_are_refused() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    for payload in [
        json!({}),
        json!({"cids": 1}),
        json!({"cids": ["a"]}),
        json!({"cids": [-1]}),
    ] {
        for event in ["cids_will_destroy", "cids_destroyed"] {
            let reply = live.ask(event, payload.clone()).await;
            assert_eq!(reply.payload["status"], "error", "{reply:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn all_components_end_with_their_view() {
    let stage = desk();
    let live = stage.visit("/").await;
    stage.log.take();
    drop(live);
    crate::stage::settle().await;
    assert_eq!(stage.log.take(), ["drop", "drop"]);
}

#[tokio::test(start_paused = true)]
async fn what_has_left_the_page_is_sent_when_it_is_back() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    live.click("nest", json!({"id": "inner", "into": 0})).await;
    live.click("remove", json!({"id": "a"})).await;
    // What was in it is shown beside it now. The client must not look for that
    // in what it does not show, and did not say yet that it does not.
    live.click("add", json!({"id": "inner"})).await;
    stage.log.take();
    assert_eq!(click(&mut live, 1, "inc", json!({})).await, json!({}));
    assert_eq!(stage.log.take(), ["event a"]);
    live.click("remove", json!({"id": "inner"})).await;
    live.click("add", json!({"id": "a"})).await;
    assert!(live.html().contains(r#"<b id="a">a 1"#), "{}", live.html());
}
