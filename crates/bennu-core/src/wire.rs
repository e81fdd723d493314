//! Trees and diffs as the JSON that clients merge (`protocol.md §4`).
//!
//! This is the only file that knows the keys. It writes straight into the
//! caller's buffer, once, and never takes anything back: a place that the
//! client knows is opened when its first change comes.

use crate::Template;
use crate::digits::write_number;
use crate::json::write_string;
use crate::sink::{Order, Sink, Step};
use crate::stream::Operations;
use crate::tape;

/// The keys of trees and diffs, as js-client/src/wire.ts names them.
pub mod keys {
    /// A node's or list's static strings, or their index in [`TEMPLATES`].
    pub const STATICS: &str = "s";
    /// The templates that this message introduces.
    pub const TEMPLATES: &str = "p";
    /// A list's entries.
    pub const ENTRIES: &str = "k";
    /// How many entries a list has.
    pub const COUNT: &str = "kc";
    /// Whether an entry changed its position.
    pub const MOVED: &str = "km";
    /// In a nested node: it is exactly one element.
    pub const ROOT: &str = "r";
    /// At the top of a message: the reply to an event.
    pub const REPLY: &str = "r";
    /// Events for the client's window and hooks.
    pub const EVENTS: &str = "e";
    /// The page's title.
    pub const TITLE: &str = "t";
    /// Components by their number.
    pub const COMPONENTS: &str = "c";
    /// What to do with a stream's entries.
    pub const STREAM: &str = "stream";
}

/// One message to a client: a tree or a diff, and what travels with it in the
/// same object.
///
/// Each part may be written once, in any order. As long as nothing is written
/// the buffer stays untouched: there are no empty messages.
#[derive(Debug)]
#[must_use = "a message ends with `finish`"]
pub struct Message<'o> {
    out: &'o mut String,
    /// Whether the object is open; then it has a member too.
    open: bool,
}

/// An event for the client's window and hooks.
#[derive(Clone, Copy, Debug)]
pub struct Event<'e> {
    /// Its name; the window sees `phx:NAME`.
    pub name: &'e str,
    /// Its payload, as JSON.
    pub payload: &'e str,
    /// Whether it is dispatched before the page is patched, not after.
    pub before_patch: bool,
}

impl<'o> Message<'o> {
    /// A message that is appended to `out`.
    pub fn new(out: &'o mut String) -> Self {
        Self { out, open: false }
    }

    /// Sets the page's title.
    pub fn title(&mut self, title: &str) {
        self.member(keys::TITLE);
        write_string(title, self.out);
    }

    /// Adds events, in this order.
    pub fn events<'e>(&mut self, events: impl IntoIterator<Item = Event<'e>>) {
        let mut events = events.into_iter().peekable();
        if events.peek().is_none() {
            return;
        }
        self.member(keys::EVENTS);
        let mut separator = '[';
        for event in events {
            self.out.push(separator);
            self.out.push('[');
            write_string(event.name, self.out);
            self.out.push(',');
            self.out.push_str(event.payload);
            self.out
                .push_str(if event.before_patch { ",true]" } else { "]" });
            separator = ',';
        }
        self.out.push(']');
    }

    /// Adds the reply to the event that this message answers, as JSON.
    pub fn reply(&mut self, json: &str) {
        self.member(keys::REPLY);
        self.out.push_str(json);
    }

    /// Ends the message. Returns whether there is one: otherwise nothing was
    /// written to the buffer.
    pub fn finish(self) -> bool {
        if self.open {
            self.out.push('}');
        }
        self.open
    }

    fn member(&mut self, key: &str) {
        self.out.push(if self.open { ',' } else { '{' });
        self.open = true;
        write_key(key, self.out);
    }
}

/// Writes the tree or diff of one message.
#[derive(Debug)]
pub(crate) struct Tree<'m, 'o> {
    message: &'m mut Message<'o>,
    /// The places that are entered, from the root.
    steps: Vec<Step>,
    /// How many of them were written: the others hold no change so far.
    open: usize,
    /// Whether the innermost open object has no member yet.
    empty: bool,
    /// Whether anything was written.
    written: bool,
    /// The templates that this message introduces, by their index.
    templates: Vec<&'static Template>,
}

impl<'m, 'o> Tree<'m, 'o> {
    pub(crate) fn new(message: &'m mut Message<'o>) -> Self {
        Self {
            message,
            steps: Vec::new(),
            open: 0,
            empty: false,
            written: false,
            templates: Vec::new(),
        }
    }

    /// Writes the templates. Returns whether there was anything to write.
    pub(crate) fn finish(self) -> bool {
        if !self.templates.is_empty() {
            self.message.member(keys::TEMPLATES);
            let out = &mut *self.message.out;
            for (index, template) in (0..).zip(&self.templates) {
                out.push(if index == 0 { '{' } else { ',' });
                write_index_key(index, out);
                let mut separator = '[';
                for html in template.statics() {
                    out.push(separator);
                    write_string(html, out);
                    separator = ',';
                }
                out.push(']');
            }
            out.push('}');
        }
        self.written
    }

    /// Opens the places that were entered.
    #[inline]
    fn open(&mut self) {
        if self.open < self.steps.len() {
            self.open_steps();
        }
    }

    fn open_steps(&mut self) {
        for at in self.open..self.steps.len() {
            match self.steps[at] {
                Step::NewRoot(_) => continue,
                Step::Node(dynamic) | Step::NewNode(dynamic, _) => {
                    self.index_key(dynamic);
                    self.message.out.push('{');
                }
                Step::List(dynamic)
                | Step::NewList(dynamic, _)
                | Step::Stream(dynamic)
                | Step::NewStream(dynamic, _) => {
                    self.index_key(dynamic);
                    self.message.out.push('{');
                    write_key(keys::ENTRIES, self.message.out);
                    self.message.out.push('{');
                }
                Step::Entry(position) | Step::NewEntry(position) => {
                    self.index_key(position);
                    self.message.out.push('{');
                }
                Step::Moved { to, from } => {
                    self.index_key(to);
                    self.message.out.push('[');
                    write_number(from, self.message.out);
                    self.message.out.push_str(",{");
                }
            }
            self.empty = true;
        }
        self.open = self.steps.len();
    }

    /// Starts the next member of the innermost open object, which may be the
    /// message's own.
    fn separate(&mut self) {
        self.written = true;
        if !self.message.open {
            self.message.open = true;
            self.message.out.push('{');
        } else if !self.empty {
            self.message.out.push(',');
        }
        self.empty = false;
    }

    #[inline]
    fn index_key(&mut self, index: u32) {
        self.separate();
        write_index_key(index, self.message.out);
    }

    fn key(&mut self, key: &str) {
        self.separate();
        write_key(key, self.message.out);
    }

    /// Names a template by its index among those of this message.
    fn statics(&mut self, template: &'static Template) {
        let fingerprint = template.fingerprint();
        let known = (self.templates.iter()).position(|known| known.fingerprint() == fingerprint);
        let index = known.unwrap_or_else(|| {
            self.templates.push(template);
            self.templates.len() - 1
        });
        self.key(keys::STATICS);
        write_number(tape::index(index), self.message.out);
    }

    /// Takes the innermost step back. Returns it if it was written.
    #[inline]
    fn leave_open(&mut self) -> Result<Step, Option<Step>> {
        let step = self.steps.pop();
        match step {
            Some(step) if self.steps.len() < self.open => {
                self.open = self.steps.len();
                Ok(step)
            }
            step => Err(step),
        }
    }
}

impl Sink for Tree<'_, '_> {
    #[inline]
    fn text(&mut self, dynamic: u32, html: &str) {
        self.open();
        self.index_key(dynamic);
        write_string(html, self.message.out);
    }

    #[inline]
    fn enter(&mut self, step: Step) {
        self.steps.push(step);
        // What is new is sent even if it has no dynamics, and a stream that is
        // touched even if it has no inserts.
        if let Step::NewRoot(_)
        | Step::NewNode(..)
        | Step::NewList(..)
        | Step::Stream(_)
        | Step::NewStream(..)
        | Step::NewEntry(_) = step
        {
            self.open_steps();
        }
    }

    #[inline]
    fn leave(&mut self) {
        match self.leave_open() {
            Ok(Step::NewRoot(template)) => self.statics(template),
            Ok(Step::NewNode(_, template)) => {
                self.statics(template);
                if template.is_element() {
                    self.key(keys::ROOT);
                    self.message.out.push('1');
                }
                self.message.out.push('}');
            }
            Ok(Step::Moved { .. }) => self.message.out.push_str("}]"),
            Ok(_) => self.message.out.push('}'),
            Err(Some(Step::Moved { to, from })) => {
                self.open();
                self.index_key(to);
                write_number(from, self.message.out);
            }
            Err(_) => {}
        }
        self.empty = false;
    }

    fn leave_list(&mut self, entries: u32, order: Order) {
        if order != Order::Same {
            self.open();
        }
        let Ok(step) = self.leave_open() else {
            return;
        };
        self.key(keys::COUNT);
        write_number(entries, self.message.out);
        if order == Order::Moved {
            self.key(keys::MOVED);
            self.message.out.push_str("true");
        }
        self.message.out.push('}');
        if let Step::NewList(_, template) = step {
            self.statics(template);
        }
        self.message.out.push('}');
        self.empty = false;
    }

    fn leave_stream(&mut self, inserts: u32, operations: Option<&Operations>) {
        let step = self.leave_open();
        self.key(keys::COUNT);
        write_number(inserts, self.message.out);
        self.message.out.push('}');
        if let Some(operations) = operations {
            self.key(keys::STREAM);
            write_operations(operations, self.message.out);
        }
        if let Ok(Step::NewStream(_, template)) = step {
            self.statics(template);
        }
        self.message.out.push('}');
        self.empty = false;
    }
}

/// `[ref, inserts, deletes]`, and `true` for a reset: the stock client takes
/// anything else in its place for one (`protocol.md §4.7`).
fn write_operations(operations: &Operations, out: &mut String) {
    out.push_str("[\"");
    write_long(operations.reference(), out);
    out.push_str("\",[");
    // Phoenix lists the last insert first; clients look them up by id.
    for (number, (id, insert)) in operations.inserts().rev().enumerate() {
        out.push_str(if number == 0 { "[" } else { ",[" });
        write_string(id, out);
        out.push(',');
        write_long(insert.at, out);
        match insert.limit {
            Some(limit) => {
                out.push(',');
                write_long(limit, out);
            }
            None => out.push_str(",null"),
        }
        out.push_str(if insert.update_only {
            ",true]"
        } else {
            ",null]"
        });
    }
    out.push_str("],[");
    for (number, id) in operations.removed().iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        write_string(id, out);
    }
    out.push_str(if operations.is_reset() {
        "],true]"
    } else {
        "]]"
    });
}

fn write_long(number: impl itoa::Integer, out: &mut String) {
    out.push_str(itoa::Buffer::new().format(number));
}

fn write_key(key: &str, out: &mut String) {
    out.push('"');
    out.push_str(key);
    out.push_str("\":");
}

#[inline]
fn write_index_key(index: u32, out: &mut String) {
    const KEYS: &str = "\"0\":\"1\":\"2\":\"3\":\"4\":\"5\":\"6\":\"7\":\"8\":\"9\":";
    let start = 4 * index as usize;
    if let Some(key) = KEYS.get(start..start + 4) {
        // Most keys are one of these: four bytes at once.
        out.push_str(key);
    } else {
        out.push('"');
        write_number(index, out);
        out.push_str("\":");
    }
}
