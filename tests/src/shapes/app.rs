//! The application around the views: its routes and layouts.

use axum::routing::get;
use axum::{Extension, Router};
use bennu::{
    Bennu, Config, DOCTYPE, Layout, Limits, LiveSession, Page, PubSub, Rendered, html, link, live,
    live_sticky,
};

use super::view::{CHILD, ELSEWHERE, ITEM, PAGE_A, PAGE_B, PLAIN, STICKY, TreeView};
use super::world::World;

/// The paths that pages link to.
pub(super) const PATHS: [&str; 5] = ["/a/0", "/a/1", "/b/0", "/b/1", "/a/elsewhere"];

/// The application, which shows this world.
pub(super) fn router(world: World, pubsub: PubSub) -> Router {
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
    Bennu::new(config.limits(limits))
        .pubsub(pubsub)
        .layout(page_with_portals)
        .live_layout(around)
        .serve(routes)
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
