//! Whose template is being rendered: an event that is bound there goes to the
//! innermost component around that takes it.

use std::any::TypeId;
use std::cell::RefCell;

use bennu_core::{BindingWriter, Target};

/// A component around, and the type of its events.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around {
    pub(crate) cid: u32,
    pub(crate) events: TypeId,
}

thread_local! {
    /// From the innermost to the outermost.
    static SCOPE: RefCell<Vec<Around>> = const { RefCell::new(Vec::new()) };
}

/// Renders with these components around, the innermost first.
pub(crate) fn render_within<T>(
    around: impl Iterator<Item = Around>,
    render: impl FnOnce() -> T,
) -> T {
    let _outer = Restore(SCOPE.replace(around.collect()));
    render()
}

/// A render may panic, and a render may begin within another.
struct Restore(Vec<Around>);

impl Drop for Restore {
    fn drop(&mut self) {
        SCOPE.set(std::mem::take(&mut self.0));
    }
}

/// Aims a binding of an event of this type, unless it was aimed already.
/// `#[derive(Event)]` calls it.
#[doc(hidden)]
pub fn aim<E: 'static>(attribute: &mut BindingWriter<'_>) {
    let events = TypeId::of::<E>();
    let cid = SCOPE.with_borrow(|scope| {
        let taker = scope.iter().find(|around| around.events == events);
        taker.map(|around| around.cid)
    });
    if let Some(cid) = cid {
        attribute.target(Target::Component(cid));
    }
}
