//! The `dyn` border: behind it the session code is compiled once, and not once
//! per view of the application.

use std::any::{Any, TypeId, type_name};
use std::future::{Future, ready};
use std::pin::Pin;

use bennu_core::Rendered;

use crate::error::Result;
use crate::event::{Event, EventError, Payload};
use crate::hook::Flow;
use crate::quoted::Quoted;
use crate::socket::{Core, Opened, Socket, open};
use crate::view::{LiveView, Reason};

pub(crate) type Callback<'v, T = Result> = Pin<Box<dyn Future<Output = T> + Send + 'v>>;

/// A mounted view with its socket.
pub(crate) trait Mounted: Send {
    /// Decodes the event; the callback handles it.
    fn event(&mut self, name: &str, payload: Payload) -> Result<Callback<'_>, EventError>;
    /// Handles a message of the server.
    fn info(&mut self, info: Box<dyn Any + Send>) -> Callback<'_>;
    /// Handles parameters that are the view's `Params`.
    fn params(&mut self, params: Box<dyn Any + Send>) -> Callback<'_>;
    fn terminate(&mut self, reason: Reason) -> Callback<'_, ()>;
    fn render(&self) -> Rendered;
    fn core(&mut self) -> &mut Core;
    /// The view's type, to compare.
    fn view_type(&self) -> TypeId;
    /// The view's type, for logs.
    fn name(&self) -> &'static str;
}

pub(crate) struct View<V: LiveView> {
    pub(crate) view: V,
    pub(crate) socket: Socket<V>,
}

impl<V: LiveView> View<V> {
    pub(crate) async fn handle_params(&mut self, params: V::Params) -> Result {
        match self.socket.core().ask_params()? {
            Flow::Continue => self.view.handle_params(params, &mut self.socket).await,
            Flow::Halt => Ok(()),
        }
    }
}

impl<V: LiveView> Mounted for View<V> {
    fn event(&mut self, name: &str, payload: Payload) -> Result<Callback<'_>, EventError> {
        let event = V::Event::decode(name, payload).map_err(|error| error.of(name))?;
        Ok(Box::pin(self.view.handle_event(event, &mut self.socket)))
    }

    fn info(&mut self, info: Box<dyn Any + Send>) -> Callback<'_> {
        match open(info, &mut self.view) {
            Opened::Info(info) => match self.socket.core().ask_message(&info) {
                Ok(Flow::Continue) => Box::pin(self.view.handle_info(info, &mut self.socket)),
                Ok(Flow::Halt) => Box::pin(ready(Ok(()))),
                Err(error) => Box::pin(ready(Err(error))),
            },
            Opened::Done => Box::pin(ready(Ok(()))),
            Opened::Mismatch => mismatch("a message"),
        }
    }

    fn params(&mut self, params: Box<dyn Any + Send>) -> Callback<'_> {
        let path = Quoted(self.socket.core_ref().path());
        tracing::debug!(view = type_name::<V>(), %path, "the URL changes");
        match params.downcast::<V::Params>() {
            Ok(params) => Box::pin(self.handle_params(*params)),
            Err(_) => mismatch("parameters"),
        }
    }

    fn terminate(&mut self, reason: Reason) -> Callback<'_, ()> {
        Box::pin(self.view.terminate(reason))
    }

    fn render(&self) -> Rendered {
        self.view.render()
    }

    fn core(&mut self) -> &mut Core {
        self.socket.core()
    }

    fn view_type(&self) -> TypeId {
        TypeId::of::<V>()
    }

    fn name(&self) -> &'static str {
        type_name::<V>()
    }
}

/// Messages are typed where they are sent, so the types agree.
pub(crate) fn mismatch<'v>(what: &'static str) -> Callback<'v> {
    debug_assert!(false, "{what} of another view");
    Box::pin(ready(Ok(())))
}
