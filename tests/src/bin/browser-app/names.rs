//! A form whose fields have the names of what elements have, or a page whose forms or
//! images have those of what the document has.

use axum::extract::Query;
use bennu::prelude::*;
use serde::Deserialize;

/// As many as the DOM has, in one text: what a query may hold is counted.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    names: String,
    /// What bears them: `field`, `form` or `img`.
    by: Option<String>,
}

pub(crate) struct Names {
    names: Vec<String>,
    by: String,
    changes: u32,
    submits: u32,
    forms: Vec<u32>,
}

#[derive(Event)]
pub(crate) enum Msg {
    Change,
    Submit,
    Turn,
    Remove,
}

impl LiveView for Names {
    type Params = Query<Wanted>;
    type Event = Msg;
    type Info = Never;

    async fn mount(Query(wanted): &Query<Wanted>, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            names: wanted.names.split(',').map(str::to_owned).collect(),
            by: wanted.by.clone().unwrap_or_else(|| "field".to_owned()),
            changes: 0,
            submits: 0,
            forms: vec![1, 2],
        })
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Change => self.changes += 1,
            Msg::Submit => self.submits += 1,
            Msg::Turn => {
                self.forms.reverse();
                socket.set_title("Turned");
            }
            Msg::Remove => self.forms.retain(|form| *form == 2),
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Names" }
            button phx-click=(Msg::Turn) { "Turn" }
            button phx-click=(Msg::Remove) { "Remove" }
            a ..(link::navigate("/names")) { "On" }
            @if self.by == "form" {
                @for name in &self.names { form name=(name) {} }
            }
            @if self.by == "img" {
                @for name in &self.names { img name=(name) alt=""; }
            }
            main {
                @for form in &self.forms key=(form) {
                    form id={ "form-" (form) } class={ "changed-" (self.changes) } phx-change=(Msg::Change) phx-submit=(Msg::Submit) {
                        input name="first" aria-label={ "First " (form) };
                        p { (self.changes) " changes, " (self.submits) " submits" }
                        @if self.by == "field" {
                            @for name in &self.names { input type="text" name=(name) size="4"; }
                        }
                        button { "Submit " (form) }
                    }
                }
            }
        }
    }
}
