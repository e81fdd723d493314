//! The rules of this repository that no compiler checks. `cargo xtask tidy` prints what breaks
//! them; a test does the same, so `cargo test` sees them too. One rule, one file or one function;
//! a finding names the place and the mend.

mod citations;
mod floors;
mod layers;
mod limits;
mod links;
mod phrases;
mod repository;
mod scan;
mod size;
mod wire;

use std::fmt;
use std::process::ExitCode;

use repository::Repository;

/// A rule broken somewhere.
#[derive(Debug)]
struct Finding {
    file: String,
    /// From 1; 0 stands for the whole file.
    line: usize,
    /// What is wrong, and what to do.
    message: String,
}

impl Finding {
    fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(formatter, "{}: {}", self.file, self.message),
            line => write!(formatter, "{}:{line}: {}", self.file, self.message),
        }
    }
}

const RULES: [fn(&Repository) -> Vec<Finding>; 10] = [
    size::caps,
    floors::imports_run_down,
    layers::words,
    layers::manifests,
    layers::imports,
    phrases::check,
    links::resolve,
    wire::keys,
    citations::exist,
    limits::listed,
];

fn findings(repository: &Repository) -> Vec<Finding> {
    RULES.iter().flat_map(|rule| rule(repository)).collect()
}

/// Prints what breaks a rule, and which files come near their cap.
pub(crate) fn run() -> ExitCode {
    let repository = match Repository::read(&crate::root()) {
        Ok(repository) => repository,
        Err(error) => {
            println!("the repository can't be read: {error}");
            return ExitCode::FAILURE;
        }
    };
    for note in size::notes(&repository) {
        println!("note: {note}");
    }
    let findings = findings(&repository);
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        println!("{} files are tidy", repository.files().len());
        ExitCode::SUCCESS
    } else {
        println!("{} findings", findings.len());
        ExitCode::FAILURE
    }
}

#[test]
fn the_repository_is_tidy() {
    let repository = Repository::read(&crate::root()).expect("the repository can be read");
    let findings: Vec<String> = findings(&repository)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}
