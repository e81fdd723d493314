//! `cargo xtask test`: everything that must hold before a commit reaches others. CI runs this and
//! nothing else.

use std::process::ExitCode;

use crate::browsers::{Browser, CHROMIUM, HEADLESS_SHELL, OTHERS};
use crate::node;
use crate::step::{Report, Step};

const CLIENT: &str = "client: tests";
const BROWSER: &str = "browser: specs";

/// Have tests that draw shapes, turns or bytes at random take many more of them than the few that
/// each change is tested with: our own, and those of proptest, whose default is 256.
const THOROUGH: [(&str, &str); 2] = [("BENNU_TEST_ALL", "1"), ("PROPTEST_CASES", "5000")];

/// Each change is tested with the same random cases, so that none fails by another one's fault.
const STEADY: (&str, &str) = ("PROPTEST_RNG_SEED", "1");

/// What to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selection<'a> {
    All,
    /// All, with every random seed, and the long runs.
    Thorough,
    /// With a filter, only the tests whose name contains it, without lints and documentation.
    Rust(Option<&'a str>),
    Client(Option<&'a str>),
    /// What the specs' runner takes: words, and how often or how many at a time.
    Browser(&'a [&'a str]),
}

impl<'a> Selection<'a> {
    pub(crate) fn parse(arguments: &'a [&'a str]) -> Option<Self> {
        match *arguments {
            [] => Some(Self::All),
            ["--all"] => Some(Self::Thorough),
            ["rust"] => Some(Self::Rust(None)),
            ["rust", filter] => Some(Self::Rust(Some(filter))),
            ["client"] => Some(Self::Client(None)),
            ["client", filter] => Some(Self::Client(Some(filter))),
            ["browser", ref arguments @ ..] => Some(Self::Browser(arguments)),
            _ => None,
        }
    }
}

pub(crate) fn run(selection: Selection<'_>) -> ExitCode {
    let mut report = Report::default();
    match selection {
        Selection::All => {
            report.set_variable(STEADY.0, STEADY.1);
            everything(&mut report, HEADLESS_SHELL);
        }
        Selection::Thorough => {
            for (name, value) in THOROUGH {
                report.set_variable(name, value);
            }
            everything(&mut report, CHROMIUM);
        }
        Selection::Rust(filter) => rust(&mut report, filter),
        Selection::Client(filter) => {
            with_node(&mut report, CLIENT, |report| {
                client(report, filter, HEADLESS_SHELL);
            });
        }
        Selection::Browser(arguments) => {
            with_node(&mut report, BROWSER, |report| {
                browser(report, arguments, HEADLESS_SHELL);
            });
        }
    }
    report.finish()
}

fn everything(report: &mut Report, chromium: Browser) {
    rust(report, None);
    if let Some(why) = node::missing() {
        report.skip(CLIENT, &why);
        report.skip(BROWSER, &why);
    } else {
        client(report, None, chromium);
        browser(report, &[], chromium);
    }
}

fn with_node(report: &mut Report, name: &'static str, run: impl FnOnce(&mut Report)) {
    match node::missing() {
        Some(why) => report.fail(name, &why),
        None => run(report),
    }
}

fn rust(report: &mut Report, filter: Option<&str>) {
    let tests = Step::cargo_test("rust: tests", &["test", "--workspace"]);
    if let Some(filter) = filter {
        report.run(&tests.argument(filter));
        return;
    }
    report.run(&Step::cargo("rust: format", &["fmt", "--all", "--check"]));
    let lints = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    report.run(&Step::cargo("rust: lints", &lints));
    // On its own, so that the time of the tests is that of the tests.
    if report.run(&Step::cargo(
        "rust: build",
        &["test", "--workspace", "--no-run"],
    )) {
        // After a failed binary the others still run, so that one run tells everything.
        report.run(&tests.argument("--no-fail-fast"));
    }
    report.run(
        &Step::cargo("rust: documentation", &["doc", "--workspace", "--no-deps"])
            .variable("RUSTDOCFLAGS", "-D warnings"),
    );
}

fn client(report: &mut Report, filter: Option<&str>, chromium: Browser) {
    if !node::install(report, "client: packages", "js-client") {
        report.skip(CLIENT, "the packages could not be installed");
        return;
    }
    let tests = match filter {
        Some(filter) => Step::npm(CLIENT, "js-client", &["test", "--"]).argument(filter),
        None => Step::npm(CLIENT, "js-client", &["test"]),
    };
    run_in(report, chromium, CLIENT, tests);
}

fn browser(report: &mut Report, arguments: &[&str], chromium: Browser) {
    if !node::install(report, "browser: packages", "tests/browser") {
        report.skip(BROWSER, "the packages could not be installed");
        return;
    }
    let mut specs = Step::npm(BROWSER, "tests/browser", &["test", "--"]);
    for argument in arguments {
        specs = specs.argument(argument);
    }
    // Their specs are left out where they can't be had; in CI that is a failure.
    for browser in OTHERS {
        if let Some(path) = browser.bring(report) {
            specs = specs.variable(browser.variable, path.to_string_lossy());
        }
    }
    run_in(report, chromium, BROWSER, specs);
}

/// Runs tests that need a browser, the client's among them, and gets one if it is missing.
fn run_in(report: &mut Report, browser: Browser, name: &'static str, tests: Step) {
    match browser.bring(report) {
        Some(path) => {
            report.run(&tests.variable(browser.variable, path.to_string_lossy()));
        }
        None => report.skip(name, "there is no Chromium"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_is_a_part_and_what_narrows_it() {
        assert_eq!(Selection::parse(&[]), Some(Selection::All));
        assert_eq!(Selection::parse(&["--all"]), Some(Selection::Thorough));
        assert_eq!(Selection::parse(&["rust"]), Some(Selection::Rust(None)));
        assert_eq!(
            Selection::parse(&["browser", "todo", "--repeat=20"]),
            Some(Selection::Browser(&["todo", "--repeat=20"]))
        );
        assert_eq!(Selection::parse(&["everything"]), None);
        assert_eq!(Selection::parse(&["rust", "a", "b"]), None);
    }
}
