//! Pages that one goes to and comes back to: where they scroll, what has the
//! focus, and what goes on meanwhile.

use std::collections::HashMap;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::get;
use bennu::element::{focus_wrap, portal};
use bennu::js::{Js, Show, Transition};
use bennu::prelude::*;

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/places/{name}", get(live::<Place>()))
        .route("/guide", get(live::<Guide>()))
        .route("/away", get(live::<Away>()))
}

/// A page with what its query asks for.
struct Place {
    name: String,
    asked: HashMap<String, String>,
    ticks: u32,
    rows: Vec<u32>,
    heard: Vec<String>,
    shown: bool,
}

#[derive(Event)]
enum Msg {
    Remove { id: u32 },
    Bye { text: String },
    Hide,
}

struct Tick;

impl LiveView for Place {
    type Params = (Path<String>, Query<HashMap<String, String>>);
    type Event = Msg;
    type Info = Tick;

    async fn mount(params: &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        let (Path(name), Query(asked)) = params;
        socket.set_title(format!("Place {name}"));
        if asked.contains_key("ticks") {
            socket.send_every(Duration::from_millis(50), || Tick);
        }
        Ok(Self {
            name: name.clone(),
            asked: asked.clone(),
            ticks: 0,
            rows: (1..=4).collect(),
            heard: Vec::new(),
            shown: true,
        })
    }

    async fn handle_params(
        &mut self,
        (_, Query(asked)): Self::Params,
        _: &mut Socket<Self>,
    ) -> Result {
        self.asked = asked;
        Ok(())
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Remove { id } => self.rows.retain(|row| *row != id),
            Msg::Bye { text } => self.heard.push(text),
            Msg::Hide => self.shown = false,
        }
        Ok(())
    }

    async fn handle_info(&mut self, Tick: Tick, _: &mut Socket<Self>) -> Result {
        self.ticks += 1;
        Ok(())
    }

    fn render(&self) -> Rendered {
        let asks = |what: &str| self.asked.contains_key(what);
        let other = if self.name == "a" { "b" } else { "a" };
        let query = |path: &str| match asks("ticks") {
            true => format!("{path}?ticks"),
            false => format!("{path}?focus"),
        };
        html! {
            a #first href="#middle" { "Middle" }
            a #to-percent href="#100%" { "100%" }
            a #to-other ..(link::navigate(query(&format!("/places/{other}")))) { "Other" }
            a #to-middle ..(link::navigate(format!("/places/{other}#middle"))) { "Other's middle" }
            // By hand: what Bennu writes is encoded.
            a #to-odd href=(format!("/places/{other}#100%")) data-phx-link="redirect" data-phx-link-state="push" { "100%" }
            svg width="20" height="20" {
                a #drawn ..(link::patch(format!("/places/{}?drawn", self.name))) {
                    rect width="20" height="20" {}
                }
            }
            h1 { (self.name) }
            p #asked { @for key in self.asked.keys() { (key) } }
            p #ticks { (self.ticks) }
            @if asks("ticks") {
                (live_child("kid", "/widget?name=kid"))
                (live_sticky("guide", "/guide?ticks"))
            } @else {
                (live_sticky("guide", "/guide"))
            }
            @if asks("focus") {
                input #searched autofocus;
            }
            ul #rows {
                @for id in &self.rows key=(id) {
                    li #{ "row-" (id) } {
                        input #{ "text-" (id) } type="text";
                        button #{ "remove-" (id) } phx-click=(Msg::Remove { id: *id }) { "Remove" }
                    }
                }
            }
            p #heard { (self.heard.join(" ")) }
            @if asks("parting") && self.shown {
                i #parting phx-hook="Parting" { "here" }
            }
            button #hide phx-click=(Msg::Hide) { "Hide" }
            div.far {}
            p #middle { "Middle" }
            div.far {}
            p #end { "End" }
        }
    }
}

/// Stays from place to place, and leads to them.
struct Guide {
    count: u32,
    ticks: u32,
}

#[derive(Event)]
enum Lead {
    Go { to: String },
}

impl LiveView for Guide {
    type Params = Query<HashMap<String, String>>;
    type Event = Lead;
    type Info = Tick;

    async fn mount(Query(query): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        if query.contains_key("ticks") {
            socket.send_every(Duration::from_millis(50), || Tick);
        }
        Ok(Self { count: 0, ticks: 0 })
    }

    async fn handle_event(&mut self, event: Lead, socket: &mut Socket<Self>) -> Result {
        let Lead::Go { to } = event;
        self.count += 1;
        socket.push_navigate(to)
    }

    async fn handle_info(&mut self, Tick: Tick, _: &mut Socket<Self>) -> Result {
        self.ticks += 1;
        Ok(())
    }

    fn render(&self) -> Rendered {
        let go = |to: &str| Lead::Go { to: to.to_owned() };
        html! {
            p #guided { (self.count) }
            p #guide-ticks { (self.ticks) }
            button #guide-a phx-click=(go("/places/a")) { "Guide to a" }
            button #guide-b phx-click=(go("/places/b")) { "Guide to b" }
        }
    }
}

/// What stands elsewhere than where it belongs, and what opens.
struct Away {
    csrf: CsrfToken,
    heard: u32,
    goes: bool,
}

#[derive(Event)]
enum Say {
    Ping,
    Sign,
    Panic,
}

impl LiveView for Away {
    type Params = CsrfToken;
    type Event = Say;
    type Info = Never;

    async fn mount(csrf: &CsrfToken, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            csrf: csrf.clone(),
            heard: 0,
            goes: false,
        })
    }

    async fn handle_event(&mut self, event: Say, _: &mut Socket<Self>) -> Result {
        match event {
            Say::Ping => self.heard += 1,
            Say::Sign => self.goes = true,
            Say::Panic => panic!("a page with portals panics, as the spec wants it"),
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let slowly = Transition::new("fading")
            .start("clear")
            .end("solid")
            .time(Duration::from_millis(300));
        html! {
            p #heard { (self.heard) }
            button #panic phx-click=(Say::Panic) { "Panic" }
            (live_component::<Card>(1, CardProps { id: 1, target: "#card-2", content: true }))
            (live_component::<Card>(2, CardProps { id: 2, target: "body", content: false }))
            (portal("kid-place", "body", live_child("kid", "/widget?name=kid")))
            (portal("menu", "body", html! { p #shown-menu { "Menu" } }))
            p #menu-content { "of the page" }
            (portal("form-place", "body", html! {
                form #sign action="/sign" method="post" phx-submit=(Say::Sign) phx-trigger-action[self.goes] {
                    (self.csrf.input())
                    input name="name" value="Ann";
                    button #send name="by" value="portal" { "Send" }
                }
            }))
            button #open phx-click=(Js::new()
                .show(Show::new("#wrap").transition(slowly))
                .focus("#name")) { "Open" }
            div #wrap.hidden-first {
                (focus_wrap("wrapped", html! {
                    button #close phx-click=(Js::new().hide("#wrap")) { "Close" }
                    input #name type="text";
                }))
            }
        }
    }
}

/// Shows something in another's place.
struct Card {
    heard: u32,
}

#[derive(Clone, PartialEq)]
struct CardProps {
    id: u32,
    target: &'static str,
    content: bool,
}

impl LiveComponent for Card {
    type Props = CardProps;
    type Event = Say;
    type Info = Never;

    async fn mount(_: &CardProps, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self { heard: 0 })
    }

    async fn handle_event(&mut self, _: Say, _: &CardProps, _: &mut Socket<Self>) -> Result {
        self.heard += 1;
        Ok(())
    }

    fn render(&self, props: &CardProps) -> Rendered {
        let CardProps {
            id,
            target,
            content,
        } = props;
        html! {
            section #{ "card-" (id) } {
                p #{ "card-heard-" (id) } { (self.heard) }
                @if *content {
                    (portal("lent", target, html! {
                        b #lent-part phx-hook="Pinger" { "Lent" }
                        button #by-selector phx-click="ping" phx-target="#lent-part" { "Ping" }
                    }))
                }
            }
        }
    }
}
