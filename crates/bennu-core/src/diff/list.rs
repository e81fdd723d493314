//! Keyed lists: which entries of the old list the new ones are.
//!
//! The common start of both lists is compared without any table; at the first
//! key that differs the common end is cut off too, and only what lies between
//! goes through a table of keys. An entry whose key is not the only one of its
//! kind is paired with an old one that no other took: with one that need not
//! move, or the first.

use super::Differ;
use crate::Template;
use crate::index::index;
use crate::prints::Header;
use crate::sink::{Order, Sink};
use crate::tape::Run;

/// A list that the client knows, before and after.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entries {
    pub(crate) template: &'static Template,
    /// How many entries it had.
    pub(crate) old: u32,
    /// How many it has.
    pub(crate) new: u32,
    /// Where its old prints end.
    pub(crate) end: usize,
    /// Whether its keys stand in one row on the tape.
    pub(crate) flat: bool,
}

/// Room to find moved entries. Lists inside of entries use it as a stack: each
/// takes what is above the lists around it and gives it back.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    old: Vec<OldEntry>,
    /// The new keys.
    keys: Vec<u64>,
    /// Open addressing: 0 for free, otherwise a position in `old`, plus 1, of
    /// the first entry with a key.
    table: Vec<u32>,
}

/// An entry of the old list.
#[derive(Clone, Copy, Debug)]
struct OldEntry {
    key: u64,
    /// Where its prints start.
    at: u32,
    /// The next entry with this key, [`NONE`] at the last.
    next: u32,
    /// For the first entry with a key: where to look for an unused one.
    unused: u32,
    /// Whether a new entry is this one.
    used: bool,
}

const NONE: u32 = u32::MAX;

impl Moves {
    pub(crate) fn bytes(&self) -> usize {
        self.old.capacity() * size_of::<OldEntry>()
            + self.keys.capacity() * size_of::<u64>()
            + self.table.capacity() * size_of::<u32>()
    }
}

impl<S: Sink> Differ<'_, S> {
    /// Compares the entries of a list that the client knows.
    pub(crate) fn compare_entries(&mut self, entries: Entries) -> Order {
        let common = entries.old.min(entries.new);
        let mut position = 0;
        while position < common && self.old_word(self.at) == self.reader.key() {
            self.compare_entry(position, entries.template);
            position += 1;
        }
        if position == entries.old && position == entries.new {
            return Order::Same;
        }
        self.build();
        if position == entries.new {
            return Order::Resized;
        }
        if position == entries.old {
            for position in position..entries.new {
                self.fill_entry(position, entries.template);
            }
            return Order::Resized;
        }
        self.compare_rest(position, entries)
    }

    /// Compares from the first position at which the keys differ.
    fn compare_rest(&mut self, first: u32, entries: Entries) -> Order {
        let lookup = self.moves.lookup();
        self.collect_old(first, entries);
        self.collect_keys(first, entries);
        let same_end = self.common_end(lookup);
        let lookup = self.moves.index_middle(lookup, same_end);

        let end_starts = entries.new - same_end;
        let mut order = Order::Resized;
        let mut previous = None;
        for to in first..entries.new {
            let same_position = lookup.old + (to - first) as usize;
            let old = if to < end_starts {
                let likely = [
                    previous.map_or(usize::MAX, |old: usize| old + 1),
                    same_position,
                ];
                self.moves.take(lookup, self.reader.key(), likely)
            } else {
                Some(self.moves.old.len() - (entries.new - to) as usize)
            };
            previous = old.or(previous);
            let Some(old) = old else {
                order = order.max(Order::of_new(to, entries.old));
                self.fill_entry(to, entries.template);
                continue;
            };
            self.at = self.moves.old[old].at as usize;
            if old == same_position {
                self.compare_entry(to, entries.template);
            } else {
                order = Order::Moved;
                let from = first + index(old - lookup.old);
                self.compare_moved(to, from, entries.template);
            }
        }

        self.moves.give_back(lookup);
        order
    }

    fn collect_old(&mut self, first: u32, entries: Entries) {
        let end = entries.end.min(self.old.len());
        let mut at = self.at;
        for _ in first..entries.old {
            if at >= end {
                break;
            }
            self.moves.add_old(self.old[at], index(at));
            at += 1;
            for _ in 0..entries.template.dynamics() {
                at += Header(self.old_word(at)).words();
            }
        }
    }

    fn collect_keys(&mut self, first: u32, entries: Entries) {
        let left = (entries.new - first) as usize;
        if let Some(keys) = self.reader.keys(left).filter(|_| entries.flat) {
            self.moves.keys.extend_from_slice(keys);
            return;
        }
        let mut reader = self.reader.clone();
        for _ in 0..left {
            self.moves.keys.push(reader.entry());
            reader.skip(entries.template);
        }
    }

    /// How many keys at the end of both lists are the same.
    fn common_end(&self, lookup: Lookup) -> u32 {
        let old = self.moves.old[lookup.old..].iter().rev();
        let new = self.moves.keys[lookup.keys..].iter().rev();
        index(
            old.zip(new)
                .take_while(|(old, new)| old.key == **new)
                .count(),
        )
    }
}

/// Where one list's part of [`Moves`] starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lookup {
    old: usize,
    keys: usize,
    table: usize,
    /// Where the old entries that are in the table end.
    end: usize,
    /// How many slots the table has: a power of two, or 0 for no table.
    slots: usize,
}

impl Lookup {
    /// The slots to look at for a key, in this order, without end.
    fn probe(self, key: u64) -> impl Iterator<Item = usize> {
        // Positions that serve as keys are small numbers: spread them.
        let spread = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        let (first, mask) = (spread as usize, self.slots.wrapping_sub(1));
        (0..).map(move |step: usize| self.table + (first.wrapping_add(step) & mask))
    }
}

impl Moves {
    /// Starts a list.
    pub(crate) fn lookup(&self) -> Lookup {
        Lookup {
            old: self.old.len(),
            keys: self.keys.len(),
            table: self.table.len(),
            end: 0,
            slots: 0,
        }
    }

    /// Adds an entry of the old list, whose prints start at `at`.
    pub(crate) fn add_old(&mut self, key: u64, at: u32) {
        self.old.push(OldEntry {
            key,
            at,
            next: NONE,
            unused: NONE,
            used: false,
        });
    }

    /// Adds an entry of the new list.
    pub(crate) fn add_new(&mut self, key: u64) {
        self.keys.push(key);
    }

    /// These old entries are new ones already.
    pub(crate) fn take_run(&mut self, lookup: Lookup, run: Run) {
        let old = self.old[lookup.old..].iter_mut().skip(run.from as usize);
        for old in old.take(run.count as usize) {
            old.used = true;
        }
    }

    /// Ends a list.
    pub(crate) fn give_back(&mut self, lookup: Lookup) {
        self.old.truncate(lookup.old);
        self.keys.truncate(lookup.keys);
        self.table.truncate(lookup.table);
    }

    /// As [`take`](Self::take), by the positions in the old list.
    pub(crate) fn take_position(
        &mut self,
        lookup: Lookup,
        key: u64,
        likely: [u32; 2],
    ) -> Option<u32> {
        let likely = likely.map(|position| lookup.old.saturating_add(position as usize));
        let at = self.take(lookup, key, likely)?;
        Some(index(at - lookup.old))
    }

    /// Puts the old entries between the common start and end into the table.
    pub(crate) fn index_middle(&mut self, lookup: Lookup, same_end: u32) -> Lookup {
        let same_end = same_end as usize;
        let new = self.keys.len() - lookup.keys - same_end;
        let last = self.old.len() - same_end;
        if new == 0 || last == lookup.old {
            return lookup;
        }
        let slots = ((last - lookup.old) * 2).next_power_of_two();
        let lookup = Lookup {
            end: last,
            slots,
            ..lookup
        };
        self.table.resize(lookup.table + slots, 0);
        // From the back, so that each key's chain ends up in the order of the
        // list.
        for at in (lookup.old..last).rev() {
            let key = self.old[at].key;
            let offset = index(at);
            let (slot, first) = self.find(lookup, key);
            match first {
                None => {
                    self.table[slot] = offset + 1;
                    self.old[at].unused = offset;
                }
                Some(first) => {
                    self.old[at].next = self.old[first].unused;
                    self.old[first].unused = offset;
                }
            }
        }
        lookup
    }

    /// The slot of a key, and the entry that stands there for it.
    fn find(&self, lookup: Lookup, key: u64) -> (usize, Option<usize>) {
        for slot in lookup.probe(key) {
            let Some(first) = self.table[slot].checked_sub(1) else {
                return (slot, None);
            };
            if self.old[first as usize].key == key {
                return (slot, Some(first as usize));
            }
        }
        (lookup.table, None)
    }

    /// Takes the next old entry with this key that no new entry is yet. Most
    /// lists change so that one of the likely ones is it.
    fn take(&mut self, lookup: Lookup, key: u64, likely: [usize; 2]) -> Option<usize> {
        if lookup.slots == 0 {
            return None;
        }
        for at in likely {
            if let Some(old) = self.old[..lookup.end].get_mut(at)
                && old.key == key
                && !old.used
            {
                old.used = true;
                return Some(at);
            }
        }
        let first = self.find(lookup, key).1?;
        let mut at = self.old[first].unused;
        while at != NONE && self.old[at as usize].used {
            at = self.old[at as usize].next;
        }
        if at == NONE {
            self.old[first].unused = NONE;
            return None;
        }
        let old = &mut self.old[at as usize];
        old.used = true;
        self.old[first].unused = self.old[at as usize].next;
        Some(at as usize)
    }
}
