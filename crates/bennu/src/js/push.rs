//! Events for the server, sent by a command.

use bennu_core::{Binding, Pushed, Target};
use serde_json::Value;

use super::Predict;
use super::arguments::Arguments;
use crate::event::{Aimed, Event, EventName};

/// What [`Js::push`](super::Js::push) sends, to whom, and what waits meanwhile.
///
/// ```
/// use bennu::js::Push;
/// use bennu::prelude::*;
///
/// #[derive(Event)]
/// enum Msg {
///     Move { by: i32 },
/// }
///
/// let page = html! {
///     button phx-click=(Js::new().push(Push::new(Msg::Move { by: -1 }).loading("#board"))) { "←" }
///     button phx-click=(Js::new().push(Push::new(Msg::MOVE).value("by", 1).target("#board"))) { "→" }
/// };
/// # assert!(page.to_html().contains(r##"[["push",{"event":"move","value":{"by":"-1"},"loading":"#board"}]]"##));
/// # assert!(page.to_html().contains(r##"[["push",{"event":"move","value":{"by":1},"target":"#board"}]]"##));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    event: String,
    /// The inside of a JSON object.
    values: String,
    target: Option<Target>,
    loading: Option<String>,
    page_loading: bool,
    predictions: Vec<Predict>,
}

impl Push {
    /// An event of a view or component, or the name of one, as in `Msg::MOVE`.
    #[must_use]
    pub fn new(event: impl Into<Self>) -> Self {
        event.into()
    }

    /// An event by its name alone: `lv:clear-flash`, or one of a view in other
    /// hands.
    #[must_use]
    pub fn named(event: impl Into<String>) -> Self {
        Self {
            event: event.into(),
            values: String::new(),
            target: None,
            loading: None,
            page_loading: false,
            predictions: Vec::new(),
        }
    }

    /// Adds a value, which wins over what the element has under this name.
    #[must_use]
    pub fn value(mut self, name: &str, value: impl Into<Value>) -> Self {
        if !self.values.is_empty() {
            self.values.push(',');
        }
        let name = Value::from(name).to_string();
        let value = value.into().to_string();
        for part in [&name, ":", &value] {
            self.values.push_str(part);
        }
        self
    }

    /// Sends it to the views or components of the elements with this selector,
    /// or to a [`Socket::target`](crate::Socket::target). Without it an event
    /// goes where its type belongs, or where `phx-target` says.
    #[must_use]
    pub fn target(mut self, target: impl Into<Target>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// Marks the elements with this selector too while the event is under way:
    /// they get the class `phx-click-loading`, or that of the event's kind.
    #[must_use]
    pub fn loading(mut self, selector: impl Into<String>) -> Self {
        self.loading = Some(selector.into());
        self
    }

    /// Tells the page that it loads while the event is under way: the window
    /// gets `phx:page-loading-start` and `phx:page-loading-stop`.
    #[must_use]
    pub fn page_loading(mut self) -> Self {
        self.page_loading = true;
        self
    }

    /// Shows at once what the event is expected to change; several predictions
    /// are shown in their order. [`Predict`] says more about it.
    #[must_use]
    pub fn predict(mut self, prediction: Predict) -> Self {
        self.predictions.push(prediction);
        self
    }

    pub(super) fn arguments(&self) -> Arguments {
        let mut arguments = Arguments::default().with("event", &self.event);
        if !self.values.is_empty() {
            arguments = arguments.with_json("value", &format!("{{{}}}", self.values));
        }
        arguments = match &self.target {
            Some(Target::Component(cid)) => arguments.with("target", cid),
            Some(Target::Selector(selector)) => arguments.with("target", selector),
            _ => arguments,
        };
        arguments = arguments.with_some("loading", self.loading.as_ref());
        if self.page_loading {
            arguments = arguments.with("page_loading", &true);
        }
        if !self.predictions.is_empty() {
            arguments = arguments.with("predict", &self.predictions);
        }
        arguments
    }

    fn of(binding: &impl Binding) -> Self {
        let Pushed {
            event,
            values,
            target,
        } = Pushed::new(binding);
        Self {
            values,
            target,
            ..Self::named(event)
        }
    }
}

impl<E: Event + Binding> From<E> for Push {
    fn from(event: E) -> Self {
        Self::of(&event)
    }
}

impl<E: Binding> From<Aimed<E>> for Push {
    fn from(event: Aimed<E>) -> Self {
        Self::of(&event)
    }
}

impl<E: 'static> From<EventName<E>> for Push {
    fn from(event: EventName<E>) -> Self {
        Self::of(&event)
    }
}
