//! Measures once a second for all who watch, and not at all while nobody does.

use std::sync::Arc;
use std::time::Duration;

use bennu::{PubSub, Topic};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::Machine;
use super::sensor::Sensor;

/// Every measurement, as it is made.
pub(crate) const MEASURED: Topic<Arc<Machine>> = Topic::new("machine");

const PERIOD: Duration = Duration::from_secs(1);
/// How long nobody may watch before the history is dropped, in periods: a page
/// that is loaded again should find it.
const PATIENCE: u32 = 5;

/// Where the last measurement can be had, before the next one is broadcast.
#[derive(Clone, Debug)]
pub(crate) struct Monitor(watch::Receiver<Option<Arc<Machine>>>);

impl Monitor {
    /// Starts the one task that measures.
    pub(crate) fn start(pubsub: PubSub) -> Self {
        let (latest, receiver) = watch::channel(None);
        tokio::spawn(measure(pubsub, latest));
        Self(receiver)
    }

    pub(crate) fn latest(&self) -> Option<Arc<Machine>> {
        self.0.borrow().clone()
    }
}

async fn measure(pubsub: PubSub, latest: watch::Sender<Option<Arc<Machine>>>) {
    let mut beats = tokio::time::interval(PERIOD);
    beats.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut sensor: Option<Sensor> = None;
    let mut unwatched = 0;
    loop {
        beats.tick().await;
        if pubsub.subscriptions(&MEASURED) == 0 {
            unwatched += 1;
            if unwatched > PATIENCE {
                sensor = None;
                latest.send_replace(None);
            }
            continue;
        }
        unwatched = 0;
        let own = sensor.take();
        // Reading it blocks, and takes a while where there are many processes.
        let measured = tokio::task::spawn_blocking(move || -> Result<_, sysinfo::Error> {
            let mut sensor = own.map_or_else(Sensor::new, Ok)?;
            let machine = Arc::new(sensor.read());
            Ok((sensor, machine))
        });
        match measured.await {
            Ok(Ok((own, machine))) => {
                sensor = Some(own);
                latest.send_replace(Some(Arc::clone(&machine)));
                pubsub.broadcast(&MEASURED, machine);
            }
            Ok(Err(error)) => tracing::warn!(%error, "this machine can't be measured"),
            // It panicked and said so; the next beat begins anew.
            Err(_) => {}
        }
    }
}
