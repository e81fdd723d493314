//! What an application does in vain: it is told to the developer once, where it
//! would otherwise only be missed.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// More faults than this are not told: what names them may come from anywhere.
const MOST_TOLD: usize = 256;

/// Logs a fault, if it is a new one. The text is the same for all times, and lives
/// as long as the process.
pub(crate) fn tell(text: &str) -> &'static str {
    static TOLD: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(text) = told.get(text) {
        return text;
    }
    if told.len() >= MOST_TOLD {
        return "the log has more faults than are told";
    }
    tracing::error!("{text}");
    let text: &'static str = Box::leak(text.into());
    told.insert(text);
    text
}

/// An event came to a view or component that has no callback for it.
pub(crate) fn unhandled(of: &str) -> &'static str {
    tell(&format!(
        "an event came to {of}, which has no `handle_event`: write one, or let its `Event` be \
         `Never`"
    ))
}

/// An answer was given that nobody waits for.
pub(crate) fn unasked_reply(view: &str) -> &'static str {
    tell(&format!(
        "a callback of {view} called `reply` where no event is handled, so nobody gets the \
         answer: call it in `handle_event`, or push an event"
    ))
}
