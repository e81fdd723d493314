//! Controls with their labels, hints and errors: what all kinds share, and where
//! they come from. The files of `control/` have the markup of each kind.

mod choice;
mod text;

use std::borrow::Cow;
use std::fmt::Display;

use bennu_core::{Attributes, Render, Rendered};
use bennu_macros::html;

pub use choice::{Checkbox, Checkboxes, Radios, Select};
pub use text::{Text, TextArea};

use super::Form;
use super::field::Field;
use super::list::Entry;

/// A control with its label, a hint and the errors of its field, ready for a
/// template. [`Form`](super::Form) and [`Entry`](super::Entry) make them:
/// `form.input("email")`, `form.select("country")` and so on.
///
/// They carry no styles, only the classes `field`, `hint` and `errors`.
/// Assistive technology hears label, hint and errors with the control, that it
/// is wrong, and new errors as they come.
///
/// ```
/// use bennu::prelude::*;
///
/// #[derive(serde::Deserialize)]
/// struct Signup { age: u8 }
///
/// let form: Form<Signup> = Form::parse("age=x");
/// let age = form.input("age").label("Age").kind("number").hint("In years").required();
/// assert_eq!(
///     html! { (age) }.to_html(),
///     concat!(
///         r#"<div class="field"><label for="age">Age</label>"#,
///         r#"<input type="number" id="age" name="age" value="x" required"#,
///         r#" aria-invalid="true" aria-describedby="age_hint age_errors">"#,
///         r#"<p class="hint" id="age_hint">In years</p>"#,
///         r#"<div class="errors" id="age_errors" aria-live="polite">"#,
///         r#"<p>must be a whole number</p></div></div>"#,
///     ),
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use = "it does nothing until it stands in a template"]
pub struct Control<'f, K> {
    field: Field<'f>,
    kind: K,
    label: Label<'f>,
    hint: Option<Cow<'f, str>>,
    class: Cow<'f, str>,
    is_required: bool,
    attributes: Attributes,
}

/// What a control is called.
#[derive(Clone, Debug)]
enum Label<'f> {
    /// By the name of its field, until the application says better.
    Unsaid,
    Shown(Cow<'f, str>),
    /// To assistive technology only.
    Hidden(Cow<'f, str>),
}

impl<'f, K> Control<'f, K> {
    pub(super) fn new(field: Field<'f>, kind: K) -> Self {
        Self {
            field,
            kind,
            label: Label::Unsaid,
            hint: None,
            class: "field".into(),
            is_required: false,
            attributes: Attributes::new(),
        }
    }

    /// The text of its label, of a group's legend.
    pub fn label(mut self, label: impl Into<Cow<'f, str>>) -> Self {
        self.label = Label::Shown(label.into());
        self
    }

    /// What it is called where no label shows, as in a table with headings.
    pub fn hidden_label(mut self, label: impl Into<Cow<'f, str>>) -> Self {
        self.label = Label::Hidden(label.into());
        self
    }

    /// A sentence that helps to fill it in.
    pub fn hint(mut self, hint: impl Into<Cow<'f, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The class of the whole, in place of `field`.
    pub fn class(mut self, class: impl Into<Cow<'f, str>>) -> Self {
        self.class = class.into();
        self
    }

    /// Says that it must be filled in. A browser then sends the form only when
    /// it is, unless the form has `novalidate`; the server's rule is
    /// [`Form::require`](super::Form::require).
    pub fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// Another attribute of the control: `maxlength`, `placeholder`, `class`,
    /// `rows`, `min`, `accept`. In a group each box has it.
    pub fn attribute(mut self, name: &'static str, value: impl Display) -> Self {
        self.attributes = self.attributes.with(name, value);
        self
    }

    /// An attribute without a value: `autofocus`, `readonly`,
    /// `phx-no-unused-field`.
    pub fn flag(mut self, name: &'static str) -> Self {
        self.attributes = self.attributes.flag(name);
        self
    }

    /// What the browser may fill in, such as `email` or `new-password`.
    pub fn autocomplete(self, autocomplete: &str) -> Self {
        self.attribute("autocomplete", autocomplete)
    }

    /// Sends changes only after this many milliseconds without another one, or
    /// when the control is left.
    pub fn debounce(self, milliseconds: u32) -> Self {
        self.attribute("phx-debounce", milliseconds)
    }

    /// Sends changes only when the control is left.
    pub fn debounce_until_left(self) -> Self {
        self.attribute("phx-debounce", "blur")
    }

    fn aria_label(&self) -> Option<&str> {
        match &self.label {
            Label::Unsaid => Some(self.field.path()),
            Label::Hidden(label) => Some(label),
            Label::Shown(_) => None,
        }
    }

    fn shown_label(&self) -> Option<&str> {
        match &self.label {
            Label::Shown(label) => Some(label),
            Label::Unsaid | Label::Hidden(_) => None,
        }
    }

    /// Attributes for the control itself.
    fn own_attributes(&self) -> Attributes {
        let mut attributes = self.attributes.clone();
        if self.is_required {
            attributes = attributes.flag("required");
        }
        self.aria(attributes)
    }

    /// Adds what says that the control is wrong, and what describes it.
    fn aria(&self, mut attributes: Attributes) -> Attributes {
        let id = self.field.id();
        let is_invalid = self.field.is_invalid();
        if let Some(label) = self.aria_label() {
            attributes = attributes.with("aria-label", label);
        }
        if is_invalid {
            attributes = attributes.with("aria-invalid", "true");
        }
        match (self.hint.is_some(), is_invalid) {
            (true, true) => {
                attributes.with("aria-describedby", format_args!("{id}_hint {id}_errors"))
            }
            (true, false) => attributes.with("aria-describedby", format_args!("{id}_hint")),
            (false, true) => attributes.with("aria-describedby", format_args!("{id}_errors")),
            (false, false) => attributes,
        }
    }

    /// The control with its label in front of it.
    fn labelled(&self, control: impl Render) -> Rendered {
        html! {
            div class=(self.class) {
                @if let Some(label) = self.shown_label() {
                    label for=(self.field.id()) { (label) }
                }
                (control)
                (self.notes())
            }
        }
    }

    /// Hint and errors. Their element is always there: only so are new errors
    /// announced.
    fn notes(&self) -> Rendered {
        let id = self.field.id();
        html! {
            @if let Some(hint) = &self.hint {
                p.hint #{ (id) "_hint" } { (hint) }
            }
            div.errors #{ (id) "_errors" } aria-live="polite" {
                @for error in self.field.errors() { p { (error) } }
            }
        }
    }
}

/// The control of a field.
impl<'f> Field<'f> {
    /// A line of text, of any `type`.
    pub fn input(self) -> Control<'f, Text<'f>> {
        Control::new(self, Text::new("text"))
    }

    /// Several lines of text.
    pub fn textarea(self) -> Control<'f, TextArea> {
        Control::new(self, TextArea)
    }

    /// A box for a `bool`.
    pub fn checkbox(self) -> Control<'f, Checkbox> {
        Control::new(self, Checkbox)
    }

    /// A select, for one choice or several.
    pub fn select(self) -> Control<'f, Select<'f>> {
        Control::new(self, Select::default())
    }

    /// Radio buttons, for one choice.
    pub fn radios(self) -> Control<'f, Radios<'f>> {
        Control::new(self, Radios::default())
    }

    /// Boxes for a list of choices.
    pub fn checkboxes(self) -> Control<'f, Checkboxes<'f>> {
        Control::new(self, Checkboxes::default())
    }
}

/// The control of a field by its name.
impl<T> Form<T> {
    /// A line of text, of any `type`.
    pub fn input<'f>(&'f self, field: impl Into<Cow<'f, str>>) -> Control<'f, Text<'f>> {
        self.field(field).input()
    }

    /// Several lines of text.
    pub fn textarea<'f>(&'f self, field: impl Into<Cow<'f, str>>) -> Control<'f, TextArea> {
        self.field(field).textarea()
    }

    /// A box for a `bool`.
    pub fn checkbox<'f>(&'f self, field: impl Into<Cow<'f, str>>) -> Control<'f, Checkbox> {
        self.field(field).checkbox()
    }

    /// A select, for one choice or several.
    pub fn select<'f>(&'f self, field: impl Into<Cow<'f, str>>) -> Control<'f, Select<'f>> {
        self.field(field).select()
    }

    /// Radio buttons, for one choice.
    pub fn radios<'f>(&'f self, field: impl Into<Cow<'f, str>>) -> Control<'f, Radios<'f>> {
        self.field(field).radios()
    }

    /// Boxes for a list of choices.
    pub fn checkboxes<'f>(&'f self, field: impl Into<Cow<'f, str>>) -> Control<'f, Checkboxes<'f>> {
        self.field(field).checkboxes()
    }
}

/// The control of a field of the entry, by its name.
impl<'f> Entry<'f> {
    /// A line of text, of any `type`.
    pub fn input(&self, name: &str) -> Control<'f, Text<'f>> {
        self.field(name).input()
    }

    /// Several lines of text.
    pub fn textarea(&self, name: &str) -> Control<'f, TextArea> {
        self.field(name).textarea()
    }

    /// A box for a `bool`.
    pub fn checkbox(&self, name: &str) -> Control<'f, Checkbox> {
        self.field(name).checkbox()
    }

    /// A select, for one choice or several.
    pub fn select(&self, name: &str) -> Control<'f, Select<'f>> {
        self.field(name).select()
    }

    /// Radio buttons, for one choice.
    pub fn radios(&self, name: &str) -> Control<'f, Radios<'f>> {
        self.field(name).radios()
    }

    /// Boxes for a list of choices.
    pub fn checkboxes(&self, name: &str) -> Control<'f, Checkboxes<'f>> {
        self.field(name).checkboxes()
    }
}
