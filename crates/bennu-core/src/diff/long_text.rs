//! Long texts in a diff: the text as it was last sent is kept, for a client that
//! takes splices, in place of its print.

use super::Differ;
use super::change::Change;
use crate::escape::escape;
use crate::index::index;
use crate::prints::{Header, KEPT_TEXT, KeptText, text_print};
use crate::sink::Sink;
use crate::tape::Span;

impl<S: Sink> Differ<'_, S> {
    pub(super) fn compare_long_text(&mut self, dynamic: u32, span: Span) {
        let text = self.reader.tape().html(span);
        if !self.sink.takes_splices() {
            let print = self.long_print(text);
            if self.old_word(self.at) == print {
                self.pass_known(1);
            } else {
                self.pass_old();
                self.fill_long_text(dynamic, span);
            }
            return;
        }
        let Some(mut kept) = self.take_text() else {
            self.pass_old();
            self.fill_long_text(dynamic, span);
            return;
        };
        if let Some(change) = Change::between(&kept, text) {
            match change.splice(text) {
                Some(splice) => self.sink.splice(dynamic, &splice),
                None => self.send_long_text(dynamic, text),
            }
            let end = change.start + change.deleted.len();
            let (range, inserted) = (change.start..end, change.inserted);
            kept.replace_range(range, inserted);
        }
        self.keep_text(kept);
        self.pass_known(1);
    }

    pub(super) fn fill_long_text(&mut self, dynamic: u32, span: Span) {
        let text = self.reader.tape().html(span);
        let print = if self.sink.takes_splices() {
            self.keep_text(text.to_owned());
            KEPT_TEXT
        } else {
            self.long_print(text)
        };
        self.new.push(print);
        self.send_long_text(dynamic, text);
    }

    fn send_long_text(&mut self, dynamic: u32, text: &str) {
        let mut html = String::with_capacity(text.len());
        escape(text, &mut html);
        self.sink.text(dynamic, &html);
    }

    /// Not that of a text whose HTML reads the same.
    fn long_print(&self, text: &str) -> u64 {
        text_print(!self.hasher.hash(text.as_bytes()))
    }

    /// The text that is kept for this place, if one is.
    fn take_text(&mut self) -> Option<String> {
        if Header(self.old_word(self.at)) != Header(KEPT_TEXT) {
            return None;
        }
        let at = index(self.at);
        let found = self.old_texts.binary_search_by_key(&at, |kept| kept.at);
        let kept = self.old_texts.get_mut(found.ok()?)?;
        Some(std::mem::take(&mut kept.text))
    }

    /// Keeps a text whose word is next in the new prints.
    fn keep_text(&mut self, text: String) {
        let at = if self.building {
            self.new.len()
        } else {
            self.at
        };
        self.texts.push(KeptText {
            at: index(at),
            text,
        });
    }

    /// Keeps the texts of prints that stay as they are, and are next.
    pub(super) fn keep_texts(&mut self, start: usize, end: usize) {
        if self.old_texts.is_empty() {
            return;
        }
        let new = if self.building { self.new.len() } else { start };
        let first = (self.old_texts).partition_point(|kept| (kept.at as usize) < start);
        for kept in &mut self.old_texts[first..] {
            let at = kept.at as usize;
            if at >= end {
                break;
            }
            self.texts.push(KeptText {
                at: index(at - start + new),
                text: std::mem::take(&mut kept.text),
            });
        }
    }
}
