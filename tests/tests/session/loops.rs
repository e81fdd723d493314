//! What would go round in circles for ever is stopped.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use bennu::{Limits, LiveView, Never, Reason, Rendered, Result, Socket, html, live};
use bennu_tests::{Browser, Client, Live};
use serde_json::json;
use tokio::time::Instant;

use crate::stage::{Stage, config, routes};

/// `/puppet` leads to itself as soon as it is connected.
const CIRCLE: &str = "/puppet?only=connected&mount=throw_navigate&to=/puppet";

#[tokio::test(start_paused = true)]
async fn views_that_navigate_in_a_circle_are_stopped() {
    let stage = Stage::new();
    let mut live = stage.open(CIRCLE).await;
    let mut payload = live.join_payload();
    for _ in 0..20 {
        let reply = live.try_join(payload).await;
        let sent = &reply.refused()["live_redirect"];
        assert_eq!(sent["to"], "/puppet");
        payload = live.join_payload();
        payload["url"] = json!(null);
        payload["redirect"] = json!(live.page.url);
        payload["flash"] = sent["flash"].clone();
    }
    // The client waits, and loads the page then.
    let flash = payload["flash"].clone();
    let reply = live.try_join(payload).await;
    assert_eq!(*reply.refused(), json!({"reason": "join crashed"}));

    // One that is led to a view that stays has arrived.
    let reply = {
        let payload = live.join_payload();
        live.try_join(payload).await
    };
    let first = reply.refused()["live_redirect"]["flash"].clone();
    assert_ne!(first, flash);
    let mut payload = live.join_payload();
    payload["url"] = json!(null);
    payload["redirect"] = json!(Browser::url("/puppet"));
    payload["flash"] = first;
    live.join_with(payload).await;
    let to = json!({"to": "/other"});
    let left = live.click("navigate", to.clone()).await;
    assert_eq!(left["live_redirect"].get("flash"), None);
}

#[tokio::test(start_paused = true)]
async fn views_that_load_each_other_in_a_circle_are_stopped() {
    let stage = Stage::new();
    let path = "/puppet?only=connected&mount=throw_redirect&to=/puppet";
    let mut browser = stage.browser();
    for _ in 0..20 {
        let page = browser.open(path).await;
        let mut live = Live::new(browser.connect(&page).await, page);
        let reply = {
            let payload = live.join_payload();
            live.try_join(payload).await
        };
        // The client keeps the token in a cookie, and loads the page.
        let sent = &reply.refused()["redirect"];
        let flash = sent["flash"].as_str().unwrap().to_owned();
        browser
            .cookies
            .insert("__phoenix_flash__".to_owned(), flash);
    }
    let page = browser.open(path).await;
    assert!(!browser.cookies.contains_key("__phoenix_flash__"));
    let mut live = Live::new(browser.connect(&page).await, page);
    let reply = {
        let payload = live.join_payload();
        live.try_join(payload).await
    };
    assert_eq!(*reply.refused(), json!({"reason": "join crashed"}));
}

#[tokio::test(start_paused = true)]
async fn a_browser_without_cookies_does_not_load_the_page_again_at_once() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let page = browser.open("/puppet").await;
    browser.cookies.clear();
    let mut live = Live::new(browser.connect(&page).await, page.clone());
    let payload = live.join_payload();
    let reply = live.try_join(payload).await;
    assert_eq!(*reply.refused(), json!({"reason": "no cookie"}));

    // With a cookie, a new page has a token that fits it.
    let browser = stage.browser().with_cookie("__bennu_csrf", "another");
    let mut live = Live::new(Client::open(&browser, &page.csrf_token).await, page);
    let payload = live.join_payload();
    let reply = live.try_join(payload).await;
    assert_eq!(*reply.refused(), json!({"reason": "stale"}));
}

/// Its `terminate` never comes to an end.
struct Stuck;

impl LiveView for Stuck {
    type Params = ();
    type Event = Never;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Rendered {
        html! { "stuck" }
    }

    async fn terminate(&mut self, _: Reason) {
        std::future::pending::<()>().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_view_that_does_not_want_to_end_is_dropped() {
    let limits = Limits {
        terminate: Duration::from_secs(3),
        ..Limits::default()
    };
    let routes: Router = routes().route("/stuck", get(live::<Stuck>()));
    let stage = Stage::of(bennu::Bennu::new(config().limits(limits)), routes);
    let mut live = stage.visit("/stuck").await;
    let start = Instant::now();
    let message_ref = live.push("phx_leave", json!({})).await;
    live.expect_close().await;
    assert_eq!(start.elapsed().as_secs(), 3);
    let reply = live.client.next().await;
    assert_eq!(reply.message_ref, Some(message_ref));
    assert!(stage.shutdown.drain(Duration::from_secs(1)).await);
}
