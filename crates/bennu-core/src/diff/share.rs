//! A component that is new to the client and shares the statics of another one
//! (`protocol.md §4.6`): all its dynamics are sent, and only the templates that
//! the other has not at the same place.

use super::{Differ, Scratch};
use crate::hash::TextHasher;
use crate::index::index;
use crate::prints::Header;
use crate::sink::{Order, Sink, Step};
use crate::tape::{Dynamic, Reader};
use crate::{Prints, Rendered, Template};

/// Tells `sink` how `rendered` is made of the component that `base` is a print
/// of, and sets `prints`. Returns whether it can be: they need the same root.
pub(crate) fn share(
    (cid, base): (i64, &[u64]),
    prints: &mut Prints,
    rendered: &Rendered,
    scratch: &mut Scratch,
    sink: &mut impl Sink,
) -> bool {
    let template = rendered.template();
    if base.first() != Some(&template.fingerprint()) {
        return false;
    }
    scratch.words.clear();
    scratch.sites.clear();
    scratch.words.push(template.fingerprint());
    let mut differ = Differ {
        reader: Reader::new(rendered.tape()),
        hasher: TextHasher::new(),
        old: &mut [],
        at: 0,
        new: &mut scratch.words,
        building: true,
        sites: &mut scratch.sites,
        inner: 0,
        old_texts: &mut [],
        texts: &mut scratch.texts,
        moves: &mut scratch.moves,
        sink,
    };
    differ.sink.enter(Step::Shared(cid));
    differ.share(template, base, 1);
    differ.sink.leave();
    scratch.remember(prints, true);
    true
}

impl<S: Sink> Differ<'_, S> {
    /// Sends all dynamics of a template that the other component has at `at`.
    fn share(&mut self, template: &'static Template, base: &[u64], mut at: usize) {
        let word = |at: usize| base.get(at).copied().unwrap_or(0);
        for dynamic in 0..index(template.dynamics()) {
            let (header, fingerprint) = (Header(word(at)), word(at + 1));
            match self.reader.dynamic() {
                Dynamic::Node(template)
                    if header.is_node() && fingerprint == template.fingerprint() =>
                {
                    let head = self.new.len();
                    self.new.extend([0, fingerprint]);
                    self.sink.enter(Step::Node(dynamic));
                    self.share(template, base, at + 2);
                    self.sink.leave();
                    self.close_new(head, Header::node);
                }
                Dynamic::List(list)
                    if header.is_list()
                        && fingerprint == list.template.fingerprint()
                        && !list.memo
                        && self.reader.tape().stream(list).is_none() =>
                {
                    // Its entries are whole: what the other has at their
                    // positions says nothing about them.
                    self.sink.enter(Step::List(dynamic));
                    self.fill_entries(list);
                    self.sink.leave_list(list.entries, Order::Resized);
                }
                other => self.fill_dynamic(dynamic, other),
            }
            at += header.words();
        }
    }
}
