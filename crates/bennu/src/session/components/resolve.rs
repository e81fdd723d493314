//! From the places in a rendered view to its components: those that are new are
//! mounted, those with other props updated, and all of which the client has to
//! learn something are rendered. Parents come first, since props come from them.

use std::collections::{BTreeMap, VecDeque};
use std::panic::Location;
use std::sync::Arc;

use bennu_core::{Prints, Rendered};

use super::{Components, Registry, Slot, Standing, VIEW};
use crate::component::Placed;
use crate::error::{Error, Result};
use crate::session::nest::Nesting;
use crate::socket::Core;

/// So many components stand inside each other at the most: a component that
/// places itself would never end, and clients recurse.
const MOST_NESTED: u32 = 64;

/// What was rendered in one turn: the view, if it had a reason to be, and
/// components.
#[derive(Default)]
pub(crate) struct Pass {
    pub(crate) view: Option<Rendered>,
    /// By their numbers.
    pub(super) components: BTreeMap<u32, Shown>,
}

impl Pass {
    /// The view alone.
    pub(crate) fn bare(view: Option<Rendered>) -> Self {
        Self {
            view,
            components: BTreeMap::new(),
        }
    }
}

/// A component that was rendered.
pub(super) struct Shown {
    pub(super) rendered: Rendered,
    pub(super) sent: Sent,
}

/// How a component is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// What changed.
    Changes,
    /// Whole: another component placed it anew.
    Whole,
    /// Whole, and together with the tree of the view, which placed it anew, or
    /// something around it.
    WithView,
}

/// Who places components.
#[derive(Clone, Copy)]
struct Placer {
    cid: u32,
    /// How often it was rendered, this time included.
    renders: u32,
    depth: u32,
    sent: Sent,
}

impl Components {
    /// Whether there is more to render than this view: where there was a component,
    /// or it places one.
    pub(crate) fn have_part_in(&self, view: Option<&Rendered>) -> bool {
        self.0.is_some() || view.is_some_and(|view| !view.placements().is_empty())
    }

    /// Finds out what a turn has to render beside the view, of which `root` are
    /// the prints before this render; `core` is the view's. A view has `most`
    /// components at the most.
    pub(crate) async fn resolve(
        &mut self,
        mut view: Option<Rendered>,
        root: &Prints,
        core: &mut Core,
        nesting: &mut Nesting<'_>,
        most: usize,
    ) -> Result<Pass> {
        let registry = &mut **self.0.get_or_insert_default();
        let mut resolver = Resolver {
            registry,
            core,
            nesting,
            most,
            queue: VecDeque::new(),
            moves: Vec::new(),
            shown: BTreeMap::new(),
        };
        let mut is_new = false;
        if let Some(view) = &mut view {
            is_new = !root.fits(view);
            resolver.view(view, is_new).await?;
        }
        // A client with a new root shows nothing but what stands in there.
        if !is_new {
            resolver.rest().await?;
        }
        resolver.check_moves()?;
        let components = resolver.shown;
        for cid in std::mem::take(&mut registry.dirty) {
            if let Some(slot) = registry.slots.get_mut(&cid) {
                slot.is_dirty = false;
            }
        }
        Ok(Pass { view, components })
    }
}

struct Resolver<'r, 'n> {
    registry: &'r mut Registry,
    core: &'r mut Core,
    nesting: &'r mut Nesting<'n>,
    most: usize,
    /// Those that have to be rendered.
    queue: VecDeque<(u32, Sent)>,
    moves: Vec<Move>,
    shown: BTreeMap<u32, Shown>,
}

/// A component that another one placed before. That one may still hold it.
struct Move {
    cid: u32,
    from: u32,
    /// How often that one had been rendered by then.
    renders: u32,
    location: &'static Location<'static>,
}

impl Registry {
    /// Renders a component for what is sent of it.
    fn render_for(&self, sent: Sent, slot: &Slot, cid: u32, nesting: &mut Nesting<'_>) -> Rendered {
        let mut render = || nesting.render(cid, || self.render(slot, cid));
        match sent {
            Sent::Changes => slot.prints.render(render),
            Sent::Whole | Sent::WithView => render(),
        }
    }
}

impl Resolver<'_, '_> {
    async fn view(&mut self, view: &mut Rendered, is_new: bool) -> Result {
        let renders = self.registry.view_renders.wrapping_add(1);
        self.registry.view_renders = renders;
        if is_new {
            for slot in self.registry.slots.values_mut() {
                slot.prints.clear();
            }
        }
        let placer = Placer {
            cid: VIEW,
            renders,
            depth: 0,
            sent: if is_new {
                Sent::WithView
            } else {
                Sent::Changes
            },
        };
        self.place(placer, view).await?;
        self.render_queued().await
    }

    /// Those that had a callback, and were not reached from the view.
    async fn rest(&mut self) -> Result {
        // A parent comes before its children, and what may have lost its place
        // last: it may be placed somewhere else meanwhile, and what its streams
        // bring is rendered once.
        let mut rest = std::mem::take(&mut self.registry.dirty);
        let slots = &self.registry.slots;
        rest.sort_by_cached_key(|cid| slots.get(cid).map(|slot| slot.depth));
        for standing in [Standing::Placed, Standing::Streamed] {
            for cid in &rest {
                // One that is gone from the page waits until it is placed again.
                // It may hold what is shown elsewhere by now, and what its streams
                // bring would be lost.
                let stands = self.registry.standing(*cid);
                let is_dirty = |slot: &Slot| slot.is_dirty && stands <= standing;
                if self.registry.slots.get(cid).is_some_and(is_dirty) {
                    self.queue.push_back((*cid, Sent::Changes));
                    self.render_queued().await?;
                }
            }
        }
        Ok(())
    }

    async fn render_queued(&mut self) -> Result {
        while let Some((cid, sent)) = self.queue.pop_front() {
            let registry = &mut *self.registry;
            let Some(slot) = registry.slots.get(&cid) else {
                continue;
            };
            let mut rendered = registry.render_for(sent, slot, cid, self.nesting);
            if !rendered.is_element() {
                return Err(not_one_element(slot));
            }
            let placer = Placer {
                cid,
                renders: slot.renders.wrapping_add(1),
                depth: slot.depth,
                sent,
            };
            if let Some(slot) = registry.slots.get_mut(&cid) {
                slot.renders = placer.renders;
                slot.is_dirty = false;
            }
            self.place(placer, &mut rendered).await?;
            self.shown.insert(cid, Shown { rendered, sent });
        }
        Ok(())
    }

    /// Gives the placed components their numbers.
    async fn place(&mut self, placer: Placer, rendered: &mut Rendered) -> Result {
        if rendered.placements().is_empty() {
            return Ok(());
        }
        let mut cids = Vec::with_capacity(rendered.placements().len());
        for (at, placement) in rendered.placements().iter().enumerate() {
            let stream = rendered.stream_of(at);
            let cid = match placement.downcast_ref::<Placed>() {
                Some(placed) => match self.registry.cids.get(&placed.key) {
                    Some(cid) => self.again(*cid, placed, placer, stream).await?,
                    None => self.mount(placed, placer).await?,
                },
                None => 0,
            };
            if let Some(slot) = self.registry.slots.get_mut(&cid) {
                slot.stream = stream;
            }
            cids.push(cid);
        }
        let mut cids = cids.into_iter();
        rendered.set_cids(|_| cids.next().unwrap_or(0));
        Ok(())
    }

    async fn mount(&mut self, placed: &Placed, placer: Placer) -> Result<u32> {
        let Registry { slots, last, .. } = &mut *self.registry;
        if slots.len() >= self.most {
            return Err(too_many(self.most, placed));
        }
        let depth = deeper(placer, placed)?;
        *last += 1;
        let cid = *last;
        let given = Arc::clone(&placed.given);
        let instance = given.mount(cid, self.core).await?;
        let registry = &mut *self.registry;
        let slot = Slot {
            key: placed.key.clone(),
            instance,
            prints: Prints::default(),
            location: placed.location,
            parent: placer.cid,
            placed_in: placer.renders,
            stream: None,
            renders: 0,
            depth,
            is_dirty: false,
            is_marked: false,
            is_recalled: false,
            unseen: 0,
        };
        registry.cids.insert(slot.key.clone(), cid);
        registry.slots.insert(cid, slot);
        self.queue.push_back((cid, placer.anew()));
        Ok(cid)
    }

    /// A component that was there before is placed, in a stream or beside them.
    async fn again(
        &mut self,
        cid: u32,
        placed: &Placed,
        placer: Placer,
        stream: Option<u64>,
    ) -> Result<u32> {
        let renders = placer.renders;
        let Some(slot) = self.registry.slots.get_mut(&cid) else {
            return Ok(0);
        };
        // Nearly all of them, nearly always.
        if slot.parent == placer.cid
            && slot.placed_in == renders.wrapping_sub(1)
            && slot.stream == stream
            && placer.sent == Sent::Changes
            && !slot.is_dirty
            && slot.instance.given().equals(&*placed.given)
        {
            slot.placed_in = renders;
            slot.location = placed.location;
            slot.recall();
            return Ok(cid);
        }
        let Some(slot) = self.registry.slots.get(&cid) else {
            return Ok(0);
        };
        // One that is gone from the page, and had a callback, takes nothing from
        // where it is shown.
        if slot.parent != placer.cid
            && !self.registry.is_placed(placer.cid)
            && self.registry.is_placed(cid)
        {
            return Ok(cid);
        }
        if slot.parent != placer.cid && self.registry.is_around(cid, placer.cid) {
            // What is gone from the page may know an order that is past.
            return match self.registry.is_placed(placer.cid) {
                true => Err(placed_in_itself(slot, placed)),
                false => Ok(cid),
            };
        }
        let mut stays = false;
        if slot.parent == placer.cid {
            if slot.placed_in == renders {
                return Err(placed_twice(slot, slot.location, placed.location));
            }
            // What a stream lets go is gone from the page before the rest of a
            // message is shown.
            stays = slot.placed_in == renders.wrapping_sub(1) && slot.stream == stream;
        } else if slot.placed_in == self.registry.renders(slot.parent) {
            self.moves.push(Move {
                cid,
                from: slot.parent,
                renders: slot.placed_in,
                location: slot.location,
            });
        }
        let depth = deeper(placer, placed)?;
        let Some(slot) = self.registry.slots.get_mut(&cid) else {
            return Ok(0);
        };
        slot.location = placed.location;
        slot.parent = placer.cid;
        slot.placed_in = renders;
        slot.depth = depth;
        slot.recall();
        let has_news = !slot.instance.given().equals(&*placed.given);
        if has_news {
            let given = Arc::clone(&placed.given);
            slot.instance.update(given, cid, self.core).await?;
        }
        if !stays || placer.sent != Sent::Changes {
            self.queue.push_back((cid, placer.anew()));
        } else if has_news || slot.is_dirty {
            self.queue.push_back((cid, Sent::Changes));
        }
        Ok(cid)
    }

    /// An error if a component that moved still stands where it was before.
    fn check_moves(&self) -> Result {
        for moved in &self.moves {
            let registry = &*self.registry;
            if registry.renders(moved.from) == moved.renders
                && registry.is_placed(moved.from)
                && let Some(slot) = registry.slots.get(&moved.cid)
            {
                return Err(placed_twice(slot, moved.location, slot.location));
            }
        }
        Ok(())
    }
}

impl Placer {
    /// How what it places anew is sent.
    fn anew(self) -> Sent {
        if self.cid == VIEW || self.sent == Sent::WithView {
            Sent::WithView
        } else {
            Sent::Whole
        }
    }
}

fn deeper(placer: Placer, placed: &Placed) -> Result<u32> {
    if placer.depth < MOST_NESTED {
        return Ok(placer.depth + 1);
    }
    let (name, location) = (placed.given.name(), placed.location);
    Err(Error::message(format!(
        "more than {MOST_NESTED} components stand inside each other: {name}, placed at {location}, \
         is too deep; does a component place itself without an end?"
    )))
}

fn too_many(most: usize, placed: &Placed) -> Error {
    let (name, location) = (placed.given.name(), placed.location);
    Error::message(format!(
        "the view has {most} components, all that Limits::components allows, and {name} is placed \
         at {location}"
    ))
}

fn placed_twice(slot: &Slot, one: &Location<'_>, other: &Location<'_>) -> Error {
    let (name, id) = (slot.instance.given().name(), &slot.key.id);
    Error::message(format!(
        "the component {name} with the id {id} is placed twice, at {one} and at {other}: give each \
         of them an id of its own"
    ))
}

fn placed_in_itself(slot: &Slot, placed: &Placed) -> Error {
    let (name, id) = (slot.instance.given().name(), &slot.key.id);
    let location = placed.location;
    Error::message(format!(
        "the component {name} with the id {id} is placed in itself, at {location}: give the inner \
         one an id of its own"
    ))
}

fn not_one_element(slot: &Slot) -> Error {
    let (name, location) = (slot.instance.given().name(), slot.location);
    Error::message(format!(
        "the component {name}, placed at {location}, does not render exactly one element: write \
         one element around all of its `html!`, with nothing beside it"
    ))
}
