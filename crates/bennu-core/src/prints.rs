//! What is kept of the last render: a hash per dynamic instead of its text.

use std::sync::Arc;

/// What a client was last sent, as hashes: enough to tell what changed.
///
/// A view keeps one for each client; it is one allocation of 8 bytes a dynamic,
/// 8 a list entry, 8 more an entry with a memo, and 16 to 24 a nested template
/// or list.
/// [`Prints::default`] means that nothing was sent yet.
///
/// ```
/// use bennu_core::__private::Writer;
/// use bennu_core::wire::Message;
/// use bennu_core::{Prints, Rendered, Template};
///
/// static COUNT: Template = Template::element(&["<b>", "</b>"]);
///
/// fn count(number: i64) -> Rendered {
///     let mut writer = Writer::new(&COUNT);
///     let _ = bennu_core::Render::render(&number, writer.place());
///     writer.finish()
/// }
///
/// let (mut prints, mut json) = (Prints::default(), String::new());
/// let mut message = Message::new(&mut json);
/// prints.join(&count(1), &mut message);
/// assert!(message.finish());
/// assert_eq!(json, r#"{"0":"1","s":0,"p":{"0":["<b>","</b>"]}}"#);
///
/// json.clear();
/// let mut message = Message::new(&mut json);
/// prints.diff(&count(2), &mut message);
/// assert!(message.finish());
/// assert_eq!(json, r#"{"0":"2"}"#);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Prints {
    /// The prints in document order; empty if nothing was rendered.
    ///
    /// - root: its fingerprint, then its dynamics;
    /// - text: its hash with bit 0 clear, or [`KEPT_TEXT`];
    /// - nested template: a [`Header`], its fingerprint, its dynamics;
    /// - list: a [`Header`], its template's fingerprint, the number of entries,
    ///   then for each entry its key and its dynamics;
    /// - list with memos: a [`Header`], its template's fingerprint, inverted, the
    ///   number of entries, for each entry its key and its memo, then for each
    ///   entry its dynamics;
    /// - stream: a [`Header`], its template's fingerprint, the number of the
    ///   operations that were sent last, or 0;
    /// - component: a [`Header`] with its number.
    pub(crate) words: Arc<[u64]>,
    /// What few views have.
    pub(crate) more: Option<Box<More>>,
}

/// What is kept beside the prints of some views.
#[derive(Clone, Debug, Default)]
pub(crate) struct More {
    /// Where the lists with memos start that the next render may look up.
    pub(crate) sites: Arc<[u32]>,
    /// The long texts, if the client takes splices.
    pub(crate) texts: Vec<KeptText>,
}

impl Prints {
    #[cfg(test)]
    pub(crate) fn from_words(words: Vec<u64>) -> Self {
        Self {
            words: words.into(),
            more: None,
        }
    }

    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    /// Forgets what was sent, and gives the memory back.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// How much memory the prints hold, in bytes, without `self`.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let more = (self.more.as_ref()).map_or(0, |more| more.heap_bytes());
        size_of_val(&*self.words) + more
    }
}

impl More {
    fn heap_bytes(&self) -> usize {
        let texts: usize = self.texts.iter().map(KeptText::heap_bytes).sum();
        let list = self.texts.capacity() * size_of::<KeptText>();
        size_of::<Self>() + size_of_val(&*self.sites) + list + texts
    }
}

/// A long text as it was last sent.
#[derive(Clone, Debug)]
pub(crate) struct KeptText {
    /// Where it stands in the prints.
    pub(crate) at: u32,
    pub(crate) text: String,
}

impl KeptText {
    fn heap_bytes(&self) -> usize {
        self.text.capacity()
    }
}

/// How many words of a list with memos stand before its keys.
pub(crate) const MEMO_LIST_WORDS: usize = 3;

/// The first word of all but a text: what it is, and how many words it takes,
/// this one included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header(pub(crate) u64);

impl Header {
    const NODE: u64 = 0b001;
    const LIST: u64 = 0b011;
    const STREAM: u64 = 0b101;
    const COMPONENT: u64 = 0b111;
    const KIND: u64 = 0b111;

    pub(crate) fn node(words: usize) -> Self {
        Self((words as u64) << 3 | Self::NODE)
    }

    pub(crate) fn list(words: usize) -> Self {
        Self((words as u64) << 3 | Self::LIST)
    }

    pub(crate) fn stream() -> Self {
        Self(3 << 3 | Self::STREAM)
    }

    pub(crate) fn component(cid: u32) -> Self {
        Self(u64::from(cid) << 32 | 1 << 3 | Self::COMPONENT)
    }

    pub(crate) fn is_node(self) -> bool {
        self.0 & Self::KIND == Self::NODE
    }

    pub(crate) fn is_list(self) -> bool {
        self.0 & Self::KIND == Self::LIST
    }

    /// How many words this and what belongs to it take: 1 for a text.
    #[inline]
    pub(crate) fn words(self) -> usize {
        if self.0 & 1 == 0 { 1 } else { self.tree() }
    }

    /// A call, so that a walk over texts need not wait for each word to know
    /// where the next one is.
    #[inline(never)]
    fn tree(self) -> usize {
        // The upper half is a component's. Invariant: never 0, so that a walk
        // over prints always ends, and never so much that positions could
        // overflow.
        (self.0 as u32 >> 3).max(1) as usize
    }
}

/// The print of a long text that is kept itself.
pub(crate) const KEPT_TEXT: u64 = 2;

/// The print of a text.
#[inline]
pub(crate) fn text_print(hash: u64) -> u64 {
    hash & !1
}
