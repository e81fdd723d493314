//! Handlers that go wrong, or take their time.

use std::collections::HashMap;

use axum::Extension;
use axum::extract::Query;
use axum::http::StatusCode;
use bennu::prelude::*;

use crate::Gates;

pub(crate) struct Faults {
    count: i64,
    gates: Gates,
    gate: String,
    is_broken: bool,
    done: u32,
}

#[derive(Event)]
pub(crate) enum Msg {
    Add,
    Slow,
    Panic,
    Fail,
    Break,
    Leave,
}

impl LiveView for Faults {
    type Params = (Query<HashMap<String, String>>, Extension<Gates>);
    type Event = Msg;
    type Info = Never;

    async fn mount(params: &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        let (Query(query), Extension(gates)) = params;
        if query.get("fail").is_some_and(|_| socket.connected()) {
            return Err(Error::status(StatusCode::NOT_FOUND));
        }
        if query.contains_key("circle") && socket.connected() {
            return Err(Error::navigate("/faults?circle"));
        }
        Ok(Self {
            count: 0,
            gates: gates.clone(),
            gate: query.get("gate").cloned().unwrap_or_default(),
            is_broken: false,
            done: 0,
        })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Add => self.count += 1,
            Msg::Slow => {
                self.gates.find(&self.gate).acquire().await?.forget();
                self.done += 1;
            }
            Msg::Panic => panic!("a handler panics, as the spec wants it"),
            Msg::Fail => return Err(Error::message("a handler fails, as the spec wants it")),
            Msg::Break => self.is_broken = true,
            Msg::Leave => return Err(Error::redirect("/login")),
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        assert!(!self.is_broken, "a render panics, as the spec wants it");
        html! {
            h1 { "Faults" }
            p #count { (self.count) }
            p #done { (self.done) }
            button #add phx-click=(Msg::Add) { "Add" }
            button #slow phx-click=(Msg::Slow) phx-disable-with="Working…" { "Slow " (self.done) }
            form #slow-form phx-submit=(Msg::SLOW) {
                input #slow-text type="text" name="text" aria-label="Text";
                button #slow-submit type="submit" phx-disable-with="Sending…" { "Send" }
            }
            button #panic phx-click=(Msg::Panic) { "Panic" }
            button #fail phx-click=(Msg::Fail) { "Fail" }
            button #break phx-click=(Msg::Break) { "Break" }
            button #leave phx-click=(Msg::Leave) { "Leave" }
        }
    }
}
