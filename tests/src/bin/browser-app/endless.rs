//! A list without an end, of which the page holds a window.

use std::collections::HashMap;
use std::ops::Range;

use axum::extract::Query;
use bennu::prelude::*;

const PAGE: u32 = 20;
/// So many pages are held at a time.
const HELD: u32 = 3;

pub(crate) struct Endless {
    shown: Range<u32>,
    /// What has to come into sight for the list to be overrun, if not itself.
    target: Option<String>,
}

#[derive(Event)]
pub(crate) enum Msg {
    Next { id: String },
    Previous { id: String, _overran: Option<bool> },
}

impl LiveView for Endless {
    type Params = Query<HashMap<String, String>>;
    type Event = Msg;
    type Info = Never;

    async fn mount(Query(query): &Self::Params, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            shown: 0..2 * PAGE,
            target: query.get("target").cloned(),
        })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        let Range { start, end } = self.shown;
        self.shown = match event {
            Msg::Next { id } if id == format!("row-{}", end - 1) => {
                (end + PAGE).saturating_sub(HELD * PAGE)..end + PAGE
            }
            Msg::Previous {
                _overran: Some(true),
                ..
            } => 0..2 * PAGE,
            Msg::Previous { id, .. } if id == format!("row-{start}") => {
                let start = start.saturating_sub(PAGE);
                start..end.min(start + HELD * PAGE)
            }
            Msg::Next { .. } | Msg::Previous { .. } => start..end,
        };
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 #title { "Endless" }
            p #shown { (self.shown.start) " to " (self.shown.end) }
            // Room for what is above, so that its beginning is not the first row.
            ul #rows.padded phx-viewport-top=(Msg::PREVIOUS) phx-viewport-bottom=(Msg::NEXT)
                phx-viewport-overrun-target=[self.target.as_deref()]
            {
                @for row in self.shown.clone() key=(row) {
                    li.endless #{ "row-" (row) } { "row " (row) }
                }
            }
        }
    }
}
