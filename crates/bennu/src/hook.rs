//! Lifecycle hooks: code around the callbacks of many views.
//!
//! A [`Hook`] is a plain value. It is attached to a route
//! ([`Live::hook`](crate::Live::hook)), to a live session
//! ([`LiveSession::hook`](crate::LiveSession::hook)), to all views of an application
//! ([`Bennu::hook`](crate::Bennu::hook)) or by a view to itself
//! ([`Socket::attach`](crate::Socket::attach)); they are asked in the order
//! application, live session, route, view. Each view gets a clone, so the fields of a
//! hook are its state for that view.
//!
//! ```
//! use axum::{Router, routing::get};
//! use bennu::hook::{Flow, Hook, HookEvent, HookSocket};
//! use bennu::prelude::*;
//! use http::request::Parts;
//!
//! #[derive(Clone)]
//! struct User(String);
//!
//! /// Lets in who is logged in, and writes down what they do.
//! #[derive(Clone, Default)]
//! struct Audit {
//!     user: Option<User>,
//! }
//!
//! impl Hook for Audit {
//!     async fn mount(&mut self, request: &mut Parts, socket: &mut HookSocket<'_>) -> Result {
//!         // Left there by the application's session middleware.
//!         self.user = request.extensions.get::<User>().cloned();
//!         if self.user.is_none() {
//!             socket.put_flash("error", "Please log in");
//!             return Err(Error::redirect("/login"));
//!         }
//!         Ok(())
//!     }
//!
//!     fn event(&mut self, event: &HookEvent<'_>, socket: &mut HookSocket<'_>) -> Result<Flow> {
//!         let user = self.user.as_ref().map_or("?", |user| user.0.as_str());
//!         println!("{user}: {} in {} with {}", event.name(), socket.view(), event.payload());
//!         Ok(Flow::Continue)
//!     }
//! }
//! # struct Orders;
//! # impl LiveView for Orders {
//! #     type Params = (); type Event = Never; type Info = Never;
//! #     async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> { Ok(Self) }
//! #     fn render(&self) -> Rendered { html! { "0" } }
//! # }
//!
//! let router: Router = Router::new()
//!     .route("/orders", get(live::<Orders>().hook(Audit::default())));
//! ```
//!
//! What holds for requests alone needs no hook: middleware of the router sees each
//! GET, join, navigation and patch.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::request::Parts;
use serde::Serialize;
use serde_json::Value;

use crate::effect::PushedEvent;
use crate::error::Result;
use crate::event::Payload;
use crate::flash::Flash;
use crate::socket::{Core, Socket};
use crate::view::LiveView;

/// Code around the callbacks of views; see the [module](self).
///
/// All methods have a default that does nothing. An error is handled as one of
/// the view's own callback is: [`Error::redirect`](crate::Error::redirect) sends
/// the browser elsewhere, with the notices that were put before.
///
/// Only `mount` may wait: the others run in the view's task, once per message.
pub trait Hook: Clone + Send + Sync + 'static {
    /// Before the view is mounted, for the dead render and for the join, and
    /// before its parameters are extracted: what is put into the request's
    /// extensions, [`Extension`](axum::Extension) finds there.
    ///
    /// A patch extracts them again, so a new clone of the hook is asked for each;
    /// the view's own clone stays as it is, and what the new one asks of the
    /// socket is dropped.
    ///
    /// # Errors
    /// An error keeps the view from being mounted. At a patch the browser is
    /// sent to the URL by a join, which meets the error again.
    fn mount(
        &mut self,
        request: &mut Parts,
        socket: &mut HookSocket<'_>,
    ) -> impl Future<Output = Result> + Send {
        let _ = (request, socket);
        async { Ok(()) }
    }

    /// Before `handle_params`: after the mount, and for each patch.
    ///
    /// # Errors
    /// As for a view's own `handle_params`.
    fn params(&mut self, socket: &mut HookSocket<'_>) -> Result<Flow> {
        let _ = socket;
        Ok(Flow::Continue)
    }

    /// Before `handle_event`, of the view or of a component in it. The event is
    /// as the browser sent it: the view may know none of this name.
    ///
    /// # Errors
    /// As for a view's own `handle_event`.
    fn event(&mut self, event: &HookEvent<'_>, socket: &mut HookSocket<'_>) -> Result<Flow> {
        let _ = (event, socket);
        Ok(Flow::Continue)
    }

    /// Before `handle_info` of the view; `message` is its `Info`.
    ///
    /// # Errors
    /// As for a view's own `handle_info`.
    fn message(&mut self, message: &(dyn Any + Send), socket: &mut HookSocket<'_>) -> Result<Flow> {
        let _ = (message, socket);
        Ok(Flow::Continue)
    }

    /// After the connected view was rendered and what changed was written.
    fn rendered(&mut self, socket: &HookSocket<'_>) {
        let _ = socket;
    }
}

/// Whether what a hook was asked about goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Flow {
    /// The next hook is asked, and then the view.
    Continue,
    /// Neither the hooks after this one nor the view hear of it.
    Halt,
}

/// An event of the browser, not decoded yet.
#[derive(Clone, Copy, Debug)]
pub struct HookEvent<'e> {
    name: &'e str,
    component: Option<&'static str>,
    payload: &'e Payload,
}

impl<'e> HookEvent<'e> {
    pub(crate) fn new(
        name: &'e str,
        component: Option<&'static str>,
        payload: &'e Payload,
    ) -> Self {
        Self {
            name,
            component,
            payload,
        }
    }

    /// Its name, as in `phx-click`.
    #[must_use]
    pub fn name(&self) -> &'e str {
        self.name
    }

    /// The name of the component's type that it is for; `None` for the view.
    #[must_use]
    pub fn component(&self) -> Option<&'static str> {
        self.component
    }

    /// What came with it, as JSON: the element's values, or the fields of a
    /// form. Passwords too: think of it before you write it down.
    #[must_use]
    pub fn payload(&self) -> &'e Value {
        self.payload.value()
    }
}

/// The socket of a view, as its hooks see it.
pub struct HookSocket<'s> {
    core: &'s mut Core,
    view: &'static str,
}

impl HookSocket<'_> {
    /// The name of the view's type, such as `shop::orders::Orders`.
    #[must_use]
    pub fn view(&self) -> &'static str {
        self.view
    }

    /// Whether a browser is connected: false in a dead render.
    #[must_use]
    pub fn connected(&self) -> bool {
        self.core.link.is_some()
    }

    /// Path and query of the page's URL.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.core.uri
    }

    /// The notices that the page shows.
    #[must_use]
    pub fn flash(&self) -> &Flash {
        &self.core.flash
    }

    /// Shows a notice; see [`Socket::put_flash`].
    pub fn put_flash(&mut self, kind: &str, text: impl Into<String>) {
        self.core.flash.put(kind, text.into());
        self.core.effects.flash = true;
    }

    /// Dispatches an event in the browser; see [`Socket::push_event`].
    ///
    /// # Errors
    /// When the payload has no JSON form.
    pub fn push_event(&mut self, name: &str, payload: impl Serialize) -> Result {
        let event = PushedEvent::new(name, payload)?;
        self.core.effects.events.push(event);
        Ok(())
    }
}

impl fmt::Debug for HookSocket<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (formatter.debug_struct("HookSocket"))
            .field("view", &self.view)
            .field("uri", &self.uri())
            .finish_non_exhaustive()
    }
}

impl<V: LiveView> Socket<V> {
    /// Attaches a hook to this view, after those that it has. The hook's `mount`
    /// is not asked any more.
    pub fn attach(&mut self, hook: impl Hook) {
        let hooks = &mut self.core().hooks;
        hooks.add(std::any::type_name::<V>(), Box::new(hook));
    }
}

/// A hook of any type.
pub(crate) trait AnyHook: Send + Sync {
    fn clone_boxed(&self) -> Box<dyn AnyHook>;
    fn mount<'h>(
        &'h mut self,
        request: &'h mut Parts,
        socket: &'h mut HookSocket<'_>,
    ) -> Pin<Box<dyn Future<Output = Result> + Send + 'h>>;
    fn params(&mut self, socket: &mut HookSocket<'_>) -> Result<Flow>;
    fn event(&mut self, event: &HookEvent<'_>, socket: &mut HookSocket<'_>) -> Result<Flow>;
    fn message(&mut self, message: &(dyn Any + Send), socket: &mut HookSocket<'_>) -> Result<Flow>;
    fn rendered(&mut self, socket: &HookSocket<'_>);
}

impl<H: Hook> AnyHook for H {
    fn clone_boxed(&self) -> Box<dyn AnyHook> {
        Box::new(self.clone())
    }

    fn mount<'h>(
        &'h mut self,
        request: &'h mut Parts,
        socket: &'h mut HookSocket<'_>,
    ) -> Pin<Box<dyn Future<Output = Result> + Send + 'h>> {
        Box::pin(Hook::mount(self, request, socket))
    }

    fn params(&mut self, socket: &mut HookSocket<'_>) -> Result<Flow> {
        Hook::params(self, socket)
    }

    fn event(&mut self, event: &HookEvent<'_>, socket: &mut HookSocket<'_>) -> Result<Flow> {
        Hook::event(self, event, socket)
    }

    fn message(&mut self, message: &(dyn Any + Send), socket: &mut HookSocket<'_>) -> Result<Flow> {
        Hook::message(self, message, socket)
    }

    fn rendered(&mut self, socket: &HookSocket<'_>) {
        Hook::rendered(self, socket);
    }
}

/// Hooks that wait for views, to give each a clone.
#[derive(Clone, Default)]
pub(crate) struct Prototypes(Option<Arc<[Box<dyn AnyHook>]>>);

impl Prototypes {
    pub(crate) fn add(&mut self, hook: impl Hook) {
        let known = self.iter().map(AnyHook::clone_boxed);
        let new: Box<dyn AnyHook> = Box::new(hook);
        self.0 = Some(known.chain([new]).collect());
    }

    fn iter(&self) -> impl Iterator<Item = &dyn AnyHook> {
        self.0
            .iter()
            .flat_map(|hooks| hooks.iter())
            .map(|hook| &**hook)
    }
}

/// The hooks of one view; nothing is kept where there are none.
#[derive(Default)]
pub(crate) struct Hooks(Option<Box<Attached>>);

struct Attached {
    view: &'static str,
    hooks: Vec<Box<dyn AnyHook>>,
}

impl Hooks {
    pub(crate) fn of(view: &'static str, prototypes: &[&Prototypes]) -> Self {
        let mut hooks = Self::default();
        for hook in prototypes.iter().flat_map(|prototypes| prototypes.iter()) {
            hooks.add(view, hook.clone_boxed());
        }
        hooks
    }

    fn add(&mut self, view: &'static str, hook: Box<dyn AnyHook>) {
        let new = || {
            Box::new(Attached {
                view,
                hooks: Vec::new(),
            })
        };
        self.0.get_or_insert_with(new).hooks.push(hook);
    }
}

impl Core {
    pub(crate) async fn ask_mount(&mut self, request: &mut Parts) -> Result {
        // They are taken out for as long as they run: their socket is the rest.
        let Some(mut attached) = self.hooks.0.take() else {
            return Ok(());
        };
        let mut result = Ok(());
        for hook in &mut attached.hooks {
            let view = attached.view;
            result = hook
                .mount(request, &mut HookSocket { core: self, view })
                .await;
            if result.is_err() {
                break;
            }
        }
        self.hooks.0 = Some(attached);
        result
    }

    pub(crate) fn ask_params(&mut self) -> Result<Flow> {
        self.ask(|hook, socket| hook.params(socket))
    }

    pub(crate) fn ask_event(&mut self, event: &HookEvent<'_>) -> Result<Flow> {
        self.ask(|hook, socket| hook.event(event, socket))
    }

    pub(crate) fn ask_message(&mut self, message: &(dyn Any + Send)) -> Result<Flow> {
        self.ask(|hook, socket| hook.message(message, socket))
    }

    pub(crate) fn tell_rendered(&mut self) {
        // None of them halts or fails.
        let _ = self.ask(|hook, socket| {
            hook.rendered(socket);
            Ok(Flow::Continue)
        });
    }

    fn ask(
        &mut self,
        mut ask: impl FnMut(&mut dyn AnyHook, &mut HookSocket<'_>) -> Result<Flow>,
    ) -> Result<Flow> {
        let Some(mut attached) = self.hooks.0.take() else {
            return Ok(Flow::Continue);
        };
        let view = attached.view;
        let mut flow = Ok(Flow::Continue);
        for hook in &mut attached.hooks {
            flow = ask(&mut **hook, &mut HookSocket { core: self, view });
            if !matches!(flow, Ok(Flow::Continue)) {
                break;
            }
        }
        self.hooks.0 = Some(attached);
        flow
    }
}
