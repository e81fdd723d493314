//! What a page is made of: a tree of nodes, each of a kind that a template can
//! hold. Here is what they are and which of them are shown; `template` shows
//! them, `change` changes them.

use std::collections::BTreeMap;

use super::words::word;

/// What a node is in a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Text,
    LongText,
    Element,
    Function,
    Branch,
    Match,
    Nested,
    Escaped,
    Drawing,
    Memo,
    Component,
    Child,
    Portal,
    Form,
    Keyed,
    Unkeyed,
    MemoList,
    Stream,
}

impl Kind {
    pub(super) const ALL: [Self; 18] = [
        Self::Text,
        Self::LongText,
        Self::Element,
        Self::Function,
        Self::Branch,
        Self::Match,
        Self::Nested,
        Self::Escaped,
        Self::Drawing,
        Self::Memo,
        Self::Component,
        Self::Child,
        Self::Portal,
        Self::Form,
        Self::Keyed,
        Self::Unkeyed,
        Self::MemoList,
        Self::Stream,
    ];

    /// How many nodes of this kind can hold.
    pub(super) fn capacity(self) -> usize {
        match self {
            Self::Text
            | Self::LongText
            | Self::Escaped
            | Self::Drawing
            | Self::Form
            | Self::Stream => 0,
            Self::Element
            | Self::Function
            | Self::Branch
            | Self::Match
            | Self::Nested
            | Self::Memo
            | Self::Component
            | Self::Child
            | Self::Portal => 2,
            Self::Keyed | Self::Unkeyed | Self::MemoList => 5,
        }
    }

    pub(super) fn is_list(self) -> bool {
        matches!(self, Self::Keyed | Self::Unkeyed | Self::MemoList)
    }
}

/// What the entries of a list or stream are in its template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Style {
    /// A literal element; in a stream with the entry's id.
    Element,
    /// A literal element with an id, in a list.
    Identified,
    Function,
    Branch,
    Match,
    Nested,
    Escaped,
    Component,
    Child,
    /// Two elements.
    Pair,
    /// The row of a table.
    Row,
    /// The row of a table, from a function.
    RowFunction,
    /// An element with a field whose value the server doesn't know.
    Field,
    /// Each entry another one, in a stream.
    Mixed,
}

impl Style {
    pub(super) const OF_LISTS: [Self; 13] = [
        Self::Element,
        Self::Identified,
        Self::Function,
        Self::Branch,
        Self::Match,
        Self::Nested,
        Self::Escaped,
        Self::Component,
        Self::Child,
        Self::Pair,
        Self::Row,
        Self::RowFunction,
        Self::Field,
    ];
    pub(super) const OF_STREAMS: [Self; 9] = [
        Self::Element,
        Self::Function,
        Self::Branch,
        Self::Match,
        Self::Nested,
        Self::Escaped,
        Self::Component,
        Self::Child,
        Self::Mixed,
    ];

    /// The kind that entries must have, if the style demands one.
    fn kind(self) -> Option<Kind> {
        match self {
            Self::Component => Some(Kind::Component),
            Self::Child => Some(Kind::Child),
            Self::Escaped => Some(Kind::Escaped),
            Self::Field => Some(Kind::Text),
            _ => None,
        }
    }

    /// Whether an entry's node is shown and not only the text of it.
    fn shows(self, entry: &Node) -> bool {
        match self {
            Self::Branch => entry.branch == 1,
            Self::Match => entry.branch == 2,
            Self::Escaped | Self::Field => false,
            _ => true,
        }
    }
}

/// One place in a template and what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node {
    pub(super) id: u16,
    pub(super) kind: Kind,
    pub(super) text: u8,
    /// Which of its templates it takes, below 3.
    pub(super) branch: u8,
    pub(super) style: Style,
    /// How many entries a stream shows at most.
    pub(super) limit: Option<u32>,
    /// How often a stream was changed, so that what holds it is not equal to
    /// what it was.
    pub(super) version: u32,
    pub(super) nodes: Vec<Self>,
    /// What a component shows and its view renders.
    pub(super) slot: Vec<Self>,
}

impl Node {
    pub(super) fn new(id: u16, kind: Kind) -> Self {
        Self {
            id,
            kind,
            text: 0,
            branch: 0,
            style: Style::Element,
            limit: None,
            version: 0,
            nodes: Vec::new(),
            slot: Vec::new(),
        }
    }

    /// The id of its element.
    pub(super) fn dom_id(&self) -> String {
        format!("n{}", self.id)
    }

    pub(super) fn words(&self) -> &'static str {
        word(self.text)
    }

    /// Whether its template shows the node at this position.
    fn shows(&self, at: usize) -> bool {
        match (self.kind, self.branch) {
            (Kind::Branch, branch) => branch == 1,
            (Kind::Match, 0) => at == 0,
            (Kind::Match, 1) => false,
            (Kind::Match, _) => at == 1,
            _ => true,
        }
    }

    /// The nodes in it that its view shows, each with its position. What is in
    /// a child is the child's.
    fn shown(&self) -> Vec<(String, &Self)> {
        let nodes = self.nodes.iter().enumerate();
        match self.kind {
            Kind::Child => Vec::new(),
            Kind::Keyed | Kind::MemoList => (self.nodes.iter())
                .filter(|entry| self.style.shows(entry))
                .map(|entry| (format!("key {}", entry.id), entry))
                .collect(),
            Kind::Unkeyed => nodes
                .filter(|(_, entry)| self.style.shows(entry))
                .map(|(at, entry)| (at.to_string(), entry))
                .collect(),
            _ => nodes
                .filter(|(at, _)| self.shows(*at))
                .map(|(at, node)| (at.to_string(), node))
                .chain(self.slot.iter().map(|node| ("slot".to_owned(), node)))
                .collect(),
        }
    }

    /// Brings what it holds into a form that its template can show.
    pub(super) fn conform(&mut self) {
        let capacity = self.kind.capacity();
        self.nodes.truncate(capacity);
        self.slot.truncate(1);
        let styles = match self.kind {
            Kind::Stream => &Style::OF_STREAMS[..],
            _ => &Style::OF_LISTS[..],
        };
        if !styles.contains(&self.style) {
            self.style = Style::Element;
        }
        if self.kind != Kind::Component {
            self.slot.clear();
        }
        if self.kind.is_list()
            && let Some(kind) = self.style.kind()
        {
            for entry in &mut self.nodes {
                entry.become_kind(kind);
            }
        }
        for node in self.nodes.iter_mut().chain(&mut self.slot) {
            node.conform();
        }
    }

    /// What a child shows is of another view, and goes when it is no child any
    /// more.
    pub(super) fn become_kind(&mut self, kind: Kind) {
        if (self.kind == Kind::Child) != (kind == Kind::Child) {
            self.nodes.clear();
        }
        self.kind = kind;
    }
}

/// Whether the nodes of a view stand in a keyed list, or each at a place of its
/// own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Roots {
    Keyed,
    Placed,
}

/// Where the nodes of a view are that a browser keeps something of. As long as
/// the place of one is the same, it stands in the same element, as far as an
/// author of templates can tell.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Of each node, without what it is itself.
    pub(super) nodes: BTreeMap<u16, String>,
    pub(super) streams: BTreeMap<u16, String>,
    pub(super) fields: BTreeMap<u16, String>,
}

impl Places {
    pub(super) fn of(nodes: &[Node], roots: Roots) -> Self {
        let mut places = Self::default();
        for (at, node) in nodes.iter().enumerate() {
            let position = match roots {
                Roots::Keyed => format!("key {}", node.id),
                Roots::Placed => at.to_string(),
            };
            places.add(&position, node);
        }
        places
    }

    fn add(&mut self, position: &str, node: &Node) {
        let Node {
            id,
            kind,
            branch,
            style,
            ..
        } = node;
        self.nodes.insert(*id, position.to_owned());
        let place = format!("{position}: {kind:?} {id} {branch} {style:?}");
        if *kind == Kind::Stream && *style != Style::Element {
            // Only in literal elements the branch says what items hold.
            (self.streams).insert(*id, format!("{position}: {kind:?} {id} {style:?}"));
            return;
        }
        if *kind == Kind::Stream {
            self.streams.insert(*id, place);
            return;
        }
        if *style == Style::Field && matches!(kind, Kind::Keyed | Kind::MemoList) {
            for entry in &node.nodes {
                self.fields.insert(entry.id, place.clone());
            }
        }
        for (position, inner) in node.shown() {
            self.add(&format!("{place}, {position}"), inner);
        }
    }
}

/// The node with this id, and what is in it.
pub(super) fn find(nodes: &[Node], id: u16) -> Option<&Node> {
    nodes.iter().find_map(|node| match node.id == id {
        true => Some(node),
        false => find(&node.nodes, id).or_else(|| find(&node.slot, id)),
    })
}

/// Calls `visit` with each node, those of children included.
pub(super) fn visit<'n>(nodes: &'n [Node], run: &mut impl FnMut(&'n Node)) {
    for node in nodes {
        run(node);
        visit(&node.nodes, run);
        visit(&node.slot, run);
    }
}

pub(super) fn visit_mut(nodes: &mut [Node], run: &mut impl FnMut(&mut Node)) {
    for node in nodes {
        run(node);
        visit_mut(&mut node.nodes, run);
        visit_mut(&mut node.slot, run);
    }
}
