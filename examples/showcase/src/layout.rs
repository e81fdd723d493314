//! What stands around the pages, as plain functions that return HTML.

use bennu::prelude::*;

use crate::assets;
use crate::pages::{EXHIBITS, Exhibit};

/// The document around a live page; rendered once per page load.
pub(crate) fn root(page: &Page<'_>) -> Rendered {
    let head = html! {
        (page.head_with_title("", "Bennu", " · Bennu"))
        script defer src=(assets::hooks()) {}
    };
    document(&head, page.content())
}

/// A document with our style, for live pages and others.
pub(crate) fn document(head: &Rendered, body: impl Render) -> Rendered {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                (head)
                meta name="color-scheme" content="light dark";
                link rel="stylesheet" href=(assets::stylesheet());
                link rel="icon" type="image/svg+xml" href=(assets::icon());
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                (body)
            }
        }
    }
}

/// What every view has around it while it is live: the bar, notices, and a word
/// when the connection is lost. The client puts `phx-client-error` or `phx-server-error`
/// on the view's container then; the rest is CSS.
pub(crate) fn live(layout: &Layout<'_>) -> Rendered {
    let place = layout.uri().split(['/', '?']).nth(1).unwrap_or_default();
    html! {
        (header(place))
        (layout.content())
        div #notices.notices role="status" aria-live="polite" {
            @for (kind, text) in layout.flash().iter() key=(kind) {
                div.notice.(kind) #{ "flash-" (kind) } {
                    p { (text) }
                    button.quiet type="button" phx-click="lv:clear-flash" phx-value-key=(kind) aria-label="Dismiss" { "✕" }
                }
            }
        }
        div.lost.client role="alert" { "The connection is lost. Trying to get it back…" }
        div.lost.server role="alert" { "Something went wrong on the server. Loading this page anew…" }
    }
}

/// The bar on top, with the page of this slug marked.
pub(crate) fn header(current: &str) -> Rendered {
    html! {
        header.bar {
            a.brand ..(link::navigate("/")) aria-current=[(current.is_empty()).then_some("page")] {
                "Bennu"
            }
            nav aria-label="Pages" {
                @for exhibit in EXHIBITS key=(exhibit.slug) {
                    a ..(link::navigate(format!("/{}", exhibit.slug)))
                        aria-current=[(exhibit.slug == current).then_some("page")] { (exhibit.name) }
                }
            }
        }
    }
}

/// A page of the showcase: heading, the link to its source, content.
pub(crate) fn exhibit(exhibit: &Exhibit, content: impl Render) -> Rendered {
    html! {
        main #main {
            div.heading {
                h1 { (exhibit.name) }
                a.source href={ "/source/" (exhibit.slug) } { "Source" }
                p { (exhibit.summary) }
            }
            (content)
        }
    }
}

/// A link to another live page: shown over the same WebSocket.
pub(crate) fn link(to: &str, text: impl Render) -> Rendered {
    html! {
        a ..(link::navigate(to)) { (text) }
    }
}
