//! What the client and the browser tests need beside Rust: Node, npm packages, Chromium. Each is
//! brought when it is missing and can be brought, and the output says so.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;
use std::{env, fs};

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

/// Brings the npm packages of a folder by its lock file, unless they are there.
pub(crate) fn install(report: &mut Report, name: &'static str, folder: &'static str) -> bool {
    let root = crate::root();
    let lock = changed(&root.join(folder).join("package-lock.json"));
    let installed = changed(&root.join(folder).join("node_modules/.package-lock.json"));
    let why = match (lock, installed) {
        (Some(lock), Some(installed)) if installed >= lock => return true,
        (Some(_), Some(_)) => "is older than package-lock.json",
        (Some(_), None) => "is missing",
        (None, _) => {
            report.fail(name, &format!("{folder}/package-lock.json is missing"));
            return false;
        }
    };
    println!("\n{folder}/node_modules {why}: installing the packages of the lock file");
    report.run(&Step::npm(name, folder, &["ci", "--no-audit", "--no-fund"]))
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .ok()
}

/// A Chromium to drive, installed from Debian's packages if need be and possible.
pub(crate) fn chromium(report: &mut Report) -> Option<PathBuf> {
    const NAME: &str = "chromium";
    if let Some(found) = find_chromium() {
        return Some(found);
    }
    let root = output("id", &["-u"]).is_some_and(|user| user == "0");
    if root && on_path("apt-get").is_some() {
        println!("\nChromium is missing: installing the system's package");
        // A list that can't be brought up to date is no reason to stop; the installation will tell.
        let commands = "apt-get update; apt-get install -y --no-install-recommends chromium";
        let install = Step::program(NAME, "sh", &["-c", commands]);
        report.run(&install.variable("DEBIAN_FRONTEND", "noninteractive"));
        return find_chromium();
    }
    report.skip(
        NAME,
        "no Chromium was found; install one (Debian: apt-get install chromium) or name its \
         binary in CHROMIUM",
    );
    None
}

fn find_chromium() -> Option<PathBuf> {
    const NAMES: [&str; 4] = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    const PLACES: [&str; 2] = [
        "/usr/bin/chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    let named = env::var_os("CHROMIUM")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from);
    let placed = || PLACES.iter().map(PathBuf::from).find(|path| path.is_file());
    let called = || NAMES.iter().find_map(|name| on_path(name));
    named
        .filter(|path| path.is_file())
        .or_else(placed)
        .or_else(called)
}

fn on_path(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// What a program says, without white space around it; `None` if it can't.
fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    let output = command
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
