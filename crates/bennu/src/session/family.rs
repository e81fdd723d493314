//! The views of one connection: whom a child asks whether its parent lives, how
//! children end with their parent (`protocol.md §1.4`), how they reach the page
//! (§6), and how all end with the connection or at the application's word.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::session::mailbox::{Mailbox, Stop};
use crate::session::token::random;
use crate::view::Reason;

/// The children of one life of a view: a parent that is mounted anew is
/// another one, and its children join anew with new tokens.
pub(crate) struct Family {
    life: u64,
    children: Mutex<Children>,
}

#[derive(Default)]
struct Children {
    joined: Vec<Weak<Mailbox>>,
    /// Set when the parent has ended: a child that comes late is turned away.
    ended: bool,
}

impl Family {
    fn lock(&self) -> MutexGuard<'_, Children> {
        // The lock is held for moves only; nothing in there panics halfway.
        self.children.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the tokens of these children name.
    pub(crate) fn life(&self) -> u64 {
        self.life
    }

    /// Lets a child end with its parent. Returns whether the parent lives.
    pub(crate) fn adopt(&self, child: &Arc<Mailbox>) -> bool {
        let mut children = self.lock();
        if children.ended {
            return false;
        }
        add(&mut children.joined, child);
        true
    }

    fn end(&self) {
        let children = {
            let mut children = self.lock();
            children.ended = true;
            std::mem::take(&mut children.joined)
        };
        for child in children.iter().filter_map(Weak::upgrade) {
            child.stop(Stop::Orphaned);
        }
    }
}

/// Adds a view to a list of those that have not ended.
fn add(views: &mut Vec<Weak<Mailbox>>, view: &Arc<Mailbox>) {
    // Looking at all of them pays off only where the list would grow.
    if views.len() == views.capacity() {
        views.retain(|view| view.strong_count() > 0);
        // Most pages have one view.
        views.reserve_exact(1.max(views.len()));
    }
    views.push(Arc::downgrade(view));
}

/// The parent's hold on its family: its children end when it is dropped,
/// however the parent ends.
pub(crate) struct Parent(Arc<Family>);

impl Parent {
    pub(crate) fn life(&self) -> u64 {
        self.0.life()
    }
}

impl Drop for Parent {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// The families of one connection. Nobody else can reach them, so a token is
/// worth nothing on another connection.
#[derive(Default)]
pub(crate) struct Families(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// All views that have not ended, those that were left included.
    views: Vec<Weak<Mailbox>>,
    families: Vec<Weak<Family>>,
    /// The view of the page: the last one that joined.
    page: Weak<Mailbox>,
    /// Path and query of that page; before it has joined, of the first that wants
    /// to.
    page_uri: Option<Arc<str>>,
}

impl Families {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A view is joined.
    pub(crate) fn add(&self, view: &Arc<Mailbox>) {
        add(&mut self.lock().views, view);
    }

    /// Tells all views to end: after a cut each handles what it has accepted.
    pub(crate) fn cut(&self, reason: Reason) {
        for view in self.views() {
            view.stop(Stop::Gone(reason));
        }
    }

    /// Tells all views to end and to handle nothing more.
    pub(crate) fn revoke(&self) {
        for view in self.views() {
            view.stop(Stop::Revoked);
        }
    }

    fn views(&self) -> Vec<Arc<Mailbox>> {
        let known = self.lock();
        known.views.iter().filter_map(Weak::upgrade).collect()
    }

    /// A family for a view that places its first child.
    pub(crate) fn found(&self) -> Parent {
        let family = Arc::new(Family {
            life: u64::from_le_bytes(random()),
            children: Mutex::default(),
        });
        let families = &mut self.lock().families;
        families.retain(|family| family.strong_count() > 0);
        families.push(Arc::downgrade(&family));
        Parent(family)
    }

    /// The family that a child's token names, if its parent lives.
    pub(crate) fn find(&self, life: u64) -> Option<Arc<Family>> {
        let known = self.lock();
        let mut living = known.families.iter().filter_map(Weak::upgrade);
        living.find(|family| family.life() == life)
    }

    /// A page at this URL is going to join, as the first one perhaps.
    pub(crate) fn expect_page(&self, uri: &str) {
        self.lock().page_uri.get_or_insert_with(|| uri.into());
    }

    /// This is the view of the page now.
    pub(crate) fn set_page(&self, page: &Arc<Mailbox>, uri: &str) {
        let mut known = self.lock();
        known.page = Arc::downgrade(page);
        known.page_uri = Some(uri.into());
    }

    /// The page has this URL now.
    pub(crate) fn move_page(&self, uri: &str) {
        self.lock().page_uri = Some(uri.into());
    }

    /// Path and query of the page, if it is known.
    pub(crate) fn page_uri(&self) -> Option<Arc<str>> {
        self.lock().page_uri.clone()
    }

    /// The view of the page, if it lives.
    pub(crate) fn page(&self) -> Option<Arc<Mailbox>> {
        let page = self.lock().page.upgrade();
        page.filter(|page| !page.is_closed())
    }
}
