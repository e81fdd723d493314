//! Forms whose server has a mind of its own: people come and go while one is chosen, answers are
//! refused, put right, or taken.

use axum::Router;
use axum::routing::get;
use bennu::Error;
use bennu::js::{Dispatch, Js};
use bennu::prelude::*;

use crate::TICK;

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/kept", get(live::<Kept>()))
        .route("/notes", get(live::<Notes>()))
}

pub(crate) struct Kept {
    /// The names of people; the next tick brings one in front.
    people: Vec<&'static str>,
    who: String,
    picked: Form<Picked>,
    answers: Vec<String>,
    said: Vec<String>,
    wrong: bool,
    price: String,
    text: String,
    rich: String,
    sorted: String,
    hits: String,
    count: u32,
    entered: u32,
    recovered: u32,
}

#[derive(Clone, serde::Deserialize)]
pub(crate) struct Picked {
    whom: String,
}

#[derive(Event)]
pub(crate) enum Msg {
    Choose { who: String },
    Pick { chosen: Form<Picked> },
    Type { answer: String },
    Answer { answer: String },
    Say { text: String },
    Fail { text: String },
    Decide { kind: String, sure: Option<String> },
    Flip,
    Price { price: String },
    Custom { text: String, rich: Option<String> },
    Sort { f: Sort },
    Search { q: String },
    Count,
    Enter,
    Step { name: String },
    Recover { name: String },
}

#[derive(serde::Deserialize, serde::Serialize)]
pub(crate) struct Sort {
    #[serde(default)]
    sort: Vec<String>,
}

pub(crate) struct Tick;

impl LiveView for Kept {
    type Params = ();
    type Event = Msg;
    type Info = Tick;

    async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&TICK, |()| Tick);
        Ok(Self {
            people: vec!["bea", "cyd", "dov"],
            who: String::new(),
            picked: Form::new().named("chosen"),
            answers: vec![String::new()],
            said: Vec::new(),
            wrong: false,
            price: String::new(),
            text: String::new(),
            rich: String::new(),
            sorted: String::new(),
            hits: String::new(),
            count: 0,
            entered: 0,
            recovered: 0,
        })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Choose { who } => self.who = who,
            Msg::Pick { chosen } => {
                self.who = chosen
                    .value()
                    .map_or_else(String::new, |picked| picked.whom.clone());
                self.picked = chosen;
            }
            Msg::Type { answer } => *self.answers.last_mut().expect("never empty") = answer,
            Msg::Answer { answer } => {
                *self.answers.last_mut().expect("never empty") = answer;
                self.answers.push(String::new());
            }
            Msg::Say { text } => {
                self.wrong = text == "wrong";
                if !self.wrong {
                    self.said.push(text);
                }
            }
            Msg::Fail { .. } => return Err(Error::message("the server failed")),
            // Nothing else than what it has comes into question.
            Msg::Decide { .. } | Msg::Flip | Msg::Step { .. } => {}
            Msg::Price { price } => {
                let price: f64 = price.replace(',', ".").parse().unwrap_or_default();
                self.price = format!("{price:.2}");
            }
            Msg::Custom { text, rich } => {
                self.text = text;
                self.rich = rich.unwrap_or_default();
            }
            Msg::Sort { f } => self.sorted = f.sort.join(" "),
            Msg::Search { q } => self.hits = format!("hits of {q}"),
            Msg::Count => self.count += 1,
            Msg::Enter => self.entered += 1,
            Msg::Recover { .. } => self.recovered += 1,
        }
        Ok(())
    }

    async fn handle_info(&mut self, _: Tick, _: &mut Socket<Self>) -> Result {
        let newcomers = ["ada", "eve", "fay"];
        self.people
            .insert(0, newcomers[(self.people.len() - 3).min(2)]);
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Kept" }
            p #ticks { (self.people.len() - 3) }
            (self.render_choices())
            (self.render_texts())
            (self.render_decisions())
            (self.render_others())
        }
    }
}

impl Kept {
    fn render_choices(&self) -> Rendered {
        let options = self.people.iter().map(|name| (*name, *name));
        html! {
            form #choose phx-change=(Msg::CHOOSE) {
                select #who name="who" aria-label="Who" {
                    @for name in &self.people { option value=(name) { "Ms " (name) } }
                }
            }
            form #pick phx-change=(Msg::PICK) {
                (self.picked.select("whom").label("Whom").options(options))
            }
            form #tick phx-change=(Msg::CHOOSE) {
                @for name in &self.people {
                    label { input type="radio" name="who" value=(name); " " (name) }
                }
            }
            p #chosen-one { (self.who) }
        }
    }

    fn render_texts(&self) -> Rendered {
        html! {
            form #quiz phx-change=(Msg::TYPE) phx-submit=(Msg::ANSWER) {
                input #answer name="answer" aria-label="Answer" autocomplete="off" value=(self.answers.last().map_or("", |answer| answer));
            }
            p #answers { (self.answers.join(" ")) }
            form #chat phx-submit=(Msg::SAY) {
                input #say name="text" aria-label="Say" autocomplete="off" aria-invalid=[self.wrong.then_some("true")];
                button { "Say" }
            }
            p #said { (self.said.join(" ")) }
            form #fail phx-submit=(Msg::FAIL) {
                input #failing name="text" aria-label="Fail" autocomplete="off";
            }
            form #pricing phx-change=(Msg::PRICE) {
                input #price name="price" aria-label="Price" autocomplete="off" value=(self.price);
            }
            form #search phx-change=(Msg::SEARCH) {
                input #q name="q" aria-label="Search" autocomplete="off";
            }
            p #hits { (self.hits) }
        }
    }

    fn render_decisions(&self) -> Rendered {
        let kinds = ["a", "b", "c"];
        html! {
            form #decide phx-change=(Msg::DECIDE) {
                select #kind name="kind" aria-label="Kind" {
                    @for kind in kinds { option value=(kind) selected[kind == "b"] { (kind) } }
                }
                input #sure type="checkbox" name="sure" aria-label="Sure" checked[false];
                input #own type="checkbox" name="own" aria-label="Own" disabled[false];
                input #remark name="remark" aria-label="Remark";
            }
            input #flip type="checkbox" aria-label="Flip" checked[false] phx-click=(Msg::Flip);
            form #wizard phx-change=(Msg::STEP) phx-auto-recover=(Msg::RECOVER) {
                input name="name" aria-label="Name";
            }
            p #recovered { (self.recovered) }
        }
    }

    fn render_others(&self) -> Rendered {
        let change = || Js::new().dispatch(Dispatch::new("change"));
        html! {
            form #customs phx-change=(Msg::CUSTOM) {
                x-input #custom name="text" value=(self.text) phx-debounce="300" {}
                x-editor #editor name="rich" contenteditable="true" { (self.rich) }
            }
            p #custom-text { (self.text) " " (self.rich) }
            form #sorting phx-change=(Msg::SORT) {
                input type="hidden" name="f[sort][]" value="one";
                button #between type="button" name="f[sort][]" value="new" phx-click=(change()) { "Between" }
                input type="hidden" name="f[sort][]" value="two";
            }
            p #sorted { (self.sorted) }
            button #more phx-click=(Msg::Count) { "+" }
            p #count { (self.count) }
            input #key aria-label="Key" phx-keydown=(Msg::Enter) phx-key="Enter";
            p #entered { (self.entered) }
        }
    }
}

/// Two components with a form of one type, each of which grows by itself.
pub(crate) struct Notes;

impl LiveView for Notes {
    type Params = ();
    type Event = Never;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Notes" }
            section #first { (live_component::<Editor>("first", "one")) }
            section #second { (live_component::<Editor>("second", "two")) }
        }
    }
}

struct Editor {
    form: Form<Note>,
}

#[derive(Clone, serde::Deserialize)]
struct Note {
    #[expect(dead_code, reason = "only its name is needed")]
    title: String,
    #[serde(default)]
    #[expect(dead_code, reason = "only its name is needed")]
    items: Vec<Item>,
}

#[derive(Clone, serde::Deserialize)]
struct Item {
    #[expect(dead_code, reason = "only its name is needed")]
    text: String,
}

#[derive(Event)]
enum Change {
    Change(Form<Note>),
}

impl LiveComponent for Editor {
    type Props = &'static str;
    type Event = Change;
    type Info = Never;

    async fn mount(_: &&'static str, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self { form: Form::new() })
    }

    async fn handle_event(
        &mut self,
        Change::Change(form): Change,
        _: &&'static str,
        _: &mut Socket<Self>,
    ) -> Result {
        self.form = form;
        Ok(())
    }

    fn render(&self, id: &&'static str) -> Rendered {
        let items = self.form.list("items");
        html! {
            form #(id) phx-change=(Change::CHANGE) {
                (self.form.input("title").label("Title"))
                @for item in items.entries() key=(item.key()) {
                    div.item { (item.order()) (item.input("text").label("Text")) (item.remove("Remove")) }
                }
                (items.add("Add an item"))
            }
        }
    }
}
