//! The open connections of an application, and how they end with its server.

use std::collections::HashMap;
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

impl Open {
    fn lock(&self) -> MutexGuard<'_, Outboxes> {
        // The lock is held for looking things up; nothing in there panics halfway.
        self.outboxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connections {
    /// Registers a connection until the guard is dropped, if there are not
    /// `limit` of them.
    pub(crate) fn add(
        &self,
        outbox: &Arc<Outbox>,
        limit: usize,
    ) -> Option<impl Send + Sync + use<>> {
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
        let mut outboxes = self.open.lock();
        outboxes.open.remove(&self.key);
        self.open.count.send_modify(|count| *count -= 1);
    }
}
