//! The `dyn` border of components, as `session/erased` is that of views.

use std::any::{Any, TypeId};
use std::future::ready;
use std::sync::Arc;

use bennu_core::Rendered;

use crate::component::{Given, LiveComponent, Props};
use crate::error::Result;
use crate::event::{Event, EventError, Payload};
use crate::session::erased::{Callback, mismatch};
use crate::socket::{Core, Opened, Own, Socket, open};

/// A mounted component. `core` is that of its view, which lends it for the time
/// of a callback.
pub(crate) trait Instance: Send {
    /// Decodes the event; the callback handles it.
    fn event<'c>(
        &'c mut self,
        name: &str,
        payload: Payload,
        cid: u32,
        core: &'c mut Core,
    ) -> Result<Callback<'c>, EventError>;
    /// Handles a message that is the component's `Info`.
    fn info<'c>(
        &'c mut self,
        info: Box<dyn Any + Send>,
        cid: u32,
        core: &'c mut Core,
    ) -> Callback<'c>;
    /// Gives it other props.
    fn update<'c>(
        &'c mut self,
        given: Arc<dyn Given>,
        cid: u32,
        core: &'c mut Core,
    ) -> Callback<'c>;
    fn given(&self) -> &dyn Given;
    fn render(&self) -> Rendered;
    /// The type of its events.
    fn events(&self) -> TypeId;
}

pub(crate) struct MountedComponent<C: LiveComponent> {
    component: C,
    props: Arc<Props<C>>,
    own: Option<Box<Own>>,
}

impl<C: LiveComponent> MountedComponent<C> {
    pub(crate) async fn mount(props: Arc<Props<C>>, cid: u32, core: &mut Core) -> Result<Self> {
        let mut socket = Socket::new(core.lend(cid, None));
        let mounted = C::mount(&props.0, &mut socket).await;
        let own = core.take_back(socket);
        Ok(Self {
            component: mounted?,
            props,
            own,
        })
    }
}

impl<C: LiveComponent> Instance for MountedComponent<C> {
    fn event<'c>(
        &'c mut self,
        name: &str,
        payload: Payload,
        cid: u32,
        core: &'c mut Core,
    ) -> Result<Callback<'c>, EventError> {
        let event = C::Event::decode(name, payload).map_err(|error| error.of(name))?;
        Ok(Box::pin(async move {
            let mut socket = Socket::new(core.lend(cid, self.own.take()));
            let handled = (self.component)
                .handle_event(event, &self.props.0, &mut socket)
                .await;
            self.own = core.take_back(socket);
            handled
        }))
    }

    fn info<'c>(
        &'c mut self,
        info: Box<dyn Any + Send>,
        cid: u32,
        core: &'c mut Core,
    ) -> Callback<'c> {
        let info = match open(info, &mut self.component) {
            Opened::Info(info) => info,
            Opened::Done => return Box::pin(ready(Ok(()))),
            Opened::Mismatch => return mismatch("a message"),
        };
        Box::pin(async move {
            let mut socket = Socket::new(core.lend(cid, self.own.take()));
            let handled = (self.component)
                .handle_info(info, &self.props.0, &mut socket)
                .await;
            self.own = core.take_back(socket);
            handled
        })
    }

    fn update<'c>(
        &'c mut self,
        given: Arc<dyn Given>,
        cid: u32,
        core: &'c mut Core,
    ) -> Callback<'c> {
        let given: Arc<dyn Any + Send + Sync> = given;
        let Ok(props) = given.downcast() else {
            return mismatch("props");
        };
        self.props = props;
        Box::pin(async move {
            let mut socket = Socket::new(core.lend(cid, self.own.take()));
            let updated = self.component.update(&self.props.0, &mut socket).await;
            self.own = core.take_back(socket);
            updated
        })
    }

    fn given(&self) -> &dyn Given {
        &*self.props
    }

    fn render(&self) -> Rendered {
        self.component.render(&self.props.0)
    }

    fn events(&self) -> TypeId {
        TypeId::of::<C::Event>()
    }
}
