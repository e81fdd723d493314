//! The source of a page, itself a page without a view: Bennu's templates serve
//! plain handlers too.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Html;
use bennu::prelude::*;

use crate::layout;
use crate::pages::EXHIBITS;

pub(crate) async fn show(Path(slug): Path<String>) -> Result<Html<String>, StatusCode> {
    let exhibit = EXHIBITS
        .into_iter()
        .find(|exhibit| exhibit.slug == slug)
        .ok_or(StatusCode::NOT_FOUND)?;
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
    Ok(Html(layout::document(&head, body).to_html()))
}
