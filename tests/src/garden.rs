//! A view that changes at random, of components and streams in all places where
//! they can be: lists, slots, each other. [`Walk`] takes the turns; `page` says
//! what a browser has to show after each.
//!
//! What the view and its components know stands in a `World` beside them, so
//! that the test can change it and foretell the page.

mod bed;
mod change;
mod page;
mod walk;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Extension;
use bennu::event::Target;
use bennu::{
    Component, Event, LiveComponent, LiveView, Never, Rendered, Result, Socket, Stream, html,
    live_component,
};

use bed::{Bed, Item, Operation};
pub use walk::{Message, Walk};

/// So many plants there can be.
const IDS: u8 = 7;

/// The streams of the view: one that is always shown, one that comes and goes,
/// one that has a limit.
const BEDS: [u16; 3] = [0, 1, 2];

/// The limit of the last one.
const LIMIT: u32 = 3;

/// The number of a plant's stream.
fn bed_of(plant: u8) -> u16 {
    10 + u16::from(plant)
}

/// A plant as its parent wants it.
#[derive(Clone, Debug, PartialEq)]
struct Tree {
    id: u8,
    /// The change that put it where it is.
    since: u32,
    text: u8,
    /// Which of its templates it takes.
    variant: u8,
    children: Vec<Tree>,
    /// What the view puts into it.
    slot: Vec<Tree>,
}

impl Tree {
    fn new(id: u8, since: u32) -> Self {
        Self {
            id,
            since,
            text: 0,
            variant: 0,
            children: Vec::new(),
            slot: Vec::new(),
        }
    }

    /// It and all in it are put somewhere else.
    fn moved(&mut self, since: u32) {
        self.since = since;
        for tree in self.children.iter_mut().chain(&mut self.slot) {
            tree.moved(since);
        }
    }

    /// Whether the plant shows its stream, if it is open.
    fn has_bed(&self) -> bool {
        self.variant == 0 && self.text % 2 == 1
    }
}

/// What plants and seeds know of themselves.
#[derive(Clone, Debug, Default)]
struct Own {
    cid: u32,
    count: u32,
    is_closed: bool,
}

/// What there is; the test changes it.
#[derive(Debug, Default)]
struct State {
    /// Which of its templates the view takes.
    variant: u8,
    /// How often its root has changed with that. What clients keep of streams
    /// then is their affair, and also when a plant moves to another parent: such
    /// streams are reset.
    era: u32,
    /// How often anything has changed.
    changes: u32,
    trees: Vec<Tree>,
    is_boxed: bool,
    plants: BTreeMap<u8, Own>,
    /// The components in items of streams.
    seeds: BTreeMap<u16, Own>,
    /// What streams show.
    beds: BTreeMap<u16, Bed>,
    /// What their owners have not done yet.
    operations: BTreeMap<u16, Vec<Operation>>,
}

#[derive(Clone, Debug, Default)]
struct World(Arc<Mutex<State>>);

impl World {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no callback has panicked")
    }

    /// Performs what was asked of a stream.
    fn tend(&self, bed: u16, stream: &mut Stream<Item>) {
        let operations = self.state().operations.remove(&bed);
        for operation in operations.into_iter().flatten() {
            operation.perform(stream);
        }
    }

    fn own(&self, plant: u8) -> Own {
        self.state().plants.get(&plant).cloned().unwrap_or_default()
    }
}

fn stream(bed: u16) -> Stream<Item> {
    let stream = Stream::new(move |item: &Item| bed::dom_id(bed, item.id));
    if bed == BEDS[2] {
        stream.limit(LIMIT)
    } else {
        stream
    }
}

struct Garden {
    world: World,
    beds: [Stream<Item>; 3],
}

#[derive(Event)]
enum GardenEvent {
    /// Another world.
    Look,
    /// Some shall grow, and some open or close, in one turn.
    Tell { grow: Vec<u8>, toggle: Vec<u8> },
}

impl LiveView for Garden {
    type Params = Extension<World>;
    type Event = GardenEvent;
    type Info = Never;

    async fn mount(Extension(world): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        let world = world.clone();
        let mut beds = BEDS.map(stream);
        let asked = world.state().operations.clone();
        for (bed, stream) in BEDS.into_iter().zip(&mut beds) {
            world.tend(bed, stream);
        }
        if !socket.connected() {
            // The join is still to come.
            world.state().operations = asked;
        }
        Ok(Self { world, beds })
    }

    async fn handle_event(&mut self, event: GardenEvent, socket: &mut Socket<Self>) -> Result {
        match event {
            GardenEvent::Look => {
                for (bed, stream) in BEDS.into_iter().zip(&mut self.beds) {
                    self.world.tend(bed, stream);
                }
            }
            GardenEvent::Tell { grow, toggle } => {
                for id in grow {
                    socket.send_update::<Plant>(id, PlantInfo::Grow);
                }
                for id in toggle {
                    socket.send_update::<Plant>(id, PlantInfo::Toggle);
                }
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let (variant, era, trees, is_boxed) = {
            let state = self.world.state();
            (
                state.variant,
                state.era,
                state.trees.clone(),
                state.is_boxed,
            )
        };
        let [open, boxed, limited] = &self.beds;
        let world = &self.world;
        let place = |tree: &Tree| place(tree, era, world);
        let content = |bed, item: &Item| content(bed, item, world);
        let beds = html! {
            ul #bed-0 phx-update="stream" { @for (id, item) in open { li #(id) { (content(0, &item)) } } }
            @if is_boxed {
                div {
                    ul #bed-1 phx-update="stream" { @for (id, item) in boxed { li #(id) { (content(1, &item)) } } }
                }
            }
            ul #bed-2 phx-update="stream" { @for (id, item) in limited { li #(id) { (content(2, &item)) } } }
        };
        match variant {
            0 => {
                html! { main { @for tree in &trees key=(tree.id) { section { (place(tree)) } } } (beds) }
            }
            1 => html! { (beds) @for tree in &trees { (place(tree)) } },
            _ => html! { main { @match trees.as_slice() {
                [] => "none"
                [one] => (place(one))
                [one, two, ..] => { (place(two)) div { (place(one)) } }
            } } (beds) },
        }
    }
}

fn place(tree: &Tree, era: u32, world: &World) -> Component {
    let slot = (!tree.slot.is_empty()).then(|| {
        html! { nav { @for tree in &tree.slot key=(tree.id) { (place(tree, era, world)) } } }
    });
    let tree = Tree {
        slot: Vec::new(),
        ..tree.clone()
    };
    let props = PlantProps {
        tree,
        era,
        slot,
        world: world.clone(),
    };
    live_component::<Plant>(props.tree.id, props)
}

/// What stands in the item of a stream: text, a list, or a component.
fn content(bed: u16, item: &Item, world: &World) -> Rendered {
    let props = SeedProps {
        id: item.seed(bed),
        text: item.text,
        world: world.clone(),
    };
    html! {
        (item.text)
        @match item.text % 4 {
            0 => {}
            1 => p { @for number in 0..item.text { (number) br; } }
            2 => (PAUSE)
            _ => (live_component::<Seed>(props.id, props))
        }
    }
}

/// What needs no component.
const PAUSE: &str = "…";

struct Plant {
    id: u8,
    /// The era and the change that its stream was reset for.
    since: (u32, u32),
    world: World,
    bed: Stream<Item>,
}

struct PlantProps {
    tree: Tree,
    era: u32,
    slot: Option<Rendered>,
    world: World,
}

impl PartialEq for PlantProps {
    fn eq(&self, other: &Self) -> bool {
        self.tree == other.tree && self.era == other.era && self.slot == other.slot
    }
}

#[derive(Event)]
enum PlantEvent {
    Grow,
    Toggle,
    /// Its stream changes.
    Tend,
}

enum PlantInfo {
    Grow,
    Toggle,
}

impl LiveComponent for Plant {
    type Props = PlantProps;
    type Event = PlantEvent;
    type Info = PlantInfo;

    async fn mount(props: &PlantProps, socket: &mut Socket<Self>) -> Result<Self> {
        let PlantProps { tree, world, .. } = props;
        let bed = bed_of(tree.id);
        let first = Operation::Push(Item { id: 0, text: 0 });
        let mut plant = Self {
            id: tree.id,
            since: (props.era, tree.since),
            world: world.clone(),
            bed: stream(bed),
        };
        first.clone().perform(&mut plant.bed);
        if let (true, Target::Component(cid)) = (socket.connected(), socket.target()) {
            let own = Own {
                cid,
                ..Own::default()
            };
            let mut state = world.state();
            state.plants.insert(plant.id, own);
            state.operations.remove(&bed);
            state.beds.insert(bed, Bed::new(first));
        }
        Ok(plant)
    }

    async fn update(&mut self, props: &PlantProps, _: &mut Socket<Self>) -> Result {
        let since = (props.era, props.tree.since);
        if std::mem::replace(&mut self.since, since) != since {
            let mut state = self.world.state();
            let bed = state.beds.entry(bed_of(self.id)).or_default();
            bed.pending = vec![Operation::Reset];
            self.bed.reset();
        }
        Ok(())
    }

    async fn handle_event(
        &mut self,
        event: PlantEvent,
        _: &PlantProps,
        _: &mut Socket<Self>,
    ) -> Result {
        if let PlantEvent::Tend = event {
            self.world.tend(bed_of(self.id), &mut self.bed);
            return Ok(());
        }
        let mut state = self.world.state();
        let own = state.plants.entry(self.id).or_default();
        match event {
            PlantEvent::Grow => own.count += 1,
            PlantEvent::Toggle => own.is_closed = !own.is_closed,
            PlantEvent::Tend => {}
        }
        Ok(())
    }

    async fn handle_info(
        &mut self,
        info: PlantInfo,
        _: &PlantProps,
        _: &mut Socket<Self>,
    ) -> Result {
        let mut state = self.world.state();
        let own = state.plants.entry(self.id).or_default();
        match info {
            PlantInfo::Grow => own.count += 1,
            PlantInfo::Toggle => own.is_closed = !own.is_closed,
        }
        Ok(())
    }

    fn render(&self, props: &PlantProps) -> Rendered {
        let PlantProps {
            tree,
            era,
            slot,
            world,
        } = props;
        let own = world.own(self.id);
        let bed = bed_of(self.id);
        match tree.variant {
            _ if own.is_closed => html! { article { "closed " (own.count) } },
            0 => html! {
                article {
                    (tree.text) " " (own.count)
                    (slot)
                    @if tree.has_bed() {
                        ol #{ "bed-" (bed) } phx-update="stream" {
                            @for (id, item) in &self.bed { li #(id) { (content(bed, &item, world)) } }
                        }
                    }
                    @for child in &tree.children key=(child.id) { (place(child, *era, world)) }
                }
            },
            _ => html! {
                aside {
                    @if let Some((last, others)) = tree.children.split_last() {
                        (place(last, *era, world))
                        @for child in others { (place(child, *era, world)) }
                    }
                    (slot)
                }
            },
        }
    }
}

/// A component in the item of a stream.
struct Seed(u16);

struct SeedProps {
    id: u16,
    text: u8,
    world: World,
}

impl PartialEq for SeedProps {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

#[derive(Event)]
enum SeedEvent {
    Grow,
}

impl LiveComponent for Seed {
    type Props = SeedProps;
    type Event = SeedEvent;
    type Info = Never;

    async fn mount(props: &SeedProps, socket: &mut Socket<Self>) -> Result<Self> {
        if let (true, Target::Component(cid)) = (socket.connected(), socket.target()) {
            let own = Own {
                cid,
                ..Own::default()
            };
            props.world.state().seeds.insert(props.id, own);
        }
        Ok(Self(props.id))
    }

    async fn handle_event(
        &mut self,
        SeedEvent::Grow: SeedEvent,
        props: &SeedProps,
        _: &mut Socket<Self>,
    ) -> Result {
        let mut state = props.world.state();
        state.seeds.entry(self.0).or_default().count += 1;
        Ok(())
    }

    fn render(&self, props: &SeedProps) -> Rendered {
        let state = props.world.state();
        let count = state.seeds.get(&self.0).map_or(0, |own| own.count);
        html! { span { "seed " (props.text) " " (count) } }
    }
}
