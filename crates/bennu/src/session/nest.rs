//! What a child finds while its parent renders: [`crate::live_child`] is an
//! ordinary value in a template, and learns here whether the page is dead or
//! live and which token is its own.
//!
//! The session, or the dead page, puts a [`Nest`] into this thread around the
//! render and takes it back.

mod dead;
mod live;

use std::cell::RefCell;
use std::sync::Arc;

use bennu_core::Rendered;
use bennu_macros::html;

pub(crate) use self::dead::{DeadNest, Wanted};
pub(crate) use self::live::Brood;
use self::live::LiveNest;
use crate::error::Error;
use crate::path;
use crate::session::components::Standing;
use crate::session::peer::Peer;
use crate::session::sender::Sender;

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
    /// Renders the component with this number, or the view, with places for
    /// children.
    pub(crate) fn render<T>(&mut self, cid: u32, render: impl FnOnce() -> T) -> T {
        let base = match self {
            Self::Dead(nest) => nest.as_ref().map(|nest| nest.base.clone()),
            Self::Live { peer, .. } => Some(peer.config.base.clone()),
        };
        let nest = match self {
            Self::Dead(nest) => nest.take().map(Nest::Dead),
            Self::Live {
                brood,
                depth,
                sender,
                peer,
            } => Some(Nest::Live(LiveNest::new(
                brood.take(),
                cid,
                *depth,
                sender,
                peer,
            ))),
        };
        let (rendered, back) = base.unwrap_or_default().within(|| within(nest, render));
        match (self, back) {
            (Self::Dead(nest), Some(Nest::Dead(back))) => *nest = Some(back),
            (Self::Live { brood, .. }, Some(Nest::Live(back))) => *brood = back.brood,
            _ => {}
        }
        rendered
    }

    /// All is rendered; `standing` tells of components.
    ///
    /// # Errors
    /// When a child could not be placed, or the children don't fit together.
    pub(crate) fn settle(&mut self, standing: impl Fn(u32) -> Standing) -> crate::Result {
        match self {
            Self::Live {
                brood: Some(brood),
                peer,
                ..
            } => brood.settle(standing, peer.config.limits.children),
            Self::Dead(Some(DeadNest {
                fault: Some(fault), ..
            })) => Err(Error::message(std::mem::take(fault))),
            Self::Dead(_) | Self::Live { brood: None, .. } => Ok(()),
        }
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

/// Places a child in the render that is under way. Where it can't be placed, the
/// pass fails when it is [settled](Nesting::settle): a render has no errors of its
/// own.
///
/// # Panics
/// Where no view renders.
pub(crate) fn place(wish: Wish<'_>) -> Rendered {
    NEST.with_borrow_mut(|nest| match nest {
        Some(Nest::Dead(nest)) => nest.place(wish).unwrap_or_else(|fault| {
            nest.fault.get_or_insert(fault);
            html! {}
        }),
        Some(Nest::Live(nest)) => nest.place(wish).unwrap_or_else(|fault| {
            nest.fail(fault);
            html! {}
        }),
        None => panic!(
            "the child {:?} was placed while no view renders: call `live_child` and `live_sticky` \
             in `render`",
            wish.id
        ),
    })
}

impl Wish<'_> {
    /// The URL that a view nested so deep embeds, without a fragment.
    ///
    /// # Errors
    /// When it can't embed this.
    fn url(&self, depth: u8) -> Result<String, String> {
        let Self { id, url, .. } = self;
        let valid = |c: char| !c.is_whitespace() && !c.is_control();
        if id.is_empty() || id.len() > LONGEST_ID || !id.chars().all(valid) {
            return Err(format!(
                "{id:?} is no id for a child: it needs 1 to {LONGEST_ID} bytes without spaces",
            ));
        }
        let path = path::local(url)
            .map_err(|fault| format!("the child {id:?} can't be embedded: {fault}"))?;
        if depth >= DEEPEST {
            return Err(format!(
                "the child {id:?} would be nested {depth} deep, and {DEEPEST} is the most: does \
                 {url:?} embed a view that embeds it?",
            ));
        }
        Ok(path::without_fragment(&path).to_owned())
    }

    fn twice(&self) -> String {
        format!("two children have the id {:?}", self.id)
    }
}
