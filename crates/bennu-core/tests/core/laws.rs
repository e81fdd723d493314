//! The laws of the design, for random trees and random changes.

use bennu_core::wire::Extensions;
use bennu_core::{__private::Writer, Filled, Render};
use bennu_replica::Replica;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use crate::tree::{Choices, Node, Tree, diff, extended_diff, extended_join, join, template};

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..400)
}

/// Renders a random tree and random changes of it, and holds a client against
/// each.
fn a_client_shows_what_was_rendered(bytes: &[u8], extensions: Extensions) {
    let mut choices = Choices::new(bytes);
    let mut tree = Node::random(&mut choices, 4);
    let rendered = tree.render();
    let (mut prints, json) = extended_join(&rendered, extensions);
    let mut replica = Replica::join(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(replica.html(), rendered.to_html(), "{json}");

    for _ in 0..8 {
        for _ in 0..=choices.below(4) {
            tree.change(&mut choices);
        }
        let rendered = prints.render(|| tree.render());
        let before = replica.html();
        let json = extended_diff(&mut prints, &rendered, extensions);
        if let Some(json) = &json {
            (replica.apply(json)).unwrap_or_else(|error| panic!("{error}: {before}: {json}"));
        }
        assert_eq!(
            replica.html(),
            tree.render().to_html(),
            "{before}: {json:?}"
        );
        let again = prints.render(|| tree.render());
        let again = extended_diff(&mut prints, &again, extensions);
        assert_eq!(again, None, "the same again");
        let again = extended_diff(&mut prints, &tree.render(), extensions);
        assert_eq!(again, None, "without memos");
    }
}

/// Changes texts and nothing else; a changed text is sent once and no other.
fn equal_texts_are_not_sent(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let before = Node::random(&mut choices, 4);
    let mut after = before.clone();
    let changed = change_texts(&mut after.dynamics, &mut choices);
    let (mut prints, _) = join(&before.render());
    let sent = diff(&mut prints, &after.render()).map_or(0, |json| {
        count_strings(&serde_json::from_str(&json).expect("what we write is JSON"))
    });
    assert_eq!(sent, changed, "{before:?} {after:?}");
}

fn change_texts(dynamics: &mut [Tree], choices: &mut Choices<'_>) -> usize {
    let mut changed = 0;
    for dynamic in dynamics {
        changed += match dynamic {
            Tree::Text(_) if choices.below(3) > 0 => 0,
            Tree::Text(text) => {
                text.push('!');
                1
            }
            Tree::Component(_) => 0,
            Tree::Node(node) => change_texts(&mut node.dynamics, choices),
            Tree::List { entries, .. } => (entries.iter_mut())
                .map(|(_, dynamics)| change_texts(dynamics, choices))
                .sum(),
        };
    }
    changed
}

fn count_strings(json: &Value) -> usize {
    match json {
        Value::String(_) => 1,
        Value::Array(items) => items.iter().map(count_strings).sum(),
        Value::Object(members) => members.values().map(count_strings).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

proptest! {
    #[test]
    fn after_any_changes_a_client_shows_what_was_rendered(bytes in bytes()) {
        a_client_shows_what_was_rendered(&bytes, Extensions::default());
    }

    #[test]
    fn a_client_with_extensions_shows_the_same(bytes in bytes()) {
        a_client_shows_what_was_rendered(&bytes, Extensions::of(["moves", "splices"]));
    }

    #[test]
    fn a_text_that_stays_equal_is_not_sent(bytes in bytes()) {
        equal_texts_are_not_sent(&bytes);
    }

    #[test]
    fn any_tree_can_replace_any_other(one in bytes(), other in bytes()) {
        let one = Node::random(&mut Choices::new(&one), 3).render();
        let other = Node::random(&mut Choices::new(&other), 3).render();
        let (mut prints, json) = join(&one);
        let mut replica = Replica::join(&json).unwrap();
        for rendered in [&other, &one, &other] {
            if let Some(json) = diff(&mut prints, rendered) {
                replica.apply(&json).unwrap();
            }
            prop_assert_eq!(replica.html(), rendered.to_html());
        }
    }

    #[test]
    fn each_tag_begins_in_a_piece_of_the_markup(bytes in bytes()) {
        let rendered = Node::random(&mut Choices::new(&bytes), 4).render();
        let html = rendered.to_html();
        for (at, _) in html.match_indices('<') {
            let tag = html[at..].split_inclusive([' ', '>']).next().unwrap_or_default();
            prop_assert!(rendered.markup().any(|piece| piece.contains(tag)), "{tag} of {html}");
        }
    }

    #[test]
    fn templates_have_equal_fingerprints_exactly_if_their_statics_are_equal(
        one in vec("[ab]{0,2}", 1..4),
        other in vec("[ab]{0,2}", 1..4),
    ) {
        let fingerprint = |statics: &Vec<String>| template(statics, false).fingerprint();
        prop_assert_eq!(fingerprint(&one) == fingerprint(&other), one == other);
    }

    #[test]
    fn text_stays_text(texts in vec(any::<String>(), 2)) {
        let template = Box::leak(Box::new(template(&["{", "\" \"", "}"], false)));
        let mut writer = Writer::new(template);
        for text in &texts {
            let _: Filled = text.render(writer.place());
        }
        let html = writer.finish().to_html();
        prop_assert!(!html.contains(['<', '>']));
        prop_assert_eq!(html.matches('"').count(), 2);
        let read = html.replace("&lt;", "<").replace("&gt;", ">")
            .replace("&quot;", "\"").replace("&amp;", "&");
        prop_assert_eq!(read, format!("{{{}\" \"{}}}", texts[0], texts[1]));
    }
}
