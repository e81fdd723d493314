//! The dynamics of one render in document order: all texts in one string and a
//! slot per dynamic, so that a dynamic costs no allocation. Tapes are reused.
//!
//! [`Writer`](crate::__private::Writer) writes a tape; HTML and diffs read it
//! through [`Reader`], which makes sense of any tape, also of a broken one.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use crate::index::index;
use crate::operations::Operations;
use crate::{Placement, Template};

/// The dynamics of a template in document order.
///
/// Invariant: after a [`Slot::Node`] come the slots of that node's dynamics,
/// after a [`Slot::List`] its entries, each a [`Slot::Entry`] and the slots of
/// the list's template, or several of them a [`Slot::Kept`].
#[derive(Debug, Default)]
pub(crate) struct Tape {
    pub(crate) text: String,
    pub(crate) slots: Vec<Slot>,
    pub(crate) nodes: Vec<&'static Template>,
    pub(crate) lists: Vec<List>,
    /// The key of each entry; in a list with memos, then its memo.
    pub(crate) keys: Vec<u64>,
    pub(crate) kept: Vec<Run>,
    pub(crate) streams: Vec<Streamed>,
    pub(crate) placements: Vec<Placement>,
    /// The number of each placement; fewer, or 0, as long as there is none.
    pub(crate) cids: Vec<u32>,
    /// How many values have to be rendered each time, memo or not.
    pub(crate) restless: u32,
    /// How many templates stand inside each other at the deepest place. It is
    /// bounded (see [`MAX_DEPTH`]), because all readers recurse.
    pub(crate) depth: u32,
}

/// Deeper trees are spliced as one text: a component that renders itself again
/// and again then costs bytes, not the stack.
pub(crate) const MAX_DEPTH: u32 = 100;

/// One step of a tape, kept at 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A text that ends at this byte of the tape's text; it starts where the
    /// text before it ends.
    Text(u32),
    /// As [`Text`](Self::Text), but not escaped, and compared as a text.
    LongText(u32),
    /// A nested template: an index into `nodes`.
    Node(u32),
    /// A list: an index into `lists`.
    List(u32),
    /// An entry of the list around it: an index into `keys`.
    Entry(u32),
    /// Entries of the list around it that the client has: an index into `kept`.
    Kept(u32),
    /// A component: an index into `placements` and `cids`.
    Component(u32),
}

impl Slot {
    fn text_end(&self) -> Option<u32> {
        match *self {
            Self::Text(end) | Self::LongText(end) => Some(end),
            _ => None,
        }
    }
}

/// A list's template and how many entries follow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    pub(crate) template: &'static Template,
    pub(crate) entries: u32,
    /// Whether no list stands in an entry: then the keys stand in one row.
    pub(crate) flat: bool,
    /// An index into `streams`, or [`NO_STREAM`].
    pub(crate) stream: u32,
    /// Whether its entries have memos.
    pub(crate) memo: bool,
    /// Where the prints are in which its kept entries were found.
    pub(crate) known: u32,
}

/// What a list has that is a stream.
#[derive(Clone, Debug)]
pub(crate) struct Streamed {
    /// What it brings; `None` for one that is untouched.
    pub(crate) operations: Option<Arc<Operations>>,
    /// Which components are placed in its entries.
    pub(crate) placements: Range<u32>,
}

/// One or several entries of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Item {
    /// One that was rendered: its key, and its memo in a list that has them. Its
    /// dynamics follow.
    Entry { key: u64, memo: u64 },
    /// Some that the client has as they are.
    Kept(Run),
}

/// Entries that are kept, by their positions in the last render.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) from: u32,
    pub(crate) count: u32,
}

/// What a list that is no stream has for an index of one.
pub(crate) const NO_STREAM: u32 = u32::MAX;

thread_local! {
    static POOL: RefCell<Vec<Tape>> = const { RefCell::new(Vec::new()) };
}

impl Tape {
    /// A tape that is kept for reuse holds at most this much, and a thread
    /// keeps at most [`KEPT`](Self::KEPT) of them: 4 MiB a thread at the worst.
    const KEPT_BYTES: usize = 512 * 1024;
    const KEPT: usize = 8;

    /// An empty tape with the room that an earlier one left.
    pub(crate) fn fresh() -> Self {
        POOL.try_with(|pool| pool.borrow_mut().pop())
            .ok()
            .flatten()
            .unwrap_or_default()
    }

    /// Keeps the tape's room for the next render of this thread.
    pub(crate) fn recycle(mut self) {
        let bytes = self.text.capacity()
            + self.slots.capacity() * size_of::<Slot>()
            + self.nodes.capacity() * size_of::<&Template>()
            + self.lists.capacity() * size_of::<List>()
            + self.keys.capacity() * size_of::<u64>()
            + self.kept.capacity() * size_of::<Run>()
            + self.streams.capacity() * size_of::<Streamed>()
            + self.placements.capacity() * size_of::<Placement>()
            + self.cids.capacity() * size_of::<u32>();
        if bytes == 0 || bytes > Self::KEPT_BYTES {
            return;
        }
        self.text.clear();
        self.slots.clear();
        self.nodes.clear();
        self.lists.clear();
        self.keys.clear();
        self.kept.clear();
        self.streams.clear();
        self.placements.clear();
        self.cids.clear();
        self.depth = 0;
        self.restless = 0;
        // An error means that the thread is ending: nothing to keep then.
        let _ = POOL.try_with(|pool| {
            let mut pool = pool.borrow_mut();
            if pool.len() < Self::KEPT {
                pool.push(self);
            }
        });
    }

    /// Appends the dynamics of a child.
    pub(crate) fn append(&mut self, child: &Self) {
        let (text, nodes) = (index(self.text.len()), index(self.nodes.len()));
        let (lists, keys) = (index(self.lists.len()), index(self.keys.len()));
        let placements = index(self.placements.len());
        let kept = index(self.kept.len());
        self.kept.extend_from_slice(&child.kept);
        self.restless = self.restless.saturating_add(child.restless);
        self.text.push_str(&child.text);
        self.nodes.extend_from_slice(&child.nodes);
        self.append_lists(child);
        self.append_placements(child);
        self.keys.extend_from_slice(&child.keys);
        self.slots
            .extend(child.slots.iter().map(|slot| match *slot {
                Slot::Text(end) => Slot::Text(end.saturating_add(text)),
                Slot::LongText(end) => Slot::LongText(end.saturating_add(text)),
                Slot::Node(at) => Slot::Node(at.saturating_add(nodes)),
                Slot::List(at) => Slot::List(at.saturating_add(lists)),
                Slot::Entry(at) => Slot::Entry(at.saturating_add(keys)),
                Slot::Kept(at) => Slot::Kept(at.saturating_add(kept)),
                Slot::Component(at) => Slot::Component(at.saturating_add(placements)),
            }));
    }

    fn append_lists(&mut self, child: &Self) {
        let (first, streams) = (self.lists.len(), index(self.streams.len()));
        self.lists.extend_from_slice(&child.lists);
        if child.streams.is_empty() {
            return;
        }
        let placements = index(self.placements.len());
        self.streams.extend(child.streams.iter().map(|stream| {
            let Range { start, end } = stream.placements;
            Streamed {
                operations: stream.operations.clone(),
                placements: start.saturating_add(placements)..end.saturating_add(placements),
            }
        }));
        for list in &mut self.lists[first..] {
            if list.stream != NO_STREAM {
                list.stream = list.stream.saturating_add(streams);
            }
        }
    }

    fn append_placements(&mut self, child: &Self) {
        if child.placements.is_empty() {
            return;
        }
        if !child.cids.is_empty() {
            self.cids.resize(self.placements.len(), 0);
            self.cids.extend_from_slice(&child.cids);
        }
        self.placements.extend_from_slice(&child.placements);
    }

    /// The number of a placement, 0 if it has none.
    #[inline]
    pub(crate) fn cid(&self, placement: u32) -> u32 {
        self.cids.get(placement as usize).copied().unwrap_or(0)
    }

    /// What a stream brings; `None` for a list that is none.
    #[inline]
    pub(crate) fn stream(&self, list: List) -> Option<Option<&Operations>> {
        if list.stream == NO_STREAM {
            return None;
        }
        let stream = self.streams.get(list.stream as usize)?;
        Some(stream.operations.as_deref())
    }

    /// Whether the tape holds exactly the dynamics of the template.
    pub(crate) fn fits(&self, template: &'static Template) -> bool {
        let mut slots = self.slots.iter();
        self.take(template, &mut slots) && slots.len() == 0
    }

    fn take(&self, template: &'static Template, slots: &mut std::slice::Iter<'_, Slot>) -> bool {
        (0..template.dynamics()).all(|_| match slots.next() {
            Some(Slot::Text(_) | Slot::LongText(_) | Slot::Component(_)) => true,
            Some(&Slot::Node(at)) => {
                (self.nodes.get(at as usize)).is_some_and(|template| self.take(template, slots))
            }
            Some(&Slot::List(at)) => {
                (self.lists.get(at as usize)).is_some_and(|&list| self.take_entries(list, slots))
            }
            Some(Slot::Entry(_) | Slot::Kept(_)) | None => false,
        })
    }

    fn take_entries(&self, list: List, slots: &mut std::slice::Iter<'_, Slot>) -> bool {
        let mut left = list.entries;
        while left > 0 {
            left -= match slots.next() {
                Some(Slot::Entry(_)) if self.take(list.template, slots) => 1,
                Some(&Slot::Kept(at)) => match self.kept.get(at as usize) {
                    Some(run) if (1..=left).contains(&run.count) => run.count,
                    _ => return false,
                },
                _ => return false,
            };
        }
        true
    }

    /// What a stream holds on this tape: its entries as a tape of their own, and
    /// how many they are.
    pub(crate) fn stream_entries(&self, stream: u64) -> Option<(Arc<Operations>, Self, u32)> {
        let is_it = |operations: &Arc<Operations>| operations.reference() == stream;
        let at = (self.streams.iter())
            .position(|stream| stream.operations.as_ref().is_some_and(is_it))?;
        let operations = self.streams[at].operations.clone()?;
        let list = (self.lists.iter()).position(|list| list.stream as usize == at)?;
        let slot = Slot::List(index(list));
        let first = 1 + self.slots.iter().position(|&other| other == slot)?;
        let list = self.lists[list];
        let mut reader = Reader::new(self);
        let before = self.slots[..first].iter().rev();
        reader.text = before.clone().find_map(Slot::text_end).unwrap_or(0);
        reader.slots = self.slots[first..].iter();
        let start = reader.text;
        reader.skip_entries(list);
        let slots = &self.slots[first..self.slots.len() - reader.slots.len()];
        let entries = Self {
            text: (self.text.get(start as usize..reader.text as usize))
                .unwrap_or_default()
                .to_owned(),
            slots: (slots.iter())
                .map(|&slot| match slot {
                    Slot::Text(end) => Slot::Text(end.saturating_sub(start)),
                    Slot::LongText(end) => Slot::LongText(end.saturating_sub(start)),
                    slot => slot,
                })
                .collect(),
            nodes: self.nodes.clone(),
            lists: self.lists.clone(),
            keys: self.keys.clone(),
            kept: Vec::new(),
            streams: self.streams.clone(),
            placements: self.placements.clone(),
            cids: self.cids.clone(),
            depth: self.depth,
            restless: self.restless,
        };
        Some((operations, entries, list.entries))
    }

    /// The HTML of a text.
    #[inline]
    pub(crate) fn html(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// The bytes of a text, without looking for character boundaries.
    #[inline]
    pub(crate) fn bytes(&self, span: Span) -> &[u8] {
        self.text
            .as_bytes()
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }
}

/// Whether both show the same; the numbers of components are not looked at.
impl PartialEq for Tape {
    fn eq(&self, other: &Self) -> bool {
        let same_template =
            |one: &&Template, other: &&Template| one.fingerprint() == other.fingerprint();
        let same_list = |one: &List, other: &List| {
            same_template(&one.template, &other.template)
                && (one.entries, one.stream) == (other.entries, other.stream)
        };
        let same_stream =
            |one: &Streamed, other: &Streamed| match (&one.operations, &other.operations) {
                (Some(one), Some(other)) => Arc::ptr_eq(one, other),
                (one, other) => one.is_none() && other.is_none(),
            };
        self.slots == other.slots
            && self.text == other.text
            && self.keys == other.keys
            && all_pairs(&self.nodes, &other.nodes, same_template)
            && all_pairs(&self.lists, &other.lists, same_list)
            && all_pairs(&self.streams, &other.streams, same_stream)
            && self.placements == other.placements
    }
}

fn all_pairs<T>(ones: &[T], others: &[T], holds: impl Fn(&T, &T) -> bool) -> bool {
    ones.len() == others.len()
        && ones
            .iter()
            .zip(others)
            .all(|(one, other)| holds(one, other))
}

/// Where a text stands in its tape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

/// What stands at a dynamic's place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Dynamic {
    /// A text.
    Text(Span),
    /// A text that is not escaped yet, and of which only changes are sent.
    LongText(Span),
    /// A nested template; its dynamics follow.
    Node(&'static Template),
    /// A list; its entries follow.
    List(List),
    /// A component: an index into the tape's placements.
    Component(u32),
}

/// Reads a tape from the front.
///
/// It is total: where the tape ends early or holds something else than its
/// templates promise, it reads an empty text or the key 0. All readers go this
/// way, so they agree about a broken tape too.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'t> {
    tape: &'t Tape,
    slots: std::slice::Iter<'t, Slot>,
    text: u32,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(tape: &'t Tape) -> Self {
        Self {
            tape,
            slots: tape.slots.iter(),
            text: 0,
        }
    }

    pub(crate) fn tape(&self) -> &'t Tape {
        self.tape
    }

    /// The next dynamic.
    #[inline]
    pub(crate) fn dynamic(&mut self) -> Dynamic {
        match self.slots.next() {
            Some(&Slot::Text(end)) => {
                let start = std::mem::replace(&mut self.text, end);
                Dynamic::Text(Span { start, end })
            }
            Some(&Slot::LongText(end)) => {
                let start = std::mem::replace(&mut self.text, end);
                Dynamic::LongText(Span { start, end })
            }
            Some(&Slot::Node(at)) => match self.tape.nodes.get(at as usize) {
                Some(&template) => Dynamic::Node(template),
                None => self.nothing(),
            },
            Some(&Slot::List(at)) => match self.tape.lists.get(at as usize) {
                Some(&list) => Dynamic::List(list),
                None => self.nothing(),
            },
            Some(&Slot::Component(at)) => Dynamic::Component(at),
            Some(Slot::Entry(_) | Slot::Kept(_)) | None => self.nothing(),
        }
    }

    /// Passes over texts as long as each goes with the item at its place, `most`
    /// at the most. Returns how many they are.
    #[inline]
    pub(crate) fn pass_texts_while<T>(
        &mut self,
        most: usize,
        items: &[T],
        mut goes_with: impl FnMut(&[u8], &T) -> bool,
    ) -> usize {
        let slots = self.slots.as_slice();
        let mut start = self.text;
        let mut passed = 0;
        for (slot, item) in slots.iter().zip(items).take(most) {
            let &Slot::Text(end) = slot else { break };
            if !goes_with(self.tape.bytes(Span { start, end }), item) {
                break;
            }
            start = end;
            passed += 1;
        }
        self.text = start;
        self.slots = slots[passed..].iter();
        passed
    }

    /// Enters the next entry of a list and tells its key.
    #[inline]
    pub(crate) fn entry(&mut self) -> u64 {
        let key = self.key();
        self.enter();
        key
    }

    /// Enters the next entry of a list.
    #[inline]
    pub(crate) fn enter(&mut self) {
        let _ = self.slots.next();
    }

    /// The key of the next entry.
    #[inline]
    pub(crate) fn key(&self) -> u64 {
        match self.slots.as_slice().first() {
            Some(&Slot::Entry(at)) => self.tape.keys.get(at as usize).copied().unwrap_or(0),
            _ => 0,
        }
    }

    /// The keys of the next entries of a flat list.
    pub(crate) fn keys(&self, entries: usize) -> Option<&'t [u64]> {
        let &Slot::Entry(at) = self.slots.as_slice().first()? else {
            return None;
        };
        self.tape.keys.get(at as usize..)?.get(..entries)
    }

    /// The next one or several of a list's entries, of which `left` are left.
    #[inline]
    pub(crate) fn item(&mut self, list: List, left: &mut u32) -> Item {
        let slot = self.slots.next();
        if let (Some(&Slot::Kept(at)), true) = (slot, list.memo) {
            let kept = self.tape.kept.get(at as usize);
            let run = kept.copied().unwrap_or_default();
            *left = left.saturating_sub(run.count);
            return Item::Kept(run);
        }
        *left = left.saturating_sub(1);
        let at = match slot {
            Some(&Slot::Entry(at)) => at as usize,
            _ => usize::MAX,
        };
        let word = |at: Option<usize>| at.and_then(|at| self.tape.keys.get(at)).copied();
        Item::Entry {
            key: word(Some(at)).unwrap_or(0),
            memo: word(at.checked_add(1)).unwrap_or(0),
        }
    }

    /// Passes over the entries of a list.
    pub(crate) fn skip_entries(&mut self, list: List) {
        let mut left = list.entries;
        while left > 0 {
            if let Item::Entry { .. } = self.item(list, &mut left) {
                self.skip(list.template);
            }
        }
    }

    /// Passes over the dynamics of a template.
    pub(crate) fn skip(&mut self, template: &'static Template) {
        for _ in 0..template.dynamics() {
            match self.dynamic() {
                Dynamic::Text(_) | Dynamic::LongText(_) | Dynamic::Component(_) => {}
                Dynamic::Node(template) => self.skip(template),
                Dynamic::List(list) => self.skip_entries(list),
            }
        }
    }

    fn nothing(&self) -> Dynamic {
        Dynamic::Text(Span {
            start: self.text,
            end: self.text,
        })
    }
}
