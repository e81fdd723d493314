//! What no browser would send: nothing panics, and nothing takes more room than
//! in proportion to what came.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::event::Payload;
use crate::form::encoded::{GROUPS, parse_form};
use crate::form::{Form, decode, decode_field};

/// Pieces that mean something to the encoding, to names, to lists or to types.
const PIECES: &[&str] = &[
    "a",
    "items",
    "0",
    "7",
    "00",
    "4294967295",
    "18446744073709551616",
    "[",
    "]",
    "[]",
    "][",
    "[0]",
    "[a]",
    "=",
    "&",
    "%",
    "%5B",
    "%5D",
    "%ff",
    "%zz",
    "%00",
    "+",
    " ",
    "_unused_",
    "[_sort][]=",
    "[_drop][]=",
    "items[_sort][]=",
    "_new_",
    "_target",
    "-",
    "1e9",
    "nan",
    "on",
    "ä",
    "\0",
    "\n",
];

fn encoded() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::collection::vec(select(PIECES), 0..60).prop_map(|pieces| pieces.concat()),
        // Well-formed pairs, many of the same list.
        prop::collection::vec((select(PIECES), select(PIECES), select(PIECES)), 0..30).prop_map(
            |pairs| {
                let pair = |(name, key, value)| format!("{name}[{key}]={value}");
                pairs.into_iter().map(pair).collect::<Vec<_>>().join("&")
            }
        ),
        any::<String>(),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let text = prop_oneof![select(PIECES).prop_map(str::to_owned), any::<String>()];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    let key = prop_oneof![
        select(
            &[
                "name", "size", "tags", "twigs", "kind", "by_name", "maybe", "_sort", "0"
            ][..]
        )
        .prop_map(str::to_owned),
        select(PIECES).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A type with something of each kind.
#[derive(Debug, Default, Deserialize)]
#[expect(dead_code, reason = "only decoded")]
struct Twig {
    name: String,
    size: u8,
    #[serde(default)]
    maybe: Option<f32>,
    tags: Vec<char>,
    #[serde(default)]
    twigs: Vec<Twig>,
    by_name: BTreeMap<String, bool>,
    kind: Kind,
    #[serde(default)]
    _target: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[expect(dead_code, reason = "only decoded")]
enum Kind {
    #[default]
    None,
    One(u32),
    Both {
        a: i8,
        b: (bool, char),
    },
}

/// How many values there are, and how many bytes in them.
fn weight(value: &Value) -> usize {
    1 + match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| key.len() + weight(value))
            .sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// Reads it in all the ways in which an application can.
fn read(value: &Value) {
    let _ = decode::<Twig>(value);
    let _ = decode::<Form<Twig>>(value);
    let _ = decode::<Vec<Kind>>(value);
    let _ = decode::<Value>(value);
    let mut payload = Payload::new(value.clone());
    let _ = payload.field::<Twig>("twigs");
    let _ = payload.field::<u64>("size");
    let _ = decode_field::<Option<Kind>>("kind", Some(value));
}

proptest! {
    #[test]
    fn any_posted_form_is_a_tree_in_proportion_to_it(encoded in encoded()) {
        let tree = parse_form(&encoded);
        // Each name costs at most its bytes, a new entry of a list its key twice.
        let most = 16 + 8 * encoded.len();
        prop_assert!(weight(&tree) <= most, "{} of {encoded:?}", weight(&tree));
        read(&tree);
        let form = Form::<Twig>::parse(&encoded);
        for entry in form.list("items").entries() {
            let _ = (entry.key().len(), entry.field("name").raw().len());
        }
    }

    #[test]
    fn any_json_of_an_event_is_read_or_refused(
        value in any_json(),
        meta in any_json(),
        kind in select(&["form", "click", "hook", ""][..]),
    ) {
        read(&value);
        let json = value.to_string();
        let payload = Payload::of(kind, Some(&json), Some(meta.clone()));
        read(payload.value());
        let form = json!(json).to_string();
        read(Payload::of("form", Some(&form), Some(meta)).value());
    }
}

/// Where a few bytes ask for much.
#[test]
fn a_form_of_a_hundred_kilobytes_makes_no_megabytes() {
    for piece in [
        "a[_sort][]=1&",
        "a[0][0][0][0][0][0][0][0]&",
        "a[][][][][][][][]&",
        "&",
        "a&",
        "a[b]=&",
        "%ff",
        "[",
        "a[_drop][]=0&a[_sort][]=0&",
        "]",
    ] {
        let encoded = piece.repeat(100_000 / piece.len());
        let tree = parse_form(&encoded);
        assert!(weight(&tree) <= 2 * encoded.len() + 16 * GROUPS, "{piece}");
        read(&tree);
    }
    let keys: Vec<_> = (0..9000).map(|key| format!("a[_sort][]={key}")).collect();
    let encoded = keys.join("&");
    let tree = parse_form(&encoded);
    assert!(weight(&tree) <= 4 * encoded.len(), "{}", weight(&tree));
    read(&tree);
}
