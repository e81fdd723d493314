//! The replica refuses what a client could not show, and never panics.

use bennu_replica::Replica;
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
    check(
        "{",
        "the message is no JSON: EOF while parsing an object at line 1 column 1",
    );
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
    let error = Replica::join(&deep).expect_err("too deep");
    assert_eq!(error.to_string(), "the message is too deep");
    // A page as deep as any that the core renders.
    let nested = r#"{"s":["",""],"0":"#.repeat(500) + "\"x\"" + &"}".repeat(500);
    assert_eq!(Replica::join(&nested).expect("a tree").html(), "x");
    let quoted = format!(r#"{{"s":["\"{deep}"]}}"#);
    assert!(Replica::join(&quoted).is_ok());
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
}
