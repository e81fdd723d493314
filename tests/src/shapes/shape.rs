//! What the shapes of pages are called, and which of them a page has. A walk
//! through random pages is told which shapes it may take, so that a shape with
//! a known fault can be left out, or taken alone.

use std::collections::{BTreeMap, BTreeSet};

use super::node::{Kind, Node, Places, Roots, Style, find, visit};

/// The shapes of a page, by their names.
pub type Shapes = BTreeSet<String>;

/// What can stand in something that matters to it.
const INNER: [Kind; 6] = [
    Kind::Component,
    Kind::Child,
    Kind::Portal,
    Kind::Form,
    Kind::Keyed,
    Kind::Stream,
];

/// What something can stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Around {
    Component,
    Slot,
    List,
    Portal,
    Child,
}

impl Around {
    const ALL: [Self; 5] = [
        Self::Component,
        Self::Slot,
        Self::List,
        Self::Portal,
        Self::Child,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Component => "component",
            Self::Slot => "slot",
            Self::List => "list",
            Self::Portal => "portal",
            Self::Child => "child",
        }
    }
}

/// The item of a stream is a child, and is sent again to be changed or moved.
pub(super) const CHILD_SENT_AGAIN: &str = "child item that is sent again";

/// A stream comes to the place of another one in a template.
pub(super) const ANOTHER_STREAM: &str = "new stream in the place of another";

/// What can be asked for besides kinds, styles, what stands in what and what
/// moves.
const OTHERS: [&str; 13] = [
    "child that moves to another component",
    "child that becomes something else",
    "list without an element around",
    "slot",
    "limited stream",
    "component in an item",
    "stream that changes its entries",
    "component item at another place",
    "child item at another place",
    "component that moves to another component",
    "form controls",
    "several forms with the same names",
    "several forms",
];

/// What the views do, whatever stands on their pages.
const SETTINGS: [&str; 4] = [
    "elements with ids",
    ANOTHER_STREAM,
    CHILD_SENT_AGAIN,
    "patch that leads elsewhere",
];

/// Those of these shapes that every page has.
pub(super) fn settings(allowed: &Shapes) -> Shapes {
    let is_allowed = |name: &&str| allowed.contains(*name);
    let names = SETTINGS.into_iter().filter(is_allowed);
    names.map(str::to_owned).collect()
}

/// All shapes there are.
#[must_use]
pub fn all() -> Shapes {
    let kinds = Kind::ALL.into_iter().filter_map(of_kind).map(str::to_owned);
    let lists = (Style::OF_LISTS.into_iter()).map(|style| format!("list of {}", plural(style)));
    let streams =
        (Style::OF_STREAMS.into_iter()).map(|style| format!("stream of {}", plural(style)));
    let inner = INNER.into_iter().flat_map(|kind| {
        let inside = move |around: Around| within(kind, around);
        Around::ALL.into_iter().filter_map(inside)
    });
    let moves = INNER.into_iter().filter_map(displaced);
    let others = OTHERS.into_iter().chain(SETTINGS).map(str::to_owned);
    let still = kinds.chain(lists).chain(streams).chain(inner);
    still.chain(moves).chain(others).collect()
}

/// Texts and elements are no shapes of their own: every page has some.
fn of_kind(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Text | Kind::Element => return None,
        Kind::LongText => "long text",
        Kind::Function => "function",
        Kind::Branch => "branch",
        Kind::Match => "match",
        Kind::Nested => "nested template",
        Kind::Escaped => "escaped markup",
        Kind::Drawing => "drawing",
        Kind::Memo => "memo",
        Kind::Component => "component",
        Kind::Child => "child",
        Kind::Portal => "portal",
        Kind::Form => "form",
        Kind::Keyed => "keyed list",
        Kind::Unkeyed => "unkeyed list",
        Kind::MemoList => "memo list",
        Kind::Stream => "stream",
    })
}

fn plural(style: Style) -> &'static str {
    match style {
        Style::Element => "elements",
        Style::Identified => "elements with ids",
        Style::Function => "functions",
        Style::Branch => "branches",
        Style::Match => "matches",
        Style::Nested => "nested templates",
        Style::Escaped => "escaped markup",
        Style::Component => "components",
        Style::Child => "children",
        Style::Pair => "pairs",
        Style::Row => "rows",
        Style::RowFunction => "rows from functions",
        Style::Field => "fields",
        Style::Mixed => "all kinds",
    }
}

/// What it is called that something stands in something.
fn within(kind: Kind, around: Around) -> Option<String> {
    Some(format!("{} in {}", inner_name(kind)?, around.name()))
}

/// What it is called that something comes to another place in one turn: it goes
/// there, or what it stands in becomes another element.
fn displaced(kind: Kind) -> Option<String> {
    Some(format!("{} at another place", inner_name(kind)?))
}

/// What it is called that a stream with such entries comes to another place.
fn displaced_items(style: Style) -> Option<&'static str> {
    match style {
        Style::Component | Style::Mixed => Some("component item at another place"),
        Style::Child => Some("child item at another place"),
        _ => None,
    }
}

/// Lists of all kinds count as one.
fn inner_name(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Keyed | Kind::Unkeyed | Kind::MemoList => Some("list"),
        _ if INNER.contains(&kind) => of_kind(kind),
        _ => None,
    }
}

/// The shapes of a change between two trees.
pub(super) fn moves(before: &[Node], after: &[Node], roots: Roots) -> Shapes {
    let mut shapes = Shapes::new();
    let (old, new) = (around(before), around(after));
    for (id, (kind, around)) in &new {
        if old.get(id).is_some_and(|(_, old)| old != around) {
            shapes.extend(moving(*kind).map(str::to_owned));
        }
    }
    visit(after, &mut |node| {
        let Some(old) = find(before, node.id) else {
            return;
        };
        let shape = match (old.kind, node.kind) {
            (Kind::Stream, Kind::Stream) if old.style != node.style => {
                "stream that changes its entries"
            }
            (Kind::Child, kind) if kind != Kind::Child => "child that becomes something else",
            _ => return,
        };
        shapes.insert(shape.to_owned());
    });
    let (old, new) = (Places::of(before, roots), Places::of(after, roots));
    visit(after, &mut |node| {
        let places = (old.nodes.get(&node.id), new.nodes.get(&node.id));
        if let (Some(old), Some(new)) = places
            && old != new
        {
            shapes.extend(displaced(node.kind));
            if node.kind == Kind::Stream {
                shapes.extend(displaced_items(node.style).map(str::to_owned));
            }
        }
    });
    shapes
}

/// What it is called that something goes to another component, or out of all:
/// each of the two is rendered by itself, so it stands in both for a moment, or
/// in none.
fn moving(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Component => Some("component that moves to another component"),
        Kind::Child => Some("child that moves to another component"),
        _ => None,
    }
}

/// Of each node what it is, and the component around it.
fn around(nodes: &[Node]) -> BTreeMap<u16, (Kind, Option<u16>)> {
    type Found = BTreeMap<u16, (Kind, Option<u16>)>;
    fn add(nodes: &[Node], around: Option<u16>, found: &mut Found) {
        for node in nodes {
            found.insert(node.id, (node.kind, around));
            let inside = match node.kind {
                Kind::Component => Some(node.id),
                _ => around,
            };
            add(&node.nodes, inside, found);
            // A slot is rendered by who fills it, and shown by its component.
            add(&node.slot, inside, found);
        }
    }
    let mut found = Found::new();
    add(nodes, None, &mut found);
    found
}

/// The shapes that nodes of a page have.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) shapes: Shapes,
    /// How many forms with controls of the library there are, and of all.
    controls: u32,
    forms: u32,
}

impl Found {
    /// Adds the shapes of a view's nodes.
    pub(super) fn add_view(&mut self, nodes: &[Node]) {
        self.add_all(nodes, &BTreeSet::new());
    }

    fn add_all(&mut self, nodes: &[Node], around: &BTreeSet<Around>) {
        for node in nodes {
            self.add(node, around);
        }
    }

    fn add(&mut self, node: &Node, around: &BTreeSet<Around>) {
        self.insert(of_kind(node.kind));
        for place in around {
            self.shapes.extend(within(node.kind, *place));
        }
        self.add_own(node);
        let inside = |place: Around| {
            let mut inside = around.clone();
            inside.insert(place);
            inside
        };
        match node.kind {
            Kind::Component => {
                self.add_all(&node.nodes, &inside(Around::Component));
                self.add_all(&node.slot, &inside(Around::Slot));
            }
            Kind::Portal => self.add_all(&node.nodes, &inside(Around::Portal)),
            Kind::Child => self.add_all(&node.nodes, &BTreeSet::from([Around::Child])),
            kind if kind.is_list() => self.add_all(&node.nodes, &inside(Around::List)),
            _ => self.add_all(&node.nodes, around),
        }
    }

    /// What a node is besides its kind.
    fn add_own(&mut self, node: &Node) {
        let Node {
            kind,
            branch,
            style,
            ..
        } = node;
        match kind {
            Kind::Component => self.insert((!node.slot.is_empty()).then_some("slot")),
            Kind::Stream => {
                self.shapes.insert(format!("stream of {}", plural(*style)));
                self.insert(node.limit.map(|_| "limited stream"));
                self.insert((*branch == 1).then_some("component in an item"));
            }
            Kind::Form => {
                self.forms += 1;
                self.insert((self.forms > 1).then_some("several forms"));
                self.controls += u32::from(*branch == 2);
                self.insert((*branch == 2).then_some("form controls"));
                let several = "several forms with the same names";
                self.insert((self.controls > 1).then_some(several));
            }
            kind if kind.is_list() => {
                self.shapes.insert(format!("list of {}", plural(*style)));
                let is_bare = *branch == 1 && *style == Style::Function;
                self.insert(is_bare.then_some("list without an element around"));
            }
            _ => {}
        }
    }

    fn insert(&mut self, shape: Option<&str>) {
        self.shapes.extend(shape.map(str::to_owned));
    }
}
