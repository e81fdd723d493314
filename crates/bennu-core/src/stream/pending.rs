//! What changed in a stream and was not rendered yet.
//!
//! The client does removals first and then inserts, so what is noted here is
//! brought into this order: an insert that is removed again is forgotten, one
//! that comes again is merged. So much memory is held as ids were touched,
//! however often.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

use crate::hash;
use crate::index::index;
use crate::operations::{Operations, Place};

/// An item to be sent.
#[derive(Debug)]
pub(super) struct Insert<T> {
    id: String,
    item: T,
    place: Place,
}

impl<T> Insert<T> {
    pub(super) fn new(id: String, item: T, at: i64, limit: Option<i64>) -> Self {
        Self {
            id,
            item,
            place: Place {
                at,
                limit,
                update_only: false,
            },
        }
    }

    pub(super) fn update(id: String, item: T) -> Self {
        let place = Place {
            at: -1,
            limit: None,
            update_only: true,
        };
        Self { id, item, place }
    }
}

/// The operations of a turn.
#[derive(Debug)]
pub(super) struct Pending<T> {
    /// In the order in which they are sent; `None` for those that were taken
    /// back.
    inserts: Vec<Option<Insert<T>>>,
    /// Where in `inserts` an id is, by its hash.
    index: HashMap<u64, u32, BuildHasherDefault<Identity>>,
    removed: BTreeSet<String>,
    reset: bool,
}

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self {
            inserts: Vec::new(),
            index: HashMap::default(),
            removed: BTreeSet::new(),
            reset: false,
        }
    }
}

impl<T> Pending<T> {
    pub(super) fn reserve(&mut self, inserts: usize) {
        self.inserts.reserve(inserts);
        self.index.reserve(inserts);
    }

    pub(super) fn insert(&mut self, insert: Insert<T>) {
        let key = hash::Keys::new().key(insert.id.as_str());
        if let Some(&at) = self.index.get(&key)
            && let Some(place) = self.inserts.get_mut(at as usize)
            && let Some(known) = place
        {
            if insert.place.update_only || !known.place.update_only {
                known.item = insert.item;
                return;
            }
            // Whether it is there only the client knows; if not, it is new now.
            *place = None;
        } else if insert.place.update_only && (self.reset || self.removed.contains(&insert.id)) {
            // It is gone when this is done.
            return;
        }
        self.index.insert(key, index(self.inserts.len()));
        self.inserts.push(Some(insert));
        self.compact();
    }

    pub(super) fn remove(&mut self, id: String) {
        if let Some(at) = self.index.remove(&hash::Keys::new().key(id.as_str()))
            && let Some(place) = self.inserts.get_mut(at as usize)
        {
            *place = None;
        }
        if !self.reset {
            self.removed.insert(id);
        }
    }

    pub(super) fn reset(&mut self) {
        *self = Self {
            reset: true,
            ..Self::default()
        };
    }

    /// Forgets the places of inserts that were taken back, once they are most.
    fn compact(&mut self) {
        if self.inserts.len() < 2 * self.index.len() + 16 {
            return;
        }
        self.inserts.retain(Option::is_some);
        self.index = (self.inserts.iter().flatten().zip(0..))
            .map(|(insert, at)| (hash::Keys::new().key(insert.id.as_str()), at))
            .collect();
    }

    /// Brings the inserts into the order that they have in an element without
    /// entries, and leaves out what that would not show in the end: the dead
    /// render knows nothing of positions and limits.
    pub(super) fn arrange(&mut self) {
        let mut order = VecDeque::with_capacity(self.index.len());
        let inserts = std::mem::take(&mut self.inserts).into_iter().flatten();
        let mut count = 0;
        for (position, insert) in (0..).zip(inserts) {
            count = position + 1;
            if insert.place.update_only {
                continue;
            }
            let at = usize::try_from(insert.place.at).unwrap_or(usize::MAX);
            let limit = insert.place.limit;
            order.insert(at.min(order.len()), (position, insert));
            if let Some(limit) = limit {
                let most = usize::try_from(limit.unsigned_abs()).unwrap_or(usize::MAX);
                if limit >= 0 {
                    order.truncate(most);
                } else {
                    order.drain(..order.len().saturating_sub(most));
                }
            }
        }
        let stands = order.iter().map(|(position, _)| *position).eq(0..count);
        let place = |(_, insert): (_, Insert<T>)| match stands {
            true => insert,
            false => Insert::new(insert.id, insert.item, -1, None),
        };
        self.inserts = order.into_iter().map(place).map(Some).collect();
    }

    /// The operations, and the items.
    pub(super) fn take(self, reference: u64) -> (Operations, Entries<T>) {
        let inserts = (self.inserts.iter().flatten()).map(|insert| (&*insert.id, insert.place));
        let removed = self.removed.into_iter().collect();
        let operations = Operations::new(reference, inserts, removed, self.reset);
        let entries = Entries {
            left: self.inserts.iter().flatten().count(),
            inserts: self.inserts.into_iter(),
        };
        (operations, entries)
    }
}

/// The items, each with its id.
pub(super) struct Entries<T> {
    left: usize,
    inserts: std::vec::IntoIter<Option<Insert<T>>>,
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self {
            left: 0,
            inserts: Vec::new().into_iter(),
        }
    }
}

impl<T> Iterator for Entries<T> {
    type Item = (String, T);

    fn next(&mut self) -> Option<(String, T)> {
        let insert = self.inserts.by_ref().flatten().next()?;
        self.left = self.left.saturating_sub(1);
        Some((insert.id, insert.item))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

/// Keys are hashes already.
#[derive(Default)]
struct Identity(u64);

impl Hasher for Identity {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
