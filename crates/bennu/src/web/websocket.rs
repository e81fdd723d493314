//! The way from an upgrade request to a [`Connection`] (`protocol.md §1.1`).

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;

use crate::channel::budget::Received;
use crate::channel::connection::Connection;
use crate::channel::outbox::Outbox;
use crate::channel::websocket::accept;
use crate::quoted::{Line, Quoted};
use crate::seldom::warn_seldom;
use crate::session::channels::Channels;
use crate::session::peer::{Peer, Stranger, Trust};
use crate::web::address;
use crate::web::connections::OpenGuard;
use crate::web::csrf::Visitor;
use crate::web::origin::{self, Source};
use crate::web::road::RouterRoad;
use crate::web::routes::{App, Served};
use crate::web::serve::Apps;

/// Upgrades the request to a WebSocket, or says why not.
pub(crate) fn upgrade(served: &Served, mut parts: Parts) -> Response {
    let app = &served.app;
    let query = parts.uri.query().unwrap_or_default();
    if let Err((status, reason)) = check(&parts, query, app) {
        return refusal(status, reason);
    }
    let Some(accept) = accepted(&parts.headers) else {
        let reason = "a WebSocket request needs a Sec-WebSocket-Key of 16 bytes";
        return refusal(StatusCode::BAD_REQUEST, reason);
    };
    let Some(upgrade) = parts.extensions.remove::<OnUpgrade>() else {
        let reason = "this connection can't be upgraded to a WebSocket";
        return refusal(StatusCode::UPGRADE_REQUIRED, reason);
    };
    let limits = &app.config.limits;
    let outbox = Arc::new(Outbox::new(
        limits.outgoing_bytes,
        Arc::clone(app.connections.pool()),
    ));
    let families = Arc::default();
    let connections = &app.connections;
    let Some((open, views)) = connections.add(&outbox, &families, limits.connections) else {
        warn_seldom!("Limits::connections is reached");
        return refusal(StatusCode::SERVICE_UNAVAILABLE, "too many connections");
    };
    let Ok(stranger) = stranger(&parts, app) else {
        let reason = "too many connections that join nothing";
        return refusal(StatusCode::SERVICE_UNAVAILABLE, reason);
    };
    if let Some(apps) = parts.extensions.get::<Apps>() {
        apps.add(connections);
    }
    let peer = Peer {
        config: Arc::clone(&app.config),
        road: Box::new(RouterRoad::new(served.clone(), &parts, Some(views))),
        trust: trust(&parts, query, app),
        stranger,
        families,
    };
    let protocol = asks_for_phoenix(&parts.headers);
    drop(parts);
    tokio::spawn(serve(upgrade, outbox, Arc::new(peer), open));

    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    if protocol {
        headers.insert(
            header::SEC_WEBSOCKET_PROTOCOL,
            HeaderValue::from_static("phoenix"),
        );
    }
    response
}

/// A peer of which nothing but its address is known, if there are not too many.
fn stranger(parts: &Parts, app: &App) -> Result<Stranger, ()> {
    let Some(address) = address::of(parts, &app.config) else {
        return Ok(Stranger::new(None));
    };
    let limit = app.config.limits.strangers;
    let Some(place) = app.connections.add_stranger(address, limit) else {
        warn_seldom!(%address, "Limits::strangers is reached");
        return Err(());
    };
    Ok(Stranger::new(Some(Box::new(place))))
}

/// Whether one of our pages opens the WebSocket.
fn trust(parts: &Parts, query: &str, app: &App) -> Trust {
    let visitor = Visitor::of(&parts.headers, &app.config);
    let token = parameter(query, "_csrf_token");
    let source = origin::of_websocket(parts, &app.config);
    let signer = &app.config.signer;
    let trust = match token {
        _ if !visitor.is_known() => Trust::NoCookie,
        Some(token) if visitor.verify(&token, source, signer) => Trust::Ours,
        _ => Trust::Stale,
    };
    if trust != Trust::Ours {
        // Pages in frames of other sites and browsers without cookies never
        // get further: this is where one finds out why.
        warn_seldom!(
            cookie = visitor.is_known(),
            "a WebSocket whose token doesn't fit its cookie: its joins are refused",
        );
    }
    trust
}

async fn serve(upgrade: OnUpgrade, outbox: Arc<Outbox>, peer: Arc<Peer>, open: OpenGuard) {
    let upgraded = match upgrade.await {
        Ok(upgraded) => upgraded,
        Err(error) => return tracing::debug!(error = %Line(error), "an upgrade failed"),
    };
    let config = Arc::clone(&peer.config);
    let received = Received::new(config.limits.received(), Arc::clone(outbox.pool()));
    let channels = Channels::new(Arc::clone(&outbox), Arc::clone(&received), peer);
    let stream = TokioIo::new(upgraded);
    let connection = Box::new(Connection::new(stream, outbox, received, config, channels));
    // Spawned anew: this task keeps the room that the upgrade took.
    tokio::spawn(async move {
        connection.serve().await;
        drop(open);
    });
}

fn check(parts: &Parts, query: &str, app: &App) -> Result<(), (StatusCode, &'static str)> {
    let headers = &parts.headers;
    let names = |name: HeaderName, wanted: &str| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .any(|value| {
                value
                    .split(',')
                    .any(|item| item.trim().eq_ignore_ascii_case(wanted))
            })
    };
    if parts.method != Method::GET
        || !names(header::CONNECTION, "upgrade")
        || !names(header::UPGRADE, "websocket")
    {
        return Err((
            StatusCode::BAD_REQUEST,
            "only WebSocket requests are answered here",
        ));
    }
    if !names(header::SEC_WEBSOCKET_VERSION, "13") {
        return Err((
            StatusCode::BAD_REQUEST,
            "only WebSocket version 13 is spoken here",
        ));
    }
    if !parameter(query, "vsn").is_some_and(|version| version.starts_with("2.")) {
        let reason = "only version 2 of the channel protocol is spoken here: vsn=2.0.0";
        return Err((StatusCode::FORBIDDEN, reason));
    }
    if origin::of_websocket(parts, &app.config) == Source::Foreign {
        warn_seldom!(
            origin = %quoted(headers, &header::ORIGIN),
            host = %quoted(headers, &header::HOST),
            "a page of another origin may not connect; Config::allow_origin lets it",
        );
        return Err((
            StatusCode::FORBIDDEN,
            "pages of this origin may not connect",
        ));
    }
    let headers = headers.iter();
    let header_bytes: usize = headers
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if header_bytes > app.config.limits.header_bytes {
        let reason = "the request has more headers than Limits::header_bytes allows";
        return Err((StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, reason));
    }
    Ok(())
}

/// What the request says in this header.
fn quoted(headers: &HeaderMap, name: &HeaderName) -> Quoted<String> {
    let values = headers.get_all(name).iter();
    let values: Vec<_> = values
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    Quoted(values.join(", "))
}

/// The answer to the request's key, which is 16 bytes in base64.
fn accepted(headers: &HeaderMap) -> Option<HeaderValue> {
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?.as_bytes();
    let bytes = STANDARD.decode(key).ok()?;
    (bytes.len() == 16).then(|| HeaderValue::try_from(accept(key)).ok())?
}

fn refusal(status: StatusCode, reason: &'static str) -> Response {
    tracing::debug!(%status, reason, "refused a WebSocket request");
    (status, reason).into_response()
}

/// The token of `authToken` clients travels in the list of subprotocols; they
/// want `phoenix` confirmed.
fn asks_for_phoenix(headers: &HeaderMap) -> bool {
    headers
        .get(header::SEC_WEBSOCKET_PROTOCOL)
        .and_then(|protocols| protocols.to_str().ok())
        .is_some_and(|protocols| protocols.split(',').any(|name| name.trim() == "phoenix"))
}

fn parameter<'q>(query: &'q str, name: &str) -> Option<Cow<'q, str>> {
    form_urlencoded::parse(query.as_bytes()).find_map(|(own, value)| (own == name).then_some(value))
}
