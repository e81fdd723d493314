//! What the application says to browsers so that other sites, neighbours and
//! planted cookies get no hold on it.

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use bennu::{Bennu, CsrfToken, LiveView, Posted, Rendered, Result, Socket, html, live};
use bennu_tests::{Answer, Browser, Live};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use tracing::Level;

use crate::logged::Logged;
use crate::stage::{Stage, config};

struct Login(CsrfToken);

impl LiveView for Login {
    type Params = CsrfToken;
    type Event = bennu::Never;
    type Info = bennu::Never;

    async fn mount(csrf: &CsrfToken, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self(csrf.clone()))
    }

    fn render(&self) -> Rendered {
        html! { form action="/login" method="post" { (self.0.input()) } }
    }
}

#[derive(Deserialize)]
struct Nothing {}

async fn log_in(csrf: CsrfToken, _: Posted<Nothing>) -> Response {
    let session = [(header::SET_COOKIE, "session=7")];
    (csrf.renewed(), session, Redirect::to("/login")).into_response()
}

async fn own_frames(mut response: Response) -> Response {
    let deny = HeaderValue::from_static("DENY");
    response.headers_mut().insert("x-frame-options", deny);
    response
}

fn stage(config: bennu::Config) -> Stage {
    let routes = Router::new()
        .route("/login", get(live::<Login>()).post(log_in))
        .merge(
            Router::new()
                .route("/framed", get(live::<Login>()))
                .route_layer(axum::middleware::map_response(own_frames)),
        )
        .route("/own", get(async || "an answer of the application"));
    let error_page = |error: &bennu::ErrorPage<'_>| html! { h1 { (error.reason()) } };
    Stage::of(Bennu::new(config).error_page(error_page), routes)
}

async fn post(browser: &mut Browser, token: &str) -> Answer {
    let mut request = browser.request(Method::POST, "/login");
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers_mut().insert(header::CONTENT_TYPE, form);
    *request.body_mut() = Body::from(format!("_csrf_token={token}"));
    browser.send(request).await
}

#[tokio::test(start_paused = true)]
async fn a_log_in_gives_a_new_cookie_and_open_pages_go_on() {
    let stage = stage(config());
    let mut browser = stage.browser();
    let page = browser.open("/login").await;
    let before = browser.cookies.clone();
    let answer = post(&mut browser, &page.csrf_token).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_ne!(browser.cookies["__bennu_csrf"], before["__bennu_csrf"]);
    assert_eq!(browser.cookies["session"], "7");

    // The page that was open connects again, and posts its form.
    let own = browser.clone().with_header("origin", "http://bennu.test");
    let client = own.connect(&page).await;
    let token = page.csrf_token.clone();
    let mut live = Live::new(client, page);
    live.join().await;
    let mut own = browser.clone().with_header("sec-fetch-site", "same-origin");
    assert_eq!(post(&mut own, &token).await.status, StatusCode::SEE_OTHER);

    // Whoever planted the cookie posts from elsewhere.
    for site in ["same-site", "cross-site"] {
        let mut planter = browser.clone().with_header("sec-fetch-site", site);
        let answer = post(&mut planter, &token).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{site}");
    }
    assert_eq!(
        post(&mut browser, &token).await.status,
        StatusCode::FORBIDDEN
    );
    // A page that is loaded now has a token of the new cookie.
    let page = browser.open("/login").await;
    assert_eq!(
        post(&mut browser, &page.csrf_token).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test(start_paused = true)]
async fn pages_say_how_browsers_shall_treat_them_where_the_application_does_not() {
    const FRAMES: HeaderName = header::X_FRAME_OPTIONS;
    let stage = stage(config());
    let mut browser = stage.browser();
    for path in ["/login", "/nowhere"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(answer.header(FRAMES), "SAMEORIGIN");
        let referrer = "strict-origin-when-cross-origin";
        assert_eq!(answer.header(header::REFERRER_POLICY), referrer);
        assert_eq!(answer.header(header::STRICT_TRANSPORT_SECURITY), "");
    }
    let framed = browser.get("/framed").await;
    assert_eq!(framed.header(FRAMES), "DENY");
    assert_eq!(framed.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert_eq!(browser.get("/own").await.header(FRAMES), "");

    let config = config().public_url("https://bennu.test").expect("a URL");
    let config = config.page_headers(|headers| {
        headers.remove("x-frame-options");
    });
    let answer = self::stage(config).browser().get("/login").await;
    assert_eq!(answer.header(FRAMES), "");
    assert_eq!(
        answer.header(header::STRICT_TRANSPORT_SECURITY),
        "max-age=31536000"
    );
    assert!(answer.set_cookies()[0].starts_with("__Host-bennu_csrf="));
}

#[tokio::test(start_paused = true)]
async fn the_cookie_of_an_application_below_a_path_is_for_that_path() {
    let config = config()
        .public_url("https://bennu.test/app")
        .expect("a URL");
    let answer = stage(config).browser().get("/login").await;
    let [cookie] = answer.set_cookies()[..] else {
        panic!("one cookie: {answer:?}");
    };
    assert!(cookie.starts_with("__Secure-bennu_csrf_app="), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/app; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_foreign_host_is_warned_of_once_if_no_public_url_is_named() {
    let (logged, _guard) = Logged::at(Level::WARN);
    let stage = stage(config());
    let mut browser = stage.browser();
    for path in ["/login", "/own", "/login"] {
        browser.get(path).await;
    }
    let lines = logged.take();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("BENNU_URL") && !lines[0].contains("bennu.test"));

    let named = config().public_url("http://bennu.test").expect("a URL");
    self::stage(named).browser().get("/login").await;
    assert_eq!(logged.take(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_an_older_secret_signed_joins() {
    let secret = "another secret of these tests, long enough";
    let rotated = bennu::Config::new(secret).expect("it is long enough");
    let rotated = rotated.old_secret(crate::stage::SECRET).expect("it is too");
    let before = stage(config());
    let after = stage(rotated);
    let mut browser = before.browser();
    let page = browser.open("/login").await;
    browser.server = after.browser().server;
    let client = browser.connect(&page).await;
    Live::new(client, page).join().await;
}
