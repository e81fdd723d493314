//! The changing half of a piece of HTML: what one run of `html!` produced.
//!
//! A [`Rendered`] is one tape in document order: all texts in one string and a
//! slot per dynamic, so a dynamic costs no allocation. Tapes are reused, a
//! spliced child is copied onto its parent's tape.

use std::cell::RefCell;

use crate::Template;
use crate::render::Place;

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
    pub(crate) fn template(&self) -> &'static Template {
        self.template
    }

    pub(crate) fn tape(&self) -> &Tape {
        &self.tape
    }
}

impl Drop for Rendered {
    fn drop(&mut self) {
        std::mem::take(&mut self.tape).recycle();
    }
}

/// The dynamics of a template in document order.
///
/// Invariant: after a [`Slot::Node`] come the slots of that node's dynamics,
/// after a [`Slot::List`] its entries, each a [`Slot::Entry`] and the slots of
/// the list's template. Readers must not panic where a tape ends early.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    pub(crate) text: String,
    pub(crate) slots: Vec<Slot>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) lists: Vec<List>,
    pub(crate) keys: Vec<u64>,
}

/// One step of a tape, kept at 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A text that ends at this byte of the tape's text; it starts where the
    /// text before it ends.
    Text(u32),
    /// A nested template: an index into `nodes`.
    Node(u32),
    /// A list: an index into `lists`.
    List(u32),
    /// An entry of the list around it: an index into `keys`.
    Entry(u32),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) template: &'static Template,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    pub(crate) template: &'static Template,
    pub(crate) entries: u32,
}

impl Tape {
    /// A tape that is kept for reuse holds at most this much, and a thread
    /// keeps at most [`KEPT`](Self::KEPT) of them: 4 MiB a thread at the worst.
    const KEPT_BYTES: usize = 512 * 1024;
    const KEPT: usize = 8;

    fn fresh() -> Self {
        POOL.try_with(|pool| pool.borrow_mut().pop())
            .ok()
            .flatten()
            .unwrap_or_default()
    }

    fn recycle(mut self) {
        let bytes = self.text.capacity()
            + self.slots.capacity() * size_of::<Slot>()
            + self.nodes.capacity() * size_of::<Node>()
            + self.lists.capacity() * size_of::<List>()
            + self.keys.capacity() * size_of::<u64>();
        if bytes == 0 || bytes > Self::KEPT_BYTES {
            return;
        }
        self.text.clear();
        self.slots.clear();
        self.nodes.clear();
        self.lists.clear();
        self.keys.clear();
        // An error means that the thread is ending: nothing to keep then.
        let _ = POOL.try_with(|pool| {
            let mut pool = pool.borrow_mut();
            if pool.len() < Self::KEPT {
                pool.push(self);
            }
        });
    }

    fn append(&mut self, child: &Self) {
        let (text, nodes) = (index(self.text.len()), index(self.nodes.len()));
        let (lists, keys) = (index(self.lists.len()), index(self.keys.len()));
        self.text.push_str(&child.text);
        self.nodes.extend_from_slice(&child.nodes);
        self.lists.extend_from_slice(&child.lists);
        self.keys.extend_from_slice(&child.keys);
        self.slots
            .extend(child.slots.iter().map(|slot| match *slot {
                Slot::Text(end) => Slot::Text(end.saturating_add(text)),
                Slot::Node(at) => Slot::Node(at.saturating_add(nodes)),
                Slot::List(at) => Slot::List(at.saturating_add(lists)),
                Slot::Entry(at) => Slot::Entry(at.saturating_add(keys)),
            }));
    }
}

/// Positions are 32 bits wide. A render of more than 4 GiB is cut there rather
/// than shown wrong: readers find no text beyond.
#[inline]
fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

thread_local! {
    static POOL: RefCell<Vec<Tape>> = const { RefCell::new(Vec::new()) };
}

/// Writes one [`Rendered`], dynamic by dynamic in document order. `html!` is
/// its user; what it asks for is the shape that the template promises.
#[derive(Debug)]
pub struct Writer {
    rendered: Rendered,
}

/// A nested template that is being written.
#[derive(Debug)]
#[must_use]
pub struct NodeMark(());

/// A list that is being written.
#[derive(Debug)]
#[must_use]
pub struct ListMark(u32);

impl Writer {
    /// Starts a template; its dynamics follow.
    #[inline]
    pub fn new(template: &'static Template) -> Self {
        Self {
            rendered: Rendered {
                template,
                tape: Tape::fresh(),
            },
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
        tape.nodes.push(Node { template });
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
        });
        ListMark(list)
    }

    /// Starts the next entry of the list; its dynamics follow. Equal keys are
    /// allowed, they only cost bytes.
    #[inline]
    pub fn entry(&mut self, mark: &mut ListMark, key: u64) {
        let tape = &mut self.rendered.tape;
        tape.slots.push(Slot::Entry(index(tape.keys.len())));
        tape.keys.push(key);
        if let Some(list) = tape.lists.get_mut(mark.0 as usize) {
            list.entries += 1;
        }
    }

    /// Starts the next entry with its position as its key.
    #[inline]
    pub fn entry_by_position(&mut self, mark: &mut ListMark) {
        let position = self
            .rendered
            .tape
            .lists
            .get(mark.0 as usize)
            .map_or(0, |list| list.entries);
        self.entry(mark, u64::from(position));
    }

    /// Ends the list.
    #[inline]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the mark is given back, so that each list is closed once"
    )]
    pub fn close_list(&mut self, mark: ListMark) {
        let ListMark(_) = mark;
    }

    /// Ends the template.
    #[inline]
    pub fn finish(self) -> Rendered {
        self.rendered
    }

    #[inline]
    pub(crate) fn buffer(&mut self) -> &mut String {
        &mut self.rendered.tape.text
    }

    pub(crate) fn splice(&mut self, child: &Rendered) {
        let mark = self.open(child.template);
        self.rendered.tape.append(&child.tape);
        self.close(mark);
    }
}
