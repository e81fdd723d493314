//! What a callback may ask for.

mod components;
mod core;
mod task;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bennu_pubsub::{Delivery, PubSub, Topic};
use serde::Serialize;

use crate::component::LiveComponent;
use crate::effect::{Exit, PushedEvent};
use crate::error::{Error, Result};
use crate::flash::Flash;
use crate::path;
use crate::session::mailbox::{Failure, Posted};
use crate::view::LiveView;

pub(crate) use self::core::{Core, Link, Own};
pub use self::task::Task;
pub(crate) use self::task::{Opened, Slip, open};

/// The handle that a callback gets: it knows about the connection and takes
/// wishes, which are performed when the callback has returned.
///
/// `S` is the view or component whose callback it is.
pub struct Socket<S> {
    core: Core,
    state: PhantomData<fn() -> S>,
}

/// What a [`Socket`] is of: a view or a component. All of them have it; there is
/// nothing to implement.
///
/// `Kind` tells the two apart; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a live view nor a live component",
    note = "implement `LiveView` or `LiveComponent` for it"
)]
pub trait Stateful<Kind>: 'static {
    /// The messages of its `handle_info`.
    type Info: Send + 'static;
}

/// The kind of views; see [`Stateful`].
#[derive(Clone, Copy, Debug)]
pub enum ViewKind {}

impl<V: LiveView> Stateful<ViewKind> for V {
    type Info = V::Info;
}

/// The kind of components; see [`Stateful`].
#[derive(Clone, Copy, Debug)]
pub enum ComponentKind {}

impl<C: LiveComponent> Stateful<ComponentKind> for C {
    type Info = C::Info;
}

impl<S> Socket<S> {
    pub(crate) fn new(core: Core) -> Self {
        Self {
            core,
            state: PhantomData,
        }
    }

    pub(crate) fn core(&mut self) -> &mut Core {
        &mut self.core
    }

    pub(crate) fn into_core(self) -> Core {
        self.core
    }

    pub(crate) fn core_ref(&self) -> &Core {
        &self.core
    }

    /// Whether a browser is connected: false in a dead render. Start timers and
    /// expensive work only then.
    #[must_use]
    pub fn connected(&self) -> bool {
        self.core.link.is_some()
    }

    /// Whether the view is nested in another's page, by
    /// [`live_child`](crate::live_child) or [`live_sticky`](crate::live_sticky).
    #[must_use]
    pub fn is_child(&self) -> bool {
        self.core.depth > 0
    }

    /// Path and query of the page's URL, such as `/items?page=2`; of a child
    /// the URL that it is embedded by.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.core.uri
    }

    /// Sets the page's title; the root layout's prefix and suffix stay around it.
    pub fn set_title(&mut self, title: impl Into<String>) {
        self.core.effects.title = Some(title.into());
    }

    /// Dispatches the event `phx:NAME` on the browser's `window` after the next
    /// patch, with `payload` as its `detail`; hooks get it by `handleEvent`.
    ///
    /// # Errors
    /// When the payload has no JSON form.
    pub fn push_event(&mut self, name: &str, payload: impl Serialize) -> Result {
        let event = PushedEvent::new(name, payload)?;
        self.core.effects.events.push(event);
        Ok(())
    }

    /// Shows what the application does in vain on the page, in debug builds.
    pub(crate) fn show_fault(&mut self, fault: &str) {
        self.core.effects.show_fault(fault);
    }

    /// Like [`push_event`](Self::push_event), before the next patch: for a script
    /// that looks at the page as it still is, such as where it is scrolled to.
    ///
    /// # Errors
    /// When the payload has no JSON form.
    pub fn push_event_before(&mut self, name: &str, payload: impl Serialize) -> Result {
        let event = PushedEvent {
            before_patch: true,
            ..PushedEvent::new(name, payload)?
        };
        self.core.effects.events.push(event);
        Ok(())
    }

    /// Answers the event that is being handled: a hook's `pushEvent` gets it.
    /// Outside of `handle_event` it has no effect, which is logged once.
    ///
    /// # Errors
    /// When the answer has no JSON form.
    pub fn reply(&mut self, answer: impl Serialize) -> Result {
        self.core.effects.reply = Some(serde_json::to_string(&answer)?);
        Ok(())
    }

    /// Shows a notice of this kind, such as `"info"` or `"error"`.
    pub fn put_flash(&mut self, kind: &str, text: impl Into<String>) {
        self.core.flash.put(kind, text.into());
        self.core.effects.flash = true;
    }

    /// Takes the notice of this kind away, if there is one.
    pub fn remove_flash(&mut self, kind: &str) {
        self.core.flash.clear(Some(kind));
        self.core.effects.flash = true;
    }

    /// Takes all notices away.
    pub fn clear_flash(&mut self) {
        self.core.flash.clear(None);
        self.core.effects.flash = true;
    }

    /// The notices that are shown.
    #[must_use]
    pub fn flash(&self) -> &Flash {
        &self.core.flash
    }

    /// Changes the URL within this view: `handle_params` runs for it, without a
    /// page load. Adds an entry to the browser's history. When `handle_params`
    /// patches on, that is one move to where it ends.
    ///
    /// `to` is a local path, or a query or fragment that follows the path of
    /// [`uri`](Self::uri). What a URL can't hold, such as a space, is
    /// percent-encoded.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// # fn turn<V: LiveView>(page: u32, socket: &mut Socket<V>) -> Result {
    /// socket.push_patch(format!("?page={page}"))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When `to` is neither.
    pub fn push_patch(&mut self, to: impl Into<String>) -> Result {
        self.exit(&to.into(), path::reference, |to| Exit::Patch {
            to,
            replace: false,
        })
    }

    /// Like [`push_patch`](Self::push_patch), in place of the current entry of
    /// the browser's history.
    ///
    /// # Errors
    /// When `to` is no local path, query or fragment.
    pub fn replace_patch(&mut self, to: impl Into<String>) -> Result {
        self.exit(&to.into(), path::reference, |to| Exit::Patch {
            to,
            replace: true,
        })
    }

    /// Shows another live view, over the same WebSocket if its route shares the
    /// root layout. This view ends. A query or fragment alone keeps the path that
    /// the browser shows, which for a [child](crate::child) is its page's.
    ///
    /// # Errors
    /// When `to` is no local path, query or fragment.
    pub fn push_navigate(&mut self, to: impl Into<String>) -> Result {
        self.exit(&to.into(), path::reference, |to| Exit::Navigate {
            to,
            replace: false,
        })
    }

    /// Like [`push_navigate`](Self::push_navigate), in place of the current
    /// entry of the browser's history.
    ///
    /// # Errors
    /// When `to` is no local path, query or fragment.
    pub fn replace_navigate(&mut self, to: impl Into<String>) -> Result {
        self.exit(&to.into(), path::reference, |to| Exit::Navigate {
            to,
            replace: true,
        })
    }

    /// Loads another page: a local path, a query or fragment of the page's own
    /// URL, or an `http` or `https` URL. This view ends.
    ///
    /// # Errors
    /// When `to` is none of these; a path that a browser reads as another host is no
    /// local path.
    pub fn redirect(&mut self, to: impl Into<String>) -> Result {
        self.exit(&to.into(), path::redirect, |to| Exit::Redirect { to })
    }

    fn exit(
        &mut self,
        to: &str,
        check: fn(&str) -> std::result::Result<Cow<'_, str>, String>,
        exit: impl FnOnce(String) -> Exit,
    ) -> Result {
        let to = check(to).map_err(Error::message)?;
        self.core.effects.exit = Some(exit(to.into_owned()));
        Ok(())
    }

    /// Turns each message of `topic` into one for `handle_info`, until
    /// [`unsubscribe`](Self::unsubscribe) or the view's end. In a dead render it
    /// does nothing. Subscribe before you load what the messages are about, so
    /// that none is missed.
    pub fn subscribe<T: Send + Sync + 'static, K>(
        &mut self,
        topic: &Topic<T>,
        info: impl Fn(&T) -> S::Info + Send + Sync + 'static,
    ) where
        S: Stateful<K>,
    {
        let Some(link) = self.core.link.clone() else {
            return;
        };
        let deliver = move |message: &Arc<T>| {
            // This runs where the message is broadcast: a panic in there is
            // this view's and nobody else's.
            let Ok(info) = catch_unwind(AssertUnwindSafe(|| info(message))) else {
                link.mailbox.fail(Failure::Panic);
                return Delivery::Gone;
            };
            match link.post(info) {
                Posted::Accepted | Posted::Full => Delivery::Done,
                Posted::Closed => Delivery::Gone,
            }
        };
        let pubsub = self.core.pubsub.clone();
        let own = self.core.own();
        let subscription = pubsub.subscribe_as(own.subscriber, topic, deliver);
        own.subscriptions.push(subscription);
    }

    /// Ends the subscriptions of this view to `topic`.
    pub fn unsubscribe<T: Send + Sync + 'static>(&mut self, topic: &Topic<T>) {
        if let Some(own) = &mut self.core.own {
            own.subscriptions
                .retain(|subscription| !subscription.is_to(topic));
        }
    }

    /// Sends `message` to all that subscribed to `topic`, this view included if
    /// it did. Returns how many took it.
    pub fn broadcast<T: Send + Sync + 'static>(&self, topic: &Topic<T>, message: T) -> usize {
        self.core.pubsub.broadcast(topic, message)
    }

    /// Like [`broadcast`](Self::broadcast), but not to this view: it knows
    /// already what it did.
    pub fn broadcast_to_others<T: Send + Sync + 'static>(
        &self,
        topic: &Topic<T>,
        message: T,
    ) -> usize {
        match &self.core.own {
            Some(own) => (self.core.pubsub).broadcast_from(own.subscriber, topic, message),
            None => self.broadcast(topic, message),
        }
    }

    /// The application's topics, to broadcast on.
    #[must_use]
    pub fn pubsub(&self) -> &PubSub {
        &self.core.pubsub
    }
}

impl<S> fmt::Debug for Socket<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Socket")
            .field("connected", &self.connected())
            .field("uri", &self.core.uri)
            .finish_non_exhaustive()
    }
}
