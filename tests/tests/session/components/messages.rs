//! Who gets events and messages.

use axum::Router;
use axum::routing::get;
use bennu::event::Target;
use bennu::{
    Event, LiveComponent, LiveView, Never, Rendered, Result, Socket, html, live, live_component,
};
use serde_json::json;

use super::click;
use super::desk::desk;
use crate::stage::{Stage, bennu, seconds, settle};

#[tokio::test(start_paused = true)]
async fn a_component_is_sent_updates_at_once_and_later() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    let send = |seconds: u64| json!({"id": "b", "add": 5, "seconds": seconds});
    assert_eq!(live.click("send", send(0)).await, json!({}));
    assert_eq!(live.pushed("diff").await, json!({"c": {"2": {"2": "5"}}}));
    live.click("send", send(3)).await;
    seconds(2).await;
    live.client.quiet().await;
    seconds(2).await;
    assert_eq!(live.pushed("diff").await, json!({"c": {"2": {"2": "10"}}}));
    // Nobody is there.
    live.click("send", json!({"id": "x", "add": 5, "seconds": 0}))
        .await;
    settle().await;
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn an_update_that_was_taken_back_does_not_arrive() {
    let mut live = desk().visit("/").await;
    live.click("regret", json!({"id": "b"})).await;
    settle().await;
    live.client.quiet().await;
    assert!(live.html().contains("b 0"));
}

#[tokio::test(start_paused = true)]
async fn a_component_tells_its_parent_by_a_callback() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    stage.log.take();
    assert_eq!(
        click(&mut live, 1, "tell", json!({"text": "hi"})).await,
        json!({})
    );
    assert_eq!(live.pushed("diff").await, json!({"0": "11"}));
    // The clones of a callback are equal.
    assert_eq!(
        stage.log.take(),
        ["event a", "render a", "told hi", "render desk"]
    );
}

#[tokio::test(start_paused = true)]
async fn timers_of_a_component_end_with_it() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    for (id, pause) in [("a", 1), ("b", 1)] {
        live.click("later", json!({"id": id, "seconds": pause}))
            .await;
    }
    settle().await;
    live.click("remove", json!({"id": "a"})).await;
    live.ask("cids_will_destroy", json!({"cids": [1]})).await;
    live.ask("cids_destroyed", json!({"cids": [1]})).await;
    stage.log.take();
    seconds(2).await;
    assert_eq!(stage.log.take(), ["render b"]);
    assert_eq!(live.pushed("diff").await, json!({"c": {"2": {"2": "1"}}}));
}

#[tokio::test(start_paused = true)]
async fn a_component_replies_patches_and_shows_notices() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    let reply = click(&mut live, 1, "reply", json!({})).await;
    assert_eq!(reply, json!({"diff": {"r": {"number": 0}}}));

    stage.log.take();
    let to = json!({"to": "/?page=2"});
    let payload = json!({"type": "click", "event": "patch", "value": to, "cid": 2});
    let message_ref = live.push("event", payload).await;
    let patch = live.pushed("live_patch").await;
    assert_eq!(patch, json!({"to": "/?page=2", "kind": "push"}));
    live.answer(&message_ref).await;
    let log = stage.log.take();
    assert_eq!(
        log,
        ["event b", "params /?page=2", "render desk", "render b"]
    );

    // The notice is the view's.
    click(&mut live, 1, "flash", json!({"text": "hi"})).await;
    assert_eq!(stage.log.take(), ["event a", "render desk", "render a"]);
}

#[tokio::test(start_paused = true)]
async fn a_component_may_patch_when_it_is_updated() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    stage.log.take();
    let payload = json!({"at": 0, "label": "patch"});
    let payload = json!({"type": "click", "event": "label", "value": payload});
    let message_ref = live.push("event", payload).await;
    let patch = live.pushed("live_patch").await;
    assert_eq!(patch["to"], "/?from=component");
    live.answer(&message_ref).await;
    assert!(live.html().contains("patch 0"));
    let log = [
        "render desk",
        "update a",
        "render a",
        "params /?from=component",
        "render desk",
    ];
    assert_eq!(stage.log.take(), log);
}

struct House;

#[derive(Event)]
enum HouseEvent {
    Ring,
}

struct Floor;

#[derive(Event)]
enum FloorEvent {
    Light,
}

struct Room;

#[derive(Event)]
enum RoomEvent {
    Open { wide: bool },
}

impl LiveView for House {
    type Params = ();
    type Event = HouseEvent;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Rendered {
        let slot = html! { (live_component::<Room>("slot", ())) };
        html! { (live_component::<Floor>(1, slot)) }
    }
}

impl LiveComponent for Floor {
    type Props = Rendered;
    type Event = FloorEvent;
    type Info = Never;

    async fn mount(_: &Rendered, socket: &mut Socket<Self>) -> Result<Self> {
        assert_eq!(socket.target(), Target::Component(1));
        Ok(Self)
    }

    fn render(&self, slot: &Rendered) -> Rendered {
        html! { div { (slot) (live_component::<Room>("own", ())) } }
    }
}

impl LiveComponent for Room {
    type Props = ();
    type Event = RoomEvent;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self, (): &()) -> Rendered {
        html! {
            p phx-click=(RoomEvent::Open { wide: true }) phx-focus=(RoomEvent::OPEN)
                phx-blur=(FloorEvent::Light) phx-keyup=(HouseEvent::Ring)
                phx-keydown=(FloorEvent::Light.at("#x")) phx-submit=(RoomEvent::OPEN.at(Target::View)) {}
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_goes_to_the_innermost_component_that_takes_it() {
    let stage = Stage::of(bennu(), Router::new().route("/", get(live::<House>())));
    let live = stage.visit("/").await;
    let room = |cid: u32| {
        format!(
            concat!(
                r#"<p phx-click='[["push",{{"event":"open","value":{{"wide":"true"}},"target":{0}}}]]'"#,
                r#" phx-focus='[["push",{{"event":"open","target":{0}}}]]'"#,
                r#" phx-blur='[["push",{{"event":"light","target":1}}]]' phx-keyup="ring""#,
                r##" phx-keydown='[["push",{{"event":"light","target":"#x"}}]]' phx-submit="open"></p>"##,
            ),
            cid
        )
    };
    assert_eq!(live.html(), format!("<div>{}{}</div>", room(2), room(3)));
    assert_eq!(live.page.content(), live.html());
}
