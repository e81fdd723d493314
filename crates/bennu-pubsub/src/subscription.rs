//! The subscriber's side: who is subscribed, and the guard that ends it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::PubSub;
use crate::topic::{Key, Topic};

/// Who subscribes; [`PubSub::broadcast_from`] leaves this one out.
///
/// One id can stand behind any number of subscriptions: a view takes one id and subscribes to all
/// its topics with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SubscriberId(u64);

impl SubscriberId {
    /// An id that no other subscriber of this process has.
    #[must_use]
    pub fn unique() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A subscription that holds until it is dropped.
///
/// A broadcast that another thread had begun before the drop can still deliver its message; one
/// that begins later does not.
#[must_use = "dropping a subscription ends it"]
pub struct Subscription {
    pubsub: PubSub,
    topic: Key,
    /// Place in the topic's list, which is sorted by it.
    number: u64,
    subscriber: SubscriberId,
}

impl Subscription {
    pub(crate) const fn new(
        pubsub: PubSub,
        topic: Key,
        number: u64,
        subscriber: SubscriberId,
    ) -> Self {
        Self {
            pubsub,
            topic,
            number,
            subscriber,
        }
    }

    /// The subscriber that this subscription was made for.
    #[must_use]
    pub const fn subscriber(&self) -> SubscriberId {
        self.subscriber
    }

    /// Whether this is a subscription to `topic`: its name and its type of message.
    #[must_use]
    pub fn is_to<T: Send + Sync + 'static>(&self, topic: &Topic<T>) -> bool {
        self.topic == topic.key()
    }

    /// The name of the topic.
    #[must_use]
    pub fn topic(&self) -> &str {
        self.topic.name()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.pubsub.remove(&self.topic, &[self.number]);
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Subscription")
            .field("topic", &self.topic())
            .field("subscriber", &self.subscriber)
            .finish_non_exhaustive()
    }
}
