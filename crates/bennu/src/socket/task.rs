//! Timers and tasks of a view or component: they post to its mailbox, and end
//! with it. What was cancelled does not arrive, also if it waits there already.

use std::any::Any;
use std::borrow::Cow;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::core::{Core, Link};
use super::{Socket, Stateful};
use crate::public::Base;
use crate::session::mailbox::{self, Posted};
use crate::work::{Delivery, Failure};

/// A timer or task that a view started; see [`Socket::send_after`].
///
/// Dropping it changes nothing; the work ends with the view at the latest.
#[derive(Clone, Debug)]
pub struct Task(Option<Running>);

#[derive(Clone, Debug)]
struct Running {
    handle: AbortHandle,
    slip: Arc<Slip>,
}

/// What a task shares with its messages.
#[derive(Debug, Default)]
pub(crate) struct Slip {
    cancelled: AtomicBool,
    /// Whether a message is still in the mailbox; the next beat is left out then.
    waits: AtomicBool,
}

impl Task {
    /// Stops the work: its message won't come.
    pub fn cancel(&self) {
        if let Some(Running { handle, slip }) = &self.0 {
            slip.cancelled.store(true, Ordering::Relaxed);
            handle.abort();
        }
    }

    /// Whether nothing comes of it any more: it has ended and no message of it
    /// waits, it was cancelled, or it never began.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.0.as_ref().is_none_or(|Running { handle, slip }| {
            let is_over = handle.is_finished() && !slip.waits.load(Ordering::Relaxed);
            is_over || slip.cancelled.load(Ordering::Relaxed)
        })
    }

    /// Whether this task has this slip.
    pub(crate) fn has(&self, slip: &Arc<Slip>) -> bool {
        (self.0.as_ref()).is_some_and(|running| Arc::ptr_eq(&running.slip, slip))
    }
}

/// A task's message in the mailbox.
pub(super) struct OfTask<M> {
    /// Until it is opened.
    message: Option<M>,
    slip: Arc<Slip>,
}

impl<M> OfTask<M> {
    /// A message that is posted now.
    pub(super) fn new(message: M, slip: Arc<Slip>) -> Self {
        slip.waits.store(true, Ordering::Relaxed);
        Self {
            message: Some(message),
            slip,
        }
    }

    fn open(mut self) -> Option<M> {
        let is_cancelled = self.slip.cancelled.load(Ordering::Relaxed);
        self.message.take().filter(|_| !is_cancelled)
    }
}

/// Opened, or thrown away with what it was for.
impl<M> Drop for OfTask<M> {
    fn drop(&mut self) {
        self.slip.waits.store(false, Ordering::Relaxed);
    }
}

/// What a message turned out to be.
pub(crate) enum Opened<I> {
    /// One for `handle_info`.
    Info(I),
    /// A result, which is where it belongs now, or something cancelled.
    Done,
    /// A message of another type: a fault of ours.
    Mismatch,
}

/// Opens a message for `owner`, whose `handle_info` takes `I`.
pub(crate) fn open<S: 'static, I: 'static>(mail: Box<dyn Any + Send>, owner: &mut S) -> Opened<I> {
    let mail = match mail.downcast::<I>() {
        Ok(info) => return Opened::Info(*info),
        Err(mail) => mail,
    };
    let mail = match mail.downcast::<OfTask<I>>() {
        Ok(info) => return info.open().map_or(Opened::Done, Opened::Info),
        Err(mail) => mail,
    };
    match mail.downcast::<OfTask<Delivery<S>>>() {
        Ok(delivery) => {
            if let Some(delivery) = delivery.open() {
                delivery.deliver(owner);
            }
            Opened::Done
        }
        Err(_) => Opened::Mismatch,
    }
}

impl Core {
    /// Runs what `work` makes of the way to the mailbox, as long as the owner
    /// lives. In a dead render it does nothing.
    pub(super) fn run<W>(&mut self, work: impl FnOnce(Link, Arc<Slip>) -> W) -> Task
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let Some(link) = self.link.clone() else {
            return Task(None);
        };
        let slip = Arc::new(Slip::default());
        let work = work(link, Arc::clone(&slip));
        let handle = self.own().run(Base::current().during(work));
        Task(Some(Running { handle, slip }))
    }

    /// Runs `work`; `message` makes of its end what is posted.
    pub(crate) fn run_caught<T, M>(
        &mut self,
        work: impl Future<Output = T> + Send + 'static,
        message: impl FnOnce(Result<T, Failure>, &Arc<Slip>) -> M + Send + 'static,
    ) -> Task
    where
        T: Send + 'static,
        M: Send + 'static,
    {
        self.run(|link, slip| async move {
            // The panic's message was printed by the panic hook.
            let outcome = AssertUnwindSafe(work).catch_unwind().await;
            let message = message(outcome.map_err(|_| Failure::PANIC), &slip);
            // Full or closed: the owner is ending.
            let _ = link.post(OfTask::new(message, slip));
        })
    }
}

impl<S> Socket<S> {
    /// Sends `info` to `handle_info` after a while. In a dead render it does
    /// nothing.
    pub fn send_after<K>(&mut self, delay: Duration, info: S::Info) -> Task
    where
        S: Stateful<K>,
    {
        self.spawn(async move {
            tokio::time::sleep(delay).await;
            info
        })
    }

    /// Sends `info()` to `handle_info` again and again, the first time after
    /// one `period`; when the view is slower than that, beats are left out. In a
    /// dead render it does nothing. A panic in `info` ends the view, as one in a
    /// callback does.
    ///
    /// # Panics
    /// When `period` is zero.
    pub fn send_every<K>(
        &mut self,
        period: Duration,
        info: impl Fn() -> S::Info + Send + 'static,
    ) -> Task
    where
        S: Stateful<K>,
    {
        assert!(!period.is_zero(), "send_every needs a period above zero");
        self.core.run(|link, slip| async move {
            let mut beats = interval_at(Instant::now() + period, period);
            beats.set_missed_tick_behavior(MissedTickBehavior::Skip);
            loop {
                beats.tick().await;
                if slip.waits.swap(true, Ordering::Relaxed) {
                    continue;
                }
                let Ok(info) = catch_unwind(AssertUnwindSafe(&info)) else {
                    return link.mailbox.fail(mailbox::Failure::Panic);
                };
                let beat = OfTask::new(info, Arc::clone(&slip));
                if link.post(beat) == Posted::Closed {
                    break;
                }
            }
        })
    }

    /// Runs `work` beside the view and sends its result to `handle_info`. It is
    /// stopped when the view ends. In a dead render it does nothing.
    ///
    /// A panic in it is logged, and no message comes; [`start`](Self::start)
    /// tells of it. For a value that the page waits for, see
    /// [`load`](Self::load).
    pub fn spawn<K>(&mut self, work: impl Future<Output = S::Info> + Send + 'static) -> Task
    where
        S: Stateful<K>,
    {
        self.core.run(|link, slip| async move {
            let message = work.await;
            // Full or closed: the view is ending.
            let _ = link.post(OfTask::new(message, slip));
        })
    }

    /// Runs `work` beside the view under a name, in place of what was started
    /// under it before: that is stopped, and its message won't come. `info` makes
    /// a message of the result, or of a panic. In a dead render it does nothing.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// # use bennu::Failure;
    /// # async fn search(text: String) -> Vec<String> { vec![text] }
    /// # #[derive(Event)] enum Msg { Search { text: String } }
    /// struct Search {
    ///     found: Vec<String>,
    /// }
    ///
    /// enum Info {
    ///     Found(Result<Vec<String>, Failure>),
    /// }
    /// # impl LiveView for Search {
    /// # type Params = (); type Event = Msg; type Info = Info;
    /// # async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> { Ok(Self { found: vec![] }) }
    /// # fn render(&self) -> Rendered { html! {} }
    ///
    /// async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
    ///     let Msg::Search { text } = event;
    ///     // While a search runs, the next one takes its place.
    ///     socket.start("search", search(text), Info::Found);
    ///     Ok(())
    /// }
    ///
    /// async fn handle_info(&mut self, info: Info, _: &mut Socket<Self>) -> Result {
    ///     let Info::Found(found) = info;
    ///     self.found = found?;
    ///     Ok(())
    /// }
    /// # }
    /// ```
    pub fn start<T, K>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        work: impl Future<Output = T> + Send + 'static,
        info: impl FnOnce(Result<T, Failure>) -> S::Info + Send + 'static,
    ) -> Task
    where
        S: Stateful<K>,
        T: Send + 'static,
    {
        let name = name.into();
        self.cancel(&name);
        let task = self.core.run_caught(work, |outcome, _| info(outcome));
        if !task.is_finished() {
            self.core.own().started.push((name, task.clone()));
        }
        task
    }

    /// Stops what was [`start`](Self::start)ed under this name: its message won't
    /// come.
    pub fn cancel(&mut self, name: &str) {
        if let Some(own) = &mut self.core.own {
            own.started.retain(|(known, task)| {
                if known == name {
                    task.cancel();
                }
                known != name && !task.is_finished()
            });
        }
    }
}
