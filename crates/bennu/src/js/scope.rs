//! Which elements a command means.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// Which elements a command means. A text is a CSS selector in the whole
/// document, of which all elements are meant.
///
/// ```
/// use bennu::js::Scope;
/// use bennu::prelude::*;
///
/// let row = 7;
/// let commands = Js::new()
///     .hide("#help")
///     .hide(format!("#row-{row}"))
///     .hide(Scope::this())
///     .hide(Scope::closest("li"))
///     .hide(Scope::inner(".details"));
/// # assert_eq!(
/// #     commands.to_string(),
/// #     r##"[["hide",{"to":"#help"}],["hide",{"to":"#row-7"}],["hide",{}],["hide",{"to":{"closest":"li"}}],["hide",{"to":{"inner":".details"}}]]"##,
/// # );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    This,
    Document(String),
    Closest(String),
    Inner(String),
}

impl Scope {
    /// The element that holds the commands.
    #[must_use]
    pub const fn this() -> Self {
        Self(Kind::This)
    }

    /// The nearest element around with this selector, the element that holds
    /// the commands included.
    #[must_use]
    pub fn closest(selector: impl Into<String>) -> Self {
        Self(Kind::Closest(selector.into()))
    }

    /// The elements with this selector inside the one that holds the commands.
    #[must_use]
    pub fn inner(selector: impl Into<String>) -> Self {
        Self(Kind::Inner(selector.into()))
    }

    pub(super) fn is_this(&self) -> bool {
        self.0 == Kind::This
    }
}

impl From<&str> for Scope {
    fn from(selector: &str) -> Self {
        Self::from(selector.to_owned())
    }
}

impl From<String> for Scope {
    fn from(selector: String) -> Self {
        Self(Kind::Document(selector))
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (key, selector) = match &self.0 {
            Kind::This => return serializer.serialize_none(),
            Kind::Document(selector) => return serializer.serialize_str(selector),
            Kind::Closest(selector) => ("closest", selector),
            Kind::Inner(selector) => ("inner", selector),
        };
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(key, selector)?;
        map.end()
    }
}
