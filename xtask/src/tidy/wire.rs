//! The keys of the wire are named in two places, one for each side. They are constants of the
//! same names and values there: `const STATICS: &str = "s";` and `const STATICS = "s";`.

use std::collections::BTreeMap;

use super::Finding;
use super::repository::{File, Repository};

const RUST: &str = "crates/bennu-core/src/wire.rs";
const SCRIPT: &str = "js-client/src/wire.ts";

pub(super) fn keys(repository: &Repository) -> Vec<Finding> {
    let (Some(rust), Some(script)) = (repository.file(RUST), repository.file(SCRIPT)) else {
        return Vec::new();
    };
    let (here, there) = (constants(rust), constants(script));
    let mut findings = differences(&here, &there, RUST, SCRIPT);
    findings.extend(differences(&there, &here, SCRIPT, RUST));
    findings
}

/// What `other` lacks; a different value is told once, from the Rust side.
fn differences(keys: &Keys, other: &Keys, file: &str, other_file: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, (line, value)) in keys {
        match other.get(name) {
            None => findings.push(Finding::new(
                file,
                *line,
                format!("{name} is a key of the wire; add it to {other_file}"),
            )),
            Some((other_line, other_value)) if other_value != value && file == RUST => {
                let message = format!(
                    "{name} is \"{value}\" here and \"{other_value}\" at {other_file}:{other_line}"
                );
                findings.push(Finding::new(file, *line, message));
            }
            Some(_) => {}
        }
    }
    findings
}

/// Line and value by name.
type Keys<'a> = BTreeMap<&'a str, (usize, &'a str)>;

/// The constants of a file whose values are texts.
fn constants(file: &File) -> Keys<'_> {
    let Some(code) = &file.code else {
        return Keys::new();
    };
    let lines = code.uncommented.lines().enumerate();
    let found = lines.filter(|(at, _)| !file.is_test_line(at + 1));
    found
        .filter_map(|(at, line)| constant(line).map(|(name, value)| (name, (at + 1, value))))
        .collect()
}

/// Name and value, if the line declares a constant text.
fn constant(line: &str) -> Option<(&str, &str)> {
    let (before, rest) = line.split_once("const ")?;
    let (name, value) = rest.split_once('=')?;
    let name = name.split(':').next()?.trim();
    let value = value.trim().strip_prefix('"')?.split('"').next()?;
    matches!(before.trim(), "" | "export" | "pub" | "pub(crate)").then_some((name, value))
}

#[test]
fn a_key_that_one_side_lacks_or_writes_differently_is_found() {
    let repository = Repository::of(&[
        (
            RUST,
            "pub const A: &str = \"a\";\npub(crate) const B: &str = \"b\";\nconst C: &str = \"c\";\n",
        ),
        (
            SCRIPT,
            "export const A = \"a\";\nexport const B = \"x\";\nexport const D = \"d\";\n",
        ),
    ]);
    let found: Vec<_> = keys(&repository)
        .iter()
        .map(|finding| format!("{}:{}", finding.file, finding.line))
        .collect();
    assert_eq!(
        found,
        [
            format!("{RUST}:2"),
            format!("{RUST}:3"),
            format!("{SCRIPT}:3")
        ]
    );
}
