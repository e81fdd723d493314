//! What the client says when it joins, beyond the protocol: the parameters of
//! its `LiveSocket`, how often the page joined, and which tracked files it has.

use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::Result;
use crate::layout::{Addresses, LiveSession, Needs, Page};
use crate::public::Base;
use crate::session::components::VIEW;
use crate::session::nest::{DeadNest, Nesting};
use crate::socket::{Core, Socket};

/// What a join brought. It is kept until that is answered: only callbacks that
/// run for it are told.
pub(crate) struct Connect {
    pub(crate) params: Params,
    /// What the page would be made of now.
    pub(crate) layouts: LiveSession,
    pub(crate) addresses: Arc<Addresses>,
    pub(crate) base: Base,
}

/// The `params` of a join (`protocol.md §3.1`), as they came.
#[derive(Clone, Debug)]
pub(crate) struct Params {
    pub(crate) json: Box<str>,
    pub(crate) mounts: u64,
}

#[derive(Default, Deserialize)]
struct Tracked {
    /// Full URLs.
    #[serde(default, rename = "_track_static")]
    urls: Vec<String>,
}

impl Core {
    /// The join is answered.
    pub(crate) fn forget_connect(&mut self) {
        self.connect = None;
    }
}

impl<S> Socket<S> {
    /// What the application's script gave its `LiveSocket` as `params`, such as
    /// the time zone. `None` in a dead render, and after the join: read it in
    /// `mount` or the first `handle_params`.
    ///
    /// In a script that stands after the client's:
    ///
    /// ```js
    /// Bennu.options.params = { time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
    /// ```
    ///
    /// and in the view:
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// #[derive(serde::Deserialize)]
    /// struct ClientParams {
    ///     time_zone: Option<String>,
    /// }
    /// # struct Clock { time_zone: String }
    /// # impl LiveView for Clock {
    /// # type Params = (); type Event = Never; type Info = Never;
    ///
    /// async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
    ///     let params: Option<ClientParams> = socket.connect_params().unwrap_or(None);
    ///     let time_zone = params.and_then(|params| params.time_zone);
    ///     Ok(Self { time_zone: time_zone.unwrap_or_else(|| "UTC".to_owned()) })
    /// }
    /// # fn render(&self) -> Rendered { html! {} }
    /// # }
    /// ```
    ///
    /// What is known of the connection itself (the peer's address, its headers,
    /// cookies, the user agent, the URL, a session of middleware) extractors find
    /// for a join as they do for a GET: name them in
    /// [`LiveView::Params`](crate::LiveView::Params).
    ///
    /// # Errors
    /// When the parameters don't have the shape of `T`. Any peer may send
    /// anything: decide what holds then, rather than let the mount fail. They
    /// are no longer than [`Limits::message_bytes`](crate::Limits::message_bytes).
    pub fn connect_params<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        Ok(match &self.core_ref().connect {
            Some(connect) => Some(serde_json::from_str(&connect.params.json)?),
            None => None,
        })
    }

    /// How often this page joined before: 0 for the first time, and in a dead
    /// render; more after a lost connection or a crash. As
    /// [`connect_params`](Self::connect_params) only for the time of the join.
    #[must_use]
    pub fn mounts(&self) -> u64 {
        (self.core_ref().connect.as_ref()).map_or(0, |connect| connect.params.mounts)
    }

    /// Whether the page in the browser has other versions of its files than it
    /// would have now: the server was replaced by a newer one since the page was
    /// loaded. Tell the visitor to load it again. As
    /// [`connect_params`](Self::connect_params) only for the time of the join.
    ///
    /// Compared are the elements of the root layout with `phx-track-static`, by
    /// their `src` or `href`: files whose names change with their content.
    /// [`Page::head`] tracks the client's own script.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// # let stylesheet = "/app-5d41.css";
    /// let head = html! { link rel="stylesheet" href=(stylesheet) phx-track-static; };
    /// ```
    #[must_use]
    pub fn static_changed(&self) -> bool {
        let Some(connect) = &self.core_ref().connect else {
            return false;
        };
        // A peer that says something else tracks nothing.
        let Tracked { urls } = serde_json::from_str(&connect.params.json).unwrap_or_default();
        if urls.is_empty() {
            return false;
        }
        let html = connect.page();
        let known: Vec<String> = tracked(&html).collect();
        !urls
            .iter()
            .all(|url| known.iter().any(|known| is_same(url, known)))
    }
}

impl Connect {
    /// The root layout around nothing.
    fn page(&self) -> String {
        let page = Page {
            title: None,
            csrf_token: "",
            addresses: &self.addresses,
            needs: Needs::default(),
            content: "",
        };
        let mut nesting = Nesting::Dead(Some(DeadNest::in_root_layout(&self.base)));
        nesting.render(VIEW, || self.layouts.root(&page).to_html())
    }
}

/// The addresses of the elements that are tracked, as they are written.
fn tracked(html: &str) -> impl Iterator<Item = String> {
    html.match_indices(" phx-track-static")
        .filter_map(|(at, _)| {
            let (before, after) = html.split_at(at);
            let start = before.rfind('<')?;
            let end = at + after.find('>')?;
            let tag = html.get(start..end)?;
            let address = |name: &str| Some(tag.split_once(name)?.1.split_once('"')?.0);
            let address = address(" src=\"").or_else(|| address(" href=\""))?;
            Some(address.replace("&quot;", "\"").replace("&amp;", "&"))
        })
}

/// Whether a browser that finds `written` in a page makes this URL of it.
fn is_same(url: &str, written: &str) -> bool {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_scheme.find('/').map_or("", |at| &after_scheme[at..]);
    if written.starts_with("//") {
        after_scheme == &written[2..]
    } else if written.starts_with('/') {
        path == written
    } else {
        url == written
            || path
                .strip_suffix(written)
                .is_some_and(|rest| rest.ends_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracked_elements_are_found_with_their_addresses() {
        let html = r#"<script src="/a.js" phx-track-static></script><script src="/b.js"></script>
            <link phx-track-static rel="stylesheet" href="/c.css?a=1&amp;b=2"><p phx-track-static>x</p>"#;
        assert_eq!(
            tracked(html).collect::<Vec<_>>(),
            ["/a.js", "/c.css?a=1&b=2"]
        );
    }

    #[test]
    fn addresses_are_compared_as_a_browser_resolves_them() {
        for (url, written) in [
            ("http://a.example/x/app.css?v=1", "/x/app.css?v=1"),
            ("http://a.example/x/app.css", "app.css"),
            ("https://cdn.example/app.css", "https://cdn.example/app.css"),
            ("https://cdn.example/app.css", "//cdn.example/app.css"),
        ] {
            assert!(is_same(url, written), "{url} {written}");
        }
        for (url, written) in [
            ("http://a.example/x/app.css?v=1", "/x/app.css?v=2"),
            ("http://a.example/x/my-app.css", "app.css"),
            (
                "https://cdn.example/app.css",
                "https://other.example/app.css",
            ),
            ("", "/"),
        ] {
            assert!(!is_same(url, written), "{url} {written}");
        }
    }
}
