use std::collections::BTreeMap;
use std::fmt::Debug;
use std::num::NonZeroU8;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::form::decode::{decode, decode_all};
use crate::form::decode_field;

#[track_caller]
fn check<T: DeserializeOwned + PartialEq + Debug>(value: &Value, meant: &T) {
    assert_eq!(decode_field::<T>("x", Some(value)).as_ref(), Ok(meant));
}

#[track_caller]
fn check_wrong<T: DeserializeOwned + Debug>(value: &Value, words: &str) {
    let error = decode_field::<T>("x", Some(value)).unwrap_err();
    assert_eq!(error, format!("x: {words}"));
}

/// The errors of a form for a `T`, as `field text`.
fn errors<T: DeserializeOwned + Debug>(value: &Value) -> Vec<String> {
    let errors = decode_all::<T>(value).0.unwrap_err();
    let line = |(field, text)| format!("{field} {text}");
    errors.iter().map(line).collect()
}

#[test]
fn numbers_are_read_from_text() {
    check(&json!("3"), &3_u8);
    check(&json!(" 3 "), &3_i64);
    check(&json!(3), &3_i32);
    check(&json!("-0.5"), &-0.5_f64);
    check(&json!(2), &2.0_f32);
    check(
        &json!("340282366920938463463374607431768211455"),
        &u128::MAX,
    );

    check_wrong::<u8>(&json!("x"), r#"must be a whole number, but a text came"#);
    check_wrong::<i8>(&json!("1.5"), r#"must be a whole number, but a text came"#);
    check_wrong::<u8>(&json!("256"), r#"must be 255 or less, but a text came"#);
    check_wrong::<u8>(&json!(-1), "must be 0 or more, but a number came");
    check_wrong::<i8>(&json!("-129"), r#"must be -128 or more, but a text came"#);
    check_wrong::<f64>(&json!("inf"), r#"must be a number, but a text came"#);
    check_wrong::<u8>(&json!("  "), r#"is required, but an empty text came"#);
    check_wrong::<u8>(&Value::Null, "is required, but nothing came");
    check_wrong::<u8>(&json!(["1"]), "must be a single value, but a list came");
}

#[test]
fn booleans_are_read_from_checkboxes() {
    for yes in [
        json!("on"),
        json!("true"),
        json!("1"),
        json!(true),
        json!(1),
    ] {
        check(&yes, &true);
    }
    for no in [
        json!("off"),
        json!("false"),
        json!(""),
        json!(false),
        Value::Null,
    ] {
        check(&no, &false);
    }
    assert_eq!(decode_field::<bool>("x", None), Ok(false));
    check_wrong::<bool>(&json!("maybe"), r#"must be true or false, but a text came"#);
}

#[test]
fn empty_text_is_none() {
    check(&json!(""), &None::<u8>);
    check(&json!(""), &None::<String>);
    check(&Value::Null, &None::<String>);
    check(&json!("3"), &Some(3_u8));
    check(&json!(" "), &Some(" ".to_owned()));
    assert_eq!(decode_field::<Option<u8>>("x", None), Ok(None));
    check(&json!(""), &String::new());
}

#[test]
fn texts_are_read_from_numbers_of_json() {
    check(&json!(7), &"7".to_owned());
    check(&json!(true), &"true".to_owned());
    check(&json!("ä"), &'ä');
    check(&json!(" "), &' ');
    check_wrong::<char>(
        &json!("ab"),
        r#"must be a single character, but a text came"#,
    );
}

#[test]
fn lists_come_as_lists_numbered_maps_or_alone() {
    check(&json!(["1", "2"]), &vec![1, 2]);
    check(&json!("1"), &vec![1]);
    check(&json!(""), &Vec::<u8>::new());
    check(
        &json!({"10": "c", "9": "b", "007": "a", "_unused_9": ""}),
        &["a", "b", "c"].map(str::to_owned).to_vec(),
    );
    check(&json!(["1", "x"]), &(1_u8, 'x'));
    assert_eq!(decode_field::<Vec<u8>>("x", None), Ok(Vec::new()));
    check_wrong::<Vec<u8>>(
        &json!({"a": "1"}),
        "must be a list, but a group of fields came",
    );
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Shape {
    Dot,
    Circle(u8),
    Box { width: u8 },
}

#[test]
fn enums_come_by_name() {
    check(&json!("dot"), &Shape::Dot);
    check(&json!({"circle": "3"}), &Shape::Circle(3));
    check(&json!({"box": {"width": 3}}), &Shape::Box { width: 3 });
    check_wrong::<Shape>(
        &json!("star"),
        r#"is not one of the choices, but a text came"#,
    );
    check_wrong::<Shape>(
        &json!("circle"),
        r#"is not one of the choices, but a text came"#,
    );
    check_wrong::<Shape>(&json!(""), r#"is required, but an empty text came"#);
    check(&json!(""), &None::<Shape>);
}

#[derive(Debug, PartialEq, Deserialize)]
enum Filter {
    #[serde(rename = "")]
    All,
    #[serde(rename = "done")]
    Done,
}

#[test]
fn a_variant_may_be_named_by_the_empty_text() {
    check(&json!(""), &Filter::All);
    check(&json!("done"), &Filter::Done);
}

#[test]
fn maps_have_keys_of_any_type_and_no_marks() {
    let map = BTreeMap::from([(1_u8, true), (2, false)]);
    check(&json!({"1": "on", "2": "", "_unused_2": ""}), &map);
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict {
    age: u8,
}

#[test]
fn what_the_client_adds_is_not_unknown() {
    let value = json!({"age": "3", "_unused_age": "", "_target": ["age"], "_csrf_token": "t"});
    assert_eq!(decode(&value), Ok(Strict { age: 3 }));
}

fn seven() -> u8 {
    7
}

#[derive(Debug, PartialEq, Deserialize)]
struct Nested {
    #[serde(default = "seven")]
    count: u8,
    #[serde(alias = "mail")]
    email: Option<String>,
    public: bool,
    tags: Vec<String>,
    inner: Option<Strict>,
    items: Vec<Strict>,
}

#[test]
fn absent_fields_have_their_defaults() {
    let nested = Nested {
        count: 7,
        email: None,
        public: false,
        tags: Vec::new(),
        inner: None,
        items: Vec::new(),
    };
    assert_eq!(decode(&json!({})), Ok(nested));
}

#[test]
fn structs_nest() {
    let value = json!({
        "count": "2", "mail": "a@b", "public": "on", "tags": "x",
        "inner": {"age": "1"}, "items": {"1": {"age": "3"}, "0": {"age": "2"}},
    });
    let nested = Nested {
        count: 2,
        email: Some("a@b".to_owned()),
        public: true,
        tags: vec!["x".to_owned()],
        inner: Some(Strict { age: 1 }),
        items: vec![Strict { age: 2 }, Strict { age: 3 }],
    };
    assert_eq!(decode(&value), Ok(nested));
}

#[test]
fn an_error_of_an_event_names_the_path() {
    let value = json!({"items": {"4": {"age": "x"}}});
    assert_eq!(
        decode::<Nested>(&value).unwrap_err(),
        r#"items.4.age: must be a whole number, but a text came"#,
    );
    assert_eq!(
        decode::<Strict>(&json!({})).unwrap_err(),
        "age: is required, but nothing came",
    );
    assert_eq!(
        decode::<Strict>(&json!("text")).unwrap_err(),
        r#"must be a group of fields, but a text came"#,
    );
}

/// Refuses everything, and says what.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Chatty;

impl TryFrom<String> for Chatty {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Err(format!("{text:?} is no date"))
    }
}

#[test]
fn an_error_of_an_event_repeats_no_value() {
    for secret in ["secret", " secret ", "é", &"secret".repeat(50)] {
        let words = "is refused by its type, but a text came";
        check_wrong::<Chatty>(&json!(secret), words);
        // Whoever fills a form in knows what was entered.
        let shown = errors::<BTreeMap<String, Chatty>>(&json!({"at": secret}));
        assert_eq!(shown, [format!("at {secret:?} is no date")]);
    }
    check_wrong::<NonZeroU8>(&json!("0"), "is refused by its type, but a text came");
    let key = "k\n".repeat(500);
    let error = decode::<BTreeMap<String, u8>>(&json!({key: "x"})).unwrap_err();
    assert!(error.starts_with(r"k\nk\nk\n"), "{error}");
    assert!(error.len() < 300, "{error}");
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Even(#[expect(dead_code, reason = "only whether it parses matters")] u8);

impl TryFrom<String> for Even {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let number = text.parse().map_err(|_| "must be a number")?;
        if number % 2 == 0 {
            Ok(Self(number))
        } else {
            Err("must be even")
        }
    }
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only whether it parses matters")]
struct Mixed {
    first: Even,
    count: NonZeroU8,
    pair: (Even, u8),
    many: Vec<Item>,
    by_name: BTreeMap<String, Even>,
    shape: Shape,
    last: u8,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only whether it parses matters")]
struct Item {
    even: Even,
    other: Even,
    size: u8,
}

#[test]
fn every_field_that_does_not_parse_has_its_error() {
    let value = json!({
        "first": "1", "count": "x", "pair": ["3", "y"], "last": "z", "shape": "star",
        "many": [
            {"even": "2", "other": "4", "size": "1"},
            {"even": "1", "other": "3", "size": "s"},
            {"even": "", "other": " ", "size": "3"},
        ],
        "by_name": {"a": "1", "b": "2", "c": "x"},
    });
    assert_eq!(
        errors::<Mixed>(&value),
        [
            "by_name.a must be even",
            "by_name.c must be a number",
            "count must be a whole number",
            "first must be even",
            "last must be a whole number",
            "many.1.even must be even",
            "many.1.other must be even",
            "many.1.size must be a whole number",
            "many.2.even is required",
            "many.2.other is required",
            "pair.0 must be even",
            "shape is not one of the choices",
        ]
    );
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only whether it parses matters")]
struct Plain {
    #[serde(default = "seven")]
    count: u8,
    size: u8,
    shape: Shape,
    name: String,
    item: Inner,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only whether it parses matters")]
struct Inner {
    letter: char,
    even: Even,
}

#[test]
fn an_empty_form_lacks_every_required_field() {
    assert_eq!(
        errors::<Plain>(&json!({})),
        [
            "item.even is required",
            "item.letter is required",
            "name is required",
            "shape is required",
            "size is required",
        ]
    );
}

#[test]
fn a_list_of_wrong_values_ends() {
    let many: Vec<_> = (0..5_000).map(|_| json!("1")).collect();
    let found = errors::<Vec<Even>>(&json!(many));
    assert_eq!(found.len(), 33);
    let many: Vec<_> = (0..5_000).map(|_| json!("x")).collect();
    assert_eq!(errors::<Vec<u8>>(&json!(many)).len(), 5_000);
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "it can have no value")]
struct Endless {
    next: Box<Endless>,
}

#[test]
fn a_type_without_end_is_refused() {
    assert_eq!(errors::<Endless>(&json!({})).len(), 1);
}
