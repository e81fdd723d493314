//! Long lists: what a change of order costs, and equal keys.

use bennu_core::Prints;
use bennu_core::wire::Extensions;
use bennu_replica::Replica;
use proptest::prelude::*;

use crate::tree::{Node, Tree, diff, extended_diff, join};

/// A list of entries with one text each, which is its key.
fn list(keys: impl IntoIterator<Item = u64>) -> Node {
    Node {
        template: 1,
        dynamics: vec![Tree::List {
            memo: false,
            template: 6,
            entries: (keys.into_iter())
                .map(|key| (key, vec![Tree::Text(key.to_string())]))
                .collect(),
        }],
    }
}

/// The list's `k` in the diff from one list to another.
fn entries(before: &Node, after: &Node) -> String {
    extended_entries(before, after, Extensions::default())
}

fn extended_entries(before: &Node, after: &Node, extensions: Extensions) -> String {
    let (mut prints, json) = join(&before.render());
    let mut replica = Replica::join(&json).expect("a tree");
    let json = extended_diff(&mut prints, &after.render(), extensions).unwrap_or_default();
    replica.apply(&json).expect("a diff");
    assert_eq!(replica.html(), after.render().to_html());
    json.strip_prefix(r#"{"0":{"k":{"#)
        .and_then(|json| json.strip_suffix("}}}"))
        .unwrap_or(&json)
        .to_owned()
}

#[test]
fn swapped_entries_are_two_numbers() {
    let swapped = (0..1000).map(|key| match key {
        1 => 998,
        998 => 1,
        key => key,
    });
    assert_eq!(
        entries(&list(0..1000), &list(swapped)),
        r#""1":998,"998":1,"kc":1000,"km":true"#
    );
}

/// The same change in the compact form of moves.
fn compact(before: impl IntoIterator<Item = u64>, after: impl IntoIterator<Item = u64>) -> String {
    extended_entries(&list(before), &list(after), Extensions::of(["moves"]))
}

#[test]
fn in_the_compact_form_an_order_is_as_long_as_its_change() {
    assert_eq!(
        compact(0..1000, [7000].into_iter().chain(0..1000)),
        r#""0":{"0":"7000"},"ko":[-1,1,0,1000]"#
    );
    assert_eq!(
        compact(0..1000, (0..500).chain(501..1000)),
        r#""ko":[0,500,501,499]"#
    );
    assert_eq!(
        compact(0..1000, (10..1000).chain(0..10)),
        r#""ko":[10,990,0,10]"#
    );
    assert_eq!(compact(0..3, 0..4), r#""3":{"0":"3"},"kc":4"#);
}

#[test]
fn the_compact_form_tells_a_new_entry_from_a_changed_one() {
    assert_eq!(
        compact([0, 1, 2], [5, 1, 2]),
        r#""0":{"0":"5"},"ko":[-1,1,1,2]"#
    );
    assert_eq!(
        compact([0, 1], [5, 6, 7]),
        r#""0":{"0":"5"},"1":{"0":"6"},"2":{"0":"7"},"ko":[-1,3]"#
    );
    assert_eq!(
        compact([0, 1, 2], [0, 5]),
        r#""1":{"0":"5"},"ko":[0,1,-1,1]"#
    );
}

#[test]
fn appended_and_cut_off_entries_move_nothing() {
    assert_eq!(entries(&list(0..3), &list(0..4)), r#""3":{"0":"3"},"kc":4"#);
    assert_eq!(entries(&list(0..4), &list(0..3)), r#""kc":3"#);
    assert_eq!(entries(&list(0..4), &list(0..0)), r#""kc":0"#);
}

#[test]
fn replaced_entries_are_new() {
    assert_eq!(
        entries(&list([1, 2, 3]), &list([1, 7, 3])),
        r#""1":{"0":"7"},"kc":3"#
    );
}

#[test]
fn entries_without_dynamics_are_sent_too() {
    let list = |entries: u64| Node {
        template: 1,
        dynamics: vec![Tree::List {
            memo: false,
            template: 5,
            entries: (0..entries).map(|key| (key, Vec::new())).collect(),
        }],
    };
    assert_eq!(entries(&list(1), &list(2)), r#""1":{},"kc":2"#);
}

#[test]
fn equal_keys_are_paired_in_order() {
    // The second 7 moves behind the new 8, the first stays.
    assert_eq!(
        entries(&list([7, 7, 9]), &list([7, 8, 7, 9])),
        r#""1":{"0":"8"},"2":1,"3":2,"kc":4,"km":true"#
    );
}

#[test]
fn an_equal_key_stays_if_it_can() {
    assert_eq!(
        entries(&list([7, 7, 9, 8]), &list([9, 7, 7, 8])),
        r#""0":2,"2":0,"kc":4,"km":true"#
    );
    assert_eq!(
        entries(&list([7, 7, 7, 8]), &list([6, 9, 7, 7, 5])),
        r#""0":{"0":"6"},"1":{"0":"9"},"3":0,"4":{"0":"5"},"kc":5,"km":true"#
    );
}

#[test]
fn ten_thousand_equal_keys_are_no_problem() {
    let equal = || std::iter::repeat_n(5, 10_000);
    let other = (0..10).chain(equal()).chain([6]);
    assert!(entries(&list(equal().chain([4])), &list(other)).ends_with(r#""kc":10011,"km":true"#));
}

#[test]
fn prints_are_one_word_a_dynamic_and_one_a_key() {
    let table = |rows: u64| Node {
        template: 1,
        dynamics: vec![Tree::List {
            memo: false,
            template: 4,
            entries: (0..rows)
                .map(|key| (key, vec![Tree::Text(key.to_string()); 4]))
                .collect(),
        }],
    };
    let (mut prints, _) = join(&table(1000).render());
    assert_eq!(prints.heap_bytes(), 8 * (1 + 3 + 1000 * 5));
    diff(&mut prints, &table(10).render());
    assert_eq!(prints.heap_bytes(), 8 * (1 + 3 + 10 * 5));
    assert_eq!(size_of::<Prints>(), 24);
}

proptest! {
    #[test]
    fn lists_of_any_keys_become_each_other(
        before in prop::collection::vec(0..40_u64, 0..40),
        after in prop::collection::vec(0..40_u64, 0..40),
    ) {
        if before != after && !(before.is_empty() && after.is_empty()) {
            entries(&list(before), &list(after));
        }
    }

    #[test]
    fn so_do_lists_with_memos(lists in prop::collection::vec(
        prop::collection::vec((0..40_u64, 0..3_u8), 0..40),
        2..5,
    )) {
        let page = |list: &[(u64, u8)]| Node {
            template: 1,
            dynamics: vec![Tree::List {
                memo: true,
                template: 6,
                entries: (list.iter())
                    .map(|(key, version)| (*key, vec![Tree::Text(format!("{key}.{version}"))]))
                    .collect(),
            }],
        };
        let (mut prints, json) = join(&page(&lists[0]).render());
        let mut replica = Replica::join(&json).expect("a tree");
        for list in &lists[1..] {
            let page = page(list);
            let rendered = prints.render(|| page.render());
            if let Some(json) = diff(&mut prints, &rendered) {
                replica.apply(&json).expect("a diff");
            }
            prop_assert_eq!(replica.html(), page.render().to_html());
        }
    }
}
