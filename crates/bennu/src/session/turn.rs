//! One turn: a callback ran, now its effects are performed, the view is
//! rendered, and at most one message with the difference goes out.

use std::any::TypeId;
use std::sync::Arc;

use bennu_core::Prints;
use bennu_core::wire::{Event as WireEvent, Extensions, Message};

use crate::channel::frame::{ClientPush, Status};
use crate::effect::{Effects, Exit};
use crate::error::{Error, Kind};
use crate::fault;
use crate::layout::LiveSession;
use crate::path::{resolve, without_fragment};
use crate::session::components::{Components, Pass, VIEW};
use crate::session::departure::{Departure, Patch};
use crate::session::erased::Mounted;
use crate::session::mailbox::{Info, PagePatch, Recipient};
use crate::session::navigation::{Outcome, Purpose, Visit};
use crate::session::nest::{Brood, Nesting};
use crate::session::sender::Sender;
use crate::session::task::Peer;

/// More patches than this in a row are a loop (`protocol.md §6`).
const MOST_PATCHES: usize = 20;

/// A connected view and what its client shows of it.
pub(crate) struct Session {
    pub(crate) mounted: Box<dyn Mounted>,
    pub(crate) components: Components,
    layouts: LiveSession,
    /// Whether the view had a callback since its last render.
    is_dirty: bool,
    prints: Prints,
    title: Option<Box<str>>,
    /// What the client offered when it joined.
    extensions: Extensions,
    /// The children that it placed; none, and nothing kept, for most views.
    brood: Option<Box<Brood>>,
    /// A sticky view outlives the page that it leads away from.
    is_sticky: bool,
    /// Where a sticky view sends the browser once it was told of the changes.
    away: Option<Departure>,
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
            components: Components::default(),
            layouts,
            is_dirty: true,
            prints: Prints::default(),
            title: None,
            extensions,
            brood: None,
            is_sticky: false,
            away: None,
        }
    }

    /// A view that goes on when the browser navigates.
    pub(crate) fn sticky(self) -> Self {
        Self {
            is_sticky: true,
            ..self
        }
    }

    /// Ends a turn that began with a message of the browser: answers it. Without
    /// a ref nobody waits for an answer, and what it would say is pushed.
    pub(crate) async fn answer(
        &mut self,
        result: crate::Result,
        push: &ClientPush,
        sender: &Arc<Sender>,
        peer: &Arc<Peer>,
    ) -> crate::Result<Next> {
        let message_ref = push.message_ref();
        let next = match self.advance(result, sender, peer).await? {
            Settled::Stay((mut patched, mut pass)) => {
                // The browser shows the URL that it asked for when it has the
                // answer. One that this led to takes its place.
                let asked = push.event() == "live_patch";
                let onward = patched.take_if(|_| asked).map(Patch::in_place);
                self.push_patch(patched, sender);
                if message_ref.is_none() || self.away.is_some() {
                    sender.push_diff(|out| self.write_diff(&mut pass, out));
                }
                if self.away.is_none() {
                    sender.reply(message_ref, Status::Ok, |out| {
                        let start = out.len();
                        out.push_str(r#"{"diff":"#);
                        if self.write_diff(&mut pass, out) {
                            out.push('}');
                        } else {
                            out.truncate(start);
                            out.push_str("{}");
                        }
                    });
                }
                self.push_rest(&mut pass, sender);
                self.push_patch(onward, sender);
                Next::Stay
            }
            Settled::Leave(exit) => {
                self.away = Some(exit);
                Next::Leave
            }
        };
        if let Some(exit) = self.away.take() {
            self.push_events(sender);
            match message_ref {
                Some(_) => sender.reply(message_ref, Status::Ok, |out| exit.write(out)),
                None => sender.push(exit.event(), |out| exit.write_payload(out)),
            }
        }
        match next {
            Next::Stay if self.has_changes() => Box::pin(self.push_changes(sender, peer)).await,
            next => Ok(next),
        }
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
        self.drop_reply();
        match settled {
            Settled::Stay(patched) => {
                self.push_patch(patched, sender);
                Ok(Next::Stay)
            }
            Settled::Leave(exit) => {
                self.push_exit(&exit, sender);
                Ok(Next::Leave)
            }
        }
    }

    /// There is no event to reply to.
    pub(crate) fn drop_reply(&mut self) {
        if self.mounted.core().effects.reply.take().is_some() {
            fault::unasked_reply(self.mounted.name());
        }
    }

    fn push_exit(&mut self, exit: &Departure, sender: &Sender) {
        self.push_events(sender);
        sender.push(exit.event(), |out| exit.write_payload(out));
    }

    /// Pushes what changed since the client last heard.
    pub(crate) async fn push_changes(
        &mut self,
        sender: &Arc<Sender>,
        peer: &Arc<Peer>,
    ) -> crate::Result<Next> {
        // More than once only if a component patches when it is mounted or
        // updated.
        for _ in 0..MOST_PATCHES {
            if !self.has_changes() {
                return Ok(Next::Stay);
            }
            match self.advance(Ok(()), sender, peer).await? {
                Settled::Stay((patched, mut pass)) => {
                    self.push_patch(patched, sender);
                    sender.push_diff(|out| self.write_diff(&mut pass, out));
                    self.push_rest(&mut pass, sender);
                    if let Some(exit) = self.away.take() {
                        self.push_exit(&exit, sender);
                    }
                }
                Settled::Leave(exit) => {
                    self.push_exit(&exit, sender);
                    return Ok(Next::Leave);
                }
            }
        }
        Err(Error::message(format!(
            "rendering made changes {MOST_PATCHES} times in a row: a component patches or sets \
             notices whenever it is updated"
        )))
    }

    /// Whether anything happened that the client was not told of.
    pub(crate) fn has_changes(&mut self) -> bool {
        let effects = &self.mounted.core().effects;
        let has_effects = effects.flash || !effects.events.is_empty() || effects.title.is_some();
        self.is_dirty || has_effects || self.components.are_dirty() || self.away.is_some()
    }

    /// The view, for a callback.
    pub(crate) fn view(&mut self) -> &mut dyn Mounted {
        self.is_dirty = true;
        &mut *self.mounted
    }

    /// A child wants another URL for the page.
    fn ask_patch(&mut self, patch: PagePatch) {
        let PagePatch { to, replace, flash } = patch;
        let core = self.mounted.core();
        for (kind, text) in flash.iter() {
            core.flash.put(kind, text.to_owned());
        }
        core.effects.flash |= !flash.is_empty();
        core.effects.exit = Some(Exit::Patch { to, replace });
    }

    /// Handles a message of the server.
    pub(crate) async fn info(&mut self, info: Info) -> crate::Result {
        let Info { to, content } = info;
        match to {
            Recipient::View => return self.view().info(content).await,
            Recipient::Page => {
                if let Ok(patch) = content.downcast() {
                    self.ask_patch(*patch);
                }
                return Ok(());
            }
            Recipient::Component(_) | Recipient::Named(_) => {}
        }
        if let Some(handled) = (self.components).info(&to, content, self.mounted.core()) {
            return handled.await;
        }
        let view = self.mounted.name();
        tracing::debug!(view, ?to, "there is no such component for a message");
        Ok(())
    }

    /// From the end of a callback to what the client has to be told: performs
    /// what it asked for, and renders.
    pub(crate) async fn advance(
        &mut self,
        result: crate::Result,
        sender: &Arc<Sender>,
        peer: &Arc<Peer>,
    ) -> crate::Result<Settled<(Option<Patch>, Pass)>> {
        let patched = match self.settle(result, peer).await? {
            Settled::Stay(patched) => patched,
            Settled::Leave(exit) => return Ok(Settled::Leave(exit)),
        };
        let depth = self.mounted.core().depth;
        let mut nesting = Nesting::Live {
            brood: self.brood.take(),
            depth,
            sender,
            peer,
        };
        let rendered = self
            .render(&mut nesting, peer.config.limits.components)
            .await;
        self.brood = nesting.into_brood();
        if rendered.is_ok() && self.mounted.core().effects.exit.is_none() {
            return Ok(Settled::Stay((patched, rendered?)));
        }
        // A component that is mounted or updated may ask too. What was rendered
        // is sent all the same: streams are rendered once.
        let (result, pass) = match rendered {
            Ok(pass) => (Ok(()), pass),
            Err(error) => (Err(error), Pass::default()),
        };
        Ok(match Box::pin(self.settle(result, peer)).await? {
            Settled::Stay(more) => Settled::Stay((Patch::both(patched, more), pass)),
            Settled::Leave(exit) => Settled::Leave(exit),
        })
    }

    /// Tells the browser of the page's new URL. It shows none of a child's.
    fn push_patch(&mut self, patched: Option<Patch>, sender: &Sender) {
        if let Some(patch) = patched.filter(|_| !self.is_child()) {
            sender.push("live_patch", |out| patch.write(out));
        }
    }

    /// Performs what a callback asked for as far as it concerns the URL: runs
    /// `handle_params` for patches until there is none left. Patches in a row are
    /// one move to the last URL.
    pub(crate) async fn settle(
        &mut self,
        result: crate::Result,
        peer: &Peer,
    ) -> crate::Result<Settled<Option<Patch>>> {
        let mut result = result;
        let mut patched = None;
        let mut count = 0;
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
                    // The page itself is gone or forbidden: its GET says so.
                    Kind::Status(_) => Exit::Redirect {
                        to: (*self.mounted.core().uri).to_owned(),
                    },
                    Kind::Failed(error) => return Err(Error::from_boxed(error)),
                }),
            };
            let (to, replace) = match exit {
                None => return Ok(Settled::Stay(patched)),
                Some(Exit::Patch { to, replace }) => {
                    let to = resolve(&to, &self.mounted.core().uri).into_owned();
                    (to, replace)
                }
                Some(exit) => return Ok(self.depart(exit, patched, peer)),
            };
            count += 1;
            if count > MOST_PATCHES {
                return Err(Error::message(format!(
                    "handle_params patched {MOST_PATCHES} times in a row, the last time to {to:?}"
                )));
            }
            match self.params_of(&to, peer).await {
                Some(params) => {
                    self.mounted.core().uri = without_fragment(&to).into();
                    patched = Patch::both(patched, Some(Patch::new(&to, replace, peer)));
                    result = self.view().params(params).await;
                }
                // Another view, or the application turned the visitor away.
                None => {
                    // The page of a child may well be that view.
                    if self.is_child() && self.patch_page(&to, replace, peer) {
                        return Ok(Settled::Stay(patched));
                    }
                    let exit = Exit::Navigate { to, replace };
                    return Ok(self.depart(exit, patched, peer));
                }
            }
        }
    }

    /// Sends the browser elsewhere: the view ends, unless it is of no page.
    fn depart(
        &mut self,
        exit: Exit,
        patched: Option<Patch>,
        peer: &Peer,
    ) -> Settled<Option<Patch>> {
        let stays = self.is_sticky && matches!(exit, Exit::Navigate { .. });
        let mut exit = exit;
        // The browser shows another URL than a child's, and knows it.
        if !self.is_child() {
            let (Exit::Patch { to, .. } | Exit::Navigate { to, .. } | Exit::Redirect { to }) =
                &mut exit;
            *to = resolve(to, &self.mounted.core().uri).into_owned();
        }
        let departure = self.departure(exit, peer);
        if !stays {
            return Settled::Leave(departure);
        }
        self.away = Some(departure);
        Settled::Stay(patched)
    }

    /// Leaves a patch to the page around this child. Returns whether there is
    /// one.
    fn patch_page(&mut self, to: &str, replace: bool, peer: &Peer) -> bool {
        let Some(page) = peer.families.page() else {
            return false;
        };
        let core = self.mounted.core();
        let flash = std::mem::take(&mut core.flash);
        core.effects.flash |= !flash.is_empty();
        let patch = PagePatch {
            to: to.to_owned(),
            replace,
            flash,
        };
        // A page that has too much to do ends, and its children with it.
        let _ = page.post_info(Info {
            to: Recipient::Page,
            content: Box::new(patch),
        });
        true
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
            link: self.mounted.core().link.clone(),
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

    /// Renders what has to be, with at most so many components.
    pub(crate) async fn render(
        &mut self,
        nesting: &mut Nesting<'_>,
        components: usize,
    ) -> crate::Result<Pass> {
        let core = self.mounted.core();
        let is_dirty = std::mem::take(&mut self.is_dirty) | std::mem::take(&mut core.effects.flash);
        let view = is_dirty.then(|| {
            self.prints.render(|| {
                nesting.render(VIEW, || {
                    let view = self.mounted.render();
                    let core = self.mounted.core();
                    match core.depth {
                        0 => self.layouts.around(&core.flash, &core.uri, view),
                        // A child has no layout.
                        _ => view,
                    }
                })
            })
        });
        let pass = (self.components)
            .resolve(view, &self.prints, self.mounted.core(), nesting, components)
            .await?;
        nesting.settle(|cid| self.components.standing(cid))?;
        Ok(pass)
    }

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
    fn push_rest(&mut self, pass: &mut Pass, sender: &Sender) {
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
pub(crate) enum Settled<T> {
    /// The view stays; it patched to another URL, if there is one.
    Stay(T),
    Leave(Departure),
}
