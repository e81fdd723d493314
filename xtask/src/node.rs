//! Node and the npm packages that the client's and the browser tests need beside Rust.

use std::fs;

use crate::programs::output;
use crate::step::{Report, Step};

/// The oldest Node that runs our tests.
const OLDEST: u32 = 20;

/// Why there is no use in trying steps that need Node, if so.
pub(crate) fn missing() -> Option<String> {
    let Some(version) = output("node", &["--version"]) else {
        return Some(format!(
            "Node {OLDEST} or later is missing (https://nodejs.org)"
        ));
    };
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|n| n.parse().ok());
    if major.is_none_or(|major: u32| major < OLDEST) {
        return Some(format!(
            "Node is {version}, and {OLDEST} or later is needed"
        ));
    }
    let npm = output("npm", &["--version"]);
    npm.is_none()
        .then(|| "npm is missing; it usually comes with Node".to_owned())
}

/// Brings the npm packages of a folder by its lock file, unless they are those of this lock file.
pub(crate) fn install(report: &mut Report, name: &'static str, folder: &'static str) -> bool {
    let folder_path = crate::root().join(folder);
    let Ok(lock) = fs::read(folder_path.join("package-lock.json")) else {
        report.fail(name, &format!("{folder}/package-lock.json is missing"));
        return false;
    };
    // The lock file that the packages were installed by. Its content tells, not its time: a fresh
    // checkout is no change.
    let installed = folder_path.join("node_modules/.installed-lock.json");
    let why = match fs::read(&installed) {
        Ok(installed) if installed == lock => return true,
        Ok(_) => "is not that of package-lock.json",
        Err(_) => "is missing",
    };
    println!("\n{folder}/node_modules {why}: installing the packages of the lock file");
    let arguments = ["ci", "--no-audit", "--no-fund", "--prefer-offline"];
    let passed = report.run(&Step::npm(name, folder, &arguments));
    if passed && let Err(error) = fs::write(&installed, lock) {
        println!(
            "they will be installed again: {}: {error}",
            installed.display()
        );
    }
    passed
}
