use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::form::encoded::{GROUPS, PAIRS, parse_form};
use crate::form::{Form, List};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Invoice {
    customer: String,
    lines: Vec<Line>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    title: String,
    count: u32,
    #[serde(default)]
    notes: Vec<String>,
}

fn keys(list: &List<'_>) -> Vec<String> {
    list.entries().map(|entry| entry.key().to_owned()).collect()
}

fn titles(form: &Form<Invoice>) -> Vec<&str> {
    let lines = form.list("lines");
    lines
        .entries()
        .map(|line| line.field("title").raw())
        .collect()
}

const THREE: &str = "customer=Ada&lines[_sort][]=0&lines[0][title]=a&lines[0][count]=1\
    &lines[_sort][]=1&lines[1][title]=b&lines[1][count]=2\
    &lines[_sort][]=2&lines[2][title]=c&lines[2][count]=3";

/// The three lines, with more in front of or behind them.
#[track_caller]
fn check(front: &str, back: &str, wanted: &[&str], wanted_titles: &[&str]) {
    let form: Form<Invoice> = Form::parse(&format!("{front}{THREE}{back}"));
    assert_eq!(keys(&form.list("lines")), wanted);
    assert_eq!(titles(&form), wanted_titles);
    if let Some(invoice) = form.value() {
        let parsed: Vec<_> = invoice.lines.iter().map(|line| &line.title).collect();
        assert_eq!(parsed, wanted_titles);
    }
}

#[test]
fn entries_move_where_their_key_comes_first() {
    check("", "", &["0", "1", "2"], &["a", "b", "c"]);
    check("lines[_sort][]=1&", "", &["1", "0", "2"], &["b", "a", "c"]);
    check("lines[_sort][]=2&", "", &["2", "0", "1"], &["c", "a", "b"]);
    check(
        "lines[_sort][]=2&lines[_sort][]=1&",
        "",
        &["2", "1", "0"],
        &["c", "b", "a"],
    );
}

#[test]
fn entries_are_dropped_by_their_keys() {
    check("lines[_drop][]=1&", "", &["0", "2"], &["a", "c"]);
    check(
        "",
        "&lines[_drop][]=0&lines[_drop][]=2&lines[_drop][]=9",
        &["1"],
        &["b"],
    );
    // Dropped, even though it was moved.
    check(
        "lines[_sort][]=2&",
        "&lines[_drop][]=2",
        &["0", "1"],
        &["a", "b"],
    );
}

#[test]
fn a_key_without_values_is_a_new_entry() {
    check(
        "",
        "&lines[_sort][]=3",
        &["0", "1", "2", "3"],
        &["a", "b", "c", ""],
    );
    check(
        "lines[_sort][]=3&",
        "",
        &["3", "0", "1", "2"],
        &["", "a", "b", "c"],
    );
    for no_key in ["new", "-1", "007", "99999999999", "", "_sort"] {
        check(
            "",
            &format!("&lines[_sort][]={no_key}"),
            &["0", "1", "2"],
            &["a", "b", "c"],
        );
    }
}

#[test]
fn the_same_form_sent_twice_asks_for_the_same() {
    let again = format!("{THREE}&lines[_sort][]=3&lines[_drop][]=0");
    let once = parse_form(&again);
    assert_eq!(once, parse_form(&again));
    assert_eq!(once["lines"]["_sort"], json!(["1", "2", "3"]));
}

#[test]
fn a_new_entry_shows_no_errors_until_it_is_submitted() {
    let mut form: Form<Invoice> = Form::parse(&format!("{THREE}&lines[_sort][]=7"));
    form.add_error("lines.3.title", "is required");
    assert_eq!(form.errors("lines.3.title").next(), None);
    assert_eq!(form.errors("lines.3.count").next(), None);
    assert!(!form.is_valid() && form.is_used("lines.0.title"));
    assert_eq!(form.name("lines.3.title"), "lines[7][title]");

    let sent = format!("{THREE}&lines[_sort][]=7&lines[7][title]=&lines[7][count]=");
    let form: Form<Invoice> = Form::parse(&sent);
    assert_eq!(form.errors("lines.3.count").next(), Some("is required"));
}

#[test]
fn errors_and_names_follow_an_entry_that_moves() {
    let sent = "customer=&lines[_sort][]=5&lines[5][title]=x&lines[5][count]=z\
        &lines[_sort][]=2&lines[2][title]=y&lines[2][count]=1";
    let form: Form<Invoice> = Form::parse(sent).named("invoice");
    // Paths say the place, as the value does; names say the key.
    assert_eq!(
        form.errors("lines.0.count").next(),
        Some("must be a whole number")
    );
    assert_eq!(form.name("lines.0.count"), "invoice[lines][5][count]");
    assert_eq!(form.id("lines.1.title"), "invoice_lines_2_title");
    let entry = form.list("lines").entries().next().expect("there are two");
    assert_eq!(entry.field("count").path(), "lines.0.count");
    assert_eq!(entry.field("count").raw(), "z");
}

#[test]
fn lists_nest() {
    let sent = "customer=Ada&lines[_sort][]=0&lines[0][title]=a&lines[0][count]=1\
        &lines[0][notes][_sort][]=1&lines[0][notes][1]=second\
        &lines[0][notes][_sort][]=0&lines[0][notes][0]=first&lines[0][notes][_sort][]=2";
    let form: Form<Invoice> = Form::parse(sent);
    let line = form.list("lines").entries().next().expect("there is one");
    let notes = line.list("notes");
    let texts: Vec<_> = notes.entries().map(|note| note.itself().raw()).collect();
    assert_eq!(texts, ["second", "first", ""]);
    let invoice = form.value().expect("it parses");
    assert_eq!(invoice.lines[0].notes, ["second", "first", ""]);
}

#[test]
fn a_list_that_the_application_filled_has_keys_too() {
    let line = |title: &str| Line {
        title: title.to_owned(),
        count: 1,
        notes: Vec::new(),
    };
    let form: Form<Invoice> = Form::filled(&Invoice {
        customer: "Ada".to_owned(),
        lines: vec![line("a"), line("b")],
    });
    assert_eq!(keys(&form.list("lines")), ["0", "1"]);
    assert_eq!(titles(&form), ["a", "b"]);
}

/// What a form sends besides its lines while nobody came to any other field.
const UNTOUCHED: &str = "_unused_customer=&customer=";

/// The error of the list as a whole, if it shows.
fn list_error(form: &mut Form<Invoice>) -> Option<&str> {
    form.add_error("lines", "must be two");
    form.errors("lines").next()
}

/// The name by which the page says that the list was used, if it does.
fn marker(form: &Form<Invoice>) -> bool {
    let lines = form.list("lines");
    let html = bennu_macros::html! {
        @for line in lines.entries() { (line.order()) }
        (lines.add("Add"))
    };
    let marker = r#"<input type="hidden" name="lines[_used]" value="">"#;
    html.to_html().contains(marker)
}

#[test]
fn a_list_whose_buttons_were_pressed_is_used() {
    let line = "&lines[_sort][]=0&lines[0][_unused_title]=&lines[0][title]=";
    for (pressed, is_used) in [
        (line.to_owned(), false),
        (String::new(), false),
        // The first one, another one, one that moves, the last one that goes, and
        // one that is gone already.
        ("&lines[_sort][]=0".to_owned(), true),
        (format!("{line}&lines[_sort][]=1"), true),
        (format!("&lines[_sort][]=0{line}"), true),
        (format!("&lines[_drop][]=0{line}"), true),
        (format!("{line}&lines[_drop][]=9"), true),
    ] {
        let mut form: Form<Invoice> = Form::parse(&format!("{UNTOUCHED}{pressed}"));
        assert_eq!(list_error(&mut form).is_some(), is_used, "{pressed}");
        assert_eq!(marker(&form), is_used, "{pressed}");
        assert!(!form.is_used("customer") && !form.is_used("lines.0.title"));
    }
}

#[test]
fn a_used_list_stays_used_by_what_its_page_sends() {
    for lines in [
        "",
        "&lines[_sort][]=0&lines[0][_unused_title]=&lines[0][title]=",
    ] {
        let sent = format!("{UNTOUCHED}&lines[_used]={lines}");
        let mut form: Form<Invoice> = Form::parse(&sent);
        assert_eq!(list_error(&mut form), Some("must be two"), "{lines}");
        assert!(marker(&form), "{lines}");
        assert!(!form.is_used("lines.0.title"));
        let count = if lines.is_empty() { 0 } else { 1 };
        assert_eq!(form.list("lines").len(), count);
    }
    let raw = parse_form("lines[_used]=&lines[0]=a");
    let list: Vec<String> = crate::form::decode_field("lines", raw.get("lines")).unwrap();
    assert_eq!(list, ["a"]);
    let map: BTreeMap<String, String> =
        crate::form::decode_field("lines", raw.get("lines")).unwrap();
    assert_eq!(map.len(), 1);
}

#[test]
fn a_list_in_a_list_is_used_alone_and_makes_what_is_around_it_used() {
    let form: Form<Invoice> = Form::parse(&format!(
        "{UNTOUCHED}&lines[_sort][]=4&lines[4][_unused_title]=&lines[4][title]=\
         &lines[4][notes][_sort][]=0&lines[_sort][]=5&lines[5][_unused_title]=&lines[5][title]="
    ));
    assert!(form.is_used("lines.0.notes") && form.is_used("lines.0") && form.is_used("lines"));
    assert!(!form.is_used("lines.1.notes") && !form.is_used("lines.1"));
}

#[test]
fn a_new_form_has_no_used_list() {
    assert!(!marker(&Form::new()));
    assert!(!marker(&Form::filled(&json!({"lines": [{"title": "a"}]}))));
}

#[test]
fn a_peer_makes_no_more_entries_than_groups() {
    let keys: String = (0..PAIRS).map(|n| format!("l[_sort][]={n}&")).collect();
    let tree = parse_form(&keys);
    assert_eq!(tree["l"]["_sort"].as_array().map(Vec::len), Some(GROUPS));
}

#[test]
fn buttons_check_the_boxes_that_change_the_list() {
    let form: Form<Invoice> = Form::parse(THREE);
    let lines = form.list("lines");
    let entries: Vec<_> = lines.entries().collect();
    let html = |rendered: bennu_core::Rendered| rendered.to_html();
    let order = html(bennu_macros::html! { (entries[0].order()) });
    assert_eq!(
        order,
        concat!(
            r#"<input type="hidden" name="lines[_used]" value="">"#,
            r#"<input type="checkbox" hidden id="lines_0_swap" name="lines[_sort][]" value="1""#,
            r#" autocomplete="off" phx-no-unused-field>"#,
            r#"<input type="hidden" name="lines[_sort][]" value="0">"#,
        ),
    );
    let up = html(bennu_macros::html! { (entries[1].up("↑").label("Move b up").class("quiet")) });
    assert_eq!(
        up,
        concat!(
            r#"<button type="button" class="quiet" aria-label="Move b up" "#,
            r#"phx-click='[["dispatch",{"to":"[id=\"lines_0_swap\"]:not(:checked)","event":"click"}]]'>"#,
            "↑</button>",
        ),
    );
    let first = html(bennu_macros::html! { (entries[0].up("↑")) });
    assert_eq!(
        first,
        r#"<button type="button" aria-disabled="true">↑</button>"#
    );
    let add = html(bennu_macros::html! { (lines.add("Add")) });
    assert!(
        add.contains(r#"id="lines_add" name="lines[_sort][]" value="3""#),
        "{add}"
    );
    let remove = html(bennu_macros::html! { (entries[2].remove("✕")) });
    assert!(
        remove.contains(r#"id="lines_2_drop" name="lines[_drop][]" value="2""#),
        "{remove}"
    );
}
