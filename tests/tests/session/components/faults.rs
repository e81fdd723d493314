//! Components that fail, or are placed wrongly.

use axum::Router;
use axum::routing::get;
use bennu::{
    Bennu, Limits, LiveComponent, LiveView, Never, Page, Rendered, Result, Socket, html, live,
    live_component,
};
use bennu_tests::without_faults;
use http::StatusCode;
use serde_json::{Value, json};

use super::desk::desk;
use crate::logged::Logged;
use crate::stage::{Stage, config, seconds};

#[tokio::test(start_paused = true)]
async fn a_component_that_fails_ends_its_view() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    for event in ["panic", "fail"] {
        let payload = json!({"type": "click", "event": event, "value": {}, "cid": 1});
        live.push("event", payload).await;
        live.expect_crash().await;
        live.join().await;
    }
    assert!(live.html().contains("a 0"));
}

#[tokio::test(start_paused = true)]
async fn events_that_a_component_does_not_know_change_nothing() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    for cid in [json!(1), json!(99), json!(0)] {
        let payload = json!({"type": "click", "event": "count", "value": {}, "cid": cid});
        let answer = live.ask("event", payload).await.ok().clone();
        assert_eq!(without_faults(answer), json!({}));
    }
    for cid in [json!("1"), json!(-1), json!(1.5), json!([]), json!(1e300)] {
        let payload = json!({"type": "click", "event": "inc", "value": {}, "cid": cid});
        let reply = live.ask("event", payload).await;
        assert_eq!(reply.payload["status"], "error", "{cid}");
    }
    let payload = json!({"type": "hook", "event": "nope", "value": {}, "cid": 1});
    let reply = live.ask("event", payload).await;
    assert_eq!(reply.payload["status"], "error");
    assert!(live.html().contains("<p>1</p>"));
}

/// A view that places what the URL says.
struct Yard(&'static str);

/// A component that may place another one.
struct Tree;

impl LiveView for Yard {
    type Params = axum::extract::RawQuery;
    type Event = Never;
    type Info = Never;

    async fn mount(query: &Self::Params, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self(match query.0.as_deref() {
            Some("twice") => "twice",
            Some("within") => "within",
            Some("two") => "two",
            Some("many") => "many",
            Some("deep") => "deep",
            Some("itself") => "itself",
            Some("ring") => "ring",
            _ => "bare",
        }))
    }

    fn render(&self) -> Rendered {
        let tree = |id: u32, plan: &'static str| live_component::<Tree>(id, plan);
        html! {
            @match self.0 {
                "twice" => {
                    (tree(1, ""))
                    (tree(1, ""))
                }
                "within" => { (tree(2, "one")) (tree(1, "")) }
                "many" => { @for id in 0..5 { (tree(id, "")) } }
                plan => (tree(0, plan))
            }
        }
    }
}

impl LiveComponent for Tree {
    type Props = &'static str;
    type Event = Never;
    type Info = Never;

    async fn mount(_: &&'static str, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self, plan: &&'static str) -> Rendered {
        thread_local! {
            static DEPTH: std::cell::Cell<u32> = const { std::cell::Cell::new(10) };
        }
        match *plan {
            "one" => html! { p { (live_component::<Self>(1, "")) } },
            "two" => html! { p {} p {} },
            "itself" => html! { p { (live_component::<Self>(0, "itself")) } },
            "ring" => html! { p { (live_component::<Self>(1, "back")) } },
            "back" => html! { p { (live_component::<Self>(0, "ring")) } },
            "deep" => {
                DEPTH.set(DEPTH.get() + 1);
                html! { p { (live_component::<Self>(DEPTH.get(), "deep")) } }
            }
            _ => html! { p { "tree" } },
        }
    }
}

/// What is logged while a page answers with an error.
async fn error_of(path: &str, limits: Limits) -> String {
    let (logged, _guard) = Logged::at(tracing::Level::ERROR);
    let routes = Router::new().route("/", get(live::<Yard>()));
    let stage = Stage::of(Bennu::new(config().limits(limits)), routes);
    let mut browser = stage.browser();
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    logged.take().join(" ")
}

#[tokio::test(start_paused = true)]
async fn a_component_that_is_placed_twice_is_an_error_with_both_places() {
    for path in ["/?twice", "/?within"] {
        let error = error_of(path, Limits::default()).await;
        assert!(
            error.contains("components::faults::Tree with the id 1 is placed twice"),
            "{error}"
        );
        let places = error.matches("components/faults.rs:").count();
        assert_eq!(places, 2, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_component_of_two_elements_is_an_error_that_names_it() {
    let error = error_of("/?two", Limits::default()).await;
    assert!(error.contains("faults::Tree, placed at"), "{error}");
    assert!(error.contains("exactly one element"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_component_that_places_itself_without_an_end_is_an_error() {
    let error = error_of("/?deep", Limits::default()).await;
    assert!(
        error.contains("more than 64 components stand inside each other"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_component_that_is_placed_in_itself_is_an_error_that_names_it() {
    for path in ["/?itself", "/?ring"] {
        let error = error_of(path, Limits::default()).await;
        assert!(
            error.contains("faults::Tree with the id 0 is placed in itself, at"),
            "{error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_component_in_a_root_layout_is_an_error_that_names_it() {
    fn root(page: &Page<'_>) -> Rendered {
        html! { body { (live_component::<Tree>(0, "")) (page.content()) } }
    }
    let (logged, _guard) = Logged::at(tracing::Level::ERROR);
    let routes = Router::new().route("/", get(live::<Yard>()));
    let stage = Stage::of(Bennu::new(config()).layout(root), routes);
    let answer = stage.browser().get("/").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let error = logged.take().join(" ");
    assert!(error.contains("faults::Tree, placed at"), "{error}");
    assert!(error.contains("stands in a root layout"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn more_components_than_the_limit_are_an_error() {
    let four = Limits {
        components: 4,
        ..Limits::default()
    };
    let error = error_of("/?many", four).await;
    assert!(error.contains("Limits::components"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_connected_view_ends_where_its_components_are_placed_wrongly() {
    let stage = desk();
    let mut live = stage.visit("/").await;
    let value: Value = json!({"id": "a"});
    live.push(
        "event",
        json!({"type": "click", "event": "add", "value": value}),
    )
    .await;
    live.expect_crash().await;
    live.join().await;
    // In another component that does not change.
    let value = json!({"id": "b", "into": 0});
    live.push(
        "event",
        json!({"type": "click", "event": "nest", "value": value}),
    )
    .await;
    live.expect_crash().await;
    seconds(1).await;
}
