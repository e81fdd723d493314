//! A thousand rows with a key each.

use bennu::prelude::*;

pub(crate) struct Table {
    rows: Vec<Row>,
    next_id: u64,
}

struct Row {
    id: u64,
    label: String,
    value: u64,
}

#[derive(Event)]
pub(crate) enum Msg {
    UpdateOne,
    #[event(name = "update_every_10th")]
    UpdateEvery10th,
    Append,
    Prepend,
    Swap,
    Remove,
    Clear,
    Create,
}

impl Row {
    fn new(id: u64) -> Self {
        Self {
            id,
            label: format!("Row label number {id}"),
            value: id * 7919 % 100_000,
        }
    }
}

fn random_value() -> u64 {
    10_000 + fastrand::u64(..89_999)
}

impl Table {
    fn take(&mut self, count: u64) -> impl Iterator<Item = Row> + use<> {
        let first = self.next_id;
        self.next_id += count;
        (first..self.next_id).map(Row::new)
    }
}

impl LiveView for Table {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        let mut table = Self {
            rows: Vec::new(),
            next_id: 1,
        };
        table.rows = table.take(1000).collect();
        Ok(table)
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::UpdateOne => {
                if !self.rows.is_empty() {
                    let at = fastrand::usize(..self.rows.len());
                    self.rows[at].value = random_value();
                }
            }
            Msg::UpdateEvery10th => {
                for row in self.rows.iter_mut().step_by(10) {
                    row.value = random_value();
                }
            }
            Msg::Append => {
                let rows = self.take(10);
                self.rows.extend(rows);
            }
            Msg::Prepend => {
                let row = self.take(1);
                self.rows.splice(..0, row);
            }
            Msg::Swap => {
                if self.rows.len() > 998 {
                    self.rows.swap(1, 998);
                }
            }
            Msg::Remove => {
                if !self.rows.is_empty() {
                    self.rows.remove(self.rows.len() / 2);
                }
            }
            Msg::Clear => self.rows.clear(),
            Msg::Create => self.rows = self.take(1000).collect(),
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Table" }
            div.buttons {
                button phx-click="update_one" { "update one" }
                button phx-click="append" { "append" }
            }
            table.table {
                thead {
                    tr {
                        th { "Id" }
                        th { "Label" }
                        th { "Value" }
                    }
                }
                tbody {
                    @for row in &self.rows key=(row.id) {
                        tr id={ "row-" (row.id) } {
                            td.id { (row.id) }
                            td.label { (row.label) }
                            td.value { (row.value) }
                        }
                    }
                }
            }
        }
    }
}
