//! An application with live views: its settings, and the routes that Bennu adds.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::routing::{any, get};
use axum::{Extension, Router};
use bennu_core::Rendered;
use bennu_pubsub::PubSub;
use http::HeaderMap;
use tokio::sync::watch;

use crate::channel::outbox::{CloseCode, Outbox};
use crate::config::Config;
use crate::flash::Flash;
use crate::layout::{self, LiveSession, Page};
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
        layout: impl Fn(&Flash, Rendered) -> Rendered + Send + Sync + 'static,
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

/// Ends all connections of an application when its server stops.
///
/// ```no_run
/// # use bennu::prelude::*;
/// # async fn example(bennu: Bennu, routes: axum::Router) -> std::io::Result<()> {
/// let shutdown = bennu.shutdown();
/// let app = bennu.serve(routes);
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:4000").await?;
/// axum::serve(listener, app)
///     .with_graceful_shutdown(async {
///         tokio::signal::ctrl_c().await.ok();
///     })
///     .await?;
/// // Views get to run `terminate`; browsers connect again when the server is back.
/// shutdown.drain(std::time::Duration::from_secs(5)).await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Shutdown(Connections);

impl Shutdown {
    /// Closes all connections, also those that still come, and waits until
    /// their views have ended, at most `limit`. Returns whether all have.
    pub async fn drain(&self, limit: Duration) -> bool {
        self.0.close(CloseCode::Restart);
        tokio::time::timeout(limit, self.0.empty()).await.is_ok()
    }
}

/// The open connections of an application.
#[derive(Clone, Default)]
pub(crate) struct Connections(Arc<Open>);

struct Open {
    outboxes: Mutex<Outboxes>,
    count: watch::Sender<usize>,
}

#[derive(Default)]
struct Outboxes {
    open: HashMap<usize, Weak<Outbox>>,
    /// Set when the server stops: a connection that comes late gets it too.
    closing: Option<CloseCode>,
}

impl Default for Open {
    fn default() -> Self {
        Self {
            outboxes: Mutex::default(),
            count: watch::Sender::new(0),
        }
    }
}

impl Connections {
    /// Registers a connection until the guard is dropped.
    pub(crate) fn add(&self, outbox: &Arc<Outbox>) -> impl Send + Sync + use<> {
        let key = Arc::as_ptr(outbox) as usize;
        let mut outboxes = self
            .0
            .outboxes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        outboxes.open.insert(key, Arc::downgrade(outbox));
        if let Some(code) = outboxes.closing {
            outbox.close(code);
        }
        self.0.count.send_modify(|count| *count += 1);
        OpenGuard {
            open: Arc::clone(&self.0),
            key,
        }
    }

    fn close(&self, code: CloseCode) {
        let mut outboxes = self
            .0
            .outboxes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        outboxes.closing = Some(code);
        for outbox in outboxes.open.values().filter_map(Weak::upgrade) {
            outbox.close(code);
        }
    }

    async fn empty(&self) {
        // The sender lives as long as `self`, so waiting can't fail.
        let _ = self.0.count.subscribe().wait_for(|count| *count == 0).await;
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Connections")
            .field(&*self.0.count.borrow())
            .finish()
    }
}

struct OpenGuard {
    open: Arc<Open>,
    key: usize,
}

impl Drop for OpenGuard {
    fn drop(&mut self) {
        let mut outboxes = self
            .open
            .outboxes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        outboxes.open.remove(&self.key);
        self.open.count.send_modify(|count| *count -= 1);
    }
}
