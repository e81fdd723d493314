//! The pages that Bennu's speed and size are measured on, at `PORT` (4000 if
//! unset) of this machine. See docs/performance.md.

mod components;
mod counter;
mod dash;
mod form;
mod stream;
mod table;
mod ticker;

use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use bennu::prelude::*;
use bennu::{Limits, PubSub};
use tokio::net::TcpListener;

/// Every tick carries its number.
const TICK: Topic<u64> = Topic::new("tick");

#[derive(serde::Deserialize)]
struct Tick {
    n: u64,
}

async fn broadcast(State(pubsub): State<PubSub>, Query(Tick { n }): Query<Tick>) -> &'static str {
    pubsub.broadcast(&TICK, n);
    "ok"
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = match std::env::var("PORT") {
        Ok(port) => port.parse()?,
        Err(_) => 4000,
    };
    let pubsub = PubSub::new();
    let routes = Router::new()
        .route("/components", get(live::<components::Board>()))
        .route("/counter", get(live::<counter::Counter>()))
        .route("/table", get(live::<table::Table>()))
        .route("/form", get(live::<form::Form>()))
        .route("/stream", get(live::<stream::Messages>()))
        .route("/ticker", get(live::<ticker::Ticker>()))
        .route("/dash", get(live::<dash::Dash>()))
        .route("/broadcast", get(broadcast))
        .with_state(pubsub.clone());
    // Open to everybody on this machine, and as fast as the client can click.
    let config = Config::new("the secret of a benchmark protects nothing")?.limits(Limits {
        messages_per_second: 1_000_000,
        ..Limits::default()
    });
    let app = Bennu::new(config).pubsub(pubsub).serve(routes);
    bennu::serve(TcpListener::bind(("127.0.0.1", port)).await?, app).await?;
    Ok(())
}
