//! Commands that the browser runs by itself, built with `Js`.

use std::collections::HashMap;
use std::time::Duration;

use axum::extract::Query;
use bennu::js::{Classes, Dispatch, Hide, Push, Scope, Show, Toggle, Transition};
use bennu::prelude::*;
use serde_json::json;

pub(crate) struct Commands {
    log: Vec<String>,
    page: u32,
    notice: bool,
}

#[derive(Event)]
pub(crate) enum Msg {
    Said { word: String, twice: Option<bool> },
    Patched,
    Notice,
    Tell,
}

/// With `page`.
type Params = Query<HashMap<String, u32>>;

impl LiveView for Commands {
    type Params = Params;
    type Event = Msg;
    type Info = Never;

    async fn mount(Query(params): &Params, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            log: Vec::new(),
            page: page_of(params),
            notice: false,
        })
    }

    async fn handle_params(&mut self, Query(params): Params, _: &mut Socket<Self>) -> Result {
        self.page = page_of(&params);
        Ok(())
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Said { word, twice } => {
                let times = if twice == Some(true) { 2 } else { 1 };
                self.log.push(vec![word.as_str(); times].join("-"));
            }
            Msg::Patched => self.log.push("patched".to_owned()),
            Msg::Notice => self.notice = !self.notice,
            Msg::Tell => {
                let commands = Js::new().add_class("told", "#box");
                socket.push_event("commands", json!({ "commands": commands }))?;
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let say = |word: &str| Msg::Said {
            word: word.to_owned(),
            twice: None,
        };
        html! {
            h1 { "Commands" }
            p #log { (self.log.join(", ")) }
            p #page { (self.page) }
            button #patched phx-click=(Msg::Patched) { "A patch" }

            div #box title="server" { "Box " (self.log.len()) }
            (self.visibility())
            (self.changes())
            (self.focus())

            button #both phx-click=(Js::new().add_class("pushed", "#box").push(say("it's \"<this>\""))) { "Both" }
            button #valued phx-click=(Js::new().push(Push::new(Msg::SAID).value("word", "so").value("twice", true).loading("#box"))) { "Valued" }
            button #elsewhere phx-click=(Js::new().patch("/commands?page=1")) { "Page 1" }
            button #replaced phx-click=(Js::new().replace_patch("/commands?page=2")) { "Page 2" }
            button #away phx-click=(Js::new().navigate("/journey/start")) { "Away" }
            div #teller phx-hook="Told" { button #tell phx-click=(Msg::Tell) { "Tell" } }

            button #notify phx-click=(Msg::Notice) { "Notice" }
            @if self.notice {
                p #notice
                    phx-mounted=(Js::new().push(say("mounted")).add_class("mounted", Scope::this()))
                    phx-remove=(Js::new().push(say("removed")).hide(Hide::new(Scope::this()).transition("leaving"))) {
                    "A notice"
                }
            }
        }
    }
}

impl Commands {
    fn visibility(&self) -> Rendered {
        let slowly = Transition::new("running")
            .start("starting")
            .end("ending")
            .time(Duration::from_millis(150));
        html! {
            p #help { "Help " (self.log.len()) }
            button #show phx-click=(Js::new().show(Show::new("#help").display("flex"))) { "Show" }
            button #hide phx-click=(Js::new().hide("#help")) { "Hide" }
            button #toggle phx-click=(Js::new().toggle("#help")) { "Toggle" }
            button #slide phx-click=(Js::new().toggle(
                Toggle::new("#help").transition_in(slowly.clone()).transition_out(slowly)
            )) { "Slide" }
        }
    }

    fn changes(&self) -> Rendered {
        html! {
            div #scopes.outer {
                button #scoped phx-click=(
                    Js::new()
                        .add_class("self", Scope::this())
                        .add_class("around", Scope::closest("div"))
                        .add_class("within", Scope::inner("b"))
                ) { "Scoped " b { "text" } }
            }
            button #add phx-click=(Js::new().add_class("one two", "#box")) { "Add" }
            button #remove phx-click=(Js::new().remove_class("one", "#box")) { "Remove" }
            button #flip phx-click=(Js::new().toggle_class(Classes::new("flipped"), "#box")) { "Flip" }
            button #set phx-click=(Js::new().set_attribute("title", "browser", "#box")) { "Set" }
            button #unset phx-click=(Js::new().remove_attribute("title", "#box")) { "Unset" }
            button #open phx-click=(Js::new().toggle_attribute("data-open", "", "#box")) { "Open" }
            button #switch phx-click=(Js::new().switch_attribute("data-side", "left", "right", "#box")) { "Switch" }
            details #details phx-mounted=(Js::new().ignore_attributes(&["open"], Scope::this())) {
                summary { "More " (self.log.len()) }
                "Details"
            }
            button #dispatch phx-click=(Js::new().dispatch(Dispatch::new("app:zoom").to("#box").detail(json!({ "factor": 2 })))) { "Zoom" }
            div #closable data-close=(Js::new().add_class("closed", Scope::this())) { "Closable" }
            button #close phx-click=(Js::new().exec("data-close", "#closable")) { "Close" }
        }
    }

    fn focus(&self) -> Rendered {
        html! {
            div #dialog {
                p { "Dialog" }
                input #first aria-label="First";
                button #leave phx-click=(Js::new().hide("#dialog").pop_focus()) { "Leave" }
            }
            button #enter phx-click=(
                Js::new().push_focus(Scope::this()).show("#dialog").focus_first("#dialog")
            ) { "Enter" }
            button #focus phx-click=(Js::new().focus("#enter")) { "Focus" }
        }
    }
}

fn page_of(params: &HashMap<String, u32>) -> u32 {
    params.get("page").copied().unwrap_or_default()
}
