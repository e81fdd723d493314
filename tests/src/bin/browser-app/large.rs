//! Forms with large texts, a form whose handler fails, and what goes on beside.

use bennu::prelude::*;
use serde::Deserialize;

#[derive(Default)]
pub(crate) struct Large {
    count: u32,
    note: String,
    is_saved: bool,
    word: String,
    fuse: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Text {
    #[serde(default)]
    text: String,
}

#[derive(Event)]
pub(crate) enum Msg {
    Add,
    Note(Text),
    Save(Text),
    Word(Text),
    Fuse(Text),
}

impl LiveView for Large {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self::default())
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Add => self.count += 1,
            Msg::Note(Text { text }) => self.note = text,
            Msg::Save(Text { text }) => {
                self.is_saved = true;
                self.note = text;
            }
            Msg::Word(Text { text }) => self.word = text,
            Msg::Fuse(Text { text }) => {
                assert_ne!(text, "boom", "a handler panics, as the spec wants it");
                self.fuse = text;
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Large texts" }
            p #count { (self.count) }
            button #add phx-click=(Msg::Add) { "Add" }
            form #note data-too-large="Too much text." phx-change=(Msg::NOTE) phx-submit=(Msg::SAVE) {
                textarea #text name="text" aria-label="Note" {}
                button #save { "Save" }
            }
            p #length { (self.note.chars().count()) }
            p #saved { (self.is_saved) }
            form #other phx-change=(Msg::WORD) { input #word name="text" aria-label="Word"; }
            p #said { (self.word) }
            form #fuse phx-change=(Msg::FUSE) { input #lit name="text" aria-label="Fuse" value=(self.fuse); }
            p #burnt { (self.fuse) }
        }
    }
}
