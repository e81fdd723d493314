//! What all views of an application show. It stands beside them, so that a page
//! that is loaded at any time shows what every connected view has to show then.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use super::items::{Item, Operation};
use super::node::{Kind, Node, Places, Roots, find, visit};
use super::shape::{Found, Shapes, moves, settings};

/// The trees that pages show, by the key of their view. `a` and `b` are pages
/// with two tabs each.
pub(super) const TREES: [&str; 5] = ["a0", "a1", "b0", "b1", "sticky"];

/// What can change at random, and is taken back if it came out wrong.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) trees: BTreeMap<String, Vec<Node>>,
    /// Nodes that were removed and may come back, each with the view that it
    /// was shown by.
    pub(super) removed: Vec<(String, Node)>,
    /// The items of streams, whether they are shown or not.
    pub(super) items: BTreeMap<u16, Vec<Item>>,
    pub(super) next_id: u16,
}

impl Content {
    /// The nodes of the view with this key. The nodes in a child are those of
    /// the child's view.
    pub(super) fn nodes_of(&self, view: &str) -> Option<&[Node]> {
        match child_of(view) {
            None => self.trees.get(view).map(Vec::as_slice),
            Some(id) => {
                let child = self.trees.values().find_map(|nodes| find(nodes, id))?;
                (child.kind == Kind::Child).then_some(child.nodes.as_slice())
            }
        }
    }

    /// The item that the view with this key shows, if it shows one.
    pub(super) fn item(&self, view: &str) -> Option<&Item> {
        let (stream, id) = view.strip_prefix("item-")?.split_once('-')?;
        let items = self.items.get(&stream.parse().ok()?)?;
        let id: u8 = id.parse().ok()?;
        items.iter().find(|item| item.id == id)
    }

    /// The shapes of a page: what its own view shows together with what stays
    /// on all pages.
    pub(super) fn shapes_of(&self, page: &str) -> Shapes {
        let mut found = Found::default();
        for tree in [page, "sticky"] {
            found.add_view(self.trees.get(tree).map_or(&[], Vec::as_slice));
        }
        found.shapes
    }

    /// Whether no page has a shape but these, nor the change that led from
    /// another content to this one.
    pub(super) fn has_only(&self, allowed: &Shapes, before: &Self) -> bool {
        let mut pages = self.trees.iter();
        pages.all(|(page, nodes)| {
            let before = before.trees.get(page).map_or(&[][..], Vec::as_slice);
            let moves = moves(before, nodes, roots_of(page));
            self.shapes_of(page).is_subset(allowed) && moves.is_subset(allowed)
        })
    }
}

/// The id of the node whose view has this key, if it is that of a child.
pub(super) fn child_of(view: &str) -> Option<u16> {
    view.strip_prefix("child-")?.parse().ok()
}

/// How the root nodes of the view with this key stand in its template.
pub(super) fn roots_of(view: &str) -> Roots {
    match view {
        "a0" | "a1" | "sticky" => Roots::Keyed,
        _ => Roots::Placed,
    }
}

/// What there is.
#[derive(Debug)]
pub(super) struct State {
    pub(super) allowed: Shapes,
    pub(super) content: Content,
    /// All that was ever asked of streams, in order.
    pub(super) operations: Vec<(u16, Operation)>,
    /// How often components and views were clicked on.
    pub(super) counts: BTreeMap<String, u32>,
    /// What was typed into forms.
    pub(super) texts: BTreeMap<u16, String>,
    /// How often a kind of view was told to render again.
    pub(super) ticks: BTreeMap<String, u32>,
    /// Path and query of the page whose view was told its parameters last.
    pub(super) location: String,
    fields: BTreeMap<u16, FieldEntry>,
    epochs: u32,
    /// All shapes that the page had while it was shown.
    pub(super) seen: Shapes,
}

/// An entry of a list that has a field.
#[derive(Clone, Debug)]
struct FieldEntry {
    place: String,
    epoch: u32,
    is_new: bool,
}

impl State {
    pub(super) fn new(allowed: Shapes) -> Self {
        let seen = settings(&allowed);
        let trees = TREES.map(|name| (name.to_owned(), Vec::new()));
        Self {
            allowed,
            content: Content {
                trees: trees.into(),
                removed: Vec::new(),
                items: BTreeMap::new(),
                next_id: 1,
            },
            operations: Vec::new(),
            counts: BTreeMap::new(),
            texts: BTreeMap::new(),
            ticks: BTreeMap::new(),
            location: "/a/0".to_owned(),
            fields: BTreeMap::new(),
            epochs: 0,
            seen,
        }
    }

    pub(super) fn count(&self, key: &str) -> u32 {
        self.counts.get(key).copied().unwrap_or(0)
    }

    /// The key of the view that the page shows.
    pub(super) fn page(&self) -> String {
        page_of(&self.location)
    }

    /// Notes what is shown after a change: shapes, and which fields of lists go
    /// on to be the same ones.
    pub(super) fn follow(&mut self) {
        let page = self.page();
        self.seen.extend(self.content.shapes_of(&page));
        let nodes = self.content.nodes_of(&page).unwrap_or_default();
        let places = Places::of(nodes, roots_of(&page)).fields;
        self.epochs += 1;
        let follow = |(id, place): (u16, String)| {
            let place = format!("{page} {place}");
            let known = self.fields.get(&id);
            let entry = match known.filter(|known| known.place == place) {
                Some(known) => known.clone(),
                None => FieldEntry {
                    place,
                    epoch: self.epochs,
                    is_new: known.is_none(),
                },
            };
            (id, entry)
        };
        self.fields = places.into_iter().map(follow).collect();
    }

    /// Of each field in a list: the id of its entry, a number that changes when
    /// another element may show it, and whether the entry was new then.
    pub(super) fn fields(&self) -> Vec<(u16, u32, bool)> {
        let entries = self.fields.iter();
        entries
            .map(|(id, entry)| (*id, entry.epoch, entry.is_new))
            .collect()
    }

    /// The streams in these trees, those of children included.
    pub(super) fn streams(&self, trees: &[&str]) -> Vec<u16> {
        let mut streams = Vec::new();
        for tree in trees {
            let nodes = self.content.trees.get(*tree);
            visit(nodes.map_or(&[], Vec::as_slice), &mut |node| {
                if node.kind == Kind::Stream {
                    streams.push(node.id);
                }
            });
        }
        streams
    }
}

/// The key of the view at a path such as `/a/0`.
pub(super) fn page_of(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.replace("/plain/", "/a/").replace('/', "")
}

/// What there is, as views and tests share it.
#[derive(Clone, Debug)]
pub(super) struct World(Arc<Mutex<State>>);

impl World {
    pub(super) fn new(allowed: Shapes) -> Self {
        Self(Arc::new(Mutex::new(State::new(allowed))))
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0
            .lock()
            .expect("nothing panics while it has the state")
    }

    pub(super) fn count(&self, key: &str) -> u32 {
        self.state().count(key)
    }

    /// Something was clicked on.
    pub(super) fn add_count(&self, key: &str) {
        *self.state().counts.entry(key.to_owned()).or_default() += 1;
    }
}
