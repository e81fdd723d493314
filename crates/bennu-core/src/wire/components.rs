//! The components of a message (`protocol.md §4.6`).

use std::collections::HashSet;

use super::{Message, Tree, keys};
use crate::diff::{Scratch, diff, share};
use crate::{Prints, Rendered};

/// Writes the components of one message, each at most once. A message without
/// any has no mark of it.
///
/// A component is known to the client from the message that brings it until the
/// client says that it destroyed it, or until the view's root is of another
/// template ([`Prints::fits`]): then the client forgets all components, and so
/// must the caller. Every component that is placed somewhere is known, or comes
/// in the same message.
///
/// **A component that is shown and changes goes into a message without changes
/// of the view itself**, as does a component that it places anew. The stock
/// client prints of a view only the elements that a message touches, and does
/// not look into the others for components that changed; a message of
/// components alone it patches one by one. So where [`Prints::diff`] of the view
/// wrote something, its message takes the components that it places anew, and a
/// second one the changes of the others.
///
/// **A component that its place's template did not place before comes whole**
/// ([`full`](Self::full) or [`shared`](Self::shared)), and so does all that is
/// placed in it, though the client knows it: its elements may be gone by then.
///
/// ```
/// use bennu_core::__private::Writer;
/// use bennu_core::wire::Message;
/// use bennu_core::{Placement, Prints, Render, Rendered, Template};
///
/// static PAGE: Template = Template::fragment(&["<p>", "", "</p>"]);
/// static CARD: Template = Template::element(&["<b>", "</b>"]);
///
/// fn page() -> Rendered {
///     let mut writer = Writer::new(&PAGE);
///     let _ = writer.place().component(Placement::new("one"));
///     let _ = writer.place().component(Placement::new("two"));
///     writer.finish()
/// }
///
/// fn card(name: &str) -> Rendered {
///     let mut writer = Writer::new(&CARD);
///     let _ = name.render(writer.place());
///     writer.finish()
/// }
///
/// let mut page = page();
/// let mut cids = 1..;
/// page.set_cids(|_| cids.next().unwrap());
/// let (mut view, mut one, mut two) = Default::default();
/// let mut json = String::new();
/// let mut message = Message::new(&mut json);
/// Prints::join(&mut view, &page, &mut message);
/// let mut components = message.components();
/// components.full(1, &card("one"), &mut one);
/// components.shared(2, (1, &one), &card("two"), &mut two);
/// drop(components);
/// assert!(message.finish());
/// assert_eq!(
///     json,
///     r#"{"0":1,"1":2,"s":0,"p":{"0":["<p>","","</p>"]},"c":{"1":{"0":"one","s":["<b>","</b>"],"r":1},"2":{"0":"two","s":1}}}"#,
/// );
/// ```
#[derive(Debug)]
pub struct Components<'m, 'o> {
    message: &'m mut Message<'o>,
    /// Those that this message brings.
    written: HashSet<u32>,
}

impl<'o> Message<'o> {
    /// Starts the components of this message; they end when this is dropped.
    pub fn components(&mut self) -> Components<'_, 'o> {
        Components {
            message: self,
            written: HashSet::new(),
        }
    }
}

impl Components<'_, '_> {
    /// Writes a component whole, whatever was sent before, and remembers it:
    /// one that is new, or that comes back.
    pub fn full(&mut self, cid: u32, rendered: &Rendered, prints: &mut Prints) {
        prints.clear();
        self.diff(cid, rendered, prints);
    }

    /// As [`full`](Self::full), with the statics of another component that the
    /// client knows and whose prints these are. They have to be as the client
    /// has them now: before that component is written to this message, or after.
    ///
    /// A component that does not have the other's root is written whole.
    pub fn shared(
        &mut self,
        cid: u32,
        (base_cid, base): (u32, &Prints),
        rendered: &Rendered,
        prints: &mut Prints,
    ) {
        // What this message brings goes by its number, what the client had
        // before by the negative of it.
        let base_cid = match i64::from(base_cid) {
            cid if self.written.contains(&base_cid) => cid,
            cid => -cid,
        };
        let shared = Scratch::with(|scratch| {
            let mut tree = Tree::component(self.message, cid);
            let base = (base_cid, base.words());
            let shared = share(base, prints, rendered, scratch, &mut tree);
            tree.finish();
            shared
        });
        if shared {
            self.written.insert(cid);
        } else {
            self.full(cid, rendered, prints);
        }
    }

    /// Writes what changed in a component that the client knows, and remembers
    /// it. One whose root is of another template is written whole. Returns
    /// whether there was anything to write.
    pub fn diff(&mut self, cid: u32, rendered: &Rendered, prints: &mut Prints) -> bool {
        debug_assert!(
            !self.written.contains(&cid),
            "a component is written once to a message"
        );
        let written = Scratch::with(|scratch| {
            let mut tree = Tree::component(self.message, cid);
            diff(prints, rendered, scratch, &mut tree);
            tree.finish()
        });
        if written {
            self.written.insert(cid);
        }
        written
    }
}

impl Drop for Components<'_, '_> {
    fn drop(&mut self) {
        if !self.written.is_empty() {
            self.message.out.push('}');
            self.message.components = false;
        }
    }
}

impl Message<'_> {
    /// Starts the object of a component.
    pub(super) fn component(&mut self, cid: u32) {
        if self.components {
            self.out.push(',');
        } else {
            self.member(keys::COMPONENTS);
            self.out.push('{');
            self.components = true;
        }
        super::write_index_key(cid, self.out);
        self.out.push('{');
    }
}
