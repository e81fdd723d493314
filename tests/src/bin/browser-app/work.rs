//! Work beside a view, which a spec lets go on, and what the client said when it
//! joined.

use std::sync::Arc;

use axum::Extension;
use bennu::prelude::*;
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::Gates;

pub(crate) struct Work {
    report: Async<u32>,
    gate: Arc<Semaphore>,
    number: u32,
    joined: String,
}

#[derive(Event)]
pub(crate) enum Msg {
    Load,
    Reload,
    Fail,
    Cancel,
}

impl Work {
    fn next(&mut self, socket: &mut Socket<Self>) -> Async<u32> {
        self.number += 1;
        let (gate, number) = (Arc::clone(&self.gate), self.number);
        socket.load(|work| &mut work.report, report(gate, number))
    }
}

async fn report(gate: Arc<Semaphore>, number: u32) -> Result<u32> {
    gate.acquire().await?.forget();
    Ok(number)
}

impl LiveView for Work {
    type Params = Extension<Gates>;
    type Event = Msg;
    type Info = Never;

    async fn mount(Extension(gates): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        let gate = gates.find("work");
        let params: Option<Value> = socket.connect_params()?;
        let zone = params.as_ref().and_then(|params| params["zone"].as_str());
        let zone = zone.unwrap_or("nowhere");
        let page = if socket.static_changed() {
            "old"
        } else {
            "new"
        };
        Ok(Self {
            report: socket.load(|work| &mut work.report, report(Arc::clone(&gate), 0)),
            gate,
            number: 0,
            joined: format!("{zone} {} {page}", socket.mounts()),
        })
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Load => self.report = self.next(socket),
            Msg::Reload => {
                let next = self.next(socket);
                self.report.reload(next);
            }
            Msg::Fail => {
                self.report = socket.load(|work| &mut work.report, async {
                    Err(Error::message("no <report>"))
                });
            }
            Msg::Cancel => self.report.cancel(),
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Work" }
            p #joined { (self.joined) }
            p #report aria-busy=[self.report.is_loading().then_some("true")] {
                @match self.report.state() {
                    AsyncState::Loading => "Loading…"
                    AsyncState::Ok(number) => { "Report " (number) }
                    AsyncState::Failed(failure) => b { (failure) }
                }
            }
            @for (event, name) in [(Msg::Load, "load"), (Msg::Reload, "reload"), (Msg::Fail, "fail"),
                (Msg::Cancel, "cancel")] {
                button #(name) phx-click=(event) { (name) }
            }
        }
    }
}
