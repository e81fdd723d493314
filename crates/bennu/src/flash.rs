//! Short notices for the visitor that outlive one page change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Notices by kind, such as `"info"` and `"error"`; the live layout shows them.
///
/// A view sets them with [`Socket::put_flash`](crate::Socket::put_flash), an
/// ordinary handler with [`Notices`](crate::Notices). They
/// travel along a navigation or redirect that happens in the same turn, are
/// cleared by a patch and by `phx-click="lv:clear-flash"` (`protocol.md §5.7`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flash(BTreeMap<String, String>);

impl Flash {
    /// The notice of this kind.
    #[must_use]
    pub fn get(&self, kind: &str) -> Option<&str> {
        self.0.get(kind).map(String::as_str)
    }

    /// All notices, `(kind, text)`, in the order of their kinds.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(kind, text)| (kind.as_str(), text.as_str()))
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn put(&mut self, kind: &str, text: String) {
        self.0.insert(kind.to_owned(), text);
    }

    pub(crate) fn clear(&mut self, kind: Option<&str>) {
        match kind {
            Some(kind) => {
                self.0.remove(kind);
            }
            None => self.0.clear(),
        }
    }
}
