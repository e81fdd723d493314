//! The arguments of a command, as they are written.

use serde::Serialize;

use super::{Scope, Transition};

/// The inside of a JSON object.
#[derive(Clone, Debug, Default)]
pub(super) struct Arguments {
    json: String,
}

impl Arguments {
    /// No arguments yet but which elements the command means.
    pub(super) fn to(scope: &Scope) -> Self {
        let arguments = Self::default();
        if scope.is_this() {
            return arguments;
        }
        arguments.with("to", scope)
    }

    pub(super) fn with(self, key: &str, value: &(impl Serialize + ?Sized)) -> Self {
        let json = serde_json::to_string(value)
            .expect("arguments are texts, numbers and values that are JSON already");
        self.with_json(key, &json)
    }

    /// With a value that may be missing, and is left out then.
    pub(super) fn with_some(self, key: &str, value: Option<&(impl Serialize + ?Sized)>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// With a value that is encoded already.
    pub(super) fn with_json(mut self, key: &str, value: &str) -> Self {
        if !self.json.is_empty() {
            self.json.push(',');
        }
        for part in ["\"", key, "\":", value] {
            self.json.push_str(part);
        }
        self
    }

    /// With a transition that plays meanwhile.
    pub(super) fn with_transition(self, transition: Option<&Transition>) -> Self {
        match transition {
            Some(transition) => self
                .with("transition", transition)
                .with_pace(transition.pace()),
            None => self,
        }
    }

    /// With the duration of transitions in milliseconds, and whether patches
    /// wait for them.
    pub(super) fn with_pace(self, (time, blocking): (Option<u64>, bool)) -> Self {
        let arguments = self.with_some("time", time.as_ref());
        if blocking {
            return arguments;
        }
        arguments.with("blocking", &false)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.json
    }
}
