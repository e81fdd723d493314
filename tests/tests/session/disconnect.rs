//! Connections of one visitor end at the application's word.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use bennu::hook::{Hook, HookSocket};
use bennu::{Bennu, ConnectionOwner, Limits, Result};
use bennu_tests::{Browser, Came, Live};
use http::request::Parts;
use serde_json::json;
use tokio::sync::Notify;

use crate::join::without_flash;
use crate::stage::{Stage, bennu, config, routes, seconds, settle};

/// Knows a visitor by the cookie `user`, until they are logged out.
fn stage(logged_out: Arc<Mutex<Vec<String>>>) -> (Stage, bennu::Connections) {
    let authenticate = move |mut request: Request, next: Next| {
        let user = user(request.headers());
        let gone = logged_out.lock().unwrap().contains(&user);
        async move {
            if gone {
                return Redirect::to("/login").into_response();
            }
            let owner = ConnectionOwner::new(format!("user:{user}"));
            request.extensions_mut().insert(owner);
            next.run(request).await
        }
    };
    let bennu = bennu();
    let connections = bennu.connections();
    let stage = Stage::of(bennu, routes().layer(from_fn(authenticate)));
    (stage, connections)
}

fn user(headers: &HeaderMap) -> String {
    let cookies = headers
        .get("cookie")
        .map_or("", |value| value.to_str().unwrap());
    let user = cookies
        .split("; ")
        .find_map(|pair| pair.strip_prefix("user="));
    user.unwrap_or("nobody").to_owned()
}

async fn visit(browser: &mut Browser) -> Live {
    browser.visit("/puppet").await
}

#[tokio::test(start_paused = true)]
async fn who_is_logged_out_is_disconnected_and_turned_away() {
    let logged_out = Arc::default();
    let (stage, connections) = stage(Arc::clone(&logged_out));
    let mut ann = stage.browser().with_cookie("user", "ann");
    let mut bob = stage.browser().with_cookie("user", "bob");
    let (mut first, mut second) = (visit(&mut ann).await, visit(&mut ann).await);
    let mut other = visit(&mut bob).await;
    let page = ann.open("/puppet").await;
    // Not joined yet: it is nobody's, and its join is turned away.
    let mut idle = Live::new(ann.connect(&page).await, page);
    assert_eq!(connections.disconnect("user:"), 0);

    logged_out.lock().unwrap().push("ann".to_owned());
    assert_eq!(connections.disconnect("user:ann"), 2);
    assert_eq!(first.client.closed().await, 1001);
    assert_eq!(second.client.closed().await, 1001);
    other.client.beat().await;
    settle().await;
    assert_eq!(connections.disconnect("user:ann"), 0);

    let payload = idle.join_payload();
    let reply = idle.try_join(payload).await;
    assert_eq!(
        without_flash(reply.refused()),
        json!({"redirect": {"to": "/login"}})
    );
    let mut again = Live::new(ann.connect(&first.page).await, first.page.clone());
    let payload = again.join_payload();
    let reply = again.try_join(payload).await;
    assert_eq!(
        without_flash(reply.refused()),
        json!({"redirect": {"to": "/login"}})
    );
    assert_eq!(connections.disconnect("user:bob"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_connection_belongs_to_whom_a_patch_says() {
    let name = Arc::new(Mutex::new("guest"));
    let known = Arc::clone(&name);
    let authenticate = move |mut request: Request, next: Next| {
        let owner = ConnectionOwner::new(*known.lock().unwrap());
        request.extensions_mut().insert(owner);
        next.run(request)
    };
    let bennu = bennu();
    let connections = bennu.connections();
    let stage = Stage::of(bennu, routes().layer(from_fn(authenticate)));
    let mut live = stage.visit("/puppet").await;
    *name.lock().unwrap() = "ann";
    let patch = json!({"url": "http://test/puppet?page=2"});
    assert_ne!(*live.ask("live_patch", patch).await.ok(), json!({}));
    assert_eq!(connections.disconnect("guest"), 0);
    assert_eq!(connections.disconnect("ann"), 1);
    assert_eq!(live.client.closed().await, 1001);
}

#[tokio::test(start_paused = true)]
async fn open_connections_are_counted() {
    let (stage, connections) = stage(Arc::default());
    assert_eq!(connections.count(), 0);
    let mut ann = stage.browser().with_cookie("user", "ann");
    let (first, _second) = (visit(&mut ann).await, visit(&mut ann).await);
    assert_eq!(connections.count(), 2);
    drop(first);
    settle().await;
    assert_eq!(connections.count(), 1);
}

/// Takes as long to be mounted as the test wants.
#[derive(Clone)]
struct Slow(Arc<Notify>);

impl Hook for Slow {
    async fn mount(&mut self, _: &mut Parts, socket: &mut HookSocket<'_>) -> Result {
        if socket.connected() {
            self.0.notified().await;
        }
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_logged_out_while_a_view_is_mounted_is_disconnected_too() {
    let go = Arc::new(Notify::new());
    let bennu = bennu().hook(Slow(Arc::clone(&go)));
    let connections = bennu.connections();
    let authenticate = |mut request: Request, next: Next| {
        request.extensions_mut().insert(ConnectionOwner::new("ann"));
        next.run(request)
    };
    let stage = Stage::of(bennu, routes().layer(from_fn(authenticate)));
    let mut live = stage.open("/puppet").await;
    let payload = live.join_payload();
    live.push_join(payload).await;
    settle().await;
    assert_eq!(connections.disconnect("ann"), 1);
    go.notify_one();
    assert_eq!(live.client.closed().await, 1001);
}

/// Middleware that looks a session up and takes as long as the test wants.
#[derive(Clone, Default)]
struct Store {
    is_slow: Arc<AtomicBool>,
    go: Arc<Notify>,
}

impl Store {
    async fn authenticate(self, mut request: Request, next: Next) -> Response {
        // The session was found: this is before it ends.
        if self.is_slow.load(Ordering::Relaxed) {
            self.go.notified().await;
        }
        request.extensions_mut().insert(ConnectionOwner::new("ann"));
        next.run(request).await
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_logged_out_before_it_is_known_whose_the_connection_is_is_disconnected_too() {
    let store = Store::default();
    let bennu = bennu();
    let connections = bennu.connections();
    let layer = {
        let store = store.clone();
        from_fn(move |request, next| store.clone().authenticate(request, next))
    };
    let stage = Stage::of(bennu, routes().layer(layer));
    let mut early = stage.open("/puppet").await;
    let mut patched = stage.visit("/puppet").await;
    let mut late = stage.open("/puppet").await;
    stage.log.take();

    store.is_slow.store(true, Ordering::Relaxed);
    let payload = early.join_payload();
    early.push_join(payload).await;
    settle().await;
    // It is not known yet that the first is theirs too.
    assert_eq!(connections.disconnect("ann"), 1);
    assert_eq!(patched.client.closed().await, 1001);
    // Whoever comes after that has logged in again, or is turned away.
    store.is_slow.store(false, Ordering::Relaxed);
    late.join().await;
    store.go.notify_waiters();
    settle().await;
    while let Came::Frame(_) = early.client.came().await {}
    late.client.beat().await;
    assert_eq!(
        stage.log.take(),
        ["terminate Disconnected", "mount connected"]
    );
    assert_eq!(connections.disconnect("ann"), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_that_waits_is_handled_for_who_was_logged_out() {
    let limits = Limits {
        messages_per_second: 1000,
        ..Limits::default()
    };
    let bennu = Bennu::new(config().limits(limits));
    let connections = bennu.connections();
    let authenticate = |mut request: Request, next: Next| {
        let owner = ConnectionOwner::new(user(request.headers()));
        request.extensions_mut().insert(owner);
        next.run(request)
    };
    let stage = Stage::of(bennu, routes().layer(from_fn(authenticate)));
    let mut ann = stage.browser().with_cookie("user", "ann");
    let mut bob = stage.browser().with_cookie("user", "bob");
    let (mut first, mut other) = (visit(&mut ann).await, visit(&mut bob).await);
    let event = |name: &str, value| json!({"type": "click", "event": name, "value": value});
    first
        .push("event", event("wait", json!({"ms": 1000})))
        .await;
    for at in 0..200 {
        let shout = event("shout", json!({"text": at.to_string()}));
        first.push("event", shout).await;
    }
    settle().await;
    assert_eq!(connections.disconnect("ann"), 1);
    while let Came::Frame(_) = first.client.came().await {}
    seconds(10).await;
    other.client.quiet().await;
}
