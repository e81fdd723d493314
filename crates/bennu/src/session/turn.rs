//! One turn: a callback ran, now its effects are performed, the view is
//! rendered, and at most one message with the difference goes out.

use std::any::TypeId;
use std::sync::Arc;

use bennu_core::Prints;
use bennu_core::wire::{Event as WireEvent, Extensions, Message};

use crate::channel::frame::{Status, write_string};
use crate::effect::{Effects, Exit, PushedEvent, check_local, without_fragment};
use crate::error::{Error, Kind};
use crate::flash::Flash;
use crate::layout::LiveSession;
use crate::session::erased::Mounted;
use crate::session::navigation::{Outcome, Purpose, Visit};
use crate::session::nest::{self, Brood, LiveNest, Nest};
use crate::session::sender::Sender;
use crate::session::task::Peer;
use crate::session::token::Use;

/// More patches than this in a row are a loop (`protocol.md §6`).
const MOST_PATCHES: usize = 20;

/// A connected view and what its client shows of it.
pub(crate) struct Session {
    pub(crate) mounted: Box<dyn Mounted>,
    layouts: LiveSession,
    prints: Prints,
    title: Option<Box<str>>,
    /// What the client offered when it joined.
    extensions: Extensions,
    /// The children that it placed; none, and nothing kept, for most views.
    brood: Option<Box<Brood>>,
}

/// How a view goes on after a callback.
#[derive(Debug)]
pub(crate) enum Next {
    Stay,
    /// The browser was sent elsewhere: the view ends.
    Leave,
}

impl Session {
    pub(crate) fn new(
        mounted: Box<dyn Mounted>,
        layouts: LiveSession,
        extensions: Extensions,
    ) -> Self {
        Self {
            mounted,
            layouts,
            prints: Prints::default(),
            title: None,
            extensions,
            brood: None,
        }
    }

    /// Ends a turn that began with a message of the browser: answers it. Without
    /// a ref nobody waits for an answer, and what it would say is pushed.
    pub(crate) async fn answer(
        &mut self,
        result: crate::Result,
        message_ref: Option<&str>,
        sender: &Arc<Sender>,
        peer: &Arc<Peer>,
    ) -> crate::Result<Next> {
        let exit = match self.settle(result, peer).await? {
            Settled::Stay(patched) => {
                self.push_patches(&patched, sender);
                if message_ref.is_none() {
                    self.push_changes(sender, peer);
                    return Ok(Next::Stay);
                }
                sender.reply(message_ref, Status::Ok, |out| {
                    let start = out.len();
                    out.push_str(r#"{"diff":"#);
                    if self.write_diff(out, sender, peer) {
                        out.push('}');
                    } else {
                        out.truncate(start);
                        out.push_str("{}");
                    }
                });
                return Ok(Next::Stay);
            }
            Settled::Leave(exit) => exit,
        };
        self.push_events(sender);
        match message_ref {
            Some(_) => sender.reply(message_ref, Status::Ok, |out| exit.write(out)),
            None => sender.push(exit.event(), |out| exit.write_payload(out)),
        }
        Ok(Next::Leave)
    }

    /// Ends a turn that began with a message of the server, up to the render,
    /// which the caller does when the peer has room.
    pub(crate) async fn push(
        &mut self,
        result: crate::Result,
        sender: &Sender,
        peer: &Peer,
    ) -> crate::Result<Next> {
        let settled = self.settle(result, peer).await?;
        // There is no event to reply to.
        self.mounted.core().effects.reply = None;
        match settled {
            Settled::Stay(patched) => {
                self.push_patches(&patched, sender);
                Ok(Next::Stay)
            }
            Settled::Leave(exit) => {
                self.push_events(sender);
                sender.push(exit.event(), |out| exit.write_payload(out));
                Ok(Next::Leave)
            }
        }
    }

    /// Pushes what changed since the client last heard.
    pub(crate) fn push_changes(&mut self, sender: &Arc<Sender>, peer: &Arc<Peer>) {
        sender.push_diff(|out| self.write_diff(out, sender, peer));
    }

    /// Tells the browser of the page's new URLs. It shows none of a child's.
    fn push_patches(&mut self, patched: &[Patch], sender: &Sender) {
        if !self.is_child() {
            for patch in patched {
                sender.push("live_patch", |out| patch.write(out));
            }
        }
    }

    /// Performs what a callback asked for as far as it concerns the URL: runs
    /// `handle_params` for patches until there is none left.
    pub(crate) async fn settle(
        &mut self,
        result: crate::Result,
        peer: &Peer,
    ) -> crate::Result<Settled> {
        let mut result = result;
        let mut patched = Vec::new();
        loop {
            let exit = match result {
                Ok(()) => self.mounted.core().effects.exit.take(),
                Err(error) => Some(match error.into_kind() {
                    Kind::Redirect(to) => Exit::Redirect { to },
                    Kind::Navigate(to) => Exit::Navigate { to, replace: false },
                    // A child doesn't know its page: its next join is refused
                    // with the status.
                    Kind::Status(status) if self.is_child() => {
                        return Err(Error::status(status));
                    }
                    // The page itself is gone or forbidden: its GET says so. A
                    // peer chose its path, which may read as another host.
                    Kind::Status(_) => {
                        let uri = &*self.mounted.core().uri;
                        let to = if check_local(uri).is_ok() { uri } else { "/" };
                        Exit::Redirect { to: to.to_owned() }
                    }
                    Kind::Failed(error) => return Err(Error::from_boxed(error)),
                }),
            };
            let (to, replace) = match exit {
                None => return Ok(Settled::Stay(patched)),
                Some(Exit::Patch { to, replace }) => (to, replace),
                Some(exit) => return Ok(Settled::Leave(self.departure(exit, peer))),
            };
            if patched.len() == MOST_PATCHES {
                return Err(Error::message(format!(
                    "handle_params patched {MOST_PATCHES} times in a row, the last time to {to:?}"
                )));
            }
            match self.params_of(&to, peer).await {
                Some(params) => {
                    self.mounted.core().uri = without_fragment(&to).into();
                    patched.push(Patch { to, replace });
                    result = self.mounted.params(params).await;
                }
                // Another view, or the application turned the visitor away.
                None => {
                    let exit = Exit::Navigate { to, replace };
                    return Ok(Settled::Leave(self.departure(exit, peer)));
                }
            }
        }
    }

    /// The parameters of another URL of this view; `None` if it isn't one.
    pub(crate) async fn params_of(
        &mut self,
        uri: &str,
        peer: &Peer,
    ) -> Option<Box<dyn std::any::Any + Send>> {
        let view: TypeId = self.mounted.view_type();
        let visit = Visit::new(Purpose::Patch {
            view,
            session: self.layouts.clone(),
        });
        peer.road.travel(without_fragment(uri), visit.clone()).await;
        match visit.outcome() {
            Some(Outcome::Params(params)) => Some(params),
            _ => None,
        }
    }

    /// Whether the view is nested in another's page.
    pub(crate) fn is_child(&mut self) -> bool {
        self.mounted.core().depth > 0
    }

    /// Sets the title that the root layout has for views without one, if the
    /// view set none.
    pub(crate) fn title_or_default(&mut self) {
        let title = &mut self.mounted.core().effects.title;
        title.get_or_insert_default();
    }

    /// The whole tree, for the answer to a join.
    pub(crate) fn write_tree(&mut self, out: &mut String, sender: &Arc<Sender>, peer: &Arc<Peer>) {
        let mut message = Message::new(out).with(self.extensions);
        let rendered = self.render(sender, peer);
        self.mounted.core().effects.reply = None;
        self.prints.join(&rendered, &mut message);
        self.write_extras(&mut message);
        message.finish();
        self.mounted.core().tell_rendered();
    }

    /// What changed; returns whether anything did.
    fn write_diff(&mut self, out: &mut String, sender: &Arc<Sender>, peer: &Arc<Peer>) -> bool {
        let mut message = Message::new(out).with(self.extensions);
        let rendered = self.render(sender, peer);
        self.prints.diff(&rendered, &mut message);
        self.write_extras(&mut message);
        let any = message.finish();
        self.mounted.core().tell_rendered();
        any
    }

    fn render(&mut self, sender: &Arc<Sender>, peer: &Arc<Peer>) -> bennu_core::Rendered {
        let depth = self.mounted.core().depth;
        let nest = LiveNest::new(self.brood.take(), depth, sender, peer);
        let (rendered, nest) = nest::within(Nest::Live(nest), || {
            let view = self.mounted.render();
            let core = self.mounted.core();
            match depth {
                0 => self.layouts.around(&core.flash, &core.uri, view),
                // A child has no layout.
                _ => view,
            }
        });
        if let Some(Nest::Live(nest)) = nest {
            self.brood = nest.into_brood();
        }
        rendered
    }

    fn write_extras(&mut self, message: &mut Message<'_>) {
        let Effects {
            events,
            reply,
            title,
            ..
        } = std::mem::take(&mut self.mounted.core().effects);
        // The page's title is that of the page's view.
        let title = title.filter(|_| !self.is_child());
        if let Some(title) = title.filter(|title| self.title.as_deref() != Some(title)) {
            message.title(&title);
            self.title = Some(title.into());
        }
        message.events(events.iter().map(|event| WireEvent {
            name: &event.name,
            payload: &event.payload,
            before_patch: false,
        }));
        if let Some(reply) = reply {
            message.reply(&reply);
        }
    }

    /// Pushes waiting events alone: the view leaves and is not rendered again.
    fn push_events(&mut self, sender: &Sender) {
        sender.push_diff(|out| {
            let mut message = Message::new(out);
            self.mounted.core().effects.reply = None;
            self.write_extras(&mut message);
            message.finish()
        });
    }

    pub(crate) fn departure(&mut self, exit: Exit, peer: &Peer) -> Departure {
        let flash = std::mem::take(&mut self.mounted.core().flash);
        Departure::new(exit, &flash, peer)
    }
}

/// What became of the exits that a callback asked for.
pub(crate) enum Settled {
    /// The view stays, at the last of these URLs.
    Stay(Vec<Patch>),
    Leave(Departure),
}

/// A change of the URL within the view.
pub(crate) struct Patch {
    to: String,
    replace: bool,
}

impl Patch {
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
    pub(crate) fn new(exit: Exit, flash: &Flash, peer: &Peer) -> Self {
        let flash = (!flash.is_empty()).then(|| peer.config.signer.sign(Use::Flash, flash));
        Self {
            exit,
            flash,
            events: Vec::new(),
        }
    }

    /// The other live view that the client is to show.
    pub(crate) fn navigates_to(&self) -> Option<&str> {
        match &self.exit {
            Exit::Navigate { to, .. } | Exit::Patch { to, .. } => Some(to),
            Exit::Redirect { .. } => None,
        }
    }

    fn event(&self) -> &'static str {
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

    fn write_payload(&self, out: &mut String) {
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
