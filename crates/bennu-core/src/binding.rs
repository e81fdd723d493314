//! The values of event attributes: the trait [`Binding`].

use std::borrow::Cow;
use std::fmt::{self, Display, Write};

use crate::digits::write_number;
use crate::escape::{escape, escape_in_single_quotes};
use crate::json;
use crate::render::{Filled, Place, open_attribute};

/// A value of an event attribute, as in `phx-click=(Msg::Inc)`: it writes the
/// attribute with the event's name, or with a command that pushes the event
/// with the values that it carries (`protocol.md §7.3`).
///
/// `#[derive(Event)]` implements it for an event enum.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no event that an attribute can hold",
    note = "derive `Event` for it, or give the event's name as a string"
)]
pub trait Binding {
    /// Writes the event's name and its values.
    fn bind(&self, attribute: &mut BindingWriter<'_>);
}

impl<T: Binding + ?Sized> Binding for &T {
    fn bind(&self, attribute: &mut BindingWriter<'_>) {
        (**self).bind(attribute);
    }
}

/// Who gets an event (`protocol.md §5.4`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// The view that the element is in.
    View,
    /// The component with this number.
    Component(u32),
    /// Each element that this CSS selector finds in the page: the innermost
    /// component around it, or else its view.
    Selector(Cow<'static, str>),
}

impl From<&'static str> for Target {
    fn from(selector: &'static str) -> Self {
        Self::Selector(selector.into())
    }
}

impl From<String> for Target {
    fn from(selector: String) -> Self {
        Self::Selector(selector.into())
    }
}

/// Where a [`Binding`] writes itself: maybe its [`target`](Self::target), then a
/// call of [`event`](Self::event), or of
/// [`event_with_values`](Self::event_with_values) and then of
/// [`value`](Self::value) or [`json`](Self::json) for each.
#[derive(Debug)]
pub struct BindingWriter<'o> {
    out: &'o mut String,
    form: Form<'o>,
    target: Option<Target>,
    /// Whether the object of a command is open in the attribute.
    is_command: bool,
    values: Values,
}

/// What a binding is written as.
#[derive(Debug)]
enum Form<'o> {
    /// The attribute of this name.
    Attribute(&'static str),
    /// An event that a command will push; its values go to `out`.
    Command { event: &'o mut String },
}

/// How far the values of a binding are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Values {
    None,
    First,
    Next,
}

/// An event as an argument of a command (`protocol.md §7.3`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pushed {
    /// The event's name.
    pub event: String,
    /// The inside of a JSON object with the event's values.
    pub values: String,
    /// Who gets it, if the binding says so.
    pub target: Option<Target>,
}

impl Pushed {
    /// The event that the binding stands for.
    #[must_use]
    pub fn new(binding: &(impl Binding + ?Sized)) -> Self {
        let mut pushed = Self::default();
        let form = Form::Command {
            event: &mut pushed.event,
        };
        let mut writer = BindingWriter::new(&mut pushed.values, form);
        binding.bind(&mut writer);
        pushed.target = writer.target.take();
        pushed
    }
}

impl<'w> Place<'w> {
    /// Fills the place with the attribute of a binding.
    pub fn binding(self, attribute: &'static str, binding: &(impl Binding + ?Sized)) -> Filled {
        self.html_with(|out| write_attribute(attribute, binding, out))
    }
}

/// Writes the attribute of a binding, with a space in front.
pub(crate) fn write_attribute(
    attribute: &'static str,
    binding: &(impl Binding + ?Sized),
    out: &mut String,
) {
    let mut writer = BindingWriter::new(out, Form::Attribute(attribute));
    binding.bind(&mut writer);
    writer.finish();
}

impl<'o> BindingWriter<'o> {
    fn new(out: &'o mut String, form: Form<'o>) -> Self {
        Self {
            out,
            form,
            target: None,
            is_command: false,
            values: Values::None,
        }
    }

    /// Says who gets the event. The first one to say so counts: a binding that
    /// wraps another decides.
    pub fn target(&mut self, target: Target) {
        self.target.get_or_insert(target);
    }

    /// Writes the event's name.
    pub fn event(&mut self, name: &str) {
        match &mut self.form {
            Form::Attribute(_) if !matches!(self.target, None | Some(Target::View)) => {
                self.open_command(name);
            }
            Form::Attribute(attribute) => {
                open_attribute(attribute, '"', self.out);
                escape(name, self.out);
                self.out.push('"');
            }
            Form::Command { event } => name.clone_into(event),
        }
    }

    /// Writes a command that pushes the event with values (`protocol.md §7.3`).
    /// `phx-value-…` attributes would do for most, but the element's own `value`
    /// wins over them, and two bindings of one element would share them.
    pub fn event_with_values(&mut self, name: &str) {
        self.open_command(name);
        if self.is_command {
            self.out.push_str(r#","value":{"#);
        }
        self.values = Values::First;
    }

    fn open_command(&mut self, name: &str) {
        match &mut self.form {
            Form::Attribute(attribute) => {
                open_attribute(attribute, '\'', self.out);
                self.out.push_str(r#"[["push",{"event":"#);
                self.string(&name);
                self.is_command = true;
            }
            Form::Command { event } => name.clone_into(event),
        }
    }

    /// Writes commands, a JSON array: they may push several events, or none.
    /// They can't be pushed themselves.
    pub fn commands(&mut self, json: &str) {
        if let Form::Attribute(attribute) = self.form {
            open_attribute(attribute, '\'', self.out);
            escape_in_single_quotes(json, self.out);
            self.out.push('\'');
        }
    }

    /// Writes a value as a text.
    pub fn value(&mut self, name: &str, value: &dyn Display) {
        self.name(name);
        self.string(value);
    }

    /// Writes a value that is JSON.
    pub fn json(&mut self, name: &str, json: &str) {
        self.name(name);
        match self.form {
            Form::Attribute(_) => escape_in_single_quotes(json, self.out),
            Form::Command { .. } => self.out.push_str(json),
        }
    }

    fn name(&mut self, name: &str) {
        if self.values == Values::Next {
            self.out.push(',');
        }
        self.values = Values::Next;
        self.string(&name);
        self.out.push(':');
    }

    fn string(&mut self, value: &dyn Display) {
        self.out.push('"');
        let escape = match self.form {
            Form::Attribute(_) => escape_in_single_quotes,
            Form::Command { .. } => |text: &str, out: &mut String| out.push_str(text),
        };
        let out = &mut *self.out;
        // As in `Place::display`: what a failing value wrote stands.
        let _ = write!(Quoting { out, escape }, "{value}");
        self.out.push('"');
    }

    fn finish(mut self) {
        if !self.is_command {
            return;
        }
        if self.values != Values::None {
            self.out.push('}');
        }
        match self.target.take() {
            None | Some(Target::View) => {}
            Some(Target::Component(cid)) => {
                self.out.push_str(r#","target":"#);
                write_number(cid, self.out);
            }
            Some(Target::Selector(selector)) => {
                self.out.push_str(r#","target":"#);
                self.string(&selector);
            }
        }
        self.out.push_str("}]]'");
    }
}

/// Writes the inside of a JSON string; what JSON leaves alone goes through
/// `escape`.
struct Quoting<'o> {
    out: &'o mut String,
    escape: fn(&str, &mut String),
}

impl Write for Quoting<'_> {
    fn write_str(&mut self, mut text: &str) -> fmt::Result {
        while let Some(at) = text.bytes().position(json::is_special) {
            // Invariant: special bytes are ASCII, so both ends are character
            // boundaries.
            (self.escape)(&text[..at], self.out);
            json::write_escape(text.as_bytes()[at], self.out);
            text = &text[at + 1..];
        }
        (self.escape)(text, self.out);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Template;
    use crate::rendered::Writer;

    struct Say(String);

    impl Binding for Say {
        fn bind(&self, attribute: &mut BindingWriter<'_>) {
            attribute.event_with_values("say");
            attribute.value("what", &self.0);
            attribute.value("twice", &self.0);
        }
    }

    proptest! {
        #[test]
        fn values_of_an_event_reach_the_client_as_they_are(text in "[a-c\"'&<>\\\\\n\t é]{0,20}") {
            static TEMPLATE: Template = Template::fragment(&["", ""]);
            let mut writer = Writer::new(&TEMPLATE);
            writer.place().binding("phx-click", &Say(text.clone()));
            let html = writer.finish().to_html();
            let command = html.strip_prefix(" phx-click='").and_then(|html| html.strip_suffix('\''));
            let command = command.expect("a single-quoted attribute");
            prop_assert!(!command.contains(['\'', '<', '>']));
            let command = command.replace("&#39;", "'").replace("&lt;", "<")
                .replace("&gt;", ">").replace("&amp;", "&");
            let mut string = String::new();
            json::write_string(&text, &mut string);
            let expected =
                format!(r#"[["push",{{"event":"say","value":{{"what":{string},"twice":{string}}}}}]]"#);
            let value = |json: &str| serde_json::from_str::<serde_json::Value>(json);
            prop_assert_eq!(value(&command).ok(), value(&expected).ok());
            prop_assert!(value(&command).is_ok());
        }
    }
}
