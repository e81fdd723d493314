//! What a template says of a component: which one it is, and its props.

use std::any::{Any, TypeId};
use std::panic::Location;
use std::sync::Arc;

use bennu_core::{Filled, Place, Placement, Render};

use super::{ComponentId, LiveComponent};
use crate::error::Result;
use crate::session::components::{Instance, MountedComponent};
use crate::session::erased::Callback;
use crate::socket::Core;

/// A component at its place in a template; see [`live_component`].
///
/// [`live_component`]: crate::live_component
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a component shows only where it is spliced"]
pub struct Component(Placement);

impl Component {
    #[track_caller]
    pub(super) fn new<C: LiveComponent>(id: ComponentId, props: C::Props) -> Self {
        Self(Placement::new(Placed {
            key: Key::of::<C>(id),
            location: Location::caller(),
            given: Arc::new(Props::<C>(props)),
        }))
    }
}

impl Render for Component {
    fn render(&self, place: Place<'_>) -> Filled {
        place.component(self.0.clone())
    }
}

/// Which component it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) component: TypeId,
    pub(crate) id: ComponentId,
}

impl Key {
    pub(crate) fn of<C: LiveComponent>(id: ComponentId) -> Self {
        let component = TypeId::of::<C>();
        Self { component, id }
    }
}

/// What a [`Placement`] of ours carries.
pub(crate) struct Placed {
    pub(crate) key: Key,
    /// Where it stands in the source.
    pub(crate) location: &'static Location<'static>,
    pub(crate) given: Arc<dyn Given>,
}

impl PartialEq for Placed {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.given.equals(&*other.given)
    }
}

/// The props of any component.
pub(crate) trait Given: Any + Send + Sync {
    fn equals(&self, other: &dyn Given) -> bool;
    /// Makes the component; `core` is its view's.
    fn mount<'c>(
        self: Arc<Self>,
        cid: u32,
        core: &'c mut Core,
    ) -> Callback<'c, Result<Box<dyn Instance>>>;
    /// The component's type, for messages.
    fn name(&self) -> &'static str;
}

/// The props of a component of type `C`.
pub(crate) struct Props<C: LiveComponent>(pub(crate) C::Props);

impl<C: LiveComponent> Given for Props<C> {
    fn equals(&self, other: &dyn Given) -> bool {
        let other: &dyn Any = other;
        let other = other.downcast_ref::<Self>();
        other.is_some_and(|other| std::ptr::eq(self, other) || self.0 == other.0)
    }

    fn mount<'c>(
        self: Arc<Self>,
        cid: u32,
        core: &'c mut Core,
    ) -> Callback<'c, Result<Box<dyn Instance>>> {
        Box::pin(async move {
            let instance: Box<dyn Instance> =
                Box::new(MountedComponent::<C>::mount(self, cid, core).await?);
            Ok(instance)
        })
    }

    fn name(&self) -> &'static str {
        std::any::type_name::<C>()
    }
}
