//! Short notices for the visitor that outlive one page change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Notices by kind, such as `"info"` and `"error"`; the live layout shows them.
///
/// A view sets them with [`Socket::put_flash`](crate::Socket::put_flash), an
/// ordinary handler with [`Notices`](crate::Notices). They travel along a navigation or redirect that happens in the same turn, are
/// cleared by a patch and by `phx-click="lv:clear-flash"` (`protocol.md §5.7`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    #[serde(flatten)]
    notices: BTreeMap<String, String>,
    /// How many views in a row, up to here, led on to another while they were
    /// joined. It travels the same way as notices do.
    #[serde(rename = "_hops", default, skip_serializing_if = "is_zero")]
    hops: u8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(hops: &u8) -> bool {
    *hops == 0
}

impl Flash {
    /// The notice of this kind.
    #[must_use]
    pub fn get(&self, kind: &str) -> Option<&str> {
        self.notices.get(kind).map(String::as_str)
    }

    /// All notices, `(kind, text)`, in the order of their kinds.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.notices
            .iter()
            .map(|(kind, text)| (kind.as_str(), text.as_str()))
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.notices.is_empty()
    }

    /// Whether there is nothing to carry on.
    pub(crate) fn is_trivial(&self) -> bool {
        self.is_empty() && self.hops == 0
    }

    /// One more view is joined on the way. Returns how many it were.
    pub(crate) fn hop(&mut self) -> u8 {
        self.hops = self.hops.saturating_add(1);
        self.hops - 1
    }

    /// The visitor has arrived.
    pub(crate) fn arrive(&mut self) {
        self.hops = 0;
    }

    pub(crate) fn put(&mut self, kind: &str, text: String) {
        self.notices.insert(kind.to_owned(), text);
    }

    pub(crate) fn clear(&mut self, kind: Option<&str>) {
        match kind {
            Some(kind) => {
                self.notices.remove(kind);
            }
            None => self.notices.clear(),
        }
    }
}
