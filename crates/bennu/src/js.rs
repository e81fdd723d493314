//! Commands that the browser runs by itself, without asking the server:
//! [`Js`] (`protocol.md §7.3`).
//!
//! Here are the list of commands and its encoding; `push` and `dispatch` hold
//! what these two can be told, `effect` the same for what shows, hides and
//! changes classes, `predict` what a push expects, `scope` which elements a
//! command means.

mod arguments;
mod dispatch;
mod effect;
mod predict;
mod push;
mod scope;
mod transition;

use std::fmt;

use bennu_core::url::judged;
use bennu_core::{Binding, BindingWriter, Filled, Place, Render, Target};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use self::arguments::Arguments;
pub use self::dispatch::Dispatch;
pub use self::effect::{Classes, Hide, Show, Toggle};
pub use self::predict::Predict;
pub use self::push::Push;
pub use self::scope::Scope;
pub use self::transition::Transition;
use crate::{path, public};

/// A list of commands for the browser: what a binding does at once, with or
/// without telling the server.
///
/// ```
/// use bennu::prelude::*;
///
/// #[derive(Event)]
/// enum Msg {
///     Opened,
/// }
///
/// let page = html! {
///     button phx-click=(Js::new().toggle("#menu").push(Msg::Opened)) { "Menu" }
/// };
/// assert_eq!(
///     page.to_html(),
///     r##"<button phx-click='[["toggle",{"to":"#menu"}],["push",{"event":"opened"}]]'>Menu</button>"##,
/// );
/// ```
///
/// Every event attribute takes it: `phx-click`, `phx-mounted` and `phx-remove`,
/// `phx-connected` and `phx-disconnected`, and so on. In an attribute of another
/// name it waits for [`exec`](Self::exec), and it serialises, so that
/// [`push_event`](crate::Socket::push_event) brings it to a hook, which runs it
/// with `this.liveSocket.execJS(this.el, commands)`.
///
/// A command means the elements of its [`Scope`]: those of a selector in the
/// whole document, those around or inside the element with the commands, or that
/// element itself. What is shown, hidden or given classes and attributes in this
/// way stays so when the server renders again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[must_use = "commands run when an attribute or an event holds them"]
pub struct Js {
    /// The commands as JSON arrays, with commas between them.
    commands: String,
}

impl Js {
    /// No commands yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends an event to the server: a value of a view's or component's own
    /// event type, or its name when the browser brings the values
    /// (`Msg::VALIDATE`). [`Push`] says more about it.
    ///
    /// ```
    /// use bennu::js::Push;
    /// use bennu::prelude::*;
    ///
    /// #[derive(Event)]
    /// enum Msg {
    ///     Remove { id: u32 },
    /// }
    ///
    /// let remove = Js::new().push(Push::new(Msg::Remove { id: 7 }).loading("#row-7"));
    /// assert_eq!(
    ///     remove.to_string(),
    ///     r##"[["push",{"event":"remove","value":{"id":"7"},"loading":"#row-7"}]]"##,
    /// );
    /// ```
    pub fn push(self, event: impl Into<Push>) -> Self {
        self.command("push", &event.into().arguments())
    }

    /// Sends an event to the views or components of the elements that a selector
    /// finds.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// # #[derive(Event)]
    /// # enum Msg { Reload }
    /// assert_eq!(
    ///     Js::new().push_to("#chart", Msg::Reload).to_string(),
    ///     r##"[["push",{"event":"reload","target":"#chart"}]]"##,
    /// );
    /// ```
    pub fn push_to(self, target: impl Into<Target>, event: impl Into<Push>) -> Self {
        self.push(event.into().target(target))
    }

    /// Dispatches a DOM event, for hooks and scripts of your own; [`Dispatch`]
    /// says more about it.
    ///
    /// ```
    /// use bennu::js::Dispatch;
    /// use bennu::prelude::*;
    ///
    /// let copy = Js::new().dispatch(Dispatch::new("app:copy").to("#address"));
    /// assert_eq!(
    ///     copy.to_string(),
    ///     r##"[["dispatch",{"to":"#address","event":"app:copy"}]]"##,
    /// );
    /// ```
    pub fn dispatch(self, event: impl Into<Dispatch>) -> Self {
        self.command("dispatch", &event.into().arguments())
    }

    /// Shows elements that are hidden; [`Show`] says how.
    ///
    /// ```
    /// use bennu::js::Show;
    /// use bennu::prelude::*;
    ///
    /// assert_eq!(
    ///     Js::new().show("#help").to_string(),
    ///     r##"[["show",{"to":"#help"}]]"##,
    /// );
    /// assert_eq!(
    ///     Js::new().show(Show::new("#help").display("flex")).to_string(),
    ///     r##"[["show",{"to":"#help","display":"flex"}]]"##,
    /// );
    /// ```
    pub fn show(self, what: impl Into<Show>) -> Self {
        self.command("show", &what.into().arguments())
    }

    /// Hides elements; [`Hide`] says how.
    ///
    /// ```
    /// use bennu::js::{Hide, Scope, Transition};
    /// use bennu::prelude::*;
    ///
    /// let fade = Transition::new("fade").start("opaque").end("clear");
    /// assert_eq!(
    ///     Js::new().hide(Hide::new(Scope::closest("li")).transition(fade)).to_string(),
    ///     r#"[["hide",{"to":{"closest":"li"},"transition":[["fade"],["opaque"],["clear"]]}]]"#,
    /// );
    /// ```
    pub fn hide(self, what: impl Into<Hide>) -> Self {
        self.command("hide", &what.into().arguments())
    }

    /// Shows the elements that are hidden and hides those that are not;
    /// [`Toggle`] says how.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// assert_eq!(
    ///     Js::new().toggle("#menu").to_string(),
    ///     r##"[["toggle",{"to":"#menu"}]]"##,
    /// );
    /// ```
    pub fn toggle(self, what: impl Into<Toggle>) -> Self {
        self.command("toggle", &what.into().arguments())
    }

    /// Plays a transition; the classes are gone when it is over.
    ///
    /// ```
    /// use bennu::js::{Scope, Transition};
    /// use bennu::prelude::*;
    /// use std::time::Duration;
    ///
    /// let shake = Transition::new("shake").time(Duration::from_millis(400));
    /// assert_eq!(
    ///     Js::new().transition(shake, Scope::this()).to_string(),
    ///     r#"[["transition",{"transition":[["shake"],[],[]],"time":400}]]"#,
    /// );
    /// ```
    pub fn transition(self, transition: impl Into<Transition>, to: impl Into<Scope>) -> Self {
        let transition = transition.into();
        self.command(
            "transition",
            &Arguments::to(&to.into()).with_transition(Some(&transition)),
        )
    }

    /// Adds classes; [`Classes`] says how.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// assert_eq!(
    ///     Js::new().add_class("open wide", "#menu").to_string(),
    ///     r##"[["add_class",{"to":"#menu","names":["open","wide"]}]]"##,
    /// );
    /// ```
    pub fn add_class(self, classes: impl Into<Classes>, to: impl Into<Scope>) -> Self {
        self.classes("add_class", &classes.into(), to)
    }

    /// Takes classes away; [`Classes`] says how.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// assert_eq!(
    ///     Js::new().remove_class("open", "#menu").to_string(),
    ///     r##"[["remove_class",{"to":"#menu","names":["open"]}]]"##,
    /// );
    /// ```
    pub fn remove_class(self, classes: impl Into<Classes>, to: impl Into<Scope>) -> Self {
        self.classes("remove_class", &classes.into(), to)
    }

    /// Adds the classes that an element lacks and takes the others away;
    /// [`Classes`] says how.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// assert_eq!(
    ///     Js::new().toggle_class("open", "#menu").to_string(),
    ///     r##"[["toggle_class",{"to":"#menu","names":["open"]}]]"##,
    /// );
    /// ```
    pub fn toggle_class(self, classes: impl Into<Classes>, to: impl Into<Scope>) -> Self {
        self.classes("toggle_class", &classes.into(), to)
    }

    /// Sets an attribute. An address with a scheme that could run something leads
    /// nowhere, as in [`Attributes::with`](crate::Attributes::with).
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// assert_eq!(
    ///     Js::new().set_attribute("aria-expanded", "true", "#opener").to_string(),
    ///     r##"[["set_attr",{"to":"#opener","attr":["aria-expanded","true"]}]]"##,
    /// );
    /// ```
    #[track_caller]
    pub fn set_attribute(self, name: &str, value: &str, to: impl Into<Scope>) -> Self {
        self.attribute("set_attr", &[name, judged(name, value)], to)
    }

    /// Takes an attribute away.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// assert_eq!(
    ///     Js::new().remove_attribute("hidden", "#help").to_string(),
    ///     r##"[["remove_attr",{"to":"#help","attr":"hidden"}]]"##,
    /// );
    /// ```
    pub fn remove_attribute(self, name: &str, to: impl Into<Scope>) -> Self {
        self.attribute("remove_attr", name, to)
    }

    /// Sets an attribute to `value` where it is missing, and takes it away where
    /// it is there.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// assert_eq!(
    ///     Js::new().toggle_attribute("open", "", "#details").to_string(),
    ///     r##"[["toggle_attr",{"to":"#details","attr":["open",""]}]]"##,
    /// );
    /// ```
    #[track_caller]
    pub fn toggle_attribute(self, name: &str, value: &str, to: impl Into<Scope>) -> Self {
        self.attribute("toggle_attr", &[name, judged(name, value)], to)
    }

    /// Sets an attribute to `other` where it is `one`, and to `one` elsewhere.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// assert_eq!(
    ///     Js::new().switch_attribute("aria-expanded", "true", "false", "#opener").to_string(),
    ///     r##"[["toggle_attr",{"to":"#opener","attr":["aria-expanded","true","false"]}]]"##,
    /// );
    /// ```
    #[track_caller]
    pub fn switch_attribute(
        self,
        name: &str,
        one: &str,
        other: &str,
        to: impl Into<Scope>,
    ) -> Self {
        let (one, other) = (judged(name, one), judged(name, other));
        self.attribute("toggle_attr", &[name, one, other], to)
    }

    /// Leaves attributes to the browser: later patches keep the values that the
    /// elements have by then. A `*` in a name stands for any text. Useful in
    /// `phx-mounted`, for what a browser or a library sets by itself.
    ///
    /// ```
    /// use bennu::js::Scope;
    /// use bennu::prelude::*;
    ///
    /// assert_eq!(
    ///     Js::new().ignore_attributes(&["open", "data-lib-*"], Scope::this()).to_string(),
    ///     r#"[["ignore_attrs",{"attrs":["open","data-lib-*"]}]]"#,
    /// );
    /// ```
    pub fn ignore_attributes(self, names: &[&str], to: impl Into<Scope>) -> Self {
        let arguments = Arguments::to(&to.into()).with("attrs", names);
        self.command("ignore_attrs", &arguments)
    }

    /// Focuses an element.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// assert_eq!(
    ///     Js::new().focus("#name").to_string(),
    ///     r##"[["focus",{"to":"#name"}]]"##,
    /// );
    /// ```
    pub fn focus(self, to: impl Into<Scope>) -> Self {
        self.command("focus", &Arguments::to(&to.into()))
    }

    /// Focuses the first element inside that takes the focus.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// assert_eq!(
    ///     Js::new().focus_first("#dialog").to_string(),
    ///     r##"[["focus_first",{"to":"#dialog"}]]"##,
    /// );
    /// ```
    pub fn focus_first(self, to: impl Into<Scope>) -> Self {
        self.command("focus_first", &Arguments::to(&to.into()))
    }

    /// Remembers an element for [`pop_focus`](Self::pop_focus).
    ///
    /// ```
    /// use bennu::js::Scope;
    /// use bennu::prelude::*;
    ///
    /// let open = Js::new().push_focus(Scope::this()).show("#dialog").focus_first("#dialog");
    /// let close = Js::new().hide("#dialog").pop_focus();
    /// assert_eq!(
    ///     open.to_string(),
    ///     r##"[["push_focus",{}],["show",{"to":"#dialog"}],["focus_first",{"to":"#dialog"}]]"##,
    /// );
    /// assert_eq!(close.to_string(), r##"[["hide",{"to":"#dialog"}],["pop_focus",{}]]"##);
    /// ```
    pub fn push_focus(self, to: impl Into<Scope>) -> Self {
        self.command("push_focus", &Arguments::to(&to.into()))
    }

    /// Focuses the element that was remembered last, and forgets it.
    pub fn pop_focus(self) -> Self {
        self.command("pop_focus", &Arguments::default())
    }

    /// Shows another live view, as
    /// [`Socket::push_navigate`](crate::Socket::push_navigate) does. What is no
    /// local path leads nowhere: link to other sites by `href`.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// assert_eq!(
    ///     Js::new().navigate("/books").to_string(),
    ///     r#"[["navigate",{"href":"/books"}]]"#,
    /// );
    /// ```
    pub fn navigate(self, to: &str) -> Self {
        self.lead("navigate", to, Arguments::default())
    }

    /// Like [`navigate`](Self::navigate), in place of the current entry of the
    /// browser's history.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// assert_eq!(
    ///     Js::new().replace_navigate("/books").to_string(),
    ///     r#"[["navigate",{"replace":true,"href":"/books"}]]"#,
    /// );
    /// ```
    pub fn replace_navigate(self, to: &str) -> Self {
        self.lead("navigate", to, Arguments::default().with("replace", &true))
    }

    /// Changes the URL within the view, as
    /// [`Socket::push_patch`](crate::Socket::push_patch) does. A query or fragment
    /// alone keeps the path that the browser shows. What is no local path leads
    /// nowhere.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// assert_eq!(
    ///     Js::new().patch("/books?page=2").to_string(),
    ///     r#"[["patch",{"href":"/books?page=2"}]]"#,
    /// );
    /// ```
    pub fn patch(self, to: &str) -> Self {
        self.lead("patch", to, Arguments::default())
    }

    /// Like [`patch`](Self::patch), in place of the current entry of the
    /// browser's history.
    pub fn replace_patch(self, to: &str) -> Self {
        self.lead("patch", to, Arguments::default().with("replace", &true))
    }

    /// Runs the commands in an attribute of other elements, so that an element
    /// alone says what closes or confirms it.
    ///
    /// ```
    /// use bennu::prelude::*;
    ///
    /// let page = html! {
    ///     dialog #help data-close=(Js::new().hide("#help")) { "…" }
    ///     button phx-click=(Js::new().exec("data-close", "#help")) { "Close" }
    /// };
    /// # assert!(page.to_html().contains(r##"phx-click='[["exec",{"to":"#help","attr":"data-close"}]]'"##));
    /// ```
    pub fn exec(self, attribute: &str, to: impl Into<Scope>) -> Self {
        self.attribute("exec", attribute, to)
    }

    /// These commands, then the others.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// fn close() -> Js {
    ///     Js::new().hide("#menu")
    /// }
    ///
    /// assert_eq!(
    ///     Js::new().focus("#name").concat(close()),
    ///     Js::new().focus("#name").hide("#menu"),
    /// );
    /// ```
    pub fn concat(mut self, Self { commands }: Self) -> Self {
        if self.commands.is_empty() {
            return Self { commands };
        }
        if !commands.is_empty() {
            self.commands.push(',');
            self.commands.push_str(&commands);
        }
        self
    }

    fn classes(self, command: &str, classes: &Classes, to: impl Into<Scope>) -> Self {
        self.command(command, &classes.arguments(&to.into()))
    }

    fn attribute(
        self,
        command: &str,
        attribute: &(impl Serialize + ?Sized),
        to: impl Into<Scope>,
    ) -> Self {
        let arguments = Arguments::to(&to.into()).with("attr", attribute);
        self.command(command, &arguments)
    }

    /// Adds nothing where `to` is no local path: it may have come from a visitor,
    /// and run as a script. What is relative stays so: the browser knows the page
    /// that it shows, also when this was rendered for another.
    fn lead(self, command: &str, to: &str, how: Arguments) -> Self {
        match path::reference(to) {
            Ok(to) => self.command(command, &how.with("href", &*public::outside(&to))),
            Err(fault) => {
                tracing::warn!(command, "a command leads nowhere: {fault}");
                self
            }
        }
    }

    fn command(mut self, name: &str, arguments: &Arguments) -> Self {
        let Self { commands } = &mut self;
        if !commands.is_empty() {
            commands.push(',');
        }
        for part in ["[\"", name, "\",{", arguments.as_str(), "}]"] {
            commands.push_str(part);
        }
        self
    }
}

/// The commands as JSON.
impl fmt::Display for Js {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[{}]", self.commands)
    }
}

impl Binding for Js {
    fn bind(&self, attribute: &mut BindingWriter<'_>) {
        attribute.commands(&self.to_string());
    }
}

/// In an attribute that the browser doesn't read by itself.
impl Render for Js {
    fn render(&self, place: Place<'_>) -> Filled {
        place.display(self)
    }
}

/// As JSON, and for JSON only.
impl Serialize for Js {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.to_string())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

#[cfg(test)]
mod tests;
