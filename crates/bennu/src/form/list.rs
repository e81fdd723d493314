//! A list of groups of fields, and the buttons that change it.
//!
//! A button is a real one, for keyboards and screen readers; it checks a hidden
//! box, and the box changes the form as any other input does. So what was asked
//! for is part of the form until the page shows it, whatever else is typed
//! meanwhile. `order` says what the boxes mean.

use std::borrow::Cow;

use bennu_core::{Attributes, Filled, Place, Render};
use bennu_macros::html;

use super::field::Field;
use super::order::{DROP, SORT, USED, next_key};
use super::path::input_id;
use crate::js::{Dispatch, Js};

/// A list in a [`Form`](super::Form); from [`Form::list`](super::Form::list).
///
/// ```
/// use bennu::prelude::*;
/// # #[derive(serde::Deserialize)]
/// # struct Invoice { lines: Vec<Line> }
/// # #[derive(serde::Deserialize)]
/// # struct Line { title: String }
///
/// fn render(form: &Form<Invoice>) -> Rendered {
///     let lines = form.list("lines");
///     html! {
///         ol {
///             @for line in lines.entries() key=(line.key()) {
///                 li {
///                     (line.order())
///                     (line.input("title").label("Title"))
///                     (line.up("Up")) (line.down("Down")) (line.remove("Remove"))
///                 }
///             }
///         }
///         (lines.add("Add a line"))
///     }
/// }
/// # render(&Form::parse("lines[0][title]=x"));
/// ```
#[derive(Clone, Debug)]
pub struct List<'f> {
    field: Field<'f>,
    keys: Vec<Cow<'f, str>>,
}

impl<'f> List<'f> {
    pub(super) fn new(field: Field<'f>) -> Self {
        let keys = field.typed.keys(field.path());
        Self { field, keys }
    }

    /// How many entries it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether it has no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The entries in their order.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = Entry<'f>> {
        let keys = self.keys.iter().enumerate();
        keys.map(|(index, key)| {
            let typed = self.field.typed;
            let path = typed.entry_path(self.field.path(), index, key);
            let neighbour = |index: Option<usize>| self.keys.get(index?).cloned();
            Entry {
                field: Field::new(typed, path.into()),
                list: self.field.name(),
                mark: self.mark().filter(|_| index == 0),
                index,
                key: key.clone(),
                previous: neighbour(index.checked_sub(1)),
                next: neighbour(index.checked_add(1)),
            }
        })
    }

    /// The errors of the list as a whole to show, such as that it has too few
    /// entries: none before one of its fields or buttons was used.
    pub fn errors(&self) -> impl Iterator<Item = &'f str> + use<'f> {
        self.field.errors()
    }

    /// A button that adds an entry. It stands behind the entries; in front of
    /// them it adds the first one.
    pub fn add(&self, text: impl Into<Cow<'f, str>>) -> ListButton<'f> {
        let list = self.field.name();
        let key = next_key(self.keys.iter().map(AsRef::as_ref));
        let id = format!("{}_add", input_id(&list));
        let button = ListButton::new(text, id.clone()).own(HiddenBox::sort(&list, id, key));
        button.mark(self.mark())
    }

    /// What the page says of a list that was used. It stands twice, as either place
    /// may be empty: a list has no first entry, or no button that adds one.
    fn mark(&self) -> Option<Mark> {
        let is_used = self.field.typed.is_used(self.field.path());
        is_used.then(|| Mark(format!("{}[{USED}]", self.field.name())))
    }
}

/// The hidden input by which a list stays used, with its name.
#[derive(Clone, Debug)]
struct Mark(String);

impl Render for Mark {
    fn render(&self, place: Place<'_>) -> Filled {
        place.rendered(&html! { input type="hidden" name=(self.0) value=""; })
    }
}

/// One entry of a [`List`].
#[derive(Clone, Debug)]
pub struct Entry<'f> {
    field: Field<'f>,
    /// The name of the list.
    list: String,
    /// The list's, at its first entry.
    mark: Option<Mark>,
    index: usize,
    key: Cow<'f, str>,
    previous: Option<Cow<'f, str>>,
    next: Option<Cow<'f, str>>,
}

impl<'f> Entry<'f> {
    /// What stays with the entry wherever it moves: the key of its `@for`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Its place in the list, from zero.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// The entry itself: its path, and what a list of single values holds here.
    #[must_use]
    pub fn itself(&self) -> Field<'f> {
        self.field.clone()
    }

    /// A field of it.
    #[must_use]
    pub fn field(&self, name: &str) -> Field<'f> {
        self.field.field(name)
    }

    /// A list in it.
    #[must_use]
    pub fn list(&self, name: &str) -> List<'f> {
        self.field(name).list()
    }

    /// Tells the browser where this entry stands. It has to be in the template
    /// of every entry, in front of its buttons; it shows nothing. A hook may
    /// drag entries: the form has the order in which these stand in the page.
    pub fn order(&self) -> impl Render + use<> {
        let name = format!("{}[{SORT}][]", self.list);
        // In front of this entry, so that the next one comes first.
        let next = self.next.as_deref();
        let swap = next.map(|next| {
            HiddenBox::sort(&self.list, swap_id(&self.list, &self.key), next.to_owned())
        });
        html! {
            (self.mark)
            (swap)
            input type="hidden" name=(name) value=(self.key);
        }
    }

    /// A button that moves it before the entry in front of it.
    pub fn up(&self, text: impl Into<Cow<'f, str>>) -> ListButton<'f> {
        let above = self.previous.as_deref();
        let button = ListButton::new(
            text,
            above
                .map(|key| swap_id(&self.list, key))
                .unwrap_or_default(),
        );
        button.enabled(above.is_some())
    }

    /// A button that moves it behind the next entry.
    pub fn down(&self, text: impl Into<Cow<'f, str>>) -> ListButton<'f> {
        let button = ListButton::new(text, swap_id(&self.list, &self.key));
        button.enabled(self.next.is_some())
    }

    /// A button that removes it.
    pub fn remove(&self, text: impl Into<Cow<'f, str>>) -> ListButton<'f> {
        let id = format!("{}_{}_drop", input_id(&self.list), self.key);
        let own = HiddenBox {
            name: format!("{}[{DROP}][]", self.list),
            value: self.key.clone().into_owned(),
            id: id.clone(),
        };
        ListButton::new(text, id).own(own)
    }
}

/// The box that moves the entry behind the one with this key.
fn swap_id(list: &str, key: &str) -> String {
    format!("{}_{key}_swap", input_id(list))
}

/// A hidden checkbox.
#[derive(Clone, Debug)]
struct HiddenBox {
    name: String,
    value: String,
    id: String,
}

impl HiddenBox {
    fn sort(list: &str, id: String, value: String) -> Self {
        let name = format!("{list}[{SORT}][]");
        Self { name, value, id }
    }
}

impl Render for HiddenBox {
    fn render(&self, place: Place<'_>) -> Filled {
        let Self { name, value, id } = self;
        // After a change it has another value, and is unchecked for that. A
        // browser that fills in what the page held before must not check it.
        let rendered = html! {
            input type="checkbox" hidden id=(id) name=(name) value=(value)
                autocomplete="off" phx-no-unused-field;
        };
        place.rendered(&rendered)
    }
}

/// A button that changes a [`List`], ready for a template.
#[derive(Clone, Debug)]
#[must_use = "it does nothing until it stands in a template"]
pub struct ListButton<'f> {
    text: Cow<'f, str>,
    /// The id of the box that it checks.
    checks: String,
    own: Option<HiddenBox>,
    mark: Option<Mark>,
    is_enabled: bool,
    attributes: Attributes,
}

impl<'f> ListButton<'f> {
    fn new(text: impl Into<Cow<'f, str>>, checks: String) -> Self {
        Self {
            text: text.into(),
            checks,
            own: None,
            mark: None,
            is_enabled: true,
            attributes: Attributes::new(),
        }
    }

    fn own(mut self, own: HiddenBox) -> Self {
        self.own = Some(own);
        self
    }

    fn mark(mut self, mark: Option<Mark>) -> Self {
        self.mark = mark;
        self
    }

    fn enabled(mut self, is_enabled: bool) -> Self {
        self.is_enabled = is_enabled;
        self
    }

    /// What it is called where its text is only a sign, or where many have the
    /// same: `Remove line 2`.
    pub fn label(mut self, label: impl AsRef<str>) -> Self {
        self.attributes = self.attributes.with("aria-label", label.as_ref());
        self
    }

    /// Its class.
    pub fn class(mut self, class: &str) -> Self {
        self.attributes = self.attributes.with("class", class);
        self
    }
}

impl Render for ListButton<'_> {
    fn render(&self, place: Place<'_>) -> Filled {
        // A second click before the answer must not uncheck it.
        let unchecked = || format!("[id=\"{}\"]:not(:checked)", self.checks);
        let check = || Js::new().dispatch(Dispatch::new("click").to(unchecked()));
        // Not `disabled`: the focus would be lost where the last move ends.
        let rendered = html! {
            (self.mark)
            (self.own)
            button type="button" ..(self.attributes)
                aria-disabled=[(!self.is_enabled).then_some("true")]
                phx-click=[self.is_enabled.then(check)] { (self.text) }
        };
        place.rendered(&rendered)
    }
}
