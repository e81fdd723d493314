//! Components in the tree: what a client shows after any turns, and the worked
//! examples of `protocol.md §4.6`.

use std::collections::{BTreeMap, BTreeSet};

use bennu_core::__private::{Iterated, Stand, ViaStream, Writer};
use bennu_core::wire::{Components, Message};
use bennu_core::{Filled, Placement, Prints, Render, Rendered, Stream, Template};
use bennu_replica::Replica;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::tree::{Choices, Node};

/// Components may place those with a higher name, so that none stands in itself.
const NAMES: u64 = 6;

/// What a view and its components are.
struct World {
    root: Node,
    components: BTreeMap<u64, Node>,
}

impl World {
    fn random(choices: &mut Choices<'_>) -> Self {
        let component = |name, choices: &mut Choices<'_>| {
            let choices = choices.place(name + 1..NAMES);
            (name, Node::random_element(choices, 2))
        };
        Self {
            root: Node::random(choices.place(0..NAMES), 3),
            components: (0..NAMES).map(|name| component(name, choices)).collect(),
        }
    }

    fn change(&mut self, choices: &mut Choices<'_>) {
        let name = choices.below(2 * NAMES as usize) as u64;
        match self.components.get_mut(&name) {
            Some(component) => {
                let choices = choices.place(name + 1..NAMES);
                if choices.below(8) == 7 {
                    *component = Node::random_element(choices, 2);
                } else {
                    component.change_within(choices);
                }
            }
            None => self.root.change(choices.place(0..NAMES)),
        }
    }

    fn html(&self, rendered: &Rendered, out: &mut String) {
        rendered.write_html_with(out, |placement, out| {
            self.html(&self.components[&name(placement)].render(), out);
        });
    }
}

fn name(placement: &Placement) -> u64 {
    *placement.downcast_ref().expect("a name")
}

type Placed = BTreeMap<u32, BTreeSet<u32>>;

/// What is placed by these that was not before, with all that stands in it.
fn placed_anew(placers: &[u32], before: &Placed, placed: &Placed) -> BTreeSet<u32> {
    let nothing = BTreeSet::new();
    let children = |placed: &Placed, placer: u32| placed.get(&placer).unwrap_or(&nothing).clone();
    let mut anew = BTreeSet::new();
    let mut left: Vec<u32> = (placers.iter())
        .flat_map(|placer| &children(placed, *placer) - &children(before, *placer))
        .collect();
    while let Some(cid) = left.pop() {
        if anew.insert(cid) {
            left.extend(children(placed, cid));
        }
    }
    anew
}

/// What a session keeps for one client.
#[derive(Default)]
struct Session {
    prints: Prints,
    cids: BTreeMap<u64, u32>,
    known: BTreeMap<u32, Prints>,
    last: u32,
    /// What the view (0) and its components placed in the last turn.
    placed: Placed,
}

impl Session {
    fn render(&mut self, node: &Node) -> Rendered {
        let mut rendered = node.render();
        rendered.set_cids(|placement| {
            *self.cids.entry(name(placement)).or_insert_with(|| {
                self.last += 1;
                self.last
            })
        });
        rendered
    }

    /// The messages from the last turn to this world: what changed in the view
    /// and what it places anew, and the components that changed.
    fn turn(&mut self, world: &World, choices: &mut Choices<'_>) -> Vec<String> {
        let mut root = self.render(&world.root);
        if !self.prints.fits(&root) {
            self.cids.clear();
            self.known.clear();
            self.placed.clear();
            root = self.render(&world.root);
        }
        let mut placed: Vec<(u32, Rendered)> = Vec::new();
        let mut names: Vec<u64> = root.placements().iter().map(name).collect();
        while let Some(name) = names.pop() {
            let cid = self.cids[&name];
            if placed.iter().all(|(known, _)| *known != cid) {
                let rendered = self.render(&world.components[&name]);
                names.extend(rendered.placements().iter().map(self::name));
                placed.push((cid, rendered));
            }
        }
        let first = choices.below(placed.len());
        placed.rotate_left(first);

        let cids = |rendered: &Rendered| {
            let cids = rendered.placements().iter();
            cids.map(|placement| self.cids[&name(placement)]).collect()
        };
        let mut after: Placed = BTreeMap::from([(0, cids(&root))]);
        after.extend(placed.iter().map(|(cid, rendered)| (*cid, cids(rendered))));
        let before = std::mem::take(&mut self.placed);
        let by_view = placed_anew(&[0], &before, &after);
        let shown: Vec<u32> = before.keys().copied().filter(|cid| *cid != 0).collect();
        let anew = &placed_anew(&shown, &before, &after) | &by_view;
        self.placed = after;

        let mut messages = [String::new(), String::new()];
        let [view, changes] = &mut messages;
        let mut message = Message::new(view);
        let view_changed = self.prints.diff(&root, &mut message);
        let mut known = Vec::new();
        let mut components = message.components();
        for (cid, rendered) in &placed {
            if view_changed && !by_view.contains(cid) {
                known.push((*cid, rendered));
            } else {
                self.component(*cid, rendered, &anew, &mut components, choices);
            }
        }
        drop(components);
        let _ = message.finish();
        let mut message = Message::new(changes);
        let mut components = message.components();
        for (cid, rendered) in known {
            self.component(cid, rendered, &anew, &mut components, choices);
        }
        drop(components);
        let _ = message.finish();
        messages
            .into_iter()
            .filter(|json| !json.is_empty())
            .collect()
    }

    /// One component, in one of the ways in which it can be sent.
    fn component(
        &mut self,
        cid: u32,
        rendered: &Rendered,
        anew: &BTreeSet<u32>,
        components: &mut Components<'_, '_>,
        choices: &mut Choices<'_>,
    ) {
        let base = choices.below(self.known.len());
        let base = self.known.iter().nth(base);
        let base = base.map(|(&cid, prints)| (cid, prints.clone()));
        let is_new = anew.contains(&cid);
        let prints = self.known.entry(cid).or_default();
        match (is_new, choices.below(8), base) {
            (true, 1.., Some((base_cid, base))) if base_cid != cid => {
                components.shared(cid, (base_cid, &base), rendered, prints);
            }
            (true, ..) | (false, 7, _) => components.full(cid, rendered, prints),
            (false, ..) => drop(components.diff(cid, rendered, prints)),
        }
    }

    /// The client destroyed these components.
    fn forget(&mut self, cids: &[u32]) {
        self.cids.retain(|_, cid| !cids.contains(cid));
        self.known.retain(|cid, _| !cids.contains(cid));
    }
}

fn a_client_shows_the_view_with_its_components(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let mut world = World::random(&mut choices);
    let mut session = Session::default();
    let join = session.turn(&world, &mut choices).concat();
    let mut replica = Replica::join(&join).unwrap_or_else(|error| panic!("{error}: {join}"));
    for turn in 0..8 {
        if turn > 0 {
            for _ in 0..=choices.below(4) {
                world.change(&mut choices);
            }
            let before = replica.html();
            for json in session.turn(&world, &mut choices) {
                (replica.apply(&json)).unwrap_or_else(|error| panic!("{error}: {before}: {json}"));
            }
        }
        let mut html = String::new();
        world.html(&world.root.render(), &mut html);
        assert_eq!(replica.html(), html);
        // Without choices, all that is known is sent as a diff.
        assert!(session.turn(&world, &mut Choices::new(&[])).is_empty());
        if choices.below(3) == 0 {
            let placed = replica.placed();
            let mut gone = replica.known();
            gone.retain(|cid| !placed.contains(cid));
            session.forget(&gone);
            replica.prune(gone);
        }
    }
}

proptest! {
    #[test]
    fn after_any_turns_a_client_shows_the_view_with_its_components(
        bytes in vec(any::<u8>(), 0..600),
    ) {
        a_client_shows_the_view_with_its_components(&bytes);
    }
}

static PAGE: Template = Template::fragment(&["<div>", "", "</div>"]);
static CARD: Template = Template::element(&["<b id=\"", "\">", "</b>"]);
static LIST: Template = Template::element(&["<ul>", "</ul>"]);
static ITEM: Template = Template::element(&["<li id=\"", "\">", "</li>"]);
static BADGE: Template = Template::element(&["<i>", "</i>"]);

fn text(writer: &mut Writer, value: &str) {
    let _: Filled = value.render(writer.place());
}

/// A page with two places: a text, or a component with this number.
fn page(places: [Result<u32, &str>; 2]) -> Rendered {
    let mut writer = Writer::new(&PAGE);
    for place in places {
        match place {
            Ok(cid) => drop(writer.place().component(Placement::new(cid))),
            Err(html) => text(&mut writer, html),
        }
    }
    let mut page = writer.finish();
    page.set_cids(|placement| *placement.downcast_ref().expect("a number"));
    page
}

fn card(id: &str, badge: Option<&str>) -> Rendered {
    let mut writer = Writer::new(&CARD);
    text(&mut writer, id);
    match badge {
        Some(badge) => {
            let mark = writer.open(&BADGE);
            text(&mut writer, badge);
            writer.close(mark);
        }
        None => writer.empty(),
    }
    writer.finish()
}

fn list(items: &[(&str, Option<&str>)]) -> Rendered {
    let mut writer = Writer::new(&LIST);
    let mut list = writer.open_list(&ITEM);
    for (id, badge) in items {
        writer.entry_by_position(&mut list);
        text(&mut writer, id);
        match badge {
            Some(_) => drop(card(id, *badge).render(writer.place())),
            None => writer.empty(),
        }
    }
    writer.close_list(list);
    writer.finish()
}

fn stream(items: &Stream<u32>) -> Rendered {
    let mut writer = Writer::new(&LIST);
    let mut items = items.into_iter();
    let mut list = writer.open_list(&ITEM);
    Iterated(&mut items).mark(&mut writer, &mut list, Stand::<true, true>);
    for (id, cid) in items {
        writer.entry_by_position(&mut list);
        text(&mut writer, &id);
        let _: Filled = writer.place().component(Placement::new(cid));
    }
    writer.close_list(list);
    let mut rendered = writer.finish();
    rendered.set_cids(|placement| *placement.downcast_ref().expect("a number"));
    rendered
}

/// A client, and the prints of a view and three components.
#[derive(Default)]
struct Client {
    view: Prints,
    components: [Prints; 3],
    replica: Option<Replica>,
}

impl Client {
    /// Sends a page and components, and compares the message and the HTML.
    #[track_caller]
    fn check(
        &mut self,
        page: &Rendered,
        write: impl FnOnce(&mut Components<'_, '_>, &mut [Prints; 3]),
        expected: &str,
        html: &str,
    ) {
        let mut json = String::new();
        let mut message = Message::new(&mut json);
        self.view.diff(page, &mut message);
        write(&mut message.components(), &mut self.components);
        let _ = message.finish();
        assert_eq!(json, expected);
        match &mut self.replica {
            Some(replica) => replica.apply(&json).expect("a diff"),
            None => self.replica = Some(Replica::join(&json).expect("a tree")),
        }
        assert_eq!(
            self.replica.as_ref().map(Replica::html).as_deref(),
            Some(html)
        );
    }
}

#[test]
fn components_come_share_change_and_go() {
    let mut client = Client::default();
    client.check(
        &page([Ok(1), Ok(2)]),
        |components, [one, two, _]| {
            components.full(1, &card("one", Some("a")), one);
            components.shared(2, (1, one), &card("two", Some("b")), two);
        },
        r#"{"0":1,"1":2,"s":0,"p":{"0":["<div>","","</div>"]},"c":{"1":{"0":"one","1":{"0":"a","s":["<i>","</i>"],"r":1},"s":["<b id=\"","\">","</b>"],"r":1},"2":{"0":"two","1":{"0":"b"},"s":1}}}"#,
        r#"<div><b id="one"><i>a</i></b><b id="two"><i>b</i></b></div>"#,
    );
    client.check(
        &page([Ok(1), Ok(2)]),
        |components, [one, two, _]| {
            assert!(!components.diff(1, &card("one", Some("a")), one));
            assert!(components.diff(2, &card("TWO", None), two));
        },
        r#"{"c":{"2":{"0":"TWO","1":""}}}"#,
        r#"<div><b id="one"><i>a</i></b><b id="TWO"></b></div>"#,
    );
    client.check(
        &page([Ok(3), Err("")]),
        |components, [one, _, three]| {
            components.shared(3, (1, one), &card("three", Some("c")), three);
        },
        r#"{"0":3,"1":"","c":{"3":{"0":"three","1":{"0":"c"},"s":-1}}}"#,
        r#"<div><b id="three"><i>c</i></b></div>"#,
    );
    client.check(
        &page([Ok(2), Ok(3)]),
        |components, [_, two, three]| {
            // The same template, but for what the other one has not.
            components.full(3, &list(&[]), three);
            components.shared(2, (3, three), &card("2", None), two);
        },
        r#"{"0":2,"1":3,"c":{"3":{"0":"","s":["<ul>","</ul>"],"r":1},"2":{"0":"2","1":"","s":["<b id=\"","\">","</b>"],"r":1}}}"#,
        r#"<div><b id="2"></b><ul></ul></div>"#,
    );
}

#[test]
fn a_list_in_a_component_has_a_table_for_its_entries() {
    let mut client = Client::default();
    client.check(
        &page([Ok(1), Ok(2)]),
        |components, [one, two, _]| {
            components.full(1, &list(&[("a", Some("A")), ("b", None)]), one);
            components.shared(2, (1, one), &list(&[("c", None), ("d", Some("D"))]), two);
        },
        r#"{"0":1,"1":2,"s":0,"p":{"0":["<div>","","</div>"]},"c":{"1":{"0":{"k":{"0":{"0":"a","1":{"0":"a","1":{"0":"A","s":0,"r":1},"s":1,"r":1}},"1":{"0":"b","1":""},"kc":2},"s":["<li id=\"","\">","</li>"],"p":{"0":["<i>","</i>"],"1":["<b id=\"","\">","</b>"]}},"s":["<ul>","</ul>"],"r":1},"2":{"0":{"k":{"0":{"0":"c","1":""},"1":{"0":"d","1":{"0":"d","1":{"0":"D","s":0,"r":1},"s":1,"r":1}},"kc":2},"p":{"0":["<i>","</i>"],"1":["<b id=\"","\">","</b>"]}},"s":1}}}"#,
        r#"<div><ul><li id="a"><b id="a"><i>A</i></b></li><li id="b"></li></ul><ul><li id="c"></li><li id="d"><b id="d"><i>D</i></b></li></ul></div>"#,
    );
    client.check(
        &page([Ok(1), Ok(2)]),
        |components, [one, two, _]| {
            components.diff(1, &list(&[("a", Some("A"))]), one);
            components.diff(2, &list(&[("c", Some("C")), ("d", None)]), two);
        },
        r#"{"c":{"1":{"0":{"k":{"kc":1}}},"2":{"0":{"k":{"0":{"1":{"0":"c","1":{"0":"C","s":0,"r":1},"s":1,"r":1}},"1":{"1":""},"kc":2},"p":{"0":["<i>","</i>"],"1":["<b id=\"","\">","</b>"]}}}}}"#,
        r#"<div><ul><li id="a"><b id="a"><i>A</i></b></li></ul><ul><li id="c"><b id="c"><i>C</i></b></li><li id="d"></li></ul></div>"#,
    );
}

#[test]
fn streams_in_components_hold_components() {
    let mut client = Client::default();
    let [mut left, mut right] = [(); 2].map(|()| Stream::new(|cid: &u32| format!("i{cid}")));
    left.push(3);
    let page = page([Ok(1), Ok(2)]);
    let mut html = |write: &mut dyn FnMut(&mut Components<'_, '_>, &mut [Prints; 3])| {
        let mut json = String::new();
        let mut message = Message::new(&mut json);
        client.view.diff(&page, &mut message);
        write(&mut message.components(), &mut client.components);
        assert!(message.finish());
        match &mut client.replica {
            Some(replica) => replica.apply(&json).expect("a diff"),
            None => client.replica = Some(Replica::join(&json).expect("a tree")),
        }
        client.replica.as_ref().map(Replica::html).expect("a page")
    };
    assert_eq!(
        html(&mut |components, [one, two, three]| {
            components.full(1, &stream(&left), one);
            components.shared(2, (1, one), &stream(&right), two);
            components.full(3, &card("x", None), three);
        }),
        r#"<div><ul><li id="i3"><b id="x"></b></li></ul><ul></ul></div>"#
    );
    right.push(3);
    left.remove(&3);
    assert_eq!(
        html(&mut |components, [one, two, three]| {
            assert!(components.diff(1, &stream(&left), one));
            assert!(components.diff(2, &stream(&right), two));
            assert!(components.diff(3, &card("y", None), three));
        }),
        r#"<div><ul></ul><ul><li id="i3"><b id="y"></b></li></ul></div>"#
    );
    // What a stream placed stays, though no render places it again.
    assert_eq!(
        html(&mut |components, [one, two, three]| {
            assert!(!components.diff(1, &stream(&left), one));
            assert!(!components.diff(2, &stream(&right), two));
            assert!(components.diff(3, &card("z", None), three));
        }),
        r#"<div><ul></ul><ul><li id="i3"><b id="z"></b></li></ul></div>"#
    );
}

#[test]
fn a_component_without_a_number_shows_nothing() {
    let mut writer = Writer::new(&PAGE);
    let _: Filled = writer.place().component(Placement::new(()));
    let _: Filled = writer.inline().component(Placement::new(()));
    writer.end_text();
    let mut rendered = writer.finish();
    assert_eq!(rendered.placements().len(), 1);
    assert_eq!(rendered.to_html(), "<div></div>");

    let (mut prints, mut json) = (Prints::default(), String::new());
    let mut message = Message::new(&mut json);
    prints.diff(&rendered, &mut message);
    let _ = message.finish();
    assert_eq!(
        json,
        r#"{"0":"","1":"","s":0,"p":{"0":["<div>","","</div>"]}}"#
    );
    rendered.set_cids(|_| 7);
    json.clear();
    let mut message = Message::new(&mut json);
    prints.diff(&rendered, &mut message);
    drop(message.components());
    let _ = message.finish();
    assert_eq!(json, r#"{"0":7}"#);
}

#[test]
fn placements_are_told_in_document_order() {
    let place = |number: u32| page([Ok(number), Ok(number + 1)]);
    let mut writer = Writer::new(&PAGE);
    let _: Filled = place(10).render(writer.place());
    let _: Filled = place(20).render(writer.place());
    let rendered = writer.finish();
    let numbers: Vec<u32> = (rendered.placements().iter())
        .filter_map(|placement| placement.downcast_ref().copied())
        .collect();
    assert_eq!(numbers, [10, 11, 20, 21]);
    assert!(!rendered.is_element());
    assert!(card("", None).is_element());
    let mut html = String::new();
    rendered.write_html_with(&mut html, |placement, out| {
        *out += &format!("[{}]", placement.downcast_ref::<u32>().expect("a number"));
    });
    assert_eq!(html, "<div><div>[10][11]</div><div>[20][21]</div></div>");
}
