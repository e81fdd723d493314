//! What a visitor sees in place of a page that can't be shown.

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use bennu::{ErrorPage, Rendered, html};
use bennu_tests::Live;
use http::{StatusCode, header};

use crate::stage::{Stage, bennu, routes};

fn sorry(error: &ErrorPage<'_>) -> Rendered {
    assert_ne!(error.status(), StatusCode::IM_A_TEAPOT, "panicking as told");
    html! { h1 { (error.status().as_u16()) " " (error.reason()) } p { (error.uri()) } }
}

fn stage() -> Stage {
    let challenge = [(header::WWW_AUTHENTICATE, "Basic")];
    let routes = routes()
        .route(
            "/locked",
            get(move || async move { (StatusCode::UNAUTHORIZED, challenge) }),
        )
        .route(
            "/own",
            get(|| async { (StatusCode::CONFLICT, "own words") }),
        )
        .route("/empty", get(|| async { StatusCode::NO_CONTENT }))
        .route(
            "/teapot",
            get(|| async { StatusCode::IM_A_TEAPOT.into_response() }),
        );
    Stage::of(bennu().error_page(sorry), routes)
}

fn page(status: &str, uri: &str) -> String {
    format!("<h1>{status}</h1><p>{uri}</p>")
}

#[tokio::test(start_paused = true)]
async fn a_view_that_is_not_shown_gives_way_to_the_applications_page() {
    let stage = stage();
    for (path, shown) in [
        ("/puppet?mount=status&amp;code=404", "404 Not Found"),
        ("/puppet?params=status&amp;code=403", "403 Forbidden"),
        ("/puppet?mount=fail", "500 Internal Server Error"),
        ("/puppet?mount=panic", "500 Internal Server Error"),
        ("/puppet?mount=break", "500 Internal Server Error"),
    ] {
        let answer = stage.browser().get(&path.replace("&amp;", "&")).await;
        assert_eq!(answer.status.as_str(), &shown[..3]);
        assert_eq!(answer.body, page(shown, path));
        assert_eq!(answer.header(header::CACHE_CONTROL), "private, no-store");
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_at_a_join_waits_for_the_pages_load() {
    let stage = stage();
    for code in [404, 410, 429, 503] {
        let path = format!("/puppet?mount=status&code={code}&only=connected");
        let mut browser = stage.browser();
        let shown = browser.open(&path).await;
        let mut live = Live::new(browser.connect(&shown).await, shown);
        let payload = live.join_payload();
        let reply = live.try_join(payload).await;
        assert_eq!(reply.refused()["reason"], "reload");
        assert_eq!(reply.refused()["status"], code);
        let token = reply.refused()["token"].as_str().unwrap();
        let mut browser = browser.with_cookie("__phoenix_reload_status__", token);
        let answer = browser.get(&path).await;
        assert_eq!(answer.status.as_u16(), code);
        assert!(
            answer.body.starts_with(&format!("<h1>{code} ")),
            "{}",
            answer.body
        );
        assert_eq!(browser.get(&path).await.status, 200, "once");
    }
}

#[tokio::test(start_paused = true)]
async fn empty_answers_with_an_error_status_get_the_page() {
    let stage = stage();
    let mut browser = stage.browser();
    let answer = browser.get("/nowhere?a=1").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.body, page("404 Not Found", "/nowhere?a=1"));
    assert!(answer.header(header::CONTENT_TYPE).starts_with("text/html"));
    let answer = browser.get("/locked").await;
    assert_eq!(answer.body, page("401 Unauthorized", "/locked"));
    assert_eq!(answer.header(header::WWW_AUTHENTICATE), "Basic");

    // What has something to say says it.
    let answer = browser.get("/own").await;
    assert_eq!(
        (answer.status, &*answer.body),
        (StatusCode::CONFLICT, "own words")
    );
    assert_eq!(browser.get("/empty").await.body, "");
    assert_eq!(browser.get("/dead").await.body, "dead");
}

#[tokio::test(start_paused = true)]
async fn who_wants_no_html_gets_a_line_of_text() {
    let stage = stage();
    for path in ["/nowhere", "/puppet?mount=status&code=404"] {
        for (accept, is_html) in [
            ("application/json", false),
            ("text/plain, application/json", false),
            ("text/html,application/xhtml+xml,*/*;q=0.8", true),
            ("*/*", true),
        ] {
            let answer = stage
                .browser()
                .with_header("accept", accept)
                .get(path)
                .await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
            assert_eq!(answer.body.starts_with("<h1>"), is_html, "{accept}");
            assert!(is_html || answer.body == "404 Not Found\n");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_page_that_panics_gives_way_to_the_plain_one() {
    let answer = stage().browser().get("/teapot").await;
    assert_eq!(answer.status, StatusCode::IM_A_TEAPOT);
    assert!(answer.body.contains("<h1>418 I'm a teapot</h1>"));
}

#[tokio::test(start_paused = true)]
async fn without_a_page_of_its_own_a_router_answers_as_ever() {
    let stage = Stage::of(bennu(), Router::new().merge(routes()));
    let answer = stage.browser().get("/nowhere").await;
    assert_eq!((answer.status, &*answer.body), (StatusCode::NOT_FOUND, ""));
    let answer = stage.browser().get("/puppet?mount=status&code=404").await;
    assert!(answer.body.contains("<h1>404 Not Found</h1>"));
}
