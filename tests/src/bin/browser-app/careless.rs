//! A view whose author has forgotten much: its events have no handler, and from the first
//! tick on it answers nobody and shows what browsers pass over.

use bennu::prelude::*;

pub(crate) struct Careless {
    ticks: u32,
}

#[derive(Event)]
pub(crate) enum Msg {
    Ask,
}

pub(crate) struct Tick;

impl LiveView for Careless {
    type Params = ();
    type Event = Msg;
    type Info = Tick;

    async fn mount((): &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&crate::TICK, |()| Tick);
        Ok(Self { ticks: 0 })
    }

    async fn handle_info(&mut self, Tick: Tick, socket: &mut Socket<Self>) -> Result {
        self.ticks += 1;
        socket.reply("nobody asked")
    }

    fn render(&self) -> Rendered {
        html! {
            p #ticks { (self.ticks) }
            button #ask phx-click=(Msg::Ask) { "Ask" }
            @if self.ticks > 0 {
                input name="stray" aria-label="Stray" phx-change=(Msg::Ask);
                p #twice { "one" }
                p #twice { "two" }
            }
        }
    }
}
