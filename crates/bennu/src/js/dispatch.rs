//! DOM events, dispatched by a command.

use serde_json::Value;

use super::Scope;
use super::arguments::Arguments;

/// The DOM event of [`Js::dispatch`](super::Js::dispatch). A text is its name; it
/// is dispatched on the element that holds the command then.
///
/// The event bubbles, and its `detail` has the element that holds the command
/// as `dispatcher`.
///
/// ```
/// use bennu::js::Dispatch;
/// use bennu::prelude::*;
/// use serde_json::json;
///
/// let event = Dispatch::new("chart:zoom").to("#chart").detail(json!({ "factor": 2 }));
/// let zoom = Js::new().dispatch(event);
/// # assert_eq!(
/// #     zoom.to_string(),
/// #     r##"[["dispatch",{"to":"#chart","event":"chart:zoom","detail":{"factor":2}}]]"##,
/// # );
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dispatch {
    event: String,
    to: Scope,
    detail: Option<Value>,
    bubbles: bool,
    blocking: bool,
}

impl Dispatch {
    /// An event of this name. A name of your own with a colon, such as
    /// `app:copy`, meets none of the browser's.
    #[must_use]
    pub fn new(event: impl Into<String>) -> Self {
        Self {
            event: event.into(),
            to: Scope::this(),
            detail: None,
            bubbles: true,
            blocking: false,
        }
    }

    /// Dispatches it on these elements.
    #[must_use]
    pub fn to(mut self, to: impl Into<Scope>) -> Self {
        self.to = to.into();
        self
    }

    /// What its `detail` holds: a JSON object.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Value>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Keeps it from reaching the elements around.
    #[must_use]
    pub fn without_bubbling(mut self) -> Self {
        self.bubbles = false;
        self
    }

    /// Lets patches of the page wait until a listener calls `detail.done()`, for
    /// animations that scripts make.
    #[must_use]
    pub fn blocking(mut self) -> Self {
        self.blocking = true;
        self
    }

    pub(super) fn arguments(&self) -> Arguments {
        let mut arguments = Arguments::to(&self.to)
            .with("event", &self.event)
            .with_some("detail", self.detail.as_ref());
        if !self.bubbles {
            arguments = arguments.with("bubbles", &false);
        }
        if self.blocking {
            arguments = arguments.with("blocking", &true);
        }
        arguments
    }
}

impl<S: Into<String>> From<S> for Dispatch {
    fn from(event: S) -> Self {
        Self::new(event)
    }
}
