//! What our own client understands beyond Phoenix's wire format
//! (`docs/extensions.md`).

/// Forms of messages that a client offered to understand. None by default: then
/// a message is what Phoenix's client expects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    pub(crate) moves: bool,
    pub(crate) splices: bool,
}

impl Extensions {
    /// Those that our client offers and this version knows, from the names that
    /// a client sent. Other names mean nothing.
    ///
    /// ```
    /// use bennu_core::wire::Extensions;
    ///
    /// assert_eq!(Extensions::of(["later"]), Extensions::default());
    /// assert_ne!(Extensions::of(["moves", "later"]), Extensions::default());
    /// ```
    pub fn of(names: impl IntoIterator<Item: AsRef<str>>) -> Self {
        let mut extensions = Self::default();
        for name in names {
            match name.as_ref() {
                "moves" => extensions.moves = true,
                "splices" => extensions.splices = true,
                _ => {}
            }
        }
        extensions
    }
}
