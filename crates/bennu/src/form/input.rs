//! An input with its label and its errors.

use std::borrow::Cow;

use bennu_core::{Filled, Place, Render};
use bennu_macros::html;

use super::field::Field;

/// An input with its label and the errors of its field, ready for a template;
/// from [`Form::input`](super::Form::input).
///
/// It is for kinds that hold a text: `text`, `email`, `password`, `number`,
/// `date`, `search`, `tel`, `url`, `hidden` and the like. The parts carry no
/// styles, only the classes `field` and `errors`. Assistive technology hears
/// the errors with the input, and that it is wrong.
///
/// ```
/// use bennu::prelude::*;
///
/// #[derive(serde::Deserialize)]
/// struct Signup { age: u8 }
///
/// let form: Form<Signup> = Form::parse("age=x");
/// assert_eq!(
///     html! { (form.input("age").label("Age").kind("number")) }.to_html(),
///     concat!(
///         r#"<div class="field"><label for="age">Age</label>"#,
///         r#"<input type="number" id="age" name="age" value="x""#,
///         r#" aria-invalid="true" aria-describedby="age_errors">"#,
///         r#"<div class="errors" id="age_errors"><p>must be a whole number</p></div></div>"#,
///     ),
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use = "it does nothing until it stands in a template"]
pub struct Input<'f> {
    field: Field<'f>,
    label: Option<Cow<'f, str>>,
    kind: &'f str,
    autocomplete: Option<&'f str>,
    debounce: Option<Cow<'static, str>>,
}

impl<'f> Input<'f> {
    pub(super) fn new(field: Field<'f>) -> Self {
        Self {
            field,
            label: None,
            kind: "text",
            autocomplete: None,
            debounce: None,
        }
    }

    /// The text of its label; without one, an `aria-label` of the field's name
    /// stands in.
    pub fn label(mut self, label: impl Into<Cow<'f, str>>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Its `type`; `text` unless said otherwise.
    pub fn kind(mut self, kind: &'f str) -> Self {
        self.kind = kind;
        self
    }

    /// What the browser may fill in, such as `email` or `new-password`.
    pub fn autocomplete(mut self, autocomplete: &'f str) -> Self {
        self.autocomplete = Some(autocomplete);
        self
    }

    /// Sends changes only after this many milliseconds without another one, or
    /// when the input is left.
    pub fn debounce(mut self, milliseconds: u32) -> Self {
        self.debounce = Some(milliseconds.to_string().into());
        self
    }

    /// Sends changes only when the input is left.
    pub fn debounce_until_left(mut self) -> Self {
        self.debounce = Some("blur".into());
        self
    }
}

impl Render for Input<'_> {
    fn render(&self, place: Place<'_>) -> Filled {
        let id = self.field.id();
        let errors_id = format!("{id}_errors");
        let invalid = self.field.is_invalid();
        let unlabelled = self.label.is_none() && self.kind != "hidden";
        let rendered = html! {
            div.field {
                @if let Some(label) = &self.label {
                    label for=(id) { (label) }
                }
                input
                    type=(self.kind)
                    id=(id)
                    name=(self.field.name())
                    value=(self.field.raw())
                    autocomplete=[self.autocomplete]
                    phx-debounce=[&self.debounce]
                    aria-label=[unlabelled.then(|| self.field.path())]
                    aria-invalid=[invalid.then_some("true")]
                    aria-describedby=[invalid.then_some(&errors_id)];
                @if invalid {
                    div.errors id=(errors_id) {
                        @for error in self.field.errors() { p { (error) } }
                    }
                }
            }
        };
        place.rendered(&rendered)
    }
}
