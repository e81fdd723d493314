//! A component's place in a tree: what the session makes a component of.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// What stands at the place of a component: which one it is, and what it is
/// given. The core only carries it, and the number of the component (its cid)
/// once that is known; see [`Rendered::set_cids`](crate::Rendered::set_cids).
///
/// Two of them are equal if what they carry is.
#[derive(Clone)]
pub struct Placement(Arc<dyn Content>);

trait Content: Any + Send + Sync {
    fn equals(&self, other: &Placement) -> bool;
}

impl<T: Any + PartialEq + Send + Sync> Content for T {
    fn equals(&self, other: &Placement) -> bool {
        other.downcast_ref() == Some(self)
    }
}

impl Placement {
    /// A place that carries this.
    #[must_use]
    pub fn new(content: impl Any + PartialEq + Send + Sync) -> Self {
        Self(Arc::new(content))
    }

    /// What it carries, if that is a `T`.
    #[must_use]
    pub fn downcast_ref<T: Any>(&self) -> Option<&T> {
        let content: &dyn Any = &*self.0;
        content.downcast_ref()
    }
}

impl PartialEq for Placement {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.equals(other)
    }
}

impl fmt::Debug for Placement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (formatter.debug_tuple("Placement")).finish_non_exhaustive()
    }
}
