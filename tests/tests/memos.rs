//! `memo` on `@for`, and `@memo`: which bodies run, and that nothing else
//! differs.

use std::cell::{Cell, RefCell};

use bennu::{Rendered, Stream, html};
use bennu_core::wire::Message;
use bennu_core::{Filled, Place, Prints, Render};
use bennu_replica::Replica;

/// A view and what its client shows.
#[derive(Default)]
struct Client {
    prints: Prints,
    replica: Option<Replica>,
}

impl Client {
    /// Sends a render; returns the message and what the client shows then.
    fn show(&mut self, render: impl Fn() -> Rendered) -> (String, String) {
        let rendered = self.prints.render(&render);
        let mut json = String::new();
        let mut message = Message::new(&mut json);
        self.prints.diff(&rendered, &mut message);
        let sent = message.finish();
        match &mut self.replica {
            Some(replica) if sent => replica.apply(&json).expect("a diff"),
            Some(_) => {}
            None => self.replica = Some(Replica::join(&json).expect("a tree")),
        }
        (json, self.replica.as_ref().expect("joined").html())
    }
}

#[derive(Clone)]
struct Row {
    id: u32,
    name: &'static str,
    version: u32,
}

fn rows(names: &[&'static str]) -> Vec<Row> {
    (0..)
        .zip(names)
        .map(|(id, name)| Row {
            id,
            name,
            version: 0,
        })
        .collect()
}

/// Counts a run of a body.
fn count(runs: &Cell<u32>) -> &'static str {
    runs.set(runs.get() + 1);
    ""
}

/// The ids of the rows whose bodies ran.
#[derive(Default)]
struct Log(RefCell<Vec<u32>>);

impl Log {
    fn note(&self, id: u32) -> &'static str {
        self.0.borrow_mut().push(id);
        ""
    }

    fn take(&self) -> Vec<u32> {
        self.0.take()
    }
}

fn list(rows: &[Row], log: &Log) -> Rendered {
    html! {
        ul {
            @for row in rows key=(row.id) memo=(row.version) {
                li { (row.name) (log.note(row.id)) @if row.version > 1 { b { (row.version) } } }
            }
        }
    }
}

#[test]
fn a_dead_page_shows_everything() {
    let page = html! {
        @for n in 1..3 memo=(n) { p { (n) } }
        @memo (1, "x") { p { "a" } }
        @memo 2 { "b" }
        @for n in 1..4 key=(n) memo=(n) { @let n = if n == 3 { break } else { n }; (n) }
    };
    assert_eq!(page.to_html(), "<p>1</p><p>2</p><p>a</p>b12");
}

#[test]
fn only_bodies_run_whose_memo_changed() {
    let (mut client, log) = (Client::default(), Log::default());
    let mut all = rows(&["a", "b", "c", "d"]);
    client.show(|| list(&all, &log));
    assert_eq!(log.take(), [0, 1, 2, 3]);
    let (json, _) = client.show(|| list(&all, &log));
    assert_eq!((json.as_str(), log.take()), ("", vec![]));

    all[2].version = 1;
    all[2].name = "C";
    let (json, html) = client.show(|| list(&all, &log));
    assert_eq!(log.take(), [2]);
    assert_eq!(json, r#"{"0":{"k":{"2":{"0":"C"},"kc":4}}}"#);
    assert_eq!(html, "<ul><li>a</li><li>b</li><li>C</li><li>d</li></ul>");

    // Also after the shape of one changed.
    all[1].version = 2;
    client.show(|| list(&all, &log));
    assert_eq!(log.take(), [1]);
    all[3].version = 1;
    let (_, html) = client.show(|| list(&all, &log));
    assert_eq!(log.take(), [3]);
    assert_eq!(
        html,
        "<ul><li>a</li><li>b<b>2</b></li><li>C</li><li>d</li></ul>"
    );
}

#[test]
fn bodies_need_not_run_to_move_come_or_go() {
    let (mut client, log) = (Client::default(), Log::default());
    let mut all = rows(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"]);
    client.show(|| list(&all, &log));
    log.take();
    let mut show = |all: &[Row]| {
        let (_, html) = client.show(|| list(all, &log));
        let ran = log.take();
        assert_eq!(html, list(all, &log).to_html());
        log.take();
        ran
    };
    all.remove(3);
    assert_eq!(show(&all), [0; 0]);
    let new = Row {
        id: 100,
        name: "new",
        version: 0,
    };
    all.insert(0, new);
    assert_eq!(show(&all), [100]);
    // A few that went far are not worth a table.
    all.rotate_left(1);
    assert_eq!(show(&all), [100]);
    all.reverse();
    assert!(show(&all).len() <= 4);
    all.push(all[0].clone());
    assert_eq!(show(&all).len(), 1, "an entry is kept once");
}

#[test]
fn a_wrong_memo_shows_what_was_there() {
    let (mut client, log) = (Client::default(), Log::default());
    let mut all = rows(&["a", "b"]);
    client.show(|| list(&all, &log));
    all[0].name = "A";
    let (_, html) = client.show(|| list(&all, &log));
    assert_eq!(html, "<ul><li>a</li><li>b</li></ul>");
    all[0].version = 1;
    let (_, html) = client.show(|| list(&all, &log));
    assert_eq!(html, "<ul><li>A</li><li>b</li></ul>");
}

#[test]
fn parts_in_other_templates_and_in_rows_are_found_again() {
    let runs = Cell::new(0);
    let part = |version: u32| {
        html! { @memo version { i { (count(&runs)) (version) } } }
    };
    let page = |versions: &[u32], before: bool| {
        html! {
            @if before { (part(7)) }
            @for (row, version) in versions.iter().enumerate() key=(row) { p { (part(*version)) } }
        }
    };
    let mut client = Client::default();
    client.show(|| page(&[1, 2, 3], true));
    assert_eq!(runs.take(), 4);
    client.show(|| page(&[1, 2, 3], true));
    assert_eq!(runs.take(), 0);
    let (_, html) = client.show(|| page(&[1, 5, 3], true));
    assert_eq!(runs.take(), 1);
    assert_eq!(html, page(&[1, 5, 3], true).to_html());
    runs.set(0);
    let (_, html) = client.show(|| page(&[1, 5, 3], false));
    assert_eq!(html, page(&[1, 5, 3], false).to_html());
}

#[test]
fn a_part_that_turns_up_elsewhere_is_rendered_and_streams_lose_nothing() {
    let mut names = Stream::new(|name: &&str| (*name).to_owned());
    let page = |names: &Stream<&'static str>, boxed: bool| {
        let part = html! { @memo 1 { b { "part" } } };
        html! {
            @if boxed { div { (part) } } @else { (part) }
            ul #names phx-update="stream" {
                @for (id, name) in names { li #(id) { (name) } }
            }
        }
    };
    let mut client = Client::default();
    names.extend(["a", "b"]);
    client.show(|| page(&names, false));
    for (boxed, name) in [(true, "c"), (false, "d"), (false, "e")] {
        names.push(name);
        client.show(|| page(&names, boxed));
    }
    let (_, html) = client.show(|| page(&names, false));
    assert_eq!(
        html,
        r#"<b>part</b><ul id="names" phx-update="stream"><li id="a">a</li><li id="b">b</li><li id="c">c</li><li id="d">d</li><li id="e">e</li></ul>"#
    );
}

#[test]
fn what_has_to_be_rendered_each_time_is() {
    struct Restless<'r>(&'r Cell<u32>);
    impl Render for Restless<'_> {
        fn render(&self, place: Place<'_>) -> Filled {
            place.restless().display(count(self.0))
        }
    }
    let runs = Cell::new(0);
    let page = |restless: bool| {
        html! { @memo restless { @if restless { (Restless(&runs)) } @else { "still" } } }
    };
    let mut client = Client::default();
    for restless in [false, true, true, false, false] {
        client.show(|| page(restless));
    }
    assert_eq!(runs.get(), 2);
}

#[test]
fn a_memo_is_none_for_another_body_of_the_same_fixed_parts() {
    let page = |is_long: bool| {
        if is_long {
            html! { @memo 7 { p { "name: " (String::from("Adaeze")) } } }
        } else {
            html! { @memo 7 { p { "name: " (String::from("Ada")) } } }
        }
    };
    let mut client = Client::default();
    for is_long in [false, true, false] {
        let (_, html) = client.show(|| page(is_long));
        assert_eq!(html, page(is_long).to_html());
    }
}

#[test]
fn a_template_that_ends_early_leaves_the_next_render_alone() {
    let (mut client, log) = (Client::default(), Log::default());
    let all = rows(&["a", "b"]);
    let page = |fail: bool| {
        let broken =
            (|| Some(html! { @for n in 0..3 memo=(fail) { (if fail { None? } else { n }) } }))();
        html! { (broken) (list(&all, &log)) }
    };
    client.show(|| page(false));
    log.take();
    for fail in [true, true, false] {
        let (_, html) = client.show(|| page(fail));
        assert_eq!(html, page(fail).to_html());
    }
}
