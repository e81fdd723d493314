//! [`Stream`]: a list whose entries live in the browser alone (`protocol.md
//! §4.7`). What waits to be sent is in `pending`, what a render takes of it in
//! [`Operations`]; `diff::stream` sends it.

mod limit;
mod pending;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub use limit::{Limit, Limited};
use pending::{Entries, Insert, Pending};

use crate::operations::Operations;
use crate::rendered::{ListMark, Writer};

/// A list of which the server keeps no items: each is sent once, and lives in
/// the browser from then on.
///
/// It is a field of a view. Its methods note what shall change; the next
/// render sends that and forgets it. So a stream of any length costs no memory,
/// and a change of it costs no comparison.
///
/// ```
/// use bennu_core::Stream;
///
/// struct Message {
///     id: u64,
///     text: String,
/// }
///
/// // How the element of an item is called, unique on the page.
/// let mut messages = Stream::new(|message: &Message| format!("message-{}", message.id)).limit(100);
/// messages.push(Message { id: 1, text: "Hello".into() });
/// messages.remove_by_id("message-0");
/// ```
///
/// In a template it is iterated by reference, and yields the id of the element
/// and the item. The list stands in an element with an id and
/// `phx-update="stream"`, and each entry is one element with the id that was
/// yielded:
///
/// ```text
/// ul #messages phx-update="stream" {
///     @for (id, message) in &self.messages {
///         li #(id) { (message.text) }
///     }
/// }
/// ```
///
/// # What is sent when
///
/// - Rendering takes what is pending, so **what was rendered has to be sent**,
///   and a stream stands in one place of a template. What changes while it is
///   not shown at all stays pending until it is.
/// - In one turn removals come first, then inserts in the order in which they
///   were asked for. Of several inserts of one item the last content counts,
///   at the first place (against the limit too). An item that is removed and
///   inserted in one turn moves. So a position counts what is there then: of `a b d`,
///   `insert(1, c)` and `remove_by_id("b")` make `a c d`, whichever is called first.
///   Elements of the template in front of the list count too, those behind it never.
/// - The first render knows what the element will show: items that a limit
///   displaced by then are not sent, and updates of items find none.
/// - Until it is rendered, a change takes memory: as much as the items, however
///   often each of them changed.
/// - When the element around a stream goes and comes back, it is empty then:
///   [`reset_with`](Self::reset_with) fills it again. That is also for a
///   component with a stream that moves to another parent, and for a view with
///   another template at its root: it depends on the client what is left then.
pub struct Stream<T> {
    dom_id: DomId<T>,
    /// What the client knows the stream by.
    reference: u64,
    /// How many entries the client keeps, where an insert says nothing else.
    limit: Limit,
    /// `None` if nothing changed since the last render. Behind a lock, because a
    /// render only borrows the view.
    pending: Mutex<Option<Box<Pending<T>>>>,
    /// Whether it was not rendered yet.
    is_new: AtomicBool,
}

type DomId<T> = Box<dyn Fn(&T) -> String + Send + Sync>;

impl<T> Stream<T> {
    /// A stream without entries. `dom_id` names the element of an item; its id
    /// is unique on the page and always the same for an item.
    #[must_use]
    pub fn new(dom_id: impl Fn(&T) -> String + Send + Sync + 'static) -> Self {
        // Clients only ask that it is unique within a view.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            dom_id: Box::new(dom_id),
            reference: NEXT.fetch_add(1, Ordering::Relaxed),
            limit: Limit::default(),
            pending: Mutex::new(None),
            is_new: AtomicBool::new(true),
        }
    }

    /// Lets the browser keep at most so many entries. A new one that is pushed
    /// displaces the first, one that is inserted anywhere else the last; a
    /// [`Limit`] says the side itself.
    #[must_use]
    pub fn limit(mut self, entries: impl Into<Limit>) -> Self {
        self.limit = entries.into();
        self
    }

    /// Changes the limit for what is inserted from now on.
    pub fn set_limit(&mut self, entries: impl Into<Limit>) {
        self.limit = entries.into();
    }

    /// For what is inserted through this alone, another limit than the
    /// stream's.
    ///
    /// ```
    /// use bennu_core::{Limit, Stream};
    ///
    /// let mut results = Stream::new(|number: &u32| format!("result-{number}"));
    /// results.extend(1..=10);
    /// // The page shows the first ten, and this isn't among them.
    /// results.limited(Limit::first(10)).push(11);
    /// # assert_eq!(results.into_iter().count(), 10);
    /// ```
    pub fn limited(&mut self, limit: impl Into<Limit>) -> Limited<'_, T> {
        Limited {
            limit: limit.into(),
            stream: self,
        }
    }

    /// Inserts an item at the end. If it is there already, its content changes
    /// and it stays where it is.
    pub fn push(&mut self, item: T) {
        self.limited(self.limit).push(item);
    }

    /// Inserts an item at the start. If it is there already, its content
    /// changes and it stays where it is.
    pub fn prepend(&mut self, item: T) {
        self.insert(0, item);
    }

    /// Inserts an item at a position, or at the end if there are fewer entries.
    /// If it is there already, its content changes and it stays where it is.
    pub fn insert(&mut self, at: usize, item: T) {
        self.limited(self.limit).insert(at, item);
    }

    /// Changes the content of an item if the browser shows it, and does nothing
    /// otherwise.
    pub fn update_only(&mut self, item: T) {
        let id = (self.dom_id)(&item);
        self.pending().insert(Insert::update(id, item));
    }

    /// Removes an item.
    pub fn remove(&mut self, item: &T) {
        let id = (self.dom_id)(item);
        self.pending().remove(id);
    }

    /// Removes the item whose element has this id.
    pub fn remove_by_id(&mut self, dom_id: impl Into<String>) {
        self.pending().remove(dom_id.into());
    }

    /// Removes all items.
    pub fn reset(&mut self) {
        self.pending().reset();
    }

    /// Replaces all items. Those that stay keep their elements.
    pub fn reset_with(&mut self, items: impl IntoIterator<Item = T>) {
        self.reset();
        self.extend(items);
    }

    fn add(&mut self, item: T, at: i64, limit: Limit) {
        let id = (self.dom_id)(&item);
        let insert = Insert::new(id, item, at, limit.at(at));
        self.pending().insert(insert);
    }

    fn pending(&mut self) -> &mut Pending<T> {
        let pending = self.pending.get_mut();
        pending
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert_default()
    }

    /// Takes what changed since the last render.
    fn take(&self) -> Inserts<T> {
        let mut pending = (self.pending.lock())
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if self.is_new.swap(false, Ordering::Relaxed)
            && let Some(pending) = &mut pending
        {
            pending.arrange();
        }
        let (operations, entries) = pending.map_or_else(Default::default, |pending| {
            let (operations, entries) = pending.take(self.reference);
            (Some(Arc::new(operations)), entries)
        });
        Inserts {
            stream: self.reference,
            operations,
            entries,
        }
    }
}

/// Inserts items at the end, as [`push`](Stream::push) does.
impl<T> Extend<T> for Stream<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.limited(self.limit).extend(items);
    }
}

impl<T> fmt::Debug for Stream<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (formatter.debug_struct("Stream"))
            .field("reference", &self.reference)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// Takes what is pending; for a template, see [`Stream`].
impl<T> IntoIterator for &Stream<T> {
    type Item = (String, T);
    type IntoIter = Inserts<T>;

    fn into_iter(self) -> Inserts<T> {
        self.take()
    }
}

/// What a template shows of a [`Stream`]: the items that are new or changed,
/// each with the id of its element.
#[must_use = "what is pending in a stream is taken once"]
pub struct Inserts<T> {
    stream: u64,
    /// Until the list of the template has them.
    operations: Option<Arc<Operations>>,
    entries: Entries<T>,
}

impl<T> Iterator for Inserts<T> {
    type Item = (String, T);

    fn next(&mut self) -> Option<(String, T)> {
        self.entries.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.entries.size_hint()
    }
}

impl<T> fmt::Debug for Inserts<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (formatter.debug_struct("Inserts")).finish_non_exhaustive()
    }
}

/// What a `@for` iterates, so that its list learns whether that is a stream:
/// `Iterated(&mut iterator).mark(&mut writer, &mut list, stand)` finds the first
/// trait below by value, and the second, which holds for all, only by reference.
#[derive(Debug)]
pub struct Iterated<'i, I>(pub &'i mut I);

/// Where a `@for` stands: whether in an element that may be a stream's, and
/// whether its entries may have ids. `html!` knows it, and not what is iterated.
#[derive(Clone, Copy, Debug)]
pub struct Stand<const IN_STREAM: bool, const HAS_IDS: bool>;

/// Stands in an element that may be a stream's.
#[diagnostic::on_unimplemented(
    message = "the `@for` of a stream stands in an element without `phx-update=\"stream\"`",
    label = "a `Stream`",
    note = "write it as the content of an element of its own: \
            `ul #messages phx-update=\"stream\" {{ @for … }}`",
    note = "without it the browser would drop all items but those of the last message"
)]
pub trait InStream {}

impl<const HAS_IDS: bool> InStream for Stand<true, HAS_IDS> {}

/// Has entries that may have ids.
#[diagnostic::on_unimplemented(
    message = "an entry of a stream is not one element with an id",
    label = "a `Stream`",
    note = "give each entry the id that the stream yields: \
            `@for (id, item) in &self.items {{ li #(id) {{ … }} }}`",
    note = "the browser finds the items of a stream by their ids"
)]
pub trait HasIds {}

impl<const IN_STREAM: bool> HasIds for Stand<IN_STREAM, true> {}

/// The road of streams.
pub trait ViaStream {
    /// Makes the list a stream.
    fn mark(self, writer: &mut Writer, list: &mut ListMark, stand: impl InStream + HasIds);
}

impl<T> ViaStream for Iterated<'_, Inserts<T>> {
    fn mark(self, writer: &mut Writer, list: &mut ListMark, _: impl InStream + HasIds) {
        writer.stream(list, self.0.stream, self.0.operations.take());
    }
}

/// The road of everything else.
pub trait ViaList {
    /// Does nothing.
    fn mark<S>(&self, writer: &mut Writer, list: &mut ListMark, stand: S);
}

impl<I> ViaList for Iterated<'_, I> {
    #[inline]
    fn mark<S>(&self, _: &mut Writer, _: &mut ListMark, _: S) {}
}
