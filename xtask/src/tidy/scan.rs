//! Tells code, comments and literals apart, well enough for the rules: no grammar, only what
//! begins and ends a comment or a literal.

use std::ops::RangeInclusive;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Rust,
    /// TypeScript and JavaScript.
    Script,
    Css,
}

/// A text in three views, each as long as the text, with blanks for what is left out.
#[derive(Debug)]
pub(super) struct Scanned {
    /// Without comments and without what stands in literals.
    pub(super) code: String,
    /// Without comments.
    pub(super) uncommented: String,
    /// The comments alone.
    pub(super) comments: String,
    /// The lines of the `#[cfg(test)]` modules, found once.
    test_modules: Vec<RangeInclusive<usize>>,
}

pub(super) fn scan(text: &str, language: Language) -> Scanned {
    let mut scanner = Scanner {
        text: text.chars().collect(),
        kinds: Vec::new(),
        language,
    };
    while scanner.at() < scanner.text.len() {
        scanner.token();
    }
    let view = |keep: fn(Kind) -> bool| -> String {
        let letters = scanner.text.iter().zip(&scanner.kinds);
        letters
            .map(|(&letter, &kind)| {
                if letter == '\n' || keep(kind) {
                    letter
                } else {
                    ' '
                }
            })
            .collect()
    };
    let code = view(|kind| kind == Kind::Code);
    Scanned {
        test_modules: test_modules(&code),
        uncommented: view(|kind| kind != Kind::Comment),
        comments: view(|kind| kind == Kind::Comment),
        code,
    }
}

impl Scanned {
    pub(super) fn test_modules(&self) -> &[RangeInclusive<usize>] {
        &self.test_modules
    }

    /// The number of lines that hold more than comments and blanks, without tests.
    pub(super) fn lines_of_code(&self) -> usize {
        let in_test = |line: &usize| self.test_modules.iter().any(|module| module.contains(line));
        let lines = self.uncommented.lines().enumerate();
        lines
            .filter(|(at, line)| !line.trim().is_empty() && !in_test(&(at + 1)))
            .count()
    }
}

fn test_modules(code: &str) -> Vec<RangeInclusive<usize>> {
    let line = |at: usize| code[..at].matches('\n').count() + 1;
    let mut modules = Vec::new();
    let mut from = 0;
    while let Some(found) = code[from..].find("#[cfg(test)]") {
        let start = from + found;
        let end = end_of_item(&code[start..]).map_or(code.len(), |length| start + length);
        modules.push(line(start)..=line(end));
        from = end;
    }
    modules
}

/// How far it is to the `;` or the closing brace of the item that begins here.
fn end_of_item(code: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, letter) in code.char_indices() {
        match letter {
            ';' if depth == 0 => return Some(at),
            '{' => depth += 1,
            '}' if depth == 1 => return Some(at),
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

struct Scanner {
    text: Vec<char>,
    /// One per letter that was read: its length is where we are.
    kinds: Vec<Kind>,
    language: Language,
}

impl Scanner {
    fn at(&self) -> usize {
        self.kinds.len()
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at() + ahead).copied()
    }

    fn take(&mut self, count: usize, kind: Kind) {
        let until = (self.at() + count).min(self.text.len());
        self.kinds.resize(until, kind);
    }

    /// Reads a comment, a literal or one letter of code.
    fn token(&mut self) {
        use Language::{Css, Rust, Script};
        match (self.language, self.peek(0), self.peek(1)) {
            (Rust | Script, Some('/'), Some('/')) => self.line_comment(),
            (_, Some('/'), Some('*')) => self.block_comment(),
            (_, Some('"'), _) | (Script | Css, Some('\''), _) => self.string(),
            (Rust, Some('\''), _) => self.letter_or_lifetime(),
            (Rust, Some('r'), Some('#' | '"')) if self.begins_a_word() => self.raw_string(),
            (Script, Some('`'), _) => self.template(),
            (Script, Some('/'), _) if self.may_begin_a_regex() => self.regex(),
            _ => self.take(1, Kind::Code),
        }
    }

    fn line_comment(&mut self) {
        while self.peek(0).is_some_and(|letter| letter != '\n') {
            self.take(1, Kind::Comment);
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while let Some(letter) = self.peek(0) {
            match (letter, self.peek(1)) {
                ('/', Some('*')) if depth == 0 || self.language == Language::Rust => {
                    depth += 1;
                    self.take(2, Kind::Comment);
                }
                ('*', Some('/')) => {
                    depth -= 1;
                    self.take(2, Kind::Comment);
                }
                _ => self.take(1, Kind::Comment),
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// The quotes are code, what stands between them is the literal.
    fn string(&mut self) {
        let quote = self.peek(0);
        self.take(1, Kind::Code);
        while self.peek(0).is_some() && self.peek(0) != quote {
            self.escape_or_letter();
        }
        self.take(1, Kind::Code);
    }

    fn escape_or_letter(&mut self) {
        let count = if self.peek(0) == Some('\\') { 2 } else { 1 };
        self.take(count, Kind::Literal);
    }

    fn letter_or_lifetime(&mut self) {
        if self.peek(1) == Some('\\') || self.peek(2) == Some('\'') {
            self.take(1, Kind::Code);
            self.escape_or_letter();
            // What is left of a longer escape: \u{1f525}.
            while self.peek(0).is_some_and(|letter| letter != '\'') {
                self.take(1, Kind::Literal);
            }
        }
        self.take(1, Kind::Code);
    }

    /// Whether the `r` here is the first letter of a word, or the second of `br` and `cr`.
    fn begins_a_word(&self) -> bool {
        let before = |back: usize| self.at().checked_sub(back).map(|at| self.text[at]);
        let in_word =
            |letter: Option<char>| letter.is_some_and(|l| l.is_alphanumeric() || l == '_');
        !in_word(before(1)) || (matches!(before(1), Some('b' | 'c')) && !in_word(before(2)))
    }

    fn raw_string(&mut self) {
        let hashes = (1..)
            .take_while(|&ahead| self.peek(ahead) == Some('#'))
            .count();
        if self.peek(1 + hashes) != Some('"') {
            return self.take(1, Kind::Code); // a raw identifier
        }
        self.take(2 + hashes, Kind::Code);
        let closes = |scanner: &Self| {
            scanner.peek(0) == Some('"')
                && (1..=hashes).all(|ahead| scanner.peek(ahead) == Some('#'))
        };
        while self.peek(0).is_some() && !closes(self) {
            self.take(1, Kind::Literal);
        }
        self.take(1 + hashes, Kind::Code);
    }

    fn template(&mut self) {
        self.take(1, Kind::Code);
        while let Some(letter) = self.peek(0) {
            match (letter, self.peek(1)) {
                ('`', _) => break,
                ('$', Some('{')) => self.inserted(),
                _ => self.escape_or_letter(),
            }
        }
        self.take(1, Kind::Code);
    }

    /// The code between `${` and its `}`.
    fn inserted(&mut self) {
        self.take(2, Kind::Code);
        let mut depth = 1_usize;
        while let Some(letter) = self.peek(0) {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            self.token();
            if depth == 0 {
                return;
            }
        }
    }

    /// A slash divides after a value and begins a regular expression elsewhere.
    fn may_begin_a_regex(&self) -> bool {
        let mut before = self.text[..self.at()].iter().rev();
        before
            .find(|letter| !letter.is_whitespace())
            .is_none_or(|letter| "(,=:[!&|?{};>+".contains(*letter))
    }

    fn regex(&mut self) {
        self.take(1, Kind::Code);
        let mut in_class = false;
        while let Some(letter) = self.peek(0) {
            match letter {
                '\n' => return,
                '/' if !in_class => break,
                '[' => in_class = true,
                ']' => in_class = false,
                _ => {}
            }
            self.escape_or_letter();
        }
        self.take(1, Kind::Code);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str, language: Language) -> String {
        scan(text, language)
            .code
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn rust_literals_and_comments_are_no_code() {
        let check = |text, expected| assert_eq!(code(text, Language::Rust), expected, "{text}");
        check("a /* b /* c */ d */ e // f\ng", "a e g");
        check(r#"a("b // \" c") d"#, r#"a(" ") d"#);
        check(r##"a(r#"b " c"#, br"d\") e"##, r##"a(r#" "#, br" ") e"##);
        check(
            r"fn f<'a>(x: &'a str) -> char { '\'' } '/' '\u{41}'",
            "fn f<'a>(x: &'a str) -> char { ' ' } ' ' ' '",
        );
        check(r##"r#type + for"x""##, r##"r#type + for" ""##);
    }

    #[test]
    fn script_templates_and_regular_expressions_are_literals() {
        let check = |text, expected| assert_eq!(code(text, Language::Script), expected, "{text}");
        check("a(`b ${c(`d ${e}`)} // f`) // g", "a(` ${c(` ${e}`)} `)");
        check(r#"x = /["'/]\/`/.test(y) / 2"#, "x = / /.test(y) / 2");
        check("a / b // c", "a / b");
    }

    #[test]
    fn lines_of_code_are_counted_without_comments_blanks_and_tests() {
        let text = "//! Head.\n\nfn a() {\n    b(); // c\n}\n\n#[cfg(test)]\nmod tests {\n    fn d() {}\n}\nfn e() {}\n";
        let scanned = scan(text, Language::Rust);
        assert_eq!(scanned.test_modules(), [7..=10]);
        assert_eq!(scanned.lines_of_code(), 4);
    }
}
