//! `cargo xtask bench`: what the figures in docs/performance.md are measured with.

use std::process::ExitCode;

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

/// Measures the core (rendering, diff, encoding), then the server with its load client.
pub(crate) fn run() -> ExitCode {
    let mut report = Report::default();
    report.run(&Step::cargo("core", &["bench", "--package", "bennu-core"]));
    // The client starts the server of the same build.
    if report.run(&Step::cargo("build", BUILD)) {
        report.run(&Step::cargo("server", LOAD));
    }
    report.finish()
}
