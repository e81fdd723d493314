//! Strings as JSON: all that the wire needs of it. No key is known here.

use crate::scan::{Word, any};

/// Appends `text` as a JSON string, quotes included.
///
/// `"`, `\` and control characters are escaped; everything else stays as it is,
/// U+2028 and U+2029 too: the receiver parses JSON, not JavaScript.
#[inline]
pub(crate) fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let special = |word: Word| word.has_below(0x20) | word.has(b'"', !0) | word.has(b'\\', !0);
    if any(text.as_bytes(), special) {
        write_each(text, out);
    } else {
        out.push_str(text);
    }
    out.push('"');
}

#[inline(never)]
fn write_each(text: &str, out: &mut String) {
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if is_special(byte) {
            // Invariant: the special bytes are ASCII, so both ends are
            // character boundaries.
            out.push_str(&text[plain..at]);
            write_escape(byte, out);
            plain = at + 1;
        }
    }
    out.push_str(&text[plain..]);
}

/// Whether the byte can't stand in a JSON string as it is.
pub(crate) fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Appends what stands for a special byte.
pub(crate) fn write_escape(byte: u8, out: &mut String) {
    let short = match byte {
        b'"' => "\\\"",
        b'\\' => "\\\\",
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        _ => {
            out.push_str("\\u00");
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
            return;
        }
    };
    out.push_str(short);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::write_string;

    proptest! {
        #[test]
        fn a_string_is_read_as_it_was_written(text in any::<String>()) {
            let mut json = String::new();
            write_string(&text, &mut json);
            prop_assert_eq!(serde_json::from_str::<String>(&json).ok(), Some(text));
        }
    }
}
