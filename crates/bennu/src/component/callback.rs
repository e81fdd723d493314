//! How a component tells its parent.

use std::fmt;
use std::sync::Arc;

/// A way to send messages to the `handle_info` of the view or component whose
/// socket made it; see [`Socket::callback`](crate::Socket::callback).
///
/// It is a value for props: copies of one callback are equal, so that a
/// component which is given the same one again is not updated. It may be kept
/// and called anywhere, also by other tasks; when the receiver is gone, or in a
/// dead render, calling it does nothing.
pub struct Callback<T>(Arc<dyn Fn(T) + Send + Sync>);

impl<T> Callback<T> {
    pub(crate) fn new(send: impl Fn(T) + Send + Sync + 'static) -> Self {
        Self(Arc::new(send))
    }

    /// Sends a message.
    pub fn call(&self, message: T) {
        (self.0)(message);
    }
}

impl<T> Clone for Callback<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Callback<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Eq for Callback<T> {}

impl<T> fmt::Debug for Callback<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (formatter.debug_struct("Callback")).finish_non_exhaustive()
    }
}
