//! Short notices for the visitor that outlive one page change.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Notices by kind, such as `"info"` and `"error"`; the live layout shows them.
///
/// A view sets them with [`Socket::put_flash`](crate::Socket::put_flash), an
/// ordinary handler or middleware with [`Notices`](crate::Notices). They travel
/// along a navigation or redirect that happens in the same turn, are cleared by a
/// patch and by `phx-click="lv:clear-flash"` (`protocol.md §5.7`).
///
/// To another page they travel in a cookie, if the browser loads it, and
/// otherwise in the message that leads there. Nobody knows in advance which it
/// will be, so both hold the same: about 3,000 bytes. Longer notices arrive
/// shortened, with `…` at their end, and the log has an error that names who put
/// them.
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

    /// These notices and, of the same kinds, the later ones.
    pub(crate) fn followed_by(mut self, later: Self) -> Self {
        self.notices.extend(later.notices);
        self.hops = self.hops.max(later.hops);
        self
    }

    /// Shortens notices, the longest first, until all together have at most so
    /// many bytes of JSON. Returns the kinds of those that it shortened.
    pub(crate) fn fit(&mut self, bytes: usize) -> BTreeSet<String> {
        let mut cut = BTreeSet::new();
        // Each round shortens a notice or takes one away, so it ends.
        loop {
            let excess = json_bytes(self).saturating_sub(bytes);
            let lengths = self.notices.iter().map(|(kind, text)| {
                let (kind_bytes, text_bytes) = (json_bytes(kind), json_bytes(text));
                (kind_bytes + text_bytes, kind, text_bytes)
            });
            let longest = lengths.max().filter(|_| excess > 0);
            let Some((_, kind, length)) = longest else {
                return cut;
            };
            let kind = kind.clone();
            let kept = length.saturating_sub(excess + json_bytes(ELLIPSIS));
            match self.notices.get_mut(&kind) {
                Some(text) if kept > 0 => shorten(text, kept),
                _ => {
                    self.notices.remove(&kind);
                }
            }
            cut.insert(kind);
        }
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

/// What a shortened notice ends with.
const ELLIPSIS: &str = "…";

/// Cuts a text so that its JSON grows to at most `bytes` and an ellipsis.
fn shorten(text: &mut String, bytes: usize) {
    let mut used = json_bytes("");
    let end = text.char_indices().find(|(_, letter)| {
        used += json_bytes(letter) - json_bytes("");
        used > bytes
    });
    text.truncate(end.map_or(text.len(), |(at, _)| at));
    text.push_str(ELLIPSIS);
}

/// How many bytes the JSON of a value has.
fn json_bytes(value: &(impl Serialize + ?Sized)) -> usize {
    // Notices are texts by texts, which always have a JSON form.
    serde_json::to_string(value).map_or(0, |json| json.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn flash(notices: &[(&str, &str)]) -> Flash {
        let mut flash = Flash::default();
        for (kind, text) in notices {
            flash.put(kind, (*text).to_owned());
        }
        flash
    }

    #[test]
    fn the_longest_notices_are_shortened_and_the_others_stay() {
        let long = "ä".repeat(500);
        let mut cut = flash(&[("error", "no"), ("info", &long)]);
        assert_eq!(cut.fit(200), BTreeSet::from(["info".to_owned()]));
        assert_eq!(cut.get("error"), Some("no"));
        let text = cut.get("info").expect("it is shortened");
        assert!(text.ends_with("ä…") && long.starts_with(text.trim_end_matches('…')));
        assert!(
            (190..=200).contains(&json_bytes(&cut)),
            "{}",
            json_bytes(&cut)
        );
        let whole = cut.clone();
        assert!(cut.fit(200).is_empty());
        assert_eq!(cut, whole);
    }

    proptest! {
        #[test]
        fn whatever_is_put_fits_and_what_fits_stays(
            notices in proptest::collection::btree_map(".{0,40}", ".{0,400}", 0..6),
            room in 2_usize..600,
        ) {
            let whole = Flash { notices, hops: 0 };
            let mut cut = whole.clone();
            let kinds = cut.fit(room);
            prop_assert!(json_bytes(&cut) <= room);
            prop_assert_eq!(kinds.is_empty(), json_bytes(&whole) <= room);
            for (kind, text) in whole.iter().filter(|(kind, _)| !kinds.contains(*kind)) {
                prop_assert_eq!(cut.get(kind), Some(text));
            }
        }
    }
}
