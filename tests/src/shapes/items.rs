//! What a stream shows, as the sum of its operations.

use bennu::Stream;

use super::choices::Choices;
use super::words::{WORDS, word};

/// An item of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) id: u8,
    text: u8,
    /// Which template it takes, where its stream has several.
    pub(super) branch: u8,
}

impl Item {
    fn random(choices: &mut Choices) -> Self {
        Self {
            id: choices.small(6),
            text: choices.small(WORDS),
            branch: choices.small(3),
        }
    }

    pub(super) fn words(&self) -> &'static str {
        word(self.text)
    }
}

/// The id of an item's element.
pub(super) fn dom_id(stream: u16, item: u8) -> String {
    format!("s{stream}-{item}")
}

/// What can be asked of a stream.
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
    /// Asks a stream for it.
    pub(super) fn perform(&self, stream: &mut Stream<Item>) {
        match self.clone() {
            Self::Push(item) => stream.push(item),
            Self::Prepend(item) => stream.prepend(item),
            Self::Insert(at, item) => stream.insert(at, item),
            Self::UpdateOnly(item) => stream.update_only(item),
            Self::Remove(item) => stream.remove(&item),
            Self::Reset => stream.reset(),
            Self::ResetWith(items) => stream.reset_with(items),
        }
    }

    /// The items that it sends.
    fn sent(&self) -> &[Item] {
        match self {
            Self::Push(item)
            | Self::Prepend(item)
            | Self::Insert(_, item)
            | Self::UpdateOnly(item) => std::slice::from_ref(item),
            Self::ResetWith(items) => items,
            Self::Remove(_) | Self::Reset => &[],
        }
    }

    /// Does to the items that are shown what a client has to do.
    pub(super) fn apply(&self, items: &mut Vec<Item>, limit: Option<u32>) {
        let limit = limit.map(|limit| limit as usize);
        match self.clone() {
            Self::Push(item) => insert(items, None, item, limit),
            Self::Prepend(item) => insert(items, Some(0), item, limit),
            Self::Insert(at, item) => insert(items, Some(at), item, limit),
            Self::UpdateOnly(item) => {
                if let Some(known) = items.iter_mut().find(|known| known.id == item.id) {
                    *known = item;
                }
            }
            Self::Remove(item) => items.retain(|known| known.id != item.id),
            Self::Reset => items.clear(),
            Self::ResetWith(fresh) => {
                items.clear();
                for item in fresh {
                    insert(items, None, item, limit);
                }
            }
        }
    }
}

fn insert(items: &mut Vec<Item>, at: Option<usize>, item: Item, limit: Option<usize>) {
    if let Some(known) = items.iter_mut().find(|known| known.id == item.id) {
        *known = item;
        return;
    }
    let end = items.len();
    items.insert(at.unwrap_or(end).min(end), item);
    // The end away from the insert is displaced.
    match (limit, at) {
        (None, _) => {}
        (Some(limit), Some(_)) => items.truncate(limit),
        (Some(limit), None) => drop(items.drain(..items.len().saturating_sub(limit))),
    }
}

/// What may be asked of a stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    pub(super) limit: Option<u32>,
    /// Whether an item that is shown may be sent again, to change it or to put
    /// it somewhere else.
    pub(super) sends_again: bool,
}

/// What is asked of a stream in one turn. Positions and limits count what is
/// shown, so an operation with one of them is alone in its turn: otherwise the
/// documentation doesn't say what it means.
pub(super) fn random(choices: &mut Choices, items: &[Item], manner: Manner) -> Vec<Operation> {
    let count = match manner {
        Manner {
            limit: None,
            sends_again: true,
        } => 1 + choices.below(3),
        _ => 1,
    };
    let operations: Vec<_> = match choices.below(3) {
        0 => vec![positioned(choices, items, manner.limit)],
        _ => (0..count).map(|_| plain(choices)).collect(),
    };
    let is_known = |item: &Item| items.iter().any(|known| known.id == item.id);
    let is_allowed =
        |operation: &Operation| manner.sends_again || !operation.sent().iter().any(is_known);
    operations.into_iter().filter(is_allowed).collect()
}

fn plain(choices: &mut Choices) -> Operation {
    match choices.below(10) {
        0..4 => Operation::Push(Item::random(choices)),
        4 | 5 => Operation::Prepend(Item::random(choices)),
        6 | 7 => Operation::Remove(Item::random(choices)),
        8 => Operation::Reset,
        _ => {
            let count = choices.below(4);
            Operation::ResetWith((0..count).map(|_| Item::random(choices)).collect())
        }
    }
}

fn positioned(choices: &mut Choices, items: &[Item], limit: Option<u32>) -> Operation {
    let item = Item::random(choices);
    if choices.below(3) == 0
        && let Some(known) = choices.pick(items)
    {
        // Phoenix's client never hears of the end of a component that comes
        // with an update of an item which isn't there.
        return Operation::UpdateOnly(Item {
            id: known.id,
            ..item
        });
    }
    // What a limit displaces at once, no client shows: nor would it hear of the
    // end of a component in it.
    let most = limit.map_or(6, |limit| limit as usize);
    Operation::Insert(choices.below(most), item)
}
