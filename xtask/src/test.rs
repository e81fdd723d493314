//! `cargo xtask test`: everything that must hold before a commit reaches others. CI runs this and
//! nothing else.

use std::process::ExitCode;

use crate::node;
use crate::step::{Report, Step};

const CLIENT: &str = "client: tests";
const BROWSER: &str = "browser: specs";

/// What to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selection<'a> {
    All,
    /// With a filter, only the tests whose name contains it, without lints and documentation.
    Rust(Option<&'a str>),
    Client(Option<&'a str>),
    Browser(Option<&'a str>),
}

impl<'a> Selection<'a> {
    pub(crate) fn parse(arguments: &[&'a str]) -> Option<Self> {
        let (part, filter) = match *arguments {
            [] => return Some(Self::All),
            [part] => (part, None),
            [part, filter] => (part, Some(filter)),
            _ => return None,
        };
        match part {
            "rust" => Some(Self::Rust(filter)),
            "client" => Some(Self::Client(filter)),
            "browser" => Some(Self::Browser(filter)),
            _ => None,
        }
    }
}

pub(crate) fn run(selection: Selection<'_>) -> ExitCode {
    let mut report = Report::default();
    match selection {
        Selection::All => {
            rust(&mut report, None);
            if let Some(why) = node::missing() {
                report.skip(CLIENT, &why);
                report.skip(BROWSER, &why);
            } else {
                client(&mut report, None);
                browser(&mut report, None);
            }
        }
        Selection::Rust(filter) => rust(&mut report, filter),
        Selection::Client(filter) => match node::missing() {
            Some(why) => report.fail(CLIENT, &why),
            None => client(&mut report, filter),
        },
        Selection::Browser(filter) => match node::missing() {
            Some(why) => report.fail(BROWSER, &why),
            None => browser(&mut report, filter),
        },
    }
    report.finish()
}

fn rust(report: &mut Report, filter: Option<&str>) {
    let tests = Step::cargo("rust: tests", &["test", "--workspace"]);
    if let Some(filter) = filter {
        report.run(&tests.argument(filter));
        return;
    }
    report.run(&Step::cargo("rust: format", &["fmt", "--all", "--check"]));
    report.run(&Step::cargo(
        "rust: lints",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
    ));
    // After a failed binary the others still run, so that one run tells everything.
    report.run(&tests.argument("--no-fail-fast"));
    report.run(
        &Step::cargo("rust: documentation", &["doc", "--workspace", "--no-deps"])
            .variable("RUSTDOCFLAGS", "-D warnings"),
    );
}

fn client(report: &mut Report, filter: Option<&str>) {
    if node::install(report, "client: packages", "js-client") {
        in_chromium(report, CLIENT, npm_test(CLIENT, "js-client", filter));
    } else {
        report.skip(CLIENT, "the packages could not be installed");
    }
}

fn browser(report: &mut Report, filter: Option<&str>) {
    if node::install(report, "browser: packages", "tests/browser") {
        in_chromium(report, BROWSER, npm_test(BROWSER, "tests/browser", filter));
    } else {
        report.skip(BROWSER, "the packages could not be installed");
    }
}

/// Runs tests that need a browser, the client's among them, and gets one if it is missing.
fn in_chromium(report: &mut Report, name: &'static str, tests: Step) {
    match node::chromium(report) {
        Some(chromium) => {
            report.run(&tests.variable("CHROMIUM", chromium.to_string_lossy()));
        }
        None => report.skip(name, "there is no Chromium"),
    }
}

fn npm_test(name: &'static str, folder: &'static str, filter: Option<&str>) -> Step {
    match filter {
        Some(filter) => Step::npm(name, folder, &["test", "--"]).argument(filter),
        None => Step::npm(name, folder, &["test"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_is_a_part_and_a_filter() {
        assert_eq!(Selection::parse(&[]), Some(Selection::All));
        assert_eq!(Selection::parse(&["rust"]), Some(Selection::Rust(None)));
        assert_eq!(
            Selection::parse(&["browser", "todo"]),
            Some(Selection::Browser(Some("todo")))
        );
        assert_eq!(Selection::parse(&["everything"]), None);
        assert_eq!(Selection::parse(&["rust", "a", "b"]), None);
    }
}
