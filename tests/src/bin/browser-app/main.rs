//! The application of the browser specs: pages for what the showcase has no use
//! for, such as handlers that panic, that take their time, or that send the
//! browser elsewhere. `tests/browser` drives it; a module is a page.

mod addresses;
mod bindings;
mod careless;
mod club;
mod commands;
mod components;
mod effects;
mod endless;
mod events;
mod faults;
mod fields;
mod forms;
mod guarded;
mod hooks;
mod items;
mod journey;
mod kept;
mod lanes;
mod large;
mod late;
mod locks;
mod names;
mod nested;
mod others;
mod patching;
mod places;
mod predictions;
mod rows;
mod sign;
mod streams;
mod turns;
mod work;

use std::collections::HashMap;
use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use bennu::prelude::*;
use bennu::{ConnectionOwner, Connections, ErrorPage, PubSub};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// As strict as the showcase's.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'",
);

/// No markup and no address of a script but by policies that are named here.
const TRUSTED_TYPES: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data:; require-trusted-types-for 'script'; trusted-types bennu",
);

/// Something happens for all pages that watch: `GET /tick`.
pub(crate) const TICK: Topic<()> = Topic::new("tick");

/// Handlers wait here until a spec lets them go on: `GET /open/NAME`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gates(Arc<Mutex<HashMap<String, Arc<Semaphore>>>>);

impl Gates {
    pub(crate) fn find(&self, name: &str) -> Arc<Semaphore> {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let gate = gates
            .entry(name.to_owned())
            .or_insert_with(|| Arc::new(Semaphore::new(0)));
        Arc::clone(gate)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::var("PORT")?.parse()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let pubsub = PubSub::new();
    let mut config = Config::from_env()?;
    // Below which path browsers see it: a proxy strips it, or `nest` does.
    let prefix = std::env::var("PREFIX").unwrap_or_default();
    if !prefix.is_empty() {
        config = config.public_url(format!("http://localhost{prefix}"))?;
    }
    let bennu = Bennu::new(config)
        .pubsub(pubsub.clone())
        .layout(root)
        .live_layout(around)
        .error_page(sorry);
    let connections = bennu.connections();
    let app = bennu.serve(routes(pubsub, connections));
    let app = match std::env::var("NEST") {
        Ok(_) => Router::new().nest(&prefix, app),
        Err(_) => app,
    };
    let app = app.layer(map_response(add_policy));
    bennu::serve(listener, app)
        .drain(Duration::from_secs(5))
        .await?;
    Ok(())
}

fn routes(pubsub: PubSub, connections: Connections) -> Router {
    let gates = Gates::default();
    let elsewhere = Router::new()
        .route("/elsewhere", get(live::<journey::Journey>()))
        .layer(LiveSession::new("elsewhere", root_elsewhere).live_layout(around));
    let private = Router::new()
        .route("/private", get(live::<journey::Journey>()))
        .layer(from_fn(refuse_strangers));
    let members = Router::new()
        .route("/members", get(live::<journey::Journey>()))
        .layer(from_fn(send_strangers_to_login));
    let trusting = Router::new()
        .route("/trusting", get(live::<late::Late>()))
        .layer(map_response(trust_types));
    Router::new()
        .merge(trusting)
        .route(
            "/addresses",
            get(live::<addresses::Addresses>()).layer(map_response(addresses::allow_all)),
        )
        .route("/bindings", get(live::<bindings::Bindings>()))
        .route("/careless", get(live::<careless::Careless>()))
        .route("/commands", get(live::<commands::Commands>()))
        .route("/components", get(live::<components::Components>()))
        .route("/effects", get(live::<effects::Effects>()))
        .route("/events", get(live::<events::Events>()))
        .route("/faults", get(live::<faults::Faults>()))
        .route("/fields", get(live::<fields::Fields>()))
        .route("/forms", get(live::<forms::Forms>()))
        .route("/sign", get(live::<sign::Sign>()).post(sign::signed))
        .route("/hooks", get(live::<hooks::Hooks>()))
        .route(
            "/runtime",
            get(live::<hooks::Runtime>()).layer(map_response(hooks::under_policy)),
        )
        .route("/lanes", get(live::<lanes::Lanes>()))
        .route("/large", get(live::<large::Large>()))
        .route("/late", get(live::<late::Late>()))
        .route("/locks", get(live::<locks::Locks>()))
        .route("/names", get(live::<names::Names>()))
        .route("/patching", get(live::<patching::Patching>()))
        .route("/portals", get(live::<patching::Portals>()))
        .route("/predictions", get(live::<predictions::Predictions>()))
        .route("/turns", get(live::<turns::Turns>()))
        .route("/work", get(live::<work::Work>()))
        .merge(lists())
        .merge(journeys())
        .merge(club::routes(connections.clone()))
        .merge(guarded::routes())
        .merge(kept::routes())
        .merge(places::routes())
        .merge(elsewhere)
        .merge(private)
        .merge(members)
        .route(
            "/login",
            get(|| async { Html("<!doctype html><link rel=icon href=data:,><title>Login</title><h1>Please log in</h1>") }),
        )
        .route("/open/{gate}", get(open))
        .route("/disconnect", get(move || async move { connections.disconnect("ada").to_string() }))
        .route("/tick", get(tick).with_state(pubsub))
        .merge(files())
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(Extension(gates))
}

/// What its layout names.
fn files() -> Router {
    Router::new()
        .route(
            "/app.js",
            get(|| async {
                (
                    [(header::CONTENT_TYPE, "text/javascript")],
                    include_str!("app.js"),
                )
            }),
        )
        .route(
            "/app.css",
            get(|| async {
                (
                    [(header::CONTENT_TYPE, "text/css")],
                    include_str!("app.css"),
                )
            }),
        )
}

/// Pages that lead to each other, and what comes along.
fn journeys() -> Router {
    Router::new()
        .route("/journey/{place}", get(live::<journey::Journey>()))
        .route("/nested/{place}", get(live::<nested::Nested>()))
        .route("/widget", get(live::<nested::Widget>()))
}

fn lists() -> Router {
    Router::new()
        .route("/deploy", get(others::deploy))
        .route("/endless", get(live::<endless::Endless>()))
        .route("/items", get(live::<items::Items>()))
        .route("/items/{number}", get(live::<items::Item>()))
        .route("/others", get(live::<others::Others>()))
        .route("/rows", get(live::<rows::Rows>()))
        .route("/streams", get(live::<streams::Streams>()))
}

async fn open(Path(gate): Path<String>, Extension(gates): Extension<Gates>) {
    gates.find(&gate).add_permits(1);
}

/// Answers with how many views were told.
async fn tick(State(pubsub): State<PubSub>) -> String {
    pubsub.broadcast(&TICK, ()).to_string()
}

fn is_known(request: &Request) -> bool {
    let mut cookies = request.headers().get_all(header::COOKIE).iter();
    cookies.any(|cookie| String::from_utf8_lossy(cookie.as_bytes()).contains("user=ada"))
}

async fn refuse_strangers(request: Request, next: Next) -> Response {
    if is_known(&request) {
        return next.run(request).await;
    }
    let page =
        Html("<!doctype html><link rel=icon href=data:,><title>No</title><h1>Not for you</h1>");
    (StatusCode::UNAUTHORIZED, page).into_response()
}

async fn send_strangers_to_login(mut request: Request, next: Next) -> Response {
    if is_known(&request) {
        let owner = ConnectionOwner::new("ada");
        request.extensions_mut().insert(owner);
        return next.run(request).await;
    }
    Redirect::to("/login").into_response()
}

async fn trust_types(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, TRUSTED_TYPES);
    response
}

async fn add_policy(mut response: Response) -> Response {
    let headers = response.headers_mut();
    // A page may have one of its own.
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(CONTENT_SECURITY_POLICY);
    response
}

fn sorry(error: &ErrorPage<'_>) -> Rendered {
    let status = html! { (error.status().as_u16()) " " (error.reason()) };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                title { (status) }
                link rel="icon" href="data:,";
            }
            body {
                h1 { (status) }
                p #asked { (error.uri()) }
            }
        }
    }
}

fn root(page: &Page<'_>) -> Rendered {
    document(page, "default")
}

fn root_elsewhere(page: &Page<'_>) -> Rendered {
    document(page, "elsewhere")
}

fn document(page: &Page<'_>, session: &str) -> Rendered {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                (page.head_with_title("", "Specs", " · App"))
                script defer src=(link::path("/app.js")) {}
                link rel="stylesheet" href=(link::path("/app.css"));
                link rel="icon" href="data:,";
            }
            body data-session=(session) { (page.content()) }
        }
    }
}

fn around(layout: &Layout<'_>) -> Rendered {
    html! {
        div #flash {
            @for (kind, text) in layout.flash().iter() key=(kind) {
                p.(kind) { (text) }
            }
        }
        (layout.content())
    }
}
