//! Where a value stands in a form.

use crate::event::scope::id_prefix;

/// One step to a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key<'k> {
    /// The value that decoding began with.
    Whole,
    /// A field of a struct.
    Field(&'k str),
    /// A key of a map, or of a list that came with numbers as its keys.
    Entry(&'k str),
    /// An item of a list.
    Item(usize),
}

/// The way to a value, kept on the stack; it is written only for an error.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'p> {
    pub(super) parent: Option<&'p Path<'p>>,
    pub(super) key: Key<'p>,
}

impl Path<'_> {
    /// As errors and templates name it: `user.items.0.name`.
    pub(super) fn dotted(&self) -> String {
        self.join(|key, out| {
            if !out.is_empty() {
                out.push('.');
            }
            match key {
                Key::Whole => {}
                Key::Field(key) | Key::Entry(key) => out.push_str(key),
                Key::Item(index) => out.push_str(&index.to_string()),
            }
        })
    }

    /// The same for all entries of a list or map: `user.items.*.name`. There
    /// are only as many as the type has fields.
    pub(super) fn pattern(&self) -> String {
        self.join(|key, out| {
            out.push('.');
            match key {
                Key::Whole => {}
                Key::Field(key) => out.push_str(key),
                Key::Entry(_) | Key::Item(_) => out.push('*'),
            }
        })
    }

    pub(super) fn depth(&self) -> usize {
        1 + self.parent.map_or(0, Self::depth)
    }

    fn join(&self, mut write: impl FnMut(Key<'_>, &mut String)) -> String {
        fn walk(path: &Path<'_>, write: &mut dyn FnMut(Key<'_>, &mut String), out: &mut String) {
            if let Some(parent) = path.parent {
                walk(parent, write, out);
            }
            write(path.key, out);
        }
        let mut out = String::new();
        walk(self, &mut write, &mut out);
        out
    }
}

/// The name of an input in the form encoding: `user[items][0][name]` for the
/// keys `items`, `0` and `name` in the form `user`.
pub(super) fn input_name<'k>(form: &str, keys: impl Iterator<Item = &'k str>) -> String {
    let mut name = form.to_owned();
    for key in keys {
        if name.is_empty() {
            name.push_str(key);
        } else {
            name.push('[');
            name.push_str(key);
            name.push(']');
        }
    }
    name
}

/// The id of that input: `user_items_0_name`, in a component behind what tells the
/// component from others.
pub(super) fn input_id(name: &str) -> String {
    let name = name.replace("][", "_").replace('[', "_").replace(']', "");
    id_prefix() + &name
}

/// The steps of a path as errors and templates name it.
pub(super) fn steps(dotted: &str) -> impl Iterator<Item = &str> {
    dotted.split('.').filter(|step| !step.is_empty())
}
