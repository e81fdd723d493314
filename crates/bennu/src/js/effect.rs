//! How elements are shown, hidden and given classes.

use super::arguments::Arguments;
use super::transition::names;
use super::{Scope, Transition};

/// In milliseconds, of a transition that has no time of its own.
const DEFAULT_TIME: u64 = 200;

/// How [`Js::show`](super::Js::show) shows elements.
///
/// ```
/// use bennu::js::Show;
/// use bennu::prelude::*;
///
/// let open = Js::new().show(Show::new("#menu").display("flex").transition("slide"));
/// # assert_eq!(
/// #     open.to_string(),
/// #     r##"[["show",{"to":"#menu","display":"flex","transition":[["slide"],[],[]]}]]"##,
/// # );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Show {
    to: Scope,
    display: Option<String>,
    transition: Option<Transition>,
}

impl Show {
    /// Shows them at once, as blocks or as the parts of a table that they are.
    #[must_use]
    pub fn new(to: impl Into<Scope>) -> Self {
        Self {
            to: to.into(),
            display: None,
            transition: None,
        }
    }

    /// The value of the style `display` that they get.
    #[must_use]
    pub fn display(mut self, display: impl Into<String>) -> Self {
        self.display = Some(display.into());
        self
    }

    /// Shows them with a transition.
    #[must_use]
    pub fn transition(mut self, transition: impl Into<Transition>) -> Self {
        self.transition = Some(transition.into());
        self
    }

    pub(super) fn arguments(&self) -> Arguments {
        Arguments::to(&self.to)
            .with_some("display", self.display.as_ref())
            .with_transition(self.transition.as_ref())
    }
}

/// How [`Js::hide`](super::Js::hide) hides elements.
///
/// ```
/// use bennu::js::Hide;
/// use bennu::prelude::*;
///
/// let close = Js::new().hide(Hide::new("#menu").transition("slide-away"));
/// # assert_eq!(
/// #     close.to_string(),
/// #     r##"[["hide",{"to":"#menu","transition":[["slide-away"],[],[]]}]]"##,
/// # );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hide {
    to: Scope,
    transition: Option<Transition>,
}

impl Hide {
    /// Hides them at once.
    #[must_use]
    pub fn new(to: impl Into<Scope>) -> Self {
        Self {
            to: to.into(),
            transition: None,
        }
    }

    /// Hides them with a transition.
    #[must_use]
    pub fn transition(mut self, transition: impl Into<Transition>) -> Self {
        self.transition = Some(transition.into());
        self
    }

    pub(super) fn arguments(&self) -> Arguments {
        Arguments::to(&self.to).with_transition(self.transition.as_ref())
    }
}

/// How [`Js::toggle`](super::Js::toggle) shows and hides elements.
///
/// ```
/// use bennu::js::Toggle;
/// use bennu::prelude::*;
///
/// let toggle = Js::new().toggle(
///     Toggle::new("#menu")
///         .display("flex")
///         .transition_in("slide")
///         .transition_out("slide-away"),
/// );
/// # assert_eq!(
/// #     toggle.to_string(),
/// #     r##"[["toggle",{"to":"#menu","display":"flex","ins":[["slide"],[],[]],"outs":[["slide-away"],[],[]]}]]"##,
/// # );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toggle {
    to: Scope,
    display: Option<String>,
    ins: Option<Transition>,
    outs: Option<Transition>,
}

impl Toggle {
    /// Shows or hides them at once.
    #[must_use]
    pub fn new(to: impl Into<Scope>) -> Self {
        Self {
            to: to.into(),
            display: None,
            ins: None,
            outs: None,
        }
    }

    /// The value of the style `display` that they get when they are shown.
    #[must_use]
    pub fn display(mut self, display: impl Into<String>) -> Self {
        self.display = Some(display.into());
        self
    }

    /// Shows them with a transition.
    #[must_use]
    pub fn transition_in(mut self, transition: impl Into<Transition>) -> Self {
        self.ins = Some(transition.into());
        self
    }

    /// Hides them with a transition. The command has one time for both: that
    /// of the longer one, and patches wait unless neither blocks them.
    #[must_use]
    pub fn transition_out(mut self, transition: impl Into<Transition>) -> Self {
        self.outs = Some(transition.into());
        self
    }

    pub(super) fn arguments(&self) -> Arguments {
        let paces = [&self.ins, &self.outs]
            .into_iter()
            .flatten()
            .map(Transition::pace);
        let pace = paces.reduce(|(time, blocking), (other_time, other_blocking)| {
            let time = match (time, other_time) {
                (None, None) => None,
                (one, other) => one.or(Some(DEFAULT_TIME)).max(other.or(Some(DEFAULT_TIME))),
            };
            (time, blocking || other_blocking)
        });
        Arguments::to(&self.to)
            .with_some("display", self.display.as_ref())
            .with_some("ins", self.ins.as_ref())
            .with_some("outs", self.outs.as_ref())
            .with_pace(pace.unwrap_or((None, true)))
    }
}

/// Classes that [`Js::add_class`](super::Js::add_class),
/// [`remove_class`](super::Js::remove_class) and
/// [`toggle_class`](super::Js::toggle_class) change. A text is their names, with
/// spaces between them.
///
/// ```
/// use bennu::js::Classes;
/// use bennu::prelude::*;
///
/// let mark = Js::new().add_class(Classes::new("done").transition("flash"), "#row");
/// # assert_eq!(
/// #     mark.to_string(),
/// #     r##"[["add_class",{"to":"#row","names":["done"],"transition":[["flash"],[],[]]}]]"##,
/// # );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes {
    names: String,
    transition: Option<Transition>,
}

impl Classes {
    /// These classes, with spaces between them.
    #[must_use]
    pub fn new(names: impl Into<String>) -> Self {
        Self {
            names: names.into(),
            transition: None,
        }
    }

    /// Changes them when a transition is over.
    #[must_use]
    pub fn transition(mut self, transition: impl Into<Transition>) -> Self {
        self.transition = Some(transition.into());
        self
    }

    pub(super) fn arguments(&self, to: &Scope) -> Arguments {
        Arguments::to(to)
            .with("names", &names(&self.names))
            .with_transition(self.transition.as_ref())
    }
}

impl<S: Into<Scope>> From<S> for Show {
    fn from(to: S) -> Self {
        Self::new(to)
    }
}

impl<S: Into<Scope>> From<S> for Hide {
    fn from(to: S) -> Self {
        Self::new(to)
    }
}

impl<S: Into<Scope>> From<S> for Toggle {
    fn from(to: S) -> Self {
        Self::new(to)
    }
}

impl<S: Into<String>> From<S> for Classes {
    fn from(names: S) -> Self {
        Self::new(names)
    }
}
