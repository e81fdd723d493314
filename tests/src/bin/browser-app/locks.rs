//! What waits for an answer, and what the server changes in it meanwhile.

use bennu::prelude::*;

use crate::TICK;

pub(crate) struct Locks {
    ticks: u32,
    text: String,
    clicks: u32,
}

#[derive(Event)]
pub(crate) enum Msg {
    Click,
    Typed { text: String },
    Saved { text: String },
}

pub(crate) struct Tick;

impl LiveView for Locks {
    type Params = ();
    type Event = Msg;
    type Info = Tick;

    async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&TICK, |()| Tick);
        Ok(Self {
            ticks: 0,
            text: String::new(),
            clicks: 0,
        })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Click => self.clicks += 1,
            Msg::Typed { text } => self.text = text,
            Msg::Saved { text } => self.text = format!("{text}!"),
        }
        Ok(())
    }

    async fn handle_info(&mut self, _: Tick, _: &mut Socket<Self>) -> Result {
        self.ticks += 1;
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Locks" }
            p #ticks { (self.ticks) }
            button #button phx-click=(Msg::Click) data-ticks=(self.ticks) {
                b { (self.ticks) } " and " (self.clicks)
                @if self.ticks > 0 { i { "more" } }
            }
            button #other phx-click=(Msg::Click) { (self.ticks) }
            p #text { (self.text) }
            form #form phx-change=(Msg::TYPED) phx-submit=(Msg::SAVED) {
                input #field type="text" name="text" aria-label="Text" value=(self.text);
                input #given type="text" name="given" aria-label="Given" readonly value="x";
                output #echo { (self.text) }
                button #save name="by" phx-disable-with="Saving…" { "Save " (self.ticks) }
                button #never type="button" disabled { "Never" }
            }
        }
    }
}
