//! The changing half of a piece of HTML: what one run of `html!` produced.
//!
//! A [`Rendered`] is one tape in document order; a spliced child is copied onto
//! its parent's tape. [`Writer`] is how `html!` fills it.

use std::sync::Arc;

use crate::index::index;
use crate::memo::{self, Known, Pause};
use crate::operations::Operations;
use crate::render::Place;
use crate::tape::{List, MAX_DEPTH, NO_STREAM, Run, Slot, Streamed, Tape};
use crate::{Placement, Template};

/// One run of a template: its statics and the values of its dynamics.
///
/// `html!` makes it; it can be kept, sent to another thread, spliced into other
/// templates, and written as HTML with [`to_html`](Self::to_html).
#[derive(Debug)]
#[must_use = "a rendered template shows only where it is spliced or returned"]
pub struct Rendered {
    template: &'static Template,
    tape: Tape,
}

impl Rendered {
    #[cfg(test)]
    pub(crate) fn from_tape(template: &'static Template, tape: Tape) -> Self {
        Self { template, tape }
    }

    pub(crate) fn template(&self) -> &'static Template {
        self.template
    }

    pub(crate) fn tape(&self) -> &Tape {
        &self.tape
    }
}

impl Rendered {
    /// The components that are placed here, in document order. Those inside of
    /// components are theirs.
    #[must_use]
    pub fn placements(&self) -> &[Placement] {
        &self.tape.placements
    }

    /// The stream that one of the [`placements`](Self::placements) stands in: then
    /// only the client knows whether it is still shown.
    #[must_use]
    pub fn stream_of(&self, placement: usize) -> Option<u64> {
        let mut streams = self.tape.streams.iter();
        let around = streams.find(|stream| stream.placements.contains(&index(placement)))?;
        Some(around.operations.as_ref()?.reference())
    }

    /// Gives each placed component its number, in document order. Numbers start
    /// at 1; at a place with the number 0, or without one, nothing is shown.
    pub fn set_cids(&mut self, mut cid: impl FnMut(&Placement) -> u32) {
        let tape = &mut self.tape;
        tape.cids.clear();
        tape.cids.extend(tape.placements.iter().map(&mut cid));
    }

    /// Whether this is exactly one element, as a component has to be.
    #[must_use]
    pub fn is_element(&self) -> bool {
        self.template.is_element()
    }
}

/// Equal ones show the same, with the same components; so a slot can be one of
/// the props of a component. What a stream brings equals nothing else.
impl PartialEq for Rendered {
    fn eq(&self, other: &Self) -> bool {
        self.template.fingerprint() == other.template.fingerprint() && self.tape == other.tape
    }
}

impl Drop for Rendered {
    fn drop(&mut self) {
        std::mem::take(&mut self.tape).recycle();
    }
}

/// Writes one [`Rendered`], dynamic by dynamic in document order. `html!` is
/// its user; what it asks for is the shape that the template promises.
#[derive(Debug)]
pub struct Writer {
    rendered: Rendered,
    /// How many templates and lists are open.
    depth: u32,
    /// Where the last address that is not judged begins and ends in the text.
    pub(crate) trusted: (usize, usize),
}

/// A nested template that is being written.
#[derive(Debug)]
#[must_use]
pub struct NodeMark(());

/// A list that is being written.
#[derive(Debug)]
#[must_use]
pub struct ListMark {
    /// The list's index on the tape.
    list: u32,
    /// How many components were placed before it.
    placements: u32,
    entries: u32,
    /// The list as it was rendered last, if its entries have memos.
    known: Option<Known>,
    /// Where the memo of the entry that is being written stands on the tape, and
    /// how many restless values there were before it.
    memo: Option<(usize, u32)>,
    /// In entries with memos, and in those of streams.
    pause: Option<Pause>,
}

impl ListMark {
    /// The position of the next entry.
    fn position(&self) -> u64 {
        let waiting = self.known.as_ref().map_or(0, Known::waiting);
        u64::from(self.entries) + u64::from(waiting)
    }
}

impl Writer {
    /// Starts a template; its dynamics follow.
    #[inline]
    pub fn new(template: &'static Template) -> Self {
        Self {
            rendered: Rendered {
                template,
                tape: Tape::fresh(),
            },
            depth: 0,
            trusted: (usize::MAX, 0),
        }
    }

    /// The place of the next dynamic, to be filled by a [`Render`](crate::Render).
    #[inline]
    pub fn place(&mut self) -> Place<'_> {
        Place::dynamic(self)
    }

    /// A piece of the text that is being written: between
    /// [`raw`](Self::raw)s, before [`end_text`](Self::end_text).
    #[inline]
    pub fn inline(&mut self) -> Place<'_> {
        Place::inline(self)
    }

    /// Adds HTML to the text that is being written. It comes from the template.
    #[inline]
    pub fn raw(&mut self, html: &'static str) {
        self.rendered.tape.text.push_str(html);
    }

    /// Ends a dynamic that is one text made of several pieces.
    #[inline]
    pub fn end_text(&mut self) {
        let tape = &mut self.rendered.tape;
        tape.slots.push(Slot::Text(index(tape.text.len())));
    }

    /// Fills the next dynamic with nothing: an `@if` that does not hold.
    #[inline]
    pub fn empty(&mut self) {
        self.end_text();
    }

    /// Fills the next dynamic with a nested template; its dynamics follow.
    #[inline]
    pub fn open(&mut self, template: &'static Template) -> NodeMark {
        let tape = &mut self.rendered.tape;
        tape.slots.push(Slot::Node(index(tape.nodes.len())));
        tape.nodes.push(template);
        self.depth += 1;
        tape.depth = tape.depth.max(self.depth);
        NodeMark(())
    }

    /// Ends a nested template.
    #[inline]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the mark is given back, so that each opening is closed once"
    )]
    pub fn close(&mut self, mark: NodeMark) {
        let NodeMark(()) = mark;
        self.depth = self.depth.saturating_sub(1);
    }

    /// Fills the next dynamic with a list whose entries share a template.
    #[inline]
    pub fn open_list(&mut self, template: &'static Template) -> ListMark {
        let tape = &mut self.rendered.tape;
        let list = index(tape.lists.len());
        tape.slots.push(Slot::List(list));
        tape.lists.push(List {
            template,
            entries: 0,
            flat: true,
            stream: NO_STREAM,
            memo: false,
            known: 0,
        });
        self.depth += 1;
        tape.depth = tape.depth.max(self.depth);
        ListMark {
            list,
            placements: index(tape.placements.len()),
            entries: 0,
            known: None,
            memo: None,
            pause: None,
        }
    }

    /// As [`open_list`](Self::open_list), for entries with memos: for each,
    /// [`keeps`](Self::keeps) says whether it need not be written.
    pub fn open_memo_list(&mut self, template: &'static Template) -> ListMark {
        let mut mark = self.open_list(template);
        let known = memo::find(template);
        if let Some(list) = self.rendered.tape.lists.get_mut(mark.list as usize) {
            list.memo = true;
            list.known = known.as_ref().map_or(0, Known::site);
        }
        mark.known = known;
        mark.pause = Some(memo::pause());
        mark
    }

    /// The list is a stream: its entries are inserts, and `operations` says what
    /// becomes of them and of those that the client has.
    pub(crate) fn stream(
        &mut self,
        mark: &mut ListMark,
        stream: u64,
        operations: Option<Arc<Operations>>,
    ) {
        mark.known = None;
        mark.pause = Some(memo::pause());
        let given = match operations {
            None => memo::given(stream),
            Some(_) => None,
        };
        let tape = &mut self.rendered.tape;
        if let Some(list) = tape.lists.get_mut(mark.list as usize) {
            list.stream = index(tape.streams.len());
            list.memo = false;
            let mut stream = Streamed {
                operations,
                placements: 0..0,
            };
            if let Some((operations, entries, count)) = given {
                stream.operations = Some(operations);
                tape.streams.push(stream);
                tape.append(&entries);
                mark.entries = count;
            } else {
                tape.streams.push(stream);
            }
        }
    }

    /// Whether the next entry of a list with memos is kept as the client has it;
    /// otherwise it is to be written.
    #[inline]
    pub fn keeps(&mut self, mark: &mut ListMark, key: u64, memo: u64) -> bool {
        match &mut mark.known {
            None => false,
            Some(known) => known.is_next(key, memo) || self.keeps_far(mark, key, memo),
        }
    }

    #[inline(never)]
    fn keeps_far(&mut self, mark: &mut ListMark, key: u64, memo: u64) -> bool {
        let Some(known) = &mut mark.known else {
            return false;
        };
        let (is_kept, run) = known.look_around(key, memo);
        self.keep(mark, run);
        is_kept
    }

    /// As [`keeps`](Self::keeps), with its position as its key.
    #[inline]
    pub fn keeps_by_position(&mut self, mark: &mut ListMark, memo: u64) -> bool {
        let key = mark.position();
        self.keeps(mark, key, memo)
    }

    /// Puts entries that were kept on the tape.
    fn keep(&mut self, mark: &mut ListMark, run: Option<Run>) {
        if let Some(run) = run {
            mark.entries += run.count;
            let tape = &mut self.rendered.tape;
            tape.slots.push(Slot::Kept(index(tape.kept.len())));
            tape.kept.push(run);
            memo::count_kept();
        }
    }

    /// Starts the next entry of a list with memos; its dynamics follow.
    pub fn memo_entry(&mut self, mark: &mut ListMark, key: u64, memo: u64) {
        self.end_memo(mark);
        self.entry(mark, key);
        let tape = &mut self.rendered.tape;
        mark.memo = Some((tape.keys.len(), tape.restless));
        tape.keys.push(memo);
    }

    /// As [`memo_entry`](Self::memo_entry), with its position as its key.
    pub fn memo_entry_by_position(&mut self, mark: &mut ListMark, memo: u64) {
        let key = mark.position();
        self.memo_entry(mark, key, memo);
    }

    /// Ends the entry before, and puts what was kept since on the tape.
    fn end_memo(&mut self, mark: &mut ListMark) {
        let tape = &mut self.rendered.tape;
        if let Some((memo, restless)) = mark.memo.take()
            && tape.restless != restless
            && let Some(memo) = tape.keys.get_mut(memo)
        {
            *memo = 0;
        }
        let run = mark.known.as_mut().and_then(Known::take_run);
        self.keep(mark, run);
    }

    /// Starts the next entry of the list; its dynamics follow. Equal keys are
    /// allowed, they only cost bytes.
    #[inline]
    pub fn entry(&mut self, mark: &mut ListMark, key: u64) {
        let tape = &mut self.rendered.tape;
        tape.slots.push(Slot::Entry(index(tape.keys.len())));
        tape.keys.push(key);
        mark.entries += 1;
    }

    /// Starts the next entry with its position as its key.
    #[inline]
    pub fn entry_by_position(&mut self, mark: &mut ListMark) {
        let position = mark.entries;
        self.entry(mark, u64::from(position));
    }

    /// Ends the list.
    #[inline]
    pub fn close_list(&mut self, mut mark: ListMark) {
        if mark.pause.is_some() {
            self.end_memo(&mut mark);
        }
        let tape = &mut self.rendered.tape;
        let last = index(tape.lists.len().saturating_sub(1));
        if let Some(list) = tape.lists.get_mut(mark.list as usize) {
            list.entries = mark.entries;
            list.flat = mark.list == last;
            if let Some(stream) = tape.streams.get_mut(list.stream as usize) {
                stream.placements = mark.placements..index(tape.placements.len());
                if let Some(operations) = stream.operations.clone() {
                    let stream = operations.reference();
                    memo::note_given(|| tape.stream_entries(stream));
                }
            }
        }
        self.depth = self.depth.saturating_sub(1);
    }

    /// Ends the template.
    #[inline]
    pub fn finish(self) -> Rendered {
        debug_assert!(
            self.rendered.tape.fits(self.rendered.template),
            "the dynamics don't fit the template {:?}",
            self.rendered.template.statics()
        );
        self.rendered
    }

    #[inline]
    pub(crate) fn buffer(&mut self) -> &mut String {
        &mut self.rendered.tape.text
    }

    /// Fills the next dynamic with a long text, which is escaped by its readers.
    pub(crate) fn long_text(&mut self, text: &str) {
        let tape = &mut self.rendered.tape;
        tape.text.push_str(text);
        tape.slots.push(Slot::LongText(index(tape.text.len())));
    }

    /// Fills the next dynamic with a component.
    pub(crate) fn component(&mut self, placement: Placement) {
        let tape = &mut self.rendered.tape;
        let at = index(tape.placements.len());
        tape.slots.push(Slot::Component(at));
        tape.placements.push(placement);
        self.restless();
    }

    /// The next dynamic has to be rendered each time: no part around it is
    /// skipped.
    pub(crate) fn restless(&mut self) {
        let restless = &mut self.rendered.tape.restless;
        *restless = restless.saturating_add(1);
    }

    /// Fills the next dynamic with a template that was rendered before.
    pub(crate) fn splice(&mut self, child: &Rendered) {
        let depth = self.depth + 1 + child.tape.depth;
        if depth > MAX_DEPTH {
            child.write_html(self.buffer());
            self.end_text();
            return;
        }
        let mark = self.open(child.template);
        let tape = &mut self.rendered.tape;
        tape.append(&child.tape);
        tape.depth = tape.depth.max(depth);
        self.close(mark);
    }
}
