//! Answers with an error status, as the application shows them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};

use crate::error_page::{self, ErrorPage};
use crate::path::of_request;
use crate::web::page::{NO_STORE, OwnPage};
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
    let mut response = (status, [NO_STORE], Html(html)).into_response();
    response.extensions_mut().insert(OwnPage);
    response
}

/// What is known of a request when its answer turns out to be an error with
/// nothing in it.
pub(crate) struct Unfilled {
    uri: Uri,
    accept: HeaderMap,
}

impl Unfilled {
    /// Of a request that is going to be answered.
    pub(crate) fn by(request: &Request) -> Self {
        let mut accept = HeaderMap::new();
        if let Some(value) = request.headers().get(header::ACCEPT) {
            accept.insert(header::ACCEPT, value.clone());
        }
        Self {
            uri: request.uri().clone(),
            accept,
        }
    }

    /// Puts the application's page into an answer with an error status that has
    /// nothing in it.
    pub(crate) fn fill(self, app: &App, response: Response) -> Response {
        if !is_error(&response) || !is_empty(&response) {
            return response;
        }
        let uri = self.uri.path_and_query().map_or("/", |uri| uri.as_str());
        replace(app, response, &of_request(uri), &self.accept)
    }
}

/// What an extractor of a live route rejects, as a visitor sees it: the
/// application's page with that status, unless the extractor has a page of its
/// own. The text of most is for the developer.
pub(crate) fn stand_in(app: &App, response: Response, uri: &str, headers: &HeaderMap) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let is_heard = is_empty(&response) || accepts_html(headers);
    if !is_error(&response) || is_page || !is_heard {
        return response;
    }
    replace(app, response, uri, headers)
}

/// The application's page in the place of what is there. What the headers say
/// already, such as `WWW-Authenticate`, stays.
fn replace(app: &App, mut response: Response, uri: &str, headers: &HeaderMap) -> Response {
    let (parts, body) = answer(app, response.status(), uri, headers).into_parts();
    *response.body_mut() = Body::new(body);
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.extend(parts.headers);
    response.extensions_mut().insert(OwnPage);
    response
}

fn is_error(response: &Response) -> bool {
    response.status().is_client_error() || response.status().is_server_error()
}

fn is_empty(response: &Response) -> bool {
    !response.headers().contains_key(header::CONTENT_TYPE)
        && response.body().size_hint().exact() == Some(0)
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
