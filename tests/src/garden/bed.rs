//! A stream, as the sum of its operations.

use bennu::Stream;
use bennu::stream::Limit;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) id: u8,
    pub(super) text: u8,
}

impl Item {
    /// The id of the component in it, if there is one.
    pub(super) fn seed(&self, bed: u16) -> u16 {
        bed * 100 + u16::from(self.id)
    }
}

pub(super) fn dom_id(bed: u16, item: u8) -> String {
    format!("i{bed}-{item}")
}

/// Where a stream is cut to so many items.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cut {
    End(u8),
    Start(u8),
}

impl Cut {
    /// The end away from an insert.
    fn away(length: usize, at: Option<usize>) -> Self {
        let length = u8::try_from(length).expect("limits are small");
        match at {
            Some(_) => Self::End(length),
            None => Self::Start(length),
        }
    }

    fn limit(self) -> Limit {
        match self {
            Self::End(length) => Limit::first(length.into()),
            Self::Start(length) => Limit::last(length.into()),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Operation {
    Push(Item),
    Prepend(Item),
    Insert(usize, Item),
    /// With a limit of its own.
    Limited(Cut, Option<usize>, Item),
    UpdateOnly(Item),
    Remove(Item),
    Reset,
    ResetWith(Vec<Item>),
}

impl Operation {
    pub(super) fn perform(self, stream: &mut Stream<Item>) {
        match self {
            Self::Push(item) => stream.push(item),
            Self::Prepend(item) => stream.prepend(item),
            Self::Insert(at, item) => stream.insert(at, item),
            Self::Limited(cut, at, item) => {
                let mut stream = stream.limited(cut.limit());
                match at {
                    None => stream.push(item),
                    Some(at) => stream.insert(at, item),
                }
            }
            Self::UpdateOnly(item) => stream.update_only(item),
            Self::Remove(item) => stream.remove(&item),
            Self::Reset => stream.reset(),
            Self::ResetWith(items) => stream.reset_with(items),
        }
    }
}

/// What a browser shows of a stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Bed {
    pub(super) items: Vec<Item>,
    /// What was done since it was shown last.
    pub(super) pending: Vec<Operation>,
}

impl Bed {
    pub(super) fn new(first: Operation) -> Self {
        Self {
            items: Vec::new(),
            pending: vec![first],
        }
    }

    /// Ends a turn, after which the stream is shown or not: what goes with its
    /// place is lost, what is done meanwhile waits.
    pub(super) fn turn(&mut self, is_shown: bool, limit: Option<usize>) {
        if !is_shown {
            self.items.clear();
            return;
        }
        for operation in std::mem::take(&mut self.pending) {
            self.perform(operation, limit);
        }
    }

    fn perform(&mut self, operation: Operation, limit: Option<usize>) {
        let cut = |at| limit.map(|limit| Cut::away(limit, at));
        match operation {
            Operation::Push(item) => self.insert(None, item, cut(None)),
            Operation::Prepend(item) => self.insert(Some(0), item, cut(Some(0))),
            Operation::Insert(at, item) => self.insert(Some(at), item, cut(Some(at))),
            Operation::Limited(cut, at, item) => self.insert(at, item, Some(cut)),
            Operation::UpdateOnly(item) => {
                let mut known = self.items.iter_mut();
                if let Some(known) = known.find(|known| known.id == item.id) {
                    *known = item;
                }
            }
            Operation::Remove(item) => self.items.retain(|known| known.id != item.id),
            Operation::Reset => self.items.clear(),
            Operation::ResetWith(items) => {
                self.items.clear();
                for item in items {
                    self.insert(None, item, cut(None));
                }
            }
        }
    }

    fn insert(&mut self, at: Option<usize>, item: Item, cut: Option<Cut>) {
        if let Some(known) = self.items.iter_mut().find(|known| known.id == item.id) {
            *known = item;
            return;
        }
        let end = self.items.len();
        self.items.insert(at.unwrap_or(end).min(end), item);
        match cut {
            None => {}
            Some(Cut::End(length)) => self.items.truncate(length.into()),
            Some(Cut::Start(length)) => {
                let surplus = self.items.len().saturating_sub(length.into());
                self.items.drain(..surplus);
            }
        }
    }
}
