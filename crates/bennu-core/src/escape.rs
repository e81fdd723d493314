//! The only place that escapes HTML.

use crate::scan::{Word, any};

/// Appends `text` so that it reads as that text in element content and in a
/// double-quoted attribute value.
///
/// `&`, `<`, `>` and `"` are replaced; `'` stays.
#[inline]
pub(crate) fn escape(text: &str, out: &mut String) {
    // `"` and `&` differ in one bit only, `<` and `>` too.
    let special = |word: Word| word.has(b'"', !(b'"' ^ b'&')) | word.has(b'<', !(b'<' ^ b'>'));
    if any(text.as_bytes(), special) {
        escape_each(text, out, |byte| matches!(byte, b'&' | b'<' | b'>' | b'"'));
    } else {
        out.push_str(text);
    }
}

/// Appends HTML so that it reads as that HTML in a double-quoted attribute
/// value: what was escaped already stays as it is, only quotes are replaced.
pub(crate) fn escape_quotes(html: &str, out: &mut String) {
    escape_each(html, out, |byte| byte == b'"');
}

/// Appends text so that it reads as that text in a single-quoted attribute
/// value, which JSON gets.
pub(crate) fn escape_in_single_quotes(text: &str, out: &mut String) {
    escape_each(text, out, |byte| matches!(byte, b'&' | b'<' | b'>' | b'\''));
}

#[inline(never)]
fn escape_each(text: &str, out: &mut String, special: impl Fn(u8) -> bool) {
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if special(byte) {
            // Invariant: the special bytes are ASCII, so both ends are
            // character boundaries.
            out.push_str(&text[plain..at]);
            out.push_str(entity(byte));
            plain = at + 1;
        }
    }
    out.push_str(&text[plain..]);
}

fn entity(byte: u8) -> &'static str {
    match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'\'' => "&#39;",
        _ => "&quot;",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        escape(text, &mut out);
        out
    }

    #[test]
    fn the_four_special_characters_become_entities() {
        assert_eq!(
            escaped(r#"<a href="x">&'</a>"#),
            "&lt;a href=&quot;x&quot;&gt;&amp;'&lt;/a&gt;"
        );
    }

    proptest! {
        #[test]
        fn escaping_agrees_with_replacing_character_by_character(text in ".{0,80}") {
            let expected = text.replace('&', "&amp;").replace('<', "&lt;")
                .replace('>', "&gt;").replace('"', "&quot;");
            prop_assert_eq!(escaped(&text), expected);
        }

        #[test]
        fn quotes_alone_are_replaced_in_html(html in "[a-z<>&\";é]{0,80}") {
            let mut out = String::new();
            escape_quotes(&html, &mut out);
            prop_assert_eq!(out, html.replace('"', "&quot;"));
        }
    }
}
