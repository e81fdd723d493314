//! A view with components that say what they do.

use axum::routing::get;
use axum::{Extension, Router};
use bennu::{
    Callback, Event, LiveComponent, LiveView, Rendered, Result, Socket, html, live, live_component,
};
use serde_json::json;

use crate::stage::{Log, Stage, bennu, seconds};

/// A component with a number.
pub(super) struct Card {
    number: u32,
    log: Log,
}

#[derive(Clone)]
pub(super) struct CardProps {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) log: Log,
    pub(super) on_tell: Option<Callback<String>>,
    /// Cards inside of this one, by their ids.
    pub(super) inner: Vec<CardProps>,
}

impl PartialEq for CardProps {
    fn eq(&self, other: &Self) -> bool {
        (&self.id, &self.label, &self.on_tell, &self.inner)
            == (&other.id, &other.label, &other.on_tell, &other.inner)
    }
}

impl CardProps {
    pub(super) fn place(&self) -> bennu::Component {
        live_component::<Card>(self.id.as_str(), self.clone())
    }
}

#[derive(Event)]
pub(super) enum CardEvent {
    Inc,
    Nothing,
    Tell { text: String },
    Flash { text: String },
    Reply,
    Patch { to: String },
    Panic,
    Fail,
}

pub(super) enum CardInfo {
    Add(u32),
    Later(u64),
}

impl LiveComponent for Card {
    type Props = CardProps;
    type Event = CardEvent;
    type Info = CardInfo;

    async fn mount(props: &CardProps, _: &mut Socket<Self>) -> Result<Self> {
        props.log.add(format!("mount {}", props.id));
        Ok(Self {
            number: 0,
            log: props.log.clone(),
        })
    }

    async fn update(&mut self, props: &CardProps, socket: &mut Socket<Self>) -> Result {
        self.log.add(format!("update {}", props.id));
        if props.label == "patch" {
            socket.push_patch("/?from=component")?;
        }
        Ok(())
    }

    async fn handle_event(
        &mut self,
        event: CardEvent,
        props: &CardProps,
        socket: &mut Socket<Self>,
    ) -> Result {
        self.log.add(format!("event {}", props.id));
        match event {
            CardEvent::Inc => self.number += 1,
            CardEvent::Nothing => {}
            CardEvent::Tell { text } => props.on_tell.as_ref().unwrap().call(text),
            CardEvent::Flash { text } => socket.put_flash("info", text),
            CardEvent::Reply => socket.reply(json!({"number": self.number}))?,
            CardEvent::Patch { to } => socket.push_patch(to)?,
            CardEvent::Panic => panic!("told to"),
            CardEvent::Fail => return Err(bennu::Error::message("told to")),
        }
        Ok(())
    }

    async fn handle_info(
        &mut self,
        info: CardInfo,
        props: &CardProps,
        socket: &mut Socket<Self>,
    ) -> Result {
        match info {
            CardInfo::Add(number) => self.number += number,
            CardInfo::Later(seconds) => {
                let delay = std::time::Duration::from_secs(seconds);
                socket.send_after(delay, CardInfo::Add(1));
                self.log.add(format!("later {}", props.id));
            }
        }
        Ok(())
    }

    fn render(&self, props: &CardProps) -> Rendered {
        self.log.add(format!("render {}", props.id));
        html! {
            b id=(props.id) {
                (props.label) " " (self.number)
                @if !props.inner.is_empty() {
                    i { @for inner in &props.inner key=(inner.id) { (inner.place()) } }
                }
            }
        }
    }
}

impl Drop for Card {
    fn drop(&mut self) {
        self.log.add("drop");
    }
}

pub(super) struct Desk {
    pub(super) count: u32,
    cards: Vec<CardProps>,
    on_tell: Callback<String>,
    log: Log,
}

#[derive(Event)]
pub(super) enum DeskEvent {
    Count,
    Label {
        at: usize,
        label: String,
    },
    Add {
        id: String,
    },
    Remove {
        id: String,
    },
    /// Puts a card into another one.
    Nest {
        id: String,
        into: usize,
    },
    Reverse,
    All {
        count: u32,
        id: String,
        label: String,
    },
    Send {
        id: String,
        add: u32,
        seconds: u64,
    },
    /// Sends what is taken back when it waits already.
    Regret {
        id: String,
    },
    Later {
        id: String,
        seconds: u64,
    },
}

pub(super) enum DeskInfo {
    Told(String),
}

impl Desk {
    fn card(&self, id: &str, label: &str) -> CardProps {
        CardProps {
            id: id.to_owned(),
            label: label.to_owned(),
            log: self.log.clone(),
            on_tell: Some(self.on_tell.clone()),
            inner: Vec::new(),
        }
    }
}

impl LiveView for Desk {
    type Params = Extension<Log>;
    type Event = DeskEvent;
    type Info = DeskInfo;

    async fn mount(Extension(log): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        let mut desk = Self {
            count: 1,
            cards: Vec::new(),
            on_tell: socket.callback(DeskInfo::Told),
            log: log.clone(),
        };
        desk.cards = vec![desk.card("a", "a"), desk.card("b", "b")];
        Ok(desk)
    }

    async fn handle_params(&mut self, _: Self::Params, socket: &mut Socket<Self>) -> Result {
        if socket.uri() != "/" {
            self.log.add(format!("params {}", socket.uri()));
        }
        Ok(())
    }

    async fn handle_event(&mut self, event: DeskEvent, socket: &mut Socket<Self>) -> Result {
        match event {
            DeskEvent::Count => self.count += 1,
            DeskEvent::Label { at, label } => self.cards[at].label = label,
            DeskEvent::Add { id } => self.cards.push(self.card(&id, &id)),
            DeskEvent::Remove { id } => self.cards.retain(|card| card.id != id),
            DeskEvent::Nest { id, into } => {
                let card = self.card(&id, &id);
                self.cards[into].inner.push(card);
            }
            DeskEvent::Reverse => self.cards.reverse(),
            DeskEvent::All { count, id, label } => {
                self.count = count;
                self.cards.push(self.card(&id, &label));
                for card in &mut self.cards {
                    card.label.clone_from(&label);
                }
            }
            DeskEvent::Send { id, add, seconds } => {
                let delay = std::time::Duration::from_secs(seconds);
                if seconds == 0 {
                    socket.send_update::<Card>(id, CardInfo::Add(add));
                } else {
                    socket.send_update_after::<Card>(delay, id, CardInfo::Add(add));
                }
            }
            DeskEvent::Regret { id } => {
                let delay = std::time::Duration::from_secs(1);
                let task = socket.send_update_after::<Card>(delay, id, CardInfo::Add(9));
                seconds(2).await;
                task.cancel();
            }
            DeskEvent::Later { id, seconds } => {
                socket.send_update::<Card>(id, CardInfo::Later(seconds));
            }
        }
        Ok(())
    }

    async fn handle_info(&mut self, info: DeskInfo, _: &mut Socket<Self>) -> Result {
        let DeskInfo::Told(text) = info;
        self.log.add(format!("told {text}"));
        self.count += 10;
        Ok(())
    }

    fn render(&self) -> Rendered {
        self.log.add("render desk");
        html! {
            main {
                p { (self.count) }
                section { @for card in &self.cards key=(card.id) { (card.place()) } }
            }
        }
    }
}

pub(super) fn desk() -> Stage {
    Stage::of(bennu(), Router::new().route("/", get(live::<Desk>())))
}
