//! Streams in a diff: their entries are sent and not kept (`protocol.md §4.7`).

use super::Differ;
use crate::operations::Operations;
use crate::prints::Header;
use crate::sink::{Sink, Step};
use crate::tape::List;

impl<S: Sink> Differ<'_, S> {
    /// Sends what a stream brings. As a list, one that the client does not know
    /// and that brings nothing is the same as an empty text.
    pub(super) fn compare_stream(
        &mut self,
        dynamic: u32,
        list: List,
        operations: Option<&Operations>,
    ) {
        let known = self.old_word(self.at) == Header::stream().0
            && self.old_word(self.at + 1) == list.template.fingerprint();
        let untouched = operations.is_none() && list.entries == 0;
        if known {
            let sent = self.old_word(self.at + 2);
            let number = operations.map_or(sent, Operations::number);
            self.pass_known(2);
            self.pass_word(number);
            if operations.is_some() && number == sent {
                self.reader.skip_entries(list);
            } else if !untouched {
                self.sink.enter(Step::Stream(dynamic));
                self.fill_inserts(list, operations);
            }
        } else if untouched {
            self.compare_nothing(dynamic);
        } else {
            self.pass_old();
            self.fill_stream(dynamic, list, operations);
        }
    }

    /// Sends a stream that is new here.
    pub(super) fn fill_stream(
        &mut self,
        dynamic: u32,
        list: List,
        operations: Option<&Operations>,
    ) {
        if operations.is_none() && list.entries == 0 {
            self.fill_nothing(dynamic);
            return;
        }
        let number = operations.map_or(0, Operations::number);
        let header = Header::stream().0;
        (self.new).extend([header, list.template.fingerprint(), number]);
        self.sink.enter(Step::NewStream(dynamic, list.template));
        self.fill_inserts(list, operations);
    }

    fn fill_inserts(&mut self, list: List, operations: Option<&Operations>) {
        // The prints of the entries are made on the way and dropped again.
        let (prints, texts) = (self.new.len(), self.texts.len());
        self.inside(|differ| {
            for position in 0..list.entries {
                differ.fill_entry(position, list.template);
            }
        });
        self.new.truncate(prints);
        self.texts.truncate(texts);
        self.sink.leave_stream(list.entries, operations);
    }
}
