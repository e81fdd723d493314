//! What no template and no client bring about: broken tapes, and prints of
//! something else. Nothing panics, and all readers agree.

use bennu_replica::Replica;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::__private::Writer;
use crate::prints::Prints;
use crate::tape::{List, MAX_DEPTH, NO_STREAM, Run, Slot, Tape};
use crate::wire::Message;
use crate::{Render, Rendered, Template};

static TEMPLATES: [Template; 4] = [
    Template::fragment(&["<p>", "</p>", "!"]),
    Template::element(&["<i>", "</i>"]),
    Template::fragment(&["plain"]),
    Template::fragment(&["", "-", "-", ""]),
];

fn slot() -> impl Strategy<Value = Slot> {
    prop_oneof![
        4 => (0..12_u32).prop_map(Slot::Text),
        1 => (0..12_u32).prop_map(Slot::LongText),
        2 => (0..6_u32).prop_map(Slot::Node),
        2 => (0..6_u32).prop_map(Slot::List),
        3 => (0..6_u32).prop_map(Slot::Entry),
        1 => (0..3_u32).prop_map(Slot::Kept),
        1 => (0..6_u32).prop_map(Slot::Component),
    ]
}

/// Any tape, with a template that it does not fit.
fn rendered() -> impl Strategy<Value = Rendered> {
    let slots = vec(slot(), 0..24);
    (slots, vec((0..4_usize, 0..5_u32), 5), 0..4_usize).prop_map(|(slots, lists, root)| {
        let tape = Tape {
            text: "abcdéf<g>".to_owned(),
            slots,
            nodes: lists.iter().map(|&(at, _)| &TEMPLATES[at]).collect(),
            lists: (lists.iter())
                .map(|&(at, entries)| List {
                    template: &TEMPLATES[at],
                    entries,
                    flat: entries == 3,
                    stream: if entries == 4 { 3 } else { NO_STREAM },
                    memo: entries == 2,
                    known: 0,
                })
                .collect(),
            keys: vec![1, 2, 2, 3, 0],
            kept: vec![Run { from: 0, count: 1 }, Run { from: 1, count: 2 }],
            streams: Vec::new(),
            placements: Vec::new(),
            cids: Vec::new(),
            depth: 0,
            restless: 0,
        };
        Rendered::from_tape(&TEMPLATES[root], tape)
    })
}

fn diff(prints: &mut Prints, rendered: &Rendered) -> String {
    let mut json = String::new();
    let mut message = Message::new(&mut json);
    prints.diff(rendered, &mut message);
    let _ = message.finish();
    json
}

/// Words that look like headers, fingerprints and counts.
fn word() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        0..40_u64,
        (0..4_usize).prop_map(|at| TEMPLATES[at].fingerprint()),
    ]
}

proptest! {
    #[test]
    fn broken_tapes_are_read_alike(one in rendered(), other in rendered()) {
        let mut prints = Prints::default();
        let mut replica = Replica::join(&diff(&mut prints, &one)).unwrap();
        prop_assert_eq!(replica.html(), one.to_html());
        for rendered in [&other, &one] {
            let json = diff(&mut prints, rendered);
            if !json.is_empty() {
                replica.apply(&json).unwrap();
            }
            prop_assert_eq!(replica.html(), rendered.to_html(), "{}", json);
            prop_assert_eq!(diff(&mut prints, rendered), "");
        }
    }

    #[test]
    fn prints_of_something_else_never_panic(
        rendered in rendered(),
        mut words in vec(word(), 0..30),
        known in any::<bool>(),
    ) {
        if let (true, Some(first)) = (known, words.first_mut()) {
            *first = rendered.template().fingerprint();
        }
        let mut prints = Prints::from_words(words);
        diff(&mut prints, &rendered);
        diff(&mut prints, &rendered);
    }
}

#[test]
fn trees_that_nest_too_deep_become_text() {
    let mut rendered = Writer::new(&TEMPLATES[2]).finish();
    for _ in 0..3 * MAX_DEPTH {
        let mut writer = Writer::new(&TEMPLATES[0]);
        let _ = "<".render(writer.place());
        let _ = rendered.render(writer.place());
        rendered = writer.finish();
        assert!(rendered.tape().depth <= MAX_DEPTH);
    }
    let html = rendered.to_html();
    assert_eq!(html.matches("<p>").count(), 300);
    let mut prints = Prints::default();
    let replica = Replica::join(&diff(&mut prints, &rendered)).expect("a tree");
    assert_eq!(replica.html(), html);
}
