//! Cards with a state of their own: in a list, in a slot, in a stream, and one
//! inside the other.

use std::sync::Arc;

use bennu::prelude::*;

pub(crate) struct Components {
    ids: Vec<u32>,
    label: String,
    shows_panel: bool,
    is_plain: bool,
    told: u32,
    on_tell: Callback<u32>,
    rows: Stream<u32>,
    /// Rows that were put aside.
    others: Stream<u32>,
    /// Each card has a clone of it.
    alive: Arc<()>,
}

#[derive(Event)]
pub(crate) enum Msg {
    Add {
        id: u32,
    },
    Remove {
        id: u32,
    },
    Reverse,
    Label {
        label: String,
    },
    Panel,
    /// Shows the list elsewhere, and nothing else.
    Plain,
    Row {
        id: u32,
    },
    RemoveRow {
        id: u32,
    },
    /// Puts a row aside, as one turn.
    Shift {
        id: u32,
    },
    /// Takes a row away and puts it back, as one turn.
    Renew {
        id: u32,
    },
    Update {
        id: u32,
    },
    Look,
}

pub(crate) enum Info {
    Told(u32),
}

impl Components {
    fn card(&self, id: u32, slot: Option<Rendered>) -> impl Render {
        let props = Props {
            id,
            label: self.label.clone(),
            slot,
            on_tell: self.on_tell.clone(),
            alive: Alive(Arc::clone(&self.alive)),
        };
        live_component::<Card>(id, props)
    }
}

impl LiveView for Components {
    type Params = ();
    type Event = Msg;
    type Info = Info;

    async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            ids: vec![1, 2, 3],
            label: "card".to_owned(),
            shows_panel: true,
            is_plain: false,
            told: 0,
            on_tell: socket.callback(Info::Told),
            rows: Stream::new(|id| format!("row-{id}")),
            others: Stream::new(|id| format!("other-{id}")),
            alive: Arc::default(),
        })
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Add { id } => self.ids.push(id),
            Msg::Remove { id } => self.ids.retain(|other| *other != id),
            Msg::Reverse => self.ids.reverse(),
            Msg::Label { label } => self.label = label,
            Msg::Panel => self.shows_panel = !self.shows_panel,
            Msg::Plain => self.is_plain = !self.is_plain,
            Msg::Row { id } => self.rows.push(id),
            Msg::RemoveRow { id } => self.rows.remove(&id),
            Msg::Shift { id } => {
                self.rows.remove(&id);
                self.others.push(id);
            }
            Msg::Renew { id } => {
                self.rows.remove(&id);
                self.rows.push(id);
            }
            Msg::Update { id } => socket.send_update::<Card>(id, CardInfo::Add(10)),
            Msg::Look => {}
        }
        Ok(())
    }

    async fn handle_info(&mut self, Info::Told(by): Info, _: &mut Socket<Self>) -> Result {
        self.told = by;
        Ok(())
    }

    fn render(&self) -> Rendered {
        if self.is_plain {
            return html! {
                button #plain phx-click=(Msg::Plain) { "back" }
                @for id in &self.ids key=(id) { (self.card(*id, None)) }
            };
        }
        html! {
            p #told { (self.told) }
            p #alive { (Arc::strong_count(&self.alive) - 1) }
            button #add phx-click=(Msg::Add { id: 4 }) { "add 4" }
            button #remove phx-click=(Msg::Remove { id: 2 }) { "remove 2" }
            button #restore phx-click=(Msg::Add { id: 2 }) { "add 2" }
            button #reverse phx-click=(Msg::Reverse) { "reverse" }
            button #label phx-click=(Msg::Label { label: "new".to_owned() }) { "label" }
            button #aside phx-click=(Msg::Panel) { "panel" }
            button #plain phx-click=(Msg::Plain) { "plain" }
            button #row phx-click=(Msg::Row { id: 21 }) { "row" }
            button #remove-row phx-click=(Msg::RemoveRow { id: 21 }) { "remove row" }
            button #shift phx-click=(Msg::Shift { id: 21 }) { "shift row" }
            button #renew phx-click=(Msg::Renew { id: 21 }) { "renew row" }
            button #update phx-click=(Msg::Update { id: 1 }) { "update 1" }
            button #look phx-click=(Msg::Look) { "look" }
            div #list {
                @for id in &self.ids key=(id) { (self.card(*id, None)) }
            }
            @if self.shows_panel {
                div #aside-place {
                    (self.card(10, Some(html! { span.slot { (self.card(11, None)) } })))
                }
            }
            ul #rows phx-update="stream" {
                @for (id, row) in &self.rows { li #(id) { (self.card(row, None)) } }
            }
            ul #others phx-update="stream" {
                @for (id, row) in &self.others { li #(id) { (self.card(row, None)) } }
            }
        }
    }
}

struct Card {
    count: u32,
    is_open: bool,
}

struct Props {
    id: u32,
    label: String,
    slot: Option<Rendered>,
    on_tell: Callback<u32>,
    alive: Alive,
}

#[derive(Clone)]
struct Alive(Arc<()>);

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        let own = |props: &Self| (props.id, props.label.clone(), props.on_tell.clone());
        own(self) == own(other) && self.slot == other.slot && {
            let (Alive(one), Alive(another)) = (&self.alive, &other.alive);
            Arc::ptr_eq(one, another)
        }
    }
}

#[derive(Event)]
enum CardEvent {
    Inc,
    Toggle,
    Tell,
}

enum CardInfo {
    Add(u32),
}

impl LiveComponent for Card {
    type Props = Props;
    type Event = CardEvent;
    type Info = CardInfo;

    async fn mount(_: &Props, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            count: 0,
            is_open: false,
        })
    }

    async fn handle_event(
        &mut self,
        event: CardEvent,
        props: &Props,
        _: &mut Socket<Self>,
    ) -> Result {
        match event {
            CardEvent::Inc => self.count += 1,
            CardEvent::Toggle => self.is_open = !self.is_open,
            CardEvent::Tell => props.on_tell.call(props.id),
        }
        Ok(())
    }

    async fn handle_info(
        &mut self,
        CardInfo::Add(number): CardInfo,
        _: &Props,
        _: &mut Socket<Self>,
    ) -> Result {
        self.count += number;
        Ok(())
    }

    fn render(&self, props: &Props) -> Rendered {
        let id = format!("card-{}", props.id);
        html! {
            section.card id=(id) {
                b { (props.label) " " (props.id) ": " (self.count) }
                button.inc phx-click=(CardEvent::Inc) { "+" }
                button.toggle phx-click=(CardEvent::Toggle) { "more" }
                button.tell phx-click=(CardEvent::Tell) { "tell" }
                input.note aria-label="note";
                @if self.is_open {
                    (live_component::<Badge>(props.id, ()))
                }
                (props.slot)
            }
        }
    }
}

struct Badge {
    count: u32,
}

#[derive(Event)]
enum BadgeEvent {
    Inc,
}

impl LiveComponent for Badge {
    type Props = ();
    type Event = BadgeEvent;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self { count: 0 })
    }

    async fn handle_event(
        &mut self,
        BadgeEvent::Inc: BadgeEvent,
        _: &(),
        _: &mut Socket<Self>,
    ) -> Result {
        self.count += 1;
        Ok(())
    }

    fn render(&self, _: &()) -> Rendered {
        html! {
            i.badge {
                "badge " (self.count)
                button.badge-inc phx-click=(BadgeEvent::Inc) { "+" }
                // The card's, from inside.
                button.card-inc phx-click=(CardEvent::Inc) { "card +" }
            }
        }
    }
}
