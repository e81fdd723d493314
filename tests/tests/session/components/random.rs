//! After any series of turns, a client shows what a fresh render would.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::routing::get;
use axum::{Extension, Router};
use bennu::event::Target;
use bennu::{
    Component, Event, LiveComponent, LiveView, Never, Rendered, Result, Socket, html, live,
    live_component,
};
use bennu_tests::Live;
use proptest::prelude::*;
use serde_json::json;

use super::click;
use crate::stage::{Stage, bennu, settle};

/// So many components there can be.
const IDS: u8 = 7;

/// A component as its parent wants it.
#[derive(Clone, Debug, PartialEq)]
struct Tree {
    id: u8,
    text: u8,
    /// Which of its templates the component takes.
    variant: u8,
    children: Vec<Tree>,
    /// What the view puts into it.
    slot: Vec<Tree>,
}

/// What the components know of themselves, by their ids.
#[derive(Clone, Default)]
struct Known(Arc<Mutex<BTreeMap<u8, Own>>>);

#[derive(Clone, Default)]
struct Own {
    cid: u32,
    count: u32,
    is_closed: bool,
}

/// What the view shows; the test changes it.
#[derive(Clone, Default)]
struct World {
    trees: Arc<Mutex<(u8, Vec<Tree>)>>,
    known: Known,
}

struct Garden(World);

#[derive(Event)]
enum GardenEvent {
    /// Another world.
    Look,
    /// Some shall grow, and some open or close, in one turn.
    Tell { grow: Vec<u8>, toggle: Vec<u8> },
}

struct Plant {
    id: u8,
    known: Known,
}

struct PlantProps {
    tree: Tree,
    slot: Option<Rendered>,
    known: Known,
}

impl PartialEq for PlantProps {
    fn eq(&self, other: &Self) -> bool {
        // What is in the slot is the view's.
        let own = |props: &Self| {
            let Tree {
                text,
                variant,
                children,
                ..
            } = props.tree.clone();
            (text, variant, children)
        };
        own(self) == own(other) && self.slot == other.slot
    }
}

#[derive(Event)]
enum PlantEvent {
    Grow,
    Toggle,
}

enum PlantInfo {
    Grow,
    Toggle,
}

impl LiveView for Garden {
    type Params = Extension<World>;
    type Event = GardenEvent;
    type Info = Never;

    async fn mount(Extension(world): &Self::Params, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self(world.clone()))
    }

    async fn handle_event(&mut self, event: GardenEvent, socket: &mut Socket<Self>) -> Result {
        match event {
            GardenEvent::Look => {}
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
        let (variant, trees) = self.0.trees.lock().unwrap().clone();
        let known = &self.0.known;
        let place = |tree: &Tree| place(tree, known);
        match variant {
            0 => html! { main { @for tree in &trees key=(tree.id) { p { (place(tree)) } } } },
            1 => html! { @for tree in &trees { (place(tree)) } },
            _ => html! { main { @match trees.as_slice() {
                [] => "none"
                [one] => (place(one))
                [one, two, ..] => { (place(two)) i { (place(one)) } }
            } } },
        }
    }
}

fn place(tree: &Tree, known: &Known) -> Component {
    let slot = (!tree.slot.is_empty()).then(|| {
        html! { u { @for tree in &tree.slot key=(tree.id) { (place(tree, known)) } } }
    });
    let props = PlantProps {
        tree: Tree {
            slot: Vec::new(),
            ..tree.clone()
        },
        slot,
        known: known.clone(),
    };
    live_component::<Plant>(tree.id, props)
}

impl LiveComponent for Plant {
    type Props = PlantProps;
    type Event = PlantEvent;
    type Info = PlantInfo;

    async fn mount(props: &PlantProps, socket: &mut Socket<Self>) -> Result<Self> {
        let plant = Self {
            id: props.tree.id,
            known: props.known.clone(),
        };
        if let (true, Target::Component(cid)) = (socket.connected(), socket.target()) {
            let own = Own {
                cid,
                ..Own::default()
            };
            props.known.0.lock().unwrap().insert(plant.id, own);
        }
        Ok(plant)
    }

    async fn handle_event(
        &mut self,
        event: PlantEvent,
        _: &PlantProps,
        _: &mut Socket<Self>,
    ) -> Result {
        let mut known = self.known.0.lock().unwrap();
        let own = known.get_mut(&self.id).unwrap();
        match event {
            PlantEvent::Grow => own.count += 1,
            PlantEvent::Toggle => own.is_closed = !own.is_closed,
        }
        Ok(())
    }

    async fn handle_info(
        &mut self,
        info: PlantInfo,
        _: &PlantProps,
        _: &mut Socket<Self>,
    ) -> Result {
        let mut known = self.known.0.lock().unwrap();
        let own = known.get_mut(&self.id).unwrap();
        match info {
            PlantInfo::Grow => own.count += 1,
            PlantInfo::Toggle => own.is_closed = !own.is_closed,
        }
        Ok(())
    }

    fn render(&self, props: &PlantProps) -> Rendered {
        let own = self
            .known
            .0
            .lock()
            .unwrap()
            .get(&self.id)
            .cloned()
            .unwrap_or_default();
        let Tree {
            text,
            variant,
            children,
            ..
        } = &props.tree;
        match variant {
            _ if own.is_closed => html! { b { "closed " (own.count) } },
            0 => html! {
                b {
                    (text) " " (own.count)
                    (props.slot)
                    @for child in children key=(child.id) { (place(child, &props.known)) }
                }
            },
            _ => html! {
                em {
                    @if let Some((last, others)) = children.split_last() {
                        (place(last, &props.known))
                        @for child in others { (place(child, &props.known)) }
                    }
                    (props.slot)
                }
            },
        }
    }
}

/// What a browser has to show.
fn html(world: &World) -> String {
    let (variant, trees) = world.trees.lock().unwrap().clone();
    let known = world.known.0.lock().unwrap();
    let plant = |tree: &Tree| plant(tree, &known);
    match (variant, trees.as_slice()) {
        (0, trees) => {
            let entries = trees.iter().map(|tree| format!("<p>{}</p>", plant(tree)));
            format!("<main>{}</main>", entries.collect::<String>())
        }
        (1, trees) => trees.iter().map(plant).collect(),
        (_, []) => "<main>none</main>".to_owned(),
        (_, [one]) => format!("<main>{}</main>", plant(one)),
        (_, [one, two, ..]) => format!("<main>{}<i>{}</i></main>", plant(two), plant(one)),
    }
}

fn plant(tree: &Tree, known: &BTreeMap<u8, Own>) -> String {
    let plants =
        |trees: &[Tree]| -> String { trees.iter().map(|tree| plant(tree, known)).collect() };
    let own = known.get(&tree.id).cloned().unwrap_or_default();
    let slot = match tree.slot.as_slice() {
        [] => String::new(),
        slot => format!("<u>{}</u>", plants(slot)),
    };
    let mut html = String::new();
    let _ = match (tree.variant, tree.children.split_last()) {
        _ if own.is_closed => write!(html, "<b>closed {}</b>", own.count),
        (0, _) => write!(
            html,
            "<b>{} {}{slot}{}</b>",
            tree.text,
            own.count,
            plants(&tree.children)
        ),
        (_, None) => write!(html, "<em>{slot}</em>"),
        (_, Some((last, others))) => {
            write!(
                html,
                "<em>{}{}{slot}</em>",
                plant(last, known),
                plants(others)
            )
        }
    };
    html
}

/// Random numbers from a test case.
struct Choices<'b>(std::slice::Iter<'b, u8>);

impl Choices<'_> {
    fn below(&mut self, most: usize) -> usize {
        let byte = self.0.next().copied().unwrap_or(0);
        if most == 0 {
            0
        } else {
            usize::from(byte) % most
        }
    }
}

/// All places where trees can be, outermost first.
fn places<'t>(trees: &'t mut Vec<Tree>, depth: usize, at: &mut usize) -> Option<&'t mut Vec<Tree>> {
    if *at == 0 {
        return Some(trees);
    }
    *at -= 1;
    for tree in trees {
        if depth < 3 {
            if let Some(found) = places(&mut tree.children, depth + 1, at) {
                return Some(found);
            }
            // A slot is made by the view, or it would not be a slot.
            if depth == 0
                && let Some(found) = places(&mut tree.slot, 2, at)
            {
                return Some(found);
            }
        }
    }
    None
}

fn ids(trees: &[Tree], found: &mut Vec<u8>) {
    for tree in trees {
        found.push(tree.id);
        ids(&tree.children, found);
        ids(&tree.slot, found);
    }
}

fn change(world: &World, choices: &mut Choices<'_>) {
    let mut world = world.trees.lock().unwrap();
    let (variant, trees) = &mut *world;
    if choices.below(12) == 0 {
        *variant = choices.below(3) as u8;
        return;
    }
    let mut at = choices.below(9);
    let Some(place) = places(trees, 0, &mut at) else {
        return;
    };
    let position = choices.below(place.len() + 1);
    match choices.below(5) {
        0 if position < place.len() => place[position].text = choices.below(4) as u8,
        1 if position < place.len() => place[position].variant ^= 1,
        2 if position < place.len() => {
            let tree = place.remove(position);
            let mut to = choices.below(9);
            // Somewhere else, or away.
            if let Some(place) = places(trees, 0, &mut to) {
                let position = choices.below(place.len() + 1);
                place.insert(position, tree);
            }
        }
        3 if place.len() > 1 => place.rotate_left(1),
        _ => {
            let id = choices.below(IDS.into()) as u8;
            let tree = Tree {
                id,
                text: 0,
                variant: 0,
                children: Vec::new(),
                slot: Vec::new(),
            };
            let mut taken = Vec::new();
            place.insert(position, tree);
            ids(trees, &mut taken);
            if taken.iter().filter(|taken| **taken == id).count() > 1 {
                let mut at = at_of(trees, id);
                let place = places(trees, 0, &mut at).unwrap();
                place.retain(|tree| tree.id != id);
            }
        }
    }
}

/// The first place that has this tree.
fn at_of(trees: &mut Vec<Tree>, id: u8) -> usize {
    (0..)
        .find(|at| {
            let place = places(trees, 0, &mut at.clone());
            place.is_none_or(|place| place.iter().any(|tree| tree.id == id))
        })
        .unwrap()
}

async fn show_all(live: &mut Live) {
    settle().await;
    for frame in live.client.waiting().await {
        assert_ne!(frame.event, "phx_error", "{frame:?}");
        live.show(&frame);
    }
}

/// The client takes leave of components that it does not show any more.
async fn part(live: &mut Live, world: &World, choices: &mut Choices<'_>) {
    let gone = live.gone();
    if gone.is_empty() {
        return;
    }
    live.ask("cids_will_destroy", json!({"cids": gone})).await;
    if choices.below(2) == 0 {
        change(world, choices);
        live.click("look", json!({})).await;
        show_all(live).await;
    }
    let mut still = live.gone();
    still.retain(|cid| gone.contains(cid));
    let reply = live.ask("cids_destroyed", json!({"cids": still})).await;
    let destroyed: Vec<u32> = serde_json::from_value(reply.ok()["cids"].clone()).unwrap();
    live.prune(destroyed);
}

async fn turns(bytes: &[u8]) {
    let mut choices = Choices(bytes.iter());
    let world = World::default();
    for _ in 0..choices.below(6) {
        change(&world, &mut choices);
    }
    let routes = Router::new()
        .route("/", get(live::<Garden>()))
        .layer(Extension(world.clone()));
    let stage = Stage::of(bennu(), routes);
    let mut live = stage.visit("/").await;
    assert_eq!(live.page.content(), live.html());
    for _ in 0..12 {
        let known = world.known.0.lock().unwrap().clone();
        let id = choices.below(IDS.into()) as u8;
        match (choices.below(6), known.get(&id)) {
            (0, Some(own)) => drop(click(&mut live, own.cid, "grow", json!({})).await),
            (1, Some(own)) => drop(click(&mut live, own.cid, "toggle", json!({})).await),
            (2, _) => {
                let mut some = || -> Vec<u8> {
                    (0..choices.below(4))
                        .map(|_| choices.below(IDS.into()) as u8)
                        .collect()
                };
                let told = json!({"grow": some(), "toggle": some()});
                live.click("tell", told).await;
            }
            (3, _) => part(&mut live, &world, &mut choices).await,
            _ => {
                for _ in 0..=choices.below(3) {
                    change(&world, &mut choices);
                }
                live.click("look", json!({})).await;
            }
        }
        show_all(&mut live).await;
        assert_eq!(
            live.html(),
            html(&world),
            "{:?}",
            world.trees.lock().unwrap()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_client_shows_its_components_as_a_fresh_render_would(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(turns(&bytes));
    }
}
