//! The application's own scripts: hooks, events of the server, parts that
//! patches leave alone.

use axum::http::{HeaderValue, header};
use axum::response::Response;
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

/// Of the policy under which [`Runtime`] is shown; that of a real page is a new
/// one each time.
const NONCE: &str = "page";
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self' 'nonce-page'; img-src data:; base-uri 'none'",
);

/// Hooks that scripts in the page define.
pub(crate) struct Runtime {
    shown: Vec<&'static str>,
}

#[derive(Event)]
pub(crate) enum Show {
    Ours,
    Foreign,
}

impl LiveView for Runtime {
    type Params = ();
    type Event = Show;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self { shown: Vec::new() })
    }

    async fn handle_event(&mut self, event: Show, _: &mut Socket<Self>) -> Result {
        self.shown.push(match event {
            Show::Ours => "ours",
            Show::Foreign => "foreign",
        });
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Scripts" }
            button #show-ours phx-click=(Show::Ours) { "Ours" }
            button #show-foreign phx-click=(Show::Foreign) { "Foreign" }
            @for name in &self.shown {
                script data-phx-runtime-hook=(name) nonce=(if *name == "ours" { NONCE } else { "other" }) {
                    (PreEscaped(format!(
                        "window.phx_hook_{name} = () => ({{ mounted() {{ window.calls.push('{name} mounted') }} }})"
                    )))
                }
                p id=(name) phx-hook=(name) { (name) }
            }
        }
    }
}

/// The policy for [`Runtime`].
pub(crate) async fn under_policy(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response
}
