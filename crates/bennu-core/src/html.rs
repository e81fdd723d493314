//! A [`Rendered`] as a string of HTML: the dead render, and what a client must
//! show after any sequence of diffs.

use crate::Template;
use crate::rendered::{Rendered, Slot, Tape};

impl Rendered {
    /// The HTML as one string.
    #[must_use]
    pub fn to_html(&self) -> String {
        // Statics are usually the larger part of a page.
        let mut out = String::with_capacity(self.tape().text.len() * 2 + 256);
        self.write_html(&mut out);
        out
    }

    /// Appends the HTML to `out`.
    pub fn write_html(&self, out: &mut String) {
        let mut reader = Reader {
            tape: self.tape(),
            slot: 0,
            text: 0,
        };
        reader.node(self.template(), out);
    }
}

impl std::fmt::Display for Rendered {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.to_html())
    }
}

#[cfg(feature = "maud")]
impl maud::Render for Rendered {
    fn render_to(&self, out: &mut String) {
        self.write_html(out);
    }
}

struct Reader<'t> {
    tape: &'t Tape,
    slot: usize,
    text: usize,
}

impl Reader<'_> {
    fn node(&mut self, template: &'static Template, out: &mut String) {
        for (index, html) in template.statics().iter().enumerate() {
            out.push_str(html);
            if index < template.dynamics() {
                self.dynamic(out);
            }
        }
    }

    fn dynamic(&mut self, out: &mut String) {
        let slot = self.tape.slots.get(self.slot).copied();
        self.slot += 1;
        match slot {
            Some(Slot::Text(end)) => {
                let end = end as usize;
                out.push_str(self.tape.text.get(self.text..end).unwrap_or_default());
                self.text = end;
            }
            Some(Slot::Node(at)) => {
                if let Some(node) = self.tape.nodes.get(at as usize) {
                    self.node(node.template, out);
                }
            }
            Some(Slot::List(at)) => {
                if let Some(list) = self.tape.lists.get(at as usize) {
                    for _ in 0..list.entries {
                        self.slot += 1;
                        self.node(list.template, out);
                    }
                }
            }
            Some(Slot::Entry(_)) | None => {
                debug_assert!(false, "a tape that is shorter than its templates")
            }
        }
    }
}
