//! Two streams, and whatever can be done to them.

use bennu::prelude::*;

pub(crate) struct Streams {
    rows: Stream<Row>,
    others: Stream<u32>,
    shown: bool,
    version: u32,
}

pub(crate) struct Row {
    id: u32,
    text: String,
}

#[derive(Event)]
pub(crate) enum Msg {
    /// A list of commands, such as `push 4`, `insert 7 at 1` or `reset 1 2 3`:
    /// they are done in one turn.
    Do { commands: String },
}

impl Streams {
    fn row(&self, id: &str) -> Option<Row> {
        let id = id.parse().ok()?;
        let text = format!("row {id} at version {}", self.version);
        Some(Row { id, text })
    }

    fn perform(&mut self, command: &str) -> Option<()> {
        let words: Vec<&str> = command.split_whitespace().collect();
        match *words.as_slice() {
            ["push", id] => self.rows.push(self.row(id)?),
            ["prepend", id] => self.rows.prepend(self.row(id)?),
            ["insert", id, "at", at] => self.rows.insert(at.parse().ok()?, self.row(id)?),
            ["update", id] => self.rows.update_only(self.row(id)?),
            ["remove", id] => self.rows.remove(&self.row(id)?),
            ["remove-by-id", id] => self.rows.remove_by_id(id),
            ["limit", limit] => self.others.set_limit(limit.parse::<u32>().ok()?),
            ["reset", ref ids @ ..] => {
                let rows: Vec<_> = ids.iter().filter_map(|id| self.row(id)).collect();
                self.rows.reset_with(rows);
            }
            ["other", id] => self.others.push(id.parse().ok()?),
            ["first", id] => self.others.prepend(id.parse().ok()?),
            ["hide"] => self.shown = false,
            ["show"] => self.shown = true,
            _ => return None,
        }
        Some(())
    }
}

impl LiveView for Streams {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        let mut streams = Self {
            rows: Stream::new(|row: &Row| format!("row-{}", row.id)),
            others: Stream::new(|id| format!("other-{id}")),
            shown: true,
            version: 0,
        };
        for command in ["push 1", "push 2", "push 3", "other 1"] {
            streams.perform(command);
        }
        Ok(streams)
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
            h1 { "Streams" }
            p #version { (self.version) }
            // What is pushed here comes from a hook: focus stays where it is.
            div #do phx-hook="Do" {}
            @if self.shown {
                ul #rows phx-update="stream" {
                    @for (id, row) in &self.rows {
                        li.row #(id) {
                            span { (row.text) }
                            @if row.id % 2 == 0 { b { " even" } }
                            input #{ "text-" (row.id) } type="text" aria-label={ "Text " (row.id) };
                        }
                    }
                    li #end { "no more" }
                }
            }
            ol #others phx-update="stream" {
                @for (id, other) in &self.others { li #(id) { (other) } }
            }
        }
    }
}
