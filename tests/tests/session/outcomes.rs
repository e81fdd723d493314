//! What a visitor sees when a callback does not go on: each row of the table at
//! `bennu::Error`.

use std::any::Any;

use axum::Router;
use axum::routing::get;
use bennu::hook::{Flow, Hook, HookEvent, HookSocket};
use bennu::{
    Error, Event, LiveComponent, LiveView, Never, Rendered, Result, Socket, Topic, html, live,
    live_child, live_component,
};
use bennu_tests::{Browser, Live};
use http::request::Parts;
use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::children::join;
use crate::join::without_flash;
use crate::stage::{Other, Stage, bennu};

/// What a callback may end with.
const WAYS: [&str; 5] = ["error", "panic", "status", "redirect", "navigate"];

/// All views here get what is broadcast.
const SAID: Topic<(String, String)> = Topic::new("said");

fn end(way: &str) -> Result {
    Err(match way {
        "error" => Error::message("as told"),
        "panic" => panic!("as told"),
        "status" => Error::status(StatusCode::FORBIDDEN),
        "redirect" => Error::redirect("/away"),
        "navigate" => Error::navigate("/other"),
        _ => return Ok(()),
    })
}

/// Ends as the URL says, for instance `?mount=panic`; with `&joined` only where a
/// browser is connected.
fn end_at(place: &str, uri: &str, connected: bool) -> Result {
    let (_, query) = uri.split_once('?').unwrap_or_default();
    if query.ends_with("&joined") && !connected {
        return Ok(());
    }
    let pair = query.trim_end_matches("&joined").split_once('=');
    match pair {
        Some((own, way)) if own == place => end(way),
        _ => Ok(()),
    }
}

#[derive(Clone)]
struct Witness;

impl Hook for Witness {
    async fn mount(&mut self, _: &mut Parts, socket: &mut HookSocket<'_>) -> Result {
        end_at("hook_mount", socket.uri(), socket.connected())
    }

    fn params(&mut self, socket: &mut HookSocket<'_>) -> Result<Flow> {
        end_at("hook_params", socket.uri(), socket.connected()).map(|()| Flow::Continue)
    }

    fn event(&mut self, event: &HookEvent<'_>, _: &mut HookSocket<'_>) -> Result<Flow> {
        let told = event.payload();
        if told["place"] == "hook_event" {
            end(told["way"].as_str().unwrap())?;
        }
        Ok(Flow::Continue)
    }

    fn message(&mut self, message: &(dyn Any + Send), _: &mut HookSocket<'_>) -> Result<Flow> {
        match message.downcast_ref::<(String, String)>() {
            Some((place, way)) if place == "hook_message" => end(way)?,
            _ => {}
        }
        Ok(Flow::Continue)
    }
}

#[derive(Clone, Event)]
enum Told {
    /// The callback of this name ends in this way.
    End { place: String, way: String },
}

#[derive(Default)]
struct Actor {
    uri: String,
    connected: bool,
    /// How the next render ends.
    render: String,
    /// How the component's next update ends.
    update: String,
    /// How the mount of a new component ends.
    grow: String,
}

impl LiveView for Actor {
    type Params = ();
    type Event = Told;
    type Info = (String, String);

    async fn mount((): &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&SAID, Clone::clone);
        end_at("mount", socket.uri(), socket.connected())?;
        Ok(Self {
            connected: socket.connected(),
            ..Self::default()
        })
    }

    async fn handle_params(&mut self, (): (), socket: &mut Socket<Self>) -> Result {
        self.uri = socket.uri().to_owned();
        end_at("handle_params", socket.uri(), socket.connected())
    }

    async fn handle_event(&mut self, event: Told, _: &mut Socket<Self>) -> Result {
        let Told::End { place, way } = event;
        match &*place {
            "handle_event" => return end(&way),
            "render" => self.render = way,
            "part_update" => self.update = way,
            "part_mount" => self.grow = way,
            _ => {}
        }
        Ok(())
    }

    async fn handle_info(
        &mut self,
        (place, way): (String, String),
        socket: &mut Socket<Self>,
    ) -> Result {
        match &*place {
            "handle_info" => end(&way),
            "part_info" => {
                socket.send_update::<Part>("part", way);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn render(&self) -> Rendered {
        if self.render == "panic" || end_at("render", &self.uri, self.connected).is_err() {
            panic!("as told");
        }
        html! {
            (live_component::<Part>("part", ("", self.update.clone())))
            @if !self.grow.is_empty() {
                (live_component::<Part>("more", ("mount", self.grow.clone())))
            }
        }
    }
}

struct Part;

impl LiveComponent for Part {
    /// Which callback ends, and how.
    type Props = (&'static str, String);
    type Event = Told;
    type Info = String;

    async fn mount((place, way): &Self::Props, socket: &mut Socket<Self>) -> Result<Self> {
        if *place == "mount" {
            end(way)?;
        }
        end_at("part_mount", socket.uri(), socket.connected())?;
        Ok(Self)
    }

    async fn update(&mut self, (_, way): &Self::Props, _: &mut Socket<Self>) -> Result {
        end(way)
    }

    async fn handle_event(
        &mut self,
        Told::End { way, .. }: Told,
        _: &Self::Props,
        _: &mut Socket<Self>,
    ) -> Result {
        end(&way)
    }

    async fn handle_info(&mut self, way: String, _: &Self::Props, _: &mut Socket<Self>) -> Result {
        end(&way)
    }

    fn render(&self, _: &Self::Props) -> Rendered {
        html! { i { "part" } }
    }
}

/// A page with an actor in it.
struct Theatre;

impl LiveView for Theatre {
    type Params = ();
    type Event = Never;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Rendered {
        html! { (live_child("actor", "/actor")) }
    }
}

fn stage() -> Stage {
    let routes = Router::new()
        .route("/actor", get(live::<Actor>().hook(Witness)))
        .route("/theatre", get(live::<Theatre>()))
        .route("/other", get(live::<Other>()));
    Stage::of(bennu(), routes)
}

/// Where a page that is mounted may end.
const MOUNTING: [&str; 6] = [
    "mount",
    "handle_params",
    "render",
    "part_mount",
    "hook_mount",
    "hook_params",
];

/// A render can only panic.
fn can(place: &str, way: &str) -> bool {
    place != "render" || way == "panic"
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_loaded() {
    let stage = stage();
    for place in MOUNTING {
        for way in WAYS.into_iter().filter(|way| can(place, way)) {
            let answer = stage.browser().get(&format!("/actor?{place}={way}")).await;
            let seen = (answer.status.as_u16(), answer.header(header::LOCATION));
            let expected = match way {
                "status" => (403, ""),
                "redirect" => (302, "/away"),
                "navigate" => (302, "/other"),
                _ => (500, ""),
            };
            assert_eq!(seen, expected, "{place} {way}");
            let is_error_page = answer.body.contains(&format!("<h1>{} ", seen.0));
            assert_eq!(is_error_page, seen.0 != 302, "{place} {way}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_joins_and_one_that_is_navigated_to() {
    let stage = stage();
    for place in MOUNTING {
        for way in WAYS.into_iter().filter(|way| can(place, way)) {
            for navigates in [false, true] {
                let path = format!("/actor?{place}={way}&joined");
                let from = if navigates { "/other" } else { &path };
                let mut live = stage.open(from).await;
                let mut payload = live.join_payload();
                if navigates {
                    payload["redirect"] = json!(Browser::url(&path));
                    payload["url"] = Value::Null;
                }
                let mut refused = without_flash(live.try_join(payload).await.refused());
                if let Some(token) = refused.get_mut("token") {
                    assert!(token.take().is_string());
                }
                let expected = match way {
                    "status" => json!({"reason": "reload", "status": 403, "token": null}),
                    "redirect" => json!({"redirect": {"to": "/away"}}),
                    "navigate" => json!({"live_redirect": {"to": "/other", "kind": "push"}}),
                    _ => json!({"reason": "join crashed"}),
                };
                assert_eq!(refused, expected, "{place} {way} {navigates}");
            }
        }
    }
}

/// Lets a callback of the view at this topic end. Returns what becomes of the view.
async fn act(stage: &Stage, live: &mut Live, to: (&str, &str), place: &str, way: &str) -> Value {
    let (join_ref, topic) = to;
    let mut push = async |event: &str, payload: Value| {
        let refs = (Some(join_ref), Some("act"));
        live.client
            .push(refs.0, refs.1, topic, event, payload)
            .await;
    };
    let value = json!({"place": place, "way": way});
    let event =
        |cid: Option<u32>| json!({"type": "click", "event": "end", "value": value, "cid": cid});
    match place {
        "handle_info" | "hook_message" | "part_info" => {
            let said = (place.to_owned(), way.to_owned());
            stage.pubsub.broadcast(&SAID, said);
        }
        "handle_params" | "hook_params" => {
            let url = Browser::url(&format!("/actor?{place}={way}"));
            push("live_patch", json!({"url": url})).await;
        }
        "part_event" => push("event", event(Some(1))).await,
        _ => push("event", event(None)).await,
    }
    let frame = live.client.next().await;
    assert_eq!(frame.topic, topic, "{place} {way}");
    match &*frame.event {
        "phx_reply" => frame.ok().clone(),
        "phx_error" => json!("ended"),
        event => json!({event: frame.payload}),
    }
}

/// Where a connected view may end.
const CONNECTED: [&str; 11] = [
    "handle_event",
    "handle_info",
    "handle_params",
    "render",
    "part_mount",
    "part_update",
    "part_event",
    "part_info",
    "hook_event",
    "hook_message",
    "hook_params",
];

#[tokio::test(start_paused = true)]
async fn a_connected_view() {
    let stage = stage();
    for place in CONNECTED {
        for way in WAYS.into_iter().filter(|way| can(place, way)) {
            let mut live = stage.visit("/actor").await;
            let (join_ref, topic) = (live.join_ref.clone(), live.topic.clone());
            let seen = act(&stage, &mut live, (&join_ref, &topic), place, way).await;
            // The page is asked for again by the URL that it has.
            let own = match place {
                "handle_params" | "hook_params" => format!("/actor?{place}={way}"),
                _ => "/actor".to_owned(),
            };
            let expected = match way {
                "status" => json!({"redirect": {"to": own}}),
                "redirect" => json!({"redirect": {"to": "/away"}}),
                "navigate" => json!({"live_redirect": {"to": "/other", "kind": "push"}}),
                _ => json!("ended"),
            };
            assert_eq!(seen, expected, "{place} {way}");
            if seen == "ended" {
                // The client joins again, and the view is as new.
                live.join().await;
                assert_eq!(live.page.content(), live.html());
            }
            live.client.close().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_child_of_a_connected_view() {
    let stage = stage();
    let places = CONNECTED.into_iter();
    for place in places.filter(|place| !place.ends_with("params")) {
        for way in WAYS.into_iter().filter(|way| can(place, way)) {
            let mut live = stage.visit("/theatre").await;
            let _ = join(&mut live, "10", "actor").await.ok();
            let seen = act(&stage, &mut live, ("10", "lv:actor"), place, way).await;
            let expected = match way {
                "redirect" => json!({"redirect": {"to": "/away"}}),
                "navigate" => json!({"live_redirect": {"to": "/other", "kind": "push"}}),
                _ => json!("ended"),
            };
            assert_eq!(seen, expected, "{place} {way}");
            if seen == "ended" {
                let _ = join(&mut live, "11", "actor").await.ok();
            }
            // The page around it goes on.
            live.client.waiting().await;
            let page = live.ask("live_patch", json!({"url": live.page.url})).await;
            assert_eq!(*page.ok(), json!({}), "{place} {way}");
            live.client.close().await;
        }
    }
}
