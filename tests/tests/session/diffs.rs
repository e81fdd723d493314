//! What a client shows after any series of turns is what a new visitor is
//! shown; and some diffs exactly (`protocol.md §4.4–4.5`).

use std::sync::{Arc, Mutex};

use axum::routing::get;
use axum::{Extension, Router};
use bennu::{Event, LiveView, Never, Rendered, Result, Socket, html, live};
use bennu_tests::Live;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::stage::{Stage, bennu};

/// What the board shows; all its visitors share it.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<(u32, String)>>>);

#[derive(Clone, Debug, Event)]
enum Edit {
    Insert { at: usize, id: u32, text: String },
    Remove { at: usize },
    Move { from: usize, to: usize },
    Change { at: usize, text: String },
    Clear,
}

struct Board(Notes);

impl LiveView for Board {
    type Params = Extension<Notes>;
    type Event = Edit;
    type Info = Never;

    async fn mount(Extension(notes): &Self::Params, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self(notes.clone()))
    }

    async fn handle_event(&mut self, edit: Edit, _: &mut Socket<Self>) -> Result {
        let mut notes = self.0.0.lock().unwrap();
        let length = notes.len();
        match edit {
            Edit::Insert { at, id, text } => notes.insert(at.min(length), (id, text)),
            Edit::Remove { at } if at < length => drop(notes.remove(at)),
            Edit::Move { from, to } if from < length && to < length => {
                let note = notes.remove(from);
                notes.insert(to, note);
            }
            Edit::Change { at, text } if at < length => notes[at].1 = text,
            Edit::Clear => notes.clear(),
            _ => {}
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let notes = self.0.0.lock().unwrap().clone();
        html! {
            @if notes.is_empty() { p { "nothing" } } @else { b { (notes.len()) } }
            ul {
                @for (id, text) in &notes key=(id) {
                    li id=(id) {
                        @match text.as_str() {
                            "" => i { "empty" }
                            "a" | "b" => { (text) "!" }
                            other => { @for part in other.split(' ') { u { (part) } } }
                        }
                    }
                }
            }
        }
    }
}

fn board() -> Stage {
    let routes = Router::new()
        .route("/", get(live::<Board>()))
        .layer(Extension(Notes::default()));
    Stage::of(bennu(), routes)
}

async fn edit(live: &mut Live, event: &str, value: Value) -> Value {
    live.click(event, value).await["diff"].clone()
}

fn insert(at: usize, id: u32, text: &str) -> Value {
    json!({"at": at, "id": id, "text": text})
}

#[tokio::test(start_paused = true)]
async fn a_list_sends_what_changed_and_moves() {
    let mut live = board().visit("/").await;
    for (at, text) in ["a", "b", "a"].into_iter().enumerate() {
        edit(
            &mut live,
            "insert",
            insert(at, 10 + u32::try_from(at).unwrap(), text),
        )
        .await;
    }
    // Unmoved entries are left out, and so is what did not change in the others.
    let changed = edit(&mut live, "change", json!({"at": 1, "text": "a"})).await;
    assert_eq!(changed.as_object().unwrap().len(), 1, "{changed}");
    let list = changed["1"]["k"].as_object().unwrap();
    assert_eq!((list.len(), &list["kc"]), (2, &json!(3)), "{changed}");
    assert!(list.contains_key("1"), "{changed}");

    let moved = edit(&mut live, "move", json!({"from": 0, "to": 2})).await;
    assert_eq!(
        moved,
        json!({"1": {"k": {"0": 1, "1": 2, "2": 0, "kc": 3, "km": true}}})
    );

    let removed = edit(&mut live, "remove", json!({"at": 0})).await;
    assert_eq!(removed["0"], json!({"0": "2"}), "the count");
    assert_eq!(
        removed["1"],
        json!({"k": {"0": 1, "1": 2, "kc": 2, "km": true}})
    );

    let cleared = edit(&mut live, "clear", json!({})).await;
    assert_eq!(cleared["1"], json!({"k": {"kc": 0}}));
    assert_eq!(live.html(), "<p>nothing</p><ul></ul>");
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let text = || prop::sample::select(vec!["", "a", "b", "c", "c d", "d c", "<&\"'>"]);
    let at = || 0..6_usize;
    prop_oneof![
        // Ids meet now and then: equal keys are no reason to fail.
        4 => (at(), 0..12_u32, text())
            .prop_map(|(at, id, text)| Edit::Insert { at, id, text: text.to_owned() }),
        2 => at().prop_map(|at| Edit::Remove { at }),
        3 => (at(), at()).prop_map(|(from, to)| Edit::Move { from, to }),
        3 => (at(), text()).prop_map(|(at, text)| Edit::Change { at, text: text.to_owned() }),
        1 => Just(Edit::Clear),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_page_that_followed_all_edits_shows_what_a_new_visitor_sees(
        edits in prop::collection::vec(any_edit(), 1..30)
    ) {
        crate::random::on_paused_time(async {
            let stage = board();
            let mut live = stage.visit("/").await;
            for edit in edits {
                let (event, value) = match edit {
                    Edit::Insert { at, id, text } => ("insert", insert(at, id, &text)),
                    Edit::Remove { at } => ("remove", json!({ "at": at })),
                    Edit::Move { from, to } => ("move", json!({ "from": from, "to": to })),
                    Edit::Change { at, text } => ("change", json!({ "at": at, "text": text })),
                    Edit::Clear => ("clear", json!({})),
                };
                live.click(event, value).await;
                let new = stage.visit("/").await;
                assert_eq!(live.html(), new.page.content());
                assert_eq!(live.html(), new.html());
            }
        });
    }
}
