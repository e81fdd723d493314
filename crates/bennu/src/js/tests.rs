//! Against the arguments that Phoenix's client reads.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::html;

#[derive(crate::Event)]
enum Msg {
    Save,
    Remove { id: u32, why: Option<String> },
}

#[track_caller]
fn check(commands: &Js, expected: &Value) {
    let written: Value = serde_json::from_str(&commands.to_string()).expect("commands are JSON");
    assert_eq!(written, *expected);
    assert_eq!(serde_json::to_value(commands).unwrap(), *expected);
}

#[test]
fn commands_keep_their_order() {
    check(&Js::new(), &json!([]));
    check(
        &Js::new().focus("#a").pop_focus().focus_first("#b"),
        &json!([["focus", {"to": "#a"}], ["pop_focus", {}], ["focus_first", {"to": "#b"}]]),
    );
}

#[test]
fn a_command_leads_to_a_page_of_this_site_or_nowhere() {
    for to in [
        "javascript:alert(1)",
        "//evil.example",
        "https://evil.example/",
        "x",
        "",
    ] {
        let commands = Js::new().focus("#a").navigate(to).replace_patch(to);
        assert_eq!(commands, Js::new().focus("#a"), "{to}");
    }
    let commands = Js::new().replace_navigate("/a b?c=\"").patch("?b=c&d");
    let expected = json!([
        ["navigate", {"href": "/a%20b?c=%22", "replace": true}],
        ["patch", {"href": "?b=c&d"}],
    ]);
    check(&commands, &expected);
}

#[test]
fn concatenated_lists_are_one() {
    let one = Js::new().focus("#a");
    let other = Js::new().pop_focus();
    assert_eq!(one.clone().concat(Js::new()), one);
    assert_eq!(Js::new().concat(one.clone()), one);
    check(
        &one.concat(other),
        &json!([["focus", {"to": "#a"}], ["pop_focus", {}]]),
    );
}

#[test]
fn a_push_names_event_values_and_what_waits() {
    check(
        &Js::new().push(Msg::Save),
        &json!([["push", {"event": "save"}]]),
    );
    check(
        &Js::new().push(Msg::Remove { id: 1, why: None }),
        &json!([["push", {"event": "remove", "value": {"id": "1"}}]]),
    );
    let full = Push::new(Msg::Remove {
        id: 1,
        why: Some("<\"'&\\\n".to_owned()),
    });
    check(
        &Js::new().push(
            full.value("at", 2.5)
                .value("by", "Ada \"A\"")
                .target("#list")
                .loading("#row")
                .page_loading(),
        ),
        &json!([["push", {
            "event": "remove",
            "value": {"id": "1", "why": "<\"'&\\\n", "at": 2.5, "by": "Ada \"A\""},
            "target": "#list",
            "loading": "#row",
            "page_loading": true,
        }]]),
    );
    check(
        &Js::new().push(Msg::REMOVE).push_to("#other", Msg::Save),
        &json!([["push", {"event": "remove"}], ["push", {"event": "save", "target": "#other"}]]),
    );
    check(
        &Js::new().push(Push::named("lv:clear-flash").value("key", "info")),
        &json!([["push", {"event": "lv:clear-flash", "value": {"key": "info"}}]]),
    );
}

#[test]
fn a_push_names_what_it_expects() {
    let push = Push::new(Msg::Save)
        .predict(Predict::text("3", "#count"))
        .predict(Predict::add_class("done", Scope::closest("li")))
        .predict(Predict::remove_class("new", Scope::this()))
        .predict(Predict::set_attribute("title", "x", "#a"))
        .predict(Predict::remove_attribute("title", "#b"))
        .predict(Predict::check(Scope::this()))
        .predict(Predict::uncheck(Scope::inner("input")))
        .predict(Predict::hide("#row"))
        .predict(Predict::move_before("#first", "#row"))
        .predict(Predict::move_into("#done", "#row"));
    check(
        &Js::new().push(push),
        &json!([["push", {"event": "save", "predict": [
            ["text", "#count", "3"],
            ["class", {"closest": "li"}, "done", true],
            ["class", null, "new", false],
            ["attr", "#a", "title", "x"],
            ["attr", "#b", "title", null],
            ["checked", null, true],
            ["checked", {"inner": "input"}, false],
            ["move", "#row", null, true],
            ["move", "#row", "#first", false],
            ["move", "#row", "#done", true],
        ]}]]),
    );
}

#[test]
fn a_dispatched_event_says_only_what_is_unusual() {
    check(
        &Js::new().dispatch("app:copy"),
        &json!([["dispatch", {"event": "app:copy"}]]),
    );
    let event = Dispatch::new("app:copy")
        .to(Scope::inner("input"))
        .detail(json!({"n": [1, null]}))
        .without_bubbling()
        .blocking();
    check(
        &Js::new().dispatch(event),
        &json!([["dispatch", {
            "event": "app:copy",
            "to": {"inner": "input"},
            "detail": {"n": [1, null]},
            "bubbles": false,
            "blocking": true,
        }]]),
    );
}

#[test]
fn transitions_have_three_lists_of_classes_and_a_time() {
    let slide = || {
        Transition::new("ease-out  slow")
            .start("left")
            .end("right near")
            .time(Duration::from_millis(300))
            .without_blocking()
    };
    let classes = json!([["ease-out", "slow"], ["left"], ["right", "near"]]);
    check(
        &Js::new()
            .show(Show::new("#a").display("grid").transition(slide()))
            .hide(Hide::new(Scope::this()).transition(slide()))
            .transition(slide(), Scope::closest("li"))
            .add_class(Classes::new("x y").transition(slide()), "#a"),
        &json!([
            ["show", {"to": "#a", "display": "grid", "transition": classes, "time": 300, "blocking": false}],
            ["hide", {"transition": classes, "time": 300, "blocking": false}],
            ["transition", {"to": {"closest": "li"}, "transition": classes, "time": 300, "blocking": false}],
            ["add_class", {"to": "#a", "names": ["x", "y"], "transition": classes, "time": 300, "blocking": false}],
        ]),
    );
}

#[test]
fn a_toggle_takes_the_longer_of_two_times() {
    let quick = Transition::new("quick").time(Duration::from_millis(50));
    let slow = Transition::new("slow")
        .time(Duration::from_millis(500))
        .without_blocking();
    check(
        &Js::new().toggle(
            Toggle::new("#a")
                .display("flex")
                .transition_in(quick)
                .transition_out(slow.clone()),
        ),
        &json!([["toggle", {
            "to": "#a",
            "display": "flex",
            "ins": [["quick"], [], []],
            "outs": [["slow"], [], []],
            "time": 500,
        }]]),
    );
    check(
        &Js::new().toggle(
            Toggle::new("#a")
                .transition_in(Transition::new("quick").time(Duration::from_millis(50)))
                .transition_out("usual"),
        ),
        &json!([["toggle", {"to": "#a", "ins": [["quick"], [], []], "outs": [["usual"], [], []], "time": 200}]]),
    );
    check(
        &Js::new().toggle(Toggle::new("#a").transition_out(slow)),
        &json!([["toggle", {"to": "#a", "outs": [["slow"], [], []], "time": 500, "blocking": false}]]),
    );
}

#[test]
fn attributes_are_set_removed_toggled_and_ignored() {
    check(
        &Js::new()
            .set_attribute("title", "\"x\"", "#a")
            .remove_attribute("hidden", Scope::this())
            .toggle_attribute("open", "", "#a")
            .switch_attribute("aria-expanded", "true", "false", "#a")
            .ignore_attributes(&["open", "data-*"], Scope::this())
            .exec("data-close", Scope::closest("dialog")),
        &json!([
            ["set_attr", {"to": "#a", "attr": ["title", "\"x\""]}],
            ["remove_attr", {"attr": "hidden"}],
            ["toggle_attr", {"to": "#a", "attr": ["open", ""]}],
            ["toggle_attr", {"to": "#a", "attr": ["aria-expanded", "true", "false"]}],
            ["ignore_attrs", {"attrs": ["open", "data-*"]}],
            ["exec", {"to": {"closest": "dialog"}, "attr": "data-close"}],
        ]),
    );
}

#[test]
fn navigation_replaces_only_when_asked() {
    check(
        &Js::new()
            .navigate("/a")
            .replace_navigate("/b")
            .patch("/c")
            .replace_patch("/d"),
        &json!([
            ["navigate", {"href": "/a"}],
            ["navigate", {"href": "/b", "replace": true}],
            ["patch", {"href": "/c"}],
            ["patch", {"href": "/d", "replace": true}],
        ]),
    );
}

#[test]
fn an_address_that_runs_something_is_set_by_no_command() {
    let evil = "JavaScript:alert(1)";
    let nowhere = bennu_core::url::REFUSED;
    check(
        &Js::new()
            .set_attribute("href", evil, "#a")
            .toggle_attribute("formaction", evil, "#a")
            .switch_attribute("src", "/a", evil, "#a"),
        &json!([
            ["set_attr", {"to": "#a", "attr": ["href", nowhere]}],
            ["toggle_attr", {"to": "#a", "attr": ["formaction", nowhere]}],
            ["toggle_attr", {"to": "#a", "attr": ["src", "/a", nowhere]}],
        ]),
    );
    let predicted = Predict::set_attribute("href", evil, "#a");
    assert_eq!(predicted, Predict::set_attribute("href", nowhere, "#a"));
}

#[test]
fn every_attribute_takes_commands() {
    let page = html! {
        i phx-mounted=(Js::new().focus(Scope::this())) phx-remove=[Some(Js::new().hide("#a"))] data-x=(Js::new().pop_focus()) {}
    };
    assert_eq!(
        page.to_html(),
        r##"<i phx-mounted='[["focus",{}]]' phx-remove='[["hide",{"to":"#a"}]]' data-x="[[&quot;pop_focus&quot;,{}]]"></i>"##,
    );
}

proptest! {
    #[test]
    fn any_text_reaches_the_browser_as_it_is(text in "[a-c\"'&<>\\\\\n\t é]{0,20}") {
        let commands = Js::new().set_attribute(&text, &text, text.as_str()).push(Msg::Remove { id: 1, why: Some(text.clone()) });
        let html = html! { i phx-click=(commands) {} }.to_html();
        let value = html.strip_prefix("<i phx-click='").and_then(|html| html.strip_suffix("'></i>"));
        let value = value.expect("a single-quoted attribute");
        prop_assert!(!value.contains(['\'', '<', '>']));
        let value = value.replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        let written: Value = serde_json::from_str(&value).expect("commands are JSON");
        prop_assert_eq!(written, json!([
            ["set_attr", {"to": text, "attr": [text, text]}],
            ["push", {"event": "remove", "value": {"id": "1", "why": text}}],
        ]));
    }
}
