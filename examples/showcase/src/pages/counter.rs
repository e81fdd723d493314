//! The smallest live page: state, events, a template.

use bennu::prelude::*;

use crate::layout;
use crate::pages::Exhibit;

pub(crate) const EXHIBIT: Exhibit = Exhibit {
    slug: "counter",
    name: "Counter",
    summary: "State on the server, an event per click, and one changed number on the wire.",
    source: include_str!("counter.rs"),
};

pub(crate) struct Counter {
    count: i64,
}

/// What the browser can ask for. A button for an event that isn't here does
/// not compile.
#[derive(Event)]
pub(crate) enum Msg {
    Add { step: i64 },
    Reset,
}

impl LiveView for Counter {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.set_title(EXHIBIT.name);
        Ok(Self { count: 0 })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Add { step } => self.count = self.count.saturating_add(step),
            Msg::Reset => self.count = 0,
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let counter = html! {
            section.card.counter aria-label="Counter" {
                output #count aria-live="polite" { (self.count) }
                div.buttons {
                    button #subtract type="button" phx-click=(Msg::Add { step: -1 }) phx-click-again aria-label="Subtract one" { "−" }
                    button #add type="button" phx-click=(Msg::Add { step: 1 }) phx-click-again aria-label="Add one" { "+" }
                    button #reset.quiet type="button" phx-click=(Msg::Reset) disabled[self.count == 0] { "Reset" }
                }
            }
        };
        layout::exhibit(&EXHIBIT, counter)
    }
}
