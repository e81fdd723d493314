//! Views in views: two pages with widgets and a player that stays.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::extract::{Path, Query};
use bennu::prelude::*;

/// Which widget of all this one is.
static MOUNTS: AtomicU32 = AtomicU32::new(0);

/// A page with children.
pub(crate) struct Nested {
    place: String,
    count: u32,
    zone: &'static str,
    shown: bool,
    /// How a child of it fails that only then is there; one that panics comes later.
    fails: Option<String>,
}

#[derive(Event)]
pub(crate) enum Msg {
    Add,
    Zone,
    Toggle,
    Panic,
    Navigate,
}

impl LiveView for Nested {
    type Params = (Path<String>, Query<HashMap<String, String>>);
    type Event = Msg;
    type Info = Never;

    async fn mount(params: &Self::Params, _: &mut Socket<Self>) -> Result<Self> {
        let (Path(place), Query(query)) = params;
        Ok(Self {
            place: place.clone(),
            count: 0,
            zone: "UTC",
            shown: true,
            fails: query.get("fail").cloned(),
        })
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Add => self.count += 1,
            Msg::Zone => self.zone = "CET",
            Msg::Toggle => self.shown = !self.shown,
            Msg::Panic => panic!("a parent panics, as the spec wants it"),
            Msg::Navigate => socket.push_navigate("/nested/b")?,
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 #place { (self.place) }
            p #count { (self.count) }
            button #add phx-click=(Msg::Add) { "Add" }
            button #zone phx-click=(Msg::Zone) { "Zone" }
            button #toggle phx-click=(Msg::Toggle) { "Toggle" }
            button #panic phx-click=(Msg::Panic) { "Panic" }
            button #navigate phx-click=(Msg::Navigate) { "Navigate" }
            a #to-a ..(link::navigate("/nested/a")) { "To a" }
            a #to-b ..(link::navigate("/nested/b")) { "To b" }
            // The server finds out that it is another view.
            a #to-c ..(link::patch("/journey/c")) { "To c" }
            section #clocks {
                @if self.shown {
                    (live_child("clock", format!("/widget?name=clock&zone={}", self.zone)))
                }
            }
            (live_child("outer", "/widget?name=outer&inner=inner"))
            (live_sticky("player", "/widget?name=player"))
            @if let Some(how) = self.fails.as_deref().filter(|how| *how != "panic" || self.count > 0) {
                (live_child("failing", format!("/widget?name=failing&fail={how}")))
            }
        }
    }
}

/// A child, which may have one of its own.
pub(crate) struct Widget {
    name: String,
    zone: String,
    inner: Option<String>,
    number: u32,
    count: u32,
    step: String,
}

#[derive(Event)]
pub(crate) enum Ask {
    Add,
    Panic,
    Patch,
    Leave,
}

impl LiveView for Widget {
    type Params = Query<HashMap<String, String>>;
    type Event = Ask;
    type Info = Never;

    async fn mount(Query(query): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        let text = |key: &str| query.get(key).cloned().unwrap_or_default();
        socket.set_title("Widget");
        match query.get("fail").filter(|_| socket.connected()) {
            Some(how) if how == "panic" => {
                panic!("a child panics at its join, as the spec wants it")
            }
            Some(_) => return Err(Error::not_found()),
            None => {}
        }
        Ok(Self {
            name: text("name"),
            zone: text("zone"),
            inner: query.get("inner").cloned(),
            number: MOUNTS.fetch_add(1, Ordering::Relaxed),
            count: 0,
            step: String::new(),
        })
    }

    async fn handle_params(&mut self, Query(query): Self::Params, _: &mut Socket<Self>) -> Result {
        self.step = query.get("step").cloned().unwrap_or_default();
        Ok(())
    }

    async fn handle_event(&mut self, event: Ask, socket: &mut Socket<Self>) -> Result {
        match event {
            Ask::Add => self.count += 1,
            Ask::Panic => panic!("a child panics, as the spec wants it"),
            Ask::Patch => socket.push_patch("/widget?step=2")?,
            Ask::Leave => {
                socket.put_flash("info", "a child says goodbye");
                socket.push_navigate("/nested/b")?;
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let id = |part: &str| format!("{}-{part}", self.name);
        html! {
            p #(id("zone")) { (self.zone) }
            p #(id("number")) { (self.number) }
            p #(id("count")) { (self.count) }
            p #(id("step")) { (self.step) }
            button #(id("add")) phx-click=(Ask::Add) { "Add" }
            button #(id("panic")) phx-click=(Ask::Panic) { "Panic" }
            button #(id("patch")) phx-click=(Ask::Patch) { "Patch" }
            button #(id("leave")) phx-click=(Ask::Leave) { "Leave" }
            @if let Some(inner) = &self.inner {
                (live_child(inner, format!("/widget?name={inner}")))
            }
        }
    }
}
