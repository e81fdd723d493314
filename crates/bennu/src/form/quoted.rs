//! Texts that a browser chose, in messages for people: keys of lists and maps,
//! and what was wrong with them.

use std::fmt::{self, Display, Write};

/// A text in a message: one line, of at most so many characters, and nothing that
/// moves a terminal's cursor or turns its line around.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quoted<'t> {
    text: &'t str,
    most: usize,
}

/// The name of a field.
pub(crate) fn name(text: &str) -> Quoted<'_> {
    Quoted { text, most: 80 }
}

/// What is wrong with it.
pub(crate) fn reason(text: &str) -> Quoted<'_> {
    Quoted { text, most: 200 }
}

impl Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut chars = self.text.chars();
        for char in chars.by_ref().take(self.most) {
            match char {
                // Quotes are harmless, and texts have them.
                '"' | '\'' => formatter.write_char(char)?,
                char => write!(formatter, "{}", char.escape_debug())?,
            }
        }
        if chars.next().is_some() {
            formatter.write_char('…')?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_a_peer_stays_one_short_line() {
        assert_eq!(name("address.größe").to_string(), "address.größe");
        let evil = "a\nERROR \u{1b}[2J\u{202e}\r\0";
        let shown = name(evil).to_string();
        assert_eq!(shown, r"a\nERROR \u{1b}[2J\u{202e}\r\0");
        let long = "x".repeat(81);
        assert_eq!(name(&long).to_string(), format!("{}…", &long[1..]));
        assert_eq!(reason("must be \"a\"").to_string(), "must be \"a\"");
    }
}
