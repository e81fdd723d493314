//! Texts that are shown.

/// Texts that need escaping, that are empty, that look like markup.
const TEXTS: [&str; 9] = [
    "a",
    "",
    "b & c",
    "<i>x</i>",
    "\"q\" 'r'",
    "é 日本",
    " ",
    "&amp;",
    "</li>",
];

/// So many there are.
pub(super) const WORDS: u8 = 9;

pub(super) fn word(number: u8) -> &'static str {
    TEXTS.get(usize::from(number)).copied().unwrap_or_default()
}

/// A text that is long enough for changes of it to be sent as such.
pub(super) fn long(number: u8) -> String {
    let part = |at: u8| {
        let odd = if at == number { word(number) } else { "" };
        format!("{at} is what stands in line {at}{odd}. ")
    };
    (0..12).map(part).collect()
}
