//! The templates of nodes: one for each kind, and for each style of entries.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use bennu::element::portal;
use bennu::{
    Child, Component, Inserts, PreEscaped, Rendered, Stream, html, live_child, live_component,
    long_text,
};

use super::items::{Item, dom_id};
use super::node::{Kind, Node, Style};
use super::note::{Note, NoteProps};
use super::part::{Part, PartProps, Row, RowProps};
use super::words::long;
use super::world::World;

/// The streams of a view by their nodes. Its components render them too.
pub(super) type Streams = BTreeMap<u16, Stream<Item>>;

/// What the templates of a view know besides the nodes that they show.
#[derive(Clone, Debug)]
pub(super) struct Context {
    pub(super) world: World,
    streams: Arc<Mutex<Streams>>,
    has_ids: bool,
}

/// Writes the list of a node with the body of its entries.
macro_rules! list {
    ($context:ident, $node:ident, $tag:ident, $entry:ident => $($body:tt)*) => {
        match $node.kind {
            Kind::Keyed => html! {
                $tag id=[$context.id_of($node)] { "[" @for $entry in &$node.nodes key=($entry.id) { $($body)* } "]" }
            },
            Kind::Unkeyed => html! {
                $tag id=[$context.id_of($node)] { "[" @for $entry in &$node.nodes { $($body)* } "]" }
            },
            _ => html! {
                $tag id=[$context.id_of($node)] {
                    "[" @for $entry in &$node.nodes key=($entry.id) memo=($entry) { $($body)* } "]"
                }
            },
        }
    };
}

/// Writes the list of a node as the rows of a table.
macro_rules! table {
    ($context:ident, $node:ident, $entry:ident => $($body:tt)*) => {
        match $node.kind {
            Kind::Keyed => html! {
                table id=[$context.id_of($node)] { tbody { @for $entry in &$node.nodes key=($entry.id) { $($body)* } } }
            },
            Kind::Unkeyed => html! {
                table id=[$context.id_of($node)] { tbody { @for $entry in &$node.nodes { $($body)* } } }
            },
            _ => html! {
                table id=[$context.id_of($node)] {
                    tbody { @for $entry in &$node.nodes key=($entry.id) memo=($entry) { $($body)* } }
                }
            },
        }
    };
}

/// Writes the stream of a node with the body of its entries.
macro_rules! stream {
    ($context:ident, $node:ident, ($id:ident, $item:ident) => $($body:tt)*) => {
        html! {
            ul #($node.dom_id()) title=($node.words()) phx-update="stream" {
                @for ($id, $item) in $context.inserts($node) { $($body)* }
            }
        }
    };
}

impl Context {
    pub(super) fn new(world: World) -> Self {
        let is_allowed = |shape: &str| world.state().allowed.contains(shape);
        Self {
            has_ids: is_allowed("elements with ids"),
            world,
            streams: Arc::default(),
        }
    }

    /// The id of a node's element, if elements have ids that need none.
    pub(super) fn id_of(&self, node: &Node) -> Option<String> {
        self.has_ids.then(|| node.dom_id())
    }

    pub(super) fn streams(&self) -> MutexGuard<'_, Streams> {
        self.streams.lock().expect("no render has panicked")
    }

    /// What is new in the stream of a node.
    fn inserts(&self, node: &Node) -> Inserts<Item> {
        let mut streams = self.streams();
        let stream = streams
            .entry(node.id)
            .or_insert_with(|| new_stream(node.id, node.limit));
        (&*stream).into_iter()
    }

    /// A node, as its view shows it.
    pub(super) fn show(&self, node: &Node) -> Rendered {
        let (id, words) = (self.id_of(node), node.words());
        match node.kind {
            Kind::Text => html! { (words) },
            Kind::LongText => html! { pre id=[&id] { (long_text(&long(node.text))) } },
            Kind::Element => html! {
                div.marked[node.branch == 1] id=[&id] title=(words) hidden[node.branch == 2] {
                    (words) (self.inner(node, 0)) (self.inner(node, 1))
                }
            },
            Kind::Function => html! { (self.framed(node)) },
            Kind::Branch => html! {
                @if node.branch == 0 { b id=[&id] { (words) } }
                @else if node.branch == 1 {
                    div id=[&id] { div { (self.inner(node, 0)) } (self.inner(node, 1)) }
                }
            },
            Kind::Match => html! {
                @match node.branch {
                    0 => (self.inner(node, 0)),
                    1 => (words),
                    _ => { p id=[&id] { (words) } div { (self.inner(node, 1)) } }
                }
            },
            Kind::Nested => html! {
                (html! { (words) em id=[&id] { (html! { (words) }) } (self.inner(node, 0)) })
                (self.inner(node, 1))
            },
            Kind::Escaped => html! { (markup(node)) },
            Kind::Drawing => html! {
                svg id=[&id] viewBox="0 0 9 9" {
                    @if node.branch == 0 { circle r=(node.text) {} }
                    g { (drawn(node)) }
                    @for number in 0..node.text { rect width=(number) height=(node.text) {} }
                }
            },
            Kind::Memo => html! {
                @memo node {
                    div id=[&id] { (words) (self.inner(node, 0)) (self.inner(node, 1)) }
                }
            },
            Kind::Component => html! { (self.part(node)) },
            Kind::Child => html! { (child(node)) },
            Kind::Portal => html! {
                (portal(&node.dom_id(), "#portals", html! {
                    (words) (self.inner(node, 0)) (self.inner(node, 1))
                }))
            },
            Kind::Form => html! { (self.note(node)) },
            Kind::Keyed | Kind::Unkeyed | Kind::MemoList => self.list(node),
            Kind::Stream => self.stream(node),
        }
    }

    /// The node in another at this position.
    pub(super) fn inner(&self, node: &Node, at: usize) -> Option<Rendered> {
        node.nodes.get(at).map(|node| self.show(node))
    }

    fn framed(&self, node: &Node) -> Rendered {
        html! {
            figure id=[self.id_of(node)] {
                (self.inner(node, 0)) figcaption { (node.words()) } (self.inner(node, 1))
            }
        }
    }

    /// The component of a node.
    fn part(&self, node: &Node) -> Component {
        let slot = node.slot.first().map(|node| self.show(node));
        let own = Node {
            slot: Vec::new(),
            ..node.clone()
        };
        live_component::<Part>(
            node.id,
            PartProps {
                node: own,
                slot,
                context: self.clone(),
            },
        )
    }

    /// The form of a node.
    fn note(&self, node: &Node) -> Component {
        let world = self.world.clone();
        let props = NoteProps {
            id: node.id,
            has_controls: node.branch == 2,
            world,
        };
        live_component::<Note>(node.id, props)
    }

    fn list(&self, node: &Node) -> Rendered {
        match node.style {
            Style::Identified => {
                list!(self, node, ul, entry => li #{ "e" (entry.id) } { (self.show(entry)) })
            }
            Style::Function if node.branch == 1 => self.bare_list(node),
            Style::Function => list!(self, node, section, entry => (self.show(entry))),
            Style::Branch => list!(self, node, section, entry =>
                @if entry.branch == 0 { div { (entry.words()) } }
                @else if entry.branch == 1 { (self.show(entry)) }
            ),
            Style::Match => list!(self, node, section, entry => @match entry.branch {
                0 => (entry.words()),
                1 => { div { (entry.words()) } div {} }
                _ => (self.show(entry)),
            }),
            Style::Nested => list!(self, node, ul, entry => (html! { li { (self.show(entry)) } })),
            Style::Escaped => list!(self, node, section, entry => (markup(entry))),
            Style::Component => list!(self, node, section, entry => (self.part(entry))),
            Style::Child => list!(self, node, section, entry => (child(entry))),
            Style::Pair => {
                list!(self, node, dl, entry => dt { (entry.words()) } dd { (self.show(entry)) })
            }
            Style::Row => {
                table!(self, node, entry => tr { td { (entry.words()) } td { (self.show(entry)) } })
            }
            Style::RowFunction => table!(self, node, entry => (self.row(entry))),
            Style::Field => {
                list!(self, node, section, entry => div.field { (entry.id) input type="text"; })
            }
            Style::Element | Style::Mixed => {
                list!(self, node, ul, entry => li { (self.show(entry)) })
            }
        }
    }

    fn bare_list(&self, node: &Node) -> Rendered {
        match node.kind {
            Kind::Keyed => {
                html! { @for entry in &node.nodes key=(entry.id) { (self.show(entry)) } }
            }
            Kind::Unkeyed => html! { @for entry in &node.nodes { (self.show(entry)) } },
            _ => html! {
                @for entry in &node.nodes key=(entry.id) memo=(entry) { (self.show(entry)) }
            },
        }
    }

    fn row(&self, node: &Node) -> Rendered {
        html! { tr { td { (self.show(node)) } td { (node.words()) } } }
    }

    fn stream(&self, node: &Node) -> Rendered {
        match node.style {
            Style::Function => stream!(self, node, (id, item) => (row(&id, &item))),
            Style::Branch => stream!(self, node, (id, item) =>
                @if item.branch == 0 { li #(id) { (item.words()) } }
                @else { li #(id) { b { (item.words()) } (item.branch) } }
            ),
            Style::Match => stream!(self, node, (id, item) => @match item.branch {
                0 => li #(id) { (item.words()) },
                1 => { li #(id) { i { (item.words()) } } }
                _ => (row(&id, &item)),
            }),
            Style::Nested => stream!(self, node, (id, item) =>
                (html! { li #(id) { (item.words()) " " (item.branch) } })
            ),
            Style::Escaped => stream!(self, node, (id, item) => (item_markup(&id, &item))),
            Style::Component => stream!(self, node, (id, item) => (self.item_part(&id, &item))),
            Style::Child => stream!(self, node, (id, item) => (item_child(node, &id, &item))),
            Style::Mixed => stream!(self, node, (id, item) => @match item.branch {
                0 => (row(&id, &item)),
                1 => (self.item_part(&id, &item)),
                _ => li #(id) { (item.words()) },
            }),
            _ => stream!(self, node, (id, item) => li #(id) {
                (item.words())
                @for number in 0..item.branch { i { (number) } }
                @if node.branch == 1 && item.branch == 1 {
                    (self.item_part(&format!("c{id}"), &item))
                }
            }),
        }
    }

    fn item_part(&self, id: &str, item: &Item) -> Component {
        let props = RowProps {
            id: id.to_owned(),
            is_item: !id.starts_with('c'),
            item: item.clone(),
            world: self.world.clone(),
        };
        live_component::<Row>(id, props)
    }
}

pub(super) fn new_stream(stream: u16, limit: Option<u32>) -> Stream<Item> {
    let mut new = Stream::new(move |item: &Item| dom_id(stream, item.id));
    new.set_limit(limit);
    new
}

/// A part of a drawing, which is of no template of HTML.
fn drawn(node: &Node) -> Rendered {
    html! {
        text { (node.words()) }
        @match node.branch {
            0 => {}
            1 => path d={ "M0 " (node.text) } {},
            _ => { title { (node.words()) } circle r=(node.text) {} }
        }
    }
}

/// An item of a stream, as a function shows it.
fn row(id: &str, item: &Item) -> Rendered {
    html! { li #(id) title=(item.words()) { (item.words()) @if item.branch == 2 { hr; } } }
}

fn child(node: &Node) -> Child<'static> {
    live_child(node.dom_id(), format!("/child/{}", node.id))
}

fn item_child(node: &Node, id: &str, item: &Item) -> Child<'static> {
    live_child(id.to_owned(), format!("/item/{}/{}", node.id, item.id))
}

fn escaped(text: &str) -> String {
    html! { (text) }.to_html()
}

/// Markup that no template knows: one element, several, text, none.
fn markup(node: &Node) -> PreEscaped<String> {
    let (id, words) = (node.id, escaped(node.words()));
    PreEscaped(match node.branch {
        0 => format!("<em title=\"{id}\">{words}</em>"),
        1 => format!("<i>{words}</i><!-- {id} --> {words} <b title=\"{words}\"></b>"),
        _ => words,
    })
}

fn item_markup(id: &str, item: &Item) -> PreEscaped<String> {
    let words = escaped(item.words());
    PreEscaped(format!(
        "<li id=\"{id}\"><b>{words}</b>{}</li>",
        item.branch
    ))
}
