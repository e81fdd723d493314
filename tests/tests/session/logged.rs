//! What the server logs, and what it keeps out of there.

use std::sync::{Arc, Mutex};

use bennu::html;
use bennu_tests::Browser;
use serde_json::json;
use tracing::Level;
use tracing::subscriber::DefaultGuard;

use crate::stage::{Stage, bennu};

/// Keeps what is logged in this thread, for as long as the guard lives.
#[derive(Clone)]
pub(crate) struct Logged {
    level: Level,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Logged {
    /// What is logged at exactly this level.
    pub(crate) fn at(level: Level) -> (Self, DefaultGuard) {
        let logged = Self {
            level,
            lines: Arc::default(),
        };
        let guard = tracing::subscriber::set_default(logged.clone());
        (logged, guard)
    }

    /// The lines since the last call, each with its message and fields.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.lines.lock().unwrap())
    }
}

impl tracing::Subscriber for Logged {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() == self.level && metadata.target().starts_with("bennu")
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = Vec::new();
        event.record(
            &mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| match field.name() {
                "message" => line.insert(0, format!("{value:?}")),
                name => line.push(format!("{name}={value:?}")),
            },
        );
        self.lines.lock().unwrap().push(line.join(" "));
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test(start_paused = true)]
async fn mounts_patches_and_events_are_logged_by_name_and_without_values() {
    let stage = Stage::new();
    let (logged, _guard) = Logged::at(Level::DEBUG);
    let mut live = stage.visit("/puppet?token=secret").await;
    live.click("set", json!({"text": "secret"})).await;
    let url = Browser::url("/puppet?token=secret#secret");
    assert!(
        live.ask("live_patch", json!({"url": url}))
            .await
            .ok()
            .is_object()
    );
    let view = "view=\"session::stage::Puppet\"";
    let lines = [
        format!("a view is mounted {view} path=\"/puppet\" connected=false"),
        format!("a view is mounted {view} path=\"/puppet\" connected=true"),
        format!("an event comes {view} event=\"set\""),
        format!("the URL changes {view} path=\"/puppet\""),
    ];
    assert_eq!(logged.take(), lines);
}

#[test]
fn an_address_that_could_run_something_is_warned_of_once_and_without_its_text() {
    let _ = bennu();
    let (logged, _guard) = Logged::at(Level::WARN);
    for secret in ["javascript:secret()", "JavaScript:secret(2)"] {
        let page = html! { a href=(secret) {} };
        assert_eq!(page.to_html(), "<a href=\"about:invalid#bennu\"></a>");
    }
    let lines = logged.take();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("the attribute `href` of `a` at "));
    assert!(lines[0].contains("logged.rs:") && !lines[0].contains("secret"));
}
