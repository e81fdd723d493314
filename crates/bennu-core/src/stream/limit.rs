//! [`Limit`]: how many entries of a stream a browser keeps, and which.

use super::Stream;

/// How many entries of a [`Stream`] the browser keeps when one is inserted, and
/// at which side others go.
///
/// A number keeps so many and makes room for the new one: what is pushed
/// displaces the first entry, what is inserted anywhere else the last.
/// [`first`](Self::first) and [`last`](Self::last) say the side themselves, so
/// that an entry which comes where there is no room is the one that goes. `None`
/// keeps all.
///
/// ```
/// use bennu_core::{Limit, Stream};
///
/// let mut lines = Stream::new(|number: &u32| format!("line-{number}")).limit(10);
/// // The newest ten: the eleventh displaces the first.
/// lines.extend(1..=11);
/// // The page is full: an older one comes before the others only if there is room.
/// lines.limited(Limit::last(10)).prepend(1);
/// # assert_eq!(lines.into_iter().map(|(_, number)| number).collect::<Vec<_>>(), Vec::from_iter(2..=11));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limit(Kept);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kept {
    #[default]
    All,
    Newest(u32),
    First(u32),
    Last(u32),
}

impl Limit {
    /// The first so many entries stay: the list is cut at its end.
    #[must_use]
    pub const fn first(entries: u32) -> Self {
        Self(Kept::First(entries))
    }

    /// The last so many entries stay: the list is cut at its start.
    #[must_use]
    pub const fn last(entries: u32) -> Self {
        Self(Kept::Last(entries))
    }

    /// As clients are told for an insert at this position (`protocol.md §4.7`):
    /// so many of the first entries, or of the last if it is negative.
    pub(super) fn at(self, position: i64) -> Option<i64> {
        match self.0 {
            Kept::All => None,
            Kept::Newest(entries) if position < 0 => Some(-i64::from(entries)),
            Kept::Newest(entries) | Kept::First(entries) => Some(i64::from(entries)),
            Kept::Last(entries) => Some(-i64::from(entries)),
        }
    }
}

impl From<u32> for Limit {
    fn from(entries: u32) -> Self {
        Self(Kept::Newest(entries))
    }
}

impl From<Option<u32>> for Limit {
    fn from(entries: Option<u32>) -> Self {
        entries.map_or_else(Self::default, Self::from)
    }
}

/// Inserts into a [`Stream`] with a limit of their own: see
/// [`Stream::limited`].
#[derive(Debug)]
#[must_use = "a limit holds for what is inserted through this"]
pub struct Limited<'s, T> {
    pub(super) stream: &'s mut Stream<T>,
    pub(super) limit: Limit,
}

impl<T> Limited<'_, T> {
    /// Inserts an item at the end, as [`Stream::push`] does.
    pub fn push(&mut self, item: T) {
        self.stream.add(item, -1, self.limit);
    }

    /// Inserts an item at the start, as [`Stream::prepend`] does.
    pub fn prepend(&mut self, item: T) {
        self.insert(0, item);
    }

    /// Inserts an item at a position, as [`Stream::insert`] does.
    pub fn insert(&mut self, at: usize, item: T) {
        let at = i64::try_from(at).unwrap_or(i64::MAX);
        self.stream.add(item, at, self.limit);
    }
}

/// Inserts items at the end, as [`push`](Limited::push) does.
impl<T> Extend<T> for Limited<'_, T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        let items = items.into_iter();
        self.stream.pending().reserve(items.size_hint().0);
        for item in items {
            self.push(item);
        }
    }
}
