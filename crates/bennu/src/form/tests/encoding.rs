use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::event::Payload;
use crate::form::Form;
use crate::form::encoded::{DEPTH, GROUPS, PAIRS, parse_form};

#[track_caller]
fn check(encoded: &str, tree: &Value) {
    assert_eq!(&parse_form(encoded), tree, "of {encoded:?}");
}

#[test]
fn brackets_make_maps_and_lists() {
    check("", &json!({}));
    check("a=1&b=2", &json!({"a": "1", "b": "2"}));
    check(
        "user[name]=Ada&user[age]=36",
        &json!({"user": {"name": "Ada", "age": "36"}}),
    );
    check("a[]=1&a[]=2", &json!({"a": ["1", "2"]}));
    check("a[b][]=1&a[b][]=2", &json!({"a": {"b": ["1", "2"]}}));
    check(
        "a[0][b]=1&a[1][b]=2",
        &json!({"a": {"0": {"b": "1"}, "1": {"b": "2"}}}),
    );
    check("a[][b]=1&a[][b]=2", &json!({"a": [{"b": "1"}, {"b": "2"}]}));
    check("a[][]=1&a[][]=2", &json!({"a": [["1"], ["2"]]}));
}

#[test]
fn a_recorded_change_of_the_stock_client_is_read() {
    check(
        "user%5Bname%5D=nn&user%5B_unused_tags%5D%5B%5D=&user%5Btags%5D%5B%5D=a&h=1",
        &json!({"user": {"name": "nn", "_unused_tags": [""], "tags": ["a"]}, "h": "1"}),
    );
}

#[test]
fn the_last_of_equal_names_wins() {
    check("a=1&a=2", &json!({"a": "2"}));
    check("a[b]=1&a[b]=2", &json!({"a": {"b": "2"}}));
    // The hidden input before a checkbox.
    check("on=false&on=true", &json!({"on": "true"}));
}

#[test]
fn the_last_kind_wins_where_names_contradict() {
    check("a=1&a[b]=2", &json!({"a": {"b": "2"}}));
    check("a[b]=2&a=1", &json!({"a": "1"}));
    check("a[]=1&a[b]=2", &json!({"a": {"b": "2"}}));
    check("a[b]=2&a[]=1", &json!({"a": ["1"]}));
    check("a=1&a[]=2&a=3&a[]=4", &json!({"a": ["2", "4"]}));
}

#[test]
fn odd_names_are_taken_as_they_are() {
    check("a[b=1", &json!({"a[b": "1"}));
    check("a[b]c=1", &json!({"a[b]c": "1"}));
    check("a]=1", &json!({"a": "1"}));
    check("[a]=1", &json!({"": {"a": "1"}}));
    check("]=1&[]=2&=3", &json!({"": "3"}));
    check("a[[b]]=1", &json!({"a": {"[b]": "1"}}));
    check("a", &json!({"a": ""}));
    check("&&", &json!({}));
}

#[test]
fn escapes_are_undone_and_bad_ones_stay() {
    check("a=x+y%2Bz", &json!({"a": "x y+z"}));
    check("a%5Bb%5D=%C3%A4", &json!({"a": {"b": "ä"}}));
    check("a=%zz%4&b=%ff", &json!({"a": "%zz%4", "b": "\u{fffd}"}));
}

#[test]
fn names_that_are_nested_too_deep_stay_flat() {
    let deep = |depth: usize| format!("a{}", "[a]".repeat(depth - 1));
    let most = parse_form(&format!("{}=1", deep(DEPTH)));
    let pointer = "/a".repeat(DEPTH);
    assert_eq!(most.pointer(&pointer), Some(&json!("1")));

    let name = deep(DEPTH + 1);
    assert_eq!(parse_form(&format!("{name}=1")), json!({ name: "1" }));
}

#[test]
fn a_form_beyond_the_limits_is_refused_as_a_whole() {
    let pairs = |count: usize| (0..count).map(|n| format!("{n}=&")).collect::<String>();
    assert!(parse_form(&pairs(PAIRS)).is_object());
    assert!(parse_form(&pairs(PAIRS + 1)).is_string());

    let groups = |count: usize| (0..count).map(|n| format!("{n}[a]=&")).collect::<String>();
    assert!(parse_form(&groups(GROUPS)).is_object());
    assert!(parse_form(&groups(GROUPS + 1)).is_string());
}

#[test]
fn a_form_that_comes_as_values_has_the_same_limits() {
    let decoded = |fields: Value| {
        let form =
            Payload::new(json!({ "form": fields })).field::<Form<BTreeMap<String, Value>>>("form");
        form.map(drop).map_err(|error| error.to_string())
    };
    let values = |count: usize| json!({ "a": vec!["x"; count] });
    let groups = |count: usize| json!({ "a": vec![json!([]); count - 1] });
    assert_eq!(decoded(values(PAIRS)), Ok(()));
    assert_eq!(decoded(groups(GROUPS)), Ok(()));
    for refused in [values(PAIRS + 1), groups(GROUPS + 1)] {
        let error = decoded(refused).expect_err("it is too large");
        assert!(error.contains("a form of too many values"), "{error}");
    }
}
