//! The new order of a list as runs of entries that were neighbours before: the
//! compact form of moves (`docs/extensions.md`).

use crate::digits::write_number;
use crate::sink::Step;

/// The orders of the lists that are entered, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Orders {
    runs: Vec<Run>,
    lists: Vec<List>,
}

/// Entries that follow each other now and did before, or that are new.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// The old position of the first; `None` if they are new.
    from: Option<u32>,
    count: u32,
}

#[derive(Clone, Copy, Debug)]
struct List {
    /// Where its runs start.
    runs: usize,
    /// How many entries they hold.
    entries: u32,
}

impl Orders {
    pub(super) fn enter(&mut self, step: Step) {
        match step {
            Step::List(_) | Step::NewList(..) | Step::Stream(_) | Step::NewStream(..) => {
                self.lists.push(List {
                    runs: self.runs.len(),
                    entries: 0,
                });
            }
            Step::Moved { to, from } => {
                self.stay(to);
                self.push(Some(from), 1);
            }
            Step::NewEntry(to) => {
                self.stay(to);
                self.push(None, 1);
            }
            Step::NewRoot(_)
            | Step::Shared(_)
            | Step::Node(_)
            | Step::NewNode(..)
            | Step::Entry(_) => {}
        }
    }

    /// The entries of which nothing was told, up to this position, are where
    /// they were.
    fn stay(&mut self, end: u32) {
        let entries = self.lists.last().map_or(0, |list| list.entries);
        if entries < end {
            self.push(Some(entries), end - entries);
        }
    }

    fn push(&mut self, from: Option<u32>, count: u32) {
        let Some(list) = self.lists.last_mut() else {
            return;
        };
        list.entries += count;
        let last = self.runs[list.runs..].last_mut();
        if let Some(run) = last
            && run.from.map(|from| from + run.count) == from
        {
            run.count += count;
        } else {
            self.runs.push(Run { from, count });
        }
    }

    /// Leaves the innermost list.
    pub(super) fn leave(&mut self) {
        if let Some(list) = self.lists.pop() {
            self.runs.truncate(list.runs);
        }
    }

    /// Writes the order of the innermost list, which has so many entries now.
    pub(super) fn write(&mut self, entries: u32, out: &mut String) {
        self.stay(entries);
        let start = self.lists.last().map_or(0, |list| list.runs);
        let mut separator = '[';
        for run in &self.runs[start..] {
            out.push(separator);
            match run.from {
                Some(from) => write_number(from, out),
                None => out.push_str("-1"),
            }
            out.push(',');
            write_number(run.count, out);
            separator = ',';
        }
        out.push(']');
    }
}
