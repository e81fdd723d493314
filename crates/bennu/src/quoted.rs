//! How words that the application's authors did not write get into its log: the
//! names and URLs that a peer sends, and errors, which may repeat them.
//!
//! A log is read in terminals and split at line ends, and more people see it than
//! may see a visitor's data. So what stands in it is escaped and short. Values of
//! events and forms are not logged at all: errors name the field and what was
//! expected there.

use std::fmt::{self, Display, Formatter, Write};

use serde_json::error::Category;

/// The most bytes of what a peer chose.
const MAX_QUOTED: usize = 200;

/// The most bytes of an error. What is longer quotes something.
const MAX_LINE: usize = 1000;

/// What a peer chose, such as the name of an event: between quotation marks,
/// escaped, at most 200 bytes. A `…` stands for the rest.
#[derive(Clone, Copy)]
pub(crate) struct Quoted<T>(pub(crate) T);

/// Likewise, without the quotation marks: a name within a sentence.
#[derive(Clone, Copy)]
pub(crate) struct Unquoted<T>(pub(crate) T);

/// An error as one line of a log: escaped, at most 1,000 bytes.
#[derive(Clone, Copy)]
pub(crate) struct Line<T>(pub(crate) T);

impl<T: Display> Display for Quoted<T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_char('"')?;
        let mut escaped = Escaped {
            formatter,
            room: MAX_QUOTED - 2,
            quotes: true,
        };
        escaped.write(&self.0)?;
        formatter.write_char('"')
    }
}

impl<T: Display> Display for Unquoted<T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut escaped = Escaped {
            formatter,
            room: MAX_QUOTED,
            quotes: true,
        };
        escaped.write(&self.0)
    }
}

impl<T: Display> Display for Line<T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut escaped = Escaped {
            formatter,
            room: MAX_LINE,
            quotes: false,
        };
        escaped.write(&self.0)
    }
}

/// Escapes what is written to it.
struct Escaped<'f, 'b> {
    formatter: &'f mut Formatter<'b>,
    /// How many more bytes may be written.
    room: usize,
    /// Whether quotation marks and backslashes are escaped too.
    quotes: bool,
}

impl Escaped<'_, '_> {
    const CUT: char = '…';

    /// Writes what fits. A text ends where it doesn't, so a long one costs no
    /// more than a short one.
    fn write(&mut self, text: &impl Display) -> fmt::Result {
        match write!(self, "{text}") {
            Err(fmt::Error) => self.formatter.write_char(Self::CUT),
            Ok(()) => Ok(()),
        }
    }
}

impl Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            let is_plain = match letter {
                '"' | '\\' => !self.quotes,
                '\'' => true,
                _ => false,
            };
            let escaped = letter.escape_debug();
            let bytes = if is_plain {
                1
            } else {
                escaped.clone().map(char::len_utf8).sum()
            };
            // There is always room for the sign that something was cut off.
            if bytes + Self::CUT.len_utf8() > self.room {
                return Err(fmt::Error);
            }
            self.room -= bytes;
            if is_plain {
                self.formatter.write_char(letter)?;
            } else {
                write!(self.formatter, "{escaped}")?;
            }
        }
        Ok(())
    }
}

/// A URL without what visitors' secrets stand in: tokens, searches, fragments.
pub(crate) fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// What is wrong with a peer's JSON, without any of it: serde's own words repeat
/// the value that they complain about.
pub(crate) fn expected(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match error.classify() {
        // "expected value at line 1 column 2".
        Category::Syntax | Category::Eof | Category::Io => text,
        Category::Data => match text.rsplit_once(", expected ") {
            // `invalid type: string "secret", expected u32 at line 1 column 9`:
            // the value comes first, and what is behind the last comma is ours.
            Some((_, expected)) => format!("expected {expected}"),
            // These name a field of ours.
            None if text.starts_with("missing field `") => text,
            None => {
                let (line, column) = (error.line(), error.column());
                format!("unexpected data at line {line} column {column}")
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[test]
    fn words_of_a_peer_are_escaped_and_cut() {
        assert_eq!(Quoted("set").to_string(), r#""set""#);
        assert_eq!(Quoted("größe 'x'").to_string(), r#""größe 'x'""#);
        assert_eq!(
            Quoted("a\"b\\c\r\n\x1B[2J\u{202E}\0").to_string(),
            r#""a\"b\\c\r\n\u{1b}[2J\u{202e}\0""#
        );
        let cut = format!("\"{}…\"", "x".repeat(195));
        assert_eq!(Quoted("x".repeat(1_000_000)).to_string(), cut);
        assert_eq!(cut.len(), MAX_QUOTED);
    }

    #[test]
    fn an_error_is_one_line() {
        assert_eq!(
            Line("no \"a\\b\":\nERROR \x1B[2J").to_string(),
            r#"no "a\b":\nERROR \u{1b}[2J"#
        );
        assert_eq!(Line("ä".repeat(1000)).to_string().len(), 999);
    }

    #[test]
    fn what_was_expected_of_json_is_said_without_what_came() {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only decoded")]
        struct Wanted {
            cid: u32,
            name: String,
        }
        for (json, words) in [
            (r#"{"cid":"secret"}"#, "expected u32 at line 1 column 15"),
            (
                r#"{"cid":"a, expected secret"}"#,
                "expected u32 at line 1 column 27",
            ),
            (
                r#"{"name":["secret"]}"#,
                "expected a string at line 1 column 8",
            ),
            (r#"["secret"]"#, "expected u32 at line 1 column 9"),
            (r#"{"name":""}"#, "missing field `cid` at line 1 column 11"),
            (
                r#"{"name":"","name":"secret"}"#,
                "unexpected data at line 1 column 17",
            ),
            (r#"{"name":secret}"#, "expected value at line 1 column 9"),
        ] {
            let error = serde_json::from_str::<Wanted>(json).expect_err(json);
            assert_eq!(expected(&error), words);
        }
    }

    proptest! {
        #[test]
        fn nothing_in_a_log_line_breaks_it_or_is_long(text in any::<String>(), times in 1..50_usize) {
            let text = text.repeat(times);
            for (written, most) in [
                (Quoted(&text).to_string(), MAX_QUOTED),
                (Unquoted(&text).to_string(), MAX_QUOTED),
                (Line(&text).to_string(), MAX_LINE),
            ] {
                prop_assert!(written.len() <= most);
                prop_assert!(!written.contains(char::is_control));
            }
        }
    }
}
