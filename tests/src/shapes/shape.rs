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
const OTHERS: [&str; 16] = [
    "component that moves to another component",
    "component item at another place",
    "child item at another place",
    ANOTHER_STREAM,
    "elements with ids",
    "list without an element around",
    "memo of another template",
    "slot",
    "limited stream",
    "stream that changes its entries",
    CHILD_SENT_AGAIN,
    "patch that leads elsewhere",
    "component in an item",
    "form controls",
    "several forms with the same names",
    "several forms",
];

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
    let others = OTHERS.into_iter().map(str::to_owned);
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
    let (old, new) = (component_around(before), component_around(after));
    if (new.iter()).any(|(id, around)| old.get(id).is_some_and(|old| old != around)) {
        shapes.insert("component that moves to another component".to_owned());
    }
    visit(after, &mut |node| {
        if let Some(old) = find(before, node.id)
            && (old.kind, node.kind) == (Kind::Stream, Kind::Stream)
            && old.style != node.style
        {
            shapes.insert("stream that changes its entries".to_owned());
        }
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

/// Of each component the one around it.
fn component_around(nodes: &[Node]) -> BTreeMap<u16, Option<u16>> {
    fn add(nodes: &[Node], around: Option<u16>, found: &mut BTreeMap<u16, Option<u16>>) {
        for node in nodes {
            let is_component = node.kind == Kind::Component;
            if is_component {
                found.insert(node.id, around);
            }
            let inside = if is_component { Some(node.id) } else { around };
            add(&node.nodes, inside, found);
            add(&node.slot, inside, found);
        }
    }
    let mut found = BTreeMap::new();
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
