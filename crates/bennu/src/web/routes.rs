//! An application with live views: its settings, and the routes that Bennu adds.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{ConnectInfo, OriginalUri, Path, Request, State};
use axum::middleware::{Next, from_fn_with_state, map_request_with_state};
use axum::response::Response;
use axum::routing::{any, get};
use axum::{Extension, Router};
use bennu_core::Rendered;
use bennu_pubsub::PubSub;
use http::{HeaderMap, HeaderValue, header};

use crate::config::Config;
use crate::error_page::{self, ErrorPage, RenderErrorPage};
use crate::hook::{Hook, Prototypes};
use crate::layout::{self, Addresses, Layout, LiveLayout, LiveSession, Page, RootLayout};
use crate::refused_url;
use crate::request::LiveRequest;
use crate::web::connections::{Connections, Shutdown};
use crate::web::csrf::Visitor;
use crate::web::page::OwnPage;
use crate::web::road::{Carry, carry};
use crate::web::{assets, errors, origin, page, serve, websocket};

/// Where browsers connect and find the client.
const SOCKET_PATH: &str = "/live";

/// Puts live views into an axum application.
///
/// ```no_run
/// use axum::{Router, routing::get};
/// use bennu::prelude::*;
/// # struct Counter;
/// # impl LiveView for Counter {
/// #     type Params = (); type Event = Never; type Info = Never;
/// #     async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> { Ok(Self) }
/// #     fn render(&self) -> Rendered { html! { "0" } }
/// # }
///
/// #[tokio::main]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let routes = Router::new().route("/", get(live::<Counter>()));
///     let app = Bennu::new(Config::from_env()?).serve(routes);
///     let listener = tokio::net::TcpListener::bind("127.0.0.1:4000").await?;
///     bennu::serve(listener, app).await?;
///     Ok(())
/// }
/// ```
pub struct Bennu {
    config: Config,
    pubsub: PubSub,
    root: RootLayout,
    live: Option<LiveLayout>,
    error_page: Option<RenderErrorPage>,
    hooks: Prototypes,
    carried: Vec<Carry>,
    connections: Connections,
}

/// What the routes of one application share.
pub(crate) struct App {
    pub(crate) config: Arc<Config>,
    pub(crate) pubsub: PubSub,
    pub(crate) hooks: Prototypes,
    pub(crate) addresses: Arc<Addresses>,
    pub(crate) error_page: RenderErrorPage,
    pub(crate) carried: Vec<Carry>,
    pub(crate) connections: Connections,
    /// Whether a request for a foreign host was warned of.
    is_warned: AtomicBool,
}

/// An application together with its whole router.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) app: Arc<App>,
    pub(crate) router: Router,
}

impl Bennu {
    /// An application with these settings and a plain page around its views.
    #[must_use]
    pub fn new(config: Config) -> Self {
        refused_url::log();
        Self {
            connections: Connections::new(&config.limits),
            config,
            pubsub: PubSub::new(),
            root: Arc::new(layout::plain),
            live: None,
            error_page: None,
            hooks: Prototypes::default(),
            carried: vec![carry::<ConnectInfo<SocketAddr>>, carry::<Visitor>],
        }
    }

    /// The page around the views: doctype, head, navigation. It is rendered
    /// once per page load; [`Page`] says what it has to contain.
    #[must_use]
    pub fn layout(mut self, root: impl Fn(&Page<'_>) -> Rendered + Send + Sync + 'static) -> Self {
        self.root = Arc::new(root);
        self
    }

    /// What stands around each view inside of the live tree, such as notices:
    /// it is rendered again with the view. [`Layout`] says what it has to
    /// contain.
    #[must_use]
    pub fn live_layout(
        mut self,
        layout: impl Fn(&Layout<'_>) -> Rendered + Send + Sync + 'static,
    ) -> Self {
        self.live = Some(Arc::new(layout));
        self
    }

    /// The page for errors: what can't be found, must not be seen, or failed.
    /// [`ErrorPage`] says when it is shown.
    #[must_use]
    pub fn error_page(
        mut self,
        page: impl Fn(&ErrorPage<'_>) -> Rendered + Send + Sync + 'static,
    ) -> Self {
        self.error_page = Some(Arc::new(page));
        self
    }

    /// Attaches a hook to each view of the application.
    #[must_use]
    pub fn hook(mut self, hook: impl Hook) -> Self {
        self.hooks.add(hook);
        self
    }

    /// Lets extensions of type `T` of the WebSocket's request reach joins,
    /// navigations and patches too: what the server or a layer outside of this
    /// application knows of the peer. `ConnectInfo<SocketAddr>` always does.
    #[must_use]
    pub fn carry<T: Clone + Send + Sync + 'static>(mut self) -> Self {
        self.carried.push(carry::<T>);
        self
    }

    /// Topics that other parts of the application broadcast on too.
    #[must_use]
    pub fn pubsub(mut self, pubsub: PubSub) -> Self {
        self.pubsub = pubsub;
        self
    }

    /// A handle to close the connections of one visitor with, such as one who
    /// has logged out.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.connections.clone()
    }

    /// A handle to end all connections with when the server stops.
    #[must_use]
    pub fn shutdown(&self) -> Shutdown {
        Shutdown(self.connections.clone())
    }

    /// Completes the application: its live routes work now, browsers connect at
    /// `/live/websocket` and find the client below `/live/assets`.
    ///
    /// Joins, navigations and patches pass through `router` as a GET does, with
    /// the layers that it has now: add middleware before, not after. A layer
    /// that is added after this sees the WebSocket's request, and no join.
    /// [`LiveRequest`] tells them what a request is for. Where they answer a join
    /// themselves, the browser learns the status, where a redirect leads, and the
    /// [`Notices`](crate::Notices); it gets no page then and no other cookie.
    ///
    /// The result may be nested below a path, which
    /// [`Config::public_url`] has to name. `router` may have nested routers of
    /// its own.
    pub fn serve(self, router: Router) -> Router {
        if !self.config.has_public_url() {
            serve::note_missing_url();
        }
        let has_error_page = self.error_page.is_some();
        let app = Arc::new(App {
            addresses: Arc::new(assets::addresses(&self.config.base, SOCKET_PATH)),
            config: Arc::new(self.config),
            pubsub: self.pubsub,
            hooks: self.hooks,
            error_page: (self.error_page).unwrap_or_else(|| Arc::new(error_page::plain)),
            carried: self.carried,
            connections: self.connections,
            is_warned: AtomicBool::new(false),
        });
        let session = LiveSession::of("default", self.root, self.live);
        // The default group is the outermost layer: a group that a part of the
        // router names comes later and wins.
        let router = router.layer(session);
        let served = Served {
            app,
            router: router.clone(),
        };
        // Requests bring it along: the router can't hold itself.
        let mut router = router
            .layer(Extension(served.clone()))
            .layer(map_request_with_state(served.clone(), enter));
        if has_error_page {
            let app = Arc::clone(&served.app);
            router = router.layer(from_fn_with_state(app, errors::fill));
        }
        let router = router.layer(from_fn_with_state(served.clone(), leave));
        let own = Router::new()
            .route(&format!("{SOCKET_PATH}/websocket"), any(connect))
            .route(&format!("{SOCKET_PATH}/assets/{{file}}"), get(asset))
            .with_state(served);
        // In this order the application's layers stay around its fallback.
        own.merge(router)
    }
}

impl fmt::Debug for Bennu {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Bennu")
            .field("config", &self.config)
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

/// A router around this one has taken its part off the path: here it begins
/// anew, for requests as for joins.
async fn enter(State(served): State<Served>, mut request: Request) -> Request {
    let app = &served.app;
    let host = origin::host_of(request.uri(), request.headers());
    if !app.config.has_public_url()
        && host.is_some_and(|host| !origin::is_loopback(host))
        && !app.is_warned.swap(true, Ordering::Relaxed)
    {
        // The peer chose the host: it is not logged.
        tracing::warn!(
            "a request came for another host than this machine, and there is no \
             Config::public_url: name it, or set BENNU_URL, such as https://example.org. Without \
             it cookies are not marked secure, and every host that leads here is trusted"
        );
    }
    let uri = request.uri().clone();
    let page = uri.path_and_query().map_or("/", |uri| uri.as_str());
    let asked = LiveRequest::load(page);
    let extensions = request.extensions_mut();
    extensions.insert(asked);
    extensions.insert(OriginalUri(uri));
    request
}

/// Where the application sends a browser, below the path where that sees it, and
/// what its pages say to browsers, where no layer of its own has. Whatever is
/// answered to a page load that a status led to, it was that one.
async fn leave(State(served): State<Served>, request: Request, next: Next) -> Response {
    let is_told = page::is_told(request.headers());
    let mut response = next.run(request).await;
    if is_told {
        page::forget_status(&served.app, &mut response);
    }
    if response.extensions_mut().remove::<OwnPage>().is_some() {
        let headers = response.headers_mut();
        for (name, value) in &served.app.config.page_headers {
            headers.entry(name).or_insert_with(|| value.clone());
        }
    }
    if let Some(to) = response.headers().get(header::LOCATION)
        && let Ok(to) = to.to_str()
        && let Ok(to) = HeaderValue::try_from(&*served.app.config.base.outside(to))
    {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

async fn connect(State(served): State<Served>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    websocket::upgrade(&served, parts)
}

async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Response {
    assets::serve(&file, &headers)
}
