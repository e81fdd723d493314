//! What the browser and scripts set on their own: a dialog, details, a custom
//! element, whose attributes and children the server knows nothing of.

use std::path::Path;

use axum::http::StatusCode;
use bennu::prelude::*;

/// A file by which a later run of this program knows that it has another template.
const DEPLOYED: &str = "deployed";

pub(crate) struct Others {
    count: u32,
    is_new: bool,
}

#[derive(Event)]
pub(crate) enum Msg {
    Add,
}

/// The next run is of the next version.
pub(crate) async fn deploy() -> Result<(), StatusCode> {
    std::fs::write(DEPLOYED, "").map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

impl LiveView for Others {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            count: 0,
            is_new: Path::new(DEPLOYED).exists(),
        })
    }

    async fn handle_event(&mut self, Msg::Add: Msg, _: &mut Socket<Self>) -> Result {
        self.count += 1;
        Ok(())
    }

    fn render(&self) -> Rendered {
        let parts = html! {
            button #show command="show-modal" commandfor="box-dialog" { "Show" }
            dialog #box-dialog {
                input #text type="text" aria-label="Text";
                p #count { (self.count) }
                button #add phx-click=(Msg::Add) { "Add" }
            }
            details #details { summary { "More" } p { "text" } }
            button #pop popovertarget="popover" { "Pop" }
            div #popover popover { "over" }
            own-box #box class="box" {}
        };
        html! {
            h1 { "Others" }
            @if self.is_new {
                main #main { p #version { "new" } (parts) }
            } @else {
                main #main { (parts) p #version { "old" } }
            }
        }
    }
}
