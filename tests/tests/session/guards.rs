//! What guards learn of a request: of a page, or of a child in one.

use axum::Router;
use axum::extract::{FromRequestParts, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use bennu::hook::{Hook, HookSocket};
use bennu::{
    Error, ErrorPage, Event, Layout, LiveRequest, LiveView, Never, Notices, Rendered, Result,
    Socket, html, live, live_child, live_sticky,
};
use bennu_tests::{Browser, Live};
use http::request::Parts;
use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::children::{join, tell};
use crate::join::without_flash;
use crate::stage::{Log, Stage, bennu};

/// A hook that turns away as middleware does.
#[derive(Clone)]
struct Doorman;

impl Hook for Doorman {
    async fn mount(&mut self, _: &mut Parts, socket: &mut HookSocket<'_>) -> Result {
        if socket.uri().ends_with("?hooked") {
            socket.put_flash("error", "Not you");
            return Err(Error::redirect("/away"));
        }
        Ok(())
    }
}

/// A page with a child, and one that stays.
struct Hall;

impl LiveView for Hall {
    type Params = ();
    type Event = Never;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Rendered {
        html! { (live_child("bell", "/bell")) (live_sticky("radio", "/radio")) }
    }
}

/// Rejects what it is told to in the URL.
struct Strict;

impl<S: Send + Sync> FromRequestParts<S> for Strict {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        match parts.uri.query() {
            Some("bad") => Err((StatusCode::BAD_REQUEST, "no such bell").into_response()),
            Some("away") => Err(Redirect::to("/away").into_response()),
            Some("odd") => Err((StatusCode::OK, "no error").into_response()),
            _ => Ok(Self),
        }
    }
}

struct Bell(String);

#[derive(Event)]
enum Told {
    Patch { to: String },
}

impl LiveView for Bell {
    type Params = Strict;
    type Event = Told;
    type Info = Never;

    async fn mount(_: &Strict, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self(String::new()))
    }

    async fn handle_params(&mut self, _: Strict, socket: &mut Socket<Self>) -> Result {
        self.0 = socket.uri().to_owned();
        Ok(())
    }

    async fn handle_event(&mut self, event: Told, socket: &mut Socket<Self>) -> Result {
        match event {
            Told::Patch { to } => socket.push_patch(to),
        }
    }

    fn render(&self) -> Rendered {
        html! { b { (self.0) } }
    }
}

/// Lets in who has a cookie `user`; others come back to the page after the login.
async fn members_only(
    asked: LiveRequest,
    mut notices: Notices,
    request: Request,
    next: Next,
) -> Response {
    // A layer that is no extractor's finds the same.
    assert_eq!(request.extensions().get(), Some(&asked));
    let cookies = request.headers().get(header::COOKIE);
    let cookies = cookies.map_or("", |cookies| cookies.to_str().unwrap());
    if cookies.contains("user=") && request.uri().query() != Some("closed") {
        return next.run(request).await;
    }
    notices.put("error", "Please log in");
    let back = asked.page_uri().unwrap_or("nowhere");
    (notices, Redirect::to(&format!("/login?next={back}"))).into_response()
}

/// Writes down what each request says that it is.
async fn listen(asked: LiveRequest, request: Request, next: Next) -> Response {
    if let Some(log) = request.extensions().get::<Log>() {
        let kind = match (asked.is_join(), asked.is_patch()) {
            (false, false) => "load",
            (true, false) => "join",
            (false, true) => "patch",
            (true, true) => "both",
        };
        let child = if asked.is_child() { " child" } else { "" };
        let page = asked.page_uri().unwrap_or("?");
        log.add(format!("{kind}{child} {} in {page}", request.uri()));
    }
    next.run(request).await
}

fn sorry(error: &ErrorPage<'_>) -> Rendered {
    html! { h1 { (error.status().as_u16()) } }
}

fn around(layout: &Layout<'_>) -> Rendered {
    html! {
        @for (kind, text) in layout.flash().iter() key=(kind) { u { (text) } }
        (layout.content())
    }
}

/// Says something and sends the visitor to the hall.
async fn greet(mut notices: Notices) -> Response {
    notices.put("info", "Welcome");
    (notices, Redirect::to("/hall")).into_response()
}

fn stage() -> Stage {
    let bells = Router::new()
        .route("/bell", get(live::<Bell>().child_only().hook(Doorman)))
        .layer(middleware::from_fn(members_only));
    let routes = Router::new()
        .route("/hall", get(live::<Hall>()))
        .route("/open", get(live::<Bell>()))
        .route("/greet", get(greet))
        .route("/radio", get(live::<Bell>().child_only()))
        .merge(bells)
        .layer(middleware::from_fn(listen));
    let bennu = bennu().error_page(sorry).live_layout(around);
    Stage::of(bennu, routes)
}

async fn visit(stage: &Stage, path: &str) -> Live {
    let mut browser = stage.browser().with_cookie("user", "ann");
    let live = browser.visit(path).await;
    stage.log.take();
    live
}

#[tokio::test(start_paused = true)]
async fn a_request_says_whether_it_is_for_a_page_a_child_or_a_patch() {
    let stage = stage();
    let mut browser = stage.browser().with_cookie("user", "ann");
    let page = browser.open("/hall?x=1").await;
    let mut asked = stage.log.take();
    asked.sort();
    assert_eq!(
        asked,
        [
            "load /hall?x=1 in /hall?x=1",
            "load child /bell in /hall?x=1",
            "load child /radio in /hall?x=1",
        ]
    );
    let mut live = Live::new(browser.connect(&page).await, page);
    live.join().await;
    let _ = join(&mut live, "10", "bell").await.ok();
    let _ = join(&mut live, "11", "radio").await.ok();
    live.patch("/hall?x=2").await;
    tell(&mut live, "10", "bell", "patch", json!({"to": "/bell?y"})).await;
    let _ = live.client.next().await.ok();
    let leave = ("lv:radio", "phx_leave", json!({}));
    live.client
        .push(Some("11"), Some("12"), leave.0, leave.1, leave.2)
        .await;
    live.client.waiting().await;
    let _ = join(&mut live, "13", "radio").await.ok();
    assert_eq!(
        stage.log.take(),
        [
            "join /hall?x=1 in /hall?x=1",
            "join child /bell in /hall?x=1",
            "join child /radio in /hall?x=1",
            "patch /hall?x=2 in /hall?x=2",
            "patch child /bell?y in /hall?x=2",
            "join child /radio in /hall?x=2",
        ]
    );
    // What isn't a live route is asked for by browsers alone.
    browser.get("/nowhere?z").await;
    assert_eq!(stage.log.take(), ["load /nowhere?z in /nowhere?z"]);
}

#[tokio::test(start_paused = true)]
async fn a_child_that_joins_before_its_page_knows_none() {
    let stage = stage();
    let mut browser = stage.browser().with_cookie("user", "ann");
    let html = browser.visit("/hall").await.html();
    let page = browser.open("/open").await;
    let mut alone = browser.connect(&page).await;
    stage.log.take();
    let (_, after) = html.split_once("id=\"radio\" data-phx-session=\"").unwrap();
    let (session, _) = after.split_once('"').unwrap();
    let payload = json!({"session": session, "params": {"_mounts": 0}});
    let frame = json!(["10", "10", "lv:radio", "phx_join", payload]);
    alone.send(frame).await;
    let _ = alone.next().await.ok();
    assert_eq!(stage.log.take(), ["join child /radio in ?"]);
}

#[tokio::test(start_paused = true)]
async fn the_page_of_a_child_that_is_turned_away_is_led_to_the_login_and_back() {
    let stage = stage();
    let login = "/login?next=/hall?x=1";
    // While the page is loaded.
    let mut browser = stage.browser();
    let answer = browser.get("/hall?x=1").await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert_eq!(answer.header(header::LOCATION), login);
    // With what the guard says, and what the page would have shown.
    browser.get("/greet").await;
    let answer = browser.get("/hall").await;
    assert_eq!(answer.header(header::LOCATION), "/login?next=/hall");
    let page = browser.open("/open").await;
    let said = "<u>Please log in</u><u>Welcome</u>";
    assert!(page.content().starts_with(said), "{}", page.content());

    // When the child joins: its visitor has logged out meanwhile.
    let mut browser = stage.browser().with_cookie("user", "ann");
    let page = browser.open("/hall?x=1").await;
    browser.cookies.remove("user");
    let mut live = Live::new(browser.connect(&page).await, page);
    live.join().await;
    let reply = join(&mut live, "10", "bell").await;
    assert_eq!(
        without_flash(reply.refused()),
        json!({"redirect": {"to": login}})
    );

    // When it patches.
    let mut live = visit(&stage, "/hall?x=1").await;
    let _ = join(&mut live, "10", "bell").await.ok();
    let to = json!({"to": "/bell?closed"});
    tell(&mut live, "10", "bell", "patch", to).await;
    let reply = live.client.next().await;
    assert_eq!(
        without_flash(reply.ok()),
        json!({"redirect": {"to": login}})
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_childs_own_extractor_or_hook_rejects_is_no_page_to_go_to() {
    let stage = stage();
    for (query, left) in [
        ("bad", None),
        ("odd", None),
        ("away", Some(json!({"redirect": {"to": "/away"}}))),
        ("hooked", Some(json!({"redirect": {"to": "/away"}}))),
    ] {
        let mut live = visit(&stage, "/hall").await;
        let _ = join(&mut live, "10", "bell").await.ok();
        let to = json!({"to": format!("/bell?{query}")});
        tell(&mut live, "10", "bell", "patch", to).await;
        let frame = live.client.next().await;
        match left {
            Some(left) if query == "hooked" => assert_eq!(without_flash(frame.ok()), left),
            Some(left) => assert_eq!(*frame.ok(), left),
            // It is mounted anew at the URL that its page placed it with.
            None => assert_eq!(frame.event, "phx_error", "{query}: {frame:?}"),
        }
        assert_eq!(
            stage.log.take().last().map(String::as_str),
            Some(&*format!("patch child /bell?{query} in /hall"))
        );
    }
}

/// The answer to a live navigation from an open page.
async fn navigate(stage: &Stage, path: &str) -> Value {
    let mut live = visit(stage, "/open").await;
    live.push("phx_leave", json!({})).await;
    live.client.waiting().await;
    let mut payload = live.join_payload();
    payload["redirect"] = json!(Browser::url(path));
    payload["url"] = Value::Null;
    live.try_join(payload).await.refused().clone()
}

#[tokio::test(start_paused = true)]
async fn a_route_for_children_alone_is_no_page() {
    let stage = stage();
    for path in ["/bell", "/radio", "/radio?bad"] {
        let mut browser = stage.browser().with_cookie("user", "ann");
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.body, "<h1>404</h1>");
        let refused = navigate(&stage, path).await;
        assert_eq!(refused["reason"], "reload", "{path}");
        assert_eq!(refused["status"], 404, "{path}");
    }
    // Nor by a patch of a page with the same view.
    let mut live = visit(&stage, "/open").await;
    assert_eq!(live.patch("/radio").await, json!({"link_redirect": true}));
    // Its layers are asked first.
    let answer = stage.browser().get("/bell").await;
    assert_eq!(answer.header(header::LOCATION), "/login?next=/bell");
    // In pages it is there: see the other tests.
    assert_eq!(stage.browser().get("/open").await.status, StatusCode::OK);
}
