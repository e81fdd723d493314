//! Attributes that code brings to a template: [`Attributes`].

use std::fmt::{Display, Write};

use crate::render::{Escaping, Filled, Place};

/// Attributes for an element of a template, `..(attributes)`: what a function
/// that renders an element lets its callers add to it.
///
/// ```
/// # use bennu_core::Attributes;
/// let attributes = Attributes::new().with("maxlength", 80).flag("required");
/// assert_eq!(attributes.as_html(), r#" maxlength="80" required"#);
/// ```
///
/// Values are escaped. Names are part of the program: no text of a peer can
/// become one. Of two attributes with one name a browser takes the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// As it is written into the tag, with a space in front of each.
    html: String,
}

impl Attributes {
    /// No attributes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one with a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.name(name);
        self.html.push_str("=\"");
        // As in `Place::display`: what a failing value wrote stands.
        let _ = write!(Escaping(&mut self.html), "{value}");
        self.html.push('"');
        self
    }

    /// Adds one without a value, such as `required`.
    #[must_use]
    pub fn flag(mut self, name: &'static str) -> Self {
        self.name(name);
        self
    }

    /// What stands in the tag.
    #[must_use]
    pub fn as_html(&self) -> &str {
        &self.html
    }

    /// Fills the place between the attributes of an element; for `html!`.
    #[doc(hidden)]
    pub fn fill(&self, place: Place<'_>) -> Filled {
        place.html(&self.html)
    }

    fn name(&mut self, name: &'static str) {
        let is_safe = |byte: u8| byte.is_ascii_graphic() && !b"\"'<>/=".contains(&byte);
        debug_assert!(
            !name.is_empty() && name.bytes().all(is_safe),
            "`{name}` is no name of an attribute"
        );
        self.html.push(' ');
        self.html.push_str(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_can_leave_its_quotes() {
        let attributes = Attributes::new().with("title", "\"><b a='&");
        assert_eq!(attributes.as_html(), " title=\"&quot;&gt;&lt;b a='&amp;\"");
    }
}
