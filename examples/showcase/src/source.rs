//! The source of a page, itself a page without a view: Bennu's templates serve
//! plain handlers too.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use bennu::prelude::*;

use crate::layout;
use crate::pages::EXHIBITS;

pub(crate) async fn show(Path(slug): Path<String>) -> Response {
    let Some(exhibit) = EXHIBITS.iter().find(|exhibit| exhibit.slug == slug) else {
        return missing().await;
    };
    let head = html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        title { "Source of " (exhibit.name) " · Bennu" }
    };
    let body = html! {
        (layout::header(exhibit.slug))
        main #main {
            div.heading {
                h1 { "Source of " (exhibit.name) }
                a href={ "/" (exhibit.slug) } { "← Page" }
                p { code { "examples/showcase/src/pages/" (exhibit.slug) ".rs" } }
            }
            // Numbers come from CSS, so that a copy has none.
            pre.code tabindex="0" {
                @for line in exhibit.source.lines() { span.line { (line) "\n" } }
            }
        }
    };
    Html(layout::document(&head, body).to_html()).into_response()
}

/// The answer where there is no page.
pub(crate) async fn missing() -> Response {
    let head = html! {
        meta charset="utf-8";
        meta name="viewport" content="width=device-width, initial-scale=1";
        title { "Not found · Bennu" }
    };
    let body = html! {
        (layout::header("-"))
        main #main {
            div.heading {
                h1 { "There is no such page" }
                p { "The bar above leads to those that there are." }
            }
        }
    };
    let page = Html(layout::document(&head, body).to_html());
    (StatusCode::NOT_FOUND, page).into_response()
}
