//! Laws of the encoding, tried on many inputs from a generator with a fixed
//! seed: a failure names its input.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::form::encoded::parse_form;
use crate::form::{Form, List};

/// The generator "`SplitMix64`".
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % limit as u64).expect("it is below a usize")
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn text(&mut self, pieces: &[&str], most: usize) -> String {
        (0..self.below(most + 1)).map(|_| self.of(pieces)).collect()
    }
}

/// Pieces that mean something to the encoding, to names or to types.
const PIECES: &[&str] = &[
    "a",
    "b",
    "name",
    "age",
    "items",
    "tags",
    "0",
    "1",
    "[",
    "]",
    "[]",
    "][",
    "[0]",
    "=",
    "&",
    "%",
    "%5B",
    "%5D",
    "%ff",
    "%zz",
    "+",
    " ",
    "_unused_",
    "_sort",
    "[_sort][]=",
    "[_drop][]=",
    "_new_",
    "_target",
    ".",
    "ä",
    "\0",
    "-",
    "\u{1F600}",
];

#[derive(Deserialize)]
#[expect(dead_code, reason = "only whether it parses matters")]
struct Anything {
    a: Option<u8>,
    b: bool,
    name: String,
    age: std::num::NonZeroU8,
    items: Vec<Anything>,
    tags: Vec<char>,
    rest: Option<(u8, std::collections::BTreeMap<u8, char>)>,
}

#[test]
fn no_encoded_text_panics() {
    let mut random = Random(1);
    for _ in 0..20_000 {
        let encoded = random.text(PIECES, 40);
        let form: Form<Anything> = Form::parse(&encoded);
        for field in ["", "a", "items.0.name", "items..", "tags.0", "ä.\0"] {
            let _ = (form.raw(field), form.errors(field).count());
            let _ = (form.is_used(field), form.id(field));
        }
        for list in ["items", "tags", "a"] {
            for entry in form.list(list).entries() {
                let _ = (entry.itself().name(), entry.field("name").errors().count());
            }
        }
        assert_eq!(form.is_valid(), form.result().is_ok(), "of {encoded:?}");
        if let Err(errors) = form.result() {
            assert!(!errors.is_empty(), "of {encoded:?}");
        }
    }
}

/// A tree that the encoding can say: nothing is empty, keys have no brackets,
/// and a list holds no maps of several entries.
fn tree(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 1 } else { 4 }) {
        1 => Value::Object(map(random, 3, depth - 1)),
        2 => (0..=random.below(3)).map(|_| leaf(random)).collect(),
        3 => (0..=random.below(3))
            .map(|_| Value::Object(map(random, 1, 0)))
            .collect(),
        _ => leaf(random),
    }
}

fn leaf(random: &mut Random) -> Value {
    Value::String(random.text(PIECES, 4))
}

fn map(random: &mut Random, most: usize, depth: usize) -> Map<String, Value> {
    let key = |random: &mut Random| {
        random
            .of(&["a", "b", "0", "ä", "=", "&", "%", "."])
            .to_owned()
    };
    (0..=random.below(most))
        .map(|_| (key(random), tree(random, depth)))
        .collect()
}

fn encode(name: &str, value: &Value, out: &mut form_urlencoded::Serializer<'_, String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                encode(&format!("{name}[{key}]"), value, out);
            }
        }
        Value::Array(items) => {
            for item in items {
                encode(&format!("{name}[]"), item, out);
            }
        }
        leaf => {
            out.append_pair(name, leaf.as_str().unwrap_or_default());
        }
    }
}

#[test]
fn a_tree_survives_its_encoding() {
    let mut random = Random(2);
    for _ in 0..5_000 {
        let map = map(&mut random, 4, 3);
        let mut out = form_urlencoded::Serializer::new(String::new());
        for (key, value) in &map {
            encode(key, value, &mut out);
        }
        let encoded = out.finish();
        assert_eq!(parse_form(&encoded), Value::Object(map), "of {encoded}");
    }
}

/// A tree of groups in lists, as deep as its maker wants it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Branch {
    name: String,
    size: i32,
    is_green: bool,
    tags: Vec<String>,
    twigs: Vec<Branch>,
}

fn branch(random: &mut Random, depth: usize) -> Branch {
    let twigs = if depth == 0 { 0 } else { random.below(4) };
    Branch {
        name: random.text(PIECES, 3),
        size: i32::try_from(random.below(2_000)).expect("it is small") - 1_000,
        is_green: random.below(2) == 0,
        tags: (0..random.below(3))
            .map(|_| random.text(PIECES, 2))
            .collect(),
        twigs: (0..twigs).map(|_| branch(random, depth - 1)).collect(),
    }
}

/// What the inputs of a branch would send: by the names that the form gives
/// them, entries in their order or, for `shuffle`, some other one.
fn send(
    form: &Form<Branch>,
    path: &str,
    random: &mut Option<Random>,
    out: &mut Vec<(String, String)>,
) {
    let field = |name: &str| form.field(path.to_owned()).field(name);
    for name in ["name", "size", "is_green"] {
        out.push((field(name).name(), field(name).raw().to_owned()));
    }
    for list in ["tags", "twigs"] {
        let list: List<'_> = field(list).list();
        let mut entries: Vec<_> = list.entries().collect();
        if let Some(random) = random
            && !entries.is_empty()
        {
            let by = random.below(entries.len());
            entries.rotate_left(by);
        }
        for entry in entries {
            let inner = entry.itself();
            let name = inner.name();
            let (list, _) = name.rsplit_once('[').expect("an entry has a key");
            out.push((format!("{list}[_sort][]"), entry.key().to_owned()));
            if inner.path().contains("tags") {
                out.push((name, inner.raw().to_owned()));
            } else {
                send(form, inner.path(), random, out);
            }
        }
    }
}

fn encoded(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

#[test]
fn a_value_survives_its_form() {
    let mut random = Random(3);
    for _ in 0..500 {
        let value = branch(&mut random, 3);
        let mut pairs = Vec::new();
        send(&Form::filled(&value), "", &mut None, &mut pairs);
        let back: Form<Branch> = Form::parse(&encoded(&pairs));
        assert_eq!(back.value(), Some(&value), "of {pairs:?}");
    }
}

#[test]
fn entries_keep_their_keys_wherever_they_move() {
    let mut random = Random(4);
    for round in 0..300 {
        let value = branch(&mut random, 3);
        let mut pairs = Vec::new();
        let mut moves = Some(Random(round));
        send(&Form::filled(&value), "", &mut moves, &mut pairs);
        let moved: Form<Branch> = Form::parse(&encoded(&pairs));
        assert!(moved.is_valid(), "of {pairs:?}");
        // The same inputs in the same order, by the same names.
        let mut again = Vec::new();
        send(&moved, "", &mut None, &mut again);
        assert_eq!(again, pairs);
    }
}
