//! Streams in the entries of a keyed list, and streams in the items of a stream.

use std::collections::BTreeMap;

use bennu::prelude::*;

pub(crate) struct Lanes {
    /// In the order of the page, each with its cards.
    lanes: Vec<(u32, Stream<u32>)>,
    boards: Stream<u32>,
    /// Of each board.
    notes: BTreeMap<u32, Stream<u32>>,
    version: u32,
}

#[derive(Event)]
pub(crate) enum Msg {
    /// A list of commands, such as `order 2 1` or `card 2 7`: they are done in
    /// one turn.
    Do { commands: String },
}

fn cards(lane: u32) -> Stream<u32> {
    Stream::new(move |card| format!("card-{lane}-{card}"))
}

impl Lanes {
    fn perform(&mut self, command: &str) -> Option<()> {
        let words: Vec<&str> = command.split_whitespace().collect();
        let (name, numbers) = words.split_first()?;
        let numbers: Vec<u32> = numbers.iter().flat_map(|word| word.parse()).collect();
        match (*name, &*numbers) {
            ("order", lanes) => {
                let mut known: BTreeMap<_, _> = self.lanes.drain(..).collect();
                let mut lane = |id| (id, known.remove(&id).unwrap_or_else(|| cards(id)));
                self.lanes = lanes.iter().map(|&id| lane(id)).collect();
            }
            ("card", &[lane, card]) => self.lane(lane)?.push(card),
            ("remove", &[lane, card]) => self.lane(lane)?.remove(&card),
            ("board", &[board]) => {
                let notes = || Stream::new(move |note| format!("note-{board}-{note}"));
                self.notes.entry(board).or_insert_with(notes);
                self.boards.push(board);
            }
            ("note", &[board, note]) => {
                self.notes.get_mut(&board)?.push(note);
                self.boards.update_only(board);
            }
            ("tear", &[board, note]) => {
                self.notes.get_mut(&board)?.remove(&note);
                self.boards.update_only(board);
            }
            _ => return None,
        }
        Some(())
    }

    fn lane(&mut self, id: u32) -> Option<&mut Stream<u32>> {
        let mut lanes = self.lanes.iter_mut();
        lanes.find_map(|(known, cards)| (*known == id).then_some(cards))
    }
}

impl LiveView for Lanes {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        let mut lanes = Self {
            lanes: Vec::new(),
            boards: Stream::new(|board| format!("board-{board}")),
            notes: BTreeMap::new(),
            version: 0,
        };
        for command in [
            "order 1 2",
            "card 1 1",
            "card 1 2",
            "card 2 3",
            "board 1",
            "note 1 1",
        ] {
            lanes.perform(command);
        }
        Ok(lanes)
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        let Msg::Do { commands } = event;
        self.version += 1;
        for command in commands.split(';') {
            self.perform(command)
                .ok_or_else(|| Error::message(format!("there is no command {command:?}")))?;
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Lanes" }
            p #version { (self.version) }
            div #do phx-hook="Do" {}
            div #lanes {
                @for (lane, cards) in &self.lanes key=(lane) {
                    section #{ "lane-" (lane) } {
                        h2 { "Lane " (lane) }
                        ul #{ "cards-" (lane) } phx-update="stream" {
                            @for (id, card) in cards { li #(id) { (card) "@" (self.version) } }
                        }
                    }
                }
            }
            div #boards phx-update="stream" {
                @for (id, board) in &self.boards {
                    section #(id) {
                        h2 { "Board " (board) " at version " (self.version) }
                        ul #{ "notes-" (board) } phx-update="stream" {
                            @for (id, note) in &self.notes[&board] { li #(id) { (note) "@" (self.version) } }
                        }
                    }
                }
            }
        }
    }
}
