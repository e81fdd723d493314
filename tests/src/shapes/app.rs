//! The application around the views: its routes and layouts, and what can be
//! asked of it while it runs. Who serves it gives it a server: `Run` one in
//! memory, `tests/src/bin/walk-app` one that browsers reach.

use axum::routing::get;
use axum::{Extension, Router};
use bennu::{
    Bennu, Config, DOCTYPE, Layout, Limits, LiveSession, Page, PubSub, Rendered, Shutdown, html,
    link, live, live_sticky,
};
use serde::{Deserialize, Serialize};

use super::choices::Choices;
use super::shape::Shapes;
use super::view::{
    CHILD, ELSEWHERE, ITEM, Move, NEWS, News, PAGE_A, PAGE_B, PLAIN, STICKY, TreeView,
};
use super::world::World;

/// The paths that pages link to.
const PATHS: [&str; 5] = ["/a/0", "/a/1", "/b/0", "/b/1", "/a/elsewhere"];

/// What shall happen on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Something of what the pages show changes.
    Change,
    /// The view of the page renders something else.
    TickPage,
    /// The view that stays on all pages does.
    TickSticky,
    /// All children do.
    TickChild,
    /// The view of the page patches.
    Patch,
    /// The view of the page navigates.
    Navigate,
    /// The view of the page fails and is mounted anew.
    FailPage,
    /// The view that stays on all pages does.
    FailSticky,
    /// All children do.
    FailChild,
}

/// What the server knows of what a client has to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// Path and query of the page whose view was told its parameters last.
    pub location: String,
    /// The fields in the entries of lists.
    pub fields: Vec<FieldEntry>,
    /// The shapes that the pages had while they were shown.
    pub seen: Shapes,
}

/// A field in the entry of a list, which is known by the text before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FieldEntry {
    /// The text before it.
    pub id: u16,
    /// Changes when another element may show it.
    pub epoch: u32,
    /// Whether the entry was new when that changed last.
    pub is_new: bool,
}

/// An application whose pages are random, and change as its choices decide.
#[derive(Debug)]
pub struct Application {
    world: World,
    pubsub: PubSub,
    choices: Choices,
    router: Router,
    shutdown: Shutdown,
}

impl Application {
    /// An application whose pages have no shapes but these, and change as
    /// these numbers decide.
    #[must_use]
    pub fn new(mut choices: Choices, shapes: Shapes) -> Self {
        let world = World::new(shapes);
        world.state().plant(&mut choices);
        let pubsub = PubSub::new();
        let (router, shutdown) = serve(world.clone(), pubsub.clone());
        Self {
            world,
            pubsub,
            choices,
            router,
            shutdown,
        }
    }

    /// What answers the requests to it.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// What ends its views.
    #[must_use]
    pub fn shutdown(&self) -> Shutdown {
        self.shutdown.clone()
    }

    /// A number below `most`, by which a test may decide something.
    pub fn choose_below(&mut self, most: usize) -> usize {
        self.choices.below(most)
    }

    /// Lets something happen on the server. Tells what.
    pub fn step(&mut self, step: Step) -> String {
        let Self { world, choices, .. } = self;
        let tick = |kind: &str| {
            *(world.state().ticks.entry(kind.to_owned())).or_default() += 1;
            (format!("tick {kind}"), News::Changed)
        };
        let (done, news) = match step {
            Step::Change => (world.state().change(choices), News::Changed),
            Step::TickPage => tick("page"),
            Step::TickSticky => tick("sticky"),
            Step::TickChild => tick("child"),
            Step::FailPage => ("fail the page".to_owned(), News::Fail("page")),
            Step::FailSticky => ("fail the sticky view".to_owned(), News::Fail("sticky")),
            Step::FailChild => ("fail the children".to_owned(), News::Fail("child")),
            Step::Patch | Step::Navigate => {
                let to = choose_path(&world.state().allowed, step, choices).to_owned();
                let replaces = choices.below(3) == 0;
                let to = match (step, replaces) {
                    (Step::Patch, false) => Move::Patch(to),
                    (Step::Patch, true) => Move::ReplacePatch(to),
                    (_, false) => Move::Navigate(to),
                    (_, true) => Move::ReplaceNavigate(to),
                };
                (format!("go {to:?}"), News::Go(to))
            }
        };
        self.pubsub.broadcast(&NEWS, news);
        done
    }

    /// What the server knows of what a client has to show.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let state = self.world.state();
        let entry = |(id, epoch, is_new)| FieldEntry { id, epoch, is_new };
        Facts {
            location: state.location.clone(),
            fields: state.fields().into_iter().map(entry).collect(),
            seen: state.seen.clone(),
        }
    }
}

/// Where the view of a page leads its browser.
fn choose_path(allowed: &Shapes, step: Step, choices: &mut Choices) -> &'static str {
    let is_allowed = step == Step::Navigate || allowed.contains("patch that leads elsewhere");
    let is_path = |path: &&&str| is_allowed || !path.ends_with(ELSEWHERE);
    let paths: Vec<&str> = PATHS.iter().filter(is_path).copied().collect();
    choices.pick(&paths).copied().unwrap_or(PATHS[0])
}

/// The routes around the views, which show this world.
fn serve(world: World, pubsub: PubSub) -> (Router, Shutdown) {
    debug_assert!(PATHS[4].ends_with(ELSEWHERE));
    // Neither how fast a test is nor how much it shows is its subject.
    let limits = Limits {
        messages_per_second: 1_000_000,
        children: 1000,
        ..Limits::default()
    };
    let config = Config::new("a secret of random shapes, 32 bytes or more").expect("it is long");
    let plain = Router::new()
        .route("/plain/{tab}", get(live::<TreeView<PLAIN>>()))
        .layer(LiveSession::new("plain", page));
    let routes = Router::new()
        .route("/a/{tab}", get(live::<TreeView<PAGE_A>>()))
        .route("/b/{tab}", get(live::<TreeView<PAGE_B>>()))
        .route("/child/{id}", get(live::<TreeView<CHILD>>()))
        .route("/item/{stream}/{id}", get(live::<TreeView<ITEM>>()))
        .route("/sticky", get(live::<TreeView<STICKY>>()))
        .merge(plain)
        .layer(Extension(world));
    let bennu = Bennu::new(config.limits(limits))
        .pubsub(pubsub)
        .layout(page_with_portals)
        .live_layout(around);
    let shutdown = bennu.shutdown();
    (bennu.serve(routes), shutdown)
}

fn page(page: &Page<'_>) -> Rendered {
    html! { (DOCTYPE) html { head { (page.head()) } body { (page.content()) } } }
}

fn page_with_portals(page: &Page<'_>) -> Rendered {
    html! {
        (DOCTYPE)
        html { head { (page.head()) } body { div #portals {} (page.content()) } }
    }
}

fn around(layout: &Layout<'_>) -> Rendered {
    html! {
        (live_sticky("sticky", "/sticky"))
        nav {
            @for path in PATHS key=(path) {
                a ..(link::patch(path)) { "patch " (path) }
                a ..(link::navigate(path)) { "navigate " (path) }
            }
        }
        p #uri { (layout.uri()) }
        (layout.content())
    }
}
