//! The replica refuses what a client could not show, and never panics.

use bennu_core::json::Json;
use bennu_core::replica::Replica;
use proptest::prelude::*;

const JOIN: &str = r#"{"0":"a","1":{"s":0,"k":{"0":{"0":"b"},"1":{"0":"c"},"kc":2}},
    "s":["<p>","</p>",""],"p":{"0":["<li>","</li>"]}}"#;

/// What the replica says to a diff after [`JOIN`].
#[track_caller]
fn check(diff: &str, expected: &str) {
    let mut replica = Replica::join(JOIN).expect("a tree");
    match replica.apply(diff) {
        Ok(()) => assert_eq!(replica.html(), expected),
        Err(error) => {
            assert_eq!(error.to_string(), expected);
            assert_eq!(replica.html(), "<p>a</p><li>b</li><li>c</li>");
        }
    }
}

#[test]
fn diffs_merge_key_by_key() {
    check("{}", "<p>a</p><li>b</li><li>c</li>");
    check(r#"{"0":"x"}"#, "<p>x</p><li>b</li><li>c</li>");
    check(r#"{"1":{"k":{"kc":1}}}"#, "<p>a</p><li>b</li>");
    check(r#"{"1":"-"}"#, "<p>a</p>-");
    check(
        r#"{"0":{"s":["<b>"],"r":1}}"#,
        "<p><b></p><li>b</li><li>c</li>",
    );
    check(r#"{"s":["new"]}"#, "new");
    check(
        r#"{"1":{"k":{"0":1,"1":[0,{"0":"B"}],"kc":2,"km":true}}}"#,
        "<p>a</p><li>c</li><li>B</li>",
    );
}

#[test]
fn what_a_client_could_not_show_is_refused() {
    check("[]", "not an object");
    check("{", "the message is no JSON: expected a name at byte 1");
    check(r#"{"2":"x"}"#, "the template has no such dynamic");
    check(r#"{"00":"x"}"#, "a key has no meaning here");
    check(
        r#"{"0":true}"#,
        "a dynamic is neither HTML nor a node, a list or a component",
    );
    check(
        r#"{"0":{"0":"x"}}"#,
        "a node is new here and has no statics",
    );
    check(
        r#"{"0":{"s":3}}"#,
        "the message has no template of this number",
    );
    check(r#"{"0":{"s":["",""]}}"#, "a dynamic is missing");
    check(r#"{"1":{"k":{}}}"#, "a list has no count");
    check(
        r#"{"1":{"k":{"kc":3}}}"#,
        "a list has fewer entries than it counts",
    );
    check(
        r#"{"1":{"k":{"0":1,"kc":1}}}"#,
        "an entry moves, and the flag for moves is missing",
    );
    check(
        r#"{"1":{"k":{"0":2,"kc":1,"km":true}}}"#,
        "an entry moves that does not exist",
    );
    check(
        r#"{"1":{"k":{"0":1,"1":1,"kc":2,"km":true}}}"#,
        "an entry moves to two positions",
    );
    check(r#"{"1":{"k":{"3":{"0":"x"},"kc":4}}}"#, "a list has a gap");
    check(r#"{"t":1}"#, "the title is not a string");
    check(r#"{"0":7}"#, "a component is missing");
    check(
        r#"{"0":7,"c":{"7":{"s":["<b>","</b>"],"0":7,"r":1}}}"#,
        "a component stands in itself",
    );
    check(
        r#"{"0":7,"c":{"7":{"s":["text"]}}}"#,
        "a component is not exactly one element",
    );
    check(
        r#"{"0":7,"c":{"7":{"s":-1}}}"#,
        "a component shares with one that is not known",
    );
    check(
        r#"{"0":7,"c":{"7":{"s":8},"8":{"s":7}}}"#,
        "a component shares with one that this message does not bring",
    );
}

#[test]
fn components_that_the_stock_client_would_not_show_are_refused() {
    let join = r#"{"0":{"0":1,"s":["<p>","</p>"],"r":1},"1":"","s":["","",""],
        "c":{"1":{"0":"a","s":["<b>","</b>"],"r":1}}}"#;
    let apply = |diffs: &[&str]| {
        let mut replica = Replica::join(join).expect("a tree");
        let last = diffs.iter().map(|diff| replica.apply(diff)).last();
        last.and_then(Result::err).map(|error| error.to_string())
    };
    let hidden = r#"{"1":"x","c":{"1":{"0":"b"}}}"#;
    let problem = "a component changes together with the view, where a client does not look";
    assert_eq!(apply(&[hidden]).as_deref(), Some(problem));
    assert_eq!(apply(&[r#"{"0":{"0":1},"c":{"1":{"0":"b"}}}"#]), None);
    assert_eq!(apply(&[r#"{"c":{"1":{"0":"b"}}}"#]), None);

    let problem = "a component comes back and is not sent";
    let diffs = [r#"{"0":""}"#, r#"{"1":1}"#];
    assert_eq!(apply(&diffs).as_deref(), Some(problem));
    let whole = r#"{"1":1,"c":{"1":{"0":"b","s":["<b>","</b>"],"r":1}}}"#;
    assert_eq!(apply(&[r#"{"0":""}"#, whole]), None);
}

#[test]
fn deep_json_is_refused() {
    let deep = "[".repeat(100_000);
    assert!(Json::parse(&deep).is_err());
    let nested = format!("{}{}", "[".repeat(512), "]".repeat(512));
    assert!(Json::parse(&nested).is_ok());
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("0".to_owned()),
        Just("1".to_owned()),
        Just("true".to_owned()),
        Just("null".to_owned()),
        Just("\"x\"".to_owned()),
        Just("[\"<b>\",\"</b>\"]".to_owned()),
        Just("[\"<i id=\\\"x\\\">\"]".to_owned()),
        Just("[\"0\",[[\"x\",0,-1,null]],[\"y\"],true]".to_owned()),
    ];
    let key = prop::sample::select(
        &[
            "0", "1", "2", "s", "k", "kc", "km", "p", "r", "t", "e", "c", "stream",
        ][..],
    );
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((key.clone(), inner), 0..5).prop_map(|members| {
                let members: Vec<_> = (members.iter())
                    .map(|(key, value)| format!("\"{key}\":{value}"))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

/// Pieces of JSON, and of what is nearly JSON.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    " ",
    "\n",
    "\u{A0}",
    "\"",
    "\"a\"",
    "\"a\":",
    "\"\\u0041\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\"",
    "\\",
    "\\n",
    "\\u12",
    "\t",
    "é",
    "0",
    "00",
    "-",
    "1.5",
    "1.",
    "2e5",
    "-0",
    "1e+",
    "12345678901234567890123",
    "true",
    "tru",
    "false",
    "null",
    "[]",
    "{}",
    "[0,1]",
    "{\"a\":0}",
];

/// How many values there are, and how many bytes in them.
fn weight(json: &Json) -> usize {
    1 + match json {
        Json::Null | Json::Bool(_) => 0,
        Json::Number(text) | Json::String(text) => text.len(),
        Json::Array(items) => items.iter().map(weight).sum(),
        Json::Object(members) => members
            .iter()
            .map(|(name, member)| name.len() + weight(member))
            .sum(),
    }
}

proptest! {
    #[test]
    fn random_text_never_panics(text in any::<String>(), bytes in any::<Vec<u8>>()) {
        let _ = Replica::join(&text);
        let _ = Replica::join(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn random_messages_never_panic(join in json(), diff in json()) {
        let _ = Replica::join(&join).map(|replica| replica.html());
        let mut replica = Replica::join(JOIN).unwrap();
        let before = replica.html();
        if replica.apply(&diff).is_err() {
            prop_assert_eq!(replica.html(), before);
        }
    }

    #[test]
    fn json_reads_as_others_read_it(json in json(), cut in any::<prop::sample::Index>()) {
        let parsed = Json::parse(&json).unwrap().to_string();
        let value = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
        prop_assert_eq!(value(&parsed), value(&json));
        let cut = json.get(..cut.index(json.len() + 1)).unwrap_or_default();
        let theirs = serde_json::from_str::<serde_json::Value>(cut);
        prop_assert_eq!(Json::parse(cut).is_ok(), theirs.is_ok());
    }

    #[test]
    fn any_text_is_read_as_others_read_it_and_takes_no_more_room(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..12),
    ) {
        let text = pieces.concat();
        let ours = Json::parse(&text);
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{}", text);
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            let written = serde_json::from_str::<serde_json::Value>(&ours.to_string());
            prop_assert_eq!(written.unwrap(), theirs);
            prop_assert!(weight(&ours) <= 2 * text.len(), "{}", text);
        }
    }

    #[test]
    fn strings_are_read_as_written(text in any::<String>()) {
        let json = Json::String(text.clone()).to_string();
        let theirs = serde_json::to_string(&text).unwrap();
        prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text.as_str());
        let text = Json::String(text);
        prop_assert_eq!(&Json::parse(&json).unwrap(), &text);
        prop_assert_eq!(Json::parse(&theirs).unwrap(), text);
    }
}
