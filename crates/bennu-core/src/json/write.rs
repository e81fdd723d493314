//! Strings as JSON.

/// Appends `text` as a JSON string, quotes included.
///
/// `"`, `\` and control characters are escaped; everything else stays as it is,
/// U+2028 and U+2029 too: the receiver parses JSON, not JavaScript.
pub(crate) fn write_string(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push('"');
    let mut plain = 0;
    // Looking at 16 bytes at once costs a few vector instructions; most text
    // has nothing to escape.
    for (index, chunk) in bytes.chunks(16).enumerate() {
        if !chunk.iter().fold(false, |any, &byte| any | special(byte)) {
            continue;
        }
        for (offset, &byte) in chunk.iter().enumerate() {
            if special(byte) {
                let at = index * 16 + offset;
                // Invariant: the special bytes are ASCII, so both ends are
                // character boundaries.
                out.push_str(&text[plain..at]);
                write_escape(byte, out);
                plain = at + 1;
            }
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

#[inline]
fn special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn write_escape(byte: u8, out: &mut String) {
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
