//! An application with live views: its settings, and the routes that Bennu adds.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use axum::Router;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::response::Response;
use axum::routing::{any, get};
use bennu_core::Rendered;
use bennu_pubsub::PubSub;
use http::{Extensions, HeaderMap};
use tower::layer::layer_fn;

use crate::config::Config;
use crate::error_page::{self, ErrorPage, RenderErrorPage};
use crate::hook::{Hook, Prototypes};
use crate::layout::{self, Addresses, Layout, LiveLayout, LiveSession, Page, RootLayout};
use crate::refused_url;
use crate::web::connections::{Connections, Shutdown};
use crate::web::csrf::Visitor;
use crate::web::entrance::Entrance;
use crate::web::road::{Carry, carry};
use crate::web::{assets, serve, websocket};

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
    /// Whether that is the application's own: then it fills empty answers too.
    pub(crate) has_error_page: bool,
    /// The group of routes that are in no other.
    pub(crate) session: LiveSession,
    pub(crate) carried: Vec<Carry>,
    pub(crate) connections: Connections,
    /// Whether a request for a foreign host was warned of.
    pub(crate) is_warned: AtomicBool,
}

/// An application together with its whole router.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) app: Arc<App>,
    pub(crate) router: Router,
}

impl Served {
    /// Lets a request bring the application along, which the router can't hold
    /// itself. A group that it is in by now is of a router around this one.
    pub(crate) fn accompany(&self, extensions: &mut Extensions) {
        extensions.remove::<LiveSession>();
        extensions.insert(self.clone());
    }
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
    /// [`LiveRequest`](crate::LiveRequest) tells them what a request is for. Where they answer a join
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
        let app = Arc::new(App {
            addresses: Arc::new(assets::addresses(&self.config.base, SOCKET_PATH)),
            config: Arc::new(self.config),
            pubsub: self.pubsub,
            hooks: self.hooks,
            has_error_page: self.error_page.is_some(),
            error_page: (self.error_page).unwrap_or_else(|| Arc::new(error_page::plain)),
            session: LiveSession::of("default", self.root, self.live),
            carried: self.carried,
            connections: self.connections,
            is_warned: AtomicBool::new(false),
        });
        let served = Served {
            app,
            router: router.clone(),
        };
        // All that is ours is one layer: each costs every request some allocations.
        let entered = served.clone();
        let router = router.layer(layer_fn(move |inner| Entrance::new(entered.clone(), inner)));
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

async fn connect(State(served): State<Served>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    websocket::upgrade(&served, parts)
}

async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Response {
    assets::serve(&file, &headers)
}
