//! How a diff tells what changed, without knowing how that is written down.

use crate::Template;
use crate::operations::Operations;

/// Takes the changes in document order.
pub(crate) trait Sink {
    /// A text is new or has another value.
    fn text(&mut self, dynamic: u32, html: &str);
    /// A long text has another value, and its client takes splices.
    fn splice(&mut self, dynamic: u32, edit: &TextEdit);
    /// Whether the client takes splices.
    fn takes_splices(&self) -> bool;
    /// A component is new at this place, or another one.
    fn component(&mut self, dynamic: u32, cid: u32);
    /// What comes until the matching `leave` is inside this place. A place that
    /// the client knows may turn out to hold no change.
    fn enter(&mut self, step: Step);
    /// Ends the innermost place, which is no list.
    fn leave(&mut self);
    /// Ends the innermost place, which is a list of so many entries now.
    fn leave_list(&mut self, entries: u32, order: Order);
    /// Ends the innermost place, which is a stream with so many inserts.
    fn leave_stream(&mut self, inserts: u32, operations: Option<&Operations>);
}

/// A step into a place of the tree.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// The root, of a template that the client does not show yet. All of its
    /// dynamics follow.
    NewRoot(&'static Template),
    /// The root of a component that is new, with the statics of another one: of
    /// this message, or of one before it if the number is negative. All of its
    /// dynamics follow.
    Shared(i64),
    /// A nested template that the client knows.
    Node(u32),
    /// A nested template that is new here. All of its dynamics follow.
    NewNode(u32, &'static Template),
    /// A list that the client knows.
    List(u32),
    /// A list that is new here. All of its entries follow.
    NewList(u32, &'static Template),
    /// A stream that the client knows. Inserts may follow, as new entries.
    Stream(u32),
    /// A stream that is new here. Its inserts follow, as new entries.
    NewStream(u32, &'static Template),
    /// An entry that stays where it is.
    Entry(u32),
    /// An entry that was at another position before this message.
    Moved {
        /// Its position now.
        to: u32,
        /// Its position before.
        from: u32,
    },
    /// An entry that is new. All of its dynamics follow.
    NewEntry(u32),
}

impl Step {
    /// Into an entry that the client knows at this position, or at another.
    pub(crate) fn known(to: u32, from: u32) -> Self {
        if to == from {
            Self::Entry(to)
        } else {
            Self::Moved { to, from }
        }
    }
}

/// What happened to the order of a list's entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Order {
    /// The same entries at the same positions.
    Same,
    /// Entries came or went; those that stayed are at their old positions.
    Resized,
    /// As `Resized`, and one that is new has the position of one that was there.
    Replaced,
    /// An entry is at another position.
    Moved,
}

impl Order {
    /// A new entry's part in it, in a list that had so many.
    pub(crate) fn of_new(position: u32, old: u32) -> Self {
        if position < old {
            Self::Replaced
        } else {
            Self::Resized
        }
    }
}

/// A change of a text's HTML, in the units of JavaScript's strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextEdit {
    /// How many units of the old HTML stay at its end.
    pub(crate) rest: u32,
    /// How many in front of those go.
    pub(crate) deleted: u32,
    /// The HTML that takes their place.
    pub(crate) inserted: String,
}
