//! The open connections of an application, and how they end: with its server,
//! or at the application's word.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::channel::budget::Pool;
use crate::channel::outbox::{CloseCode, Outbox};
use crate::config::Limits;
use crate::session::family::Families;

/// A visit that takes longer from its beginning to its view is not checked
/// against who was disconnected meanwhile.
const LONGEST_VISIT: Duration = Duration::from_secs(600);

/// Ends all connections of an application when its server stops.
///
/// ```no_run
/// # use bennu::prelude::*;
/// # async fn example(bennu: Bennu, routes: axum::Router) -> std::io::Result<()> {
/// use std::time::Duration;
///
/// let shutdown = bennu.shutdown();
/// let app = bennu.serve(routes);
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:4000").await?;
/// axum::serve(listener, app)
///     .with_graceful_shutdown(async move {
///         tokio::signal::ctrl_c().await.ok();
///         // Views finish what they are doing and get to run `terminate`; browsers
///         // connect again when the server is back.
///         shutdown.drain(Duration::from_secs(5)).await;
///     })
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// axum then waits for the requests that are under way; bound that by
/// `tokio::select!` where a client may keep one open.
#[derive(Clone, Debug)]
pub struct Shutdown(pub(super) Connections);

impl Shutdown {
    /// Closes all connections, also those that still come, and waits until
    /// their views have ended, at most `limit`. Returns whether all have.
    pub async fn drain(&self, limit: Duration) -> bool {
        self.0.close(CloseCode::Restart);
        tokio::time::timeout(limit, self.0.empty()).await.is_ok()
    }
}

/// Whose a connection is, in the application's own words, such as `user:7`.
///
/// Middleware that knows the visitor puts it into the request's extensions;
/// [`Connections::disconnect`] takes the same text:
///
/// ```
/// use axum::{extract::Request, middleware::Next, response::Response};
/// use bennu::ConnectionOwner;
///
/// async fn authenticate(mut request: Request, next: Next) -> Response {
///     // let user = …;
/// #   let user = 7;
///     let owner = ConnectionOwner::new(format!("user:{user}"));
///     request.extensions_mut().insert(owner);
///     next.run(request).await
/// }
/// ```
///
/// It is noted when a view is joined or patched; the last one counts. A visitor
/// who is disconnected while middleware lets a join pass is disconnected after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionOwner(Arc<str>);

impl ConnectionOwner {
    /// The owner of this name.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
    }
}

/// The open connections of an application; from
/// [`Bennu::connections`](crate::Bennu::connections).
///
/// ```
/// # use bennu::prelude::*;
/// # let bennu = Bennu::new(Config::new([0; 32]).unwrap());
/// let connections = bennu.connections();
/// let log_out = move |user: u64| {
///     // First end the session in its store, then:
///     connections.disconnect(&format!("user:{user}"))
/// };
/// ```
///
/// The whole handler is at [`CsrfToken`](crate::CsrfToken#log-in-and-log-out).
///
/// A browser keeps pages that it has loaded. Who goes back to one after the log-out sees
/// it as it was, until its view is joined and the guard turns it away; without a
/// connection it stays. A layer on the routes that only members see forbids it:
///
/// ```
/// use axum::extract::Request;
/// use axum::http::{HeaderValue, header::CACHE_CONTROL};
/// use axum::middleware::{Next, from_fn};
/// use axum::response::Response;
///
/// async fn keep_none(request: Request, next: Next) -> Response {
///     let mut response = next.run(request).await;
///     response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
///     response
/// }
/// # let _: axum::Router = axum::Router::new().layer(from_fn(keep_none));
/// ```
#[derive(Clone)]
pub struct Connections(Arc<Shared>);

struct Shared {
    pool: Arc<Pool>,
    /// How often an owner was disconnected.
    round: AtomicU64,
    registry: Mutex<Registry>,
    /// How many entries have views, open or not.
    living: watch::Sender<usize>,
}

#[derive(Default)]
struct Registry {
    entries: HashMap<u64, Connection>,
    /// How many of them are open.
    open: usize,
    last_key: u64,
    /// Set when the server stops: a connection that comes late gets it too.
    closing: Option<CloseCode>,
    /// Owners that were disconnected lately, when, and in which round: for visits
    /// that were under way and whose owner was not known yet.
    disconnected: HashMap<Arc<str>, (u64, Instant)>,
    /// How many of them have joined no view, by address.
    strangers: HashMap<IpAddr, usize>,
}

/// A connection, from its request until its views have ended.
struct Connection {
    /// None when it is gone and its views still handle what they accepted.
    outbox: Option<Weak<Outbox>>,
    views: Weak<Families>,
    owner: Option<ConnectionOwner>,
}

impl Connection {
    /// What is to be ended of it.
    fn ending(&self) -> Revoked {
        Revoked {
            views: self.views.upgrade(),
            outbox: self.outbox.as_ref().and_then(Weak::upgrade),
        }
    }
}

/// What ends of a connection. Messages of the application that wait in its views
/// are dropped, which may ask the registry: it must not be locked.
struct Revoked {
    views: Option<Arc<Families>>,
    outbox: Option<Arc<Outbox>>,
}

impl Revoked {
    /// Ends the views at once, and the connection after what is written.
    fn end(self) {
        if let Some(views) = self.views {
            views.revoke();
        }
        if let Some(outbox) = self.outbox {
            outbox.close(CloseCode::GoingAway);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Registry> {
        // The lock is held for looking things up; nothing in there panics halfway.
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connections {
    pub(super) fn new(limits: &Limits) -> Self {
        Self(Arc::new(Shared {
            pool: Pool::new(limits.pool_bytes),
            round: AtomicU64::new(0),
            registry: Mutex::default(),
            living: watch::Sender::new(0),
        }))
    }

    /// What waits in all of them.
    pub(super) fn pool(&self) -> &Arc<Pool> {
        &self.0.pool
    }

    /// How many are open on this server, each with one page or more.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.lock().open
    }

    /// How many bytes of all connections wait to be handled or to be sent:
    /// [`Limits::pool_bytes`](crate::Limits::pool_bytes) bounds them.
    #[must_use]
    pub fn waiting_bytes(&self) -> usize {
        self.0.pool.used()
    }

    /// Closes the connections of this owner: browsers connect again, and each
    /// view is joined by way of the application's middleware, which now may turn
    /// it away. Returns how many connections there were.
    ///
    /// Their views end: what a browser has sent and no callback has begun to
    /// handle is dropped, and a callback that runs is dropped after
    /// [`Limits::terminate`](crate::Limits::terminate). This holds for views too
    /// whose connection broke before and that still handle what it brought.
    ///
    /// A handler may call it before its answer is there: a page that is being left
    /// waits for the answer and does not connect before, see
    /// [`CsrfToken`](crate::CsrfToken#log-in-and-log-out).
    ///
    /// They are those of this server; with several, tell each of them.
    pub fn disconnect(&self, owner: &str) -> usize {
        let now = Instant::now();
        let mut registry = self.0.lock();
        let owned = registry.entries.values();
        let owned = owned.filter(|entry| entry.owner.as_ref().is_some_and(|of| *of.0 == *owner));
        let mut count = 0;
        let mut revoked = Vec::new();
        for entry in owned {
            revoked.push(entry.ending());
            count += usize::from(entry.outbox.is_some());
        }
        let round = self.0.round.fetch_add(1, Ordering::Relaxed) + 1;
        let disconnected = &mut registry.disconnected;
        disconnected.retain(|_, (_, at)| now.duration_since(*at) < LONGEST_VISIT);
        disconnected.insert(owner.into(), (round, now));
        drop(registry);
        revoked.into_iter().for_each(Revoked::end);
        count
    }

    /// Notes whose the connection is that makes this visit. Where the owner was
    /// disconnected since the visit began, the connection is closed, and the
    /// answer is false: middleware may have let the visit pass before.
    pub(super) fn belongs(&self, of: &OfConnection, owner: &ConnectionOwner) -> bool {
        let mut registry = self.0.lock();
        let last = registry.disconnected.get(&*owner.0);
        let is_late = last.is_some_and(|(round, _)| *round > of.round);
        // One that has ended meanwhile belongs to nobody.
        let Some(entry) = registry.entries.get_mut(&of.key) else {
            return true;
        };
        if is_late {
            let revoked = entry.ending();
            drop(registry);
            revoked.end();
        } else if entry.owner.as_ref() != Some(owner) {
            entry.owner = Some(owner.clone());
        }
        !is_late
    }

    /// Registers a connection with its views, if there are not `limit` of them.
    /// It is open until the first guard is dropped, and known until the second
    /// is.
    pub(crate) fn add(
        &self,
        outbox: &Arc<Outbox>,
        views: &Arc<Families>,
        limit: usize,
    ) -> Option<(OpenGuard, ViewsGuard)> {
        let mut registry = self.0.lock();
        // As many again may be gone whose views are still at work.
        if registry.open >= limit || registry.entries.len() >= limit.saturating_mul(2) {
            return None;
        }
        registry.open += 1;
        registry.last_key += 1;
        let key = registry.last_key;
        let entry = Connection {
            outbox: Some(Arc::downgrade(outbox)),
            views: Arc::downgrade(views),
            owner: None,
        };
        registry.entries.insert(key, entry);
        if let Some(code) = registry.closing {
            outbox.close(code);
        }
        self.0.living.send_modify(|count| *count += 1);
        let shared = Arc::clone(&self.0);
        let of_views = ViewsGuard {
            shared: Arc::clone(&shared),
            key,
        };
        Some((OpenGuard { shared, key }, of_views))
    }

    /// Counts one more connection of this address that has joined no view, until
    /// the result is dropped. `None` if there are `limit` of them.
    pub(crate) fn add_stranger(&self, address: IpAddr, limit: usize) -> Option<StrangerGuard> {
        let mut registry = self.0.lock();
        let count = registry.strangers.get(&address).map_or(0, |count| *count);
        if count >= limit {
            return None;
        }
        registry.strangers.insert(address, count + 1);
        Some(StrangerGuard {
            shared: Arc::clone(&self.0),
            address,
        })
    }

    /// Whether these are of the same application.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn close(&self, code: CloseCode) {
        let mut registry = self.0.lock();
        registry.closing = Some(code);
        let outboxes = (registry.entries.values()).filter_map(|entry| entry.outbox.as_ref());
        for outbox in outboxes.filter_map(Weak::upgrade) {
            outbox.close(code);
        }
    }

    async fn empty(&self) {
        // The sender lives as long as `self`, so waiting can't fail.
        let _ = self
            .0
            .living
            .subscribe()
            .wait_for(|count| *count == 0)
            .await;
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Connections")
            .field(&self.count())
            .finish()
    }
}

/// By which connection a visit comes, in its request's extensions.
#[derive(Clone, Copy)]
pub(crate) struct OfConnection {
    key: u64,
    /// The round of [`Connections::disconnect`] in which it began.
    round: u64,
}

/// A connection is open until this is dropped.
pub(crate) struct OpenGuard {
    shared: Arc<Shared>,
    key: u64,
}

impl Drop for OpenGuard {
    fn drop(&mut self) {
        let mut registry = self.shared.lock();
        registry.open -= 1;
        if let Some(entry) = registry.entries.get_mut(&self.key) {
            entry.outbox = None;
        }
    }
}

/// The views of a connection have not ended until this is dropped.
pub(crate) struct ViewsGuard {
    shared: Arc<Shared>,
    key: u64,
}

impl ViewsGuard {
    /// A visit that the connection makes begins.
    pub(super) fn visit(&self) -> OfConnection {
        OfConnection {
            key: self.key,
            round: self.shared.round.load(Ordering::Relaxed),
        }
    }
}

impl Drop for ViewsGuard {
    fn drop(&mut self) {
        self.shared.lock().entries.remove(&self.key);
        self.shared.living.send_modify(|count| *count -= 1);
    }
}

/// A connection counts as a stranger of its address until this is dropped.
pub(crate) struct StrangerGuard {
    shared: Arc<Shared>,
    address: IpAddr,
}

impl Drop for StrangerGuard {
    fn drop(&mut self) {
        let mut registry = self.shared.lock();
        if let Entry::Occupied(mut count) = registry.strangers.entry(self.address) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_without_strangers_nothing_is_kept() {
        let connections = Connections::new(&Limits::default());
        let address = IpAddr::from([192, 0, 2, 1]);
        let kept = || connections.0.lock().strangers.len();
        assert!(connections.add_stranger(address, 0).is_none());
        assert_eq!(kept(), 0);
        let place = connections.add_stranger(address, 1);
        assert!(connections.add_stranger(address, 1).is_none());
        assert_eq!(kept(), 1);
        drop(place);
        assert_eq!(kept(), 0);
    }
}
