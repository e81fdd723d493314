//! `cargo xtask bench`: what the figures in docs/performance.md are measured with.

use std::process::ExitCode;

use crate::step::{Report, Step};

/// Measures the core (rendering, diff, encoding).
///
/// The server under load has its place here: `examples/workloads` on one core, a client that
/// drives its pages on the other.
pub(crate) fn run() -> ExitCode {
    let mut report = Report::default();
    report.run(&Step::cargo("core", &["bench", "--package", "bennu-core"]));
    report.finish()
}
