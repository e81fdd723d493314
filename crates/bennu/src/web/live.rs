//! The handler of a live route: where a request, be it a GET or a visit of the
//! road, meets the view's own type.

use std::any::TypeId;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use axum::extract::{FromRequestParts, OriginalUri, Request};
use axum::handler::Handler;
use axum::middleware::AddExtension;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use tower::Layer;

use crate::error::Result;
use crate::flash::Flash;
use crate::layout::LiveSession;
use crate::session::erased::{Mounted, View};
use crate::session::navigation::{Outcome, Purpose, Visit};
use crate::socket::{Core, Link, Socket};
use crate::view::LiveView;
use crate::web::children;
use crate::web::page::{self, NO_STORE};
use crate::web::routes::{App, Served};

/// The handler of a live route.
///
/// ```
/// use axum::{Router, routing::get};
/// use bennu::prelude::*;
/// # struct Counter;
/// # impl LiveView for Counter {
/// #     type Params = (); type Event = Never; type Info = Never;
/// #     async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> { Ok(Self) }
/// #     fn render(&self) -> Rendered { html! { "0" } }
/// # }
///
/// let router: Router = Router::new().route("/counter", get(live::<Counter>()));
/// ```
///
/// The router has to be served by [`Bennu::serve`](crate::Bennu::serve).
#[must_use]
pub fn live<V: LiveView>() -> Live<V> {
    Live(PhantomData)
}

/// See [`live`].
pub struct Live<V>(PhantomData<fn() -> V>);

impl<V> Clone for Live<V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Live<V> {}

impl<V> fmt::Debug for Live<V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Live<{}>", std::any::type_name::<V>())
    }
}

impl<V, S> Handler<(), S> for Live<V>
where
    V: LiveView,
    V::Params: FromRequestParts<S>,
    S: Send + Sync + 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        Box::pin(async move {
            let (mut parts, _) = request.into_parts();
            let (Some(served), Some(layouts)) = (
                parts.extensions.get::<Served>().cloned(),
                parts.extensions.get::<LiveSession>().cloned(),
            ) else {
                return not_served();
            };
            let visit = parts.extensions.remove::<Visit>();
            if let Some(visit) = &visit
                && !leads_here::<V>(visit, &layouts)
            {
                visit.settle(Outcome::Elsewhere);
                return visited();
            }
            let params = match V::Params::from_request_parts(&mut parts, &state).await {
                Ok(params) => params,
                Err(rejection) => return rejection.into_response(),
            };
            match visit {
                None => {
                    page::respond(&served, layouts, parts, |core| mount::<V>(params, core)).await
                }
                Some(visit) => {
                    arrive::<V>(&visit, params, &served, layouts, &parts).await;
                    visited()
                }
            }
        })
    }
}

/// The answer that a visit's middleware sees. It has the page's URL and is not
/// the page: no cache may keep it.
fn visited() -> Response {
    (StatusCode::NO_CONTENT, [NO_STORE]).into_response()
}

/// A live route outside of `Bennu::serve` has no secret to sign a page with.
fn not_served() -> Response {
    let message = "this live route is not served by Bennu: pass the router to `Bennu::serve`, and \
                   add layers before that";
    tracing::error!("{message}");
    (StatusCode::INTERNAL_SERVER_ERROR, message).into_response()
}

/// Whether a visit may end at this view.
fn leads_here<V: LiveView>(visit: &Visit, layouts: &LiveSession) -> bool {
    match visit.purpose() {
        Purpose::Join { session, .. } => {
            (session.as_ref()).is_none_or(|session| *session == layouts.name())
        }
        Purpose::Show(lineage) => lineage.view.is_none_or(|view| view == TypeId::of::<V>()),
        Purpose::Patch { view, session } => {
            *view == TypeId::of::<V>() && session.name() == layouts.name()
        }
    }
}

/// Gives a visit what it came for.
async fn arrive<V: LiveView>(
    visit: &Visit,
    params: V::Params,
    served: &Served,
    layouts: LiveSession,
    parts: &Parts,
) {
    let outcome = match visit.purpose() {
        Purpose::Patch { .. } => Outcome::Params(Box::new(params)),
        Purpose::Show(lineage) => {
            let depth = lineage.depth();
            let core = core(&served.app, None, Flash::default(), parts, depth);
            let mounted = mount::<V>(params, core).await;
            children::show(mounted, lineage, served, parts).await
        }
        Purpose::Join {
            link, flash, depth, ..
        } => {
            let link = Some(link.clone());
            let core = core(&served.app, link, flash.clone(), parts, *depth);
            match mount::<V>(params, core).await {
                Ok(mounted) => Outcome::Mounted(mounted, layouts),
                Err((error, flash)) => Outcome::Failed(error, flash),
            }
        }
    };
    visit.settle(outcome);
}

pub(crate) fn core(app: &App, link: Option<Link>, flash: Flash, parts: &Parts, depth: u8) -> Core {
    let mut core = Core::new(link, app.pubsub.clone(), page_uri(parts).into(), flash);
    core.depth = depth;
    core
}

/// Path and query of the page: all of it, although a nested router shows its
/// routes only their part.
pub(crate) fn page_uri(parts: &Parts) -> &str {
    let original = parts.extensions.get::<OriginalUri>();
    let uri = original.map_or(&parts.uri, |original| &original.0);
    uri.path_and_query().map_or("/", |uri| uri.as_str())
}

/// Makes the view and brings it to its URL.
async fn mount<V: LiveView>(
    params: V::Params,
    core: Core,
) -> Result<Box<dyn Mounted>, (crate::Error, Flash)> {
    let mut socket = Socket::new(core);
    let view = match V::mount(&params, &mut socket).await {
        Ok(view) => view,
        Err(error) => return Err((error, std::mem::take(&mut socket.core().flash))),
    };
    let mut mounted = View { view, socket };
    if mounted.socket.core().effects.exit.is_none()
        && let Err(error) = mounted
            .view
            .handle_params(params, &mut mounted.socket)
            .await
    {
        return Err((error, std::mem::take(&mut mounted.socket.core().flash)));
    }
    Ok(Box::new(mounted))
}

impl<S> Layer<S> for LiveSession {
    type Service = AddExtension<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Layer::layer(&axum::Extension(self.clone()), inner)
    }
}
