//! The unchanging half of a piece of HTML, as `html!` writes it at compile
//! time. What changes lives in [`Rendered`](crate::Rendered).

use rapidhash::v3::rapidhash_v3;

/// The static strings around a number of dynamics, and their fingerprint.
///
/// There is one string more than there are dynamics; the HTML is
/// `statics[0] dynamic[0] statics[1] … statics[n]`. Two templates have the same
/// fingerprint exactly if their statics are the same, also across builds.
#[derive(Debug)]
pub struct Template {
    statics: &'static [&'static str],
    fingerprint: u64,
    element: bool,
}

impl Template {
    /// A template whose HTML may be anything: text, several elements, nothing.
    #[must_use]
    pub const fn fragment(statics: &'static [&'static str]) -> Self {
        Self::new(statics, false)
    }

    /// A template whose HTML is exactly one element, whatever its dynamics hold
    /// (`r: 1` on the wire, `protocol.md §4.8`).
    #[must_use]
    pub const fn element(statics: &'static [&'static str]) -> Self {
        Self::new(statics, true)
    }

    /// As [`fragment`](Self::fragment), with the fingerprint that `html!`
    /// computed: evaluated by the compiler, the hash of all statics of an
    /// application would be half of the time that its templates take.
    #[doc(hidden)]
    #[must_use]
    pub const fn hashed_fragment(statics: &'static [&'static str], fingerprint: u64) -> Self {
        Self::hashed(statics, false, fingerprint)
    }

    /// As [`element`](Self::element), with the fingerprint that `html!`
    /// computed.
    #[doc(hidden)]
    #[must_use]
    pub const fn hashed_element(statics: &'static [&'static str], fingerprint: u64) -> Self {
        Self::hashed(statics, true, fingerprint)
    }

    const fn new(statics: &'static [&'static str], element: bool) -> Self {
        // Invariant: `fingerprint` in bennu-macros does the same; its tests
        // compare the two.
        let mut fingerprint = 0;
        let mut index = 0;
        while index < statics.len() {
            // The rotation makes the order count, the hash covers the length.
            fingerprint = u64::rotate_left(fingerprint, 5).wrapping_mul(0x9E37_79B9_7F4A_7C15)
                ^ rapidhash_v3(statics[index].as_bytes());
            index += 1;
        }
        Self::hashed(statics, element, fingerprint)
    }

    const fn hashed(statics: &'static [&'static str], element: bool, fingerprint: u64) -> Self {
        assert!(
            !statics.is_empty(),
            "a template has at least one static string"
        );
        Self {
            statics,
            fingerprint,
            element,
        }
    }

    /// The static strings, one more than there are dynamics.
    #[must_use]
    pub const fn statics(&self) -> &'static [&'static str] {
        self.statics
    }

    /// The last static string, and those that stand before a dynamic.
    pub(crate) const fn split_statics(&self) -> (&'static str, &'static [&'static str]) {
        match self.statics.split_last() {
            Some((last, leading)) => (last, leading),
            None => ("", &[]),
        }
    }

    /// How many dynamics stand between the static strings.
    #[must_use]
    pub const fn dynamics(&self) -> usize {
        self.statics.len() - 1
    }

    /// A hash of the statics that is the same in every build and process.
    #[must_use]
    pub const fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// What stands in prints for a list of this template whose entries have
    /// memos: those prints have another layout.
    pub(crate) const fn memo_fingerprint(&self) -> u64 {
        !self.fingerprint
    }

    /// Whether the HTML is exactly one element.
    #[must_use]
    pub const fn is_element(&self) -> bool {
        self.element
    }
}
