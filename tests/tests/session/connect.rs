//! What the client says when it joins, and what a view makes of it.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Extension;
use axum::routing::get;
use bennu::element::flash_group;
use bennu::{DOCTYPE, Event, LiveView, Page, Rendered, Result, Socket, html, live};
use bennu_tests::Live;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::stage::{Stage, bennu};

/// What the root layout names its stylesheet: a deployment changes it.
#[derive(Clone, Default)]
struct Stylesheet(Arc<Mutex<String>>);

impl Stylesheet {
    fn deploy(&self, name: &str) {
        name.clone_into(&mut self.0.lock().unwrap());
    }
}

#[derive(Deserialize)]
struct ClientParams {
    #[serde(default)]
    zone: String,
}

/// Shows what it was told when it was mounted, and after a click.
struct Told(String);

#[derive(Event)]
enum Msg {
    Again,
    Crash,
    Notice { kind: String, text: String },
}

fn told(socket: &Socket<Told>) -> String {
    let zone = match socket.connect_params::<ClientParams>() {
        Ok(Some(params)) => params.zone,
        Ok(None) => "nothing".to_owned(),
        Err(_) => "nonsense".to_owned(),
    };
    format!("{zone} {} {}", socket.mounts(), socket.static_changed())
}

impl LiveView for Told {
    type Params = Extension<Stylesheet>;
    type Event = Msg;
    type Info = bennu::Never;

    async fn mount(_: &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        Ok(Self(told(socket)))
    }

    async fn handle_params(&mut self, _: Self::Params, socket: &mut Socket<Self>) -> Result {
        assert_eq!(self.0, told(socket));
        Ok(())
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Again => self.0 = told(socket),
            Msg::Crash => panic!("as told"),
            Msg::Notice { kind, text } => socket.put_flash(&kind, text),
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! { p { (self.0) } }
    }
}

fn stage(stylesheet: &Stylesheet) -> Stage {
    let routes = Router::new()
        .route("/", get(live::<Told>()))
        .layer(Extension(stylesheet.clone()));
    let stylesheet = stylesheet.clone();
    let layout = move |page: &Page<'_>| {
        let stylesheet = stylesheet.0.lock().unwrap();
        html! {
            (DOCTYPE)
            html {
                head {
                    (page.live_title("", "", ""))
                    link rel="stylesheet" href={ "/" (stylesheet) ".css" } phx-track-static;
                    link rel="stylesheet" href="/other.css";
                    (page.client())
                }
                body { (page.content()) }
            }
        }
    };
    let around = |layout: &bennu::Layout<'_>| {
        html! { (layout.content()) (flash_group(layout.flash(), "Close")) }
    };
    Stage::of(bennu().layout(layout).live_layout(around), routes)
}

/// Joins with these parameters, on top of what a client sends by itself.
async fn join(live: &mut Live, params: Value) -> String {
    let mut payload = live.join_payload();
    let own = payload["params"].as_object_mut().unwrap();
    own.extend(params.as_object().unwrap().clone());
    live.join_with(payload).await;
    shown(live)
}

/// Leaves, and joins again.
async fn rejoin(live: &mut Live, params: Value) -> String {
    live.push("phx_leave", json!({})).await;
    live.client.waiting().await;
    join(live, params).await
}

fn shown(live: &Live) -> String {
    let html = live.html();
    let (_, rest) = html.split_once("<p>").unwrap();
    rest.split_once("</p>").unwrap().0.to_owned()
}

#[tokio::test(start_paused = true)]
async fn parameters_of_the_client_are_there_while_it_joins() {
    let stage = stage(&Stylesheet::default());
    let mut live = stage.open("/").await;
    assert!(live.page.content().starts_with("<p>nothing 0 false</p>"));
    assert_eq!(
        join(&mut live, json!({"zone": "Europe/Vienna"})).await,
        "Europe/Vienna 0 false"
    );
    // Nothing of it is kept.
    live.click("again", json!({})).await;
    assert_eq!(shown(&live), "nothing 0 false");
    // And a peer may send anything.
    assert_eq!(
        rejoin(&mut live, json!({"zone": [1, 2]})).await,
        "nonsense 1 false"
    );
}

#[tokio::test(start_paused = true)]
async fn a_view_knows_how_often_its_page_joined() {
    let stage = stage(&Stylesheet::default());
    let mut live = stage.open("/").await;
    assert_eq!(join(&mut live, json!({})).await, " 0 false");
    let crash = json!({"type": "click", "event": "crash", "value": {}});
    live.push("event", crash).await;
    live.expect_crash().await;
    assert_eq!(join(&mut live, json!({})).await, " 1 false");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_older_than_the_server_is_told_apart() {
    let stylesheet = Stylesheet::default();
    stylesheet.deploy("app-1");
    let stage = stage(&stylesheet);
    let mut live = stage.open("/").await;
    let script = {
        let (_, rest) = live.page.body.split_once("<script defer src=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let url = bennu_tests::Browser::url;
    let files = json!({"_track_static": [url("/app-1.css"), url(&script)]});
    assert_eq!(join(&mut live, files.clone()).await, " 0 false");
    stylesheet.deploy("app-2");
    assert_eq!(rejoin(&mut live, files).await, " 1 true");
    let newer = json!({"_track_static": [url("/app-2.css")]});
    assert_eq!(rejoin(&mut live, newer).await, " 2 false");
    // What is not tracked does not count, and neither does nonsense.
    let other = json!({"_track_static": [url("/other.css")]});
    assert_eq!(rejoin(&mut live, other).await, " 3 true");
    let nonsense = json!({"_track_static": {"a": 1}});
    assert_eq!(rejoin(&mut live, nonsense).await, " 4 false");
}

#[tokio::test(start_paused = true)]
async fn a_flash_group_shows_each_notice_and_takes_it_away() {
    let stage = stage(&Stylesheet::default());
    let mut live = stage.open("/").await;
    join(&mut live, json!({})).await;
    let group = |error: &str, others: &str| {
        format!(
            r#"<div id="flash-group"><div role="alert">{error}</div><div role="status">{others}</div></div>"#
        )
    };
    let notice = |kind: &str, text: &str| {
        format!(
            r#"<div class="flash {kind}" id="flash-{kind}"><p>{text}</p><button type="button" phx-click="lv:clear-flash" phx-value-key="{kind}" aria-label="Close">✕</button></div>"#
        )
    };
    assert!(live.html().ends_with(&group("", "")), "{}", live.html());
    live.click("notice", json!({"kind": "info", "text": "saved"}))
        .await;
    live.click("notice", json!({"kind": "error", "text": "or not"}))
        .await;
    let both = group(&notice("error", "or not"), &notice("info", "saved"));
    assert!(live.html().ends_with(&both), "{}", live.html());
    live.click("lv:clear-flash", json!({"key": "error"})).await;
    let one = group("", &notice("info", "saved"));
    assert!(live.html().ends_with(&one), "{}", live.html());
}
