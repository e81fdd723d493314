//! The handler of a live route: where a request, be it a GET or a visit of the
//! road, meets the view's own type.

use std::any::{Any, TypeId, type_name};
use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OriginalUri, Request};
use axum::handler::Handler;
use axum::middleware::AddExtension;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::StatusCode;
use http::request::Parts;
use tower::Layer;

use crate::connect::Connect;
use crate::error::{Error, Result};
use crate::flash::Flash;
use crate::hook::{Hook, Hooks, Prototypes};
use crate::layout::LiveSession;
use crate::path;
use crate::quoted::Quoted;
use crate::session::erased::{Mounted, View};
use crate::session::navigation::{Outcome, Purpose, Visit};
use crate::session::token::is_mark_of;
use crate::socket::{Core, Socket};
use crate::view::LiveView;
use crate::web::children;
use crate::web::connections::{ConnectionOwner, OfConnection};
use crate::web::errors;
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
    Live {
        hooks: Prototypes::default(),
        child_only: false,
        view: PhantomData,
    }
}

/// See [`live`].
pub struct Live<V> {
    hooks: Prototypes,
    child_only: bool,
    view: PhantomData<fn() -> V>,
}

impl<V> Live<V> {
    /// Attaches a hook to the view, where it is reached by this route.
    #[must_use]
    pub fn hook(mut self, hook: impl Hook) -> Self {
        self.hooks.add(hook);
        self
    }

    /// Closes the route to visitors: the view is there only as a
    /// [child](crate::child) in the page of another view. As a page it does not
    /// exist: whoever loads its URL, or navigates there, gets status 404.
    ///
    /// Layers of the route are still asked first.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use bennu::prelude::*;
    /// # struct Bell;
    /// # impl LiveView for Bell {
    /// #     type Params = (); type Event = Never; type Info = Never;
    /// #     async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> { Ok(Self) }
    /// #     fn render(&self) -> Rendered { html! { "0" } }
    /// # }
    ///
    /// // In the live layout: (live_sticky("bell", "/bell"))
    /// let router: Router = Router::new().route("/bell", get(live::<Bell>().child_only()));
    /// ```
    #[must_use]
    pub fn child_only(mut self) -> Self {
        self.child_only = true;
        self
    }
}

impl<V> Clone for Live<V> {
    fn clone(&self) -> Self {
        Self {
            hooks: self.hooks.clone(),
            child_only: self.child_only,
            view: PhantomData,
        }
    }
}

impl<V> fmt::Debug for Live<V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Live<{}>", type_name::<V>())
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
            let Some(served) = parts.extensions.get::<Served>().cloned() else {
                return not_served();
            };
            let own = parts.extensions.get::<LiveSession>();
            let layouts = own.unwrap_or(&served.app.session).clone();
            let visit = parts.extensions.remove::<Visit>();
            let is_child = (visit.as_ref()).is_some_and(|visit| visit.request().is_child());
            if self.child_only && !is_child {
                let uri = page_uri(&parts);
                return errors::answer(&served.app, StatusCode::NOT_FOUND, &uri, &parts.headers);
            }
            if let Some(visit) = &visit
                && !leads_here::<V>(visit, &layouts, &served.app)
            {
                visit.settle(Outcome::Elsewhere);
                return visited();
            }
            // At once: who is disconnected while the view is mounted is known.
            if !note_owner(&served.app, &parts) {
                return visited();
            }
            let mut core = core(visit.as_ref(), &served.app, &layouts, &parts);
            let hooks = [&served.app.hooks, layouts.hooks(), &self.hooks];
            core.hooks = Hooks::of(type_name::<V>(), &hooks);
            let asked = AssertUnwindSafe(core.ask_mount(&mut parts)).catch_unwind();
            // The panic's message was printed by the panic hook.
            let asked = asked.await.unwrap_or_else(|_| {
                let view = type_name::<V>();
                Err(Error::message(format!("a hook of {view} panicked")))
            });
            let params = match asked {
                Ok(()) => match V::Params::from_request_parts(&mut parts, &state).await {
                    Ok(params) => Ok(params),
                    Err(rejection) => {
                        return rejected(rejection.into_response(), visit, &served.app, &parts);
                    }
                },
                Err(error) => Err(error),
            };
            // A hook or an extractor may have found out more.
            if !note_owner(&served.app, &parts) {
                return visited();
            }
            if let Some(Purpose::Patch { .. }) = visit.as_ref().map(Visit::purpose) {
                return patched(visit, params, core.flash);
            }
            // Boxed, and no more of the view's type: what has futures within it is
            // moved with the room of them all.
            let mounting: Pin<Box<dyn Future<Output = Mounting> + Send>> =
                Box::pin(mount::<V>(params, core));
            let base = served.app.config.base.clone();
            let mounting = base.during(mounting);
            match visit {
                None => Box::pin(page::respond(&served, layouts, parts, mounting)).await,
                Some(visit) => {
                    arrive(&visit, mounting, &served, layouts, &parts).await;
                    visited()
                }
            }
        })
    }
}

/// An extractor answers, and no view.
fn rejected(response: Response, visit: Option<Visit>, app: &App, parts: &Parts) -> Response {
    match visit {
        None => errors::stand_in(app, response, &page_uri(parts), &parts.headers),
        Some(visit) => {
            visit.settle(Outcome::Rejected);
            response
        }
    }
}

/// Notes whose the connection is, if a visit of one was told. False if the owner
/// was disconnected since the visit began: nothing is mounted then.
fn note_owner(app: &App, parts: &Parts) -> bool {
    let of = parts.extensions.get::<OfConnection>();
    match (of, parts.extensions.get::<ConnectionOwner>()) {
        (Some(of), Some(owner)) => app.connections.belongs(of, owner),
        _ => true,
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
fn leads_here<V: LiveView>(visit: &Visit, layouts: &LiveSession, app: &App) -> bool {
    match visit.purpose() {
        Purpose::Join { session, view, .. } => {
            let is_it = |mark| is_mark_of(mark, type_name::<V>(), &app.config.signer);
            (session.as_ref()).is_none_or(|session| *session == layouts.name())
                && view.is_none_or(is_it)
        }
        Purpose::Show(lineage) => lineage.view.is_none_or(|view| view == TypeId::of::<V>()),
        Purpose::Patch { view, session, .. } => {
            *view == TypeId::of::<V>() && session.name() == layouts.name()
        }
    }
}

/// Gives a patch the parameters of its URL, or tells it why there are none.
fn patched(visit: Option<Visit>, params: Result<impl Any + Send>, flash: Flash) -> Response {
    if let Some(visit) = visit {
        visit.settle(match params {
            Ok(params) => Outcome::Params(Box::new(params)),
            Err(error) => Outcome::Failed(error, flash),
        });
    }
    visited()
}

/// Gives a visit what it came for.
async fn arrive(
    visit: &Visit,
    mounting: impl Future<Output = Mounting>,
    served: &Served,
    layouts: LiveSession,
    parts: &Parts,
) {
    let outcome = match (visit.purpose(), mounting.await) {
        (Purpose::Show(lineage), mounted) => {
            children::show(mounted, layouts, lineage, served, parts).await
        }
        (_, Ok(mounted)) => Outcome::Mounted(mounted, layouts),
        (_, Err((error, flash))) => Outcome::Failed(error, flash),
    };
    visit.settle(outcome);
}

/// The socket of a view that is to be mounted; for a patch, whose view is, what
/// its hooks are asked with.
fn core(visit: Option<&Visit>, app: &App, layouts: &LiveSession, parts: &Parts) -> Core {
    let (link, flash, depth) = match visit.map(Visit::purpose) {
        None => (None, page::carried_flash(app, parts), 0),
        Some(Purpose::Show(lineage)) => (None, Flash::default(), lineage.depth()),
        Some(Purpose::Join {
            link, flash, depth, ..
        }) => (Some(link.clone()), flash.clone(), *depth),
        Some(Purpose::Patch { link, .. }) => (link.clone(), Flash::default(), 0),
    };
    let mut core = Core::new(link, app.pubsub.clone(), page_uri(parts).into(), flash);
    core.depth = depth;
    if let Some(Purpose::Join { params, .. }) = visit.map(Visit::purpose) {
        core.connect = Some(Box::new(Connect {
            params: params.clone(),
            layouts: layouts.clone(),
            addresses: Arc::clone(&app.addresses),
            base: app.config.base.clone(),
        }));
    }
    core
}

/// Path and query of the page, as a local path: all of it, although a nested
/// router shows its routes only their part.
pub(crate) fn page_uri(parts: &Parts) -> Cow<'_, str> {
    let original = parts.extensions.get::<OriginalUri>();
    let uri = original.map_or(&parts.uri, |original| &original.0);
    path::of_request(uri.path_and_query().map_or("/", |uri| uri.as_str()))
}

/// What mounting came to; a failure keeps the notices.
pub(crate) type Mounting = Result<Box<dyn Mounted>, (Error, Flash)>;

/// Makes the view and brings it to its URL, if the hooks agree.
async fn mount<V: LiveView>(params: Result<V::Params>, core: Core) -> Mounting {
    let (path, connected) = (Quoted(core.path()), core.link.is_some());
    tracing::debug!(view = type_name::<V>(), %path, connected, "a view is mounted");
    let mut socket = Socket::new(core);
    let mounted = async {
        let params = params?;
        let view = V::mount(&params, &mut socket).await?;
        Ok((view, params))
    };
    let (view, params) = match mounted.await {
        Ok(mounted) => mounted,
        Err(error) => return Err((error, std::mem::take(&mut socket.core().flash))),
    };
    let mut mounted = View { view, socket };
    if mounted.socket.core().effects.exit.is_none()
        && let Err(error) = mounted.handle_params(params).await
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
