//! Work that runs beside a view or component: [`Async`], the field that waits
//! for a result, and the socket's ways to start it. A result travels through the
//! owner's mailbox as a [`Delivery`], and is checked there: what was cancelled
//! or replaced meanwhile never arrives.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use crate::socket::{Slip, Socket, Task};

/// A value that is loaded beside its view or component: still loading, there, or
/// failed.
///
/// It is a field, filled by [`Socket::load`]. The work belongs to the field: it
/// stops when the field is replaced, when [`cancel`](Self::cancel) is called, and
/// when the view ends, and what it found then never arrives.
///
/// ```
/// use bennu::prelude::*;
///
/// struct Page {
///     report: Async<Report>,
/// }
///
/// struct Report {
///     total: u64,
/// }
///
/// async fn add_up(year: u32) -> Result<Report, std::io::Error> {
///     Ok(Report { total: u64::from(year) })
/// }
///
/// #[derive(Event)]
/// enum Msg {
///     Year { year: u32 },
///     Refresh { year: u32 },
///     Cancel,
/// }
///
/// impl LiveView for Page {
///     type Params = ();
///     type Event = Msg;
///     type Info = Never;
///
///     async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
///         let report = socket.load(|page| &mut page.report, add_up(2026));
///         Ok(Self { report })
///     }
///
///     async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
///         match event {
///             // Shows that it is loading again; the work before is stopped.
///             Msg::Year { year } => {
///                 self.report = socket.load(|page| &mut page.report, add_up(year));
///             }
///             // Shows the report of before until the new one is there.
///             Msg::Refresh { year } => {
///                 let next = socket.load(|page| &mut page.report, add_up(year));
///                 self.report.reload(next);
///             }
///             Msg::Cancel => self.report.cancel(),
///         }
///         Ok(())
///     }
///
///     fn render(&self) -> Rendered {
///         html! {
///             @match self.report.state() {
///                 AsyncState::Loading => p { "Adding up…" }
///                 AsyncState::Ok(report) => p { "Total: " (report.total) }
///                 AsyncState::Failed(failure) => p role="alert" { (failure) }
///             }
///         }
///     }
/// }
/// ```
///
/// A whole stream can be loaded so too, as an `Async<Stream<T>>`; to load the
/// items of one that is shown meanwhile, see [`Socket::load_with`].
#[must_use = "the work stops when this is dropped; assign it to the field that the result is for"]
pub struct Async<T> {
    value: Option<T>,
    failure: Option<Failure>,
    work: Option<Work>,
}

/// What an [`Async`] shows.
#[derive(Debug)]
pub enum AsyncState<'a, T> {
    /// There is no value yet.
    Loading,
    /// The value: also while a new one is on its way.
    Ok(&'a T),
    /// The last work failed.
    Failed(&'a Failure),
}

impl<T> Clone for AsyncState<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for AsyncState<'_, T> {}

impl<T> Async<T> {
    /// Shows that it is loading; nothing is.
    pub const fn loading() -> Self {
        Self {
            value: None,
            failure: None,
            work: None,
        }
    }

    /// A value that is there already, from a cache for example.
    pub const fn ok(value: T) -> Self {
        Self {
            value: Some(value),
            failure: None,
            work: None,
        }
    }

    /// What a template shows.
    #[must_use]
    pub fn state(&self) -> AsyncState<'_, T> {
        match (&self.failure, &self.value) {
            (Some(failure), _) => AsyncState::Failed(failure),
            (None, Some(value)) => AsyncState::Ok(value),
            (None, None) => AsyncState::Loading,
        }
    }

    /// The last value that came, also while another is loading or after that
    /// failed.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The last value that came, to change it.
    #[must_use]
    pub fn value_mut(&mut self) -> Option<&mut T> {
        self.value.as_mut()
    }

    /// Whether work is on its way. An [`AsyncState::Ok`] may be loading too: its
    /// next value.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.work.is_some()
    }

    /// Takes the work of `next`, and keeps the value until that is done.
    pub fn reload(&mut self, next: Self) {
        let value = self.value.take();
        *self = Self {
            value: next.value.or(value),
            failure: next.failure,
            work: next.work,
        };
    }

    /// Stops the work: its result won't come. Without a value, this counts as a
    /// failure.
    pub fn cancel(&mut self) {
        if self.work.take().is_some() && self.value.is_none() {
            self.failure = Some(Failure(Why::Cancelled));
        }
    }

    /// Whether this work is the one that is waited for.
    fn awaits(&self, slip: &Arc<Slip>) -> bool {
        (self.work.as_ref()).is_some_and(|work| work.0.has(slip))
    }

    fn settle(&mut self, outcome: Result<T, Failure>) {
        self.work = None;
        match outcome {
            Ok(value) => *self = Self::ok(value),
            Err(failure) => self.failure = Some(failure),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Async<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (formatter.debug_struct("Async"))
            .field("value", &self.value)
            .field("failure", &self.failure)
            .field("is_loading", &self.is_loading())
            .finish()
    }
}

/// Why work gave no value; its text is for the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(Why);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Why {
    Error(Box<str>),
    Panicked,
    Cancelled,
}

impl Failure {
    pub(crate) const PANIC: Self = Self(Why::Panicked);

    fn error(error: impl fmt::Display) -> Self {
        Self(Why::Error(error.to_string().into()))
    }

    /// Whether the work panicked. What the panic said is in the server's log and
    /// not for a page.
    #[must_use]
    pub fn is_panic(&self) -> bool {
        self.0 == Why::Panicked
    }

    /// Whether the work was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0 == Why::Cancelled
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match &self.0 {
            Why::Error(text) => text,
            Why::Panicked => "something went wrong",
            Why::Cancelled => "cancelled",
        })
    }
}

impl std::error::Error for Failure {}

/// Work that is on its way; it stops when this is dropped.
struct Work(Task);

impl Drop for Work {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// A result in the mailbox of its owner, which is an `S`.
pub(crate) struct Delivery<S>(Box<dyn FnOnce(&mut S) + Send>);

impl<S> Delivery<S> {
    pub(crate) fn deliver(self, owner: &mut S) {
        (self.0)(owner);
    }
}

impl<S: 'static> Socket<S> {
    /// Runs `work` beside the view and puts its result into `field`. Returns what
    /// the field holds until then: in `mount` it becomes a part of the view, in a
    /// handler it is assigned to the field, or given to [`Async::reload`].
    ///
    /// An error is shown by its `Display`; so is a panic, in other words. In a
    /// dead render nothing starts, and the page shows that it is loading.
    ///
    /// `work` owns what it needs: clone that into it.
    pub fn load<T, E>(
        &mut self,
        field: impl for<'v> Fn(&'v mut S) -> &'v mut Async<T> + Send + 'static,
        work: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Async<T>
    where
        T: Send + 'static,
        E: fmt::Display,
    {
        self.load_with(field, work, |_, value| value)
    }

    /// Like [`load`](Self::load), for work whose result is not for the field
    /// alone: `take` puts it where it belongs, and returns what the field keeps.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// # struct Row { id: u64 }
    /// # async fn all() -> Result<Vec<Row>> { Ok(Vec::new()) }
    /// struct Orders {
    ///     rows: Stream<Row>,
    ///     loaded: Async<()>,
    /// }
    /// # impl LiveView for Orders {
    /// # type Params = (); type Event = Never; type Info = Never;
    ///
    /// async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
    ///     let loaded = socket.load_with(
    ///         |orders| &mut orders.loaded,
    ///         all(),
    ///         |orders, rows| orders.rows.reset_with(rows),
    ///     );
    ///     Ok(Self { rows: Stream::new(|row: &Row| format!("row-{}", row.id)), loaded })
    /// }
    /// # fn render(&self) -> Rendered { html! {} }
    /// # }
    /// ```
    pub fn load_with<T, U, E>(
        &mut self,
        field: impl for<'v> Fn(&'v mut S) -> &'v mut Async<T> + Send + 'static,
        work: impl Future<Output = Result<U, E>> + Send + 'static,
        take: impl FnOnce(&mut S, U) -> T + Send + 'static,
    ) -> Async<T>
    where
        T: 'static,
        U: Send + 'static,
        E: fmt::Display,
    {
        let work = async { work.await.map_err(Failure::error) };
        let task = self.core().run_caught(work, move |outcome, slip| {
            let slip = Arc::clone(slip);
            Delivery(Box::new(move |owner: &mut S| {
                // Whoever names one field and assigns another waits for nothing.
                if !field(owner).awaits(&slip) {
                    return;
                }
                let outcome = outcome.flatten().map(|value| take(owner, value));
                field(owner).settle(outcome);
            }))
        });
        Async {
            work: self.connected().then_some(Work(task)),
            ..Async::loading()
        }
    }
}
