//! Children of a connected view: empty elements with the tokens by which their
//! clients join.

use std::sync::Arc;

use bennu_core::Rendered;
use bennu_macros::html;

use super::Wish;
use crate::error::Error;
use crate::session::components::Standing;
use crate::session::family::Parent;
use crate::session::peer::Peer;
use crate::session::sender::Sender;
use crate::session::token::{Embedded, SessionToken, Use};

/// The children of a connected view while it, or a component of it, renders.
pub(crate) struct LiveNest {
    peer: Arc<Peer>,
    sender: Arc<Sender>,
    depth: u8,
    /// The component that renders, or [`VIEW`](crate::session::components::VIEW).
    holder: u32,
    /// How many it placed for the first time.
    new: usize,
    pub(super) brood: Option<Box<Brood>>,
}

/// What a connected view remembers of the children that it placed, so that the
/// same child has the same token in each render, and costs no diff.
#[derive(Default)]
pub(crate) struct Brood {
    /// There is none as long as all are sticky.
    parent: Option<Parent>,
    places: Vec<Placed>,
    /// Why a child could not be placed in this pass.
    fault: Option<String>,
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
    /// Who placed it in the last render of its own: components that don't change
    /// are not rendered, and hold what they hold. While a pass renders, it may be
    /// two, of which one is going.
    holders: Vec<u32>,
}

impl LiveNest {
    pub(super) fn new(
        brood: Option<Box<Brood>>,
        holder: u32,
        depth: u8,
        sender: &Arc<Sender>,
        peer: &Arc<Peer>,
    ) -> Self {
        let mut brood = brood;
        for placed in brood.iter_mut().flat_map(|brood| &mut brood.places) {
            placed.holders.retain(|other| *other != holder);
        }
        Self {
            peer: Arc::clone(peer),
            sender: Arc::clone(sender),
            depth,
            holder,
            new: 0,
            brood,
        }
    }

    /// # Errors
    /// When it can't be placed here.
    pub(super) fn place(&mut self, wish: Wish<'_>) -> Result<Rendered, String> {
        let parent = self.sender.topic().strip_prefix("lv:");
        let parent = parent.unwrap_or_default().to_owned();
        let placed = self.find(wish)?;
        let (element, session) = (&*placed.element, &*placed.session);
        Ok(if wish.sticky {
            html! { div id=(element) data-phx-session=(session) data-phx-static="" data-phx-sticky {} }
        } else {
            html! {
                div id=(element) data-phx-session=(session) data-phx-static=""
                    data-phx-parent-id=(parent) {}
            }
        })
    }

    /// The pass fails with this, if with nothing before.
    pub(super) fn fail(&mut self, fault: String) {
        let brood = self.brood.get_or_insert_default();
        brood.fault.get_or_insert(fault);
    }

    /// The child's place, as it was in the last render or new.
    fn find(&mut self, wish: Wish<'_>) -> Result<&Placed, String> {
        let brood = self.brood.get_or_insert_default();
        let mut places = brood.places.iter();
        let known = places.position(|placed| *placed.id == *wish.id);
        let mut changes = 0;
        let mut holders = Vec::new();
        if let Some(at) = known {
            let placed = &mut brood.places[at];
            if placed.holders.contains(&self.holder) {
                return Err(wish.twice());
            }
            if *placed.url == *wish.url && placed.sticky == wish.sticky {
                placed.holders.push(self.holder);
                return Ok(&brood.places[at]);
            }
            changes = placed.changes + 1;
            holders = std::mem::take(&mut placed.holders);
        }
        let url = wish.url(self.depth)?;
        let limit = self.peer.config.limits.children;
        if known.is_none() && self.new >= limit {
            return Err(too_many(limit));
        }
        let at = known.unwrap_or_else(|| {
            self.new += 1;
            brood.places.len()
        });
        holders.push(self.holder);
        let placed = brood.sign((wish, url), changes, holders, self.depth + 1, &self.peer);
        match brood.places.get_mut(at) {
            Some(place) => *place = placed,
            None => brood.places.push(placed),
        }
        Ok(&brood.places[at])
    }
}

fn too_many(limit: usize) -> String {
    format!("a view places more children than Limits::children allows: {limit}")
}

impl Brood {
    /// Forgets the children that nobody holds any more, when a pass has rendered
    /// all that it renders.
    ///
    /// # Errors
    /// When one could not be placed, when two hold the same one, and when there are
    /// more than `limit`. Of what
    /// stands in a stream only the client knows whether it is still shown, so it
    /// does not count.
    pub(super) fn settle(
        &mut self,
        standing: impl Fn(u32) -> Standing,
        limit: usize,
    ) -> crate::Result {
        if let Some(fault) = self.fault.take() {
            return Err(Error::message(fault));
        }
        let mut shown = 0;
        for placed in &mut self.places {
            (placed.holders).retain(|holder| standing(*holder) != Standing::Gone);
            let sure = |holder: &&u32| standing(**holder) == Standing::Placed;
            match placed.holders.iter().filter(sure).count() {
                0 => {}
                1 => shown += 1,
                _ => {
                    return Err(Error::message(format!(
                        "two children have the id {:?}: components and their view place them",
                        placed.id
                    )));
                }
            }
        }
        self.places.retain(|placed| !placed.holders.is_empty());
        if shown > limit {
            return Err(Error::message(too_many(limit)));
        }
        Ok(())
    }

    /// A place with the token for it.
    fn sign(
        &mut self,
        (wish, target): (Wish<'_>, String),
        changes: u32,
        holders: Vec<u32>,
        depth: u8,
        peer: &Peer,
    ) -> Placed {
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
            view: None,
            child: Some(Embedded {
                url: target,
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
            holders,
        }
    }
}
