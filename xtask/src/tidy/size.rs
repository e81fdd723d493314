//! How long a source file may be. Long files hide more than one noun.

use super::Finding;
use super::repository::{File, Repository};

/// Lines of code, without comments, blank lines and tests.
const CAP: usize = 500;
/// From here on a note asks whether a second noun has grown.
const NOTE: usize = 300;

pub(super) fn caps(repository: &Repository) -> Vec<Finding> {
    let long = sizes(repository).filter(|(_, lines)| *lines > CAP);
    long.map(|(file, lines)| {
        let message =
            format!("{lines} lines of code and the cap is {CAP}: move a noun to a file of its own");
        Finding::new(&file.path, 0, message)
    })
    .collect()
}

/// The files that are near the cap, longest first.
pub(super) fn notes(repository: &Repository) -> Vec<String> {
    let mut near: Vec<_> = sizes(repository)
        .filter(|(_, lines)| (NOTE + 1..=CAP).contains(lines))
        .collect();
    near.sort_by_key(|&(_, lines)| std::cmp::Reverse(lines));
    near.iter()
        .map(|(file, lines)| format!("{}: {lines} lines of code", file.path))
        .collect()
}

fn sizes(repository: &Repository) -> impl Iterator<Item = (&File, usize)> {
    let sources = repository.files().iter().filter(|file| !file.is_test());
    sources.filter_map(|file| Some((file, file.code.as_ref()?.lines_of_code())))
}

#[test]
fn a_file_over_the_cap_is_found_and_its_tests_do_not_count() {
    let code = "let x = 1;\n".repeat(CAP);
    let long = format!("{code}let y = 2;\n");
    let tested = format!("{code}#[cfg(test)]\nmod tests {{\n{code}\n}}\n");
    let repository = Repository::of(&[("a.rs", &long), ("b.rs", &tested), ("c/tests.rs", &long)]);
    let found: Vec<String> = caps(&repository)
        .into_iter()
        .map(|finding| finding.file)
        .collect();
    assert_eq!(found, ["a.rs"]);
}
