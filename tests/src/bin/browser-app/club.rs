//! Pages for members, and log-outs that take their time: each ends the session,
//! disconnects the member, and answers when a spec lets it (`GET /open/leave-NAME`).

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use bennu::prelude::*;
use bennu::{ConnectionOwner, Connections};

use crate::Gates;

/// Who is logged in: `GET /enter/NAME`.
#[derive(Clone)]
struct Members {
    names: Arc<Mutex<HashSet<String>>>,
    connections: Connections,
}

impl Members {
    fn names(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn routes(connections: Connections) -> Router {
    let members = Members {
        names: Arc::default(),
        connections,
    };
    Router::new()
        .route("/club", get(live::<Club>()))
        .route("/lounge", get(live::<Lounge>().child_only()))
        .layer(from_fn_with_state(members.clone(), admit))
        .route("/enter/{name}", get(enter))
        .route("/leave", get(leave).post(leave))
        .route("/left", get(left))
        .with_state(members)
}

async fn admit(State(members): State<Members>, mut request: Request, next: Next) -> Response {
    match name_in(request.headers(), "member") {
        Some(name) if members.names().contains(&name) => {
            request.extensions_mut().insert(ConnectionOwner::new(name));
        }
        _ => return Redirect::to("/login").into_response(),
    }
    next.run(request).await
}

async fn enter(Path(name): Path<String>, State(members): State<Members>) -> Response {
    let cookie = format!("member={name}; Path=/");
    members.names().insert(name);
    ([(header::SET_COOKIE, cookie)], page("Welcome", "")).into_response()
}

/// With `?stay` the browser keeps the page.
async fn leave(
    State(members): State<Members>,
    Extension(gates): Extension<Gates>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let name = name_in(&headers, "member").unwrap_or_default();
    members.names().remove(&name);
    members.connections.disconnect(&name);
    let gate = gates.find(&format!("leave-{name}"));
    let _ = gate.acquire().await;
    if query.contains_key("stay") {
        return StatusCode::NO_CONTENT.into_response();
    }
    let cookie = format!("farewell={name}; Path=/");
    ([(header::SET_COOKIE, cookie)], Redirect::to("/left")).into_response()
}

/// Who comes with the cookie that the log-out has set.
async fn left(headers: HeaderMap) -> Html<String> {
    page(
        "Goodbye",
        &name_in(&headers, "farewell").unwrap_or_default(),
    )
}

/// One that is not live.
fn page(greeting: &str, name: &str) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head { title { (greeting) } link rel="icon" href="data:,"; }
            body { h1 { (greeting) ", " (name) } }
        }
    };
    Html(page.to_html())
}

fn name_in(headers: &HeaderMap, cookie: &str) -> Option<String> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let mut pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    Some(pairs.find(|(name, _)| *name == cookie)?.1.to_owned())
}

/// With `?family` it has views inside, with `?leave` it lets the browser submit its form.
pub(crate) struct Club {
    has_family: bool,
    leaves: bool,
}

#[derive(Event)]
pub(crate) enum Msg {
    Leave,
}

impl LiveView for Club {
    type Params = Query<HashMap<String, String>>;
    type Event = Msg;
    type Info = Never;

    async fn mount(Query(query): &Self::Params, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            has_family: query.contains_key("family"),
            leaves: false,
        })
    }

    async fn handle_event(&mut self, Msg::Leave: Msg, _: &mut Socket<Self>) -> Result {
        self.leaves = true;
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Club" }
            form action=(link::path("/leave")) method="post" phx-submit=(Msg::LEAVE) phx-trigger-action[self.leaves] {
                button #by-trigger { "Leave by the view" }
            }
            form action=(link::path("/leave")) method="post" {
                button #by-form { "Leave" }
            }
            a #by-link href=(link::path("/leave")) { "Leave" }
            a #by-staying href=(link::path("/leave?stay")) { "Leave, and stay" }
            @if self.has_family {
                (live_child("lounge", "/lounge"))
                (live_sticky("bar", "/lounge"))
            }
        }
    }
}

pub(crate) struct Lounge;

impl LiveView for Lounge {
    type Params = ();
    type Event = Never;
    type Info = Never;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Rendered {
        html! { p { "Lounge" } }
    }
}
