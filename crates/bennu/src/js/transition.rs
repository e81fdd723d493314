//! Classes that come and go over time.

use std::time::Duration;

use serde::{Serialize, Serializer};

/// A transition or animation that classes of your stylesheet describe.
///
/// ```
/// use bennu::js::{Show, Transition};
/// use bennu::prelude::*;
/// use std::time::Duration;
///
/// let fade = Transition::new("fade")
///     .start("clear")
///     .end("opaque")
///     .time(Duration::from_millis(300));
/// assert_eq!(
///     Js::new().show(Show::new("#help").transition(fade)).to_string(),
///     r##"[["show",{"to":"#help","transition":[["fade"],["clear"],["opaque"]],"time":300}]]"##,
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    run: String,
    start: String,
    end: String,
    time: Option<Duration>,
    blocking: bool,
}

impl Transition {
    /// A transition with these classes while it runs, separated by spaces: those
    /// that name what is animated. There must be one.
    #[must_use]
    pub fn new(run: impl Into<String>) -> Self {
        Self {
            run: run.into(),
            start: String::new(),
            end: String::new(),
            time: None,
            blocking: true,
        }
    }

    /// The classes of its first frame only: what it comes from.
    #[must_use]
    pub fn start(mut self, classes: impl Into<String>) -> Self {
        self.start = classes.into();
        self
    }

    /// The classes of its second frame and all after: what it goes to.
    #[must_use]
    pub fn end(mut self, classes: impl Into<String>) -> Self {
        self.end = classes.into();
        self
    }

    /// How long the classes stay, in whole milliseconds: as long as the
    /// stylesheet needs. 200 ms when not said.
    #[must_use]
    pub fn time(mut self, time: Duration) -> Self {
        self.time = Some(time);
        self
    }

    /// Lets patches of the page go on meanwhile; else they wait, so that they
    /// don't disturb what moves.
    #[must_use]
    pub fn without_blocking(mut self) -> Self {
        self.blocking = false;
        self
    }

    /// How many milliseconds it takes, and whether patches wait.
    pub(super) fn pace(&self) -> (Option<u64>, bool) {
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        (self.time.map(milliseconds), self.blocking)
    }
}

/// The classes while it runs.
impl From<&str> for Transition {
    fn from(run: &str) -> Self {
        Self::new(run)
    }
}

/// The three lists of classes.
impl Serialize for Transition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [&self.run, &self.start, &self.end]
            .map(|classes| names(classes))
            .serialize(serializer)
    }
}

/// The names in a text with spaces between them.
pub(super) fn names(classes: &str) -> Vec<&str> {
    classes.split_ascii_whitespace().collect()
}
