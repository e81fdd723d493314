//! Links between live pages: attributes for an `a` of yours.
//!
//! ```
//! use bennu::prelude::*;
//!
//! let pages = html! {
//!     a.button ..(link::patch("/items?page=2")) { "Next" }
//!     a ..(link::navigate("/about")) { "About" }
//!     a href="/feed.xml" { "Feed" }
//! };
//! assert!(pages.to_html().starts_with(
//!     r#"<a class="button" href="/items?page=2" data-phx-link="patch" data-phx-link-state="push">"#
//! ));
//! ```
//!
//! | where to | use | what stays |
//! |---|---|---|
//! | another URL of this view | [`patch`], as [`Socket::push_patch`](crate::Socket::push_patch) | the view with its state |
//! | another view of this [live session](crate::LiveSession) | [`navigate`], as [`Socket::push_navigate`](crate::Socket::push_navigate) | the WebSocket, sticky views |
//! | anywhere else | a plain `href` | nothing |
//!
//! You need not know: each goes on as the next one where it can't be what it
//! says. The server finds out with the click, which costs a round trip each time.
//! Without scripts all of them are plain links.
//!
//! A path begins with a `/`. What a URL can't hold, such as a space, is
//! percent-encoded, and what is encoded already stays, so a path may be put
//! together by `format!` if its parts hold no `/`, `?`, `#` or `%` of their own.
//! A query or fragment alone (`?page=2`, `#top`) keeps the path that the browser
//! shows.
//!
//! What changes something is no link: use an event, or a form that is
//! [posted](crate::Posted).

use std::fmt::Display;

use bennu_core::Attributes;

use crate::{path as paths, public};

/// A link to another URL of the view: it is patched. Adds an entry to the
/// browser's history.
pub fn patch(to: impl Display) -> Attributes {
    attributes(&to.to_string(), "patch", "push")
}

/// Like [`patch`], in place of the current entry of the browser's history.
pub fn replace_patch(to: impl Display) -> Attributes {
    attributes(&to.to_string(), "patch", "replace")
}

/// A link to another live view, which is mounted over the same WebSocket. Adds
/// an entry to the browser's history.
pub fn navigate(to: impl Display) -> Attributes {
    attributes(&to.to_string(), "redirect", "push")
}

/// Like [`navigate`], in place of the current entry of the browser's history.
pub fn replace_navigate(to: impl Display) -> Attributes {
    attributes(&to.to_string(), "redirect", "replace")
}

/// A path of the application as browsers see it, for what is written by hand in
/// a template: with the path of [`Config::public_url`](crate::Config::public_url)
/// before it. The links of this module have it already.
///
/// ```
/// use bennu::prelude::*;
///
/// let form = html! { form action=(link::path("/login")) method="post" {} };
/// # assert_eq!(form.to_html(), r#"<form action="/login" method="post"></form>"#);
/// ```
#[must_use]
pub fn path(to: impl Display) -> String {
    let to = to.to_string();
    // What is no local path is nothing of the application's.
    match paths::local(&to) {
        Ok(path) => public::outside(&path),
        Err(_) => to,
    }
}

/// A URL of another site is a plain link. What is no URL of the web leads
/// nowhere: it may have come from a visitor, and run as a script.
fn attributes(to: &str, kind: &str, state: &str) -> Attributes {
    if let Ok(to) = paths::reference(to) {
        return Attributes::new()
            .with("href", public::outside(&to))
            .with("data-phx-link", kind)
            .with("data-phx-link-state", state);
    }
    match paths::redirect(to) {
        Ok(to) => Attributes::new().with("href", &*to),
        Err(fault) => {
            tracing::warn!("a link leads nowhere: {fault}");
            Attributes::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_within_the_site_or_to_another_and_never_to_a_script() {
        assert_eq!(
            replace_navigate("/Ann Lee?b=\"c\"").to_html(),
            r#" href="/Ann%20Lee?b=%22c%22" data-phx-link="redirect" data-phx-link-state="replace""#
        );
        assert_eq!(
            patch("?page=2").to_html(),
            r#" href="?page=2" data-phx-link="patch" data-phx-link-state="push""#,
            "the browser knows the page that it shows"
        );
        assert_eq!(
            replace_navigate("/a?b=c&d").to_html(),
            r#" href="/a?b=c&amp;d" data-phx-link="redirect" data-phx-link-state="replace""#
        );
        assert_eq!(
            patch("https://example.org/").to_html(),
            r#" href="https://example.org/""#
        );
        for to in ["javascript:alert(1)", "//example.org", "", "x"] {
            assert_eq!(patch(to).to_html(), "", "{to}");
        }
    }
}
