//! Who may know what: the table of ARCHITECTURE.md as absences.

use super::Finding;
use super::repository::{File, Repository, is_under};

/// Words that code in a folder must not use.
struct Layer {
    folder: &'static str,
    /// Paths in it for which the layer does not hold.
    apart: &'static [&'static str],
    words: &'static [&'static str],
    mend: &'static str,
}

const LAYERS: [Layer; 3] = [
    Layer {
        folder: "crates/bennu/src",
        apart: &["crates/bennu/src/web", "crates/bennu/src/lib.rs"],
        words: &["axum"],
        mend: "only the folder web knows the web framework: move it there",
    },
    Layer {
        folder: "crates/bennu-core/src",
        apart: &[],
        words: &[
            "tokio",
            "axum",
            "serde",
            "serde_json",
            "async",
            "std::fs",
            "std::io",
            "std::net",
            "std::time",
            "std::thread",
        ],
        mend: "the core has no async, IO, clock or serde: move it to a crate above",
    },
    Layer {
        folder: "crates/bennu-pubsub/src",
        apart: &[],
        words: &["axum", "maud", "bennu", "bennu_core", "bennu_macros"],
        mend: "pub/sub knows neither HTML nor views: move it to bennu",
    },
];

pub(super) fn words(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for layer in &LAYERS {
        let inside = |file: &&File| !layer.apart.iter().any(|path| is_under(&file.path, path));
        for file in repository.under(layer.folder).filter(inside) {
            let Some(code) = &file.code else { continue };
            for (at, line) in code.code.lines().enumerate() {
                let found = layer.words.iter().filter(|word| has_word(line, word));
                findings.extend(found.filter(|_| !file.is_test_line(at + 1)).map(|word| {
                    Finding::new(
                        &file.path,
                        at + 1,
                        format!("names `{word}`; {}", layer.mend),
                    )
                }));
            }
        }
    }
    findings
}

/// Whether `word` stands in `line` and is not part of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    let in_word = |letter: Option<char>| letter.is_some_and(|l| l.is_alphanumeric() || l == '_');
    line.match_indices(word).any(|(at, _)| {
        !in_word(line[..at].chars().next_back()) && !in_word(line[at + word.len()..].chars().next())
    })
}

/// Every manifest takes the workspace's lints; the core depends on nothing that its layer forbids.
pub(super) fn manifests(repository: &Repository) -> Vec<Finding> {
    const CORE: [&str; 7] = [
        "tokio",
        "axum",
        "serde",
        "serde_json",
        "futures-util",
        "http",
        "bytes",
    ];
    let mut findings = Vec::new();
    for file in repository
        .files()
        .iter()
        .filter(|file| file.path.ends_with("/Cargo.toml"))
    {
        if !file.text.contains("[lints]\nworkspace = true") {
            findings.push(Finding::new(
                &file.path,
                0,
                "add `[lints]` with `workspace = true`",
            ));
        }
    }
    if let Some(file) = repository.file("crates/bennu-core/Cargo.toml") {
        for (line, name) in dependencies(&file.text) {
            if CORE.contains(&name) {
                let message = format!("depends on `{name}`; the core has no async, IO or serde");
                findings.push(Finding::new(&file.path, line, message));
            }
        }
    }
    findings
}

/// Line and name of each dependency of a manifest that is not for tests or the build.
fn dependencies(manifest: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut inside = false;
    for (at, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if let Some(section) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            inside = section == "dependencies" || section.ends_with(".dependencies");
            found.extend(
                section
                    .strip_prefix("dependencies.")
                    .map(|name| (at + 1, name)),
            );
        } else if inside && !line.starts_with('#') {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            found.extend((!name.is_empty()).then_some((at + 1, name)));
        }
    }
    found
}

/// What the browser gets is ours alone: Phoenix's packages and all others are for tests.
pub(super) fn imports(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository
        .under("js-client/src")
        .filter(|file| !file.is_test())
    {
        let Some(code) = &file.code else { continue };
        for (at, line) in code.uncommented.lines().enumerate() {
            let from = line
                .split_once(" from ")
                .or_else(|| line.split_once("import "));
            let named = from.and_then(|(_, rest)| rest.trim_start().strip_prefix(['"', '\'']));
            if named.is_some_and(|name| !name.starts_with('.')) {
                let message = "imports a package; the client ships only files of its own";
                findings.push(Finding::new(&file.path, at + 1, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(findings: &[Finding]) -> Vec<String> {
        findings
            .iter()
            .map(|finding| format!("{}:{}", finding.file, finding.line))
            .collect()
    }

    #[test]
    fn a_word_of_another_layer_is_found_in_code_alone() {
        let repository = Repository::of(&[
            (
                "crates/bennu/src/view.rs",
                "// axum\nuse axum::Router;\nconst X: &str = \"axum\";\n",
            ),
            ("crates/bennu/src/web/page.rs", "use axum::Router;\n"),
            (
                "crates/bennu/src/webs.rs",
                "use axum_extra::x;\nuse axum;\n",
            ),
            (
                "crates/bennu-core/src/a.rs",
                "#[cfg(test)]\nmod tests {\n    use std::io;\n}\nuse std::io;\n",
            ),
        ]);
        assert_eq!(
            places(&words(&repository)),
            [
                "crates/bennu/src/view.rs:2",
                "crates/bennu/src/webs.rs:2",
                "crates/bennu-core/src/a.rs:5"
            ]
        );
    }

    #[test]
    fn the_core_may_use_for_tests_what_it_may_not_depend_on() {
        let manifest = "[lints]\nworkspace = true\n[dependencies]\nserde.workspace = true\n\
                        rapidhash = \"4\"\n[dependencies.tokio]\nversion = \"1\"\n\
                        [dev-dependencies]\nserde_json = \"1\"\n";
        let repository = Repository::of(&[("crates/bennu-core/Cargo.toml", manifest)]);
        assert_eq!(
            places(&manifests(&repository)),
            [
                "crates/bennu-core/Cargo.toml:4",
                "crates/bennu-core/Cargo.toml:6"
            ]
        );
    }

    #[test]
    fn the_client_imports_its_own_files() {
        let repository = Repository::of(&[(
            "js-client/src/view.ts",
            "import { a } from \"./a\";\nimport { b } from \"phoenix\";\nimport \"c\";\n// from \"d\"\n",
        )]);
        assert_eq!(
            places(&imports(&repository)),
            ["js-client/src/view.ts:2", "js-client/src/view.ts:3"]
        );
    }
}
