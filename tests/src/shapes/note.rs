//! A form in a component. All forms are of one type, so their fields have the
//! same names.

use bennu::{Event, Form, LiveComponent, Never, Rendered, Result, Socket, html};
use serde::{Deserialize, Serialize};

use super::world::World;

#[derive(Serialize, Deserialize)]
pub(super) struct Text {
    text: String,
}

pub(super) struct Note {
    form: Form<Text>,
}

pub(super) struct NoteProps {
    pub(super) id: u16,
    /// Whether its fields are the controls of the library, with their ids.
    pub(super) has_controls: bool,
    pub(super) world: World,
}

impl PartialEq for NoteProps {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.has_controls == other.has_controls
    }
}

#[derive(Event)]
pub(super) enum NoteEvent {
    Change(Form<Text>),
    Save(Form<Text>),
}

/// What counts how often a form was saved.
fn counter(id: u16) -> String {
    format!("saved-{id}")
}

impl LiveComponent for Note {
    type Props = NoteProps;
    type Event = NoteEvent;
    type Info = Never;

    async fn mount(props: &NoteProps, _: &mut Socket<Self>) -> Result<Self> {
        let text = props.world.state().texts.get(&props.id).cloned();
        let text = Text {
            text: text.unwrap_or_default(),
        };
        Ok(Self {
            form: Form::filled(&text),
        })
    }

    async fn handle_event(
        &mut self,
        event: NoteEvent,
        props: &NoteProps,
        _: &mut Socket<Self>,
    ) -> Result {
        if let NoteEvent::Save(_) = event {
            props.world.add_count(&counter(props.id));
        }
        let (NoteEvent::Change(form) | NoteEvent::Save(form)) = event;
        let text = form.raw("text").to_owned();
        props.world.state().texts.insert(props.id, text);
        self.form = form;
        Ok(())
    }

    fn render(&self, props: &NoteProps) -> Rendered {
        let id = props.id;
        let field = self.form.field("text");
        html! {
            form #{ "n" (id) } phx-change=(NoteEvent::CHANGE) phx-submit=(NoteEvent::SAVE) {
                @if props.has_controls {
                    (self.form.input("text").label("Text"))
                } @else {
                    input #{ "text-" (id) } type="text" name=(field.name()) value=(field.raw());
                }
                button { "Save" }
                output { (props.world.count(&counter(id))) }
            }
        }
    }
}
