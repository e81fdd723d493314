//! What a turn writes for its client, message by message.

use bennu_core::wire::{Event as WireEvent, Message};

use super::Session;
use crate::effect::Effects;
use crate::session::components::Pass;
use crate::session::departure::{Departure, Patch};
use crate::session::sender::Sender;

impl Session {
    /// Writes the pass, as far as one message can say it; returns whether there
    /// was anything to write.
    pub(crate) fn write_diff(&mut self, pass: &mut Pass, out: &mut String) -> bool {
        let any = self.write_message(pass, out);
        self.mounted.core().tell_rendered();
        any
    }

    fn write_message(&mut self, pass: &mut Pass, out: &mut String) -> bool {
        let mut message = Message::new(out).with(self.extensions);
        pass.write(&mut self.prints, &mut self.components, &mut message);
        self.write_extras(&mut message);
        message.finish()
    }

    /// Pushes what the first message of a pass could not say.
    pub(super) fn push_rest(&mut self, pass: &mut Pass, sender: &Sender) {
        if pass.is_unfinished() {
            sender.push_diff(|out| self.write_message(pass, out));
        }
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
            before_patch: event.before_patch,
        }));
        if let Some(reply) = reply {
            message.reply(&reply);
        }
    }

    /// Pushes waiting events alone: the view leaves and is not rendered again.
    pub(super) fn push_events(&mut self, sender: &Sender) {
        sender.push_diff(|out| {
            let mut message = Message::new(out);
            self.mounted.core().effects.reply = None;
            self.write_extras(&mut message);
            message.finish()
        });
    }

    pub(super) fn push_exit(&mut self, exit: &Departure, sender: &Sender) {
        self.push_events(sender);
        sender.push(exit.event(), |out| exit.write_payload(out));
    }

    /// Tells the browser of the page's new URL. It shows none of a child's.
    pub(super) fn push_patch(&mut self, patched: Option<Patch>, sender: &Sender) {
        if let Some(patch) = patched.filter(|_| !self.is_child()) {
            sender.push("live_patch", |out| patch.write(out));
        }
    }
}
