//! A board of cards that all browsers show alike. A card is a component: that
//! it is being renamed is its own concern, wherever it goes meanwhile.

use axum::extract::State;
use bennu::js::{Predict, Push};
use bennu::prelude::*;
use bennu::{Callback, live_component};

use crate::db::{Card, Cards, Lane};
use crate::layout;
use crate::pages::Exhibit;

pub(crate) const EXHIBIT: Exhibit = Exhibit {
    slug: "kanban",
    name: "Kanban",
    summary: "Drag the cards, or move them with the buttons. A move shows at once and is \
              confirmed when the server answers; other browsers follow.",
    source: include_str!("kanban.rs"),
};

/// Broadcast after every change of the board.
const CHANGED: Topic<()> = Topic::new("cards");

pub(crate) struct Kanban {
    cards: Cards,
    shown: Vec<Card>,
    on_rename: Callback<(i64, String)>,
}

#[derive(Event)]
pub(crate) enum Msg {
    Add {
        title: String,
    },
    Move {
        id: i64,
        lane: Lane,
        before: Option<i64>,
    },
    Delete {
        id: i64,
    },
}

pub(crate) enum Info {
    Changed,
    Renamed((i64, String)),
}

impl LiveView for Kanban {
    type Params = State<Cards>;
    type Event = Msg;
    type Info = Info;

    async fn mount(State(cards): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        socket.set_title(EXHIBIT.name);
        socket.subscribe(&CHANGED, |()| Info::Changed);
        Ok(Self {
            cards: cards.clone(),
            shown: cards.list().await?,
            on_rename: socket.callback(Info::Renamed),
        })
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Add { title } => self.cards.add(&title).await?,
            Msg::Move { id, lane, before } => self.cards.put(id, lane, before).await?,
            Msg::Delete { id } => self.cards.delete(id).await?,
        }
        self.change(socket).await
    }

    async fn handle_info(&mut self, info: Info, socket: &mut Socket<Self>) -> Result {
        match info {
            Info::Changed => self.shown = self.cards.list().await?,
            Info::Renamed((id, title)) => {
                self.cards.rename(id, &title).await?;
                self.change(socket).await?;
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let page = html! {
            form #add-card.add phx-submit=(Msg::ADD) {
                label.visually-hidden for="new-card" { "New card" }
                input #new-card type="text" name="title" placeholder="What is planned?" autocomplete="off" maxlength="80";
                button type="submit" { "Add" }
            }
            div phx-hook="KeepFocus" #cards data-else="#new-card" {
                div #board.board phx-hook="Board" {
                    @for (at, lane) in Lane::ALL.into_iter().enumerate() key=(lane.slug()) {
                        (self.render_lane(at, lane))
                    }
                }
            }
        };
        layout::exhibit(&EXHIBIT, page)
    }
}

impl Kanban {
    async fn change(&mut self, socket: &mut Socket<Self>) -> Result {
        self.shown = self.cards.list().await?;
        socket.broadcast_to_others(&CHANGED, ());
        Ok(())
    }

    fn render_lane(&self, at: usize, lane: Lane) -> Rendered {
        let cards: Vec<&Card> = self.shown.iter().filter(|card| card.lane == lane).collect();
        let left = at.checked_sub(1).map(|at| Lane::ALL[at]);
        let right = Lane::ALL.get(at + 1).copied();
        html! {
            section.card.lane aria-label=(lane.name()) {
                h2 { (lane.name()) " " small.muted { (cards.len()) } }
                ol #{ "lane-" (lane.slug()) } data-lane=(lane.slug()) {
                    @for (at, card) in cards.iter().enumerate() key=(card.id) {
                        (live_component::<CardFace>(card.id, Face {
                            card: (*card).clone(),
                            above: at.checked_sub(1).map(|at| cards[at].id),
                            below: cards.get(at + 1).map(|card| card.id),
                            left,
                            right,
                            on_rename: self.on_rename.clone(),
                        }))
                    }
                }
            }
        }
    }
}

/// A card as it is shown.
struct CardFace {
    is_renamed: bool,
}

#[derive(PartialEq)]
struct Face {
    card: Card,
    /// The card right above.
    above: Option<i64>,
    /// The card right below.
    below: Option<i64>,
    left: Option<Lane>,
    right: Option<Lane>,
    on_rename: Callback<(i64, String)>,
}

#[derive(Event)]
enum FaceMsg {
    Edit,
    Cancel,
    Rename { title: String },
}

impl LiveComponent for CardFace {
    type Props = Face;
    type Event = FaceMsg;
    type Info = Never;

    async fn mount(_: &Face, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self { is_renamed: false })
    }

    async fn handle_event(&mut self, event: FaceMsg, face: &Face, _: &mut Socket<Self>) -> Result {
        self.is_renamed = matches!(event, FaceMsg::Edit);
        if let FaceMsg::Rename { title } = event {
            face.on_rename.call((face.card.id, title));
        }
        Ok(())
    }

    fn render(&self, face: &Face) -> Rendered {
        let Card { id, title, .. } = &face.card;
        html! {
            li.item #{ "card-" (id) } data-card=(id) draggable=[(!self.is_renamed).then_some("true")] {
                @if self.is_renamed {
                    form #{ "rename-" (id) } phx-submit=(FaceMsg::RENAME) phx-window-keydown=(FaceMsg::Cancel) phx-key="Escape" {
                        label.visually-hidden for={ "title-" (id) } { "Title" }
                        input #{ "title-" (id) } type="text" name="title" value=(title) autocomplete="off" maxlength="80"
                            phx-hook="Focus" data-return={ "edit-" (id) };
                        button type="submit" { "Rename" }
                    }
                } @else {
                    button.title #{ "edit-" (id) } type="button" phx-click=(FaceMsg::Edit) aria-label={ "Rename " (title) } { (title) }
                    (render_moves(face))
                }
            }
        }
    }
}

/// The ways of a card that need no mouse.
fn render_moves(face: &Face) -> Rendered {
    let Card { id, title, lane } = &face.card;
    let to_lane = |lane: Option<Lane>| {
        let lane = lane?;
        let end = format!("#lane-{}", lane.slug());
        Some(move_to(*id, lane, None).predict(Predict::move_into(end, format!("#card-{id}"))))
    };
    let lift = |id: i64, above: i64| {
        let before = Predict::move_before(format!("#card-{above}"), format!("#card-{id}"));
        move_to(id, *lane, Some(above)).predict(before)
    };
    let moves = [
        ("up", "↑", face.above.map(|above| lift(*id, above))),
        // A card goes down when the one below goes up.
        ("down", "↓", face.below.map(|below| lift(below, *id))),
        ("left", "←", to_lane(face.left)),
        ("right", "→", to_lane(face.right)),
    ];
    let delete = Push::new(Msg::Delete { id: *id }).predict(Predict::hide(format!("#card-{id}")));
    html! {
        div.moves role="group" aria-label={ "Move " (title) } {
            @for (name, sign, push) in moves key=(name) {
                button.quiet #{ (name) "-" (id) } type="button" disabled[push.is_none()] aria-label={ "Move " (title) " " (name) }
                    phx-click=[push.map(|push| Js::new().push(push))] { (sign) }
            }
            button.quiet type="button" phx-click=(Js::new().push(delete)) aria-label={ "Delete " (title) } { "✕" }
        }
    }
}

fn move_to(id: i64, lane: Lane, before: Option<i64>) -> Push {
    Push::new(Msg::MOVE)
        .value("id", id)
        .value("lane", lane.slug())
        .value("before", before)
}
