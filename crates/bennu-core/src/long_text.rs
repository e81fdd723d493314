//! Texts of which only the changed part is sent, as they stand in a template.

use crate::render::{Filled, Place, Render};

/// A long text that changes in places: a log, or an answer that arrives word by
/// word.
///
/// It shows the same as `(text)`. A client that can is sent what was inserted
/// and deleted (`docs/extensions.md`), and puts that into the text which it has:
/// cost and selection are those of the change. To know what that is, the session
/// keeps the text as it was last sent. In an attribute's value it is a text as
/// any other.
///
/// ```text
/// pre { (long_text(&self.answer)) }
/// ```
#[must_use]
pub fn long_text<T: AsRef<str> + ?Sized>(text: &T) -> LongText<'_> {
    LongText(text.as_ref())
}

/// A text of which only the changed part is sent: see [`long_text`].
#[derive(Clone, Copy, Debug)]
pub struct LongText<'t>(&'t str);

impl Render for LongText<'_> {
    fn render(&self, place: Place<'_>) -> Filled {
        place.long_text(self.0)
    }
}
