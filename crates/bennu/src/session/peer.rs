//! The other end of a connection, as its views know it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::Config;
use crate::session::family::Families;
use crate::session::navigation::Road;

/// The other end of a connection, as its views know it.
pub(crate) struct Peer {
    pub(crate) config: Arc<Config>,
    pub(crate) road: Box<dyn Road>,
    /// Whether one of our pages opened the connection.
    pub(crate) trust: Trust,
    /// Until the peer has joined a view, it is a stranger.
    pub(crate) stranger: Stranger,
    /// Its views.
    pub(crate) families: Arc<Families>,
}

/// A peer of which nothing is known but its address.
pub(crate) struct Stranger {
    is_known: AtomicBool,
    /// Counts the strangers of an address until it is dropped.
    place: Mutex<Option<Box<dyn Send>>>,
}

impl Stranger {
    pub(crate) fn new(place: Option<Box<dyn Send>>) -> Self {
        Self {
            is_known: AtomicBool::new(false),
            place: Mutex::new(place),
        }
    }

    pub(crate) fn is_known(&self) -> bool {
        self.is_known.load(Ordering::Relaxed)
    }

    /// It has joined a view.
    pub(crate) fn know(&self) {
        if !self.is_known.swap(true, Ordering::Relaxed) {
            drop(self.leave());
        }
    }

    /// The place becomes free, also when the connection ends before its views.
    pub(crate) fn leave(&self) -> Option<Box<dyn Send>> {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        place.take()
    }
}

/// Whether one of our pages opened a connection (`protocol.md §1.6`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// The page's token fits its cookie.
    Ours,
    /// It doesn't fit: a page that is loaded again gets one that does.
    Stale,
    /// There is no cookie. A page that is loaded again would most likely have
    /// none either, for ever.
    NoCookie,
}
