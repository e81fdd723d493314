//! A stream, as the sum of its operations.

use bennu::Stream;

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

#[derive(Clone, Debug)]
pub(super) enum Operation {
    Push(Item),
    Prepend(Item),
    Insert(usize, Item),
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
        match operation {
            Operation::Push(item) => self.insert(None, item, limit),
            Operation::Prepend(item) => self.insert(Some(0), item, limit),
            Operation::Insert(at, item) => self.insert(Some(at), item, limit),
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
                    self.insert(None, item, limit);
                }
            }
        }
    }

    fn insert(&mut self, at: Option<usize>, item: Item, limit: Option<usize>) {
        if let Some(known) = self.items.iter_mut().find(|known| known.id == item.id) {
            *known = item;
            return;
        }
        let end = self.items.len();
        self.items.insert(at.unwrap_or(end).min(end), item);
        // The end away from the insert goes.
        match (limit, at) {
            (None, _) => {}
            (Some(limit), Some(_)) => self.items.truncate(limit),
            (Some(limit), None) => {
                drop(self.items.drain(..self.items.len().saturating_sub(limit)));
            }
        }
    }
}
