//! `@if`, `@match`, `@for`, `@while` and `@let`.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bennu::__private::Rendered;
use bennu_macros::html;

use crate::{check, check_ours};

#[test]
fn the_first_branch_that_holds_is_shown() {
    for (number, word) in [(1, "one"), (2, "two"), (3, "many")] {
        check!(
            format!("<p>{word}</p>");
            p { @if number == 1 { "one" } @else if number == 2 { "two" } @else { "many" } }
        );
    }
    check!("<p></p>"; p { @if false { "x" } });
    check!("<p></p>"; p { @if false { "x" } @else if false { "y" } });
}

#[test]
fn conditions_bind_patterns() {
    for (value, shown) in [(Some(3), "3"), (Some(0), "zero"), (None, "none")] {
        check!(
            shown;
            @if let Some(0) = value { "zero" } @else if let Some(value) = value { (value) } @else { "none" }
        );
    }
}

#[test]
fn conditions_chain() {
    for (value, shown) in [(Some(3), "big 3"), (Some(1), "small"), (None, "small")] {
        check!(shown; @if let Some(n) = value && n > 2 { "big " (n) } @else { "small" });
    }
}

#[test]
fn a_match_shows_one_arm() {
    for (value, shown) in [
        (Some("x"), "<b>x</b>"),
        (Some(""), "empty"),
        (Some("y"), "y or z"),
        (None, "<i>none</i>"),
    ] {
        check!(
            shown;
            @match value {
                Some(text) if text.is_empty() => "empty",
                Some("y" | "z") => { "y or z" }
                Some(text) => b { (text) },
                None => i { "none" }
            }
        );
    }
    check!("3"; @match Some(3) { Some(n) => (n), None => {} });
    check!(""; @match 3 { 1 => "one", _ => {} });
}

#[test]
fn a_while_goes_on_as_long_as_it_holds() {
    let mut left = 3;
    check_ours!(
        "<ul><li>2</li><li>1</li><li>0</li></ul>";
        ul { @while left > 0 { @let () = left -= 1; li { (left) } } }
    );
    let mut numbers = 0..3;
    check_ours!("012"; @while let Some(number) = numbers.next() { (number) });
}

#[test]
fn a_for_goes_through_anything_that_iterates() {
    let rows = vec![("a", 1), ("b", 2)];
    check!(
        "<ul><li>a=1</li><li>b=2</li></ul>";
        ul { @for (name, value) in &rows { li { (name) "=" (value) } } }
    );
    check!("11.12.21.22."; @for x in 1..3 { @for y in 1..=2 { (x) (y) "." } });
    check!("xxx"; @for _ in 0..3 { "x" });
    check!(""; @for x in Vec::<u8>::new() { (x) });
    assert_eq!(rows.len(), 2);
}

#[test]
fn a_let_is_seen_to_the_end_of_its_block() {
    let x = 1;
    check!("2 1"; { @let x = 2; (x) } " " (x));
    check!("2 2"; @let x = x + 1; (x) " " (x));
    check!("<p>2</p>2"; p { @let x = 2; (x) } (x));
    check!("3"; @let mut numbers: Box<dyn Iterator<Item = u8>> = Box::new([3].into_iter()); (numbers.next().unwrap()));
    check!("a"; @let (a, _) = ("a", "b"); (a));
    check!("x"; @if true { @let y = "x"; (y) });
}

#[test]
fn a_let_with_else_leaves_the_template() {
    fn name(user: Option<&str>) -> Rendered {
        html! {
            @let Some(user) = user else { return html! { "nobody" } };
            b { (user) }
        }
    }
    assert_eq!(name(Some("Ada")).to_html(), "<b>Ada</b>");
    assert_eq!(name(None).to_html(), "nobody");
}

#[test]
fn a_question_mark_returns_from_the_function_around() {
    fn sum(a: &str, b: &str) -> Result<Rendered, std::num::ParseIntError> {
        Ok(html! { (a) @for b in [b] { "+" (b.parse::<u8>()?) } })
    }
    assert_eq!(sum("1", "2").unwrap().to_html(), "1+2");
    assert!(sum("1", "x").is_err());
}

#[test]
fn a_template_can_wait_and_its_future_can_be_sent() {
    async fn load(id: u8) -> String {
        format!("<{id}>")
    }
    async fn page(ids: &[u8]) -> Rendered {
        html! { ul { @for &id in ids key=(id) { li title=(load(id).await) { (load(id).await) } } } }
    }
    fn sendable<F: Future + Send>(future: F) -> F {
        future
    }
    let mut future = pin!(sendable(page(&[1])));
    let Poll::Ready(page) = future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    else {
        panic!("nothing to wait for");
    };
    assert_eq!(
        page.to_html(),
        "<ul><li title=\"&lt;1&gt;\">&lt;1&gt;</li></ul>"
    );
}

#[test]
fn splices_are_evaluated_once_and_in_order() {
    let mut seen = Vec::new();
    let mut note = |number: u8| {
        seen.push(number);
        number
    };
    let _ = html! {
        p.a[note(1) == 1] #(note(2)) title=(note(3)) hidden[note(4) == 0] lang=[Some(note(5))] {
            (note(6))
            @if note(7) == 0 { (note(0)) } @else { (note(8)) }
            @for x in [9, 10] { (note(x)) }
        }
    };
    assert_eq!(seen, (1..=10).collect::<Vec<u8>>());
}

#[test]
fn our_names_are_not_the_users() {
    let (bennu_writer, list, mark, key, inner, event) = (1, 2, 3, 4, 5, 6);
    const TEMPLATE: &str = "T";
    check_ours!(
        "<p class=\"5\" title=\"5\" phx-click=\"6\">1T2T3T4</p>";
        p.(inner) title=[Some(inner)] phx-click=[Some(event)] {
            (bennu_writer) (TEMPLATE)
            @for _ in [()] key=(key) { (list) (TEMPLATE) @if true { (mark) (TEMPLATE) } (key) }
        }
    );
}
