//! Where a turn sends the browser, as it is told: to another URL of the view, or
//! away from it (`protocol.md §6`).

use crate::channel::frame::write_string;
use crate::effect::{Exit, PushedEvent};
use crate::flash::Flash;
use crate::session::peer::Peer;

/// A change of the URL within the view.
pub(crate) struct Patch {
    to: String,
    replace: bool,
}

impl Patch {
    pub(super) fn new(to: &str, replace: bool, peer: &Peer) -> Self {
        Self {
            to: peer.config.base.outside(to).into_owned(),
            replace,
        }
    }

    /// Two in a row are one move to where the second leads, as the first one moves.
    pub(super) fn both(first: Option<Self>, second: Option<Self>) -> Option<Self> {
        match (first, second) {
            (Some(Self { replace, .. }), Some(Self { to, .. })) => Some(Self { to, replace }),
            (first, second) => second.or(first),
        }
    }

    /// A move that leaves nothing to go back to.
    pub(super) fn in_place(self) -> Self {
        Self {
            replace: true,
            ..self
        }
    }

    pub(crate) fn write(&self, out: &mut String) {
        out.push_str(r#"{"to":"#);
        write_string(out, &self.to);
        out.push_str(kind(self.replace));
        out.push('}');
    }
}

fn kind(replace: bool) -> &'static str {
    if replace {
        r#","kind":"replace""#
    } else {
        r#","kind":"push""#
    }
}

/// Where a browser is sent, and the notices that go along.
#[derive(Debug)]
pub(crate) struct Departure {
    exit: Exit,
    flash: Option<String>,
    /// Events to dispatch before, where no message can bring them: at a join.
    pub(crate) events: Vec<PushedEvent>,
}

impl Departure {
    /// The log names `from`, a view or a URL, if the notices are too long.
    pub(crate) fn new(exit: Exit, flash: &Flash, from: &str, peer: &Peer) -> Self {
        let flash = (!flash.is_trivial()).then(|| peer.config.signer.carry(flash, from));
        let mut exit = exit;
        let (Exit::Patch { to, .. } | Exit::Navigate { to, .. } | Exit::Redirect { to }) =
            &mut exit;
        *to = peer.config.base.outside(to).into_owned();
        Self {
            exit,
            flash,
            events: Vec::new(),
        }
    }

    /// The message that says so to a view that lives.
    pub(super) fn event(&self) -> &'static str {
        match self.exit {
            Exit::Redirect { .. } => "redirect",
            Exit::Navigate { .. } | Exit::Patch { .. } => "live_redirect",
        }
    }

    /// `{"redirect":{…}}` or `{"live_redirect":{…}}`, with `"events"` if any.
    pub(crate) fn write(&self, out: &mut String) {
        out.push('{');
        write_string(out, self.event());
        out.push(':');
        self.write_payload(out);
        for (index, event) in self.events.iter().enumerate() {
            out.push_str(if index == 0 { r#","events":[["# } else { ",[" });
            write_string(out, &event.name);
            out.push(',');
            out.push_str(&event.payload);
            out.push(']');
        }
        out.push_str(if self.events.is_empty() { "}" } else { "]}" });
    }

    pub(super) fn write_payload(&self, out: &mut String) {
        let (to, kind) = match &self.exit {
            Exit::Redirect { to } => (to, ""),
            Exit::Navigate { to, replace } | Exit::Patch { to, replace } => (to, kind(*replace)),
        };
        out.push_str(r#"{"to":"#);
        write_string(out, to);
        out.push_str(kind);
        if let Some(flash) = &self.flash {
            out.push_str(r#","flash":"#);
            write_string(out, flash);
        }
        out.push('}');
    }
}
