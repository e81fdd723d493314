//! `Prints::render`: a render that keeps entries of lists with memos, and once more
//! without them where an entry that was kept is not where the client has it.

use crate::memo;
use crate::prints::{Header, Prints};
use crate::tape::{Dynamic, Item, List, Reader};
use crate::{Rendered, Template};

impl Prints {
    /// Renders what [`diff`](Self::diff) is to be told next: entries of lists
    /// with memos that the client has need not run then. Without it the same is
    /// sent, and all bodies run.
    ///
    /// Where entries were kept that turn out to be in another place of the page
    /// now, or in none, `render` is called once more.
    pub fn render(&self, mut render: impl FnMut() -> Rendered) -> Rendered {
        let sites = self.more.as_ref().map(|more| &more.sites);
        let (rendered, outcome) = memo::within(&self.words, sites, &mut render);
        let is_all_here = rendered.tape().kept.len() == outcome.kept;
        if is_all_here && is_kept_in_place(&self.words, &rendered) {
            rendered
        } else {
            memo::again(outcome.given, render)
        }
    }
}

/// Walks prints and tape in lock-step, as a diff will, until all that was kept
/// is found at its place. Entries of other lists are followed as long as the
/// list has its old order: behind that, what is kept counts as moved.
fn is_kept_in_place(words: &[u64], rendered: &Rendered) -> bool {
    let tape = rendered.tape();
    if tape.kept.is_empty() {
        return true;
    }
    let template = rendered.template();
    let mut check = Check {
        words,
        at: 1,
        reader: Reader::new(tape),
        left: tape.kept.len(),
    };
    if words.first() == Some(&template.fingerprint()) {
        check.template(template);
    }
    check.left == 0
}

struct Check<'c> {
    words: &'c [u64],
    /// The position in the prints.
    at: usize,
    reader: Reader<'c>,
    /// How many runs of kept entries were not found yet.
    left: usize,
}

impl Check<'_> {
    fn word(&self, at: usize) -> u64 {
        self.words.get(at).copied().unwrap_or(0)
    }

    fn template(&mut self, template: &'static Template) {
        for _ in 0..template.dynamics() {
            if self.left == 0 {
                return;
            }
            self.dynamic();
        }
    }

    fn dynamic(&mut self) {
        let header = Header(self.word(self.at));
        let fingerprint = self.word(self.at + 1);
        let end = self.at + header.words();
        match self.reader.dynamic() {
            Dynamic::Text(_) | Dynamic::LongText(_) | Dynamic::Component(_) => {}
            Dynamic::Node(template) => {
                if header.is_node() && fingerprint == template.fingerprint() {
                    self.at += 2;
                    self.template(template);
                } else {
                    self.reader.skip(template);
                }
            }
            Dynamic::List(list) if list.memo => {
                let is_known = list.known as usize == self.at && header.is_list();
                self.kept(
                    list,
                    is_known && fingerprint == list.template.memo_fingerprint(),
                );
            }
            Dynamic::List(list) => {
                if header.is_list() && fingerprint == list.template.fingerprint() {
                    self.entries(list);
                } else {
                    self.reader.skip_entries(list);
                }
            }
        }
        self.at = end;
    }

    fn kept(&mut self, list: List, is_known: bool) {
        let mut left = list.entries;
        while left > 0 {
            match self.reader.item(list, &mut left) {
                Item::Kept(_) => self.left -= usize::from(is_known),
                Item::Entry { .. } => self.reader.skip(list.template),
            }
        }
    }

    fn entries(&mut self, list: List) {
        let common = self.word(self.at + 2).min(u64::from(list.entries));
        self.at += 3;
        let mut passed = 0;
        while u64::from(passed) < common && self.word(self.at) == self.reader.key() {
            self.reader.enter();
            self.at += 1;
            self.template(list.template);
            passed += 1;
        }
        self.reader.skip_entries(List {
            entries: list.entries - passed,
            ..list
        });
    }
}
