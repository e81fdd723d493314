//! `cargo xtask bench`: what the figures in docs/performance.md are measured with.

use std::process::ExitCode;

use crate::browsers::CHROMIUM;
use crate::node;
use crate::step::{Report, Step};

const BUILD: &[&str] = &["build", "--release", "--package", "workloads"];
const LOAD: &[&str] = &[
    "run",
    "--release",
    "--package",
    "workloads",
    "--bin",
    "load",
];

/// Measures the core (rendering, diff, encoding), then the server with its load client, then the
/// browser's half beside Phoenix's.
pub(crate) fn run() -> ExitCode {
    let mut report = Report::default();
    report.run(&Step::cargo("core", &["bench", "--package", "bennu-core"]));
    // The client starts the server of the same build.
    if report.run(&Step::cargo("build", BUILD)) {
        report.run(&Step::cargo("server", LOAD));
        client(&mut report);
    }
    report.finish()
}

fn client(report: &mut Report) {
    const NAME: &str = "client";
    if let Some(why) = node::missing() {
        report.skip(NAME, &why);
        return;
    }
    let installed = ["js-client", "tests/browser"]
        .iter()
        .all(|&folder| node::install(report, NAME, folder));
    if let (true, Some(chromium)) = (installed, CHROMIUM.bring(report)) {
        let bench = Step::npm(NAME, "js-client", &["run", "--silent", "bench"]);
        report.run(&bench.variable(CHROMIUM.variable, chromium.to_string_lossy()));
    }
}
