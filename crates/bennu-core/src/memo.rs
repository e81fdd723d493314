//! Entries of lists that are not rendered again while their memo is the same.
//!
//! While a view renders, the prints of the last render stand in this thread
//! ([`within`]), and a list that has memos looks itself up there. An entry whose
//! key and memo it finds is *kept*: its body is not run, and a run of kept
//! entries is one slot of the tape. Which place of the page the list will have
//! is only known when the render is done; [`Prints::render`](crate::Prints::render) finds whether each kept
//! entry is where the client has it. If one is not, or went into something else
//! than this page (what fills a component's slot, say), all is rendered once
//! more without memos.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use crate::Template;
use crate::index::index;
use crate::operations::Operations;
use crate::prints::MEMO_LIST_WORDS;
use crate::tape::{Run, Tape};

thread_local! {
    static SCOPE: RefCell<Scope> = const { RefCell::new(Scope::None) };
}

/// What a render may look up.
#[derive(Debug)]
enum Scope {
    /// Nothing: a first render, or one for another reader.
    None,
    /// The prints of the last render.
    Last(Last),
    /// A render of the same state just before had kept entries that are not
    /// where the client has them. Streams give what they hold only once, so it
    /// is taken from here.
    Again(Vec<Given>),
}

/// What a stream gave: its entries, and how many.
pub(crate) type Given = (Arc<Operations>, Tape, u32);

/// What a render did with what it could look up.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// How many runs of entries it kept.
    pub(crate) kept: usize,
    /// What streams gave to it.
    pub(crate) given: Vec<Given>,
}

#[derive(Debug)]
struct Last {
    words: Arc<[u64]>,
    /// Where the lists with memos start, in document order.
    sites: Arc<[u32]>,
    /// The first site that was not looked up yet.
    next: usize,
    /// How many lists are open in which nothing is looked up.
    paused: u32,
    outcome: Outcome,
}

impl Last {
    /// Lists are mostly rendered in document order. Where one is missing, so
    /// many others are passed over to find the next.
    const WINDOW: usize = 16;

    fn find(&mut self, template: &'static Template) -> Option<Known> {
        if self.paused > 0 {
            return None;
        }
        let fingerprint = template.memo_fingerprint();
        let sites = self.sites.get(self.next..)?.iter().take(Self::WINDOW);
        let mut sites = sites.map(|&site| site as usize);
        let passed = sites.position(|at| self.words.get(at + 1) == Some(&fingerprint))?;
        let at = *self.sites.get(self.next + passed)?;
        self.next += passed + 1;
        Known::new(Arc::clone(&self.words), at)
    }
}

/// Renders with the last prints at hand.
pub(crate) fn within<T>(
    words: &Arc<[u64]>,
    sites: Option<&Arc<[u32]>>,
    render: impl FnOnce() -> T,
) -> (T, Outcome) {
    let scope = sites.map_or(Scope::None, |sites| {
        Scope::Last(Last {
            words: Arc::clone(words),
            sites: Arc::clone(sites),
            next: 0,
            paused: 0,
            outcome: Outcome::default(),
        })
    });
    scoped(scope, || {
        let rendered = render();
        let outcome = with_scope(|scope| match scope {
            Scope::Last(last) => Some(std::mem::take(&mut last.outcome)),
            Scope::None | Scope::Again(_) => None,
        });
        (rendered, outcome.unwrap_or_default())
    })
}

/// Renders without memos, with what streams gave to the render before.
pub(crate) fn again<T>(given: Vec<Given>, render: impl FnOnce() -> T) -> T {
    scoped(Scope::Again(given), render)
}

fn scoped<T>(scope: Scope, render: impl FnOnce() -> T) -> T {
    /// Puts back what was there, also when the render panics.
    struct Restore(Scope);
    impl Drop for Restore {
        fn drop(&mut self) {
            let outer = std::mem::replace(&mut self.0, Scope::None);
            // Dropped outside of the borrow: a `Rendered` gives its room back.
            let inner = SCOPE.try_with(|scope| scope.replace(outer));
            drop(inner);
        }
    }
    let _restore = Restore(SCOPE.replace(scope));
    render()
}

/// Nothing, while the thread ends.
fn with_scope<T>(look: impl FnOnce(&mut Scope) -> Option<T>) -> Option<T> {
    SCOPE
        .try_with(|scope| look(&mut scope.borrow_mut()))
        .ok()
        .flatten()
}

/// What is known of a list with this template that is rendered now.
pub(crate) fn find(template: &'static Template) -> Option<Known> {
    with_scope(|scope| match scope {
        Scope::Last(last) => last.find(template),
        Scope::None | Scope::Again(_) => None,
    })
}

/// As long as it lives, nothing is looked up: in the body of an entry that has
/// changed, and in entries of streams, which the server does not keep.
#[derive(Debug)]
pub(crate) struct Pause(());

pub(crate) fn pause() -> Pause {
    count_pauses(1);
    Pause(())
}

impl Drop for Pause {
    fn drop(&mut self) {
        count_pauses(-1);
    }
}

fn count_pauses(more: i32) {
    with_scope(|scope| {
        if let Scope::Last(last) = scope {
            last.paused = last.paused.saturating_add_signed(more);
        }
        None::<()>
    });
}

/// Notes that a run of entries was kept.
pub(crate) fn count_kept() {
    with_scope(|scope| {
        if let Scope::Last(last) = scope {
            last.outcome.kept += 1;
        }
        None::<()>
    });
}

/// Notes what a stream gave, where it may be asked for again.
pub(crate) fn note_given(given: impl FnOnce() -> Option<Given>) {
    with_scope(|scope| {
        if let Scope::Last(last) = scope {
            last.outcome.given.extend(given());
        }
        None::<()>
    });
}

/// Takes what a stream gave to the render just before.
pub(crate) fn given(stream: u64) -> Option<Given> {
    with_scope(|scope| match scope {
        Scope::Again(given) => {
            let is_it = |(operations, ..): &Given| operations.reference() == stream;
            let at = given.iter().position(is_it)?;
            Some(given.swap_remove(at))
        }
        Scope::None | Scope::Last(_) => None,
    })
}

/// A list with memos as it was rendered last, while it is rendered again.
///
/// Its keys and memos stand in pairs in the prints. Entries that follow each
/// other as they did are all that most renders have, so they cost a comparison
/// of one pair each: what else is known of the list stands apart.
#[derive(Debug)]
pub(crate) struct Known {
    words: Arc<[u64]>,
    /// The pair that is expected next.
    next: usize,
    /// Where the pairs end that may be next.
    end: usize,
    /// Where the run of kept entries starts that is not on the tape yet.
    run: usize,
    apart: Box<Apart>,
}

#[derive(Debug)]
struct Apart {
    /// Where the prints of the list start.
    site: u32,
    entries: u32,
    /// How many entries were not near the expected one.
    misses: u32,
    /// What was kept before there was a table.
    kept: Vec<Run>,
    /// To find entries that are far from where they are expected.
    far: Option<Far>,
}

#[derive(Debug)]
struct Far {
    /// The first entry with a key.
    table: HashMap<u64, u32, BuildHasherDefault<Spread>>,
    /// Whether an entry was kept already: with equal keys it may be found twice.
    used: Box<[bool]>,
}

impl Known {
    /// How many entries that follow the expected one are looked at.
    const NEAR: usize = 8;
    /// So many entries may be new before a table is worth its while.
    const PATIENCE: u32 = 4;

    fn new(words: Arc<[u64]>, site: u32) -> Option<Self> {
        let first = site as usize + MEMO_LIST_WORDS;
        let entries = usize::try_from(*words.get(site as usize + 2)?).ok()?;
        Some(Self {
            next: first,
            end: first + 2 * entries,
            run: first,
            apart: Box::new(Apart {
                site,
                entries: index(entries),
                misses: 0,
                kept: Vec::new(),
                far: None,
            }),
            words,
        })
    }

    pub(crate) fn site(&self) -> u32 {
        self.apart.site
    }

    /// Whether this is the expected entry; then it is kept.
    #[inline]
    pub(crate) fn is_next(&mut self, key: u64, memo: u64) -> bool {
        // One by one: together they would have to go through memory first.
        match self.words.get(self.next..self.end) {
            Some([next_key, next_memo, ..]) if *next_key == key && *next_memo == memo => {
                self.next += 2;
                true
            }
            _ => false,
        }
    }

    /// Looks for an entry that is not the expected one. Returns whether it is
    /// kept, and the run that ends before it.
    pub(crate) fn look_around(&mut self, key: u64, memo: u64) -> (bool, Option<Run>) {
        let found = self.find(key).map(|entry| (entry, self.pair(entry)));
        let kept = found.filter(|&(entry, pair)| {
            self.words.get(pair + 1) == Some(&memo)
                && (self.apart.far.as_mut()).is_none_or(|far| far.take(entry))
        });
        let continues = kept.is_some_and(|(_, pair)| pair == self.next);
        let run = if continues { None } else { self.take_run() };
        if let Some((_, pair)) = found {
            self.next = pair + 2;
        }
        match kept {
            Some(_) if continues => {}
            Some((_, pair)) => self.run = pair,
            None => self.run = self.next,
        }
        (kept.is_some(), run)
    }

    fn pair(&self, entry: u32) -> usize {
        self.apart.site as usize + MEMO_LIST_WORDS + 2 * entry as usize
    }

    fn entry(&self, pair: usize) -> u32 {
        index((pair - self.pair(0)) / 2)
    }

    /// Where the entry with this key was.
    fn find(&mut self, key: u64) -> Option<u32> {
        let keys = self.words.get(self.next..self.pair(self.apart.entries))?;
        let mut near = keys.iter().step_by(2).take(Self::NEAR);
        if let Some(passed) = near.position(|&near| near == key) {
            return Some(self.entry(self.next + 2 * passed));
        }
        self.apart.misses += 1;
        if self.apart.misses <= Self::PATIENCE {
            return None;
        }
        // With equal keys an entry may be found twice: from here on each is
        // looked at.
        self.end = 0;
        if self.apart.far.is_none() {
            self.apart.kept.push(self.run());
            let pairs = self.pair(0)..self.pair(self.apart.entries);
            let pairs = self.words.get(pairs).unwrap_or_default();
            self.apart.far = Some(Far::new(pairs, &self.apart.kept));
        }
        let far = self.apart.far.as_ref()?;
        far.table.get(&key).copied()
    }

    fn run(&self) -> Run {
        Run {
            from: self.entry(self.run),
            count: self.waiting(),
        }
    }

    /// Takes the run that is not on the tape yet.
    pub(crate) fn take_run(&mut self) -> Option<Run> {
        let run = self.run();
        self.run = self.next;
        if run.count == 0 {
            return None;
        }
        if self.apart.far.is_none() {
            self.apart.kept.push(run);
        }
        Some(run)
    }

    /// How many entries are kept and not on the tape yet.
    pub(crate) fn waiting(&self) -> u32 {
        index((self.next - self.run) / 2)
    }
}

impl Far {
    /// Of pairs of which these were kept already.
    fn new(pairs: &[u64], kept: &[Run]) -> Self {
        let entries = pairs.len() / 2;
        let mut table = HashMap::with_capacity_and_hasher(entries, BuildHasherDefault::new());
        for (entry, &key) in (0..).zip(pairs.iter().step_by(2)) {
            table.entry(key).or_insert(entry);
        }
        let mut used: Box<[bool]> = (0..entries).map(|_| false).collect();
        for run in kept {
            let used = used.iter_mut().skip(run.from as usize);
            used.take(run.count as usize).for_each(|used| *used = true);
        }
        Self { table, used }
    }

    /// Whether the entry is still free; then it no longer is.
    fn take(&mut self, entry: u32) -> bool {
        let used = self.used.get_mut(entry as usize);
        used.is_some_and(|used| !std::mem::replace(used, true))
    }
}

/// Keys are hashes already, or positions: those are spread.
#[derive(Debug, Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = (self.0 ^ key).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
