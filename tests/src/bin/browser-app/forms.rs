//! A form with everything: groups, lists in lists, all kinds of controls.

use axum::extract::Query;
use bennu::prelude::*;
use serde::Deserialize;

pub(crate) struct Forms {
    form: Form<Order>,
    address: Address,
    changes: u32,
    recoveries: u32,
    /// What was saved last.
    saved: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Order {
    #[serde(rename = "name")]
    _name: String,
    delivery: Delivery,
    toppings: Vec<String>,
    extras: Vec<String>,
    express: bool,
    note: String,
    lines: Vec<Line>,
}

#[derive(Debug, Deserialize)]
struct Delivery {
    street: String,
    zip: u32,
    size: Size,
    country: Option<String>,
    day: Day,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Size {
    Small,
    Large,
}

/// A date that must be one.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Day(String);

impl TryFrom<String> for Day {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let parts: Vec<_> = text.split('-').map(str::parse::<u32>).collect();
        match &*parts {
            [Ok(1..), Ok(1..=12), Ok(1..=31)] => Ok(Self(text)),
            _ => Err("must be a date"),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Line {
    title: String,
    count: u8,
    notes: Vec<String>,
}

#[derive(Event)]
pub(crate) enum Msg {
    Change { order: Form<Order> },
    Again { order: Form<Order> },
    Save { order: Form<Order> },
}

/// How this page wants to be.
#[derive(Clone, Default, Deserialize)]
pub(crate) struct Address {
    /// The value of `phx-auto-recover`.
    recover: Option<String>,
    /// No field is ever called unused.
    #[serde(default)]
    quiet: bool,
}

impl LiveView for Forms {
    type Params = Query<Address>;
    type Event = Msg;
    type Info = Never;

    async fn mount(Query(address): &Query<Address>, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            form: Form::new().named("order"),
            address: address.clone(),
            changes: 0,
            recoveries: 0,
            saved: None,
        })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Change { order } => {
                self.changes += 1;
                self.form = check(order);
            }
            Msg::Again { order } => {
                self.recoveries += 1;
                self.form = check(order);
            }
            Msg::Save { order } => {
                self.form = check(order);
                self.saved = self.form.value().map(summary);
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let form = &self.form;
        let sizes = [("small", "Small"), ("large", "Large")];
        let toppings = [("a", "Anise"), ("b", "Basil"), ("c", "Cumin")];
        html! {
            h1 { "Forms" }
            p #changes { (self.changes) }
            p #recoveries { (self.recoveries) }
            p #saved { (self.saved) }
            form #order novalidate phx-change=(Msg::CHANGE) phx-submit=(Msg::SAVE)
                phx-auto-recover=[&self.address.recover]
                ..(if self.address.quiet { Attributes::new().flag("phx-no-unused-field") } else { Attributes::new() }) {
                (form.input("name").label("Name").required())
                (form.input("delivery.street").label("Street"))
                (form.input("delivery.zip").label("Zip").attribute("inputmode", "numeric"))
                (form.radios("delivery.size").label("Size").options(sizes))
                (form.select("delivery.country").label("Country").prompt("None").group("Near", [("nl", "Netherlands"), ("be", "Belgium")]).group("Far", [("nz", "New Zealand")]))
                (form.input("delivery.day").label("Day").kind("date"))
                (form.checkboxes("toppings").label("Toppings").options(toppings))
                (form.select("extras").label("Extras").multiple().options(toppings))
                (form.checkbox("express").label("Express"))
                (form.textarea("note").label("Note"))
                (form.input("plan").label("Plan").kind("file"))
                (self.render_lines())
                button #save { "Save" }
            }
        }
    }
}

impl Forms {
    fn render_lines(&self) -> Rendered {
        let lines = self.form.list("lines");
        html! {
            ol #lines {
                @for line in lines.entries() key=(line.key()) {
                    @let number = line.index() + 1;
                    li #{ "line-" (line.key()) } {
                        (line.order())
                        (line.input("title").label("Title"))
                        (line.input("count").label("Count"))
                        (line.up("↑").label(format!("Move line {number} up")))
                        (line.down("↓").label(format!("Move line {number} down")))
                        (line.remove("✕").label(format!("Remove line {number}")))
                        @let notes = line.list("notes");
                        ul {
                            @for note in notes.entries() key=(note.key()) {
                                li {
                                    (note.order())
                                    (note.itself().input().hidden_label("Remark"))
                                    (note.remove("✕").label(format!("Remove note {} of line {number}", note.index() + 1)))
                                }
                            }
                        }
                        (notes.add("Add a note").label(format!("Add a note to line {number}")))
                    }
                }
            }
            (lines.add("Add a line"))
            @for error in lines.errors() { p #lines-error { (error) } }
        }
    }
}

fn check(mut form: Form<Order>) -> Form<Order> {
    form.require(["name"]).validate(|order, errors| {
        for (index, line) in order.lines.iter().enumerate() {
            if line.title.trim().is_empty() {
                errors.add(format!("lines.{index}.title"), "is required");
            }
        }
        if order.lines.is_empty() {
            errors.add("lines", "must not be empty");
        }
    });
    form
}

fn summary(order: &Order) -> String {
    let Delivery {
        street,
        zip,
        size,
        country,
        day: Day(day),
    } = &order.delivery;
    let lines = order.lines.iter().map(|line| {
        let Line {
            title,
            count,
            notes,
        } = line;
        format!("{title}×{count}({})", notes.join(" "))
    });
    format!(
        "{street} {zip} {size:?} {country} {day} [{}] [{}] {} {:?} {}",
        order.toppings.join(" "),
        order.extras.join(" "),
        order.express,
        order.note,
        lines.collect::<Vec<_>>().join(", "),
        country = country.as_deref().unwrap_or("-"),
    )
}
