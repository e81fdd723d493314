//! A component's place in a tree: what the session makes a component of.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::Rendered;
use crate::tape::index;

/// What stands at the place of a component: which one it is, and what it is
/// given. The core only carries it, and the number of the component (its cid)
/// once that is known; see [`Rendered::set_cids`].
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

impl Rendered {
    /// The components that are placed here, in document order. Those inside of
    /// components are theirs.
    #[must_use]
    pub fn placements(&self) -> &[Placement] {
        &self.tape().placements
    }

    /// The stream that one of the [`placements`](Self::placements) stands in: then
    /// only the client knows whether it is still shown.
    #[must_use]
    pub fn stream_of(&self, placement: usize) -> Option<u64> {
        let mut streams = self.tape().streams.iter();
        let around = streams.find(|stream| stream.placements.contains(&index(placement)))?;
        Some(around.operations.as_ref()?.reference())
    }

    /// Gives each placed component its number, in document order. Numbers start
    /// at 1; at a place with the number 0, or without one, nothing is shown.
    pub fn set_cids(&mut self, mut cid: impl FnMut(&Placement) -> u32) {
        let tape = self.tape_mut();
        tape.cids.clear();
        tape.cids.extend(tape.placements.iter().map(&mut cid));
    }

    /// Whether this is exactly one element, as a component has to be.
    #[must_use]
    pub fn is_element(&self) -> bool {
        self.template().is_element()
    }
}
