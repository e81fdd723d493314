//! Children of a connected view: empty elements with the tokens by which their
//! clients join.

use std::sync::Arc;

use bennu_core::Rendered;
use bennu_macros::html;

use super::Wish;
use crate::effect::without_fragment;
use crate::session::family::Parent;
use crate::session::join::{Embedded, SessionToken};
use crate::session::sender::Sender;
use crate::session::task::Peer;
use crate::session::token::Use;

/// The children of a connected view while it renders.
pub(crate) struct LiveNest {
    peer: Arc<Peer>,
    sender: Arc<Sender>,
    depth: u8,
    pub(super) brood: Option<Box<Brood>>,
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
    pub(super) fn new(
        brood: Option<Box<Brood>>,
        depth: u8,
        sender: &Arc<Sender>,
        peer: &Arc<Peer>,
    ) -> Self {
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

    pub(super) fn place(&mut self, wish: Wish<'_>) -> Rendered {
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
        let brood = self.brood.get_or_insert_with(Box::default);
        let round = brood.round;
        let mut places = brood.places.iter();
        let known = places.position(|placed| *placed.id == *wish.id);
        let mut changes = 0;
        if let Some(at) = known {
            let placed = &mut brood.places[at];
            let id = wish.id;
            assert!(placed.round != round, "two children have the id {id:?}");
            placed.round = round;
            if *placed.url == *wish.url && placed.sticky == wish.sticky {
                return &brood.places[at];
            }
            changes = placed.changes + 1;
        }
        wish.check();
        wish.check_depth(self.depth);
        let at = match known {
            Some(at) => at,
            None => brood.make_room(self.peer.config.limits.children),
        };
        let placed = brood.sign(wish, changes, self.depth + 1, &self.peer);
        match brood.places.get_mut(at) {
            Some(place) => *place = placed,
            None => brood.places.push(placed),
        }
        &brood.places[at]
    }
}

impl Default for Brood {
    fn default() -> Self {
        Self {
            parent: None,
            places: Vec::new(),
            round: 1,
        }
    }
}

impl Brood {
    /// Finds a place for one more child.
    fn make_room(&mut self, limit: usize) -> usize {
        if self.places.len() >= limit {
            // The one that was placed longest ago may have gone: components
            // that don't change are not rendered, and place nothing again.
            let places = self.places.iter().enumerate();
            match places.map(|(at, placed)| (placed.round, at)).min() {
                Some((oldest, at)) if oldest < self.round => return at,
                _ => panic!("a view places more children than Limits::children allows: {limit}"),
            }
        }
        self.places.len()
    }

    /// A place with the token for it.
    fn sign(&mut self, wish: Wish<'_>, changes: u32, depth: u8, peer: &Peer) -> Placed {
        let Wish { id, url, sticky } = wish;
        // A sticky view stays the same element wherever it is placed.
        let element = match changes {
            1.. if !sticky => format!("{id}~{}", changes + 1),
            _ => id.to_owned(),
        };
        let parent = (!sticky).then(|| {
            let parent = self.parent.get_or_insert_with(|| peer.families.found());
            parent.life()
        });
        let session = SessionToken {
            id: element.clone(),
            session: String::new(),
            child: Some(Embedded {
                url: without_fragment(url).to_owned(),
                depth,
                parent,
            }),
        };
        let session = peer.config.signer.sign(Use::Session, &session);
        Placed {
            id: id.into(),
            url: url.into(),
            sticky,
            element: element.into(),
            session: session.into(),
            changes,
            round: self.round,
        }
    }
}
