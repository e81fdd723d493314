//! Publish and subscribe within one process, by typed topics.
//!
//! A [`Topic`] is a name and the type of its messages, a [`PubSub`] is the place where they are
//! exchanged. Subscribers are closures that must not block ([`PubSub::subscribe`]: this is what a
//! view's mailbox uses) or tasks that wait for messages ([`PubSub::receiver`]).
//!
//! ```
//! use bennu_pubsub::{Delivery, PubSub, Topic};
//!
//! const PRICES: Topic<u32> = Topic::new("prices");
//!
//! let pubsub = PubSub::new();
//! let (sender, inbox) = std::sync::mpsc::channel();
//! let subscription = pubsub.subscribe(&PRICES, move |price| match sender.send(**price) {
//!     Ok(()) => Delivery::Done,
//!     Err(_) => Delivery::Gone, // nobody listens any more
//! });
//!
//! assert_eq!(pubsub.broadcast(&PRICES, 40), 1);
//! assert_eq!(inbox.recv(), Ok(40));
//!
//! drop(subscription);
//! assert_eq!(pubsub.broadcast(&PRICES, 41), 0);
//! ```
//!
//! What lives here: names, subscriptions, delivery. What does not: HTML, views, sockets, and any
//! knowledge of what a message means.

mod pubsub;
mod receiver;
mod subscription;
mod topic;

#[cfg(test)]
mod tests;

pub use pubsub::{Delivery, PubSub};
pub use receiver::{Lagged, Receiver};
pub use subscription::{SubscriberId, Subscription};
pub use topic::Topic;
