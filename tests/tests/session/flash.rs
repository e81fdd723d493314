//! Notices between pages with views and pages without.

use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use bennu::{Layout, Notices, Rendered, html};

use crate::stage::{Stage, bennu, routes};

fn around(layout: &Layout<'_>) -> Rendered {
    html! { u { (layout.flash().get("info")) } (layout.content()) }
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

#[tokio::test(start_paused = true)]
async fn notices_that_no_cookie_holds_are_dropped() {
    let stage = stage();
    let mut browser = stage.browser();
    assert_eq!(browser.get("/chat").await.status, 303);
    let cookie = &browser.cookies["__phoenix_flash__"];
    assert!(cookie.len() < 100, "{cookie}");
    assert!(browser.open("/puppet").await.body.contains("<u></u>"));
}
