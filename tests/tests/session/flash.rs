//! Notices between pages with views and pages without, and of middleware that
//! turns visitors away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use bennu::{Layout, Notices, Rendered, html, live};
use bennu_tests::{Browser, Frame, Live};
use serde_json::json;
use tracing::Level;

use crate::logged::Logged;
use crate::stage::{Other, Stage, bennu, routes};

fn around(layout: &Layout<'_>) -> Rendered {
    html! {
        u { (layout.flash().get("info")) }
        (layout.content())
        @if let Some(error) = layout.flash().get("error") { s { (error) } }
    }
}

/// Says something and sends the visitor on.
async fn greet(mut notices: Notices) -> Response {
    notices.put("info", "hello");
    (notices, Redirect::to("/puppet")).into_response()
}

/// Shows what it is told.
async fn board(mut notices: Notices) -> Response {
    let shown = notices.take();
    let text = shown.get("info").unwrap_or("nothing").to_owned();
    (notices, text).into_response()
}

/// Says more than a cookie holds.
async fn chat(mut notices: Notices) -> Response {
    notices.put("info", "x".repeat(4000));
    (notices, Redirect::to("/puppet")).into_response()
}

fn stage() -> Stage {
    let routes = routes()
        .route("/chat", get(chat))
        .route("/greet", get(greet))
        .route("/board", get(board));
    Stage::of(bennu().live_layout(around), routes)
}

#[tokio::test(start_paused = true)]
async fn a_handler_puts_a_notice_that_the_next_view_shows_once() {
    let stage = stage();
    let mut browser = stage.browser();
    assert_eq!(browser.get("/greet").await.status, 303);
    let live = browser.visit("/puppet").await;
    assert!(live.page.body.contains("<u>hello</u>"));
    assert!(live.html().starts_with("<u>hello</u>"));
    assert!(browser.open("/puppet").await.body.contains("<u></u>"));
}

#[tokio::test(start_paused = true)]
async fn a_page_without_a_view_can_show_a_views_notice_once() {
    let stage = stage();
    let mut browser = stage.browser();
    assert_eq!(browser.get("/board").await.body, "nothing");
    browser
        .get("/puppet?mount=flash&text=saved&params=redirect&to=/board")
        .await;
    assert_eq!(browser.get("/board").await.body, "saved");
    assert_eq!(browser.get("/board").await.body, "nothing");
    // One that nobody signed is none.
    browser
        .cookies
        .insert("__phoenix_flash__".to_owned(), "e30".to_owned());
    assert_eq!(browser.get("/board").await.body, "nothing");
}

/// What a browser keeps for the page that it loads next.
fn carry(browser: &mut Browser, flash: &serde_json::Value) {
    let token = flash.as_str().unwrap().to_owned();
    let bytes = "__phoenix_flash__".len() + token.len();
    assert!(bytes <= 4096, "no browser keeps {bytes} bytes");
    (browser.cookies).insert("__phoenix_flash__".to_owned(), token);
}

#[tokio::test(start_paused = true)]
async fn notices_that_no_cookie_holds_are_cut_and_the_log_says_whose() {
    let stage = stage();
    let (logged, _guard) = Logged::at(Level::ERROR);
    let mut browser = stage.browser();
    assert_eq!(browser.get("/chat?secret").await.status, 303);
    carry(
        &mut browser.clone(),
        &json!(browser.cookies["__phoenix_flash__"]),
    );
    let body = browser.open("/puppet").await.body;
    let (_, shown) = body.split_once("<u>").unwrap();
    let (shown, _) = shown.split_once("</u>").unwrap();
    assert!(shown.starts_with("xxx") && shown.ends_with("x…"), "{shown}");
    assert!((2_900..3_100).contains(&shown.len()), "{}", shown.len());
    let [line] = &logged.take()[..] else {
        panic!("one line");
    };
    assert!(
        line.contains("\"/chat\"") && line.contains("{\"info\"}"),
        "{line}"
    );
}

#[tokio::test(start_paused = true)]
async fn long_notices_of_a_view_arrive_alike_by_a_live_redirect_and_a_page_load() {
    let stage = stage();
    let mut browser = stage.browser();
    let mut live = browser.visit("/puppet").await;
    let text = format!("begins {}", "ä".repeat(4_000));
    // The view itself shows all of it.
    live.click("flash", json!({"text": text})).await;
    assert!(live.html().contains(&text));
    let (logged, _guard) = Logged::at(Level::ERROR);
    let left = live.click("navigate", json!({"to": "/other"})).await;
    let flash = left["live_redirect"]["flash"].clone();
    let [line] = &logged.take()[..] else {
        panic!("one line");
    };
    assert!(
        line.contains("::Puppet\"") && line.contains("{\"info\"}"),
        "{line}"
    );
    live.expect_close().await;

    let mut payload = live.join_payload();
    payload["redirect"] = json!(Browser::url("/other"));
    payload["url"] = json!(null);
    payload["flash"] = flash.clone();
    live.join_with(payload).await;
    let joined = live.html();
    assert!(joined.starts_with("<u>begins ä"), "{joined}");
    assert!(joined.contains("ä…</u>"), "{joined}");
    carry(&mut browser, &flash);
    assert_eq!(browser.open("/other").await.content(), joined);
}

/// `/room` is open until the flag is set, and then turns visitors away with a
/// word; `/hall` without one.
fn guarded() -> (Stage, Arc<AtomicBool>) {
    let closed = Arc::new(AtomicBool::new(false));
    let guard = |is_silent: bool| {
        let closed = Arc::clone(&closed);
        from_fn(move |mut notices: Notices, request: Request, next: Next| {
            let is_closed = closed.load(Ordering::Relaxed);
            async move {
                match (is_closed, is_silent) {
                    (false, _) => next.run(request).await,
                    (true, true) => Redirect::to("/puppet").into_response(),
                    (true, false) => {
                        notices.put("info", "no entry");
                        (notices, Redirect::to("/puppet")).into_response()
                    }
                }
            }
        })
    };
    let room = Router::new().route("/room", get(live::<Other>()));
    let hall = Router::new().route("/hall", get(live::<Other>()));
    let routes = routes()
        .merge(room.layer(guard(false)))
        .merge(hall.layer(guard(true)));
    (Stage::of(bennu().live_layout(around), routes), closed)
}

/// Follows a refused join as a browser does, and returns the page that it comes to.
async fn follow(mut browser: Browser, reply: &Frame) -> String {
    let redirect = &reply.refused()["redirect"];
    assert_eq!(redirect["to"], "/puppet");
    carry(&mut browser, &redirect["flash"]);
    browser.open("/puppet").await.content().to_owned()
}

#[tokio::test(start_paused = true)]
async fn what_a_guard_says_is_seen_whichever_way_a_visitor_comes() {
    let (stage, closed) = guarded();
    let close = |is_closed| closed.store(is_closed, Ordering::Relaxed);
    let shown = "<u>no entry</u>";

    // A page load.
    close(true);
    let mut browser = stage.browser();
    assert_eq!(browser.get("/room").await.status, 303);
    assert!(browser.open("/puppet").await.content().starts_with(shown));

    // The first join.
    close(false);
    let mut browser = stage.browser();
    let page = browser.open("/room").await;
    close(true);
    let mut live = Live::new(browser.connect(&page).await, page.clone());
    let payload = live.join_payload();
    let reply = live.try_join(payload).await;
    assert!(follow(browser, &reply).await.starts_with(shown));

    // A join after the connection was lost.
    close(false);
    let mut browser = stage.browser();
    let live = browser.visit("/room").await;
    close(true);
    let payload = live.join_payload();
    assert_eq!(payload["params"]["_mounts"], 1);
    let mut live = Live::new(browser.connect(&live.page).await, live.page);
    let reply = live.try_join(payload).await;
    assert!(follow(browser, &reply).await.starts_with(shown));

    // A live navigation, and a patch, which becomes one.
    close(false);
    let mut browser = stage.browser();
    let mut live = browser.visit("/room").await;
    close(true);
    assert_eq!(live.patch("/room?x").await, json!({"link_redirect": true}));
    live.push("phx_leave", json!({})).await;
    live.client.waiting().await;
    let mut payload = live.join_payload();
    payload["redirect"] = json!(Browser::url("/room?x"));
    payload["url"] = json!(null);
    let reply = live.try_join(payload).await;
    assert!(follow(browser, &reply).await.starts_with(shown));
}

#[tokio::test(start_paused = true)]
async fn what_came_along_goes_along_when_a_guard_turns_away() {
    let (stage, closed) = guarded();
    for (path, shown) in [
        ("/room", "<u>no entry</u>"),
        // The guard says nothing, and has read nothing.
        ("/hall", "<u>saved</u>"),
    ] {
        closed.store(false, Ordering::Relaxed);
        let mut browser = stage.browser();
        let mut live = browser.visit("/puppet").await;
        live.click("flash", json!({"text": "saved"})).await;
        let left = live.click("navigate", json!({"to": path})).await;
        live.expect_close().await;
        closed.store(true, Ordering::Relaxed);
        let mut payload = live.join_payload();
        payload["redirect"] = json!(Browser::url(path));
        payload["url"] = json!(null);
        payload["flash"] = left["live_redirect"]["flash"].clone();
        let reply = live.try_join(payload).await;
        let page = follow(browser, &reply).await;
        assert!(page.starts_with(shown), "{page}");
    }
}
