//! What a push expects to become of the page.

use bennu_core::url::judged;
use serde::{Serialize, Serializer};

use super::Scope;

/// What an event is expected to change, shown by Bennu's client at once, before
/// the server has answered; given to [`Push::predict`](super::Push::predict).
///
/// It lies over the page until the answer to that very event: then it is taken
/// away and what the server renders is shown, in one step. A guess that was
/// right is not seen to go; one that was wrong is undone, also when the view
/// fails or the connection is lost. What other events change meanwhile is shown
/// under it. Phoenix's client takes no notice of it.
///
/// ```
/// use bennu::js::{Predict, Push, Scope};
/// use bennu::prelude::*;
///
/// #[derive(Event)]
/// enum Msg {
///     Finish { id: u32 },
///     Delete { id: u32 },
/// }
///
/// fn row(id: u32, title: &str) -> Rendered {
///     let finish = Push::new(Msg::Finish { id })
///         .predict(Predict::check(Scope::this()))
///         .predict(Predict::add_class("done", Scope::closest("li")));
///     let delete = Push::new(Msg::Delete { id }).predict(Predict::hide(Scope::closest("li")));
///     html! {
///         li #{ "row-" (id) } {
///             input type="checkbox" phx-click=(Js::new().push(finish));
///             (title)
///             button phx-click=(Js::new().push(delete)) { "Delete" }
///         }
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predict {
    to: Scope,
    change: Change,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Change {
    Text(String),
    Class(String, bool),
    Attribute(String, Option<String>),
    Checked(bool),
    Hidden,
    Moved(String, bool),
}

impl Predict {
    /// This text stands in the elements, in place of all that they hold.
    #[must_use]
    pub fn text(text: impl Into<String>, to: impl Into<Scope>) -> Self {
        Self::of(Change::Text(text.into()), to)
    }

    /// The elements have this class.
    #[must_use]
    pub fn add_class(class: impl Into<String>, to: impl Into<Scope>) -> Self {
        Self::of(Change::Class(class.into(), true), to)
    }

    /// The elements don't have this class.
    #[must_use]
    pub fn remove_class(class: impl Into<String>, to: impl Into<Scope>) -> Self {
        Self::of(Change::Class(class.into(), false), to)
    }

    /// The elements have this attribute. An address is judged as in
    /// [`Js::set_attribute`](crate::Js::set_attribute).
    #[must_use]
    #[track_caller]
    pub fn set_attribute(
        name: impl Into<String>,
        value: impl Into<String>,
        to: impl Into<Scope>,
    ) -> Self {
        let (name, value) = (name.into(), value.into());
        let value = judged(&name, &value).to_owned();
        Self::of(Change::Attribute(name, Some(value)), to)
    }

    /// The elements don't have this attribute.
    #[must_use]
    pub fn remove_attribute(name: impl Into<String>, to: impl Into<Scope>) -> Self {
        Self::of(Change::Attribute(name.into(), None), to)
    }

    /// The checkboxes or radio buttons are checked.
    #[must_use]
    pub fn check(to: impl Into<Scope>) -> Self {
        Self::of(Change::Checked(true), to)
    }

    /// The checkboxes or radio buttons are not checked.
    #[must_use]
    pub fn uncheck(to: impl Into<Scope>) -> Self {
        Self::of(Change::Checked(false), to)
    }

    /// The elements are not shown, such as an entry of a list that is deleted.
    #[must_use]
    pub fn hide(to: impl Into<Scope>) -> Self {
        Self::of(Change::Hidden, to)
    }

    /// The elements stand before the one with this selector, such as an entry
    /// of a list that goes up. Nothing happens if there is none.
    #[must_use]
    pub fn move_before(selector: impl Into<String>, to: impl Into<Scope>) -> Self {
        Self::of(Change::Moved(selector.into(), false), to)
    }

    /// The elements stand at the end of the one with this selector, such as an
    /// entry that goes to another list. Nothing happens if there is none.
    #[must_use]
    pub fn move_into(selector: impl Into<String>, to: impl Into<Scope>) -> Self {
        Self::of(Change::Moved(selector.into(), true), to)
    }

    fn of(change: Change, to: impl Into<Scope>) -> Self {
        Self {
            to: to.into(),
            change,
        }
    }
}

/// As `[kind, to, …]`; see `docs/extensions.md`.
impl Serialize for Predict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let to = &self.to;
        match &self.change {
            Change::Text(text) => ("text", to, text).serialize(serializer),
            Change::Class(name, on) => ("class", to, name, on).serialize(serializer),
            Change::Attribute(name, value) => ("attr", to, name, value).serialize(serializer),
            Change::Checked(on) => ("checked", to, on).serialize(serializer),
            Change::Hidden => ("move", to, (), true).serialize(serializer),
            Change::Moved(selector, inside) => ("move", to, selector, inside).serialize(serializer),
        }
    }
}
