//! Trees and diffs as the JSON that clients merge (`protocol.md §4`).
//!
//! This is the only module that knows the keys. It writes straight into the
//! caller's buffer, once, and never takes anything back: a place that the
//! client knows is opened when its first change comes.

mod components;
mod extensions;
mod operations;
mod order;

use crate::diff::{Scratch, diff};
use crate::digits::write_number;
use crate::index::index;
use crate::json::write_string;
use crate::operations::Operations;
use crate::sink::{Order, Sink, Step, TextEdit};
use crate::{Prints, Rendered, Template};

pub use components::Components;
pub use extensions::Extensions;
use order::Orders;

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
    /// In place of [`COUNT`] and [`MOVED`]: the old positions of all entries, in
    /// runs. An extension.
    pub const ORDER: &str = "ko";
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

impl Prints {
    /// Writes the whole tree, whatever was sent before, and remembers it.
    pub fn join(&mut self, rendered: &Rendered, message: &mut Message<'_>) {
        self.clear();
        self.diff(rendered, message);
    }

    /// Writes what changed since the last render, and remembers this one. A
    /// root of another template is written whole. Returns whether there was
    /// anything to write.
    pub fn diff(&mut self, rendered: &Rendered, message: &mut Message<'_>) -> bool {
        Scratch::with(|scratch| {
            let mut tree = Tree::new(message);
            diff(self, rendered, scratch, &mut tree);
            tree.finish()
        })
    }
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
    /// Whether the object of the components is open in it.
    components: bool,
    extensions: Extensions,
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
        Self {
            out,
            open: false,
            components: false,
            extensions: Extensions::default(),
        }
    }

    /// The same for a client that understands these extensions.
    pub fn with(self, extensions: Extensions) -> Self {
        Self { extensions, ..self }
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
        self.separate();
        write_key(key, self.out);
    }

    /// Starts the next member.
    fn separate(&mut self) {
        self.out.push(if self.open { ',' } else { '{' });
        self.open = true;
    }
}

/// Writes the tree or diff of a view, or of a component.
#[derive(Debug)]
pub(crate) struct Tree<'m, 'o> {
    message: &'m mut Message<'o>,
    /// The component, if it is one.
    cid: Option<u32>,
    /// The places that are entered, from the root.
    steps: Vec<Step>,
    /// How many of them were written: the others hold no change so far.
    open: usize,
    /// Whether the innermost open object has no member yet.
    empty: bool,
    /// Whether anything was written.
    written: bool,
    /// The templates of the table, by their index. A message has one for the
    /// view; in a component, each outermost list has one for its entries, and
    /// other statics stand where they are needed (`protocol.md §4.2`).
    templates: Vec<&'static Template>,
    /// For a client that takes moves in their compact form.
    orders: Option<Orders>,
}

impl<'m, 'o> Tree<'m, 'o> {
    pub(crate) fn new(message: &'m mut Message<'o>) -> Self {
        Self {
            orders: message.extensions.moves.then(Orders::default),
            message,
            cid: None,
            steps: Vec::new(),
            open: 0,
            empty: false,
            written: false,
            templates: Vec::new(),
        }
    }

    pub(crate) fn component(message: &'m mut Message<'o>, cid: u32) -> Self {
        Self {
            cid: Some(cid),
            ..Self::new(message)
        }
    }

    /// Ends the tree. Returns whether there was anything to write.
    pub(crate) fn finish(mut self) -> bool {
        self.table();
        if self.written && self.cid.is_some() {
            self.message.out.push('}');
        }
        self.written
    }

    /// Writes the templates of a table, if there are any.
    fn table(&mut self) {
        if self.templates.is_empty() {
            return;
        }
        self.key(keys::TEMPLATES);
        let out = &mut *self.message.out;
        for (index, template) in (0..).zip(self.templates.drain(..)) {
            out.push(if index == 0 { '{' } else { ',' });
            write_index_key(index, out);
            write_statics(template, out);
        }
        out.push('}');
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
                Step::NewRoot(_) | Step::Shared(_) => continue,
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
                Step::Moved { to, .. } if self.orders.is_some() => {
                    self.index_key(to);
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
        if !self.written {
            self.start();
        } else if !self.empty {
            self.message.out.push(',');
        }
        self.empty = false;
    }

    #[inline(never)]
    fn start(&mut self) {
        self.written = true;
        match self.cid {
            Some(cid) => self.message.component(cid),
            None => self.message.separate(),
        }
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

    /// Whether this is a place of a component that is in no list.
    fn is_outside_tables(&self) -> bool {
        let is_list = |step: &Step| {
            matches!(
                step,
                Step::List(_) | Step::NewList(..) | Step::Stream(_) | Step::NewStream(..)
            )
        };
        self.cid.is_some() && !self.steps.iter().any(is_list)
    }

    /// Names a template by its index in the table, or writes it down.
    fn statics(&mut self, template: &'static Template) {
        self.key(keys::STATICS);
        if self.is_outside_tables() {
            write_statics(template, self.message.out);
            return;
        }
        let fingerprint = template.fingerprint();
        let known = (self.templates.iter()).position(|known| known.fingerprint() == fingerprint);
        let number = known.unwrap_or_else(|| {
            self.templates.push(template);
            self.templates.len() - 1
        });
        write_number(index(number), self.message.out);
    }

    #[inline(never)]
    fn end_root(&mut self, template: &'static Template) {
        if self.cid.is_some() {
            self.template(template);
        } else {
            // At the top of a message `r` is a reply.
            self.statics(template);
        }
    }

    #[inline(never)]
    fn end_shared(&mut self, cid: i64) {
        self.key(keys::STATICS);
        operations::write_number(cid, self.message.out);
    }

    /// The statics of a template that is new, and whether it is one element.
    fn template(&mut self, template: &'static Template) {
        self.statics(template);
        if template.is_element() {
            self.key(keys::ROOT);
            self.message.out.push('1');
        }
    }

    /// Says how many entries the innermost list has, and what became of their order.
    fn count(&mut self, entries: u32, order: Order) {
        if order >= Order::Replaced && self.orders.is_some() {
            self.key(keys::ORDER);
            if let Some(orders) = &mut self.orders {
                orders.write(entries, self.message.out);
            }
            return;
        }
        self.key(keys::COUNT);
        write_number(entries, self.message.out);
        if order == Order::Moved {
            self.key(keys::MOVED);
            self.message.out.push_str("true");
        }
    }

    /// Ends a list: the statics if it is new, and its table.
    fn end_list(&mut self, template: Option<&'static Template>) {
        if let Some(template) = template {
            self.statics(template);
        }
        if self.is_outside_tables() {
            self.table();
        }
        self.message.out.push('}');
        self.empty = false;
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

    fn splice(&mut self, dynamic: u32, edit: &TextEdit) {
        self.open();
        self.index_key(dynamic);
        let out = &mut *self.message.out;
        out.push('[');
        write_number(edit.rest, out);
        out.push(',');
        write_number(edit.deleted, out);
        out.push(',');
        write_string(&edit.inserted, out);
        out.push(']');
    }

    fn takes_splices(&self) -> bool {
        self.message.extensions.splices
    }

    fn component(&mut self, dynamic: u32, cid: u32) {
        self.open();
        self.index_key(dynamic);
        write_number(cid, self.message.out);
    }

    #[inline]
    fn enter(&mut self, step: Step) {
        self.steps.push(step);
        if let Some(orders) = &mut self.orders {
            orders.enter(step);
        }
        // What is new is sent even if it has no dynamics, and a stream that is
        // touched even if it has no inserts.
        if let Step::NewRoot(_)
        | Step::Shared(_)
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
            Ok(Step::NewRoot(template)) => self.end_root(template),
            Ok(Step::Shared(cid)) => self.end_shared(cid),
            Ok(Step::NewNode(_, template)) => {
                self.template(template);
                self.message.out.push('}');
            }
            Ok(Step::Moved { .. }) if self.orders.is_none() => self.message.out.push_str("}]"),
            Ok(_) => self.message.out.push('}'),
            Err(Some(Step::Moved { to, from })) if self.orders.is_none() => {
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
        if let Ok(step) = self.leave_open() {
            self.count(entries, order);
            self.message.out.push('}');
            self.end_list(match step {
                Step::NewList(_, template) => Some(template),
                _ => None,
            });
        }
        if let Some(orders) = &mut self.orders {
            orders.leave();
        }
    }

    fn leave_stream(&mut self, inserts: u32, operations: Option<&Operations>) {
        let step = self.leave_open();
        self.key(keys::COUNT);
        write_number(inserts, self.message.out);
        self.message.out.push('}');
        if let Some(operations) = operations {
            self.key(keys::STREAM);
            operations::write(operations, self.message.out);
        }
        self.end_list(match step {
            Ok(Step::NewStream(_, template)) => Some(template),
            _ => None,
        });
        if let Some(orders) = &mut self.orders {
            orders.leave();
        }
    }
}

fn write_statics(template: &'static Template, out: &mut String) {
    let mut separator = '[';
    for html in template.statics() {
        out.push(separator);
        write_string(html, out);
        separator = ',';
    }
    out.push(']');
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
