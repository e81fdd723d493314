//! The one road into a view (design D3), as the session sees it: a URL goes
//! in, and out comes a mounted view, the parameters of a patch, or the answer
//! with which the application turned the visitor away.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};

use http::StatusCode;

use crate::connect::Params;
use crate::error::Error;
use crate::flash::Flash;
use crate::layout::LiveSession;
use crate::path::elsewhere;
use crate::request::LiveRequest;
use crate::session::erased::Mounted;
use crate::socket::Link;

/// Brings a visit through the application's router.
pub(crate) trait Road: Send + Sync {
    /// Asks for `uri` (path and query), with `visit` waiting in the request for
    /// the view that the route leads to.
    fn travel<'r>(
        &'r self,
        uri: &'r str,
        visit: Visit,
    ) -> Pin<Box<dyn Future<Output = Answer> + Send + 'r>>;
}

/// How the application answered the request of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    /// The notices that it leaves, if it says anything about them: those that
    /// came along are among them.
    pub(crate) flash: Option<Flash>,
}

impl Answer {
    /// One without a word.
    pub(crate) fn of(status: StatusCode) -> Self {
        Self {
            status,
            location: None,
            flash: None,
        }
    }

    pub(crate) fn is_error(&self) -> bool {
        self.status.is_client_error() || self.status.is_server_error()
    }

    /// Where it sends the browser, if a script may follow: it can be led to more
    /// than by a header, such as `javascript:`, and takes a relative path for one
    /// of the page that it shows.
    pub(crate) fn redirect(&self) -> Option<Cow<'_, str>> {
        let to = self.location.as_deref()?;
        elsewhere(to).ok().filter(|_| self.status.is_redirection())
    }
}

/// The slot in a request that waits for a view.
#[derive(Clone)]
pub(crate) struct Visit(Arc<Inner>);

struct Inner {
    purpose: Purpose,
    request: LiveRequest,
    outcome: Mutex<Option<Outcome>>,
}

/// What a visit is for.
pub(crate) enum Purpose {
    /// A view is to be mounted for a connection.
    Join {
        link: Link,
        flash: Flash,
        /// The live session that the page belongs to. A child may be of any:
        /// it shows no layout, and its road holds for it.
        session: Option<String>,
        /// The view that the page was loaded with, by its
        /// [`mark`](crate::session::token::mark), unless a live navigation leads
        /// to another.
        view: Option<u64>,
        /// How many views it is nested in.
        depth: u8,
        /// What the client gave its views.
        params: Params,
    },
    /// A child is to be shown in a page that is loaded.
    Show(Lineage),
    /// The mounted view of this type gets the parameters of another URL.
    Patch {
        view: TypeId,
        session: LiveSession,
        link: Option<Link>,
    },
}

/// What a visit came to, where the route is one of a live view.
pub(crate) enum Outcome {
    Mounted(Box<dyn Mounted>, LiveSession),
    Params(Box<dyn Any + Send>),
    /// The HTML of a child, and its notices.
    Shown(String, Flash),
    /// The child, of this view, patched its URL while it was mounted.
    Moved(String, TypeId),
    /// The route is of another live session, or for a patch of another view.
    Elsewhere,
    /// The view's own extractor answered.
    Rejected,
    Failed(Error, Flash),
}

/// The views around a child in a page that is loaded.
#[derive(Clone, Debug)]
pub(crate) struct Lineage {
    /// The id of the child's element.
    pub(crate) id: Box<str>,
    /// The view that it has to be, once it is known.
    pub(crate) view: Option<TypeId>,
    /// Their URLs, the page's first, and the child's own last.
    pub(crate) uris: Vec<Box<str>>,
    /// How many children the whole page has so far.
    pub(crate) placed: Arc<AtomicUsize>,
}

impl Lineage {
    /// The page's path and query.
    pub(crate) fn page_uri(&self) -> Option<Arc<str>> {
        self.uris.first().map(|uri| Arc::from(&**uri))
    }

    pub(crate) fn depth(&self) -> u8 {
        // Invariant: nests are no deeper than `nest::DEEPEST`.
        u8::try_from(self.uris.len() - 1).unwrap_or(u8::MAX)
    }
}

impl Visit {
    /// `request` tells middleware and extractors about it.
    pub(crate) fn new(purpose: Purpose, request: LiveRequest) -> Self {
        Self(Arc::new(Inner {
            purpose,
            request,
            outcome: Mutex::new(None),
        }))
    }

    pub(crate) fn purpose(&self) -> &Purpose {
        &self.0.purpose
    }

    pub(crate) fn request(&self) -> &LiveRequest {
        &self.0.request
    }

    /// The notices that came along. A page that is loaded with children shows its
    /// own, and a view that stays has them.
    pub(crate) fn flash(&self) -> Flash {
        match &self.0.purpose {
            Purpose::Join { flash, .. } => flash.clone(),
            Purpose::Show(_) | Purpose::Patch { .. } => Flash::default(),
        }
    }

    pub(crate) fn settle(&self, outcome: Outcome) {
        *self
            .0
            .outcome
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    }

    /// The outcome, if the request reached a live view.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        self.0
            .outcome
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

/// Path and query of a page's full URL. `None` for anything that is not a URL
/// of the web, or has a host that no name server would know (§3.2).
pub(crate) fn page_uri(url: &str) -> Option<&str> {
    const LONGEST_HOST: usize = 253;
    let after_scheme = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"))?;
    let path = after_scheme
        .find(['/', '?', '#'])
        .unwrap_or(after_scheme.len());
    let (host, uri) = after_scheme.split_at(path);
    let uri = uri.split('#').next().unwrap_or_default();
    let valid = host.len() <= LONGEST_HOST && (uri.is_empty() || uri.starts_with('/'));
    valid.then_some(if uri.is_empty() { "/" } else { uri })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn path_and_query_are_taken_from_a_pages_url() {
        assert_eq!(
            page_uri("http://localhost:4000/items?x=1#top"),
            Some("/items?x=1")
        );
        assert_eq!(page_uri("https://a.example"), Some("/"));
        assert_eq!(page_uri("https://a.example#x"), Some("/"));
        for bad in ["", "/items", "ftp://x/", "http:/x", "https://a.example?x"] {
            assert_eq!(page_uri(bad), None, "{bad}");
        }
        assert_eq!(page_uri(&format!("http://{}/", "x".repeat(254))), None);
    }

    proptest! {
        #[test]
        fn a_pages_path_is_a_part_of_its_url(
            url in any::<String>(),
            scheme in "(http|https|ftp|HTTP)://",
            host in "[a-z.:@]{0,8}",
            rest in "[/?#a%é ]{0,8}",
        ) {
            for url in [url, format!("{scheme}{host}{rest}")] {
                if let Some(uri) = page_uri(&url) {
                    prop_assert!(uri.starts_with('/') && !uri.contains('#'), "{uri:?}");
                    prop_assert!(uri == "/" || url.contains(uri));
                }
            }
        }
    }
}
