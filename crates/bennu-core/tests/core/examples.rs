//! The worked examples of `protocol.md §4.4` and `§4.5`, as our encoder writes
//! them.

use bennu_core::__private::Writer;
use bennu_core::wire::{Event, Message};
use bennu_core::{Filled, Prints, Render, Rendered, Template};
use serde_json::Value;

use crate::tree::{diff, join};

#[track_caller]
fn check(json: &str, expected: &str) {
    let value = |json: &str| serde_json::from_str::<Value>(json).expect("JSON");
    assert_eq!(value(json), value(expected), "{json}");
}

fn text(writer: &mut Writer, text: &str) {
    let _: Filled = text.render(writer.place());
}

#[test]
fn a_plain_template() {
    static PAGE: Template = Template::fragment(&["<h1>Hi ", "</h1><p>", " new</p>"]);
    let page = |name: &str, new: &str| {
        let mut writer = Writer::new(&PAGE);
        text(&mut writer, name);
        text(&mut writer, new);
        writer.finish()
    };
    let (mut prints, json) = join(&page("Ada", "3"));
    check(
        &json,
        r#"{"0":"Ada","1":"3","s":0,"p":{"0":["<h1>Hi ","</h1><p>"," new</p>"]}}"#,
    );
    check(
        &diff(&mut prints, &page("Ada", "4")).unwrap(),
        r#"{"1":"4"}"#,
    );
    assert_eq!(diff(&mut prints, &page("Ada", "4")), None);
}

#[test]
fn a_nested_template_that_changes_vanishes_and_comes_back() {
    static PAGE: Template = Template::fragment(&["<p>", "</p>", ""]);
    static UP: Template = Template::element(&["<b class=\"up\">+", "</b>"]);
    static NONE: Template = Template::element(&["<i>none ", "</i>"]);
    let page = |branch: Option<(&'static Template, &str)>| {
        let mut writer = Writer::new(&PAGE);
        text(&mut writer, "A");
        match branch {
            Some((template, value)) => {
                let mark = writer.open(template);
                text(&mut writer, value);
                writer.close(mark);
            }
            None => writer.empty(),
        }
        writer.finish()
    };
    let (mut prints, json) = join(&page(Some((&UP, "12"))));
    check(
        &json,
        r#"{"0":"A","1":{"0":"12","s":0,"r":1},"s":1,
            "p":{"0":["<b class=\"up\">+","</b>"],"1":["<p>","</p>",""]}}"#,
    );
    let mut next = |rendered: Rendered| diff(&mut prints, &rendered).unwrap();
    check(&next(page(Some((&UP, "13")))), r#"{"1":{"0":"13"}}"#);
    check(
        &next(page(Some((&NONE, "x")))),
        r#"{"1":{"s":0,"0":"x","r":1},"p":{"0":["<i>none ","</i>"]}}"#,
    );
    check(&next(page(None)), r#"{"1":""}"#);
    check(
        &next(page(Some((&NONE, "x")))),
        r#"{"1":{"s":0,"0":"x","r":1},"p":{"0":["<i>none ","</i>"]}}"#,
    );
}

static LIST: Template = Template::fragment(&["<ul>", "</ul>"]);
static ITEM: Template = Template::element(&["<li>", "</li>"]);

/// A list of keys and texts.
fn list(entries: &[(u64, &str)]) -> Rendered {
    let mut writer = Writer::new(&LIST);
    let mut mark = writer.open_list(&ITEM);
    for (key, html) in entries {
        writer.entry(&mut mark, *key);
        text(&mut writer, html);
    }
    writer.close_list(mark);
    writer.finish()
}

const A: (u64, &str) = (1, "a");
const B: (u64, &str) = (2, "b");
const C: (u64, &str) = (3, "c");
const D: (u64, &str) = (4, "d");
const X: (u64, &str) = (5, "x");

#[test]
fn a_list_through_its_whole_life() {
    let (mut prints, json) = join(&list(&[A, B, C]));
    check(
        &json,
        r#"{"0":{"s":0,"k":{"0":{"0":"a"},"1":{"0":"b"},"2":{"0":"c"},"kc":3}},"s":1,
            "p":{"0":["<li>","</li>"],"1":["<ul>","</ul>"]}}"#,
    );
    let mut next = |entries: &[(u64, &str)]| diff(&mut prints, &list(entries)).expect("a change");
    check(
        &next(&[A, B, C, D]),
        r#"{"0":{"k":{"3":{"0":"d"},"kc":4}}}"#,
    );
    check(
        &next(&[A, X, B, C, D]),
        r#"{"0":{"k":{"1":{"0":"x"},"2":1,"3":2,"4":3,"kc":5,"km":true}}}"#,
    );
    check(
        &next(&[A, X, (2, "B"), C, D]),
        r#"{"0":{"k":{"2":{"0":"B"},"kc":5}}}"#,
    );
    check(
        &next(&[D, X, (2, "B"), C, (1, "A!")]),
        r#"{"0":{"k":{"0":4,"4":[0,{"0":"A!"}],"kc":5,"km":true}}}"#,
    );
    check(
        &next(&[D, (2, "B"), C, (1, "A!")]),
        r#"{"0":{"k":{"1":2,"2":3,"3":4,"kc":4,"km":true}}}"#,
    );
    check(&next(&[]), r#"{"0":{"k":{"kc":0}}}"#);
    check(&next(&[A]), r#"{"0":{"k":{"0":{"0":"a"},"kc":1}}}"#);
    assert_eq!(diff(&mut prints, &list(&[A])), None);
}

#[test]
fn an_empty_list_is_an_empty_text_until_it_has_an_entry() {
    let (mut prints, json) = join(&list(&[]));
    check(&json, r#"{"0":"","s":0,"p":{"0":["<ul>","</ul>"]}}"#);
    assert_eq!(diff(&mut prints, &list(&[])), None);
    check(
        &diff(&mut prints, &list(&[A])).unwrap(),
        r#"{"0":{"s":0,"k":{"0":{"0":"a"},"kc":1}},"p":{"0":["<li>","</li>"]}}"#,
    );
}

#[test]
fn a_template_is_sent_once_however_often_it_is_used() {
    static PAGE: Template = Template::fragment(&["", "", ""]);
    let mut writer = Writer::new(&PAGE);
    for value in ["1", "2"] {
        let mark = writer.open(&ITEM);
        text(&mut writer, value);
        writer.close(mark);
    }
    check(
        &join(&writer.finish()).1,
        r#"{"0":{"0":"1","s":0,"r":1},"1":{"0":"2","s":0,"r":1},"s":1,
            "p":{"0":["<li>","</li>"],"1":["","",""]}}"#,
    );
}

#[test]
fn title_events_and_reply_travel_with_the_diff() {
    let mut out = String::from("before ");
    let mut prints = Prints::default();
    let message = Message::new(&mut out);
    assert!(!message.finish());
    assert_eq!(out, "before ");

    let mut message = Message::new(&mut out);
    assert!(prints.diff(&list(&[A]), &mut message));
    assert!(!prints.diff(&list(&[A]), &mut message));
    message.events([]);
    message.title("\"T\"");
    let events = [(r#"{"x":1}"#, false), ("[]", true)];
    message.events(events.map(|(payload, before_patch)| Event {
        name: "ev",
        payload,
        before_patch,
    }));
    message.reply("{}");
    assert!(message.finish());
    check(
        out.strip_prefix("before ").unwrap(),
        r#"{"0":{"k":{"0":{"0":"a"},"kc":1},"s":0},"s":1,
            "p":{"0":["<li>","</li>"],"1":["<ul>","</ul>"]},
            "t":"\"T\"","e":[["ev",{"x":1}],["ev",[],true]],"r":{}}"#,
    );
}

#[test]
fn the_parts_of_a_message_may_come_in_any_order() {
    let mut out = String::new();
    let mut message = Message::new(&mut out);
    message.title("T");
    Prints::default().join(&list(&[]), &mut message);
    message.reply("1");
    assert!(message.finish());
    check(
        &out,
        r#"{"t":"T","0":"","s":0,"p":{"0":["<ul>","</ul>"]},"r":1}"#,
    );
}
