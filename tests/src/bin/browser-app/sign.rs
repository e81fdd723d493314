//! A form that is checked as it is typed, and then posted by the browser.

use axum::response::Html;
use bennu::prelude::*;
use serde::Deserialize;

pub(crate) struct Sign {
    csrf: CsrfToken,
    form: Form<Name>,
    goes: bool,
    ticks: u32,
}

#[derive(Deserialize)]
pub(crate) struct Name {
    name: String,
    by: Option<String>,
}

#[derive(Event)]
pub(crate) enum Msg {
    Validate(Form<Name>),
    Submit(Form<Name>),
}

pub(crate) struct Tick;

impl LiveView for Sign {
    type Params = CsrfToken;
    type Event = Msg;
    type Info = Tick;

    async fn mount(csrf: &CsrfToken, socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&crate::TICK, |()| Tick);
        Ok(Self {
            csrf: csrf.clone(),
            form: Form::new(),
            goes: false,
            ticks: 0,
        })
    }

    async fn handle_info(&mut self, Tick: Tick, _: &mut Socket<Self>) -> Result {
        self.ticks += 1;
        Ok(())
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Validate(mut form) => {
                form.require(["name"]);
                self.form = form;
            }
            Msg::Submit(mut form) => {
                form.require(["name"]);
                self.goes = form.is_valid();
                self.form = form;
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Sign" }
            p #ticks { (self.ticks) }
            form #sign action="/sign" method="post" phx-change=(Msg::VALIDATE) phx-submit=(Msg::SUBMIT)
                phx-trigger-action[self.goes] {
                (self.csrf.input())
                (self.form.input("name").label("Name"))
                button #sign-pen name="by" value="pen" { "By pen" }
                button #sign-seal name="by" value="seal" { "By seal" }
            }
        }
    }
}

/// Answers the post itself.
pub(crate) async fn signed(Posted(form): Posted<Form<Name>>) -> Html<String> {
    let text = match form.result() {
        Ok(Name { name, by }) => format!("{name} by {}", by.as_deref().unwrap_or("nothing")),
        Err(errors) => errors.to_string(),
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head { title { "Signed" } link rel="icon" href="data:,"; }
            body { h1 #signed { (text) } }
        }
    };
    Html(page.to_html())
}
