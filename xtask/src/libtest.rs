//! The output of `cargo test`, made short: a line per binary that passed, all of one that failed.

use std::mem;

/// Reads it line by line.
#[derive(Debug, Default)]
pub(crate) struct Libtest {
    /// What the present binary tests, such as `unittests src/lib.rs (bennu_core)`.
    subject: String,
    /// The tests of the present binary that have failed so far.
    failed: Vec<String>,
    in_all: Count,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    passed: u32,
    failed: u32,
}

impl Libtest {
    /// What is to be shown once this line has come.
    pub(crate) fn condense(&mut self, line: &str) -> Option<String> {
        let trimmed = line.trim();
        if let Some(subject) = trimmed.strip_prefix("Running ") {
            self.subject = named(subject);
            return None;
        }
        if trimmed.starts_with("Doc-tests ") {
            self.subject = trimmed.to_owned();
            return None;
        }
        if let Some(result) = line.strip_prefix("test result: ") {
            return self.close(result);
        }
        if let Some((test, end)) = line
            .strip_prefix("test ")
            .and_then(|line| line.rsplit_once(" ... "))
        {
            if end.starts_with("FAILED") {
                self.failed.push(test.to_owned());
                return Some(line.to_owned());
            }
            return None;
        }
        let is_noise = trimmed.is_empty() || line.starts_with("running ");
        (!is_noise).then(|| line.to_owned())
    }

    /// The tests of all binaries, in one line that counts.
    pub(crate) fn end(&self) -> String {
        let Count { passed, failed } = self.in_all;
        if self.has_run() {
            format!("{passed} passed, {failed} failed")
        } else {
            "no test was run: none has this name, or none was built".to_owned()
        }
    }

    /// Whether there was any test.
    pub(crate) fn has_run(&self) -> bool {
        self.in_all.passed + self.in_all.failed > 0
    }

    /// The present binary has ended.
    fn close(&mut self, result: &str) -> Option<String> {
        let count = |what: &str| -> u32 {
            let words: Vec<&str> = result
                .split([' ', ';', '.'])
                .filter(|word| !word.is_empty())
                .collect();
            let at = words.iter().position(|word| *word == what);
            at.and_then(|at| words.get(at.checked_sub(1)?)?.parse().ok())
                .unwrap_or(0)
        };
        let (passed, failed) = (count("passed"), count("failed"));
        self.in_all.passed += passed;
        self.in_all.failed += failed;
        let time = result
            .rsplit_once("finished in ")
            .map_or("", |(_, time)| time);
        let mut shown = Vec::new();
        if failed > 0 {
            shown.push(format!(
                "failed {time:>8}  {} ({failed} of {})",
                self.subject,
                passed + failed
            ));
        } else if passed > 0 {
            shown.push(format!("passed {time:>8}  {} ({passed})", self.subject));
        }
        for test in mem::take(&mut self.failed) {
            let word = test.split_whitespace().next().unwrap_or(&test);
            shown.push(format!(
                "FAILED {}: {test}\n    again: cargo xtask test rust {word}",
                self.subject
            ));
        }
        (!shown.is_empty()).then(|| shown.join("\n"))
    }
}

/// A binary by its crate and without the hash of its file:
/// `tests/core/main.rs (target/debug/deps/core-0123)` is `tests/core/main.rs (core)`.
fn named(subject: &str) -> String {
    let Some((source, path)) = subject.split_once(" (") else {
        return subject.to_owned();
    };
    let file = path
        .trim_end_matches(')')
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(path);
    let name = file.rsplit_once('-').map_or(file, |(name, _)| name);
    format!("{source} ({name})")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condensed(output: &str) -> Vec<String> {
        let mut libtest = Libtest::default();
        let shown: Vec<String> = output
            .lines()
            .filter_map(|line| libtest.condense(line))
            .collect();
        shown.into_iter().chain([libtest.end()]).collect()
    }

    #[test]
    fn a_binary_that_passes_is_one_line() {
        let output = "     Running unittests src/lib.rs (target/debug/deps/bennu_core-01ab)\n\
            \n\
            running 2 tests\n\
            test list::a_is_b ... ok\n\
            test list::b_is_c ... ok\n\
            \n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.53s\n\
            \n   Doc-tests bennu\n\
            test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        let expected = [
            "passed    1.53s  unittests src/lib.rs (bennu_core) (2)",
            "2 passed, 0 failed",
        ];
        assert_eq!(condensed(output), expected);
    }

    #[test]
    fn a_run_of_no_test_says_so() {
        let output = "     Running unittests src/lib.rs (target/debug/deps/bennu_core-01ab)\n\
            test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 9 filtered out; finished in 0.00s";
        let expected = ["no test was run: none has this name, or none was built"];
        assert_eq!(condensed(output), expected);
    }

    #[test]
    fn what_fails_is_told_in_full_and_by_name() {
        let output = "     Running unittests src/lib.rs (target/debug/deps/bennu_core-01ab)\n\
            running 2 tests\n\
            test a_is_b ... FAILED\n\
            test b_is_c ... ok\n\
            failures:\n\
            ---- a_is_b stdout ----\n\
            left: 1\n\
            test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        let expected = [
            "test a_is_b ... FAILED",
            "failures:",
            "---- a_is_b stdout ----",
            "left: 1",
            "failed    0.01s  unittests src/lib.rs (bennu_core) (1 of 2)\n\
             FAILED unittests src/lib.rs (bennu_core): a_is_b\n    \
             again: cargo xtask test rust a_is_b",
            "1 passed, 1 failed",
        ];
        assert_eq!(condensed(output), expected);
    }
}
