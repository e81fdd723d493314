//! A keyed list whose rows hold state of the browser's: focus, text, scroll.

use bennu::prelude::*;

pub(crate) struct Rows {
    rows: Vec<u32>,
    version: u32,
}

#[derive(Event)]
pub(crate) enum Msg {
    Order { rows: String },
}

impl LiveView for Rows {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            rows: vec![1, 2, 3, 4, 5],
            version: 0,
        })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        let Msg::Order { rows } = event;
        self.rows = rows.split_whitespace().flat_map(str::parse).collect();
        self.version += 1;
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Rows" }
            p #version { (self.version) }
            // What is pushed here comes from a hook: focus stays in the list.
            div #order phx-hook="Order" {}
            ul #rows {
                @for row in &self.rows key=(row) {
                    li #{ "row-" (row) } {
                        span { "Row " (row) " at version " (self.version) }
                        input #{ "text-" (row) } type="text" aria-label={ "Text " (row) };
                        div.scrolling tabindex="0" #{ "scrolling-" (row) } { p { "tall" } }
                    }
                }
            }
            ul #bare {
                @for row in &self.rows key=(row) {
                    li { (row) input type="text" aria-label={ "Bare " (row) }; }
                }
            }
        }
    }
}
