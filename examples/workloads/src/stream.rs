//! A hundred thousand messages that live in the browser alone.

use bennu::prelude::*;

pub(crate) struct Messages(Stream<u32>);

#[derive(Event)]
pub(crate) enum Msg {
    Append,
}

impl LiveView for Messages {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        let mut messages = Stream::new(|number| format!("m-{number}"));
        messages.extend(0..100_000);
        Ok(Self(messages))
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Append => self.0.push(fastrand::u32(100_000..)),
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Messages" }
            ol #messages phx-update="stream" {
                @for (id, number) in &self.0 { li #(id) { "Message number " (number) } }
            }
        }
    }
}
