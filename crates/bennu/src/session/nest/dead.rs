//! Children of a page as it is loaded: places, which the page fills when it is
//! rendered.

use bennu_core::{PreEscaped, Rendered};
use bennu_macros::html;

use super::Wish;
use crate::public::Base;
use crate::session::token::random_name;

/// The children of a page as it is loaded: places to be filled later.
pub(crate) struct DeadNest {
    /// Nobody knows it while the page is made, so nobody can write a marker.
    /// Made with the first child.
    key: Option<String>,
    /// How deep this view is nested itself.
    depth: u8,
    /// Whether children have a parent here: there is none in a root layout.
    has_parent: bool,
    /// Where browsers see the page.
    pub(super) base: Base,
    pub(crate) wanted: Vec<Wanted>,
    /// Why a child could not be placed.
    pub(super) fault: Option<String>,
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
    pub(crate) fn in_view(depth: u8, base: &Base) -> Self {
        Self {
            key: None,
            depth,
            has_parent: true,
            base: base.clone(),
            wanted: Vec::new(),
            fault: None,
        }
    }

    /// The places in a root layout.
    pub(crate) fn in_root_layout(base: &Base) -> Self {
        Self {
            has_parent: false,
            ..Self::in_view(0, base)
        }
    }

    /// # Errors
    /// When it can't be placed here.
    pub(super) fn place(&mut self, wish: Wish<'_>) -> Result<Rendered, String> {
        let url = wish.url(self.depth)?;
        let Wish { id, sticky, .. } = wish;
        if !sticky && !self.has_parent {
            return Err(format!(
                "the child {id:?} has no parent in a root layout: use `live_sticky` there",
            ));
        }
        if self.wanted.iter().any(|wanted| *wanted.id == *id) {
            return Err(wish.twice());
        }
        // With quotes: in an attribute's value they are escaped, so that no
        // view is put there.
        let key = self.key.get_or_insert_with(random_name);
        let marker = format!("<!--\"{key}.{}\"-->", self.wanted.len());
        let place = html! { (PreEscaped(&marker)) };
        self.wanted.push(Wanted {
            id: id.into(),
            url: url.into(),
            sticky,
            marker,
        });
        Ok(place)
    }
}
