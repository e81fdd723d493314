//! The changing half of a piece of HTML: what one run of `html!` produced.
//!
//! A [`Rendered`] is one tape in document order; a spliced child is copied onto
//! its parent's tape. [`Writer`] is how `html!` fills it.

use std::sync::Arc;

use crate::render::Place;
use crate::stream::Operations;
use crate::tape::{List, MAX_DEPTH, NO_STREAM, Slot, Tape, index};
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

    pub(crate) fn tape_mut(&mut self) -> &mut Tape {
        &mut self.tape
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
    entries: u32,
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
        });
        self.depth += 1;
        tape.depth = tape.depth.max(self.depth);
        ListMark { list, entries: 0 }
    }

    /// The list is a stream: its entries are inserts, and `operations` says what
    /// becomes of them and of those that the client has.
    pub(crate) fn stream(&mut self, mark: &ListMark, operations: Option<Arc<Operations>>) {
        let tape = &mut self.rendered.tape;
        if let Some(list) = tape.lists.get_mut(mark.list as usize) {
            list.stream = index(tape.streams.len());
            tape.streams.push(operations);
        }
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
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the mark is given back, so that each list is closed once"
    )]
    pub fn close_list(&mut self, mark: ListMark) {
        let lists = &mut self.rendered.tape.lists;
        let last = index(lists.len().saturating_sub(1));
        if let Some(list) = lists.get_mut(mark.list as usize) {
            list.entries = mark.entries;
            list.flat = mark.list == last;
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

    /// Fills the next dynamic with a component.
    pub(crate) fn component(&mut self, placement: Placement) {
        let tape = &mut self.rendered.tape;
        let at = index(tape.placements.len());
        tape.slots.push(Slot::Component(at));
        tape.placements.push(placement);
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
