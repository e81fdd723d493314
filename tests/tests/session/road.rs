//! The one road (design D3): middleware and extractors hold for a GET, a join,
//! a live navigation and a patch alike.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use bennu::{Error, LiveView, Never, Rendered, Result, Socket, html, live};
use bennu_tests::{Browser, Live, Server};
use http::request::Parts;
use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::join::without_flash;
use crate::stage::{Other, Stage, bennu};

/// Who is logged in, says a cookie `user`; the middleware trusts it.
#[derive(Clone)]
struct User(String);

/// Stands for an application's authentication.
async fn authenticate(mut request: Request, next: Next) -> Response {
    let user = cookie(request.headers(), "user");
    match user.as_deref() {
        None => Redirect::to("/login").into_response(),
        Some("expired") => StatusCode::UNAUTHORIZED.into_response(),
        Some("banned") => StatusCode::FORBIDDEN.into_response(),
        Some("unlucky") => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some("clumsy") => panic!("the middleware"),
        Some(user) => {
            request.extensions_mut().insert(User(user.to_owned()));
            next.run(request).await
        }
    }
}

fn cookie(headers: &http::HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let mut pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(own, value)| (own == name).then(|| value.to_owned()))
}

/// An extractor that knows its mind.
#[derive(Clone)]
struct Admin;

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        match parts.extensions.get::<User>().map(|user| user.0.as_str()) {
            Some("root") => Ok(Self),
            Some("guest") => Err(Redirect::to("/login?next=/admin").into_response()),
            _ => Err((StatusCode::FORBIDDEN, "for admins").into_response()),
        }
    }
}

struct Secret;

impl LiveView for Secret {
    type Params = Admin;
    type Event = Never;
    type Info = Never;

    async fn mount(_: &Admin, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Rendered {
        html! { "secret" }
    }
}

/// Shows what reached it of the request.
struct Mirror {
    shown: String,
    params: String,
}

#[derive(Clone)]
struct Seen(String);

impl<S: Send + Sync> FromRequestParts<S> for Seen {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let address = address.ok_or(StatusCode::INTERNAL_SERVER_ERROR)?.0;
        let header = |name: &str| {
            let value = parts.headers.get(name);
            value
                .map_or("none", |value| value.to_str().unwrap())
                .to_owned()
        };
        Ok(Self(format!(
            "{} from {address} at {}, {} {}, upgrade {}, key {}, body {}",
            cookie(&parts.headers, "user").unwrap_or_default(),
            header("host"),
            parts.method,
            parts.uri,
            header("upgrade"),
            header("sec-websocket-key"),
            header("content-length"),
        )))
    }
}

impl LiveView for Mirror {
    type Params = (Extension<User>, Seen);
    type Event = Never;
    type Info = Never;

    async fn mount((user, seen): &Self::Params, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            shown: format!("{}: {}", user.0.0, seen.0),
            params: String::new(),
        })
    }

    async fn handle_params(&mut self, (_, seen): Self::Params, _: &mut Socket<Self>) -> Result {
        self.params = seen.0;
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! { p { (self.shown) } i { (self.params) } }
    }
}

fn stage() -> Stage {
    let guarded = Router::new()
        .route("/mirror", get(live::<Mirror>()))
        .route("/admin", get(live::<Secret>()))
        .layer(middleware::from_fn(authenticate));
    let routes = Router::new()
        .route("/open", get(live::<Other>()))
        .route("/teapot", get(|| async { StatusCode::IM_A_TEAPOT }))
        .route("/broken", get(|| async { StatusCode::BAD_GATEWAY }))
        .route(
            "/moved",
            get(|| async { Redirect::permanent("https://a.example/") }),
        )
        .route("/script", get(|| location("javascript:alert(1)")))
        .route("/relative", get(|| location("login")))
        .route("/other-host", get(|| location("//evil.example/")))
        .route("/busy", get(|| async { StatusCode::TOO_MANY_REQUESTS }))
        .merge(guarded);
    Stage::of(bennu(), routes)
}

async fn location(to: &'static str) -> impl IntoResponse {
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)])
}

/// Joins by navigation from an open page, as this user. Status tokens are
/// replaced by `"…"`, and what counts how often a visitor was sent on is left out.
async fn navigate(stage: &Stage, user: Option<&str>, path: &str) -> Value {
    let mut browser = stage.browser();
    if let Some(user) = user {
        browser = browser.with_cookie("user", user);
    }
    let mut live = browser.visit("/open").await;
    live.push("phx_leave", json!({})).await;
    live.client.waiting().await;
    let mut payload = live.join_payload();
    payload["url"] = json!(null);
    payload["redirect"] = json!(Browser::url(path));
    // It is another view than the one before.
    payload["params"]["_mounts"] = json!(0);
    let reply = live.try_join(payload).await;
    let (_, response) = reply.reply();
    let mut response = without_flash(response);
    if let Some(token) = response.get_mut("token") {
        *token = json!("…");
    }
    live.client.beat().await;
    response
}

#[tokio::test(start_paused = true)]
async fn what_turns_a_get_away_turns_a_join_away() {
    let stage = stage();
    let login = json!({"redirect": {"to": "/login"}});
    let forbidden = json!({"reason": "reload", "status": 403, "token": "…"});
    for (user, path, status, refused) in [
        (None, "/mirror", 303, login.clone()),
        (None, "/admin", 303, login),
        (
            Some("expired"),
            "/mirror",
            401,
            json!({"reason": "reload", "status": 401, "token": "…"}),
        ),
        (Some("banned"), "/mirror", 403, forbidden.clone()),
        (
            Some("unlucky"),
            "/mirror",
            503,
            json!({"reason": "unauthorized"}),
        ),
        (Some("ann"), "/admin", 403, forbidden),
        (
            Some("guest"),
            "/admin",
            303,
            json!({"redirect": {"to": "/login?next=/admin"}}),
        ),
        (
            Some("ann"),
            "/nowhere",
            404,
            json!({"reason": "reload", "status": 404, "token": "…"}),
        ),
        (
            None,
            "/teapot",
            418,
            json!({"reason": "reload", "status": 418, "token": "…"}),
        ),
        // The page is loaded, and says so.
        (None, "/broken", 502, json!({"reason": "unauthorized"})),
        (None, "/busy", 429, json!({"reason": "unauthorized"})),
        // A script must not be sent where a header would not lead.
        (None, "/script", 303, json!({"reason": "unauthorized"})),
        (None, "/relative", 303, json!({"reason": "unauthorized"})),
        (None, "/other-host", 303, json!({"reason": "unauthorized"})),
        (
            None,
            "/moved",
            308,
            json!({"redirect": {"to": "https://a.example/"}}),
        ),
    ] {
        let mut browser = stage.browser();
        if let Some(user) = user {
            browser = browser.with_cookie("user", user);
        }
        assert_eq!(browser.get(path).await.status, status, "{user:?} {path}");
        assert_eq!(
            navigate(&stage, user, path).await,
            refused,
            "{user:?} {path}"
        );
    }
    let joined = navigate(&stage, Some("root"), "/admin").await;
    assert!(joined["rendered"].is_object(), "{joined}");
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_again_by_a_page_that_is_shown_already() {
    let stage = stage();
    let mut browser = stage.browser().with_cookie("user", "ann");
    let page = browser.open("/mirror").await;
    let browser = browser.with_cookie("user", "unlucky");
    let mut live = Live::new(browser.connect(&page).await, page);
    let first = live.join_payload();
    // A page that was navigated to joins by the same key when it joins again.
    let mut again = live.join_payload();
    again["redirect"] = again["url"].take();
    again["params"]["_mounts"] = json!(1);
    for payload in [first, again] {
        let reply = live.try_join(payload).await;
        assert_eq!(*reply.refused(), json!({"reason": "join crashed"}));
    }
}

#[tokio::test(start_paused = true)]
async fn layers_stand_around_unknown_paths_for_a_get_and_a_join() {
    let login = middleware::from_fn(async |_: Request, _: Next| Redirect::to("/login"));
    let members = Router::new().route("/members", get(live::<Other>()));
    let open = Router::new().route("/open", get(live::<Other>()));
    let stage = Stage::of(bennu(), open.merge(members.layer(login)));
    let answer = stage.browser().get("/nowhere").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(
        navigate(&stage, None, "/nowhere").await,
        json!({"redirect": {"to": "/login"}})
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_middleware_crashes_the_join_alone() {
    let stage = stage();
    let refused = navigate(&stage, Some("clumsy"), "/mirror").await;
    assert_eq!(refused, json!({"reason": "join crashed"}));
}

#[tokio::test(start_paused = true)]
async fn the_upgrade_requests_headers_reach_middleware_and_extractors() {
    let stage = stage();
    let browser = stage.browser().with_cookie("user", "ann");
    let live = browser.clone().visit("/mirror?x=1").await;
    let seen = "ann from 192.0.2.1:50000 at bennu.test, GET /mirror?x=1, upgrade none, key none, body none";
    assert_eq!(
        live.page.content(),
        format!("<p>ann: {seen}</p><i>{seen}</i>")
    );
    assert_eq!(live.html(), live.page.content());
}

/// What a layer outside of the application knows of the peer.
#[derive(Clone)]
struct Edge(&'static str);

struct Edged(&'static str);

impl LiveView for Edged {
    type Params = Option<Extension<Edge>>;
    type Event = Never;
    type Info = Never;

    async fn mount(edge: &Self::Params, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self(edge.as_ref().map_or("none", |edge| edge.0.0)))
    }

    fn render(&self) -> Rendered {
        html! { (self.0) }
    }
}

#[tokio::test(start_paused = true)]
async fn an_extension_of_the_upgrade_request_reaches_joins_if_it_is_carried() {
    for (bennu, joined) in [(bennu(), "none"), (bennu().carry::<Edge>(), "east")] {
        let app = bennu.serve(Router::new().route("/", get(live::<Edged>())));
        let server = Server::new(app.layer(Extension(Edge("east"))));
        let live = Browser::new(&server).visit("/").await;
        assert_eq!(live.page.content(), "east");
        assert_eq!(live.html(), joined);
    }
}

#[tokio::test(start_paused = true)]
async fn who_logged_out_before_the_websocket_opened_is_turned_away() {
    let stage = stage();
    let mut browser = stage.browser().with_cookie("user", "ann");
    let page = browser.open("/mirror").await;
    // The cookie is gone when the WebSocket opens.
    browser.cookies.remove("user");
    let mut live = Live::new(browser.connect(&page).await, page);
    let payload = live.join_payload();
    let reply = live.try_join(payload).await;
    assert_eq!(
        without_flash(reply.refused()),
        json!({"redirect": {"to": "/login"}})
    );
}

#[tokio::test(start_paused = true)]
async fn a_patch_passes_middleware_and_extractors_too() {
    // What a real application would look up in its store for each request.
    let banned = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let check = std::sync::Arc::clone(&banned);
    let guard = middleware::from_fn(move |request: Request, next: Next| {
        let banned = check.load(std::sync::atomic::Ordering::Relaxed);
        async move {
            if banned {
                return StatusCode::FORBIDDEN.into_response();
            }
            next.run(request).await
        }
    });
    let routes = Router::new()
        .route("/mirror", get(live::<Mirror>()))
        .layer(middleware::from_fn(authenticate))
        .layer(guard);
    let stage = Stage::of(bennu(), routes);
    let mut live = stage
        .browser()
        .with_cookie("user", "ann")
        .visit("/mirror")
        .await;
    live.patch("/mirror?page=2").await;
    assert!(
        live.html()
            .contains("<i>ann from 192.0.2.1:50000 at bennu.test, GET /mirror?page=2,")
    );
    banned.store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(
        live.patch("/mirror?page=3").await,
        json!({"link_redirect": true})
    );
    assert!(live.html().contains("page=2"));
}

#[tokio::test(start_paused = true)]
async fn a_view_below_a_nested_router_knows_its_whole_url() {
    struct Where(String);
    impl LiveView for Where {
        type Params = ();
        type Event = Never;
        type Info = Never;
        async fn mount((): &(), socket: &mut Socket<Self>) -> Result<Self> {
            match socket.uri() {
                "/nest/gone" => Err(Error::not_found()),
                uri => Ok(Self(uri.to_owned())),
            }
        }
        async fn handle_params(&mut self, (): (), socket: &mut Socket<Self>) -> Result {
            self.0 = socket.uri().to_owned();
            Ok(())
        }
        fn render(&self) -> Rendered {
            html! { (self.0) }
        }
    }
    let nested = Router::new().route("/here", get(live::<Where>()));
    let stage = Stage::of(bennu(), Router::new().nest("/nest", nested));
    let mut live = stage.visit("/nest/here?x=1").await;
    assert_eq!(live.page.content(), "/nest/here?x=1");
    assert_eq!(live.html(), "/nest/here?x=1");
    live.patch("/nest/here?x=2").await;
    assert_eq!(live.html(), "/nest/here?x=2");
}
