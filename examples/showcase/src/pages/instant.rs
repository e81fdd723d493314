//! One list shown twice: the first predicts what each click will do, the second
//! waits for the answer. A delay, simulated in the browser, sets them apart.

use bennu::js::{Predict, Push, Scope};
use bennu::prelude::*;

use crate::layout;
use crate::pages::Exhibit;

pub(crate) const EXHIBIT: Exhibit = Exhibit {
    slug: "instant",
    name: "Instant",
    summary: "One list, shown twice: the first predicts what each click does, until the server's \
              answer confirms or undoes it; the second waits. Delay the answers, and compare.",
    source: include_str!("instant.rs"),
};

/// How much longer each answer takes, in milliseconds, and how that is called.
const DELAYS: [(u32, &str); 3] = [(0, "None"), (300, "300 ms"), (1000, "1 second")];

pub(crate) struct Instant {
    entries: Vec<Entry>,
}

#[derive(Clone)]
struct Entry {
    id: usize,
    title: &'static str,
    likes: u32,
    is_liked: bool,
    is_done: bool,
    /// Why it stays as it is, if it does. The page doesn't know when it
    /// predicts: that is for the server to say.
    refusal: Option<&'static str>,
}

/// Each says what it leads to, so that twice the same click does it once.
#[derive(Event)]
pub(crate) enum Msg {
    Like { id: usize, on: bool },
    Tick { id: usize, on: bool },
    Remove { id: usize },
    Restart,
}

impl LiveView for Instant {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.set_title(EXHIBIT.name);
        Ok(Self {
            entries: all_entries(),
        })
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        socket.clear_flash();
        match event {
            Msg::Like { id, on } => self.change(id, socket, |entry| entry.like(on)),
            Msg::Tick { id, on } => self.change(id, socket, |entry| entry.is_done = on),
            Msg::Remove { id } => {
                self.change(id, socket, |_| {});
                self.entries
                    .retain(|entry| entry.id != id || entry.refusal.is_some());
            }
            Msg::Restart => self.entries = all_entries(),
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let page = html! {
            div.instant {
                div.controls {
                    (render_delays())
                    button.quiet #restart type="button" phx-click=(Msg::Restart) { "Start over" }
                }
                (self.render_list("soon", "Shown at once", "Predicted, then confirmed or undone.", Entry::predict))
                (self.render_list("late", "Shown when answered", "What most live pages do.", |_, _, push| push))
            }
        };
        layout::exhibit(&EXHIBIT, page)
    }
}

impl Instant {
    fn change(&mut self, id: usize, socket: &mut Socket<Self>, change: impl FnOnce(&mut Entry)) {
        // Another click may have removed it.
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.id == id) else {
            return;
        };
        match entry.refusal {
            Some(refusal) => socket.put_flash("error", refusal),
            None => change(entry),
        }
    }

    /// `expect` adds what a push is expected to change.
    fn render_list(
        &self,
        name: &str,
        heading: &str,
        hint: &str,
        expect: fn(&Entry, Act, Push) -> Push,
    ) -> Rendered {
        html! {
            section.card #(name) aria-labelledby={ (name) "-heading" } {
                h2 #{ (name) "-heading" } { (heading) }
                p.muted { (hint) }
                ul #{ (name) "-list" } phx-hook="KeepFocus" data-else="#restart" {
                    @for entry in &self.entries key=(entry.id) {
                        (entry.render(|entry, act| Js::new().push(expect(entry, act, entry.push(act)))))
                    }
                }
                @if self.entries.is_empty() { p.empty { "Nothing is left." } }
            }
        }
    }
}

/// What can be done to an entry.
#[derive(Clone, Copy)]
enum Act {
    Like,
    Tick,
    Remove,
}

impl Entry {
    fn like(&mut self, on: bool) {
        if self.is_liked != on {
            self.likes = self.likes_if(on);
            self.is_liked = on;
        }
    }

    fn likes_if(&self, on: bool) -> u32 {
        match (self.is_liked, on) {
            (false, true) => self.likes + 1,
            (true, false) => self.likes - 1,
            _ => self.likes,
        }
    }

    /// The entry as a click will leave it, which is what the next click is on.
    fn after(&self, act: Act) -> Self {
        let mut entry = self.clone();
        match act {
            Act::Like => entry.like(!self.is_liked),
            Act::Tick => entry.is_done = !self.is_done,
            Act::Remove => {}
        }
        entry
    }

    fn push(&self, act: Act) -> Push {
        let id = self.id;
        Push::new(match act {
            Act::Like => Msg::Like {
                id,
                on: !self.is_liked,
            },
            Act::Tick => Msg::Tick {
                id,
                on: !self.is_done,
            },
            Act::Remove => Msg::Remove { id },
        })
    }

    /// What the server will render, if it agrees.
    fn predict(&self, act: Act, push: Push) -> Push {
        match act {
            Act::Like => push
                .predict(Predict::set_attribute(
                    "aria-pressed",
                    truth(!self.is_liked),
                    Scope::this(),
                ))
                .predict(Predict::text(
                    self.likes_if(!self.is_liked).to_string(),
                    Scope::inner(".likes"),
                )),
            Act::Tick => push.predict(Predict::set_attribute(
                "aria-checked",
                truth(!self.is_done),
                Scope::this(),
            )),
            Act::Remove => push.predict(Predict::hide(Scope::closest("li"))),
        }
    }

    fn render(&self, js: impl Fn(&Self, Act) -> Js) -> Rendered {
        let click = |act| js(self, act);
        let back = |act| js(&self.after(act), act);
        html! {
            li data-entry=(self.id) {
                // Unlike an `input`, which changes by itself, it shows what the page says.
                button.tick type="button" role="checkbox" aria-checked=(truth(self.is_done)) phx-click=(click(Act::Tick)) phx-click-back=(back(Act::Tick)) { (self.title) }
                button.quiet.like type="button" aria-pressed=(truth(self.is_liked)) phx-click=(click(Act::Like)) phx-click-back=(back(Act::Like)) {
                    span aria-hidden="true" { "♥ " }
                    span.likes { (self.likes) }
                    span.visually-hidden { " likes for: " (self.title) }
                }
                button.quiet.remove type="button" phx-click=(click(Act::Remove)) aria-label={ "Remove " (self.title) } { "✕" }
            }
        }
    }
}

/// The choice is the browser's: it alone waits longer.
fn render_delays() -> Rendered {
    html! {
        fieldset #delays phx-hook="Delay" phx-update="ignore" {
            legend { "Delay of answers" }
            @for (delay, name) in DELAYS key=(delay) {
                label {
                    input type="radio" name="delay" value=(delay) checked[delay == 0];
                    (name)
                }
            }
        }
    }
}

fn truth(on: bool) -> &'static str {
    if on { "true" } else { "false" }
}

fn all_entries() -> Vec<Entry> {
    let refused = "The server refused: taxes are neither liked, ticked off by a click nor removed.";
    let entries = [
        ("Feed the cat", 12, None),
        ("Water the plants", 3, None),
        ("Pay the taxes", 0, Some(refused)),
        ("Call an old friend", 7, None),
    ];
    let entries = entries.into_iter().enumerate();
    entries
        .map(|(id, (title, likes, refusal))| Entry {
            id,
            title,
            likes,
            is_liked: false,
            is_done: false,
            refusal,
        })
        .collect()
}
