//! `cargo xtask client`: the browser client from TypeScript to the files that the crate serves.

use std::process::ExitCode;

use crate::node;
use crate::step::{Report, Step};

/// Builds the bundle and its compressed forms into `crates/bennu/assets`.
pub(crate) fn run() -> ExitCode {
    let mut report = Report::default();
    if let Some(why) = node::missing() {
        report.fail("client: build", &why);
    } else if node::install(&mut report, "client: packages", "js-client") {
        report.run(&Step::npm("client: build", "js-client", &["run", "build"]));
    }
    report.finish()
}
