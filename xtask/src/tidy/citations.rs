//! Tests that documents name to show that something holds: they exist. A document names a test as
//! `file.rs: name_of_the_test`, or a browser spec as `file.spec.mjs: its title`; as much of the
//! file's path as tells it apart.

use super::Finding;
use super::repository::{File, Repository};

/// The files that tests stand in.
const FILES: [&str; 3] = [".rs", ".spec.mjs", ".test.ts"];

pub(super) fn exist(repository: &Repository) -> Vec<Finding> {
    let documents = repository.files().iter();
    let documents = documents.filter(|file| file.has_extension("md"));
    let missing = documents.flat_map(|document| {
        let gone = |(_, file, test): &(usize, &str, &str)| !is_declared(repository, file, test);
        let gone = citations(&document.text).filter(gone);
        gone.map(|(line, file, test)| {
            let message = format!("names the test \"{test}\", but no {file} has one of that name");
            Finding::new(&document.path, line, message)
        })
    });
    missing.collect()
}

/// Line, file and name of each test that is named.
fn citations(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    text.lines().enumerate().flat_map(|(at, line)| {
        let code = line.split('`').skip(1).step_by(2);
        code.filter_map(move |code| {
            let (file, test) = code.split_once(": ")?;
            let names_file = FILES.iter().any(|end| file.ends_with(end));
            names_file.then_some((at + 1, file, test))
        })
    })
}

fn is_declared(repository: &Repository, file: &str, test: &str) -> bool {
    let declarations = match file.ends_with(".rs") {
        true => [format!("fn {test}("), format!("fn {test}<")],
        false => [format!("(\"{test}\""), format!("(`{test}`")],
    };
    let is_file = |known: &&File| {
        (known.path.strip_suffix(file)).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    let mut files = repository.files().iter().filter(is_file);
    files.any(|file| (declarations.iter()).any(|declaration| file.text.contains(declaration)))
}

#[test]
fn tests_that_are_named_and_not_there_are_found() {
    let repository = Repository::of(&[
        (
            "docs/a.md",
            "`one.rs: a_is_b`, `x/one.rs: a_is_b` and `two.spec.mjs: a is b`\n\
             `one.rs: a_is`, `ne.rs: a_is_b`, `y/one.rs: a_is_b`\n\
             `two.spec.mjs: a is`, `struct A: B`\n",
        ),
        ("tests/x/one.rs", "fn a_is_b() {}"),
        ("tests/two.spec.mjs", "spec(\"a is b\", \"/\");"),
    ]);
    let found: Vec<_> = exist(&repository)
        .iter()
        .map(|finding| finding.line)
        .collect();
    assert_eq!(found, [2, 2, 2, 3]);
}
