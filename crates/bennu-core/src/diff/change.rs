//! What two long texts differ in, and how that is sent.

use crate::escape::escape;
use crate::index::index;
use crate::sink::TextEdit;

/// How one text becomes another: a part of it is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change<'o, 't> {
    /// Where the part starts in the old text, in bytes.
    pub(crate) start: usize,
    /// What it was.
    pub(crate) deleted: &'o str,
    pub(crate) inserted: &'t str,
    /// What follows it, in both.
    rest: &'t str,
}

impl<'o, 't> Change<'o, 't> {
    /// What lies between the common start and end; `None` for equal texts.
    pub(crate) fn between(old: &'o str, new: &'t str) -> Option<Self> {
        let start = boundary(old, common_start(old.as_bytes(), new.as_bytes()));
        if start == old.len() && start == new.len() {
            return None;
        }
        let (old_end, new_end) = (&old[start..], &new[start..]);
        let same = old_end.bytes().rev().zip(new_end.bytes().rev());
        let mut rest = same.take_while(|(old, new)| old == new).count();
        while !old_end.is_char_boundary(old_end.len() - rest) {
            rest -= 1;
        }
        Some(Self {
            start,
            deleted: &old_end[..old_end.len() - rest],
            inserted: &new_end[..new_end.len() - rest],
            rest: &new_end[new_end.len() - rest..],
        })
    }

    /// How it is sent; `None` if the whole text is better.
    pub(crate) fn splice(&self, new: &str) -> Option<TextEdit> {
        /// About what a splice takes beside the inserted text.
        const FRAME: usize = 16;
        // Browsers may have changed these when they parsed the text.
        let is_kept = |text: &str| !text.bytes().any(|byte| matches!(byte, b'\r' | 0));
        let is_short = self.inserted.len() + FRAME < new.len();
        if !is_short
            || ![self.deleted, self.inserted, self.rest]
                .into_iter()
                .all(is_kept)
        {
            return None;
        }
        let mut inserted = String::with_capacity(self.inserted.len());
        escape(self.inserted, &mut inserted);
        Some(TextEdit {
            rest: html_units(self.rest),
            deleted: html_units(self.deleted),
            inserted,
        })
    }
}

fn common_start(old: &[u8], new: &[u8]) -> usize {
    const CHUNK: usize = 64;
    let chunks = old.chunks_exact(CHUNK).zip(new.chunks_exact(CHUNK));
    let start = CHUNK * chunks.take_while(|(old, new)| old == new).count();
    let bytes = old[start..].iter().zip(&new[start..]);
    start + bytes.take_while(|(old, new)| old == new).count()
}

/// The start of the character around this byte, which may be the end.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The length of a text's HTML in UTF-16.
fn html_units(text: &str) -> u32 {
    let mut html = String::new();
    escape(text, &mut html);
    index(html.chars().map(char::len_utf16).sum())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn apply(html: &str, splice: &TextEdit) -> String {
        let units: Vec<u16> = html.encode_utf16().collect();
        let end = units.len() - splice.rest as usize;
        let start = end - splice.deleted as usize;
        let decode = |units| String::from_utf16(units).expect("whole characters");
        format!(
            "{}{}{}",
            decode(&units[..start]),
            splice.inserted,
            decode(&units[end..])
        )
    }

    fn html(text: &str) -> String {
        let mut html = String::new();
        escape(text, &mut html);
        html
    }

    #[test]
    fn an_appended_token_is_all_that_is_sent() {
        let old = "token ".repeat(4000);
        let new = format!("{old}<more> ");
        let change = Change::between(&old, &new).expect("they differ");
        let splice = change.splice(&new).expect("a short one");
        assert_eq!((splice.rest, splice.deleted), (0, 0));
        assert_eq!(splice.inserted, "&lt;more&gt; ");
    }

    proptest! {
        #[test]
        fn a_change_leads_from_the_old_text_to_the_new(
            start in "[a&é🐦日]{0,70}",
            (old, new) in ("[a&<é🐦🐤日月\"]{0,6}", "[a&<é🐦🐤日月\"]{0,6}"),
            end in "[a&é🐦日]{0,40}",
        ) {
            let (old, new) = (format!("{start}{old}{end}"), format!("{start}{new}{end}"));
            let Some(change) = Change::between(&old, &new) else {
                prop_assert_eq!(old, new);
                return Ok(());
            };
            let mut changed = old.clone();
            changed.replace_range(change.start..change.start + change.deleted.len(), change.inserted);
            prop_assert_eq!(&changed, &new);
            if let Some(splice) = change.splice(&new) {
                prop_assert_eq!(apply(&html(&old), &splice), html(&new));
            }
        }

        #[test]
        fn line_ends_that_browsers_change_are_in_no_splice(text in "[a\r\n]{0,9}") {
            let old = "x".repeat(40);
            let new = format!("{old}{text}");
            let splice = Change::between(&old, &new).and_then(|change| change.splice(&new));
            prop_assert_eq!(splice.is_some(), !text.is_empty() && !text.contains('\r'));
        }
    }
}
