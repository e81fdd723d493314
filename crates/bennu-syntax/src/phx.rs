//! The attributes that the client reads (`protocol.md §7.1`).

use crate::nearest::nearest;

/// The ones that hold an event, and so can hold a typed one.
const EVENTS: &[&str] = &[
    "phx-auto-recover",
    "phx-blur",
    "phx-change",
    "phx-click",
    "phx-click-away",
    "phx-click-back",
    "phx-connected",
    "phx-disconnected",
    "phx-focus",
    "phx-keydown",
    "phx-keyup",
    "phx-mounted",
    "phx-progress",
    "phx-remove",
    "phx-submit",
    "phx-viewport-bottom",
    "phx-viewport-top",
    "phx-window-blur",
    "phx-window-focus",
    "phx-window-keydown",
    "phx-window-keyup",
];

/// Those whose event brings a form along.
pub(crate) const OF_FORMS: &[&str] = &["phx-auto-recover", "phx-change", "phx-submit"];

const OTHERS: &[&str] = &[
    "phx-click-again",
    "phx-debounce",
    "phx-disable-with",
    "phx-drop-target",
    "phx-hook",
    "phx-key",
    "phx-no-unused-field",
    "phx-patch-focused",
    "phx-target",
    "phx-throttle",
    "phx-track-static",
    "phx-trigger-action",
    "phx-update",
    "phx-viewport-overrun-target",
];

/// How the values of an element's children are brought up to date.
pub(crate) const UPDATES: &[&str] = &["ignore", "replace", "stream"];

pub(crate) fn is_event(attribute: &str) -> bool {
    EVENTS.binary_search(&attribute).is_ok()
}

/// Whether the attribute claims to be one of these and is none.
pub(crate) fn is_unknown(attribute: &str) -> bool {
    attribute.starts_with("phx-")
        && !is_event(attribute)
        && OTHERS.binary_search(&attribute).is_err()
        && attribute
            .strip_prefix("phx-value-")
            .is_none_or(str::is_empty)
}

/// The attribute that was probably meant.
pub(crate) fn meant(attribute: &str) -> Option<&'static str> {
    nearest(attribute, EVENTS.iter().chain(OTHERS).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_for_binary_search() {
        assert!(EVENTS.is_sorted());
        assert!(OTHERS.is_sorted());
        assert!(UPDATES.is_sorted());
    }

    #[test]
    fn values_have_any_name() {
        assert!(!is_unknown("phx-value-id"));
        assert!(is_unknown("phx-value-"));
        assert!(is_unknown("phx-clik"));
        // Of Phoenix's templates and of earlier clients.
        assert!(is_unknown("phx-no-format") && is_unknown("phx-feedback-for"));
        assert!(!is_unknown("data-phx-clik"));
    }
}
