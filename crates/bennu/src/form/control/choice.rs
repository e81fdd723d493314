//! Controls with choices: boxes, radio buttons, selects.

use std::borrow::Cow;

use bennu_core::{Attributes, Filled, Place, Render, Rendered};
use bennu_macros::html;

use super::{Control, Label};

/// A box for a `bool`, from [`Form::checkbox`](crate::Form::checkbox). An
/// unchecked one sends `false`, where a bare box would send nothing.
#[derive(Clone, Copy, Debug)]
pub struct Checkbox;

impl Render for Control<'_, Checkbox> {
    fn render(&self, place: Place<'_>) -> Filled {
        let (id, name) = (self.field.id(), self.field.name());
        let is_checked = matches!(self.field.raw(), "true" | "on" | "1");
        let rendered = html! {
            div class=(self.class) {
                input type="hidden" name=(name) value="false";
                label {
                    input type="checkbox" id=(id) name=(name) value="true" checked[is_checked] ..(self.own_attributes());
                    " " span { (self.shown_label()) }
                }
                (self.notes())
            }
        };
        place.rendered(&rendered)
    }
}

/// One choice: what is sent, and what is read.
type Choice<'f> = (Cow<'f, str>, Cow<'f, str>);

fn choices<'f, V, T>(choices: impl IntoIterator<Item = (V, T)>) -> Vec<Choice<'f>>
where
    V: Into<Cow<'f, str>>,
    T: Into<Cow<'f, str>>,
{
    let choice = |(value, text): (V, T)| (value.into(), text.into());
    choices.into_iter().map(choice).collect()
}

/// A select, from [`Form::select`](crate::Form::select).
#[derive(Clone, Debug, Default)]
pub struct Select<'f> {
    is_multiple: bool,
    prompt: Option<Cow<'f, str>>,
    /// With the name of their group, or alone.
    groups: Vec<(Option<Cow<'f, str>>, Vec<Choice<'f>>)>,
}

impl<'f> Control<'f, Select<'f>> {
    /// Choices, as the value that is sent and the text that is read.
    ///
    /// ```
    /// # use bennu::prelude::*;
    /// # #[derive(serde::Deserialize)] struct Order { size: String }
    /// # let form: Form<Order> = Form::parse("size=l");
    /// let size = form.select("size").label("Size").prompt("Choose one")
    ///     .options([("m", "Medium"), ("l", "Large")]);
    /// # assert!(html! { (size) }.to_html().contains(
    /// #     r#"<option value="" >Choose one</option><option value="m" >Medium</option><option value="l" selected>Large</option>"#));
    /// ```
    pub fn options<V, T>(mut self, options: impl IntoIterator<Item = (V, T)>) -> Self
    where
        V: Into<Cow<'f, str>>,
        T: Into<Cow<'f, str>>,
    {
        self.kind.groups.push((None, choices(options)));
        self
    }

    /// Choices under a heading.
    pub fn group<V, T>(
        mut self,
        heading: impl Into<Cow<'f, str>>,
        options: impl IntoIterator<Item = (V, T)>,
    ) -> Self
    where
        V: Into<Cow<'f, str>>,
        T: Into<Cow<'f, str>>,
    {
        let group = (Some(heading.into()), choices(options));
        self.kind.groups.push(group);
        self
    }

    /// A first choice that sends an empty text: nothing is chosen yet.
    pub fn prompt(mut self, prompt: impl Into<Cow<'f, str>>) -> Self {
        self.kind.prompt = Some(prompt.into());
        self
    }

    /// Lets several be chosen, for a list.
    pub fn multiple(mut self) -> Self {
        self.kind.is_multiple = true;
        self
    }

    fn render_options(&self, choices: &[Choice<'f>]) -> Rendered {
        html! {
            // A choice stays with its option wherever that goes.
            @for (value, text) in choices key=(value) {
                option value=(value) selected[self.field.holds(value)] { (text) }
            }
        }
    }
}

impl<'f> Render for Control<'f, Select<'f>> {
    fn render(&self, place: Place<'_>) -> Filled {
        let Select {
            is_multiple,
            prompt,
            groups,
        } = &self.kind;
        let brackets = if *is_multiple { "[]" } else { "" };
        let select = html! {
            select id=(self.field.id()) name={ (self.field.name()) (brackets) } multiple[*is_multiple] ..(self.own_attributes()) {
                // Said, for morphdom: it takes the first option for chosen, too.
                @if let Some(prompt) = prompt {
                    option value="" selected[self.field.raw().is_empty()] { (prompt) }
                }
                @for (heading, choices) in groups {
                    @if let Some(heading) = heading {
                        optgroup label=(heading) { (self.render_options(choices)) }
                    } @else {
                        (self.render_options(choices))
                    }
                }
            }
        };
        place.rendered(&self.labelled(select))
    }
}

/// Buttons of which one is chosen, from [`Form::radios`](crate::Form::radios).
#[derive(Clone, Debug, Default)]
pub struct Radios<'f>(Vec<Choice<'f>>);

impl<'f> Control<'f, Radios<'f>> {
    /// Choices, as the value that is sent and the text that is read.
    pub fn options<V, T>(mut self, options: impl IntoIterator<Item = (V, T)>) -> Self
    where
        V: Into<Cow<'f, str>>,
        T: Into<Cow<'f, str>>,
    {
        self.kind.0.extend(choices(options));
        self
    }
}

impl<'f> Render for Control<'f, Radios<'f>> {
    fn render(&self, place: Place<'_>) -> Filled {
        let group = self.aria(Attributes::new().with("role", "radiogroup"));
        let mut own = self.attributes.clone();
        if self.is_required {
            own = own.flag("required");
        }
        place.rendered(&self.grouped(&group, "radio", &self.field.name(), &own, &self.kind.0))
    }
}

/// Boxes of which any are chosen, for a list, from
/// [`Form::checkboxes`](crate::Form::checkboxes).
#[derive(Clone, Debug, Default)]
pub struct Checkboxes<'f>(Vec<Choice<'f>>);

impl<'f> Control<'f, Checkboxes<'f>> {
    /// Choices, as the value that is sent and the text that is read.
    pub fn options<V, T>(mut self, options: impl IntoIterator<Item = (V, T)>) -> Self
    where
        V: Into<Cow<'f, str>>,
        T: Into<Cow<'f, str>>,
    {
        self.kind.0.extend(choices(options));
        self
    }
}

impl<'f> Render for Control<'f, Checkboxes<'f>> {
    fn render(&self, place: Place<'_>) -> Filled {
        // A group of boxes has no state of its own: each of them is wrong.
        let mut group = Attributes::new();
        if let Label::Unsaid | Label::Hidden(_) = self.label {
            group = group.with("aria-label", self.aria_label().unwrap_or_default());
        }
        let unlabelled = Self {
            label: Label::Shown(Cow::Borrowed("")),
            ..self.clone()
        };
        let own = unlabelled.aria(self.attributes.clone());
        let name = format!("{}[]", self.field.name());
        place.rendered(&self.grouped(&group, "checkbox", &name, &own, &self.kind.0))
    }
}

impl<'f, K> Control<'f, K> {
    /// Boxes or buttons in a fieldset.
    fn grouped(
        &self,
        group: &Attributes,
        kind: &str,
        name: &str,
        own: &Attributes,
        choices: &[Choice<'f>],
    ) -> Rendered {
        let id = self.field.id();
        html! {
            fieldset class=(self.class) id=(id) ..(group) {
                @if let Some(label) = self.shown_label() {
                    legend { (label) }
                }
                @for (index, (value, text)) in choices.iter().enumerate() {
                    label {
                        input type=(kind) id={ (id) "_" (index) } name=(name) value=(value) checked[self.field.holds(value)] ..(own);
                        " " span { (text) }
                    }
                }
                (self.notes())
            }
        }
    }
}
