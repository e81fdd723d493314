//! Whose template is being rendered: an event that is bound there goes to the
//! innermost component around that takes it, and the ids of form fields begin with
//! the name of the innermost one.

use std::any::TypeId;
use std::cell::RefCell;

use bennu_core::{BindingWriter, Target};

use crate::component::ComponentId;

/// A component around, and the type of its events.
#[derive(Clone, Debug)]
pub(crate) struct Around {
    pub(crate) cid: u32,
    pub(crate) events: TypeId,
    /// The component's type and id, which are the same in every render of a page.
    pub(crate) name: &'static str,
    pub(crate) id: ComponentId,
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

/// What tells the ids of this component from those of others: nothing in a view,
/// `Editor-7_` in the `Editor` with the id 7.
pub(crate) fn id_prefix() -> String {
    SCOPE.with_borrow(|scope| {
        let Some(Around { name, id, .. }) = scope.first() else {
            return String::new();
        };
        let name = name.split('<').next().unwrap_or_default();
        let name = name.rsplit("::").next().unwrap_or_default();
        let mut prefix = format!("{name}-");
        for character in id.to_string().trim_matches('"').chars() {
            match character {
                '-' | '_' => prefix.push(character),
                _ if character.is_ascii_alphanumeric() => prefix.push(character),
                // An id with spaces would be several to what refers to it.
                _ => prefix.push_str(&format!(".{:x}", u32::from(character))),
            }
        }
        prefix.push('_');
        prefix
    })
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
