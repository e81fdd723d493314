//! A page whose client commands come with a diff.

use bennu::prelude::*;

pub(crate) struct Late {
    count: u32,
    is_open: bool,
}

#[derive(Debug, Event)]
pub(crate) enum Msg {
    Count,
    Open,
}

impl LiveView for Late {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            count: 0,
            is_open: false,
        })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Count => self.count += 1,
            Msg::Open => self.is_open = true,
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Late" }
            p #count { (self.count) }
            button #more phx-click=(Msg::Count) { "More" }
            button #open phx-click=(Msg::Open) { "Open" }
            @if self.is_open {
                p #text { "Text" }
                iframe #frame title="A page of its own" srcdoc={ "Count: " (self.count) } {}
                button #hide phx-click=(Js::new().push(Msg::Count).set_attribute("hidden", "", "#text")) { "Hide" }
            }
        }
    }
}
