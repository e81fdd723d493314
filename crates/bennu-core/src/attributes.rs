//! Attributes that code brings to a template: [`Attributes`].

use std::fmt::{Display, Write};

use crate::binding::{Binding, write_attribute};
use crate::render::{Escaping, Filled, Place};
use crate::url::{TrustedUrl, write_judged};

/// Attributes for an element of a template, `..(attributes)`: what a function
/// that renders an element lets its callers add to it.
///
/// ```
/// # use bennu_core::Attributes;
/// let attributes = Attributes::new().with("maxlength", 80).flag("required").class("wide");
/// assert_eq!(attributes.to_html(), r#" class="wide" maxlength="80" required"#);
/// ```
///
/// Values are escaped. Names are part of the program: no text of a peer can
/// become one. Of two attributes with one name a browser takes the first; but
/// classes that are brought join those that the element has, `p.card ..(rest)`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// All but the classes as they are written into the tag, with a space in
    /// front of each.
    html: String,
    /// The classes, escaped, with a space between them.
    classes: String,
}

impl Attributes {
    /// No attributes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one with a value. Where the name is that of an address (`href`,
    /// `src`, `action` and so on), one whose scheme could run something is
    /// replaced by one that leads nowhere: see [`url`](Self::url).
    #[must_use]
    #[track_caller]
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        if name == "class" {
            return self.class(value);
        }
        self.name(name);
        self.html.push_str("=\"");
        write_judged(name, value, &mut self.html);
        self.html.push('"');
        self
    }

    /// Adds one whose value is an address that the program vouches for, with
    /// any scheme.
    #[must_use]
    pub fn url(mut self, name: &'static str, TrustedUrl(url): TrustedUrl<impl Display>) -> Self {
        self.name(name);
        self.html.push_str("=\"");
        // As in `Place::display`: what a failing value wrote stands.
        let _ = write!(Escaping(&mut self.html), "{url}");
        self.html.push('"');
        self
    }

    /// Adds one without a value, such as `required`.
    #[must_use]
    pub fn flag(mut self, name: &'static str) -> Self {
        self.name(name);
        self
    }

    /// Adds a class, or several with spaces between them. Empty ones change
    /// nothing.
    #[must_use]
    pub fn class(mut self, class: impl Display) -> Self {
        let before = self.classes.len();
        if before > 0 {
            self.classes.push(' ');
        }
        let start = self.classes.len();
        let _ = write!(Escaping(&mut self.classes), "{class}");
        if self.classes.len() == start {
            self.classes.truncate(before);
        }
        self
    }

    /// Adds an event, as `phx-click=(event)` does in a template.
    ///
    /// ```
    /// # use bennu_core::{Attributes, Binding, BindingWriter};
    /// # struct Save;
    /// # impl Binding for Save {
    /// #     fn bind(&self, attribute: &mut BindingWriter<'_>) { attribute.event("save") }
    /// # }
    /// let attributes = Attributes::new().event("phx-click", &Save);
    /// assert_eq!(attributes.to_html(), r#" phx-click="save""#);
    /// ```
    #[must_use]
    pub fn event(mut self, name: &'static str, event: &(impl Binding + ?Sized)) -> Self {
        write_attribute(name, event, &mut self.html);
        self
    }

    /// Adds all of another value, after its own.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.html.push_str(&other.html);
        if !self.classes.is_empty() && !other.classes.is_empty() {
            self.classes.push(' ');
        }
        self.classes.push_str(&other.classes);
        self
    }

    /// What stands in the tag of an element without classes of its own.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut html = String::new();
        self.write(&mut html);
        html
    }

    fn write(&self, out: &mut String) {
        if !self.classes.is_empty() {
            out.push_str(" class=\"");
            out.push_str(&self.classes);
            out.push('"');
        }
        out.push_str(&self.html);
    }

    /// Fills the place between the attributes of an element; for `html!`.
    #[doc(hidden)]
    pub fn fill(&self, place: Place<'_>) -> Filled {
        place.html_with(|out| self.write(out))
    }

    /// As [`fill`](Self::fill), where the classes of the element were written
    /// and their attribute is still open.
    #[doc(hidden)]
    pub fn fill_after_classes(&self, place: Place<'_>) -> Filled {
        place.html_with(|out| {
            if !self.classes.is_empty() {
                // Those that come and go may all be gone.
                if !out.ends_with('"') {
                    out.push(' ');
                }
                out.push_str(&self.classes);
            }
            out.push('"');
            out.push_str(&self.html);
        })
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
        assert_eq!(attributes.to_html(), " title=\"&quot;&gt;&lt;b a='&amp;\"");
    }
}
