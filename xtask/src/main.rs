//! The project's commands: `cargo xtask test`, `client`, `bench`, `tidy`.
//!
//! Only `std`, so that a newcomer's first command starts at once. Each command prints the lines
//! that it runs, and they can be run by hand in the same way.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool"
)]

mod bench;
mod browsers;
mod client;
mod libtest;
mod node;
mod programs;
mod step;
mod test;
mod tidy;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask test [rust|client|browser] [FILTER]   everything that must hold, or one part of it
cargo xtask test browser [WORDS] [--repeat=N]     specs again and again: do they waver?
cargo xtask test --all                            everything, with all random seeds
cargo xtask client                                build js-client into crates/bennu/assets
cargo xtask bench                                 measure
cargo xtask tidy                                  the rules of this repository (part of `test`)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["test", ref selection @ ..] => match test::Selection::parse(selection) {
            Some(selection) => test::run(selection),
            None => usage(),
        },
        ["client"] => client::run(),
        ["bench"] => bench::run(),
        ["tidy"] => tidy::run(),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprint!("{USAGE}");
    ExitCode::from(2)
}

/// The repository's top folder.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent()
        .expect("xtask lies in the repository")
        .to_owned()
}

/// Whether nobody is watching: then what cannot be checked is a failure.
fn in_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "0" && value != "false")
}
