//! How a world changes.

use std::collections::VecDeque;

use super::bed::{Bed, Cut, Item, Operation};
use super::{BEDS, IDS, LIMIT, State, Tree, bed_of};

/// Random numbers from a test case; zeros when it has no more.
#[derive(Debug)]
pub(super) struct Choices(VecDeque<u8>);

impl Choices {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self(bytes.iter().copied().collect())
    }

    pub(super) fn below(&mut self, most: u8) -> u8 {
        self.0.pop_front().unwrap_or(0) % most.max(1)
    }

    fn position(&mut self, most: usize) -> usize {
        usize::from(self.below(u8::try_from(most).unwrap_or(u8::MAX)))
    }

    fn item(&mut self) -> Item {
        let id = self.below(6);
        let text = self.below(8);
        Item { id, text }
    }
}

impl State {
    /// Changes the view for its next turn.
    pub(super) fn change(&mut self, choices: &mut Choices) {
        // Two of its templates have the same root.
        let before = self.variant == 1;
        for _ in 0..=choices.below(3) {
            self.change_once(choices);
        }
        if (self.variant == 1) == before {
            return;
        }
        self.era += 1;
        for bed in BEDS {
            self.operations.insert(bed, vec![Operation::Reset]);
            self.beds.entry(bed).or_default().pending = vec![Operation::Reset];
        }
    }

    /// Changes where plants are, or a stream.
    fn change_once(&mut self, choices: &mut Choices) {
        match choices.below(16) {
            0 => self.variant = choices.below(3),
            1 if !self.asks_update(BEDS[1]) => self.is_boxed = !self.is_boxed,
            2..8 => {
                let bed = BEDS[choices.position(BEDS.len())];
                self.ask_several(bed, choices);
            }
            _ => self.change_trees(choices),
        }
    }

    fn change_trees(&mut self, choices: &mut Choices) {
        self.changes += 1;
        let Self { trees, changes, .. } = self;
        let mut taken = Vec::new();
        ids(trees, &mut taken);
        let mut at = choices.position(9);
        let Some(place) = places(trees, 0, &mut at) else {
            return;
        };
        let position = choices.position(place.len() + 1);
        match choices.below(5) {
            0 if position < place.len() => place[position].text = choices.below(4),
            1 if position < place.len() => place[position].variant ^= 1,
            2 if position < place.len() => {
                let mut tree = place.remove(position);
                tree.moved(*changes);
                let mut to = choices.position(9);
                // Somewhere else, or away.
                if let Some(place) = places(trees, 0, &mut to) {
                    let position = choices.position(place.len() + 1);
                    place.insert(position, tree);
                }
            }
            3 if place.len() > 1 => place.rotate_left(1),
            _ => {
                let id = choices.below(IDS);
                if taken.contains(&id) {
                    remove(trees, id);
                } else {
                    place.insert(position, Tree::new(id, *changes));
                }
            }
        }
    }

    /// Asks something of a stream, which its owner does in its next turn.
    pub(super) fn ask_several(&mut self, bed: u16, choices: &mut Choices) {
        for _ in 0..=choices.below(4) {
            self.ask(bed, choices);
        }
    }

    fn ask(&mut self, bed: u16, choices: &mut Choices) {
        let is_shown = match bed {
            0 | 2 => true,
            1 => self.is_boxed,
            _ => self
                .shown()
                .iter()
                .any(|(id, is_shown)| *is_shown && bed_of(*id) == bed),
        };
        let asked = self.operations.entry(bed).or_default();
        let Bed { items, pending } = self.beds.entry(bed).or_default();
        // Limits and positions count what is shown, so only of one operation in
        // a turn is it plain what that is.
        if !pending.is_empty() && (bed == BEDS[2] || pending.iter().any(is_positioned)) {
            return;
        }
        let operation = match choices.below(13) {
            0..3 => Operation::Push(choices.item()),
            3..5 => Operation::Prepend(choices.item()),
            5..7 if pending.is_empty() && is_shown => {
                // What a limit displaces at once no client takes leave of.
                let most = if bed == BEDS[2] { LIMIT as usize } else { 6 };
                let at = choices.position(most);
                Operation::Insert(at, choices.item())
            }
            // Phoenix's client shows an item that is not there, if its list comes
            // with it; and of a component that is not there it sees none go.
            7 if is_shown && !items.is_empty() => {
                let Item { id, text } = choices.item();
                let text = text & !1;
                Operation::UpdateOnly(Item { id, text })
            }
            8..10 => Operation::Remove(choices.item()),
            10 => Operation::Reset,
            // Without a component, of which no client takes leave if it is
            // displaced at once.
            11 if bed == BEDS[2] => {
                let Item { id, text } = choices.item();
                let length = 1 + choices.below(6);
                let cut = match choices.below(2) {
                    0 => Cut::End(length),
                    _ => Cut::Start(length),
                };
                let at = match choices.below(2) {
                    0 => None,
                    _ => Some(choices.position(6)),
                };
                let text = text & !1;
                Operation::Limited(cut, at, Item { id, text })
            }
            12 => {
                let count = choices.below(4);
                let mut item = |id| Item {
                    id,
                    text: choices.below(8),
                };
                Operation::ResetWith((0..count).map(&mut item).collect())
            }
            _ => Operation::Push(choices.item()),
        };
        asked.push(operation.clone());
        pending.push(operation);
    }

    fn asks_update(&self, bed: u16) -> bool {
        let mut asked = self.operations.get(&bed).into_iter().flatten();
        asked.any(|operation| matches!(operation, Operation::UpdateOnly(_)))
    }
}

fn is_positioned(operation: &Operation) -> bool {
    matches!(operation, Operation::Insert(..))
}

/// The place with this number among all where plants can be, outermost first.
fn places<'t>(trees: &'t mut Vec<Tree>, depth: usize, at: &mut usize) -> Option<&'t mut Vec<Tree>> {
    if *at == 0 {
        return Some(trees);
    }
    *at -= 1;
    for tree in trees {
        if depth < 3 {
            if let Some(found) = places(&mut tree.children, depth + 1, at) {
                return Some(found);
            }
            // A slot is made by the view, or it would not be a slot.
            if depth == 0
                && let Some(found) = places(&mut tree.slot, 2, at)
            {
                return Some(found);
            }
        }
    }
    None
}

fn ids(trees: &[Tree], found: &mut Vec<u8>) {
    for tree in trees {
        found.push(tree.id);
        ids(&tree.children, found);
        ids(&tree.slot, found);
    }
}

/// Takes away a plant, wherever it stands.
fn remove(trees: &mut Vec<Tree>, id: u8) {
    trees.retain(|tree| tree.id != id);
    for tree in trees {
        remove(&mut tree.children, id);
        remove(&mut tree.slot, id);
    }
}
