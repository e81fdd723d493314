//! `@for` with keys, and what may leave a loop.

use bennu::__private::Rendered;
use bennu::Stream;
use bennu_macros::html;

use crate::check_ours;

struct Row {
    id: u32,
    name: &'static str,
}

const ROWS: [Row; 3] = [
    Row { id: 1, name: "a" },
    Row { id: 2, name: "b" },
    Row { id: 3, name: "c" },
];

#[test]
fn a_key_is_any_expression_that_hashes() {
    check_ours!(
        "<li>a</li><li>b</li><li>c</li>";
        @for row in &ROWS key=(row.id) { li { (row.name) } }
    );
    check_ours!("abc"; @for row in ROWS.iter() key=((row.id, row.name)) { (row.name) });
    check_ours!("01"; @for n in 0..2 key=(n) { (n) });
    check_ours!("aaa"; @for _ in &ROWS key=("same") { "a" });
}

#[test]
fn a_variable_may_be_called_key() {
    let key = [1, 2];
    check_ours!("12"; @for key in key key=(key) { (key) });
}

#[test]
fn an_entry_may_be_skipped_before_anything_is_written() {
    fn list(rows: &[Option<u8>]) -> Rendered {
        html! {
            ul {
                @for row in rows {
                    @let Some(row) = row else { continue };
                    @let row = match row { 9 => break, row => row };
                    li { (row) }
                }
            }
        }
    }
    assert_eq!(
        list(&[Some(1), None, Some(2), Some(9), Some(3)]).to_html(),
        "<ul><li>1</li><li>2</li></ul>"
    );
}

#[test]
fn an_entry_may_be_skipped_inside_its_element() {
    check_ours!(
        "<li>1</li><li>3</li>";
        @for n in 1..4 key=(n) { li { @let n = if n == 2 { continue } else { n }; (n) } }
    );
}

#[test]
fn the_key_is_taken_before_the_body_shadows_a_name() {
    check_ours!("xx"; @for row in [1, 2] key=(row) { @let row = "x"; (row) });
}

#[test]
fn loops_inside_a_splice_may_break() {
    check_ours!(
        "1234";
        @for n in [1, 3] {
            (n)
            ({
                let mut m = n;
                loop { m += 1; if m > n { break; } }
                while m < 100 { if m == n + 1 { break; } m += 1; continue; }
                'a: { if m > 0 { break 'a; } }
                m
            })
        }
    );
}

#[test]
fn the_loop_of_a_text_may_break() {
    check_ours!(
        "<p title=\"0 1 \"></p>";
        p title={ @for n in 0..9 { @if n == 2 { ({ if n == 2 { break } "" }) } (n) " " } } {}
    );
}

#[test]
fn a_loop_around_the_template_may_go_on() {
    let mut pages = Vec::new();
    for value in [Some(1), None, Some(2)] {
        pages.push(
            html! { p { (match value { Some(value) => value, None => continue }) } }.to_html(),
        );
    }
    assert_eq!(pages, ["<p>1</p>", "<p>2</p>"]);
}

#[test]
fn a_list_takes_whatever_a_for_takes() {
    let rows = std::cell::RefCell::new(vec![1, 2]);
    check_ours!("12"; @for row in rows.borrow().iter() { (row) });
    check_ours!("12"; @for row in rows.borrow_mut().drain(..) { (row) });
    check_ours!("0246"; @for n in (0..4).map(|n| n * 2) { (n) });
    check_ours!("ab"; @for (name, _) in [("a", ()), ("b", ())] { (name) });
    let boxed: Box<dyn Iterator<Item = u8>> = Box::new([7, 8].into_iter());
    check_ours!("78"; @for n in boxed { (n) });
    let mut rest = [1, 2, 3].into_iter();
    check_ours!("1 2 3"; @for n in &mut rest { @let last = n == 3; (n) @if !last { " " } });
}

#[test]
fn a_list_in_an_async_block_may_wait() {
    let page = async { html! { @for n in [1, 2] { (std::future::ready(n).await) } }.to_html() };
    let mut page = std::pin::pin!(page);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert_eq!(
        page.as_mut().poll(&mut context),
        std::task::Poll::Ready("12".to_owned())
    );
}

fn message(page: &Rendered, prints: &mut bennu::Prints) -> String {
    let mut json = String::new();
    let mut message = bennu::wire::Message::new(&mut json);
    prints.diff(page, &mut message);
    let _ = message.finish();
    json
}

#[test]
fn a_stream_is_known_by_its_type() {
    let mut rows = Stream::new(|row: &u32| format!("r-{row}"));
    let mut prints = bennu::Prints::default();
    let render = |rows: &Stream<u32>| {
        html! {
            ul #rows phx-update="stream" {
                @for (id, row) in rows {
                    @let Some(row) = (row != 9).then_some(row) else { continue };
                    li #(id) { (row) @for n in 0..row { "." (n) } }
                }
            }
        }
    };
    rows.push(1);
    rows.push(9);
    let json = message(&render(&rows), &mut prints);
    assert!(json.contains(r#""stream":["#), "{json}");
    assert_eq!(message(&render(&rows), &mut prints), "");
    rows.remove(&1);
    let json = message(&render(&rows), &mut prints);
    assert!(
        json.starts_with(r#"{"0":{"k":{"kc":0},"stream":["#),
        "{json}"
    );
    assert!(json.ends_with(r#",[],["r-1"]]}}"#), "{json}");
}
