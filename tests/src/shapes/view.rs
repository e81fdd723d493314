//! The views of the application: two pages, a view that stays while one
//! navigates between them, and children. Each shows nodes of the world.

use axum::Extension;
use bennu::{Error, Event, LiveView, Rendered, Result, Socket, Topic, html};

use super::items::Operation;
use super::node::{Node, Places, find};
use super::shape::ANOTHER_STREAM;
use super::template::{Context, new_stream};
use super::world::{World, page_of, roots_of};

/// What happened: each connected view hears all of it.
pub(super) const NEWS: Topic<News> = Topic::new("news");

/// What a view is for.
pub(super) const PAGE_A: u8 = 0;
pub(super) const PAGE_B: u8 = 1;
/// A page without a layout and so without a sticky view.
pub(super) const PLAIN: u8 = 2;
pub(super) const CHILD: u8 = 3;
pub(super) const ITEM: u8 = 4;
pub(super) const STICKY: u8 = 5;

/// The tab of a page that sends its visitors to another one, with a patch.
pub(super) const ELSEWHERE: &str = "elsewhere";

#[derive(Clone, Debug)]
pub(super) enum News {
    /// Something in the world.
    Changed,
    /// The view of the page shall go somewhere.
    Go(Move),
    /// Views of this kind shall fail.
    Fail(&'static str),
}

/// How the view of a page leads its browser to a path.
#[derive(Clone, Debug)]
pub(super) enum Move {
    Patch(String),
    ReplacePatch(String),
    Navigate(String),
    ReplaceNavigate(String),
}

/// A view that shows nodes of the world.
pub(super) struct TreeView<const ROLE: u8> {
    /// Which nodes.
    key: String,
    nodes: Vec<Node>,
    /// What the item of a stream says that it shows.
    words: &'static str,
    context: Context,
    /// Where the streams stand since the last turn.
    places: Places,
    /// How many of the operations on streams it has performed.
    performed: usize,
    /// Whether it empties a new stream, which may come to the place of another.
    is_careful: bool,
}

#[derive(Event)]
pub(super) enum TreeEvent {
    Count,
}

/// The kind of a view, as ticks name it.
fn kind(role: u8) -> &'static str {
    match role {
        CHILD | ITEM => "child",
        STICKY => "sticky",
        _ => "page",
    }
}

impl<const ROLE: u8> TreeView<ROLE> {
    /// The key of the nodes at a URL, and whether it sends its visitors away.
    fn key_of(uri: &str) -> String {
        match ROLE {
            CHILD | ITEM => uri.trim_start_matches('/').replace('/', "-"),
            STICKY => "sticky".to_owned(),
            _ => page_of(uri),
        }
    }

    /// Shows what the world holds now. A stream that stands where it stood is
    /// told what was asked of it, any other is filled again.
    fn refresh(&mut self) {
        let state = self.context.world.state();
        if let Some(nodes) = state.content.nodes_of(&self.key) {
            self.nodes = nodes.to_vec();
        }
        if let Some(item) = state.content.item(&self.key) {
            self.words = item.words();
        }
        let places = Places::of(&self.nodes, roots_of(&self.key));
        let news = &state.operations[self.performed..];
        let mut streams = self.context.streams();
        for (id, place) in &places.streams {
            let items = state.content.items.get(id).cloned().unwrap_or_default();
            let limit = find(&self.nodes, *id).and_then(|node| node.limit);
            let Some(stream) = streams.get_mut(id) else {
                let mut stream = new_stream(*id, limit);
                if self.is_careful {
                    stream.reset();
                }
                stream.extend(items);
                streams.insert(*id, stream);
                continue;
            };
            if self.places.streams.get(id) == Some(place) {
                let own = news.iter().filter(|(of, _)| of == id);
                own.for_each(|(_, operation)| operation.perform(stream));
            } else {
                Operation::ResetWith(items).perform(stream);
            }
        }
        self.performed = state.operations.len();
        drop((state, streams));
        self.places = places;
    }
}

impl<const ROLE: u8> LiveView for TreeView<ROLE> {
    type Params = Extension<World>;
    type Event = TreeEvent;
    type Info = News;

    async fn mount(Extension(world): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&NEWS, Clone::clone);
        let mut view = Self {
            key: Self::key_of(socket.uri()),
            nodes: Vec::new(),
            words: "",
            context: Context::new(world.clone()),
            places: Places::default(),
            performed: world.state().operations.len(),
            is_careful: false,
        };
        view.refresh();
        view.is_careful = !world.state().allowed.contains(ANOTHER_STREAM);
        Ok(view)
    }

    async fn handle_params(&mut self, _: Self::Params, socket: &mut Socket<Self>) -> Result {
        if kind(ROLE) != "page" {
            return Ok(());
        }
        let uri = socket.uri().to_owned();
        if uri.ends_with(ELSEWHERE) {
            return socket.push_patch("/a/1");
        }
        self.key = Self::key_of(&uri);
        if socket.connected() {
            self.context.world.state().location = uri;
        }
        self.refresh();
        Ok(())
    }

    async fn handle_event(&mut self, TreeEvent::Count: TreeEvent, _: &mut Socket<Self>) -> Result {
        self.context.world.add_count(&self.key);
        Ok(())
    }

    async fn handle_info(&mut self, news: News, socket: &mut Socket<Self>) -> Result {
        match news {
            News::Changed => self.refresh(),
            News::Fail(of) if of == kind(ROLE) => return Err(Error::message("as it was told")),
            News::Go(to) if kind(ROLE) == "page" => match to {
                Move::Patch(to) => socket.push_patch(to)?,
                Move::ReplacePatch(to) => socket.replace_patch(to)?,
                Move::Navigate(to) => socket.push_navigate(to)?,
                Move::ReplaceNavigate(to) => socket.replace_navigate(to)?,
            },
            News::Go(_) | News::Fail(_) => {}
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let world = &self.context.world;
        let tick = world.state().ticks.get(kind(ROLE)).copied().unwrap_or(0);
        let show = |node: &Node| self.context.show(node);
        html! {
            header {
                "tick " (tick) " "
                button type="button" phx-click=(TreeEvent::Count) { (world.count(&self.key)) }
            }
            @match ROLE {
                PAGE_A | PLAIN | STICKY => {
                    main { @for node in &self.nodes key=(node.id) { (show(node)) } }
                }
                PAGE_B => {
                    (self.nodes.first().map(show)) main { (self.nodes.get(1).map(show)) }
                    @for node in self.nodes.iter().skip(2) { (show(node)) }
                }
                ITEM => p { (self.words) },
                _ => @for node in &self.nodes { div { (show(node)) } }
            }
        }
    }
}
