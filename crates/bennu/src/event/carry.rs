//! How what an event carries gets into the attribute that it is bound to, from where
//! the client brings it back to [`decode`](super::Event::decode).
//!
//! `#[derive(Event)]` calls a method that each of several traits has, the *roads*; of
//! those that a field's type can go the compiler takes the first, by how often its
//! receiver is borrowed.

use std::any::type_name;
use std::borrow::Cow;
use std::fmt::Display;
use std::sync::Once;

use bennu_core::BindingWriter;
use serde::Serialize;
use serde_json::Value;

use crate::form::Form;
use crate::quoted::Line;

/// The largest integer that JavaScript tells from its neighbours.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// A field of an event on its way into the attribute.
#[derive(Clone, Copy, Debug)]
pub struct Carried<'v, T: ?Sized>(pub &'v T);

/// What the DOM has as texts: numbers, booleans, texts themselves. It is decoded
/// from these.
pub trait Plain: Display {}

macro_rules! plain {
    ($($type:ty),*) => { $(impl Plain for $type {})* };
}

plain!(bool, char, str, String, Cow<'_, str>);
plain!(
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64
);

impl<T: Plain + ?Sized> Plain for &T {}

/// The first road: written as it is displayed.
pub trait CarryPlain {
    /// Writes the value.
    fn carry(&self, name: &'static str, attribute: &mut BindingWriter<'_>);
}

impl<T: Plain + ?Sized> CarryPlain for &&&&&Carried<'_, T> {
    fn carry(&self, name: &'static str, attribute: &mut BindingWriter<'_>) {
        attribute.value(name, &self.0);
    }
}

/// The road of all that serde can write, and so can read again: as JSON.
pub trait CarrySerde {
    /// Writes the value.
    fn carry(&self, name: &'static str, attribute: &mut BindingWriter<'_>);
}

impl<T: Serialize + ?Sized> CarrySerde for &&&&Carried<'_, T> {
    fn carry(&self, name: &'static str, attribute: &mut BindingWriter<'_>) {
        match serde_json::to_value(self.0) {
            Ok(value) => write(name, value, attribute),
            Err(error) => {
                let error = Line(error);
                tracing::error!("{} can't be carried: {error}", type_name::<T>());
            }
        }
    }
}

/// The road of what may be missing and is displayed: `None` stays away.
pub trait CarryOption {
    /// Writes the value, if there is one.
    fn carry(&self, name: &'static str, attribute: &mut BindingWriter<'_>);
}

impl<T: Display> CarryOption for &&&Carried<'_, Option<T>> {
    fn carry(&self, name: &'static str, attribute: &mut BindingWriter<'_>) {
        if let Some(value) = self.0 {
            attribute.value(name, value);
        }
    }
}

/// The road of what is displayed and nothing else.
pub trait CarryText {
    /// Writes the value.
    fn carry(&self, name: &'static str, attribute: &mut BindingWriter<'_>);
}

impl<T: Display + ?Sized> CarryText for &&Carried<'_, T> {
    fn carry(&self, name: &'static str, attribute: &mut BindingWriter<'_>) {
        attribute.value(name, &self.0);
    }
}

/// The road of what only the browser fills: a form.
pub trait CarryForm {
    /// Writes nothing.
    fn carry(&self, name: &'static str, attribute: &mut BindingWriter<'_>);
}

impl<T> CarryForm for &Carried<'_, Form<T>> {
    fn carry(&self, _: &'static str, _: &mut BindingWriter<'_>) {}
}

/// What the field of an event can be, for the error where it can't.
#[diagnostic::on_unimplemented(
    message = "an event can't carry a `{Self}`",
    label = "the browser could not bring it back",
    note = "derive `serde::Serialize` for it; what only the browser fills is a `Form<…>`, or the \
            one field of a tuple variant"
)]
pub trait Carry {}

/// The road of nothing: an error that says so.
pub trait CarryNothing<T: ?Sized> {
    /// Never called.
    fn carry(self, name: &'static str, attribute: &mut BindingWriter<'_>)
    where
        T: Carry;
}

impl<T: ?Sized> CarryNothing<T> for Carried<'_, T> {
    fn carry(self, _: &'static str, _: &mut BindingWriter<'_>)
    where
        T: Carry,
    {
    }
}

/// An event of one field, which is all that it carries.
#[derive(Debug)]
pub struct WholeEvent {
    /// As the browser has it.
    pub name: &'static str,
    /// Where the enum has the name.
    pub constant: &'static str,
    /// Whether it was said that it can't carry something.
    pub told: Once,
}

/// All that an event carries, on its way into the attribute.
#[derive(Clone, Copy, Debug)]
pub struct CarriedWhole<'v, T: ?Sized>(pub &'v T);

/// The road of a map of values.
pub trait CarryWhole {
    /// Writes the event with its values.
    fn carry(&self, event: &WholeEvent, attribute: &mut BindingWriter<'_>);
}

impl<T: Serialize + ?Sized> CarryWhole for &CarriedWhole<'_, T> {
    fn carry(&self, event: &WholeEvent, attribute: &mut BindingWriter<'_>) {
        match serde_json::to_value(self.0) {
            Ok(Value::Object(values)) => {
                attribute.event_with_values(event.name);
                for (name, value) in values {
                    write(&name, value, attribute);
                }
            }
            _ => bare::<T>(event, attribute),
        }
    }
}

/// The road of what only the browser fills.
pub trait CarryWholeNothing {
    /// Writes the event's name alone.
    fn carry(&self, event: &WholeEvent, attribute: &mut BindingWriter<'_>);
}

impl<T: ?Sized> CarryWholeNothing for CarriedWhole<'_, T> {
    fn carry(&self, event: &WholeEvent, attribute: &mut BindingWriter<'_>) {
        bare::<T>(event, attribute);
    }
}

fn bare<T: ?Sized>(event: &WholeEvent, attribute: &mut BindingWriter<'_>) {
    let WholeEvent {
        name,
        constant,
        told,
    } = event;
    // Once: a template is rendered again and again.
    told.call_once(|| {
        tracing::error!(
            "event {name:?} is bound with a {} that it can't carry: bind the name, `{constant}`, \
             where the browser fills it, or derive `serde::Serialize` for a struct of named fields",
            type_name::<T>(),
        );
    });
    attribute.event(name);
}

fn write(name: &str, mut value: Value, attribute: &mut BindingWriter<'_>) {
    match &mut value {
        Value::Null => {}
        Value::Bool(value) => attribute.value(name, value),
        Value::Number(value) => attribute.value(name, value),
        Value::String(value) => attribute.value(name, value),
        Value::Array(_) | Value::Object(_) => {
            keep_digits(&mut value);
            attribute.json(name, &value.to_string());
        }
    }
}

/// Makes texts of the numbers that JavaScript would round.
fn keep_digits(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(keep_digits),
        Value::Object(map) => map.values_mut().for_each(keep_digits),
        Value::Number(number) => {
            let integer = number
                .as_u64()
                .or_else(|| Some(number.as_i64()?.unsigned_abs()));
            if integer.is_some_and(|integer| integer > MAX_SAFE_INTEGER) {
                *value = Value::String(number.to_string());
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt;

    use serde::Deserialize;

    use super::*;
    use crate::event::{Event, Payload};
    use crate::html;

    #[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Level {
        VeryHigh,
    }

    /// For people: not as serde writes it.
    impl Display for Level {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("Very high")
        }
    }

    #[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
    struct Point {
        x: f64,
        of: Option<String>,
    }

    #[derive(Clone, Debug, PartialEq, crate::Event)]
    enum Msg {
        Ids {
            ids: Vec<u64>,
        },
        Plain {
            id: u64,
            on: bool,
            text: String,
        },
        Level {
            level: Level,
            others: Vec<Level>,
        },
        Pair {
            pair: (i32, String),
        },
        Maybe {
            some: Option<i64>,
            none: Option<i64>,
            level: Option<Level>,
        },
        Map {
            map: BTreeMap<String, Vec<u8>>,
            point: Point,
        },
        Whole(Point),
    }

    /// What the handler gets of an event that a binding carried.
    fn carried(event: &Msg) -> Msg {
        let html = html! { p phx-click=(event) {} }.to_html();
        let command = html
            .strip_prefix("<p phx-click='")
            .and_then(|html| html.strip_suffix("'></p>"))
            .expect("a command");
        let command = command
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        let command: Value = serde_json::from_str(&command).expect("commands are JSON");
        let push = &command[0][1];
        let name = push["event"].as_str().expect("an event");
        Msg::decode(name, Payload::new(push["value"].clone())).expect("it is decoded")
    }

    #[test]
    fn whatever_serde_can_write_comes_back() {
        let text = "a 'b' \"c\" <d> & \\e\n".to_owned();
        let point = Point {
            x: 1.5,
            of: Some(text.clone()),
        };
        for event in [
            Msg::Ids {
                ids: vec![1, 2, u64::MAX],
            },
            Msg::Plain {
                id: u64::MAX,
                on: true,
                text: text.clone(),
            },
            Msg::Level {
                level: Level::VeryHigh,
                others: vec![Level::VeryHigh; 2],
            },
            Msg::Pair { pair: (-1, text) },
            Msg::Maybe {
                some: Some(i64::MIN),
                none: None,
                level: Some(Level::VeryHigh),
            },
            Msg::Map {
                map: BTreeMap::from([("a b".to_owned(), vec![1, 2]), (String::new(), vec![])]),
                point: point.clone(),
            },
            Msg::Whole(point),
        ] {
            assert_eq!(carried(&event), event);
        }
    }

    #[test]
    fn what_javascript_would_round_travels_as_a_text() {
        let mut value = serde_json::json!([MAX_SAFE_INTEGER, MAX_SAFE_INTEGER + 1, 0.5]);
        keep_digits(&mut value);
        assert_eq!(
            value.to_string(),
            r#"[9007199254740991,"9007199254740992",0.5]"#
        );
    }
}
