//! What a child finds while its parent renders: [`crate::live_child`] is an
//! ordinary value in a template, and learns here whether the page is dead or
//! live and which token is its own.
//!
//! The session, or the dead page, puts a [`Nest`] into this thread around the
//! render and takes it back.

use std::cell::RefCell;
use std::sync::Arc;

use bennu_core::{PreEscaped, Rendered};
use bennu_macros::html;

use crate::effect::{check_local, without_fragment};
use crate::session::family::Parent;
use crate::session::join::{Embedded, SessionToken};
use crate::session::sender::Sender;
use crate::session::task::Peer;
use crate::session::token::{Use, random_name};

/// How deep views may be nested: a view that embeds itself is stopped here.
pub(crate) const DEEPEST: u8 = 8;

/// The longest id of a child, in bytes: a topic has room for it.
const LONGEST_ID: usize = 200;

thread_local! {
    static NEST: RefCell<Option<Nest>> = const { RefCell::new(None) };
}

/// Where children are placed at the moment.
pub(crate) enum Nest {
    Dead(DeadNest),
    Live(LiveNest),
}

/// Where children are placed in all the renders of one pass: of a view, and of
/// its components.
pub(crate) enum Nesting<'p> {
    Dead(Option<DeadNest>),
    Live {
        brood: Option<Box<Brood>>,
        depth: u8,
        sender: &'p Arc<Sender>,
        peer: &'p Arc<Peer>,
    },
}

impl Nesting<'_> {
    /// Renders with places for children.
    pub(crate) fn render<T>(&mut self, render: impl FnOnce() -> T) -> T {
        let nest = match self {
            Self::Dead(nest) => nest.take().map(Nest::Dead),
            Self::Live {
                brood,
                depth,
                sender,
                peer,
            } => Some(Nest::Live(LiveNest::new(
                brood.take(),
                *depth,
                sender,
                peer,
            ))),
        };
        let (rendered, back) = within(nest, render);
        match (self, back) {
            (Self::Dead(nest), Some(Nest::Dead(back))) => *nest = Some(back),
            (Self::Live { brood, .. }, Some(Nest::Live(back))) => *brood = back.brood,
            _ => {}
        }
        rendered
    }

    /// What a connected view has to remember.
    pub(crate) fn into_brood(self) -> Option<Box<Brood>> {
        match self {
            Self::Live { brood, .. } => brood,
            Self::Dead(_) => None,
        }
    }

    /// The places in a dead page.
    pub(crate) fn into_wanted(self) -> Vec<Wanted> {
        match self {
            Self::Dead(Some(nest)) => nest.wanted,
            Self::Dead(None) | Self::Live { .. } => Vec::new(),
        }
    }
}

/// A child as a template names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'c> {
    pub(crate) id: &'c str,
    pub(crate) url: &'c str,
    pub(crate) sticky: bool,
}

/// Renders with `nest` in place, and gives it back.
fn within<T>(nest: Option<Nest>, render: impl FnOnce() -> T) -> (T, Option<Nest>) {
    /// Puts back what was there, also when the render panics.
    struct Restore(Option<Nest>);
    impl Drop for Restore {
        fn drop(&mut self) {
            let inner = NEST.replace(self.0.take());
            // Dropping it ends children: not while the nest is borrowed.
            drop(inner);
        }
    }
    let restore = Restore(NEST.replace(nest));
    let rendered = render();
    let nest = NEST.take();
    drop(restore);
    (rendered, nest)
}

/// Places a child in the render that is under way.
///
/// # Panics
/// See [`crate::live_child`].
pub(crate) fn place(wish: Wish<'_>) -> Rendered {
    NEST.with_borrow_mut(|nest| match nest {
        Some(Nest::Dead(nest)) => nest.place(wish),
        Some(Nest::Live(nest)) => nest.place(wish),
        None => panic!(
            "the child {:?} was placed while no view renders: call `live_child` and `live_sticky` \
             in `render`",
            wish.id
        ),
    })
}

impl Wish<'_> {
    fn check(&self) {
        let Self { id, url, .. } = self;
        let valid = |c: char| !c.is_whitespace() && !c.is_control();
        assert!(
            !id.is_empty() && id.len() <= LONGEST_ID && id.chars().all(valid),
            "{id:?} is no id for a child: it needs 1 to {LONGEST_ID} bytes without spaces",
        );
        if let Err(fault) = check_local(url) {
            panic!("the child {id:?} can't be embedded: {fault}");
        }
    }

    fn check_depth(&self, depth: u8) {
        assert!(
            depth < DEEPEST,
            "the child {:?} would be nested {depth} deep, and {DEEPEST} is the most: does {:?} \
             embed a view that embeds it?",
            self.id,
            self.url,
        );
    }
}

/// The children of a page as it is loaded: places to be filled later.
pub(crate) struct DeadNest {
    /// Nobody knows it while the page is made, so nobody can write a marker.
    /// Made with the first child.
    key: Option<String>,
    /// How deep this view is nested itself.
    depth: u8,
    /// Whether children have a parent here: there is none in a root layout.
    has_parent: bool,
    pub(crate) wanted: Vec<Wanted>,
}

/// A place in a dead page.
pub(crate) struct Wanted {
    pub(crate) id: Box<str>,
    pub(crate) url: Box<str>,
    pub(crate) sticky: bool,
    /// What stands at the place.
    pub(crate) marker: String,
}

impl DeadNest {
    /// The places in a view that is nested so deep itself.
    pub(crate) fn in_view(depth: u8) -> Self {
        Self {
            key: None,
            depth,
            has_parent: true,
            wanted: Vec::new(),
        }
    }

    /// The places in a root layout.
    pub(crate) fn in_root_layout() -> Self {
        Self {
            has_parent: false,
            ..Self::in_view(0)
        }
    }

    fn place(&mut self, wish: Wish<'_>) -> Rendered {
        wish.check();
        wish.check_depth(self.depth);
        let Wish { id, url, sticky } = wish;
        assert!(
            sticky || self.has_parent,
            "the child {id:?} has no parent in a root layout: use `live_sticky` there",
        );
        assert!(
            self.wanted.iter().all(|wanted| *wanted.id != *id),
            "two children have the id {id:?}",
        );
        // With quotes: in an attribute's value they are escaped, so that no
        // view is put there.
        let key = self.key.get_or_insert_with(random_name);
        let marker = format!("<!--\"{key}.{}\"-->", self.wanted.len());
        let place = html! { (PreEscaped(&marker)) };
        self.wanted.push(Wanted {
            id: id.into(),
            url: without_fragment(url).into(),
            sticky,
            marker,
        });
        place
    }
}

/// The children of a connected view while it renders.
pub(crate) struct LiveNest {
    peer: Arc<Peer>,
    sender: Arc<Sender>,
    depth: u8,
    brood: Option<Box<Brood>>,
}

/// What a connected view remembers of the children that it placed, so that the
/// same child has the same token in each render, and costs no diff.
pub(crate) struct Brood {
    /// There is none as long as all are sticky.
    parent: Option<Parent>,
    places: Vec<Placed>,
    /// Counts renders.
    round: u64,
}

struct Placed {
    id: Box<str>,
    url: Box<str>,
    sticky: bool,
    /// The id of the element: the child's own, unless its URL changed. Clients
    /// keep the session of an element, so another child is another element.
    element: Box<str>,
    session: Box<str>,
    changes: u32,
    /// The last render that placed it.
    round: u64,
}

impl LiveNest {
    fn new(brood: Option<Box<Brood>>, depth: u8, sender: &Arc<Sender>, peer: &Arc<Peer>) -> Self {
        let mut brood = brood;
        if let Some(brood) = &mut brood {
            brood.round += 1;
        }
        Self {
            peer: Arc::clone(peer),
            sender: Arc::clone(sender),
            depth,
            brood,
        }
    }

    fn place(&mut self, wish: Wish<'_>) -> Rendered {
        let parent = self.sender.topic().strip_prefix("lv:");
        let parent = parent.unwrap_or_default().to_owned();
        let placed = self.find(wish);
        let (element, session) = (&*placed.element, &*placed.session);
        if wish.sticky {
            html! { div id=(element) data-phx-session=(session) data-phx-static="" data-phx-sticky {} }
        } else {
            html! {
                div id=(element) data-phx-session=(session) data-phx-static=""
                    data-phx-parent-id=(parent) {}
            }
        }
    }

    /// The child's place, as it was in the last render or new.
    fn find(&mut self, wish: Wish<'_>) -> &Placed {
        let limit = self.peer.config.limits.children;
        let brood = self.brood.get_or_insert_with(|| {
            Box::new(Brood {
                parent: None,
                places: Vec::new(),
                round: 1,
            })
        });
        let round = brood.round;
        let known = brood
            .places
            .iter()
            .position(|placed| *placed.id == *wish.id);
        let mut changes = 0;
        if let Some(at) = known {
            let placed = &mut brood.places[at];
            assert!(
                placed.round != round,
                "two children have the id {:?}",
                wish.id
            );
            placed.round = round;
            if *placed.url == *wish.url && placed.sticky == wish.sticky {
                return &brood.places[at];
            }
            changes = placed.changes + 1;
        }
        wish.check();
        wish.check_depth(self.depth);
        // A sticky view stays the same element wherever it is placed.
        let element = match changes {
            0 => wish.id.to_owned(),
            _ if wish.sticky => wish.id.to_owned(),
            _ => format!("{}~{}", wish.id, changes + 1),
        };
        let parent = (!wish.sticky).then(|| {
            let families = &self.peer.families;
            brood.parent.get_or_insert_with(|| families.found()).life()
        });
        let session = SessionToken {
            id: element.clone(),
            session: String::new(),
            child: Some(Embedded {
                url: without_fragment(wish.url).to_owned(),
                depth: self.depth + 1,
                parent,
            }),
        };
        let session = self.peer.config.signer.sign(Use::Session, &session);
        let placed = Placed {
            id: wish.id.into(),
            url: wish.url.into(),
            sticky: wish.sticky,
            element: element.into(),
            session: session.into(),
            changes,
            round,
        };
        if let Some(at) = known {
            brood.places[at] = placed;
            return &brood.places[at];
        }
        if brood.places.len() >= limit {
            // The one that was placed longest ago may have gone: components
            // that don't change are not rendered, and place nothing again.
            let places = brood.places.iter().enumerate();
            let oldest = places.map(|(at, placed)| (placed.round, at)).min();
            match oldest {
                Some((oldest, at)) if oldest < round => {
                    brood.places.swap_remove(at);
                }
                _ => panic!("a view places more children than Limits::children allows: {limit}"),
            }
        }
        brood.places.push(placed);
        &brood.places[brood.places.len() - 1]
    }
}
