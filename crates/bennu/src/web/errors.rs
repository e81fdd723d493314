//! Answers with an error status, as the application shows them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::error_page::{self, ErrorPage};
use crate::path::of_request;
use crate::web::page::NO_STORE;
use crate::web::routes::App;

/// The application's page for this status, or a line of text for who wants no
/// HTML.
pub(crate) fn answer(app: &App, status: StatusCode, uri: &str, headers: &HeaderMap) -> Response {
    let error = ErrorPage::new(status, uri);
    if !accepts_html(headers) {
        let text = format!("{} {}\n", status.as_u16(), error.reason());
        return (status, [NO_STORE], text).into_response();
    }
    let own = || {
        app.config
            .base
            .within(|| (app.error_page)(&error).to_html())
    };
    // The panic's message was printed by the panic hook.
    let html =
        catch_unwind(AssertUnwindSafe(own)).unwrap_or_else(|_| error_page::plain(&error).to_html());
    (status, [NO_STORE], Html(html)).into_response()
}

/// Puts the application's page into answers with an error status that have
/// nothing in them.
pub(crate) async fn fill(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let mut accept = HeaderMap::new();
    if let Some(value) = request.headers().get(header::ACCEPT) {
        accept.insert(header::ACCEPT, value.clone());
    }
    let mut response = next.run(request).await;
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let is_empty = !response.headers().contains_key(header::CONTENT_TYPE)
        && response.body().size_hint().exact() == Some(0);
    if is_error && is_empty {
        let uri = of_request(uri.path_and_query().map_or("/", |uri| uri.as_str()));
        let (parts, body) = answer(&app, status, &uri, &accept).into_parts();
        *response.body_mut() = Body::new(body);
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_LENGTH);
        // What the answer says already, such as `WWW-Authenticate`, stays.
        headers.extend(parts.headers);
    }
    response
}

/// Whether the answer may be HTML: browsers that load a page say so, and who
/// says nothing takes anything.
fn accepts_html(headers: &HeaderMap) -> bool {
    let html = |value: &HeaderValue| {
        let value = value.as_bytes().to_ascii_lowercase();
        let value = String::from_utf8_lossy(&value);
        value.contains("text/html") || value.contains("*/*")
    };
    let mut accepted = headers.get_all(header::ACCEPT).iter().peekable();
    accepted.peek().is_none() || accepted.any(html)
}
