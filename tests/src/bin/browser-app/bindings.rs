//! Bindings of the page's life: focus kept inside, forms that the browser
//! submits, what shows a lost connection, events to other places.

use bennu::element::focus_wrap;
use bennu::js::Scope;
use bennu::prelude::*;
use serde_json::json;

pub(crate) struct Bindings {
    is_ready: bool,
    asked: u32,
}

#[derive(Event)]
pub(crate) enum Msg {
    LogIn { name: String },
    Ask { number: u32 },
}

impl LiveView for Bindings {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            is_ready: false,
            asked: 0,
        })
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::LogIn { name } => self.is_ready = !name.is_empty(),
            Msg::Ask { number } => {
                self.asked += number;
                socket.reply(json!({ "asked": self.asked }))?;
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Bindings" }
            button #before { "Before" }
            (focus_wrap("wrap", html! {
                input #first type="text" aria-label="First";
                button #last { "Last" }
            }))
            button #after { "After" }

            form #log-in action="/login" phx-submit=(Msg::LOG_IN) phx-trigger-action[self.is_ready] {
                input #name type="text" name="name" aria-label="Name";
                button #submit { "Log in" }
            }

            p #status
                phx-connected=(Js::new().set_attribute("data-state", "here", Scope::this()))
                phx-disconnected=(Js::new().set_attribute("data-state", "gone", Scope::this())) {
                "Status"
            }

            div #asker phx-hook="Asker" { "Ask" }
            p.asked { (self.asked) }
        }
    }
}
