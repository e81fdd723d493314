//! One field of a form, as templates want it.

use std::borrow::Cow;

use super::path::{input_id, input_name};
use super::typed::Typed;

/// One field of a [`Form`](super::Form): what an input of it needs. It has no
/// type, so one function renders the fields of all forms.
///
/// ```
/// use bennu::form::{Field, Form};
///
/// #[derive(serde::Deserialize)]
/// struct Signup { email: String }
///
/// let form: Form<Signup> = Form::parse("email=ada@example.org");
/// let email: Field = form.field("email");
/// assert_eq!((email.name(), email.raw()), ("email".to_owned(), "ada@example.org"));
/// ```
#[derive(Clone, Debug)]
pub struct Field<'f> {
    typed: &'f Typed,
    path: Cow<'f, str>,
}

impl<'f> Field<'f> {
    pub(super) fn new(typed: &'f Typed, path: Cow<'f, str>) -> Self {
        Self { typed, path }
    }

    /// What the form calls it: `address.street`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The `name` of its input: `user[email]`.
    #[must_use]
    pub fn name(&self) -> String {
        input_name(&self.typed.name, &self.path)
    }

    /// The `id` of its input: `user_email`.
    #[must_use]
    pub fn id(&self) -> String {
        input_id(&self.typed.name, &self.path)
    }

    /// The text as it was typed.
    #[must_use]
    pub fn raw(&self) -> &'f str {
        self.typed.raw(&self.path)
    }

    /// The errors to show; none while it is unused.
    pub fn errors(&self) -> impl Iterator<Item = &'f str> + use<'f> {
        self.typed.shown(&self.path)
    }

    /// Whether there are errors to show: the value of `aria-invalid`.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        self.errors().next().is_some()
    }
}
