//! Phrases that must not stand in the repository: unfinished work, tests that wait for time to
//! pass, places that exist on one machine only.

use super::Finding;
use super::repository::{File, Repository};

/// Where a phrase counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the code of any language, not in comments and literals.
    Code,
    Comments,
    /// In the code of tests.
    TestCode,
    /// Anywhere in a text file.
    Text,
    /// In lock files of npm.
    Lock,
}

struct Phrase {
    place: Place,
    text: &'static str,
    mend: &'static str,
}

const fn phrase(place: Place, text: &'static str, mend: &'static str) -> Phrase {
    Phrase { place, text, mend }
}

const UNFINISHED: &str = "finish it, or leave it out and say so in the documentation";
const SKIPPED: &str = "a test runs or is deleted";
const SLEEP: &str = "wait for what you expect, or use paused time";
const MACHINE: &str = "this path exists on one machine only; use a relative one";

// Texts that are looked for anywhere are put together here, so as not to be found here.
const PHRASES: [Phrase; 17] = [
    phrase(Place::Code, "todo!", UNFINISHED),
    phrase(Place::Code, "unimplemented!", UNFINISHED),
    phrase(Place::Comments, concat!("FIX", "ME"), UNFINISHED),
    phrase(Place::Comments, concat!("TO", "DO:"), UNFINISHED),
    phrase(Place::Comments, concat!("XX", "X"), UNFINISHED),
    phrase(Place::Code, "#[ignore", SKIPPED),
    phrase(Place::Code, "test.skip(", SKIPPED),
    phrase(Place::Code, "test.only(", SKIPPED),
    phrase(Place::Code, "test.todo(", SKIPPED),
    phrase(Place::TestCode, "thread::sleep", SLEEP),
    phrase(Place::TestCode, "time::sleep(", SLEEP),
    phrase(Place::TestCode, ".waitForTimeout(", SLEEP),
    phrase(Place::Text, concat!("/ro", "ot/"), MACHINE),
    phrase(Place::Text, concat!("/wo", "rk/"), MACHINE),
    phrase(Place::Text, concat!("/Us", "ers/"), MACHINE),
    phrase(Place::Text, concat!("C:\\Us", "ers"), MACHINE),
    phrase(
        Place::Lock,
        "\"resolved\": \"http",
        "run npm with omit-lockfile-registry-resolved=true (.npmrc), so that the lock file names \
         no registry",
    ),
];

pub(super) fn check(repository: &Repository) -> Vec<Finding> {
    repository.files().iter().flat_map(in_file).collect()
}

fn in_file(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for phrase in &PHRASES {
        let lines = view(file, phrase.place).lines().enumerate();
        for (at, _) in lines.filter(|(_, line)| begins_in(line, phrase.text)) {
            if phrase.place != Place::TestCode || file.is_test_line(at + 1) {
                let message = format!("`{}`: {}", phrase.text, phrase.mend);
                findings.push(Finding::new(&file.path, at + 1, message));
            }
        }
    }
    findings
}

/// Whether the phrase stands in the line and doesn't continue a word or a path.
fn begins_in(line: &str, phrase: &str) -> bool {
    let continues = |letter: char| letter.is_alphanumeric() || "_.}".contains(letter);
    let bound = phrase.starts_with(|first: char| first.is_alphanumeric() || first == '/');
    line.match_indices(phrase)
        .any(|(at, _)| !bound || !line[..at].chars().next_back().is_some_and(continues))
}

fn view(file: &File, place: Place) -> &str {
    match (place, &file.code) {
        (Place::Code | Place::TestCode, Some(code)) => &code.code,
        (Place::Comments, Some(code)) => &code.comments,
        (Place::Text, _) => &file.text,
        (Place::Lock, _) if file.path.ends_with("package-lock.json") => &file.text,
        (Place::Code | Place::TestCode | Place::Comments | Place::Lock, _) => "",
    }
}

#[test]
fn phrases_are_found_where_they_count() {
    let marker = concat!("FIX", "ME");
    let machine = concat!("see /wo", "rk/x and a/wo", "rk/x");
    let found = |path: &str, text: &str| -> Vec<usize> {
        check(&Repository::of(&[(path, text)]))
            .iter()
            .map(|finding| finding.line)
            .collect()
    };
    assert_eq!(
        found(
            "a.rs",
            &format!("// {marker}\nlet {marker} = \"{marker}\";\n")
        ),
        [1]
    );
    assert_eq!(found("a.rs", "fn a() { todo!() }\n// todo!\n"), [1]);
    assert_eq!(found("a.rs", "fn a() { std::thread::sleep(x) }\n"), [0; 0]);
    assert_eq!(
        found("tests/a.rs", "fn a() {\n    thread::sleep(x) }\n"),
        [2]
    );
    assert_eq!(found("a.md", &format!("\n{machine}\n")), [2]);
    assert_eq!(found("a.md", &machine.replace("see /", "see a/")), [0; 0]);
    assert_eq!(
        found("a/package-lock.json", "{\n\"resolved\": \"https://x\"\n}"),
        [2]
    );
}
