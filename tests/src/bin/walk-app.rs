//! The application of random shapes, for browsers: `tests/browser/walk.spec.mjs`
//! walks through it. One process serves all walks, one after the other. Beside
//! the pages of the current one stands what decides over it:
//!
//! ```text
//! GET  /shapes   the names of all shapes
//! POST /begin    [seed, [shape…]]: another walk begins
//! POST /step     lets something happen, and tells what
//! GET  /facts    the page that the server shows, and what is on it
//! ```

use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bennu_tests::shapes::{Application, Choices, Step, all};
use serde_json::json;
use tokio::net::TcpListener;
use tower::ServiceExt;

/// The application of the current walk, once there is one.
#[derive(Clone, Debug, Default)]
struct Walk(Arc<Mutex<Option<Application>>>);

impl Walk {
    fn current(&self) -> MutexGuard<'_, Option<Application>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::var("PORT")?.parse()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let walk = Walk::default();
    let drain = Duration::from_secs(5);
    bennu::serve(listener, routes(walk)).drain(drain).await?;
    Ok(())
}

fn routes(walk: Walk) -> Router {
    Router::new()
        .route("/shapes", get(|| async { json!(all()).to_string() }))
        .route("/begin", post(begin))
        .route("/step", post(step))
        .route("/facts", get(facts))
        // Browsers ask for it, and complain when there is none.
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
        .fallback(show)
        .with_state(walk)
}

async fn begin(State(walk): State<Walk>, body: String) -> Result<(), Refusal> {
    let (seed, shapes) = serde_json::from_str(&body)?;
    *walk.current() = Some(Application::new(Choices::seeded(seed), shapes));
    Ok(())
}

async fn step(State(walk): State<Walk>, body: String) -> Result<String, Refusal> {
    let step: Step = serde_json::from_str(&body)?;
    let mut current = walk.current();
    Ok(current.as_mut().ok_or(Refusal::NoWalk)?.step(step))
}

async fn facts(State(walk): State<Walk>) -> Result<String, Refusal> {
    let current = walk.current();
    let facts = current.as_ref().ok_or(Refusal::NoWalk)?.facts();
    Ok(json!(facts).to_string())
}

/// A page of the current walk, or whatever else belongs to its application.
async fn show(State(walk): State<Walk>, request: Request) -> Response {
    let router = walk.current().as_ref().map(Application::router);
    match router {
        Some(router) => match router.oneshot(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        },
        None => Refusal::NoWalk.into_response(),
    }
}

/// What is wrong with a request.
enum Refusal {
    NoWalk,
    Malformed(serde_json::Error),
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::Malformed(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let reason = match self {
            Self::NoWalk => "no walk has begun".to_owned(),
            Self::Malformed(error) => error.to_string(),
        };
        (StatusCode::BAD_REQUEST, reason).into_response()
    }
}
