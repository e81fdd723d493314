//! What the exchange promises: to whom a message goes, and that subscribers may use the exchange
//! while they are called.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use proptest::prelude::*;

use crate::{Delivery, Lagged, PubSub, SubscriberId, Subscription, Topic};

const NUMBERS: Topic<u32> = Topic::new("numbers");

type Seen = Arc<Mutex<Vec<u32>>>;

/// A subscriber that writes down what it gets.
fn note(pubsub: &PubSub, topic: &Topic<u32>) -> (Seen, Subscription) {
    let seen = Seen::default();
    let notes = Arc::clone(&seen);
    let subscription = pubsub.subscribe(topic, move |number| {
        notes.lock().unwrap().push(**number);
        Delivery::Done
    });
    (seen, subscription)
}

fn taken(seen: &Seen) -> Vec<u32> {
    std::mem::take(&mut *seen.lock().unwrap())
}

#[test]
fn a_message_reaches_every_subscriber_of_its_topic_in_order() {
    let pubsub = PubSub::new();
    let (first, _first) = note(&pubsub, &NUMBERS);
    let (second, _second) = note(&pubsub, &NUMBERS);
    let (other, _other) = note(&pubsub, &Topic::new("others"));

    assert_eq!(pubsub.broadcast(&NUMBERS, 1), 2);
    assert_eq!(pubsub.broadcast(&NUMBERS, 2), 2);

    assert_eq!(taken(&first), [1, 2]);
    assert_eq!(taken(&second), [1, 2]);
    assert_eq!(taken(&other), []);
}

#[test]
fn a_message_is_shared_and_not_copied() {
    struct NotClone;
    const THINGS: Topic<NotClone> = Topic::new("things");
    let pubsub = PubSub::new();
    let addresses = Arc::new(Mutex::new(Vec::new()));
    let _both = [0, 1].map(|_| {
        let addresses = Arc::clone(&addresses);
        pubsub.subscribe(&THINGS, move |thing| {
            addresses.lock().unwrap().push(Arc::as_ptr(thing) as usize);
            Delivery::Done
        })
    });

    pubsub.broadcast(&THINGS, NotClone);

    let addresses = addresses.lock().unwrap();
    assert_eq!(addresses[0], addresses[1]);
}

#[test]
fn a_fixed_and_a_made_name_are_the_same_topic() {
    let pubsub = PubSub::new();
    let (seen, _subscription) = note(&pubsub, &NUMBERS);
    pubsub.broadcast(&Topic::named("numbers"), 7_u32);
    assert_eq!(taken(&seen), [7]);
}

#[test]
fn topics_of_one_name_and_different_types_are_apart() {
    let pubsub = PubSub::new();
    let (seen, subscription) = note(&pubsub, &NUMBERS);
    let words = Topic::<String>::new("numbers");

    assert_eq!(pubsub.broadcast(&words, "one".to_owned()), 0);
    let _words = pubsub.subscribe(&words, |_| Delivery::Done);
    assert_eq!(pubsub.broadcast(&words, "one".to_owned()), 1);
    assert_eq!(taken(&seen), []);

    drop(subscription);
    assert_eq!(pubsub.subscriptions(&words), 1);
}

#[test]
fn two_exchanges_do_not_see_each_other() {
    let (one, two) = (PubSub::new(), PubSub::new());
    let (seen, _subscription) = note(&one, &NUMBERS);
    assert_eq!(two.broadcast(&NUMBERS, 1), 0);
    let same = one.clone();
    assert_eq!(same.broadcast(&NUMBERS, 2), 1);
    assert_eq!(one.broadcast(&NUMBERS, 3), 1);
    assert_eq!(taken(&seen), [2, 3]);
}

#[test]
fn a_dropped_subscription_gets_nothing_and_an_empty_topic_is_removed() {
    let pubsub = PubSub::new();
    let (seen, subscription) = note(&pubsub, &NUMBERS);
    assert_eq!(pubsub.topics(), 1);

    drop(subscription);

    assert_eq!(pubsub.broadcast(&NUMBERS, 1), 0);
    assert_eq!(taken(&seen), []);
    assert_eq!(pubsub.topics(), 0);
    assert_eq!(Arc::strong_count(&seen), 1, "the closure is dropped");
}

#[test]
fn a_subscriber_that_is_gone_is_called_once_and_removed() {
    let pubsub = PubSub::new();
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&calls);
    let subscription = pubsub.subscribe(&NUMBERS, move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        Delivery::Gone
    });

    assert_eq!(pubsub.broadcast(&NUMBERS, 1), 0);
    assert_eq!(pubsub.broadcast(&NUMBERS, 2), 0);

    assert_eq!(calls.load(Ordering::Relaxed), 1);
    assert_eq!(pubsub.topics(), 0);
    drop(subscription);
}

#[test]
fn dropping_a_subscription_that_was_gone_leaves_later_ones_alone() {
    let pubsub = PubSub::new();
    let gone = [0, 1, 2].map(|_| pubsub.subscribe(&NUMBERS, |_| Delivery::Gone));
    let (before, _before) = note(&pubsub, &NUMBERS);
    assert_eq!(pubsub.broadcast(&NUMBERS, 1), 1);
    let (after, _after) = note(&pubsub, &NUMBERS);

    drop(gone);

    assert_eq!(pubsub.broadcast(&NUMBERS, 2), 2);
    assert_eq!(taken(&before), [1, 2]);
    assert_eq!(taken(&after), [2]);
}

#[test]
fn a_sender_is_left_out_with_all_its_subscriptions() {
    let pubsub = PubSub::new();
    let sender = SubscriberId::unique();
    let own = [0, 1].map(|_| {
        pubsub.subscribe_as(sender, &NUMBERS, |_| {
            panic!("the sender knows what it sent")
        })
    });
    let (seen, other) = note(&pubsub, &NUMBERS);

    assert_eq!(pubsub.broadcast_from(sender, &NUMBERS, 1), 1);
    assert_eq!(taken(&seen), [1]);
    assert_eq!(own[0].subscriber(), own[1].subscriber());
    assert_ne!(own[0].subscriber(), other.subscriber());
}

#[test]
fn a_subscriber_may_broadcast_while_it_is_called() {
    let pubsub = PubSub::new();
    let echo = pubsub.clone();
    let _echo = pubsub.subscribe(&NUMBERS, move |number| {
        if **number > 0 {
            echo.broadcast(&NUMBERS, **number - 1);
        }
        Delivery::Done
    });
    let (seen, _subscription) = note(&pubsub, &NUMBERS);

    pubsub.broadcast(&NUMBERS, 3);

    assert_eq!(
        taken(&seen),
        [0, 1, 2, 3],
        "the inner broadcast ends before the outer goes on"
    );
}

#[test]
fn a_subscriber_may_subscribe_and_unsubscribe_while_it_is_called() {
    let pubsub = PubSub::new();
    let (seen, subscription) = note(&pubsub, &NUMBERS);
    let others = Mutex::new(vec![subscription]);
    let exchange = pubsub.clone();
    let _busy = pubsub.subscribe(&NUMBERS, move |_| {
        let (_, new) = note(&exchange, &NUMBERS);
        let mut others = others.lock().unwrap();
        others.clear();
        others.push(new);
        Delivery::Done
    });

    assert_eq!(pubsub.broadcast(&NUMBERS, 1), 2);
    assert_eq!(pubsub.broadcast(&NUMBERS, 2), 2);

    assert_eq!(taken(&seen), [1]);
    assert_eq!(pubsub.subscriptions(&NUMBERS), 2);
}

#[test]
fn a_closure_that_owns_a_subscription_is_dropped_without_a_deadlock() {
    let pubsub = PubSub::new();
    let (_, inner) = note(&pubsub, &NUMBERS);
    let outer = pubsub.subscribe(&NUMBERS, move |_| {
        let _keep = &inner;
        Delivery::Gone
    });

    pubsub.broadcast(&NUMBERS, 1);

    assert_eq!(pubsub.subscriptions(&NUMBERS), 0);
    drop(outer);
}

#[test]
fn a_panic_in_a_subscriber_leaves_the_exchange_usable() {
    let pubsub = PubSub::new();
    let (seen, _subscription) = note(&pubsub, &NUMBERS);
    let _bad = pubsub.subscribe(&NUMBERS, |number| {
        assert_ne!(**number, 13, "a subscriber with a bug");
        Delivery::Done
    });
    let exchange = pubsub.clone();

    let panicked = thread::spawn(move || exchange.broadcast(&NUMBERS, 13)).join();

    assert!(panicked.is_err());
    assert_eq!(pubsub.broadcast(&NUMBERS, 14), 2);
    assert_eq!(taken(&seen), [13, 14]);
}

#[test]
fn a_subscription_is_small() {
    // Beside this: 32 bytes in the topic's list and the closure with its two counters.
    assert!(size_of::<Subscription>() <= 64);
}

#[tokio::test]
async fn a_receiver_gets_the_messages_of_its_topic() {
    let pubsub = PubSub::new();
    let mut receiver = pubsub.receiver(&NUMBERS, 4);
    let waiting = async { receiver.recv().await.map(|number| *number) };
    let sending = async { pubsub.broadcast(&NUMBERS, 5) };
    assert_eq!(tokio::join!(waiting, sending), (Ok(5), 1));
    assert_eq!(receiver.try_recv(), Ok(None));

    drop(receiver);
    assert_eq!(pubsub.topics(), 0);
}

#[tokio::test]
async fn a_slow_receiver_keeps_the_newest_messages_and_learns_how_many_it_missed() {
    let pubsub = PubSub::new();
    let mut receiver = pubsub.receiver(&NUMBERS, 2);
    for number in 0..5 {
        pubsub.broadcast(&NUMBERS, number);
    }
    assert_eq!(receiver.recv().await, Err(Lagged { missed: 3 }));
    assert_eq!(receiver.recv().await.map(|number| *number), Ok(3));
    assert_eq!(receiver.try_recv(), Ok(Some(Arc::new(4))));
}

#[test]
fn threads_that_come_and_go_lose_no_message_of_a_subscriber_that_stays() {
    const THREADS: u32 = 4;
    const EACH: u32 = 500;
    let pubsub = PubSub::new();
    let (seen, _subscription) = note(&pubsub, &NUMBERS);
    let start = Barrier::new(THREADS as usize * 2);

    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (pubsub, start) = (&pubsub, &start);
            scope.spawn(move || {
                start.wait();
                for number in 0..EACH {
                    pubsub.broadcast(&NUMBERS, thread * EACH + number);
                }
            });
            scope.spawn(move || {
                start.wait();
                for _ in 0..EACH {
                    let (passing, subscription) = note(pubsub, &NUMBERS);
                    pubsub.broadcast(&NUMBERS, u32::MAX);
                    assert!(taken(&passing).contains(&u32::MAX), "its own message came");
                    drop(subscription);
                }
            });
        }
    });

    let mut seen = taken(&seen);
    seen.retain(|number| *number != u32::MAX);
    for thread in 0..THREADS {
        let of_thread = |number: &&u32| **number / EACH == thread;
        assert!(
            seen.iter().filter(of_thread).is_sorted(),
            "one thread's messages stay in order"
        );
    }
    seen.sort_unstable();
    assert!(
        seen.iter().copied().eq(0..THREADS * EACH),
        "each message came exactly once"
    );
    assert_eq!(pubsub.subscriptions(&NUMBERS), 1);
}

/// A step of a random history. Numbers choose among what exists at that moment.
#[derive(Clone, Debug)]
enum Step {
    Subscribe {
        topic: usize,
        subscriber: usize,
        stays: usize,
    },
    Unsubscribe {
        which: prop::sample::Index,
    },
    Broadcast {
        topic: usize,
    },
    BroadcastFrom {
        topic: usize,
        subscriber: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..3_usize, 0..3_usize, 0..4_usize)
            .prop_map(|(topic, subscriber, stays)| Step::Subscribe { topic, subscriber, stays }),
        2 => any::<prop::sample::Index>().prop_map(|which| Step::Unsubscribe { which }),
        3 => (0..3_usize).prop_map(|topic| Step::Broadcast { topic }),
        1 => (0..3_usize, 0..3_usize)
            .prop_map(|(topic, subscriber)| Step::BroadcastFrom { topic, subscriber }),
    ]
}

/// One subscription as the model has it.
#[derive(Debug)]
struct Known {
    topic: usize,
    subscriber: usize,
    /// How many more messages it takes before it says that it is gone; 0 is for ever.
    stays: usize,
    gone: bool,
    expected: Vec<u32>,
}

impl Known {
    /// What the exchange should do with a message: whether this one takes it.
    fn take(&mut self, message: u32) -> bool {
        if self.gone {
            return false;
        }
        self.expected.push(message);
        if self.stays > 0 {
            self.stays -= 1;
            self.gone = self.stays == 0;
        }
        !self.gone
    }
}

fn subscribe(
    pubsub: &PubSub,
    topic: &Topic<u32>,
    subscriber: SubscriberId,
    stays: usize,
) -> (Seen, Subscription) {
    let seen = Seen::default();
    let notes = Arc::clone(&seen);
    let subscription = pubsub.subscribe_as(subscriber, topic, move |number| {
        let mut notes = notes.lock().unwrap();
        notes.push(**number);
        if stays > 0 && notes.len() >= stays {
            Delivery::Gone
        } else {
            Delivery::Done
        }
    });
    (seen, subscription)
}

proptest! {
    #[test]
    fn any_history_delivers_what_the_model_says(steps in prop::collection::vec(step(), 0..60)) {
        let pubsub = PubSub::new();
        // Two of one name, so that the type is what keeps them apart.
        let names = [Topic::new("a"), Topic::named("b"), Topic::named("c")];
        let _strangers = names.each_ref().map(|topic| {
            let strange = Topic::<&str>::named(topic.name());
            pubsub.subscribe(&strange, |_| panic!("a message of another type"))
        });
        let ids = [(); 3].map(|()| SubscriberId::unique());
        let mut known: BTreeMap<usize, (Known, Seen, Subscription)> = BTreeMap::new();

        for (number, step) in steps.into_iter().enumerate() {
            let message = u32::try_from(number).unwrap();
            let broadcast = match step {
                Step::Subscribe { topic, subscriber, stays } => {
                    let (seen, subscription) =
                        subscribe(&pubsub, &names[topic], ids[subscriber], stays);
                    let model = Known { topic, subscriber, stays, gone: false, expected: vec![] };
                    known.insert(number, (model, seen, subscription));
                    None
                }
                Step::Unsubscribe { which } => {
                    if !known.is_empty() {
                        let key = *known.keys().nth(which.index(known.len())).unwrap();
                        let (model, seen, subscription) = known.remove(&key).unwrap();
                        drop(subscription);
                        prop_assert_eq!(&*seen.lock().unwrap(), &model.expected);
                    }
                    None
                }
                Step::Broadcast { topic } => {
                    Some((topic, None, pubsub.broadcast(&names[topic], message)))
                }
                Step::BroadcastFrom { topic, subscriber } => {
                    let took = pubsub.broadcast_from(ids[subscriber], &names[topic], message);
                    Some((topic, Some(subscriber), took))
                }
            };
            if let Some((topic, except, took)) = broadcast {
                let expected = known
                    .values_mut()
                    .filter(|(model, ..)| model.topic == topic && Some(model.subscriber) != except)
                    .filter_map(|(model, ..)| model.take(message).then_some(()))
                    .count();
                prop_assert_eq!(took, expected);
            }
            let live = |topic: usize| {
                known.values().filter(|(model, ..)| model.topic == topic && !model.gone).count()
            };
            for (topic, name) in names.iter().enumerate() {
                prop_assert_eq!(pubsub.subscriptions(name), live(topic));
            }
            let used = (0..names.len()).filter(|topic| live(*topic) > 0).count();
            prop_assert_eq!(pubsub.topics(), used + names.len(), "the strangers, and no empty one");
        }
        for (model, seen, _subscription) in known.values() {
            prop_assert_eq!(&*seen.lock().unwrap(), &model.expected);
        }
    }
}
