//! Rooms behind a guard, who says why he turns visitors away, and a room with a
//! number, which is for those who can count.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::{Path, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use bennu::LiveRequest;
use bennu::prelude::*;

/// A room is closed by its query: to all (`?shut`, and `?long` with many words), or
/// to the joins of its page (`?late`). A child is turned away with its page.
#[derive(Clone, Default)]
struct Guard {
    /// Closes all of them: `GET /guard/shut`, `GET /guard/open`.
    shut: Arc<AtomicBool>,
}

impl Guard {
    fn is_closed(&self, asked: &LiveRequest, query: Option<&str>) -> bool {
        match query {
            Some("shut" | "long") => true,
            Some("late") => asked.is_join(),
            _ => self.shut.load(Ordering::Relaxed),
        }
    }
}

pub(crate) fn routes() -> Router {
    let guard = Guard::default();
    let set = |shut: bool| {
        let guard = guard.clone();
        get(move || async move { guard.shut.store(shut, Ordering::Relaxed) })
    };
    let (open, shut) = (set(false), set(true));
    let rooms = Router::new()
        .route("/room", get(live::<Room>()))
        .route("/bell", get(live::<Bell>().child_only()))
        .layer(from_fn(
            move |asked: LiveRequest, notices: Notices, request: Request, next: Next| {
                let is_closed = guard.is_closed(&asked, request.uri().query());
                async move {
                    match is_closed {
                        true => turn_away(&asked, notices),
                        false => next.run(request).await,
                    }
                }
            },
        ));
    Router::new()
        .route("/lobby", get(live::<Lobby>()))
        .route("/hall", get(live::<Hall>()))
        .route("/numbered/{number}", get(live::<Numbered>()))
        .route("/guard/open", open)
        .route("/guard/shut", shut)
        .merge(rooms)
}

fn turn_away(asked: &LiveRequest, mut notices: Notices) -> Response {
    let page = asked.page_uri().unwrap_or("nowhere");
    let words = if page.ends_with("?long") { 1_000 } else { 0 };
    let why = " because".repeat(words);
    notices.put("info", format!("no entry to {page}{why}"));
    (notices, Redirect::to("/lobby")).into_response()
}

/// What all of them look like.
fn place(name: &str) -> Rendered {
    html! {
        h1 #place { (name) }
        nav {
            @for to in ["/room", "/room?shut", "/room?long", "/bell", "/numbered/7", "/numbered/x"] key=(to) {
                " "
                a href=(link::path(to)) data-phx-link="redirect" data-phx-link-state="push" { (to) }
            }
        }
    }
}

macro_rules! views {
    ($($view:ident: $params:ty => $shown:expr;)*) => { $(
        pub(crate) struct $view;

        impl LiveView for $view {
            type Params = $params;
            type Event = Never;
            type Info = Never;

            async fn mount(_: &Self::Params, _: &mut Socket<Self>) -> Result<Self> {
                Ok(Self)
            }

            fn render(&self) -> Rendered {
                $shown
            }
        }
    )* };
}

views! {
    Lobby: () => place("lobby");
    Room: () => place("room");
    Bell: () => html! { p { "ding" } };
    Hall: () => html! { (place("hall")) (live_child("bell", "/bell?late")) };
    Numbered: Path<u32> => place("numbered");
}
