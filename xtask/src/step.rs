//! Steps: commands with a name, run one after the other. A failure names the step and the line
//! that runs it again; what does not depend on it goes on; the summary comes last.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, fmt};

/// One command.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    name: &'static str,
    program: OsString,
    /// How the program is called in a shell.
    shown: &'static str,
    arguments: Vec<String>,
    /// Relative to the repository; empty for its top.
    folder: &'static str,
    variables: Vec<(&'static str, String)>,
}

impl Step {
    /// The cargo that runs us.
    pub(crate) fn cargo(name: &'static str, arguments: &[&str]) -> Self {
        let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Self::new(name, program, "cargo", arguments)
    }

    /// npm, in a folder of the repository.
    pub(crate) fn npm(name: &'static str, folder: &'static str, arguments: &[&str]) -> Self {
        Self {
            folder,
            ..Self::new(name, "npm".into(), "npm", arguments)
        }
    }

    /// Any program of the system.
    pub(crate) fn program(name: &'static str, program: &'static str, arguments: &[&str]) -> Self {
        Self::new(name, program.into(), program, arguments)
    }

    fn new(name: &'static str, program: OsString, shown: &'static str, arguments: &[&str]) -> Self {
        let arguments = arguments
            .iter()
            .map(|&argument| argument.to_owned())
            .collect();
        Self {
            name,
            program,
            shown,
            arguments,
            folder: "",
            variables: Vec::new(),
        }
    }

    /// Sets an environment variable for this command.
    pub(crate) fn variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// Adds an argument.
    pub(crate) fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Runs it with its output to ours and nothing to read.
    fn succeeds(&self, root: &Path) -> bool {
        let status = Command::new(&self.program)
            .args(&self.arguments)
            .current_dir(root.join(self.folder))
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .status();
        match status {
            Ok(status) => status.success(),
            Err(error) => {
                println!("{} can't be started: {error}", self.shown);
                false
            }
        }
    }
}

/// The line for a shell at the top of the repository.
impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.folder.is_empty() {
            write!(formatter, "cd {} && ", self.folder)?;
        }
        for (name, value) in &self.variables {
            write!(formatter, "{name}={} ", quoted(value))?;
        }
        formatter.write_str(self.shown)?;
        self.arguments
            .iter()
            .try_for_each(|argument| write!(formatter, " {}", quoted(argument)))
    }
}

fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./=:@,+".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[derive(Debug)]
enum Ended {
    Passed,
    Failed { again: String },
    Skipped { why: String },
}

/// What became of the steps.
#[derive(Debug, Default)]
pub(crate) struct Report {
    steps: Vec<(&'static str, Ended, Duration)>,
}

impl Report {
    /// Runs a step under a heading. Tells whether it succeeded.
    pub(crate) fn run(&mut self, step: &Step) -> bool {
        println!("\n=== {} ===\n$ {step}", step.name);
        let start = Instant::now();
        let passed = step.succeeds(&crate::root());
        let ended = if passed {
            Ended::Passed
        } else {
            println!("=== {} failed; run it again with:\n    {step}", step.name);
            Ended::Failed {
                again: step.to_string(),
            }
        };
        self.steps.push((step.name, ended, start.elapsed()));
        passed
    }

    /// Notes a failure that is not a command's.
    pub(crate) fn fail(&mut self, name: &'static str, why: &str) {
        println!("\n=== {name} ===\n{why}");
        let again = why.lines().next().unwrap_or_default().to_owned();
        self.steps
            .push((name, Ended::Failed { again }, Duration::ZERO));
    }

    /// Notes that a step could not be tried.
    pub(crate) fn skip(&mut self, name: &'static str, why: &str) {
        println!("\n=== {name}: skipped ===\n{why}");
        self.steps.push((
            name,
            Ended::Skipped {
                why: why.to_owned(),
            },
            Duration::ZERO,
        ));
    }

    /// Prints the summary; what was skipped is a failure only where nobody would notice.
    pub(crate) fn finish(self) -> ExitCode {
        println!("\n=== summary ===");
        let mut good = true;
        for (name, ended, duration) in &self.steps {
            let seconds = duration.as_secs_f32();
            match ended {
                Ended::Passed => println!("passed   {name} ({seconds:.1} s)"),
                Ended::Failed { again } => {
                    good = false;
                    println!("FAILED   {name}: {again}");
                }
                Ended::Skipped { why } => {
                    good &= !crate::in_ci();
                    println!("skipped  {name}: {why}");
                }
            }
        }
        if good {
            println!("everything that was tried holds");
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_shown_as_a_line_that_a_shell_understands() {
        let step = Step::cargo("documentation", &["doc", "--no-deps"])
            .variable("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(
            step.to_string(),
            "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps"
        );

        let step = Step::npm("client", "js-client", &["test", "--"]).argument("it's here");
        assert_eq!(
            step.to_string(),
            r"cd js-client && npm test -- 'it'\''s here'"
        );
    }
}
