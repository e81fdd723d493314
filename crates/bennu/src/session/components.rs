//! The components of a view: which there are, and what the client shows of
//! them (`protocol.md §4.6`). Which of them a turn renders is in `resolve`, how
//! they are sent in `write`.
//!
//! ```text
//!            placed                    not placed any more
//!    (none) ────────► mounted, shown ──────────────────────► kept
//!                            ▲                                │ cids_will_destroy
//!                            │ placed again: sent whole       ▼
//!                            └──────────────────────────── marked
//!                                                             │ cids_destroyed
//!                                                             ▼
//!                                                          dropped
//! ```

mod instance;
mod resolve;
mod write;

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::panic::Location;

use bennu_core::{Prints, Rendered};

use crate::component::Key;
use crate::error::Result;
use crate::event::scope::{Around, render_within};
use crate::event::{EventError, Payload};
use crate::session::erased::Callback;
use crate::session::mailbox::Recipient;
use crate::socket::Core;

pub(crate) use instance::{Instance, MountedComponent};
pub(crate) use resolve::Pass;

/// So many callbacks of a component run while its client is about to destroy it:
/// meanwhile its streams keep what they bring, and nothing of it is sent. Then it
/// is dropped.
const MOST_UNSEEN: u16 = 1024;

/// The number that stands for the view itself where others are of components.
pub(crate) const VIEW: u32 = 0;

/// The components of a view; nothing is allocated as long as there was none.
#[derive(Default)]
pub(crate) struct Components(Option<Box<Registry>>);

#[derive(Default)]
struct Registry {
    cids: HashMap<Key, u32>,
    slots: HashMap<u32, Slot>,
    /// The last number that was given away; none is used again.
    last: u32,
    /// How often the view was rendered, as in [`Slot::renders`].
    view_renders: u32,
    /// Those with a callback since their last render.
    dirty: Vec<u32>,
    /// One that the client knows, by type: its statics can be shared.
    bases: HashMap<TypeId, u32>,
}

struct Slot {
    key: Key,
    instance: Box<dyn Instance>,
    /// What the client was sent.
    prints: Prints,
    /// Where it stands in the source.
    location: &'static Location<'static>,
    /// The component that placed it last, or [`VIEW`].
    parent: u32,
    /// In which of the renders of its parent it was placed. It stands in the
    /// parent's present tree if that was the last one, or if it stands in a
    /// stream, which nobody but the client knows.
    placed_in: u32,
    /// The stream that it was placed in.
    stream: Option<u64>,
    /// How often it was rendered.
    renders: u32,
    /// How many components are around it.
    depth: u32,
    is_dirty: bool,
    /// The client said that it is about to destroy it. It may have changed its
    /// mind: of one that came back in time it says no more.
    is_marked: bool,
    /// It was placed again when a farewell had been heard. If the client had not
    /// seen it come back by the answer, the end of that is still to come.
    is_recalled: bool,
    /// How many callbacks ran since, while it was not placed.
    unseen: u16,
}

/// Where a component stands, as far as the server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// In the present tree of the view.
    Placed,
    /// In a stream, or in what stands in one: if the client still shows that.
    Streamed,
    Gone,
}

impl Components {
    /// Whether there was never one.
    pub(crate) fn are_none(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn are_dirty(&self) -> bool {
        self.0
            .as_ref()
            .is_some_and(|registry| !registry.dirty.is_empty())
    }

    /// Where the component with this number stands, or the view.
    pub(crate) fn standing(&self, cid: u32) -> Standing {
        match &self.0 {
            Some(registry) => registry.standing(cid),
            None => Standing::Placed,
        }
    }

    /// The component's type.
    pub(crate) fn name(&self, cid: u32) -> Option<&'static str> {
        let slot = self.0.as_ref()?.slots.get(&cid)?;
        Some(slot.instance.given().name())
    }

    /// Decodes an event for a component; the callback handles it. `None` if
    /// there is no such component (any more).
    pub(crate) fn event<'c>(
        &'c mut self,
        cid: u32,
        name: &str,
        payload: Payload,
        core: &'c mut Core,
    ) -> Option<Result<Callback<'c>, EventError>> {
        let slot = self.touch(cid)?;
        Some(slot.instance.event(name, payload, cid, core))
    }

    /// Handles a message for a component. `None` if there is no such component
    /// (any more).
    pub(crate) fn info<'c>(
        &'c mut self,
        to: &Recipient,
        content: Box<dyn Any + Send>,
        core: &'c mut Core,
    ) -> Option<Callback<'c>> {
        let cid = match to {
            Recipient::View | Recipient::Page => return None,
            Recipient::Component(cid) => *cid,
            Recipient::Named(key) => *self.0.as_ref()?.cids.get(&**key)?,
        };
        let slot = self.touch(cid)?;
        Some(slot.instance.info(content, cid, core))
    }

    /// The component, of which a callback is going to run.
    fn touch(&mut self, cid: u32) -> Option<&mut Slot> {
        if self.0.as_mut()?.is_forgotten(cid) {
            self.destroy(&[cid]);
        }
        let Registry { slots, dirty, .. } = &mut **self.0.as_mut()?;
        let slot = slots.get_mut(&cid)?;
        if !slot.is_dirty {
            slot.is_dirty = true;
            dirty.push(cid);
        }
        Some(slot)
    }

    /// The client is about to destroy these, unless they are placed again.
    pub(crate) fn mark(&mut self, cids: &[u32]) {
        let Some(registry) = &mut self.0 else { return };
        for cid in cids {
            if let Some(slot) = registry.slots.get_mut(cid) {
                slot.is_marked = true;
            }
        }
    }

    /// The client has destroyed these. Returns those that are gone: what was
    /// placed again meanwhile stays, and what only they had placed goes along.
    ///
    /// A mark alone does not tell: where a component goes, comes and goes in
    /// quick succession, the end of one farewell meets the mark of the next. Of
    /// one in a stream that is taken for the earlier farewell's: one that stays
    /// too long costs memory, one that goes too early is dead on the page.
    pub(crate) fn destroy(&mut self, cids: &[u32]) -> Vec<u32> {
        let Some(registry) = &mut self.0 else {
            return Vec::new();
        };
        let mut gone = Vec::new();
        for cid in cids {
            let is_placed = registry.is_placed(*cid);
            let Some(slot) = registry.slots.get_mut(cid) else {
                continue;
            };
            let is_recalled = std::mem::take(&mut slot.is_recalled);
            let is_shown = match slot.stream {
                Some(_) => is_recalled,
                None => is_placed,
            };
            if slot.is_marked && !is_shown {
                registry.remove(*cid);
                gone.push(*cid);
            }
        }
        loop {
            let slots = &registry.slots;
            let is_orphan = |slot: &Slot| slot.parent != VIEW && !slots.contains_key(&slot.parent);
            let orphans = slots.iter().filter(|(_, slot)| is_orphan(slot));
            let orphans: Vec<u32> = orphans.map(|(cid, _)| *cid).collect();
            if orphans.is_empty() {
                break;
            }
            for cid in orphans {
                registry.remove(cid);
                gone.push(cid);
            }
        }
        gone
    }
}

impl Slot {
    /// It is placed again, whatever the client is about to do.
    fn recall(&mut self) {
        self.is_recalled |= std::mem::take(&mut self.is_marked);
    }
}

impl Registry {
    /// Whether a component that the client is about to destroy waited too long
    /// for that. Counts a callback.
    fn is_forgotten(&mut self, cid: u32) -> bool {
        let is_marked = self.slots.get(&cid).is_some_and(|slot| slot.is_marked);
        let is_leaving = is_marked && self.standing(cid) == Standing::Gone;
        let Some(slot) = self.slots.get_mut(&cid) else {
            return false;
        };
        slot.unseen = if is_leaving { slot.unseen + 1 } else { 0 };
        slot.unseen > MOST_UNSEEN
    }

    fn remove(&mut self, cid: u32) {
        if let Some(slot) = self.slots.remove(&cid) {
            self.cids.remove(&slot.key);
        }
    }

    /// Renders a component, with what is around it in scope.
    fn render(&self, slot: &Slot, cid: u32) -> Rendered {
        let mut next = Some((cid, slot));
        let around = std::iter::from_fn(|| {
            let (cid, slot) = next?;
            next = self
                .slots
                .get_key_value(&slot.parent)
                .map(|(cid, slot)| (*cid, slot));
            Some(Around {
                cid,
                events: slot.instance.events(),
                name: slot.instance.given().name(),
                id: slot.key.id.clone(),
            })
        });
        render_within(around, || slot.instance.render())
    }

    /// How often a component, or the view, was rendered.
    fn renders(&self, placer: u32) -> u32 {
        match self.slots.get(&placer) {
            Some(slot) => slot.renders,
            None => self.view_renders,
        }
    }

    /// Whether this is `inner`, or around it.
    fn is_around(&self, cid: u32, mut inner: u32) -> bool {
        // Invariant: no component has itself around it, so this ends.
        while inner != cid {
            match self.slots.get(&inner) {
                Some(slot) => inner = slot.parent,
                None => return false,
            }
        }
        true
    }

    /// Where this stands.
    fn standing(&self, mut cid: u32) -> Standing {
        let mut standing = Standing::Placed;
        while let Some(slot) = self.slots.get(&cid) {
            if slot.stream.is_some() {
                standing = Standing::Streamed;
            } else if slot.placed_in != self.renders(slot.parent) {
                return Standing::Gone;
            }
            cid = slot.parent;
        }
        if cid == VIEW {
            standing
        } else {
            Standing::Gone
        }
    }

    /// Whether this stands in the present tree of the view, streams aside.
    fn is_placed(&self, mut cid: u32) -> bool {
        while let Some(slot) = self.slots.get(&cid) {
            if slot.placed_in != self.renders(slot.parent) {
                return false;
            }
            cid = slot.parent;
        }
        cid == VIEW
    }
}
