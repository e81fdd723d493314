//! Events whose effect the browser shows before they are answered. What becomes
//! of them is up to the query: `?then=refuse` and `?then=panic`.

use std::collections::HashMap;

use axum::extract::Query;
use bennu::js::{Predict, Push, Scope};
use bennu::prelude::*;

use crate::TICK;

pub(crate) struct Predictions {
    then: String,
    rows: Vec<Row>,
    /// What was finished, by its id.
    finished: Vec<u32>,
    likes: u32,
    ticks: u32,
}

struct Row {
    id: u32,
    done: bool,
}

#[derive(Event)]
pub(crate) enum Msg {
    Like,
    Mark { id: u32, done: bool },
    Delete { id: u32 },
    Raise { id: u32 },
    Finish { id: u32 },
}

pub(crate) struct Tick;

impl LiveView for Predictions {
    type Params = Query<HashMap<String, String>>;
    type Event = Msg;
    type Info = Tick;

    async fn mount(Query(query): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&TICK, |()| Tick);
        Ok(Self {
            then: query.get("then").cloned().unwrap_or_default(),
            rows: (1..=3).map(|id| Row { id, done: false }).collect(),
            finished: Vec::new(),
            likes: 0,
            ticks: 0,
        })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match self.then.as_str() {
            "refuse" => return Ok(()),
            "panic" => panic!("a handler panics, as the spec wants it"),
            _ => {}
        }
        match event {
            Msg::Like => self.likes += 1,
            Msg::Mark { id, done } => {
                if let Some(row) = self.rows.iter_mut().find(|row| row.id == id) {
                    row.done = done;
                }
            }
            Msg::Delete { id } => self.rows.retain(|row| row.id != id),
            Msg::Raise { id } => {
                if let Some(at @ 1..) = self.rows.iter().position(|row| row.id == id) {
                    self.rows.swap(at, at - 1);
                }
            }
            Msg::Finish { id } => {
                self.rows.retain(|row| row.id != id);
                self.finished.push(id);
            }
        }
        Ok(())
    }

    async fn handle_info(&mut self, _: Tick, _: &mut Socket<Self>) -> Result {
        self.ticks += 1;
        Ok(())
    }

    fn render(&self) -> Rendered {
        let like = Push::new(Msg::Like)
            .predict(Predict::text((self.likes + 1).to_string(), "#likes"))
            .predict(Predict::set_attribute("title", "liked", "#likes"))
            .predict(Predict::remove_attribute("lang", "#likes"));
        html! {
            h1 { "Predictions" }
            p #ticks { (self.ticks) }
            p #likes title=[(self.likes > 0).then_some("liked")] lang=[(self.likes == 0).then_some("en")] {
                b { (self.likes) }
            }
            button #like phx-click=(Js::new().push(like)) { "Like" }
            ul #rows {
                @for (at, row) in self.rows.iter().enumerate() key=(row.id) {
                    (render_row(row, at.checked_sub(1).map(|above| self.rows[above].id)))
                }
            }
            ul #finished {
                @for id in &self.finished key=(*id) { li #{ "row-" (id) } { "Row " (id) } }
            }
        }
    }
}

fn render_row(row: &Row, above: Option<u32>) -> Rendered {
    let Row { id, done } = *row;
    let entry = || Scope::closest("li");
    let mark = Push::new(Msg::Mark { id, done: !done });
    let mark = if done {
        mark.predict(Predict::uncheck(Scope::this()))
            .predict(Predict::remove_class("done", entry()))
    } else {
        mark.predict(Predict::check(Scope::this()))
            .predict(Predict::add_class("done", entry()))
    };
    let delete = Push::new(Msg::Delete { id }).predict(Predict::hide(entry()));
    let finish = Push::new(Msg::Finish { id }).predict(Predict::move_into("#finished", entry()));
    let raise = above.map(|above| {
        Push::new(Msg::Raise { id }).predict(Predict::move_before(format!("#row-{above}"), entry()))
    });
    html! {
        li.row.done[done] #{ "row-" (id) } {
            input #{ "mark-" (id) } type="checkbox" checked[done] aria-label={ "Row " (id) }
                phx-click=(Js::new().push(mark));
            span { "Row " (id) }
            button #{ "delete-" (id) } phx-click=(Js::new().push(delete)) { "Delete" }
            button #{ "finish-" (id) } phx-click=(Js::new().push(finish)) { "Finish" }
            @if let Some(raise) = raise {
                button #{ "raise-" (id) } phx-click=(Js::new().push(raise)) { "Raise" }
            }
        }
    }
}
