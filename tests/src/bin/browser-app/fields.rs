//! Fields in use while the server changes what is around them, and in them.

use bennu::prelude::*;

use crate::TICK;

pub(crate) struct Fields {
    ticks: u32,
    text: String,
    agree: bool,
    size: String,
}

#[derive(Event)]
pub(crate) enum Msg {
    Change {
        text: String,
        agree: Option<String>,
        size: String,
    },
}

pub(crate) struct Tick;

impl LiveView for Fields {
    type Params = ();
    type Event = Msg;
    type Info = Tick;

    async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&TICK, |()| Tick);
        Ok(Self {
            ticks: 0,
            text: String::new(),
            agree: false,
            size: "m".to_owned(),
        })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        let Msg::Change { text, agree, size } = event;
        // The server has a word in it: what is focused is left alone all the same.
        self.text = text.to_uppercase();
        self.agree = agree.is_some();
        self.size = size;
        Ok(())
    }

    async fn handle_info(&mut self, _: Tick, _: &mut Socket<Self>) -> Result {
        self.ticks += 1;
        Ok(())
    }

    fn render(&self) -> Rendered {
        let Self { ticks, text, .. } = self;
        let option = |value: &str| {
            html! { option value=(value) selected[value == self.size] { (value) " " (ticks) } }
        };
        html! {
            h1 { "Fields" }
            p #ticks { (ticks) }
            input #plain type="text" aria-label="Plain" value={ "server " (ticks) } title={ "tick " (ticks) };
            textarea #area aria-label="Area" title={ "tick " (ticks) } { "server " (ticks) }
            input #box type="checkbox" aria-label="Box" title={ "tick " (ticks) };
            form #form phx-change=(Msg::CHANGE) {
                input #text type="text" name="text" aria-label="Text" value=(text) title={ "tick " (ticks) };
                input #agree type="checkbox" name="agree" aria-label="Agree" checked[self.agree] title={ "tick " (ticks) };
                select #size name="size" aria-label="Size" title={ "tick " (ticks) } {
                    (option("s")) (option("m")) (option("l"))
                }
            }
            p #echo { (text) " " (self.agree) " " (self.size) }
        }
    }
}
