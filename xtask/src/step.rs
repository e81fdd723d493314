//! Steps: commands with a name, run one after the other. A failure names the step and the line
//! that runs it again; what does not depend on it goes on; the summary comes last.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, fmt};

use crate::libtest::Libtest;

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
    output: Output,
}

/// How a command's output is shown.
#[derive(Clone, Copy, Debug)]
enum Output {
    AsItIs,
    /// That of `cargo test`: a line per binary, and all of what fails.
    Libtest,
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
            output: Output::AsItIs,
        }
    }

    /// `cargo test`, whose output is condensed.
    pub(crate) fn cargo_test(name: &'static str, arguments: &[&str]) -> Self {
        Self {
            output: Output::Libtest,
            ..Self::cargo(name, arguments)
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

    /// Runs it with nothing to read and shows its output.
    fn run(&self, root: &Path) -> io::Result<Ran> {
        let (output, input) = io::pipe()?;
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .current_dir(root.join(self.folder))
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(input.try_clone()?)
            .stderr(input);
        let mut child = command.spawn()?;
        // It holds our ends of the pipe, which would never end.
        drop(command);
        let mut failures = Failures::default();
        let mut libtest = Libtest::default();
        for line in BufReader::new(output).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            let shown = match self.output {
                Output::AsItIs => Some(line.into_owned()),
                Output::Libtest => libtest.condense(&line),
            };
            for line in shown.iter().flat_map(|shown| shown.lines()) {
                failures.read(line);
            }
            if let Some(shown) = shown {
                println!("{shown}");
            }
        }
        let mut passed = child.wait()?.success();
        if let Output::Libtest = self.output {
            println!("{}", libtest.end());
            passed &= libtest.has_run();
        }
        Ok(Ran {
            passed,
            failures: failures.lines,
        })
    }
}

/// How a command ended.
#[derive(Debug, Default)]
struct Ran {
    passed: bool,
    /// What its output said of tests that failed.
    failures: Vec<String>,
}

/// The lines that begin with `FAILED`, each with the indented ones below it: how our test runs
/// tell what failed, how to run it again and where its traces are.
#[derive(Debug, Default)]
struct Failures {
    lines: Vec<String>,
    /// Whether the last line that was read belongs to a failure.
    is_open: bool,
}

impl Failures {
    fn read(&mut self, line: &str) {
        let begins = line.starts_with("FAILED ");
        self.is_open = begins || self.is_open && line.starts_with("    ");
        if self.is_open {
            self.lines.push(line.to_owned());
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
    Failed {
        again: String,
        /// The tests that failed, as the output told of them.
        tests: Vec<String>,
    },
    Skipped {
        why: String,
    },
}

/// What became of the steps.
#[derive(Debug, Default)]
pub(crate) struct Report {
    steps: Vec<(&'static str, Ended, Duration)>,
    /// What every command finds in its environment.
    variables: Vec<(&'static str, &'static str)>,
}

impl Report {
    /// Sets an environment variable for all commands to come.
    pub(crate) fn set_variable(&mut self, name: &'static str, value: &'static str) {
        self.variables.push((name, value));
    }

    /// Runs a step under a heading. Tells whether it succeeded.
    pub(crate) fn run(&mut self, step: &Step) -> bool {
        let mut step = step.clone();
        for &(name, value) in &self.variables {
            step = step.variable(name, value);
        }
        println!("\n=== {} ===\n$ {step}", step.name);
        let start = Instant::now();
        let ran = step.run(&crate::root()).unwrap_or_else(|error| {
            println!("{} can't be started: {error}", step.shown);
            Ran::default()
        });
        let passed = ran.passed;
        let ended = if passed {
            Ended::Passed
        } else {
            Ended::Failed {
                again: step.to_string(),
                tests: ran.failures,
            }
        };
        self.steps.push((step.name, ended, start.elapsed()));
        passed
    }

    /// Notes a failure that is not a command's.
    pub(crate) fn fail(&mut self, name: &'static str, why: &str) {
        println!("\n=== {name} ===\n{why}");
        let again = why.lines().next().unwrap_or_default().to_owned();
        self.steps.push((
            name,
            Ended::Failed {
                again,
                tests: Vec::new(),
            },
            Duration::ZERO,
        ));
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
                Ended::Failed { again, tests } => {
                    good = false;
                    println!("FAILED   {name} ({seconds:.1} s), again: {again}");
                    for line in tests {
                        println!("    {line}");
                    }
                }
                Ended::Skipped { why } => {
                    good &= !crate::in_ci();
                    println!("skipped  {name}: {why}");
                }
            }
        }
        let all: Duration = self.steps.iter().map(|(_, _, duration)| *duration).sum();
        println!("{:.1} s in all", all.as_secs_f32());
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
    fn a_failure_is_a_line_that_says_so_with_the_indented_ones_below() {
        let mut failures = Failures::default();
        let output = "passed 1.0 s\n    indented\nFAILED one\n    again: one\n    traces: there\n\n    no more\nFAILED two";
        output.lines().for_each(|line| failures.read(line));
        let expected = [
            "FAILED one",
            "    again: one",
            "    traces: there",
            "FAILED two",
        ];
        assert_eq!(failures.lines, expected);
    }

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
