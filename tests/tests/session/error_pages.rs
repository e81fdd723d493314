//! What a visitor sees in place of a page that can't be shown.

use axum::Router;
use axum::extract::FromRequestParts;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use bennu::{ErrorPage, LiveRequest, LiveView, Never, Rendered, Socket, html, live};
use bennu_tests::{Browser, Live};
use http::request::Parts;
use http::{StatusCode, header};
use serde_json::{Value, json};

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
        .route("/picky", get(live::<Picky>()))
        .route(
            "/teapot",
            get(|| async { StatusCode::IM_A_TEAPOT.into_response() }),
        );
    Stage::of(bennu().error_page(sorry), routes)
}

/// Rejects in the ways that extractors have.
struct Strict;

impl<S: Send + Sync> FromRequestParts<S> for Strict {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let query = parts.uri.query().unwrap_or_default();
        let is_join = parts.extensions.get::<LiveRequest>().unwrap().is_join();
        let query = match query.strip_suffix("&only=join") {
            Some(query) if is_join => query,
            Some(_) => "",
            None => query,
        };
        let challenge = [(header::WWW_AUTHENTICATE, "Basic")];
        Err(match query {
            "text" => (StatusCode::BAD_REQUEST, challenge, "developers read this").into_response(),
            "empty" => StatusCode::FORBIDDEN.into_response(),
            "page" => (StatusCode::GONE, Html("<h2>own page</h2>")).into_response(),
            "fine" => "no error".into_response(),
            "late" => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            _ => return Ok(Self),
        })
    }
}

struct Picky;

impl LiveView for Picky {
    type Params = Strict;
    type Event = Never;
    type Info = Never;

    async fn mount(_: &Strict, _: &mut Socket<Self>) -> bennu::Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Rendered {
        html! { "picky" }
    }
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

#[tokio::test(start_paused = true)]
async fn what_an_extractor_rejects_is_shown_by_the_applications_page() {
    let stage = stage();
    let bad = page("400 Bad Request", "/picky?text");
    let forbidden = page("403 Forbidden", "/picky?empty");
    for (query, accept, status, body) in [
        ("text", "text/html", 400, &*bad),
        ("text", "application/json", 400, "developers read this"),
        ("empty", "text/html", 403, &*forbidden),
        ("empty", "application/json", 403, "403 Forbidden\n"),
        ("page", "text/html", 410, "<h2>own page</h2>"),
        ("fine", "text/html", 200, "no error"),
    ] {
        let mut browser = stage.browser().with_header("accept", accept);
        let answer = browser.get(&format!("/picky?{query}")).await;
        assert_eq!(answer.status, status, "{query} {accept}");
        assert_eq!(answer.body, body, "{query} {accept}");
        // Its headers stay.
        let challenge = if query == "text" { "Basic" } else { "" };
        assert_eq!(answer.header(header::WWW_AUTHENTICATE), challenge);
    }
    // So it is without a page of the application's own.
    let stage = Stage::of(bennu(), Router::new().route("/picky", get(live::<Picky>())));
    let answer = stage.browser().get("/picky?text").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("<h1>400 Bad Request</h1>"));
}

/// Joins the page at `path`, by a navigation or as it was loaded.
async fn refused(browser: &mut Browser, path: &str, navigates: bool) -> Value {
    let from = if navigates { "/picky" } else { path };
    let page = browser.open(from).await;
    let mut live = Live::new(browser.connect(&page).await, page);
    let mut payload = live.join_payload();
    if navigates {
        live.join().await;
        live.push("phx_leave", json!({})).await;
        live.client.waiting().await;
        payload["redirect"] = json!(Browser::url(path));
        payload["url"] = Value::Null;
    }
    live.try_join(payload).await.refused().clone()
}

#[tokio::test(start_paused = true)]
async fn what_an_extractor_rejects_at_a_join_or_a_navigation_is_shown_by_a_page_load() {
    let stage = stage();
    for (query, navigates, status) in [
        ("text", true, 400),
        ("empty", true, 403),
        ("text&only=join", true, 400),
        ("text&only=join", false, 400),
        ("empty&only=join", false, 403),
    ] {
        let path = format!("/picky?{query}");
        let mut browser = stage.browser();
        let refused = refused(&mut browser, &path, navigates).await;
        assert_eq!(refused["reason"], "reload", "{query}");
        assert_eq!(refused["status"], status, "{query}");
        let token = refused["token"].as_str().unwrap();
        let mut browser = browser.with_cookie("__phoenix_reload_status__", token);
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, status, "{query}");
        assert!(answer.body.starts_with(&format!("<h1>{status} ")));
        // The page says it once, also where it is the extractor that does.
        assert!(!browser.cookies.contains_key("__phoenix_reload_status__"));
    }
    // A patch becomes a navigation.
    let mut live = stage.visit("/picky").await;
    assert_eq!(
        live.patch("/picky?text").await,
        json!({"link_redirect": true})
    );
    // What may pass is asked again by the page's load, or by a page that is shown.
    let mut browser = stage.browser();
    let late = refused(&mut browser, "/picky?late", true).await;
    assert_eq!(late, json!({"reason": "unauthorized"}));
    let late = refused(&mut browser, "/picky?late&only=join", false).await;
    assert_eq!(late, json!({"reason": "join crashed"}));
}

#[tokio::test(start_paused = true)]
async fn a_status_waits_for_the_page_and_not_for_what_the_page_before_still_asks_for() {
    let stage = stage();
    let path = "/picky?text&only=join";
    let mut browser = stage.browser();
    let refused = refused(&mut browser, path, false).await;
    let token = refused["token"].as_str().unwrap();
    let browser = browser.with_cookie("__phoenix_reload_status__", token);
    let mut image = browser.clone().with_header("sec-fetch-mode", "no-cors");
    image.get("/nowhere.png").await;
    assert!(image.cookies.contains_key("__phoenix_reload_status__"));
    // Middleware may answer for the page: then it was that.
    let mut page = browser.with_header("sec-fetch-mode", "navigate");
    page.get("/own").await;
    assert!(!page.cookies.contains_key("__phoenix_reload_status__"));
}
