//! Forms that a browser posts by itself, and the token in them.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Html;
use axum::routing::{get, post};
use bennu::{
    CsrfToken, Event, Form, Limits, LiveView, Posted, PostedError, Rendered, Result, Socket, html,
    live, live_child,
};
use bennu_tests::{Answer, Browser};
use futures_util::StreamExt;
use http::{HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use tokio::time::timeout;

use crate::stage::{Stage, bennu, config, settle};

struct Login {
    csrf: CsrfToken,
    goes: bool,
}

#[derive(Event)]
enum Told {
    Submit,
}

impl LiveView for Login {
    type Params = CsrfToken;
    type Event = Told;
    type Info = bennu::Never;

    async fn mount(csrf: &CsrfToken, _: &mut Socket<Self>) -> Result<Self> {
        let csrf = csrf.clone();
        Ok(Self { csrf, goes: false })
    }

    async fn handle_event(&mut self, Told::Submit: Told, _: &mut Socket<Self>) -> Result {
        self.goes = true;
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            form #login action="/login" method="post" phx-submit=(Told::Submit)
                phx-trigger-action[self.goes] { (self.csrf.input()) }
        }
    }
}

/// A page whose form is in a child.
struct Parent;

impl LiveView for Parent {
    type Params = ();
    type Event = bennu::Never;
    type Info = bennu::Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Rendered {
        html! { (live_child("login", "/login")) }
    }
}

#[derive(Deserialize)]
struct Credentials {
    name: String,
    tries: u8,
}

#[derive(Deserialize)]
struct Grouped {
    user: Form<Credentials>,
}

async fn flat(Posted(form): Posted<Form<Credentials>>) -> String {
    match form.result() {
        Ok(credentials) => format!("{} {}", credentials.name, credentials.tries),
        Err(errors) => errors.to_string(),
    }
}

async fn grouped(posted: Result<Posted<Grouped>, PostedError>) -> String {
    match posted {
        Ok(Posted(Grouped { user })) => user.name("tries"),
        Err(error) => format!("untrusted: {}", error.is_untrusted()),
    }
}

async fn plain(Posted(credentials): Posted<Credentials>) -> String {
    credentials.name
}

async fn page(csrf: CsrfToken) -> (CsrfToken, Html<String>) {
    let html = csrf.input().to_html();
    (csrf, Html(html))
}

fn stage(bennu: bennu::Bennu) -> Stage {
    let routes = Router::new()
        .route("/login", get(live::<Login>()).post(flat))
        .route("/parent", get(live::<Parent>()))
        .route("/page", get(page))
        .route("/grouped", post(grouped))
        .route("/plain", post(plain));
    Stage::of(bennu, routes)
}

/// The value of the hidden input in a page.
fn token(html: &str) -> String {
    let (_, after) = html
        .split_once("name=\"_csrf_token\" value=\"")
        .expect("a token");
    after.split('"').next().expect("a quote ends it").to_owned()
}

async fn send(browser: &mut Browser, path: &str, body: String) -> Answer {
    let mut request = browser.request(Method::POST, path);
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers_mut().insert(header::CONTENT_TYPE, form);
    let length = body.len().into();
    request.headers_mut().insert(header::CONTENT_LENGTH, length);
    *request.body_mut() = Body::from(body);
    browser.send(request).await
}

#[tokio::test(start_paused = true)]
async fn a_form_of_a_live_page_can_be_posted() {
    let stage = stage(bennu());
    for path in ["/login", "/parent"] {
        let mut browser = stage.browser();
        let page = browser.open(path).await;
        let body = format!("_csrf_token={}&name=Ada&tries=2", token(&page.body));
        let answer = send(&mut browser, "/login", body).await;
        assert_eq!(
            (answer.status, &*answer.body),
            (StatusCode::OK, "Ada 2"),
            "of {path}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_joined_view_has_a_token_of_the_same_visitor() {
    let stage = stage(bennu());
    let mut browser = stage.browser();
    let live = browser.visit("/login").await;
    let body = format!("_csrf_token={}&name=Ada&tries=x", token(&live.html()));
    let answer = send(&mut browser, "/login", body).await;
    assert_eq!(answer.body, "tries must be a whole number");
}

#[tokio::test(start_paused = true)]
async fn the_page_of_an_ordinary_handler_sets_the_cookie() {
    let stage = stage(bennu());
    let mut browser = stage.browser();
    let answer = browser.get("/page").await;
    assert_eq!(answer.set_cookies().len(), 1);
    let body = format!("_csrf_token={}&name=Ada&tries=3", token(&answer.body));
    assert_eq!(send(&mut browser, "/plain", body).await.body, "Ada");
    assert_eq!(browser.get("/page").await.set_cookies().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn inputs_in_a_group_are_a_field_of_a_struct() {
    let stage = stage(bennu());
    let mut browser = stage.browser();
    let token = token(&browser.get("/page").await.body);
    let body = format!("user[name]=Ada&user[tries]=1&_csrf_token={token}");
    assert_eq!(
        send(&mut browser, "/grouped", body).await.body,
        "user[tries]"
    );
}

#[tokio::test(start_paused = true)]
async fn a_form_without_a_token_of_its_visitor_is_refused() {
    let stage = stage(bennu());
    let mut stranger = stage.browser();
    let strange = token(&stranger.get("/page").await.body);
    let mut browser = stage.browser();
    let own = token(&browser.get("/page").await.body);
    for body in [
        "name=Ada&tries=1".to_owned(),
        "name=Ada&tries=1&_csrf_token=".to_owned(),
        format!("name=Ada&tries=1&_csrf_token={strange}"),
        format!("name=Ada&tries=1&_csrf_token[]={own}"),
    ] {
        let answer = send(&mut browser, "/login", body.clone()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "of {body}");
        assert_eq!(
            send(&mut browser, "/grouped", body).await.body,
            "untrusted: true"
        );
    }
    let mut without_cookie = stage.browser();
    let body = format!("name=Ada&tries=1&_csrf_token={own}");
    let answer = send(&mut without_cookie, "/login", body).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test(start_paused = true)]
async fn a_script_may_send_the_token_in_a_header() {
    let stage = stage(bennu());
    let mut browser = stage.browser();
    let token = token(&browser.get("/page").await.body);
    let mut browser = browser.with_header("x-csrf-token", &token);
    let answer = send(&mut browser, "/login", "name=Ada&tries=1".to_owned()).await;
    assert_eq!(answer.body, "Ada 1");
}

#[tokio::test(start_paused = true)]
async fn another_origin_is_refused_even_with_a_token() {
    let stage = stage(bennu());
    let mut browser = stage.browser();
    let token = token(&browser.get("/page").await.body);
    let (ok, forbidden) = (StatusCode::OK, StatusCode::FORBIDDEN);
    for (origin, site, status) in [
        ("http://bennu.test", None, ok),
        ("http://bennu.test", Some("same-origin"), ok),
        ("http://bennu.test", Some("same-site"), forbidden),
        ("null", Some("same-origin"), ok),
        ("null", Some("cross-site"), forbidden),
        ("null", None, forbidden),
        ("http://evil.example", None, forbidden),
    ] {
        let mut browser = browser.clone().with_header("origin", origin);
        if let Some(site) = site {
            browser = browser.with_header("sec-fetch-site", site);
        }
        let body = format!("name=Ada&tries=1&_csrf_token={token}");
        assert_eq!(
            send(&mut browser, "/login", body).await.status,
            status,
            "{origin} {site:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_cookies_of_a_visitor_neither_counts() {
    let stage = stage(bennu());
    let mut browser = stage.browser();
    let token = token(&browser.get("/page").await.body);
    let own = browser.cookies["__bennu_csrf"].clone();
    for both in [
        format!("{own}; __bennu_csrf=planted"),
        format!("planted; __bennu_csrf={own}"),
    ] {
        let mut browser = browser.clone().with_cookie("__bennu_csrf", &both);
        let body = format!("name=Ada&tries=1&_csrf_token={token}");
        let answer = send(&mut browser, "/login", body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{both}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_form_has_a_length_and_a_type() {
    let limits = Limits {
        message_bytes: 100,
        ..Limits::default()
    };
    let stage = stage(bennu::Bennu::new(config().limits(limits)));
    let mut browser = stage.browser();
    let token = token(&browser.get("/page").await.body);
    let long = format!("_csrf_token={token}&name={}", "x".repeat(300));
    let answer = send(&mut browser, "/login", long).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let wrong = format!("_csrf_token={token}&name=Ada&tries=x");
    let answer = send(&mut browser, "/plain", wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let request = browser.request(Method::POST, "/login");
    let answer = browser.send(request).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

async fn send_body(browser: &mut Browser, body: Body) -> Answer {
    let mut request = browser.request(Method::POST, "/login");
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers_mut().insert(header::CONTENT_TYPE, form);
    *request.body_mut() = body;
    browser.send(request).await
}

#[tokio::test(start_paused = true)]
async fn nothing_is_read_of_a_form_that_can_have_no_token() {
    let stage = stage(bennu());
    let mut without_cookie = stage.browser();
    let mut browser = stage.browser();
    browser.get("/page").await;
    let mut foreign = browser.clone().with_header("origin", "http://evil.example");
    for browser in [&mut without_cookie, &mut foreign] {
        let never = futures_util::stream::pending::<std::result::Result<&str, Infallible>>();
        let answer = send_body(browser, Body::from_stream(never));
        let answer = timeout(Duration::from_secs(1), answer).await;
        assert_eq!(
            answer.expect("no body is waited for").status,
            StatusCode::FORBIDDEN
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_form_that_is_read_counts_among_what_waits() {
    let limits = Limits {
        pool_bytes: 300_000,
        ..Limits::default()
    };
    let stage = stage(bennu::Bennu::new(config().limits(limits)));
    let mut browser = stage.browser();
    browser.get("/page").await;
    // The first one stops in the middle of its body, in small pieces.
    let start = futures_util::stream::iter(std::iter::repeat_n(Ok::<_, Infallible>("xx"), 75_000));
    let body = Body::from_stream(start.chain(futures_util::stream::pending()));
    let mut slow = browser.clone();
    let slow = tokio::spawn(async move { send_body(&mut slow, body).await });
    settle().await;
    let waiting = stage.connections.waiting_bytes();
    assert!((150_000..400_000).contains(&waiting), "{waiting}");

    let answer = send(&mut browser, "/login", "x".repeat(100_000)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    // A short one has its share.
    let answer = send(&mut browser, "/login", "x".repeat(50_000)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);

    slow.abort();
    assert!(slow.await.is_err());
    assert_eq!(stage.connections.waiting_bytes(), 0);
}

/// Keys of a map are the browser's own.
#[derive(Debug, Deserialize)]
struct Counts {
    #[expect(dead_code, reason = "only whether it can be read matters")]
    of: std::collections::BTreeMap<String, u8>,
}

async fn counted(posted: Result<Posted<Counts>, PostedError>) -> String {
    posted.expect_err("no count is a number").to_string()
}

#[tokio::test(start_paused = true)]
async fn a_key_that_a_browser_chose_stays_one_line_of_a_message() {
    let routes = Router::new()
        .route("/page", get(page))
        .route("/counted", post(counted));
    let stage = Stage::of(bennu(), routes);
    let mut browser = stage.browser();
    let token = token(&browser.get("/page").await.body);
    let long = "k".repeat(500);
    let body = format!("of[a%0AERROR%1B[2J{long}]=x&_csrf_token={token}");
    let told = send(&mut browser, "/counted", body).await.body;
    assert!(
        told.starts_with("the form can't be read: of.a\\nERROR"),
        "{told}"
    );
    assert!(
        told.len() < 300 && !told.contains(char::is_control),
        "{told}"
    );
}
