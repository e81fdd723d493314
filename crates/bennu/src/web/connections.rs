//! The open connections of an application, and how they end: with its server,
//! or at the application's word.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::watch;

use crate::channel::outbox::{CloseCode, Outbox};

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
/// It is noted when a view is joined or patched; the last one counts.
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
#[derive(Clone, Default)]
pub struct Connections(Arc<Open>);

struct Open {
    outboxes: Mutex<Outboxes>,
    count: watch::Sender<usize>,
}

#[derive(Default)]
struct Outboxes {
    open: HashMap<usize, Weak<Outbox>>,
    owners: HashMap<usize, ConnectionOwner>,
    /// How often an owner was disconnected.
    round: u64,
    /// The visits that are under way, by the round in which they began.
    visits: BTreeMap<u64, usize>,
    /// The owners that were disconnected since the first of these visits began,
    /// with the last round of each. A visit that began before is theirs, or may
    /// still find out that it is.
    gone: HashMap<Arc<str>, u64>,
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

impl Open {
    fn lock(&self) -> MutexGuard<'_, Outboxes> {
        // The lock is held for looking things up; nothing in there panics halfway.
        self.outboxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connections {
    /// How many are open on this server, each with one page or more.
    #[must_use]
    pub fn count(&self) -> usize {
        *self.0.count.borrow()
    }

    /// Closes the connections of this owner: its views end, browsers connect
    /// again, and each view is joined by way of the application's middleware,
    /// which now may turn it away. Returns how many connections there were.
    ///
    /// They are those of this server; with several, tell each of them.
    pub fn disconnect(&self, owner: &str) -> usize {
        let outboxes = &mut *self.0.lock();
        outboxes.round += 1;
        if !outboxes.visits.is_empty() {
            outboxes.gone.insert(owner.into(), outboxes.round);
        }
        let owned = (outboxes.owners.iter()).filter(|(_, of)| *of.0 == *owner);
        let owned = owned.filter_map(|(key, _)| outboxes.open.get(key)?.upgrade());
        owned
            .map(|outbox| outbox.close(CloseCode::GoingAway))
            .count()
    }

    /// Notes whose the connection is that makes this visit. Where the owner was
    /// disconnected since the visit began, the connection is closed, and the
    /// answer is false: middleware may have let the visit pass before.
    pub(super) fn belongs(&self, of: &OfConnection, owner: &ConnectionOwner) -> bool {
        let OfConnection { key, round, .. } = of;
        let mut outboxes = self.0.lock();
        // One that has ended meanwhile belongs to nobody.
        let Some(outbox) = outboxes.open.get(key) else {
            return true;
        };
        if outboxes.gone.get(&owner.0).is_some_and(|gone| gone > round) {
            if let Some(outbox) = outbox.upgrade() {
                outbox.close(CloseCode::GoingAway);
            }
            return false;
        }
        if outboxes.owners.get(key) != Some(owner) {
            outboxes.owners.insert(*key, owner.clone());
        }
        true
    }

    /// A visit that the connection with this key makes, until all clones are
    /// dropped.
    pub(super) fn visit(&self, key: usize) -> OfConnection {
        let mut outboxes = self.0.lock();
        let round = outboxes.round;
        *outboxes.visits.entry(round).or_default() += 1;
        OfConnection {
            key,
            round,
            _under_way: Arc::new(UnderWay {
                open: Arc::clone(&self.0),
                round,
            }),
        }
    }

    /// Registers a connection until the guard is dropped, if there are not
    /// `limit` of them.
    pub(crate) fn add(&self, outbox: &Arc<Outbox>, limit: usize) -> Option<OpenGuard> {
        let key = Arc::as_ptr(outbox) as usize;
        let mut outboxes = self.0.lock();
        if outboxes.open.len() >= limit {
            return None;
        }
        outboxes.open.insert(key, Arc::downgrade(outbox));
        if let Some(code) = outboxes.closing {
            outbox.close(code);
        }
        self.0.count.send_modify(|count| *count += 1);
        Some(OpenGuard {
            open: Arc::clone(&self.0),
            key,
        })
    }

    fn close(&self, code: CloseCode) {
        let mut outboxes = self.0.lock();
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
            .field(&self.count())
            .finish()
    }
}

/// By which connection a visit comes, in its request's extensions.
#[derive(Clone)]
pub(crate) struct OfConnection {
    key: usize,
    /// When it began.
    round: u64,
    _under_way: Arc<UnderWay>,
}

/// A visit, until it is dropped.
struct UnderWay {
    open: Arc<Open>,
    round: u64,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let outboxes = &mut *self.open.lock();
        let Entry::Occupied(mut visits) = outboxes.visits.entry(self.round) else {
            return;
        };
        *visits.get_mut() -= 1;
        if *visits.get() > 0 {
            return;
        }
        visits.remove();
        // Who was disconnected before all visits that are left began is
        // forgotten: middleware turns these away.
        match outboxes.visits.first_key_value() {
            None => outboxes.gone = HashMap::new(),
            Some((&first, _)) => outboxes.gone.retain(|_, gone| *gone > first),
        }
    }
}

/// An open connection, until it is dropped.
pub(crate) struct OpenGuard {
    open: Arc<Open>,
    key: usize,
}

impl OpenGuard {
    pub(crate) fn key(&self) -> usize {
        self.key
    }
}

impl Drop for OpenGuard {
    fn drop(&mut self) {
        let mut outboxes = self.open.lock();
        outboxes.open.remove(&self.key);
        outboxes.owners.remove(&self.key);
        self.open.count.send_modify(|count| *count -= 1);
    }
}
