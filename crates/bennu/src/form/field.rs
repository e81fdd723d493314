//! One field of a form, as templates want it.

use std::borrow::Cow;

use super::list::List;
use super::name::FieldName;
use super::path::input_id;
use super::typed::Typed;

/// One field of a [`Form`](super::Form), or a group of fields: what an input of
/// it needs. It has no type, so one function renders the fields of all forms.
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
    pub(super) typed: &'f Typed,
    path: Cow<'f, str>,
}

impl<'f> Field<'f> {
    pub(super) fn new(typed: &'f Typed, path: Cow<'f, str>) -> Self {
        typed.check(&path);
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
        self.typed.input_name(&self.path)
    }

    /// The `id` of its input: `user_email`, see [`Form::id`](super::Form::id).
    #[must_use]
    pub fn id(&self) -> String {
        input_id(&self.name())
    }

    /// The text as it was typed; of several texts the first.
    #[must_use]
    pub fn raw(&self) -> &'f str {
        self.typed.raw(&self.path)
    }

    /// All texts of a field that takes several, such as a group of checkboxes.
    pub fn raws(&self) -> impl Iterator<Item = &'f str> + use<'f> {
        self.typed.raws(&self.path)
    }

    /// Whether its text, or one of several, is this one.
    #[must_use]
    pub fn holds(&self, text: &str) -> bool {
        self.raws().any(|raw| raw == text)
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

    /// A field of this group: `street` of `address`.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        Self::new(self.typed, self.path.then(name).into())
    }

    /// This field as a list of groups, or of single values.
    #[must_use]
    pub fn list(self) -> List<'f> {
        List::new(self)
    }
}
