//! An event that names who gets it.

use bennu_core::{Binding, BindingWriter, Target};

/// An event with its target; see [`Event::at`](crate::Event::at).
#[derive(Clone, Debug)]
pub struct Aimed<E> {
    pub(crate) event: E,
    pub(crate) target: Target,
}

impl<E: Binding> Binding for Aimed<E> {
    fn bind(&self, attribute: &mut BindingWriter<'_>) {
        attribute.target(self.target.clone());
        self.event.bind(attribute);
    }
}
