//! `docs/limits.md` lists each field of `Limits` in its first table, and nothing that is none; the
//! names in capitals in its second are those of constants.

use super::Finding;
use super::repository::Repository;

const PAGE: &str = "docs/limits.md";
const SOURCE: &str = "crates/bennu/src/config.rs";
const SECOND: &str = "## What is fixed";

pub(super) fn listed(repository: &Repository) -> Vec<Finding> {
    let source = repository.file(SOURCE).and_then(|file| file.code.as_ref());
    let (Some(page), Some(source)) = (repository.file(PAGE), source) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let fields = fields(&source.code);
    if fields.is_empty() {
        let message = "declares no `pub struct Limits` in the form that this rule reads";
        findings.push(Finding::new(SOURCE, 0, message));
    }
    let second = page.text.lines().position(|line| line == SECOND);
    let (set, fixed): (Vec<_>, Vec<_>) =
        rows(&page.text).partition(|(line, _)| second.is_none_or(|second| *line <= second));
    for (line, field) in &fields {
        if !set.iter().any(|(_, name)| name == field) {
            let message = format!(
                "the limit `{field}` has no row in {PAGE}: add its default, why, and what the \
                 peer and the log show"
            );
            findings.push(Finding::new(SOURCE, *line, message));
        }
    }
    for (line, name) in set {
        if !fields.iter().any(|(_, field)| *field == name) {
            let message =
                format!("`{name}` is no field of `Limits`: name it as there, or take the row away");
            findings.push(Finding::new(PAGE, line, message));
        }
    }
    for (line, name) in fixed {
        let name = name.rsplit("::").next().unwrap_or(name);
        if !is_constant(repository, name) {
            let message = format!("there is no constant `{name}`: name it as in the code");
            findings.push(Finding::new(PAGE, line, message));
        }
    }
    findings
}

/// Line and name of each field of `Limits`.
fn fields(code: &str) -> Vec<(usize, &str)> {
    let lines = code.lines().enumerate();
    let inside = lines
        .skip_while(|(_, line)| !line.starts_with("pub struct Limits {"))
        .skip(1)
        .take_while(|(_, line)| !line.starts_with('}'));
    let named = inside.filter_map(|(at, line)| {
        let (declared, _) = line.split_once(':')?;
        Some((at + 1, declared.split_whitespace().next_back()?))
    });
    named.collect()
}

/// Line and name of each row of a table that begins with a name.
fn rows(page: &str) -> impl Iterator<Item = (usize, &str)> {
    page.lines().enumerate().filter_map(|(at, line)| {
        let (name, _) = line.strip_prefix("| `")?.split_once('`')?;
        Some((at + 1, name))
    })
}

fn is_constant(repository: &Repository, name: &str) -> bool {
    let declared = format!("const {name}: ");
    let mut sources = repository.under("crates");
    sources.any(|file| (file.code.as_ref()).is_some_and(|code| code.code.contains(&declared)))
}

#[test]
fn a_limit_without_a_row_and_a_row_without_a_limit_are_found() {
    let source = "pub struct Limits {\n    /// The first.\n    pub first: usize,\n    \
                  second: u32,\n}\nconst MOST: usize = 1;\n";
    let page = |rows: &str| format!("| limit |\n{rows}\n{SECOND}\n| `MOST` | 1 |\n");
    let found = |page: &str| {
        let repository = Repository::of(&[(SOURCE, source), (PAGE, page)]);
        let findings = listed(&repository);
        let places = findings.iter();
        places
            .map(|finding| (finding.file.clone(), finding.line))
            .collect::<Vec<_>>()
    };
    let whole = page("| `first` | 1 |\n| `second` | 2 |");
    assert_eq!(found(&whole), []);
    assert_eq!(found(&page("| `first` | 1 |")), [(SOURCE.to_owned(), 4)]);
    let more = page("| `first` | 1 |\n| `second` | 2 |\n| `third` | 3 |");
    assert_eq!(found(&more), [(PAGE.to_owned(), 4)]);
    let renamed = whole.replace("MOST", "LEAST");
    assert_eq!(found(&renamed), [(PAGE.to_owned(), 5)]);
}
