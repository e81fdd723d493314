//! Messages for a task that waits for them, where [`PubSub::subscribe`] calls a closure.

use std::fmt;
use std::sync::Arc;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use crate::{Delivery, PubSub, Subscription, Topic};

/// The messages of one topic since [`PubSub::receiver`], oldest first.
///
/// ```
/// # use bennu_pubsub::{PubSub, Topic};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// const JOBS: Topic<String> = Topic::new("jobs");
/// let pubsub = PubSub::new();
/// let mut jobs = pubsub.receiver(&JOBS, 16);
///
/// pubsub.broadcast(&JOBS, "sweep".to_owned());
/// assert_eq!(*jobs.recv().await.expect("no message was lost"), "sweep");
/// # }
/// ```
pub struct Receiver<T> {
    messages: broadcast::Receiver<Arc<T>>,
    subscription: Subscription,
}

impl<T: Send + Sync + 'static> Receiver<T> {
    pub(crate) fn subscribe(pubsub: &PubSub, topic: &Topic<T>, capacity: usize) -> Self {
        // The channel refuses 0 with a panic; a receiver for nothing is of no use to anyone.
        let (sender, messages) = broadcast::channel(capacity.max(1));
        let subscription = pubsub.subscribe(topic, move |message| {
            match sender.send(Arc::clone(message)) {
                Ok(_) => Delivery::Done,
                Err(_) => Delivery::Gone,
            }
        });
        Self {
            messages,
            subscription,
        }
    }

    /// Waits for the next message.
    ///
    /// # Errors
    /// [`Lagged`] once after messages were lost; the next call goes on with the oldest one kept.
    ///
    /// # Cancel safety
    /// No message is lost when the future is dropped.
    pub async fn recv(&mut self) -> Result<Arc<T>, Lagged> {
        match self.messages.recv().await {
            Ok(message) => Ok(message),
            Err(RecvError::Lagged(missed)) => Err(Lagged { missed }),
            // The subscription keeps the sender alive as long as this receiver is.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }

    /// The next message if one is waiting.
    ///
    /// # Errors
    /// As [`recv`](Self::recv).
    pub fn try_recv(&mut self) -> Result<Option<Arc<T>>, Lagged> {
        match self.messages.try_recv() {
            Ok(message) => Ok(Some(message)),
            Err(TryRecvError::Lagged(missed)) => Err(Lagged { missed }),
            Err(TryRecvError::Empty | TryRecvError::Closed) => Ok(None),
        }
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Receiver")
            .field("topic", &self.subscription.topic())
            .finish_non_exhaustive()
    }
}

/// The receiver was too slow, and the oldest messages were lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lagged {
    /// How many messages were lost.
    pub missed: u64,
}

impl fmt::Display for Lagged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} messages were lost because the receiver was too slow",
            self.missed
        )
    }
}

impl std::error::Error for Lagged {}
