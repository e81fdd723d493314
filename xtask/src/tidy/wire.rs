//! The keys of the wire are declared in two places, one for each side: as constants in `wire.rs`
//! (`pub const STATICS: &str = "s";`) and as the members of `enum Key` in `wire.ts`
//! (`Statics = "s",`). What the client names, the server names alike. The server may have keys
//! that our client never reads, such as the root flag.

use super::Finding;
use super::repository::Repository;

const RUST: &str = "crates/bennu-core/src/wire.rs";
const SCRIPT: &str = "js-client/src/wire.ts";

pub(super) fn keys(repository: &Repository) -> Vec<Finding> {
    let code = |path| repository.file(path).and_then(|file| file.code.as_ref());
    let (Some(rust), Some(script)) = (code(RUST), code(SCRIPT)) else {
        return Vec::new();
    };
    let rust: Vec<Key> = rust.uncommented.lines().filter_map(constant).collect();
    let script = members(&script.uncommented);
    let mut findings = Vec::new();
    if rust.is_empty() || script.is_empty() {
        let file = if rust.is_empty() { RUST } else { SCRIPT };
        findings.push(Finding::new(
            file,
            0,
            "declares no keys in the form that this rule reads",
        ));
    }
    for (line, key) in script {
        if !rust.iter().any(|known| known.is(&key)) {
            let message = format!(
                "{} is \"{}\", but {RUST} has no such constant: name it alike there or here",
                key.name, key.value
            );
            findings.push(Finding::new(SCRIPT, line, message));
        }
    }
    findings
}

struct Key<'a> {
    name: &'a str,
    value: &'a str,
}

impl Key<'_> {
    /// `KEYED_COUNT` in Rust is `KeyedCount` in TypeScript.
    fn is(&self, other: &Key<'_>) -> bool {
        let plain = |name: &str| name.replace('_', "").to_lowercase();
        self.value == other.value && plain(self.name) == plain(other.name)
    }
}

/// The key that a line of Rust declares.
fn constant(line: &str) -> Option<Key<'_>> {
    let declared = line.trim().strip_prefix("pub const ")?;
    let (name, value) = declared.split_once(": &str = ")?;
    Some(Key {
        name,
        value: unquoted(value.strip_suffix(';')?)?,
    })
}

/// The keys of `enum Key`, with their lines.
fn members(script: &str) -> Vec<(usize, Key<'_>)> {
    let lines = script
        .lines()
        .enumerate()
        .skip_while(|(_, line)| !line.contains("enum Key "));
    let inside = lines.skip(1).take_while(|(_, line)| !line.contains('}'));
    let member = |(at, line): (usize, _)| Some((at + 1, member(line)?));
    inside.filter_map(member).collect()
}

fn member(line: &str) -> Option<Key<'_>> {
    let (name, value) = line.trim().trim_end_matches(',').split_once(" = ")?;
    Some(Key {
        name,
        value: unquoted(value)?,
    })
}

fn unquoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

#[test]
fn a_key_that_the_server_lacks_or_names_differently_is_found() {
    let repository = Repository::of(&[
        (
            RUST,
            "pub mod keys {\n    pub const A: &str = \"a\";\n    pub const B_C: &str = \"b\";\n\
             pub const ROOT: &str = \"r\";\n}\n",
        ),
        (
            SCRIPT,
            "export const enum Key {\n  A = \"a\",\n  BC = \"b\", // yes\n  C = \"c\",\n  \
             D = \"a\",\n}\nconst x = \"y\";\n",
        ),
    ]);
    let lines: Vec<usize> = keys(&repository)
        .iter()
        .map(|finding| finding.line)
        .collect();
    assert_eq!(lines, [4, 5]);
}
