//! Controls that hold a text.

use bennu_core::{Filled, Place, Render};
use bennu_macros::html;

use super::Control;

/// A single line, from [`Form::input`](crate::Form::input). Its `type` is one
/// of those that hold a text: `text`, `email`, `password`, `number`, `date`,
/// `time`, `datetime-local`, `search`, `tel`, `url`, `color`, `range`,
/// `hidden`, `file`.
#[derive(Clone, Copy, Debug)]
pub struct Text<'f> {
    kind: &'f str,
}

impl<'f> Text<'f> {
    pub(in crate::form) const fn new(kind: &'f str) -> Self {
        Self { kind }
    }
}

impl<'f> Control<'f, Text<'f>> {
    /// Its `type`; `text` unless said otherwise.
    pub fn kind(mut self, kind: &'f str) -> Self {
        self.kind = Text::new(kind);
        self
    }
}

impl Render for Control<'_, Text<'_>> {
    fn render(&self, place: Place<'_>) -> Filled {
        let kind = self.kind.kind;
        let (id, name) = (self.field.id(), self.field.name());
        if kind == "hidden" {
            let rendered = html! {
                input type="hidden" id=(id) name=(name) value=(self.field.raw()) ..(self.attributes);
            };
            return place.rendered(&rendered);
        }
        // A page can't choose a person's files.
        let value = (kind != "file").then(|| self.field.raw());
        let input = html! {
            input type=(kind) id=(id) name=(name) value=[value] ..(self.own_attributes());
        };
        place.rendered(&self.labelled(input))
    }
}

/// Several lines, from [`Form::textarea`](crate::Form::textarea).
#[derive(Clone, Copy, Debug)]
pub struct TextArea;

impl Render for Control<'_, TextArea> {
    fn render(&self, place: Place<'_>) -> Filled {
        let (id, name) = (self.field.id(), self.field.name());
        let area = html! {
            // A parser drops the first line break, so it is ours.
            textarea id=(id) name=(name) ..(self.own_attributes()) { "\n" (self.field.raw()) }
        };
        place.rendered(&self.labelled(area))
    }
}
