//! A page that the number of its turn alone decides: whatever led there, it has
//! to look as one that is loaded at that turn.

use std::collections::HashMap;

use axum::extract::Query;
use bennu::prelude::*;

pub(crate) struct Turns {
    turn: u64,
}

#[derive(Event)]
pub(crate) enum Msg {
    /// The commands are no concern of this page: each asks for the next turn.
    Do { commands: String },
}

/// A number below `below` that a turn has for a place (splitmix64).
fn roll(turn: u64, place: u64, below: u64) -> u64 {
    let mut bits = (turn << 20 | place).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    (bits ^ bits >> 31) % below
}

/// Some of the numbers below `count`, in an order that holds for some turns.
fn some(turn: u64, place: u64, count: u64) -> Vec<u64> {
    let era = turn / 2;
    let mut numbers: Vec<u64> = (0..count)
        .filter(|number| roll(turn, place + number, 4) > 0)
        .collect();
    numbers.sort_by_key(|number| roll(era, place + 50 + number, 1 << 20));
    numbers
}

impl LiveView for Turns {
    type Params = Query<HashMap<String, u64>>;
    type Event = Msg;
    type Info = Never;

    async fn mount(Query(query): &Self::Params, _: &mut Socket<Self>) -> Result<Self> {
        let turn = query.get("turn").copied().unwrap_or_default();
        Ok(Self { turn })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        let Msg::Do { commands } = event;
        self.turn += u64::from(commands == "next");
        Ok(())
    }

    fn render(&self) -> Rendered {
        let Self { turn } = *self;
        let pick = |place, below| roll(turn, place, below);
        let words = ["", "a", "two words", "<&>", " ", "é日本"];
        html! {
            div #do phx-hook="Do" {}
            p #turn { (turn) }
            section #turns class={ "turn-" (pick(1, 3)) } hidden[pick(2, 5) == 0] {
                "text " (words[pick(3, 6) as usize]) (words[pick(4, 6) as usize])
                @if pick(5, 2) == 0 { b { (pick(6, 9)) } } @else if pick(5, 4) == 1 { i { "else" } (tile(turn, 9)) }
                @match pick(7, 3) {
                    0 => p { "zero" },
                    1 => { "one " em title=(pick(8, 4)) { (pick(9, 3)) } },
                    _ => (PreEscaped(["<p>raw</p>tail", "<!-- c --><u>u</u>", "x<br>y"][pick(10, 3) as usize])),
                }
                ul {
                    @for id in some(turn, 100, 9) key=(id) {
                        li id={ "li-" (id) } title=(pick(200 + id, 3)) {
                            input id={ "in-" (id) } value=(pick(300 + id, 4));
                            @if pick(400 + id, 3) > 0 { span { (pick(500 + id, 5)) } }
                            @for at in 0..pick(600 + id, 3) { s { (at) } }
                        }
                    }
                }
                div { @for id in some(turn, 700, 6) key=(id) { (tile(turn, id)) } }
                table { @for row in some(turn, 800, 4) key=(row) { tr { td { (row) } td { (pick(850 + row, 3)) } } } }
                svg { @for at in some(turn, 900, 4) key=(at) { circle r=(at) cx=(pick(950 + at, 4)) {} } }
                textarea #area { (pick(990, 3)) }
            }
        }
    }
}

fn tile(turn: u64, id: u64) -> impl Render {
    // Some keep their props for a while.
    live_component::<Tile>(
        id,
        Props {
            turn: turn / (1 + id % 3),
            id,
        },
    )
}

struct Tile;

#[derive(Clone, PartialEq)]
struct Props {
    turn: u64,
    id: u64,
}

impl LiveComponent for Tile {
    type Props = Props;
    type Event = Never;
    type Info = Never;

    async fn mount(_: &Props, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self, &Props { turn, id }: &Props) -> Rendered {
        let pick = |place| roll(turn, 2000 + 100 * id + place, 3);
        html! {
            article.tile title=(pick(1)) {
                (id) ": " (pick(2))
                @if pick(3) > 0 { p { (pick(4)) } }
                @for at in some(turn, 3000 + 100 * id, 3) key=(at) { q { (at) (pick(5)) } }
                // One inside of another, at most one level deep.
                @if id < 6 && pick(6) == 0 { (tile(turn, 20 + id)) }
            }
        }
    }
}
