//! From place to place: by the server's will, with notices, between layouts.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::extract::Query;
use bennu::js::Js;
use bennu::prelude::*;

/// Which view of all this one is: a patch keeps it, a navigation makes a new one.
static MOUNTS: AtomicU32 = AtomicU32::new(0);

/// Its place patches on.
const LEADS_ON: &str = "/journey/a?on=/journey/a?step=3%23bottom";

pub(crate) struct Journey {
    number: u32,
    uri: String,
    count: u32,
}

#[derive(Event)]
pub(crate) enum Msg {
    Add,
    Patch { to: String },
    Replace { to: String },
    Navigate { to: String },
    Redirect { to: String },
    Notice { text: String },
    Title { text: String },
}

impl LiveView for Journey {
    type Params = Query<HashMap<String, String>>;
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        socket.set_title("Journey");
        Ok(Self {
            number: MOUNTS.fetch_add(1, Ordering::Relaxed),
            uri: String::new(),
            count: 0,
        })
    }

    async fn handle_params(
        &mut self,
        Query(query): Self::Params,
        socket: &mut Socket<Self>,
    ) -> Result {
        self.uri = socket.uri().to_owned();
        match query.get("on") {
            Some(to) => socket.push_patch(to),
            None => Ok(()),
        }
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Add => self.count += 1,
            Msg::Patch { to } => {
                socket.put_flash("info", "patched");
                socket.push_patch(to)?;
            }
            Msg::Replace { to } => socket.replace_patch(to)?,
            Msg::Navigate { to } => {
                socket.put_flash("info", "navigated");
                socket.push_navigate(to)?;
            }
            Msg::Redirect { to } => {
                socket.put_flash("info", "redirected");
                socket.redirect(to)?;
            }
            Msg::Notice { text } => socket.put_flash("info", text),
            Msg::Title { text } => socket.set_title(text),
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let to = |path: &str| path.to_owned();
        let link = |id: &str, path: &str, kind: &str| {
            html! { a #(id) href=(link::path(path)) data-phx-link=(kind) data-phx-link-state="push" { (path) } }
        };
        html! {
            h1 #uri { (self.uri) }
            p #number { (self.number) }
            p #count { (self.count) }
            button #add phx-click=(Msg::Add) { "Add" }
            button #patch phx-click=(Msg::Patch { to: to("/journey/a?step=1") }) { "Patch" }
            button #replace phx-click=(Msg::Replace { to: to("/journey/a?step=2") }) { "Replace" }
            button #navigate phx-click=(Msg::Navigate { to: to("/journey/b") }) { "Navigate" }
            button #redirect phx-click=(Msg::Redirect { to: to("/journey/c") }) { "Redirect" }
            button #navigate-elsewhere phx-click=(Msg::Navigate { to: to("/elsewhere") }) { "Elsewhere" }
            button #notice phx-click=(Msg::Notice { text: to("a notice") }) { "Notice" }
            button #clear phx-click="lv:clear-flash" { "Clear" }
            button #title phx-click=(Msg::Title { text: to("New & <b>") }) { "Title" }
            button #no-title phx-click=(Msg::Title { text: String::new() }) { "No title" }
            (link("to-b", "/journey/b", "redirect"))
            (link("to-step", "/journey/a?step=9", "patch"))
            (link("to-hash", "/journey/a?step=8#bottom", "patch"))
            (link("to-on", LEADS_ON, "patch"))
            (link("to-b-on", "/journey/b?on=/journey/b?step=3%23bottom", "redirect"))
            button #patch-on phx-click=(Js::new().patch(LEADS_ON)) { "Patch on" }
            button #push-on phx-click=(Msg::Patch { to: to(LEADS_ON) }) { "Push on" }
            button #replace-on phx-click=(Msg::Replace { to: to(LEADS_ON) }) { "Replace on" }
            a #to-query ..(link::patch("?step=a b")) { "?step=a b" }
            a #to-query-anew ..(link::navigate("?step=\u{e4}")) { "?step=\u{e4}" }
            a #to-fragment ..(link::patch("#bottom")) { "#bottom" }
            button #command-query phx-click=(Js::new().patch("?step=\"6\"")) { "Patch to a query" }
            button #push-query phx-click=(Msg::Patch { to: to("?step=7") }) { "Push a query" }
            (link("to-elsewhere", "/elsewhere", "redirect"))
            (link("to-private", "/private", "redirect"))
            (link("to-members", "/members", "redirect"))
            (link("to-login", "/login", "redirect"))
            (link("to-nowhere", "/nowhere", "redirect"))
            (link("to-faults", "/faults?fail=404", "redirect"))
            div.scrolling { p { "tall" } }
            div.far {}
            p #bottom { "Bottom" }
        }
    }
}
