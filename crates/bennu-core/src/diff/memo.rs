//! Lists whose entries have memos. Those that were kept are passed over as a
//! whole, and where the order changed they move without a look into them.

use super::Differ;
use super::list::Lookup;
use crate::Template;
use crate::index::index;
use crate::prints::{Header, MEMO_LIST_WORDS};
use crate::sink::{Order, Sink, Step};
use crate::tape::{Item, List, Run};

/// The list in the old prints.
#[derive(Debug)]
struct Old {
    /// Where it starts.
    at: usize,
    entries: u32,
    starts: Starts,
}

/// Where the dynamics of each entry start, and where the last one ends.
#[derive(Debug)]
enum Starts {
    /// All entries have as many words, as those of texts alone do.
    Even {
        first: usize,
        words: usize,
    },
    Uneven(Vec<usize>),
}

impl Old {
    /// Where the key and memo of an entry stand.
    fn pair(&self, entry: u32) -> usize {
        self.at + MEMO_LIST_WORDS + 2 * entry as usize
    }

    fn start(&self, entry: u32) -> usize {
        match &self.starts {
            Starts::Even { first, words } => first + words * entry as usize,
            Starts::Uneven(starts) => starts.get(entry as usize).copied().unwrap_or(self.at),
        }
    }
}

impl<S: Sink> Differ<'_, S> {
    pub(super) fn compare_memo_list(&mut self, dynamic: u32, list: List) {
        let header = Header(self.old_word(self.at));
        let fingerprint = list.template.memo_fingerprint();
        if !header.is_list() || self.old_word(self.at + 1) != fingerprint {
            if self.rendered(list) == 0 {
                self.reader.skip_entries(list);
                self.compare_nothing(dynamic);
            } else {
                self.pass_old();
                self.fill_memo_list(dynamic, list);
            }
            return;
        }
        let end = self.at + header.words();
        let old = self.old_memo_list(list.template, header);
        self.sink.enter(Step::List(dynamic));
        if self.has_old_order(list, &old) {
            self.compare_in_place(list, &old, end);
        } else {
            self.build();
            self.compare_reordered(list, &old);
        }
        self.at = end;
    }

    fn old_memo_list(&self, template: &'static Template, header: Header) -> Old {
        let at = self.at;
        let end = (at + header.words()).min(self.old.len());
        // Prints of something else may claim any number.
        let most = end.saturating_sub(at + MEMO_LIST_WORDS) / 2;
        let entries = usize::try_from(self.old_word(at + 2))
            .unwrap_or(usize::MAX)
            .min(most);
        let first = at + MEMO_LIST_WORDS + 2 * entries;
        let words = template.dynamics();
        let starts = if first + words * entries == end {
            Starts::Even { first, words }
        } else {
            let mut at = first;
            let mut starts = Vec::with_capacity(entries + 1);
            starts.push(at);
            for _ in 0..entries {
                for _ in 0..words {
                    at += Header(self.old_word(at)).words();
                }
                starts.push(at);
            }
            Starts::Uneven(starts)
        };
        Old {
            at,
            entries: index(entries),
            starts,
        }
    }

    /// What of a run can be kept. All of it, unless the caller did not ask
    /// [`Prints::render`](crate::Prints::render).
    fn kept(&self, run: Run, list: List, old: &Old) -> Option<Run> {
        let fits = run.count <= old.entries.saturating_sub(run.from);
        (list.known as usize == old.at && fits).then_some(run)
    }

    fn has_old_order(&self, list: List, old: &Old) -> bool {
        let mut reader = self.reader.clone();
        let (mut to, mut left) = (0, list.entries);
        while left > 0 {
            match reader.item(list, &mut left) {
                Item::Kept(run) => match self.kept(run, list, old) {
                    Some(run) if run.from == to => to += run.count,
                    Some(_) => return false,
                    None => {}
                },
                Item::Entry { key, .. } => {
                    if to >= old.entries || self.old_word(old.pair(to)) != key {
                        return false;
                    }
                    reader.skip(list.template);
                    to += 1;
                }
            }
        }
        to == old.entries
    }

    fn compare_in_place(&mut self, list: List, old: &Old, end: usize) {
        let head = self.open_known(MEMO_LIST_WORDS);
        self.site(head);
        self.pass_known(2 * old.entries as usize);
        let (mut to, mut left) = (0, list.entries);
        while left > 0 {
            match self.reader.item(list, &mut left) {
                Item::Kept(run) => {
                    if let Some(run) = self.kept(run, list, old) {
                        self.copy(old.start(to), old.start(to + run.count));
                        to += run.count;
                    }
                }
                Item::Entry { memo, .. } => {
                    let pair = head + MEMO_LIST_WORDS + 2 * to as usize;
                    self.set_word(pair + 1, memo);
                    self.at = old.start(to);
                    self.compare_dynamics(Step::Entry(to), list.template);
                    to += 1;
                }
            }
        }
        self.sink.leave_list(old.entries, Order::Same);
        self.close_known(head, end, Header::list);
    }

    fn compare_reordered(&mut self, list: List, old: &Old) {
        let head = self.new.len();
        self.site(head);
        let entries = self.start_pairs(list, Some(old));
        let lookup = self.collect_memo_list(list, old);

        let (mut to, mut left) = (0, list.entries);
        let mut order = Order::Resized;
        let mut previous = None;
        while left > 0 {
            let (key, run) = match self.reader.item(list, &mut left) {
                Item::Kept(run) => match self.kept(run, list, old) {
                    Some(run) => (0, Some(run)),
                    None => continue,
                },
                Item::Entry { key, .. } => (key, None),
            };
            if let Some(run) = run {
                if run.from != to {
                    order = Order::Moved;
                }
                self.keep(to, run);
                self.copy(old.start(run.from), old.start(run.from + run.count));
                previous = Some(run.from + run.count - 1);
                to += run.count;
                continue;
            }
            let likely = [previous.map_or(u32::MAX, |old: u32| old + 1), to];
            let from = self.moves.take_position(lookup, key, likely);
            previous = from.or(previous);
            match from {
                Some(from) => {
                    self.at = old.start(from);
                    if from != to {
                        order = Order::Moved;
                    }
                    self.compare_dynamics(Step::known(to, from), list.template);
                }
                None => {
                    order = order.max(Order::of_new(to, old.entries));
                    self.fill_dynamics(to, list.template);
                }
            }
            to += 1;
        }
        self.moves.give_back(lookup);
        self.sink.leave_list(entries, order);
        self.close_new(head, Header::list);
    }

    /// Tells of entries that were kept, from `to` on.
    fn keep(&mut self, to: u32, run: Run) {
        if run.from != to {
            for offset in 0..run.count {
                self.sink.enter(Step::Moved {
                    to: to + offset,
                    from: run.from + offset,
                });
                self.sink.leave();
            }
        }
    }

    /// Starts the new prints of a list with its keys and memos. Returns how many
    /// entries it has.
    fn start_pairs(&mut self, list: List, old: Option<&Old>) -> u32 {
        let head = self.new.len();
        self.new.extend([0, list.template.memo_fingerprint(), 0]);
        let mut reader = self.reader.clone();
        let (mut entries, mut left) = (0, list.entries);
        while left > 0 {
            match reader.item(list, &mut left) {
                Item::Kept(run) => {
                    if let Some(old) = old
                        && let Some(run) = self.kept(run, list, old)
                    {
                        let pairs = old.pair(run.from)..old.pair(run.from + run.count);
                        let pairs = self.old.get(pairs).unwrap_or_default();
                        self.new.extend_from_slice(pairs);
                        entries += run.count;
                    }
                }
                Item::Entry { key, memo } => {
                    self.new.extend([key, memo]);
                    reader.skip(list.template);
                    entries += 1;
                }
            }
        }
        if let Some(count) = self.new.get_mut(head + 2) {
            *count = u64::from(entries);
        }
        entries
    }

    /// Collects what a list was and will be, to pair the entries that were
    /// rendered with old ones. Those that were kept are not free.
    fn collect_memo_list(&mut self, list: List, old: &Old) -> Lookup {
        let lookup = self.moves.lookup();
        for entry in 0..old.entries {
            let key = self.old_word(old.pair(entry));
            self.moves.add_old(key, index(old.start(entry)));
        }
        let mut reader = self.reader.clone();
        let mut left = list.entries;
        while left > 0 {
            match reader.item(list, &mut left) {
                Item::Kept(run) => {
                    if let Some(run) = self.kept(run, list, old) {
                        self.moves.take_run(lookup, run);
                    }
                }
                Item::Entry { key, .. } => {
                    self.moves.add_new(key);
                    reader.skip(list.template);
                }
            }
        }
        self.moves.index_middle(lookup, 0)
    }

    /// Sends all entries of a list that is new here.
    pub(super) fn fill_memo_list(&mut self, dynamic: u32, list: List) {
        let rendered = self.rendered(list);
        if rendered == 0 {
            self.reader.skip_entries(list);
            self.fill_nothing(dynamic);
            return;
        }
        let head = self.new.len();
        self.site(head);
        self.sink.enter(Step::NewList(dynamic, list.template));
        self.start_pairs(list, None);
        let (mut to, mut left) = (0, list.entries);
        while left > 0 {
            if let Item::Entry { .. } = self.reader.item(list, &mut left) {
                self.fill_dynamics(to, list.template);
                to += 1;
            }
        }
        self.sink.leave_list(rendered, Order::Resized);
        self.close_new(head, Header::list);
    }

    /// How many of a list's entries were rendered.
    fn rendered(&self, list: List) -> u32 {
        let mut reader = self.reader.clone();
        let (mut rendered, mut left) = (0, list.entries);
        while left > 0 {
            if let Item::Entry { .. } = reader.item(list, &mut left) {
                reader.skip(list.template);
                rendered += 1;
            }
        }
        rendered
    }

    fn fill_dynamics(&mut self, position: u32, template: &'static Template) {
        self.sink.enter(Step::NewEntry(position));
        self.inside(|differ| differ.fill(template));
        self.sink.leave();
    }

    fn compare_dynamics(&mut self, step: Step, template: &'static Template) {
        self.sink.enter(step);
        self.inside(|differ| differ.compare(template));
        self.sink.leave();
    }

    /// In the body of an entry that was rendered, lists are not looked up by the
    /// next render.
    pub(super) fn inside(&mut self, work: impl FnOnce(&mut Self)) {
        self.inner += 1;
        work(self);
        self.inner -= 1;
    }

    /// A list with memos starts here in the new prints.
    fn site(&mut self, at: usize) {
        if self.inner == 0 {
            self.sites.push(index(at));
        }
    }

    /// Passes over old prints that stay as they are.
    fn copy(&mut self, start: usize, end: usize) {
        self.keep_texts(start, end);
        if self.building {
            let words = self.old.get(start..end).unwrap_or_default();
            self.new.extend_from_slice(words);
        }
        self.at = end;
    }

    fn set_word(&mut self, at: usize, word: u64) {
        let words = if self.building {
            &mut self.new[..]
        } else {
            &mut *self.old
        };
        if let Some(old) = words.get_mut(at) {
            *old = word;
        }
    }
}
