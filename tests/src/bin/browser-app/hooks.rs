//! The application's own scripts: hooks, events of the server, parts that
//! patches leave alone.

use bennu::prelude::*;
use serde_json::json;

use crate::TICK;

pub(crate) struct Hooks {
    ticks: u32,
    is_shown: bool,
}

#[derive(Event)]
pub(crate) enum Msg {
    Toggle,
    Tell,
    Ask { number: u32 },
}

pub(crate) struct Tick;

impl LiveView for Hooks {
    type Params = ();
    type Event = Msg;
    type Info = Tick;

    async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&TICK, |()| Tick);
        Ok(Self {
            ticks: 0,
            is_shown: true,
        })
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Toggle => self.is_shown = !self.is_shown,
            Msg::Tell => socket.push_event("told", json!({ "ticks": self.ticks }))?,
            Msg::Ask { number } => socket.reply(json!({ "answer": number * 2 }))?,
        }
        Ok(())
    }

    async fn handle_info(&mut self, _: Tick, _: &mut Socket<Self>) -> Result {
        self.ticks += 1;
        Ok(())
    }

    fn render(&self) -> Rendered {
        let ticks = self.ticks;
        html! {
            h1 { "Hooks" }
            p #ticks { (ticks) }
            button #toggle phx-click=(Msg::Toggle) { "Toggle" }
            button #tell phx-click=(Msg::Tell) { "Tell" }
            div #steady phx-hook="Recorder" data-ticks="none" { "steady" }
            @if self.is_shown {
                div #recorder phx-hook="Recorder" data-ticks=(ticks) { "ticks " (ticks) }
            }
            div #ignored phx-update="ignore" data-ticks=(ticks) title={ "tick " (ticks) } {
                p { "server " (ticks) }
            }
        }
    }
}
