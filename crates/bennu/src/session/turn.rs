//! One turn: a callback ran, now its effects are performed, the view is
//! rendered, and at most one message with the difference goes out.

use std::any::TypeId;
use std::sync::Arc;
use std::task::Poll;

use bennu_core::Prints;
use bennu_core::wire::Extensions;

use crate::channel::frame::{ClientPush, Status};
use crate::channel::outbox::Permit;
use crate::effect::Exit;
use crate::error::{Error, Kind};
use crate::fault;
use crate::flash::Flash;
use crate::layout::LiveSession;
use crate::path::{resolve, without_fragment};
use crate::quoted::Line;
use crate::request::LiveRequest;
use crate::session::components::{Components, Pass};
use crate::session::departure::{Departure, Patch};
use crate::session::erased::Mounted;
use crate::session::mailbox::{Info, PagePatch, Recipient};
use crate::session::navigation::{Answer, Outcome, Purpose, Visit};
use crate::session::nest::{Brood, Nesting};
use crate::session::peer::Peer;
use crate::session::sender::Sender;

mod message;
mod render;

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
            Settled::Stay(Turn {
                mut patched,
                mut pass,
                permit,
            }) => {
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
                drop(permit);
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
            let fault = fault::unasked_reply(self.mounted.name());
            self.mounted.core().effects.show_fault(fault);
        }
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
                Settled::Stay(Turn {
                    patched,
                    mut pass,
                    permit,
                }) => {
                    self.push_patch(patched, sender);
                    sender.push_diff(|out| self.write_diff(&mut pass, out));
                    self.push_rest(&mut pass, sender);
                    drop(permit);
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
        let to = Line(format!("{to:?}"));
        tracing::debug!(view, %to, "there is no such component for a message");
        Ok(())
    }

    /// From the end of a callback to what the client has to be told: performs
    /// what it asked for, and renders, when the client has read enough of what it
    /// was told before.
    pub(crate) async fn advance(
        &mut self,
        result: crate::Result,
        sender: &Arc<Sender>,
        peer: &Arc<Peer>,
    ) -> crate::Result<Settled<Turn>> {
        let patched = match self.settle(result, peer).await? {
            Settled::Stay(patched) => patched,
            Settled::Leave(exit) => return Ok(Settled::Leave(exit)),
        };
        let mut permit = sender.outbox().permit().await;
        let depth = self.mounted.core().depth;
        let mut nesting = Nesting::Live {
            brood: self.brood.take(),
            depth,
            sender,
            peer,
        };
        let view = self.show(&mut nesting);
        let rendered = match self.components.have_part_in(view.as_ref()) {
            false => Ok(Pass::bare(view)),
            true => {
                let most = peer.config.limits.components;
                let mut resolving = self.resolve(view, &mut nesting, most);
                match futures_util::poll!(&mut resolving) {
                    Poll::Ready(rendered) => rendered,
                    // A component waits for something: others may write meanwhile.
                    Poll::Pending => {
                        drop(permit);
                        let rendered = resolving.await;
                        permit = sender.outbox().permit().await;
                        rendered
                    }
                }
            }
        };
        let rendered = rendered.and_then(|pass| self.placed(&mut nesting, pass));
        self.brood = nesting.into_brood();
        if rendered.is_ok() && self.mounted.core().effects.exit.is_none() {
            return Ok(Settled::Stay(Turn {
                patched,
                pass: rendered?,
                permit,
            }));
        }
        drop(permit);
        // A component that is mounted or updated may ask too. What was rendered
        // is sent all the same: streams are rendered once.
        let (result, pass) = match rendered {
            Ok(pass) => (Ok(()), pass),
            Err(error) => (Err(error), Pass::default()),
        };
        Ok(match self.settle(result, peer).await? {
            Settled::Stay(more) => Settled::Stay(Turn {
                patched: Patch::both(patched, more),
                pass,
                permit: sender.outbox().permit().await,
            }),
            Settled::Leave(exit) => Settled::Leave(exit),
        })
    }

    /// Performs what a callback asked for as far as it concerns the URL.
    pub(crate) async fn settle(
        &mut self,
        result: crate::Result,
        peer: &Peer,
    ) -> crate::Result<Settled<Option<Patch>>> {
        match result {
            // Most lead nowhere, and have no room for what the others need.
            Ok(()) if self.mounted.core().effects.exit.is_none() => Ok(Settled::Stay(None)),
            result => Box::pin(self.follow(result, peer)).await,
        }
    }

    /// Runs `handle_params` for patches until there is none left. Patches in a row
    /// are one move to the last URL.
    async fn follow(
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
                    // A join is refused with it, and so is the next one of a child,
                    // which is not the page.
                    Kind::Status(status) if self.is_child() || self.is_joining() => {
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
                Ok(params) => {
                    self.move_to(without_fragment(&to), peer);
                    patched = Patch::both(patched, Some(Patch::new(&to, replace, peer)));
                    result = self.view().params(params).await;
                }
                // A child can't be navigated to: what turns it away counts for its page.
                Err(Away::Turned(error, flash)) if self.is_child() => {
                    let own = &mut self.mounted.core().flash;
                    *own = std::mem::take(own).followed_by(flash);
                    result = Err(error);
                }
                // Another view, or the application turned the visitor away.
                Err(_) => {
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

    /// The parameters of another URL of this view, if it is one.
    pub(crate) async fn params_of(
        &mut self,
        uri: &str,
        peer: &Peer,
    ) -> Result<Box<dyn std::any::Any + Send>, Away> {
        let view: TypeId = self.mounted.view_type();
        let uri = without_fragment(uri);
        let purpose = Purpose::Patch {
            view,
            session: self.layouts.clone(),
            link: self.mounted.core().link.clone(),
        };
        let request = LiveRequest::patch(uri);
        let visit = Visit::new(
            purpose,
            match self.is_child() {
                true => request.of_child(peer.families.page_uri()),
                false => request,
            },
        );
        let answer = peer.road.travel(uri, visit.clone()).await;
        match visit.outcome() {
            Some(Outcome::Params(params)) => Ok(params),
            outcome => Err(Away::of(&answer, outcome)),
        }
    }

    /// The view has another URL now, and with it the page, if it is the page's.
    pub(crate) fn move_to(&mut self, uri: &str, peer: &Peer) {
        if !self.is_child() {
            peer.families.move_page(uri);
        }
        self.mounted.core().uri = uri.into();
    }

    /// Whether the view is nested in another's page.
    pub(crate) fn is_child(&mut self) -> bool {
        self.mounted.core().depth > 0
    }

    /// Whether its join is not answered yet.
    fn is_joining(&mut self) -> bool {
        self.mounted.core().connect.is_some()
    }

    /// Sets the title that the root layout has for views without one, if the
    /// view set none.
    pub(crate) fn title_or_default(&mut self) {
        let title = &mut self.mounted.core().effects.title;
        title.get_or_insert_default();
    }

    pub(crate) fn departure(&mut self, exit: Exit, peer: &Peer) -> Departure {
        let flash = std::mem::take(&mut self.mounted.core().flash);
        Departure::new(exit, &flash, self.mounted.name(), peer)
    }
}

/// Why there are no parameters for another URL.
pub(crate) enum Away {
    /// It is of another view, or middleware says no more than that it isn't shown:
    /// a join there finds out.
    Elsewhere,
    /// A hook, an extractor or middleware turned the visitor away, with notices.
    Turned(Error, Flash),
}

impl Away {
    fn of(answer: &Answer, outcome: Option<Outcome>) -> Self {
        let flash = answer.flash.clone().unwrap_or_default();
        match (answer.redirect(), outcome) {
            (_, Some(Outcome::Failed(error, flash))) => Self::Turned(error, flash),
            (Some(to), _) => Self::Turned(Error::redirect(to), flash),
            (None, Some(Outcome::Rejected)) if answer.is_error() => {
                Self::Turned(Error::status(answer.status), flash)
            }
            (None, Some(Outcome::Rejected)) => {
                let status = answer.status;
                let fault = format!("an extractor answered a patch with {status}: that is no page");
                Self::Turned(Error::message(fault), flash)
            }
            (None, _) => Self::Elsewhere,
        }
    }
}

/// A turn of which the client has to be told.
pub(crate) struct Turn {
    /// The URL to which it led.
    pub(crate) patched: Option<Patch>,
    /// What was rendered.
    pub(crate) pass: Pass,
    /// Held until it is written.
    pub(crate) permit: Permit,
}

/// What became of the exits that a callback asked for.
pub(crate) enum Settled<T> {
    /// The view stays; it patched to another URL, if there is one.
    Stay(T),
    Leave(Departure),
}
