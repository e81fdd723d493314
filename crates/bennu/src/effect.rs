//! What callbacks ask for. They only record it; the turn performs it.

use serde::Serialize;

use crate::error::Result;

/// Where a browser is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The same view with another URL.
    Patch { to: String, replace: bool },
    /// Another live view.
    Navigate { to: String, replace: bool },
    /// A full page load.
    Redirect { to: String },
}

/// What one turn's callbacks asked for, in the order of asking.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    /// Events for the browser's window and hooks.
    pub(crate) events: Vec<PushedEvent>,
    /// The answer to the event, encoded.
    pub(crate) reply: Option<String>,
    /// The last request to go elsewhere.
    pub(crate) exit: Option<Exit>,
    /// The page's new title.
    pub(crate) title: Option<String>,
    /// Whether the notices changed, which the live layout shows.
    pub(crate) flash: bool,
}

impl Effects {
    /// In debug builds the page shows a fault of the application's: `web/faults.js` hears
    /// this event, which to any other page is one that nobody listens to.
    pub(crate) fn show_fault(&mut self, fault: &str) {
        if !cfg!(debug_assertions) {
            return;
        }
        let payload = serde_json::json!({ "fault": fault });
        self.events
            .extend(PushedEvent::new("bennu-fault", payload).ok());
    }
}

/// An event for the browser's window and hooks.
#[derive(Debug)]
pub(crate) struct PushedEvent {
    pub(crate) name: String,
    /// Encoded.
    pub(crate) payload: String,
    /// Whether it is dispatched before the patch that comes with it.
    pub(crate) before_patch: bool,
}

impl PushedEvent {
    pub(crate) fn new(name: &str, payload: impl Serialize) -> Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            payload: serde_json::to_string(&payload)?,
            before_patch: false,
        })
    }
}
