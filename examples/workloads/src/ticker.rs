//! One number that the server changes for all views at once.

use bennu::prelude::*;

use crate::TICK;

pub(crate) struct Ticker {
    last: u64,
}

impl LiveView for Ticker {
    type Params = ();
    type Event = Never;
    type Info = u64;

    async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&TICK, |n| *n);
        Ok(Self { last: 0 })
    }

    async fn handle_info(&mut self, n: u64, _: &mut Socket<Self>) -> Result {
        self.last = n;
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Ticker" }
            p { "Last: " span #n { (self.last) } }
        }
    }
}
