//! What a request to a live route is for, as middleware and extractors see it.

use std::sync::Arc;

/// What a request is for: a page, a child in one, or another URL of a view.
///
/// A live route is asked more often than its page is loaded, and always by a GET
/// with the visitor's headers (see [`Bennu::serve`](crate::Bennu::serve)): when the
/// page is loaded, when its view is joined over the WebSocket, by each patch, and
/// for each [child](crate::child) of a page at the child's own URL. Most middleware
/// needs no difference between them. A guard does that sends visitors to log in and
/// back again: the way back leads to the page, never to a child.
///
/// ```
/// use axum::extract::Request;
/// use axum::middleware::{Next, from_fn};
/// use axum::response::{IntoResponse, Redirect, Response};
/// use bennu::prelude::*;
/// use bennu::{LiveRequest, LocalPath};
/// # #[derive(Clone)] struct User;
///
/// async fn members_only(
///     asked: LiveRequest,
///     mut notices: Notices,
///     request: Request,
///     next: Next,
/// ) -> Response {
///     if request.extensions().get::<User>().is_some() {
///         return next.run(request).await;
///     }
///     notices.put("error", "Please log in");
///     let login = LOGIN.query("next", asked.page_uri().unwrap_or("/"));
///     (notices, Redirect::to(login.as_str())).into_response()
/// }
///
/// const LOGIN: LocalPath = LocalPath::from_static("/login");
///
/// let members: axum::Router = axum::Router::new().layer(from_fn(members_only));
/// ```
///
/// The handler that leads back takes `next` as a [`LocalPath`](crate::LocalPath), which
/// is none of another site: anybody can make a link to the log-in.
///
/// A page of another tab that was open before the log-in is turned away once more: its
/// WebSocket has the cookies of then. The browser loads the log-in with those of now, so
/// let that lead on whom it knows, with
/// [`clear_flash`](crate::Socket::clear_flash) and
/// [`Error::redirect`](crate::Error::redirect) in its `mount`.
///
/// It is an extractor that never rejects, and stands in the extensions of every
/// request of an application that [`Bennu::serve`](crate::Bennu::serve) has
/// completed, for layers that read them there. A peer can't forge it, except that
/// it names the page's URL itself, as it does in a GET.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveRequest {
    moment: Moment,
    is_child: bool,
    page_uri: Option<Arc<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    Load,
    Join,
    Patch,
}

impl LiveRequest {
    /// A request of the browser itself.
    pub(crate) fn load(page_uri: &str) -> Self {
        Self {
            moment: Moment::Load,
            is_child: false,
            page_uri: Some(page_uri.into()),
        }
    }

    /// The view of a page is joined.
    pub(crate) fn join(page_uri: &str) -> Self {
        Self {
            moment: Moment::Join,
            ..Self::load(page_uri)
        }
    }

    /// The view of a page is asked for another URL of it.
    pub(crate) fn patch(page_uri: &str) -> Self {
        Self {
            moment: Moment::Patch,
            ..Self::load(page_uri)
        }
    }

    /// The same, of a child in the page at this URL, where that is known.
    pub(crate) fn of_child(self, page_uri: Option<Arc<str>>) -> Self {
        Self {
            is_child: true,
            page_uri,
            ..self
        }
    }

    /// Whether a view is asked for that stands in the page of another one, placed
    /// by [`live_child`](crate::live_child) or [`live_sticky`](crate::live_sticky).
    ///
    /// A redirect and an error status count for the whole page all the same.
    #[must_use]
    pub fn is_child(&self) -> bool {
        self.is_child
    }

    /// Whether a view is asked for over the WebSocket: by the first join of a page,
    /// by one after the connection was lost, or by a live navigation.
    #[must_use]
    pub fn is_join(&self) -> bool {
        self.moment == Moment::Join
    }

    /// Whether a view that is connected asks for another URL of its own. Where this
    /// request is turned away, the page is asked for again by a join, which the guard
    /// sees too; a child's page is led away at once.
    #[must_use]
    pub fn is_patch(&self) -> bool {
        self.moment == Moment::Patch
    }

    /// Path and query of the page, also where a child is asked for: as the
    /// application's router knows it, without the path of
    /// [`Config::public_url`](crate::Config::public_url). `None` only for a child
    /// that joins before the page around it did.
    #[must_use]
    pub fn page_uri(&self) -> Option<&str> {
        self.page_uri.as_deref()
    }
}
