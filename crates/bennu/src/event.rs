//! Events from the browser: decoding them into a view's own enum.

mod aimed;
pub(crate) mod carry;
pub(crate) mod scope;

use std::fmt;
use std::marker::PhantomData;

use bennu_core::{Binding, BindingWriter};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::form;
use crate::quoted::Quoted;

pub use aimed::Aimed;
pub use bennu_core::Target;
#[doc(hidden)]
pub use scope::aim;

/// The events that a view understands; `#[derive(Event)]` writes this for an
/// enum.
///
/// ```
/// use bennu::prelude::*;
///
/// #[derive(Event)]
/// enum Msg {
///     Inc,
///     SetTo { value: i64 },
/// }
///
/// assert_eq!(Msg::NAMES, ["inc", "set_to"]);
/// assert_eq!(
///     html! { button phx-click=(Msg::SetTo { value: 3 }) { "3" } }.to_html(),
///     r#"<button phx-click='[["push",{"event":"set_to","value":{"value":"3"}}]]'>3</button>"#,
/// );
/// ```
///
/// # What visitors may send
///
/// **Anybody who sees the page may send any event of its enum, with any values,** as
/// often as `Limits` lets: a browser is not bound to the buttons that it was given.
/// What isn't shown to somebody isn't forbidden by that. So a handler asks whether
/// this visitor may do it, each time, and takes values for wishes: a price, an owner
/// or a role is looked up and not taken from the event. What only the server may
/// cause is no event but an [`Info`](crate::LiveView::Info).
///
/// What a field holds travels to the browser and back: any value that
/// [`serde`] can write and read. A [`Form`](crate::Form), and the one field of a
/// tuple variant, may be what only the browser fills: bind the event's *name* then,
/// `phx-submit=(Msg::SAVE)`. Anything else does not compile:
///
/// ```compile_fail
/// use bennu::prelude::*;
///
/// #[derive(serde::Deserialize)]
/// struct Place;
///
/// #[derive(Event)]
/// enum Msg {
///     Go { to: Place },
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a browser event",
    note = "add `#[derive(Event)]` to the enum, or use `Never` for a view without events"
)]
pub trait Event: Sized + Send + 'static {
    /// The names that [`decode`](Self::decode) knows.
    const NAMES: &'static [&'static str];

    /// Decodes the event with this name.
    ///
    /// # Errors
    /// An [`EventError`] when the name is unknown, or a value is missing or
    /// has another type.
    fn decode(name: &str, payload: Payload) -> Result<Self, EventError>;

    /// The event for a binding, with who gets it: a CSS selector, a
    /// [`Socket::target`](crate::Socket::target), or [`Target::View`].
    ///
    /// Without it, an event goes to the innermost component around whose
    /// `Event` it is, or else to the view.
    ///
    /// ```
    /// use bennu::prelude::*;
    ///
    /// #[derive(Event)]
    /// enum Player {
    ///     Pause,
    /// }
    ///
    /// let button = html! { button phx-click=(Player::Pause.at("#player")) { "Pause" } };
    /// assert_eq!(
    ///     button.to_html(),
    ///     r##"<button phx-click='[["push",{"event":"pause","target":"#player"}]]'>Pause</button>"##,
    /// );
    /// ```
    #[must_use]
    fn at(self, target: impl Into<Target>) -> Aimed<Self> {
        Aimed {
            event: self,
            target: target.into(),
        }
    }
}

/// An event that can't happen, or a message: for views without any. Also an
/// error that can't: `Ok::<_, Never>(value)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Never {}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl Event for Never {
    const NAMES: &'static [&'static str] = &[];

    fn decode(name: &str, _: Payload) -> Result<Self, EventError> {
        Err(EventError::unknown(name, Self::NAMES))
    }
}

/// What the browser sent with an event: values of the element, of its
/// `phx-value-…` attributes and of its form (`protocol.md §5.1–5.3`).
///
/// Numbers and booleans may come as text, as the DOM has them; decoding
/// accepts both forms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Payload(Value);

impl Payload {
    /// A payload of an already decoded value; anything but a map has no fields.
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self(value)
    }

    /// Takes one value out of it.
    ///
    /// # Errors
    /// When the value is missing or has another type.
    pub fn field<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, EventError> {
        // A form that was refused as a whole: it has no fields, and no excuse
        // for looking like one with empty ones.
        if let Value::String(text) = &self.0 {
            return Err(EventError {
                event: String::new(),
                reason: form::no_fields(text).to_owned(),
            });
        }
        let value = self.0.get_mut(name).map(Value::take);
        form::decode_field(name, value.as_ref()).map_err(|reason| EventError {
            event: String::new(),
            reason,
        })
    }

    /// Decodes all of it as one value.
    ///
    /// # Errors
    /// When it doesn't have that shape.
    pub fn whole<T: DeserializeOwned>(self) -> Result<T, EventError> {
        form::decode(&self.0).map_err(|reason| EventError {
            event: String::new(),
            reason,
        })
    }

    /// The payload of an `event` message: what came as its value, and for a
    /// form the metadata beside it (§5.3).
    pub(crate) fn of(kind: &str, value: Option<&str>, meta: Option<Value>) -> Self {
        let json = |json| serde_json::from_str::<Value>(json).unwrap_or_default();
        let value = match (kind, value) {
            ("form", Some(encoded)) => form::parse_form(json(encoded).as_str().unwrap_or_default()),
            (_, Some(value)) => json(value),
            (_, None) => Value::default(),
        };
        let mut payload = Self(value);
        if let (Value::Object(own), Some(Value::Object(meta))) = (&mut payload.0, meta) {
            own.extend(meta);
            if let Some(Value::String(target)) = own.get("_target") {
                let path = target.split('[').map(|key| key.trim_end_matches(']'));
                let path: Value = path.filter(|key| !key.is_empty()).collect();
                own.insert("_target".to_owned(), path);
            }
        }
        payload
    }

    /// All of it.
    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    /// The text of this name, if there is one.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }
}

/// Why an event from the browser could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventError {
    event: String,
    reason: String,
}

impl EventError {
    /// The view knows no event of this name.
    #[must_use]
    pub fn unknown(name: &str, known: &[&str]) -> Self {
        let reason = if known.is_empty() {
            "the view takes no events".to_owned()
        } else {
            format!("the view knows {}", known.join(", "))
        };
        Self {
            event: name.to_owned(),
            reason,
        }
    }

    pub(crate) fn of(mut self, event: &str) -> Self {
        event.clone_into(&mut self.event);
        self
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "event {} was not understood: {}",
            Quoted(&self.event),
            self.reason
        )
    }
}

impl std::error::Error for EventError {}

/// The name of an event of `E` as a value for a binding, when the browser
/// brings the event's values: `phx-change=(Msg::VALIDATE)`.
pub struct EventName<E> {
    name: &'static str,
    event: PhantomData<fn() -> E>,
}

impl<E> EventName<E> {
    /// Made by `#[derive(Event)]`.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            event: PhantomData,
        }
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<E> Clone for EventName<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for EventName<E> {}

impl<E> fmt::Debug for EventName<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "EventName({})", self.name)
    }
}

impl<E: 'static> EventName<E> {
    /// As [`Event::at`].
    #[must_use]
    pub fn at(self, target: impl Into<Target>) -> Aimed<Self> {
        Aimed {
            event: self,
            target: target.into(),
        }
    }
}

impl<E: 'static> Binding for EventName<E> {
    fn bind(&self, attribute: &mut BindingWriter<'_>) {
        aim::<E>(attribute);
        attribute.event(self.name);
    }
}
