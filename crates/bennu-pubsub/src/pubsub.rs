//! The exchange: which closures are subscribed to which topic, and how a message reaches them.
//!
//! Broadcasts are far more frequent than subscriptions. So a broadcast takes the topic's list by
//! one reference count under a read lock and delivers without any lock; subscribing changes the
//! list in place, or copies it first when a broadcast is holding it.
//!
//! Invariant: no code of a subscriber runs under a lock, neither its closure nor the closure's
//! drop. That is why a subscriber may subscribe, unsubscribe and broadcast while it is called.

use std::any::Any;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::receiver::Receiver;
use crate::subscription::{SubscriberId, Subscription};
use crate::topic::{Key, Topic};

/// So many that the cores of a large machine rarely meet; together they take 1 KB.
const SHARDS: usize = 16;

/// What became of a message, told by the subscriber's closure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It was taken (or dropped on purpose); the subscription stays.
    Done,
    /// Nobody is left to take it; the subscription is removed.
    Gone,
}

/// An exchange of messages between the parts of one process. Clones are the same exchange.
///
/// Every method takes `&self` and returns at once; none is async. Messages of one thread reach a
/// subscriber in the order in which they were broadcast; between threads there is no order.
#[derive(Clone, Default)]
pub struct PubSub(Arc<Shared>);

#[derive(Default)]
struct Shared {
    shards: [RwLock<Shard>; SHARDS],
    /// Chooses a topic's shard; seeded, as names can come from peers.
    hasher: RandomState,
    /// Counts subscriptions. Taken under the shard's write lock, so that every list is sorted.
    next: AtomicU64,
}

/// Invariant: no list in here is empty, and each is a `List<T>` of its key's message type.
type Shard = HashMap<Key, Box<dyn AnyList>>;

impl PubSub {
    /// An exchange without subscribers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls `deliver` with each message, on the thread that broadcasts it.
    ///
    /// `deliver` must not block and should not panic: it stands for a `try_send` into a mailbox.
    /// It may use this exchange.
    pub fn subscribe<T: Send + Sync + 'static>(
        &self,
        topic: &Topic<T>,
        deliver: impl Fn(&Arc<T>) -> Delivery + Send + Sync + 'static,
    ) -> Subscription {
        self.subscribe_as(SubscriberId::unique(), topic, deliver)
    }

    /// Like [`subscribe`](Self::subscribe), for a subscriber that has an id already.
    pub fn subscribe_as<T: Send + Sync + 'static>(
        &self,
        subscriber: SubscriberId,
        topic: &Topic<T>,
        deliver: impl Fn(&Arc<T>) -> Delivery + Send + Sync + 'static,
    ) -> Subscription {
        let key = topic.key();
        let deliver: Deliver<T> = Arc::new(deliver);
        let mut shard = self.write(&key);
        let number = self.0.next.fetch_add(1, Ordering::Relaxed);
        let list = shard
            .entry(key.clone())
            .or_insert_with(|| Box::new(List::<T>::default()));
        list_mut::<T>(&mut **list).push(Subscriber {
            number,
            subscriber,
            deliver,
        });
        drop(shard);
        Subscription::new(self.clone(), key, number, subscriber)
    }

    /// Collects messages for a task, which takes them with [`Receiver::recv`].
    ///
    /// At most `capacity` messages wait; when the task is slower than that, the oldest are lost
    /// and the receiver says how many. Memory for all of them is taken at once.
    #[must_use]
    pub fn receiver<T: Send + Sync + 'static>(
        &self,
        topic: &Topic<T>,
        capacity: usize,
    ) -> Receiver<T> {
        Receiver::subscribe(self, topic, capacity)
    }

    /// Delivers `message` to every subscriber of `topic` and tells how many took it.
    pub fn broadcast<T: Send + Sync + 'static>(&self, topic: &Topic<T>, message: T) -> usize {
        self.deliver(topic, message, None)
    }

    /// Like [`broadcast`](Self::broadcast), but not to `sender`'s own subscriptions.
    ///
    /// ```
    /// # use bennu_pubsub::{Delivery, PubSub, SubscriberId, Topic};
    /// const MOVES: Topic<&str> = Topic::new("moves");
    /// let (pubsub, white, black) =
    ///     (PubSub::new(), SubscriberId::unique(), SubscriberId::unique());
    /// let _white = pubsub.subscribe_as(white, &MOVES, |_| panic!("white knows its own move"));
    /// let _black = pubsub.subscribe_as(black, &MOVES, |_| Delivery::Done);
    ///
    /// assert_eq!(pubsub.broadcast_from(white, &MOVES, "e4"), 1);
    /// ```
    pub fn broadcast_from<T: Send + Sync + 'static>(
        &self,
        sender: SubscriberId,
        topic: &Topic<T>,
        message: T,
    ) -> usize {
        self.deliver(topic, message, Some(sender))
    }

    /// The number of subscriptions to `topic`.
    #[must_use]
    pub fn subscriptions<T: Send + Sync + 'static>(&self, topic: &Topic<T>) -> usize {
        self.list(topic).map_or(0, |list| list.len())
    }

    /// The number of topics that have subscribers.
    pub(crate) fn topics(&self) -> usize {
        let size =
            |shard: &RwLock<Shard>| shard.read().unwrap_or_else(PoisonError::into_inner).len();
        self.0.shards.iter().map(size).sum()
    }

    fn deliver<T: Send + Sync + 'static>(
        &self,
        topic: &Topic<T>,
        message: T,
        except: Option<SubscriberId>,
    ) -> usize {
        let Some(list) = self.list(topic) else {
            return 0;
        };
        let message = Arc::new(message);
        let mut taken = 0;
        let mut gone = Vec::new();
        for subscriber in list.iter() {
            if except == Some(subscriber.subscriber) {
                continue;
            }
            match (subscriber.deliver)(&message) {
                Delivery::Done => taken += 1,
                Delivery::Gone => gone.push(subscriber.number),
            }
        }
        // Before `remove`, so that it need not copy what nobody else holds.
        drop(list);
        if !gone.is_empty() {
            self.remove(&topic.key(), &gone);
        }
        taken
    }

    /// Removes the subscriptions with these numbers (sorted), and the topic with the last of them.
    pub(crate) fn remove(&self, key: &Key, numbers: &[u64]) {
        let mut shard = self.write(key);
        let Entry::Occupied(mut entry) = shard.entry(key.clone()) else {
            return;
        };
        let removed = entry.get_mut().remove(numbers);
        if entry.get().is_empty() {
            entry.remove();
        }
        drop(shard);
        // Their closures are dropped here, without a lock.
        drop(removed);
    }

    /// The topic's list as it is now.
    fn list<T: Send + Sync + 'static>(&self, topic: &Topic<T>) -> Option<Arc<Vec<Subscriber<T>>>> {
        let key = topic.key();
        self.read(&key)
            .get(&key)
            .map(|list| Arc::clone(&list_ref::<T>(&**list).0))
    }

    // The maps are whole even after a panic: nothing in between two changes can panic.
    fn read(&self, key: &Key) -> RwLockReadGuard<'_, Shard> {
        self.0
            .shard(key)
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, key: &Key) -> RwLockWriteGuard<'_, Shard> {
        self.0
            .shard(key)
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    fn shard(&self, key: &Key) -> &RwLock<Shard> {
        let hash = self.hasher.hash_one(key);
        &self.shards[usize::try_from(hash % SHARDS as u64).unwrap_or_default()]
    }
}

impl fmt::Debug for PubSub {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PubSub")
            .field("topics", &self.topics())
            .finish_non_exhaustive()
    }
}

type Deliver<T> = Arc<dyn Fn(&Arc<T>) -> Delivery + Send + Sync>;

struct Subscriber<T> {
    number: u64,
    subscriber: SubscriberId,
    deliver: Deliver<T>,
}

impl<T> Clone for Subscriber<T> {
    fn clone(&self) -> Self {
        Self {
            deliver: Arc::clone(&self.deliver),
            ..*self
        }
    }
}

/// A topic's subscribers in the order in which they came, which is the order of their numbers.
struct List<T>(Arc<Vec<Subscriber<T>>>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> List<T> {
    fn push(&mut self, subscriber: Subscriber<T>) {
        let list = Arc::make_mut(&mut self.0);
        debug_assert!(
            list.last()
                .is_none_or(|last| last.number < subscriber.number)
        );
        list.push(subscriber);
    }
}

/// What can be done with a list without knowing the message type.
trait AnyList: Any + Send + Sync {
    /// Takes out the subscribers with these numbers (sorted) and hands them over, to be dropped
    /// elsewhere.
    fn remove(&mut self, numbers: &[u64]) -> Box<dyn Any>;
    fn is_empty(&self) -> bool;
}

impl<T: Send + Sync + 'static> AnyList for List<T> {
    fn remove(&mut self, numbers: &[u64]) -> Box<dyn Any> {
        let place = |number: &u64| {
            self.0
                .binary_search_by_key(number, |known| known.number)
                .ok()
        };
        // A subscription that was found gone is dropped later, and another broadcast can have
        // found the same: what isn't there needs no copy of the list.
        let removed: Vec<Subscriber<T>> = match numbers {
            [number] => match place(number) {
                Some(place) => vec![Arc::make_mut(&mut self.0).remove(place)],
                None => Vec::new(),
            },
            numbers => Arc::make_mut(&mut self.0)
                .extract_if(.., |known| numbers.binary_search(&known.number).is_ok())
                .collect(),
        };
        Box::new(removed)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn list_ref<T: Send + Sync + 'static>(list: &dyn AnyList) -> &List<T> {
    (list as &dyn Any)
        .downcast_ref()
        .expect("a key holds the message type of its list")
}

fn list_mut<T: Send + Sync + 'static>(list: &mut dyn AnyList) -> &mut List<T> {
    (list as &mut dyn Any)
        .downcast_mut()
        .expect("a key holds the message type of its list")
}
