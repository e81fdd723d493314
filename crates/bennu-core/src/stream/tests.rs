//! What is pending, and what it holds of memory.

use super::{Limit, Stream};

#[derive(Debug)]
struct Item(u32, &'static str);

fn stream() -> Stream<Item> {
    Stream::new(|item: &Item| format!("i-{}", item.0))
}

/// What a render takes: the entries, each with its place, what is removed, and
/// whether it is a reset.
#[track_caller]
fn check(stream: &Stream<Item>, expected: &str) {
    let mut inserts = stream.into_iter();
    let Some(operations) = inserts.operations.take() else {
        assert_eq!(expected, "untouched");
        assert!(inserts.next().is_none());
        return;
    };
    assert_eq!(inserts.size_hint().0, operations.inserts().count());
    let mut shown = String::new();
    for ((dom_id, item), (id, place)) in inserts.zip(operations.inserts()) {
        assert_eq!(dom_id, id);
        shown += &format!("{}{}@{}", item.0, item.1, place.at);
        if let Some(limit) = place.limit {
            shown += &format!("/{limit}");
        }
        shown += if place.update_only { "? " } else { " " };
    }
    for id in operations.removed() {
        shown += &format!("-{} ", id.trim_start_matches("i-"));
    }
    shown += if operations.is_reset() { "reset" } else { "" };
    assert_eq!(shown.trim(), expected);
}

#[test]
fn operations_are_noted_in_the_order_in_which_the_client_does_them() {
    let mut stream = stream();
    check(&stream, "untouched");
    stream.push(Item(1, "a"));
    stream.prepend(Item(2, "b"));
    stream.insert(7, Item(3, "c"));
    stream.update_only(Item(4, "d"));
    stream.remove(&Item(5, ""));
    stream.remove_by_id("i-0");
    check(&stream, "1a@-1 2b@0 3c@7 4d@-1? -0 -5");
    check(&stream, "untouched");
}

#[test]
fn an_item_that_comes_again_keeps_its_place_and_has_the_last_content() {
    let mut stream = stream();
    stream.extend([Item(1, "a"), Item(2, "b"), Item(1, "c")]);
    check(&stream, "1c@-1 2b@-1");
    stream.push(Item(1, "a"));
    stream.update_only(Item(1, "b"));
    check(&stream, "1b@-1");
    stream.update_only(Item(1, "a"));
    stream.push(Item(2, "b"));
    stream.prepend(Item(1, "c"));
    check(&stream, "2b@-1 1c@0");
}

#[test]
fn what_is_removed_after_it_was_inserted_is_not_sent() {
    let mut stream = stream();
    stream.push(Item(1, "a"));
    stream.remove(&Item(1, ""));
    check(&stream, "-1");
    stream.remove(&Item(1, ""));
    stream.push(Item(1, "a"));
    check(&stream, "1a@-1 -1");
    stream.remove(&Item(1, ""));
    stream.update_only(Item(1, "a"));
    check(&stream, "-1");
}

#[test]
fn a_reset_forgets_what_was_pending() {
    let mut stream = stream();
    stream.push(Item(1, "a"));
    stream.remove(&Item(2, ""));
    stream.reset_with([Item(3, "c")]);
    stream.remove(&Item(2, ""));
    stream.update_only(Item(4, "d"));
    check(&stream, "3c@-1 reset");
    stream.reset();
    check(&stream, "reset");
}

#[test]
fn the_limit_cuts_off_the_end_that_is_farther_from_the_insert() {
    let mut stream = stream().limit(2);
    check(&stream, "untouched");
    stream.push(Item(1, "a"));
    stream.prepend(Item(2, "b"));
    stream.insert(1, Item(3, "c"));
    stream.update_only(Item(4, "d"));
    stream.set_limit(None);
    stream.push(Item(5, "e"));
    check(&stream, "1a@-1/-2 2b@0/2 3c@1/2 4d@-1? 5e@-1");
}

#[test]
fn an_insert_may_have_a_limit_of_its_own_at_either_side() {
    let mut stream = stream().limit(Limit::last(3));
    check(&stream, "untouched");
    stream.prepend(Item(1, "a"));
    stream.limited(Limit::first(2)).push(Item(2, "b"));
    stream.limited(Limit::last(2)).insert(1, Item(3, "c"));
    stream.limited(2).extend([Item(4, "d"), Item(5, "e")]);
    stream.limited(None).push(Item(6, "f"));
    stream.set_limit(Limit::first(4));
    stream.push(Item(7, "g"));
    check(
        &stream,
        "1a@0/-3 2b@-1/2 3c@1/-2 4d@-1/-2 5e@-1/-2 6f@-1 7g@-1/4",
    );
}

#[test]
fn an_entry_that_comes_where_there_is_no_room_is_the_one_that_goes() {
    let mut stream = stream();
    stream
        .limited(Limit::first(2))
        .extend([Item(1, "a"), Item(2, "b"), Item(3, "c")]);
    stream.limited(Limit::last(2)).prepend(Item(4, "d"));
    check(&stream, "1a@-1 2b@-1");
}

#[test]
fn the_first_render_has_what_will_be_shown_in_its_order() {
    let mut stream = stream().limit(2);
    stream.prepend(Item(1, "a"));
    stream.prepend(Item(2, "b"));
    stream.prepend(Item(3, "c"));
    stream.update_only(Item(4, "d"));
    check(&stream, "3c@-1 2b@-1");
    stream.prepend(Item(5, "e"));
    check(&stream, "5e@0/2");
}

#[test]
fn a_stream_that_was_rendered_holds_nothing() {
    let mut stream = stream();
    stream.extend((0..100_000).map(|number| Item(number, "x")));
    assert_eq!(stream.into_iter().count(), 100_000);
    assert!(stream.pending.get_mut().unwrap().is_none());
    assert!(size_of::<Stream<Item>>() <= 64);
}

#[test]
fn what_comes_and_goes_before_a_render_takes_no_room() {
    let mut stream = stream();
    for turn in 0..10_000 {
        stream.push(Item(turn % 3, "x"));
        stream.remove(&Item(turn % 3, ""));
        stream.push(Item(7, "y"));
    }
    let pending = stream.pending.get_mut().unwrap().as_ref().unwrap();
    assert!(format!("{pending:?}").len() < 3000);
    check(&stream, "7y@-1 -0 -1 -2");
}
