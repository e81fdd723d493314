//! What a turn renders: the view, and its components.

use std::pin::Pin;

use bennu_core::Rendered;

use super::Session;
use crate::session::components::{Pass, VIEW};
use crate::session::nest::Nesting;

impl Session {
    /// Renders what has to be, with at most so many components.
    pub(crate) async fn render(
        &mut self,
        nesting: &mut Nesting<'_>,
        components: usize,
    ) -> crate::Result<Pass> {
        let view = self.show(nesting);
        let pass = match self.components.have_part_in(view.as_ref()) {
            false => Pass::bare(view),
            true => self.resolve(view, nesting, components).await?,
        };
        self.placed(nesting, pass)
    }

    /// Renders the view, if it has to be.
    pub(super) fn show(&mut self, nesting: &mut Nesting<'_>) -> Option<Rendered> {
        let core = self.mounted.core();
        let is_dirty = std::mem::take(&mut self.is_dirty) | std::mem::take(&mut core.effects.flash);
        is_dirty.then(|| {
            self.prints.render(|| {
                nesting.render(VIEW, || {
                    let view = self.mounted.render();
                    let core = self.mounted.core();
                    match core.depth {
                        0 => self.layouts.around(&core.flash, &core.uri, view),
                        // A child has no layout.
                        _ => view,
                    }
                })
            })
        })
    }

    /// Renders the components. Boxed, as most views have none.
    pub(super) fn resolve(
        &mut self,
        view: Option<Rendered>,
        nesting: &mut Nesting<'_>,
        components: usize,
    ) -> Pin<Box<impl Future<Output = crate::Result<Pass>>>> {
        let core = self.mounted.core();
        Box::pin((self.components).resolve(view, &self.prints, core, nesting, components))
    }

    /// Children are placed with what was rendered.
    pub(super) fn placed(&self, nesting: &mut Nesting<'_>, pass: Pass) -> crate::Result<Pass> {
        nesting.settle(|cid| self.components.standing(cid))?;
        Ok(pass)
    }
}
