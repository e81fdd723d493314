//! An application with live views: its settings, and the routes that Bennu adds.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::routing::{any, get};
use axum::{Extension, Router};
use bennu_core::Rendered;
use bennu_pubsub::PubSub;
use http::HeaderMap;

use crate::config::Config;
use crate::layout::{self, Layout, LiveSession, Page};
use crate::web::connections::{Connections, Shutdown};
use crate::web::{assets, websocket};

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
/// #     async fn mount(_: (), _: &mut Socket<Self>) -> Result<Self> { Ok(Self) }
/// #     fn render(&self) -> Rendered { html! { "0" } }
/// # }
///
/// #[tokio::main]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let routes = Router::new().route("/", get(live::<Counter>()));
///     let app = Bennu::new(Config::from_env()?).serve(routes);
///     let listener = tokio::net::TcpListener::bind("127.0.0.1:4000").await?;
///     axum::serve(listener, app).await?;
///     Ok(())
/// }
/// ```
#[derive(Debug)]
pub struct Bennu {
    config: Config,
    pubsub: PubSub,
    session: LiveSession,
    connections: Connections,
}

/// What the routes of one application share.
pub(crate) struct App {
    pub(crate) config: Arc<Config>,
    pub(crate) pubsub: PubSub,
    pub(crate) script: String,
    pub(crate) socket_path: String,
    pub(crate) connections: Connections,
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
        Self {
            config,
            pubsub: PubSub::new(),
            session: LiveSession::new("default", layout::plain),
            connections: Connections::default(),
        }
    }

    /// The page around the views: doctype, head, navigation. It is rendered
    /// once per page load; [`Page`] says what it has to contain.
    #[must_use]
    pub fn layout(mut self, root: impl Fn(&Page<'_>) -> Rendered + Send + Sync + 'static) -> Self {
        self.session = LiveSession::new("default", root);
        self
    }

    /// What stands around each view inside of the live tree, such as notices:
    /// it is rendered again with the view. Call it after
    /// [`layout`](Self::layout).
    #[must_use]
    pub fn live_layout(
        mut self,
        layout: impl Fn(&Layout<'_>) -> Rendered + Send + Sync + 'static,
    ) -> Self {
        self.session = self.session.live_layout(layout);
        self
    }

    /// Topics that other parts of the application broadcast on too.
    #[must_use]
    pub fn pubsub(mut self, pubsub: PubSub) -> Self {
        self.pubsub = pubsub;
        self
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
    /// the layers that it has now: add middleware before, not after.
    pub fn serve(self, router: Router) -> Router {
        let app = Arc::new(App {
            config: Arc::new(self.config),
            pubsub: self.pubsub,
            script: format!("{SOCKET_PATH}/assets/{}", assets::script_name()),
            socket_path: SOCKET_PATH.to_owned(),
            connections: self.connections,
        });
        // The default group is the outermost layer: a group that a part of the
        // router names comes later and wins.
        let router = router
            .layer(Extension(Arc::clone(&app)))
            .layer(self.session);
        let served = Served {
            app,
            router: router.clone(),
        };
        let own = Router::new()
            .route(&format!("{SOCKET_PATH}/websocket"), any(connect))
            .route(&format!("{SOCKET_PATH}/assets/{{file}}"), get(asset))
            .with_state(served);
        router.merge(own)
    }
}

async fn connect(State(served): State<Served>, request: Request) -> axum::response::Response {
    let (parts, _) = request.into_parts();
    websocket::upgrade(&served, parts)
}

async fn asset(Path(file): Path<String>, headers: HeaderMap) -> axum::response::Response {
    assets::serve(&file, &headers)
}
