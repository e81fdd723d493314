//! How pages change at random.

use std::collections::BTreeSet;

use super::choices::Choices;
use super::items;
use super::node::{Kind, Node, Style, find, visit, visit_mut};
use super::shape::{CHILD_SENT_AGAIN, Found, moves};
use super::words::WORDS;
use super::world::{Content, State, TREES, child_of, roots_of};

/// So many nodes and levels a tree has at most.
const NODES: usize = 18;
const LEVELS: usize = 5;

/// So many nodes of each tree are made in the beginning.
const FIRST: usize = 4;

/// So many removed nodes are kept.
const REMOVED: usize = 6;

/// So often another change is tried, if one led to a page that is not allowed.
const ATTEMPTS: usize = 24;

impl State {
    /// Fills all pages.
    pub(super) fn plant(&mut self, choices: &mut Choices) {
        for tree in TREES {
            for _ in 0..FIRST {
                let before = self.content.clone();
                self.try_change(choices, &before, |content, choices, allowed| {
                    content.add_node(tree, choices, allowed)
                });
            }
        }
        for stream in self.streams(&TREES) {
            self.ask(stream, choices);
        }
        self.follow();
    }

    /// Changes something in one turn. Tells what.
    pub(super) fn change(&mut self, choices: &mut Choices) -> String {
        let before = self.content.clone();
        let mut asked = BTreeSet::new();
        let count = match choices.below(2) {
            0 => 1,
            _ => 1 + choices.below(3),
        };
        let done: Vec<_> = (0..count)
            .map(|_| self.change_once(choices, &before, &mut asked))
            .collect();
        let page = self.page();
        let (old, new) = (before.nodes_of(&page), self.content.nodes_of(&page));
        let moves = moves(
            old.unwrap_or_default(),
            new.unwrap_or_default(),
            roots_of(&page),
        );
        self.seen.extend(moves);
        self.follow();
        done.join("; ")
    }

    fn change_once(
        &mut self,
        choices: &mut Choices,
        before: &Content,
        asked: &mut BTreeSet<u16>,
    ) -> String {
        let view = self.choose_view(choices);
        let page = self.page();
        let streams = match choices.below(4) {
            0 => self.streams(&TREES),
            _ => self.streams(&[&page, "sticky"]),
        };
        let wants_stream = choices.below(3) == 0;
        match choices.pick(&streams) {
            // What a second order of a turn means depends on the first one.
            Some(&stream) if wants_stream && asked.insert(stream) => self.ask(stream, choices),
            _ => self.try_change(choices, before, |content, choices, allowed| {
                content.change_view(&view, choices, allowed)
            }),
        }
    }

    /// The view to change: mostly that of the page, or one on it.
    fn choose_view(&self, choices: &mut Choices) -> String {
        let page = self.page();
        let mut children = Vec::new();
        for tree in [&*page, "sticky"] {
            visit(
                self.content.nodes_of(tree).unwrap_or_default(),
                &mut |node| {
                    if node.kind == Kind::Child {
                        children.push(format!("child-{}", node.id));
                    }
                },
            );
        }
        match choices.below(8) {
            0 => "sticky".to_owned(),
            1 => TREES[choices.below(TREES.len())].to_owned(),
            2 | 3 => choices.pick(&children).cloned().unwrap_or(page),
            _ => page,
        }
    }

    /// Changes the content, if that is allowed together with all that has changed
    /// in this turn.
    fn try_change(
        &mut self,
        choices: &mut Choices,
        before: &Content,
        mut change: impl FnMut(&mut Content, &mut Choices, &Allowed) -> Option<String>,
    ) -> String {
        let allowed = Allowed::of(self);
        for _ in 0..ATTEMPTS {
            let mut content = self.content.clone();
            let Some(done) = change(&mut content, choices, &allowed) else {
                continue;
            };
            for nodes in content.trees.values_mut() {
                for node in nodes {
                    node.conform();
                }
            }
            if content.is_small() && content.has_only(&self.allowed, before) {
                self.content = content;
                return done;
            }
        }
        "nothing".to_owned()
    }

    /// Asks something of a stream: its view does it in its next turn.
    fn ask(&mut self, stream: u16, choices: &mut Choices) -> String {
        let sends_again = self.allowed.contains(CHILD_SENT_AGAIN);
        let mut manner = items::Manner {
            limit: None,
            sends_again: true,
        };
        for nodes in self.content.trees.values_mut() {
            visit_mut(nodes, &mut |node| {
                if node.id == stream {
                    manner.limit = node.limit;
                    manner.sends_again = sends_again || node.style != Style::Child;
                    node.version += 1;
                }
            });
        }
        let items = self.content.items.entry(stream).or_default();
        let operations = items::random(choices, items, manner);
        for operation in &operations {
            operation.apply(items, manner.limit);
        }
        let done = format!("stream {stream}: {operations:?}");
        let operations = operations.into_iter();
        (self.operations).extend(operations.map(|operation| (stream, operation)));
        done
    }
}

/// What new nodes may be.
struct Allowed {
    kinds: Vec<Kind>,
    of_lists: Vec<Style>,
    of_streams: Vec<Style>,
    has_limits: bool,
}

impl Allowed {
    fn of(state: &State) -> Self {
        let is_allowed = |node: &Node| {
            let mut found = Found::default();
            found.add_view(std::slice::from_ref(node));
            found.shapes.is_subset(&state.allowed)
        };
        let styled = |kind: Kind, style: Style| {
            let mut node = Node::new(0, kind);
            node.style = style;
            is_allowed(&node)
        };
        let lists = [Kind::Keyed, Kind::Unkeyed, Kind::MemoList];
        let of_lists = Style::OF_LISTS.into_iter();
        let of_lists: Vec<_> = of_lists
            .filter(|style| lists.iter().any(|kind| styled(*kind, *style)))
            .collect();
        let of_streams = Style::OF_STREAMS.into_iter();
        let of_streams: Vec<_> = of_streams
            .filter(|style| styled(Kind::Stream, *style))
            .collect();
        let is_kind = |kind: &Kind| match kind {
            Kind::Stream => !of_streams.is_empty(),
            kind if kind.is_list() => of_lists.iter().any(|style| styled(*kind, *style)),
            kind => is_allowed(&Node::new(0, *kind)),
        };
        Self {
            kinds: Kind::ALL.into_iter().filter(is_kind).collect(),
            of_lists,
            of_streams,
            has_limits: state.allowed.contains("limited stream"),
        }
    }

    fn style(&self, kind: Kind, choices: &mut Choices) -> Style {
        let styles = match kind {
            Kind::Stream => &self.of_streams,
            _ => &self.of_lists,
        };
        choices.pick(styles).copied().unwrap_or(Style::Element)
    }
}

impl Content {
    fn is_small(&self) -> bool {
        let mut trees = self.trees.values();
        trees.all(|nodes| {
            let mut count = 0;
            visit(nodes, &mut |_| count += 1);
            count <= NODES && levels(nodes) <= LEVELS
        })
    }

    /// The nodes of a view, to be changed.
    fn nodes_mut(&mut self, view: &str) -> Option<&mut Vec<Node>> {
        let Some(id) = child_of(view) else {
            return self.trees.get_mut(view);
        };
        let mut trees = self.trees.values_mut();
        trees.find_map(|nodes| find_mut(nodes, id).map(|child| &mut child.nodes))
    }

    fn add_node(&mut self, view: &str, choices: &mut Choices, allowed: &Allowed) -> Option<String> {
        let node = self.new_node(choices, allowed);
        let Node {
            id, kind, style, ..
        } = node;
        let at = self.insert(view, node, choices)?;
        Some(format!("insert {kind:?} {id} ({style:?}) into {view} {at}"))
    }

    /// A node, with something in it where something can be.
    fn new_node(&mut self, choices: &mut Choices, allowed: &Allowed) -> Node {
        let mut node = self.new_empty(choices, allowed);
        if node.kind.capacity() > 0 && node.kind != Kind::Child && choices.below(2) == 0 {
            node.nodes.push(self.new_empty(choices, allowed));
        }
        if node.kind == Kind::Component && choices.below(2) == 0 {
            node.slot.push(self.new_empty(choices, allowed));
        }
        node
    }

    fn new_empty(&mut self, choices: &mut Choices, allowed: &Allowed) -> Node {
        let kind = choices.pick(&allowed.kinds).copied();
        let mut node = Node::new(self.next_id, kind.unwrap_or(Kind::Element));
        self.next_id += 1;
        node.text = choices.small(WORDS);
        node.branch = choices.small(3);
        node.style = allowed.style(node.kind, choices);
        node.limit = (choices.below(3) == 0 && allowed.has_limits).then_some(3);
        node
    }

    /// Puts a new node in the place of another one.
    fn replace_node(
        &mut self,
        view: &str,
        choices: &mut Choices,
        allowed: &Allowed,
    ) -> Option<String> {
        let node = self.new_node(choices, allowed);
        let nodes = self.nodes_mut(view)?;
        let list = choices.below(lists(nodes));
        let (inside, nodes) = list_mut(nodes, list)?;
        let at = choices.below(nodes.len());
        let place = nodes.get_mut(at)?;
        let Node {
            id, kind, style, ..
        } = node;
        let old = std::mem::replace(place, node);
        let gone = old.id;
        self.keep(view, old);
        Some(format!(
            "{kind:?} {id} ({style:?}) replaces {gone} {inside} at {at}"
        ))
    }

    /// Keeps a removed node for its return.
    fn keep(&mut self, view: &str, node: Node) {
        self.removed.push((view.to_owned(), node));
        if self.removed.len() > REMOVED {
            self.removed.remove(0);
        }
    }

    /// Puts a node into a random list of a view. Tells where.
    fn insert(&mut self, view: &str, node: Node, choices: &mut Choices) -> Option<String> {
        let nodes = self.nodes_mut(view)?;
        let list = choices.below(lists(nodes));
        let (inside, nodes) = list_mut(nodes, list)?;
        let at = choices.below(nodes.len() + 1);
        nodes.insert(at, node);
        Some(format!("{inside} at {at}"))
    }

    /// Changes the nodes of a view. Tells how.
    fn change_view(
        &mut self,
        view: &str,
        choices: &mut Choices,
        allowed: &Allowed,
    ) -> Option<String> {
        match choices.below(12) {
            0..3 => return self.add_node(view, choices, allowed),
            3 => {
                let here = |(of, _): &(String, Node)| of == view;
                let at = self.removed.iter().position(here)?;
                let (_, node) = self.removed.remove(at);
                let id = node.id;
                let at = self.insert(view, node, choices)?;
                return Some(format!("put {id} back into {view} {at}"));
            }
            4 => return self.replace_node(view, choices, allowed),
            _ => {}
        }
        let kind = choices.pick(&allowed.kinds).copied().unwrap_or(Kind::Text);
        let style = |kind, choices: &mut Choices| allowed.style(kind, choices);
        let (what, number) = (choices.below(9), choices.below(256));
        let nodes = self.nodes_mut(view)?;
        let list = choices.below(lists(nodes));
        let (inside, nodes) = list_mut(nodes, list)?;
        let at = choices.below(nodes.len());
        let id = nodes.get(at)?.id;
        let node = &mut nodes[at];
        let done = match what {
            0 => {
                node.text = choices.small(WORDS);
                format!("let {id} say {:?}", node.words())
            }
            1 | 2 => {
                node.branch = choices.small(3);
                format!("let {id} take branch {}", node.branch)
            }
            3 => {
                node.become_kind(kind);
                node.style = style(kind, choices);
                format!("make {id} a {kind:?} ({:?})", node.style)
            }
            4 if node.kind.is_list() || node.kind == Kind::Stream => {
                node.style = style(node.kind, choices);
                format!("make {id} a {:?} of {:?}", node.kind, node.style)
            }
            5 => {
                nodes.rotate_left(at);
                format!("rotate {inside} by {at}")
            }
            6 => {
                let to = number % nodes.len();
                nodes.swap(at, to);
                format!("swap {at} and {to} in {inside}")
            }
            7 => {
                let node = nodes.remove(at);
                let at = self.insert(view, node, choices)?;
                format!("move {id} to {at}")
            }
            8 => {
                let node = nodes.remove(at);
                self.keep(view, node);
                format!("remove {id}")
            }
            _ => return None,
        };
        Some(format!("{done} in {view}"))
    }
}

fn levels(nodes: &[Node]) -> usize {
    let inner = |node: &Node| 1 + levels(&node.nodes).max(levels(&node.slot));
    nodes.iter().map(inner).max().unwrap_or(0)
}

fn find_mut(nodes: &mut [Node], id: u16) -> Option<&mut Node> {
    for node in nodes {
        if node.id == id {
            return Some(node);
        }
        let is_inside = |inner: &[Node]| find(inner, id).is_some();
        if is_inside(&node.nodes) {
            return find_mut(&mut node.nodes, id);
        }
        if is_inside(&node.slot) {
            return find_mut(&mut node.slot, id);
        }
    }
    None
}

/// How many lists of nodes there are in those of a view, themselves included.
fn lists(nodes: &[Node]) -> usize {
    let inside = |node: &Node| match node.kind {
        Kind::Child => 0,
        Kind::Component => lists(&node.nodes) + lists(&node.slot),
        kind if kind.capacity() > 0 => lists(&node.nodes),
        _ => 0,
    };
    1 + nodes.iter().map(inside).sum::<usize>()
}

/// One of them by its number, and what it is in.
fn list_mut(nodes: &mut Vec<Node>, at: usize) -> Option<(String, &mut Vec<Node>)> {
    let mut at = at;
    list_in("", nodes, &mut at)
}

fn list_in<'n>(
    inside: &str,
    nodes: &'n mut Vec<Node>,
    at: &mut usize,
) -> Option<(String, &'n mut Vec<Node>)> {
    if *at == 0 {
        return Some((inside.to_owned(), nodes));
    }
    *at -= 1;
    for node in nodes {
        let name = format!("in {}", node.id);
        let slot = format!("in the slot of {}", node.id);
        match node.kind {
            Kind::Child => continue,
            kind if kind.capacity() == 0 => continue,
            _ => {}
        }
        let is_component = node.kind == Kind::Component;
        if let Some(found) = list_in(&name, &mut node.nodes, at) {
            return Some(found);
        }
        if is_component && let Some(found) = list_in(&slot, &mut node.slot, at) {
            return Some(found);
        }
    }
    None
}
