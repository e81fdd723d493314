//! What changed between prints and a new render: one pass over both in
//! lock-step, which also makes the new prints.
//!
//! It knows no keys of the wire: it tells a [`Sink`] what changed, in document
//! order. It can't fail: whatever the prints hold, the worst that happens is
//! that more is sent. Moves of list entries are found in `list`.

#[cfg(test)]
mod tests;

mod change;
mod list;
mod long_text;
mod memo;
mod share;
mod stream;

use std::cell::Cell;
use std::mem::take;
use std::sync::Arc;

use crate::hash::TextHasher;
use crate::index::index;
use crate::prints::{Header, KeptText, text_print};
use crate::sink::{Order, Sink, Step};
use crate::tape::{Dynamic, List, Reader, Span};
use crate::{Prints, Rendered, Template};
use list::{Entries, Moves};

pub(crate) use share::share;

/// Room that a thread's diffs share, so that they allocate nothing.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// The new prints, once they differ in shape from the old ones.
    words: Vec<u64>,
    /// Where the lists with memos start in the new prints.
    sites: Vec<u32>,
    /// The long texts of the new prints, in their order.
    texts: Vec<KeptText>,
    /// For the lists whose entries moved.
    moves: Moves,
}

impl Scratch {
    /// What a thread keeps at most: enough for a page of 10,000 list entries.
    const KEPT_BYTES: usize = 1024 * 1024;

    pub(crate) fn with<T>(work: impl FnOnce(&mut Self) -> T) -> T {
        thread_local! {
            static POOL: Cell<Option<Box<Scratch>>> = const { Cell::new(None) };
        }
        let mut scratch = (POOL.try_with(Cell::take).ok().flatten()).unwrap_or_default();
        let result = work(&mut scratch);
        if scratch.words.capacity() * 8 + scratch.moves.bytes() <= Self::KEPT_BYTES {
            // An error means that the thread is ending: nothing to keep then.
            let _ = POOL.try_with(|pool| pool.set(Some(scratch)));
        }
        result
    }
}

impl Prints {
    /// Whether the client has a root of this template. Otherwise the next diff
    /// is the whole tree, and the client forgets all components of a view whose
    /// root it is (`protocol.md §4.3`).
    #[must_use]
    pub fn fits(&self, rendered: &Rendered) -> bool {
        self.words.first() == Some(&rendered.template().fingerprint())
    }
}

/// Tells `sink` how `rendered` differs from what `prints` are of, and makes them
/// its prints.
pub(crate) fn diff(
    prints: &mut Prints,
    rendered: &Rendered,
    scratch: &mut Scratch,
    sink: &mut impl Sink,
) {
    scratch.words.clear();
    scratch.sites.clear();
    let template = rendered.template();
    let known = prints.fits(rendered);
    let mut old_texts = (prints.more.as_mut()).map_or_else(Vec::new, |more| take(&mut more.texts));
    let mut differ = Differ {
        reader: Reader::new(rendered.tape()),
        hasher: TextHasher::new(),
        old: if known {
            Arc::make_mut(&mut prints.words)
        } else {
            &mut []
        },
        at: 1,
        sites: &mut scratch.sites,
        inner: 0,
        old_texts: if known { &mut old_texts } else { &mut [] },
        texts: &mut scratch.texts,
        new: &mut scratch.words,
        building: !known,
        moves: &mut scratch.moves,
        sink,
    };
    if known {
        differ.compare(template);
    } else {
        differ.new.push(template.fingerprint());
        differ.sink.enter(Step::NewRoot(template));
        differ.fill(template);
        differ.sink.leave();
    }
    let building = differ.building;
    scratch.remember(prints, building);
}

impl Scratch {
    /// Makes the new prints those of the client, if they were built anew.
    fn remember(&mut self, prints: &mut Prints, built: bool) {
        if built {
            if prints.words.len() == self.words.len() {
                Arc::make_mut(&mut prints.words).copy_from_slice(&self.words);
            } else {
                prints.words = Arc::from(self.words.as_slice());
            }
        }
        if prints.more.is_some() || !self.sites.is_empty() || !self.texts.is_empty() {
            let more = prints.more.get_or_insert_default();
            more.texts = take(&mut self.texts);
            if *more.sites != *self.sites {
                more.sites = Arc::from(self.sites.as_slice());
            }
        }
    }
}

/// One diff.
///
/// As long as the new prints have the shape of the old ones, they are changed
/// in place. At the first place where the shape differs, `building` starts: the
/// part so far is copied to `new`, and everything after it is pushed there.
pub(crate) struct Differ<'d, S> {
    pub(crate) reader: Reader<'d>,
    hasher: TextHasher,
    /// The old prints. Invariant: `old[..at]` is the same as the new prints so
    /// far, unless `building`.
    pub(crate) old: &'d mut [u64],
    /// The position in `old`.
    pub(crate) at: usize,
    pub(crate) new: &'d mut Vec<u64>,
    building: bool,
    /// Where the lists with memos start in the new prints.
    sites: &'d mut Vec<u32>,
    /// In how many entries we are whose lists with memos are none for the next
    /// render.
    inner: u32,
    /// The long texts of the old prints, in their order; empty ones were taken.
    old_texts: &'d mut [KeptText],
    texts: &'d mut Vec<KeptText>,
    pub(crate) moves: &'d mut Moves,
    pub(crate) sink: &'d mut S,
}

impl<S: Sink> Differ<'_, S> {
    /// Compares the dynamics of a template that the client knows here.
    #[inline]
    pub(crate) fn compare(&mut self, template: &'static Template) {
        let equal = self.pass_equal_texts(template);
        self.compare_from(equal, template);
    }

    fn compare_from(&mut self, first: u32, template: &'static Template) {
        for dynamic in first..index(template.dynamics()) {
            match self.reader.dynamic() {
                Dynamic::Text(span) => self.compare_text(dynamic, span),
                Dynamic::LongText(span) => self.compare_long_text(dynamic, span),
                Dynamic::Node(template) => self.compare_node(dynamic, template),
                Dynamic::List(list) => self.compare_list(dynamic, list),
                Dynamic::Component(at) => self.compare_component(dynamic, at),
            }
        }
    }

    /// Passes over the texts that are the same as before, up to the first other
    /// dynamic. Returns how many they are. This is where a diff spends its time.
    #[inline]
    fn pass_equal_texts(&mut self, template: &'static Template) -> u32 {
        let most = template.dynamics();
        let old = self.old.get(self.at..).unwrap_or_default();
        let hasher = self.hasher;
        let equal = self
            .reader
            .pass_texts_while(most, old, |text, &old| text_print(hasher.hash(text)) == old);
        if self.building {
            self.new.extend_from_slice(&old[..equal]);
        }
        self.at += equal;
        index(equal)
    }

    /// Sends all dynamics of a template that is new here.
    pub(crate) fn fill(&mut self, template: &'static Template) {
        for dynamic in 0..index(template.dynamics()) {
            let value = self.reader.dynamic();
            self.fill_dynamic(dynamic, value);
        }
    }

    #[inline]
    fn fill_dynamic(&mut self, dynamic: u32, value: Dynamic) {
        match value {
            Dynamic::Text(span) => self.fill_text(dynamic, span),
            Dynamic::LongText(span) => self.fill_long_text(dynamic, span),
            Dynamic::Node(template) => self.fill_node(dynamic, template),
            Dynamic::List(list) => self.fill_list(dynamic, list),
            Dynamic::Component(at) => self.fill_component(dynamic, at),
        }
    }

    fn compare_component(&mut self, dynamic: u32, at: u32) {
        let cid = self.reader.tape().cid(at);
        if cid == 0 {
            self.compare_nothing(dynamic);
        } else if self.old_word(self.at) == Header::component(cid).0 {
            self.pass_known(1);
        } else {
            self.pass_old();
            self.fill_component(dynamic, at);
        }
    }

    fn fill_component(&mut self, dynamic: u32, at: u32) {
        let cid = self.reader.tape().cid(at);
        if cid == 0 {
            self.fill_nothing(dynamic);
        } else {
            self.new.push(Header::component(cid).0);
            self.sink.component(dynamic, cid);
        }
    }

    #[inline]
    fn compare_text(&mut self, dynamic: u32, span: Span) {
        let print = self.print(span);
        match self.old.get_mut(self.at) {
            Some(old) if *old == print => {
                self.at += 1;
                if self.building {
                    self.new.push(print);
                }
            }
            Some(old) if *old & 1 == 0 && !self.building => {
                *old = print;
                self.at += 1;
                self.sink.text(dynamic, self.reader.tape().html(span));
            }
            _ => {
                self.pass_old();
                self.fill_text(dynamic, span);
            }
        }
    }

    fn fill_text(&mut self, dynamic: u32, span: Span) {
        let print = self.print(span);
        self.new.push(print);
        self.sink.text(dynamic, self.reader.tape().html(span));
    }

    #[inline]
    fn print(&self, span: Span) -> u64 {
        text_print(self.hasher.hash(self.reader.tape().bytes(span)))
    }

    fn compare_node(&mut self, dynamic: u32, template: &'static Template) {
        let header = Header(self.old_word(self.at));
        if header.is_node() && self.old_word(self.at + 1) == template.fingerprint() {
            let end = self.at + header.words();
            let head = self.open_known(2);
            self.sink.enter(Step::Node(dynamic));
            self.compare(template);
            self.sink.leave();
            self.close_known(head, end, Header::node);
        } else {
            self.pass_old();
            self.fill_node(dynamic, template);
        }
    }

    fn fill_node(&mut self, dynamic: u32, template: &'static Template) {
        let head = self.new.len();
        self.new.extend([0, template.fingerprint()]);
        self.sink.enter(Step::NewNode(dynamic, template));
        self.fill(template);
        self.sink.leave();
        self.close_new(head, Header::node);
    }

    fn compare_list(&mut self, dynamic: u32, list: List) {
        if let Some(operations) = self.reader.tape().stream(list) {
            self.compare_stream(dynamic, list, operations);
            return;
        }
        if list.memo {
            self.compare_memo_list(dynamic, list);
            return;
        }
        let header = Header(self.old_word(self.at));
        if header.is_list() && self.old_word(self.at + 1) == list.template.fingerprint() {
            let end = self.at + header.words();
            let old_entries = self.old_word(self.at + 2);
            let head = self.open_known(3);
            self.sink.enter(Step::List(dynamic));
            let order = self.compare_entries(Entries {
                template: list.template,
                old: index(usize::try_from(old_entries).unwrap_or(usize::MAX)),
                new: list.entries,
                end,
                flat: list.flat,
            });
            self.sink.leave_list(list.entries, order);
            if self.building
                && let Some(entries) = self.new.get_mut(head + 2)
            {
                *entries = u64::from(list.entries);
            }
            self.close_known(head, end, Header::list);
        } else if list.entries == 0 {
            self.compare_nothing(dynamic);
        } else {
            self.pass_old();
            self.fill_list(dynamic, list);
        }
    }

    /// A list that the client does not know and that has no entries is the same
    /// as an empty text (`protocol.md §4.5`), and so is a component without a
    /// number.
    fn compare_nothing(&mut self, dynamic: u32) {
        let print = text_print(self.hasher.hash(b""));
        if self.old.get(self.at) == Some(&print) {
            self.at += 1;
            if self.building {
                self.new.push(print);
            }
        } else {
            self.pass_old();
            self.fill_nothing(dynamic);
        }
    }

    fn fill_nothing(&mut self, dynamic: u32) {
        self.new.push(text_print(self.hasher.hash(b"")));
        self.sink.text(dynamic, "");
    }

    fn fill_list(&mut self, dynamic: u32, list: List) {
        if let Some(operations) = self.reader.tape().stream(list) {
            self.fill_stream(dynamic, list, operations);
            return;
        }
        if list.memo {
            self.fill_memo_list(dynamic, list);
            return;
        }
        if list.entries == 0 {
            self.fill_nothing(dynamic);
            return;
        }
        self.sink.enter(Step::NewList(dynamic, list.template));
        self.fill_entries(list);
        self.sink.leave_list(list.entries, Order::Resized);
    }

    /// Sends all entries of a list.
    fn fill_entries(&mut self, list: List) {
        let head = self.new.len();
        self.new
            .extend([0, list.template.fingerprint(), u64::from(list.entries)]);
        for position in 0..list.entries {
            self.fill_entry(position, list.template);
        }
        self.close_new(head, Header::list);
    }

    /// Sends the next entry, which is new.
    pub(crate) fn fill_entry(&mut self, position: u32, template: &'static Template) {
        let key = self.reader.entry();
        self.new.push(key);
        self.sink.enter(Step::NewEntry(position));
        self.fill(template);
        self.sink.leave();
    }

    /// Compares the next entry with the old one at `at`, which has its key and
    /// its position.
    #[inline]
    pub(crate) fn compare_entry(&mut self, position: u32, template: &'static Template) {
        self.pass_key();
        let equal = self.pass_equal_texts(template);
        if (equal as usize) < template.dynamics() {
            self.sink.enter(Step::Entry(position));
            self.compare_from(equal, template);
            self.sink.leave();
        }
    }

    /// Compares the next entry with the old one at `at`, which has its key and
    /// was at another position.
    pub(crate) fn compare_moved(&mut self, to: u32, from: u32, template: &'static Template) {
        self.pass_key();
        self.sink.enter(Step::Moved { to, from });
        self.compare(template);
        self.sink.leave();
    }

    #[inline]
    fn pass_key(&mut self) {
        self.reader.enter();
        if self.building {
            let key = self.old_word(self.at);
            self.new.push(key);
        }
        self.at += 1;
    }

    /// The shape differs from here on.
    pub(crate) fn build(&mut self) {
        if !self.building {
            self.building = true;
            let end = self.at.min(self.old.len());
            self.new.extend_from_slice(&self.old[..end]);
        }
    }

    /// Leaves out what the old prints hold here; something else follows.
    fn pass_old(&mut self) {
        self.build();
        self.at += Header(self.old_word(self.at)).words();
    }

    /// A word of the old prints; a text that no text equals where they end.
    #[inline]
    pub(crate) fn old_word(&self, at: usize) -> u64 {
        self.old.get(at).copied().unwrap_or(0)
    }

    /// Starts a nested template or list with the shape of the old one; returns
    /// the position of its header in the new prints.
    fn open_known(&mut self, words: usize) -> usize {
        let head = if self.building {
            self.new.len()
        } else {
            self.at
        };
        self.pass_known(words);
        head
    }

    /// Passes over words that stay as they are.
    fn pass_known(&mut self, words: usize) {
        if self.building {
            for at in self.at..self.at + words {
                self.new.push(self.old_word(at));
            }
        }
        self.at += words;
    }

    /// Sets a word that needs no other place for it.
    fn pass_word(&mut self, word: u64) {
        if self.building {
            self.new.push(word);
        } else if let Some(old) = self.old.get_mut(self.at) {
            *old = word;
        }
        self.at += 1;
    }

    fn close_known(&mut self, head: usize, end: usize, header: impl FnOnce(usize) -> Header) {
        self.at = end;
        if self.building {
            self.close_new(head, header);
        }
    }

    fn close_new(&mut self, head: usize, header: impl FnOnce(usize) -> Header) {
        let words = self.new.len().saturating_sub(head);
        if let Some(word) = self.new.get_mut(head) {
            *word = header(words).0;
        }
    }
}
