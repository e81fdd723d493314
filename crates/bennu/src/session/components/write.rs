//! What a pass rendered, as a message and as HTML.

use std::collections::BTreeMap;

use bennu_core::wire::{self, Message};
use bennu_core::{Prints, Rendered};

use super::resolve::{Sent, Shown};
use super::{Components, Pass, Registry};
use crate::component::Placed;

impl Pass {
    /// Writes what changed since the last message, as far as one message can
    /// say it. What is left in the pass needs another one, which may come right
    /// after.
    pub(crate) fn write(
        &mut self,
        root: &mut Prints,
        components: &mut Components,
        message: &mut Message<'_>,
    ) {
        let view = self.view.take();
        let view_changed = view.is_some_and(|view| root.diff(&view, message));
        let Some(registry) = &mut components.0 else {
            return;
        };
        // A client that patches the view does not look at components that it
        // shows already.
        let (now, later) = std::mem::take(&mut self.components)
            .into_iter()
            .partition(|(_, shown)| !view_changed || shown.sent == Sent::WithView);
        self.components = later;
        registry.write(now, message);
    }

    /// Appends the HTML of the view with its components.
    pub(crate) fn write_html(&self, components: &Components, out: &mut String) {
        if let Some(view) = &self.view {
            self.write_tree_html(view, components, out);
        }
    }

    /// The pieces of markup in the view and its components, see
    /// [`Rendered::markup`].
    pub(crate) fn markup(&self) -> impl Iterator<Item = &str> {
        let components = self.components.values().map(|shown| &shown.rendered);
        (self.view.iter())
            .chain(components)
            .flat_map(Rendered::markup)
    }

    fn write_tree_html(&self, rendered: &Rendered, components: &Components, out: &mut String) {
        rendered.write_html_with(out, |placement, out| {
            let placed: Option<&Placed> = placement.downcast_ref();
            let registry = components.0.as_ref();
            let cid = registry.zip(placed);
            let cid = cid.and_then(|(registry, placed)| registry.cids.get(&placed.key));
            // Invariant: each is placed once, and there is no cycle.
            if let Some(shown) = cid.and_then(|cid| self.components.get(cid)) {
                self.write_tree_html(&shown.rendered, components, out);
            }
        });
    }

    /// Whether another message is needed.
    pub(crate) fn is_unfinished(&self) -> bool {
        !self.components.is_empty()
    }
}

impl Registry {
    fn write(&mut self, shown: BTreeMap<u32, Shown>, message: &mut Message<'_>) {
        if shown.is_empty() {
            return;
        }
        let mut components = message.components();
        for (cid, shown) in shown {
            self.write_one(cid, &shown, &mut components);
        }
    }

    fn write_one(&mut self, cid: u32, shown: &Shown, components: &mut wire::Components<'_, '_>) {
        let Shown { rendered, sent } = shown;
        let Some(slot) = self.slots.get_mut(&cid) else {
            return;
        };
        let component = slot.key.component;
        let mut prints = std::mem::take(&mut slot.prints);
        let base = self.bases.get(&component).filter(|base| **base != cid);
        let base = base.and_then(|base| Some((*base, &self.slots.get(base)?.prints)));
        match (sent, base) {
            (Sent::Changes, _) => {
                components.diff(cid, rendered, &mut prints);
            }
            (Sent::Whole | Sent::WithView, Some(base)) => {
                components.shared(cid, base, rendered, &mut prints);
            }
            (Sent::Whole | Sent::WithView, None) => components.full(cid, rendered, &mut prints),
        }
        self.bases.insert(component, cid);
        if let Some(slot) = self.slots.get_mut(&cid) {
            slot.prints = prints;
        }
    }
}
