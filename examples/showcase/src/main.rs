//! Bennu's showcase: a page per capability, each with its own source one click
//! away. `cargo run --bin showcase` needs nothing else; the data is kept in
//! `showcase.sqlite` in the working directory.

mod assets;
mod chart;
mod db;
mod decimal;
mod layout;
mod machine;
mod pages;
mod source;
mod state;

use std::env;
use std::error::Error;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use bennu::PubSub;
use bennu::prelude::*;
use tokio::net::TcpListener;

use crate::machine::Monitor;
use crate::state::AppState;

/// Nothing from elsewhere, nothing inline.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// How long requests, and then views, may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let port = match env::var("PORT") {
        Ok(port) => port.parse().map_err(|_| "PORT must be a port number")?,
        Err(_) => 4000,
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let file = env::var_os("SHOWCASE_DB").map_or_else(|| "showcase.sqlite".into(), PathBuf::from);
    let pool = db::open(&file).await?;
    let pubsub = PubSub::new();
    let state = AppState {
        pool: pool.clone(),
        monitor: Monitor::start(pubsub.clone()),
    };

    let bennu = Bennu::new(Config::from_env()?)
        .pubsub(pubsub)
        .layout(layout::root)
        .live_layout(layout::live);
    let app = bennu
        .serve(routes().with_state(state))
        .layer(map_response(add_security_headers));

    #[expect(clippy::print_stdout, reason = "says where to look")]
    {
        println!("The showcase is at {url}; stop it with Ctrl-C.");
    }
    // Until Ctrl-C; browsers connect again when the server is back.
    bennu::serve(listener, app).drain(GRACE).await?;
    pool.close().await;
    Ok(())
}

fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(live::<pages::Home>()))
        .route("/counter", get(live::<pages::Counter>()))
        .route("/system", get(live::<pages::SystemMonitor>()))
        .route("/todo", get(live::<pages::TodoList>()))
        .route("/register", get(live::<pages::Registration>()))
        .route("/invoice", get(live::<pages::InvoiceEditor>()))
        .route("/search", get(live::<pages::BookSearch>()))
        .route("/order", get(live::<pages::Cart>()))
        .route("/order/{id}/cart", get(live::<pages::Cart>()))
        .route("/order/{id}/address", get(live::<pages::AddressStep>()))
        .route("/order/{id}/delivery", get(live::<pages::DeliveryStep>()))
        .route("/order/{id}/payment", get(live::<pages::PaymentStep>()))
        .route("/order/{id}/done", get(live::<pages::Done>()))
        .route("/feed", get(live::<pages::Feed>()))
        .route("/kanban", get(live::<pages::Kanban>()))
        .route("/instant", get(live::<pages::Instant>()))
        .route("/tokens", get(live::<pages::Tokens>()))
        .route("/source/{page}", get(source::show))
        .route("/assets/{file}", get(assets::serve))
        .fallback(source::missing)
}

async fn add_security_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}
