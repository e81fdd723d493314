//! What one render of a stream tells the client to do.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::index::index;

/// The operations of one render, in the order in which they are meant. The
/// items themselves are the entries of the list.
#[derive(Debug)]
pub(crate) struct Operations {
    reference: u64,
    /// Not 0, and that of no others: a slot brings the same ones again.
    number: u64,
    /// The ids of the inserts, one after the other.
    ids: String,
    /// Where the id of each insert ends in `ids`, and where it goes.
    inserts: Vec<(u32, Place)>,
    removed: Vec<String>,
    reset: bool,
}

/// Where an insert goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The position, -1 for the end.
    pub(crate) at: i64,
    /// How many entries are kept: the first ones, or the last if it is negative.
    pub(crate) limit: Option<i64>,
    /// Whether only an entry that is there is changed.
    pub(crate) update_only: bool,
}

impl Operations {
    /// The operations that bring these inserts, each with its id.
    pub(crate) fn new<'i>(
        reference: u64,
        inserts: impl Iterator<Item = (&'i str, Place)>,
        removed: Vec<String>,
        reset: bool,
    ) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let mut ids = String::new();
        let inserts = inserts
            .map(|(id, place)| {
                ids.push_str(id);
                (index(ids.len()), place)
            })
            .collect();
        Self {
            reference,
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            ids,
            inserts,
            removed,
            reset,
        }
    }

    pub(crate) fn reference(&self) -> u64 {
        self.reference
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Each insert with its id.
    pub(crate) fn inserts(&self) -> impl DoubleEndedIterator<Item = (&str, Place)> {
        self.inserts.iter().enumerate().map(|(at, &(end, place))| {
            let before = at.checked_sub(1).and_then(|at| self.inserts.get(at));
            let start = before.map_or(0, |&(end, _)| end as usize);
            let id = self.ids.get(start..end as usize);
            (id.unwrap_or_default(), place)
        })
    }

    /// The ids of entries that go.
    pub(crate) fn removed(&self) -> &[String] {
        &self.removed
    }

    /// Whether all entries go that are not inserted again.
    pub(crate) fn is_reset(&self) -> bool {
        self.reset
    }
}
