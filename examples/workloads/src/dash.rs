//! Twenty values that all change at once.

use bennu::prelude::*;

use crate::TICK;

pub(crate) struct Dash {
    n: u64,
}

#[derive(Event)]
pub(crate) enum Msg {
    Tick,
}

impl LiveView for Dash {
    type Params = ();
    type Event = Msg;
    type Info = u64;

    async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&TICK, |n| *n);
        Ok(Self { n: 0 })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Tick => self.n += 1,
        }
        Ok(())
    }

    async fn handle_info(&mut self, n: u64, _: &mut Socket<Self>) -> Result {
        self.n = n;
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Dashboard" }
            div.grid {
                @for i in 0..20 key=(i) {
                    div.metric id={ "metric-" (i) } {
                        h3 { "Metric " (i) }
                        span.value { (1000 + (self.n * (7 + 13 * i) + 997 * i) % 8999) }
                        span.unit { "ms" }
                    }
                }
            }
        }
    }
}
