//! The tree of a replica, and the rules by which messages are merged into it.

use std::collections::BTreeMap;
use std::rc::Rc;

use bennu_core::wire::keys;
use serde_json::Value;

use super::stream::Stream;
use super::{Object, ReplicaError, as_index, order, problem, splice};

pub(super) type Statics = Rc<[String]>;

/// What a client knows of components, by their cids.
pub(super) type Components = BTreeMap<u32, Node>;

#[derive(Clone, Debug)]
pub(super) enum Dynamic {
    Html(String),
    Node(Node),
    List(List),
    Stream(Stream),
    Component(u32),
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) statics: Statics,
    pub(super) dynamics: Vec<Dynamic>,
}

#[derive(Clone, Debug)]
pub(super) struct List {
    statics: Statics,
    pub(super) entries: Vec<Vec<Dynamic>>,
}

/// The table that numbers in place of statics point into: the innermost one of
/// the message.
#[derive(Clone, Debug, Default)]
pub(super) struct Templates(Rc<BTreeMap<u32, Statics>>);

impl Templates {
    /// The table of this object if it has one, otherwise the one around it.
    pub(super) fn with(&self, object: &mut Object) -> Result<Self, ReplicaError> {
        match object.remove(keys::TEMPLATES) {
            None => Ok(self.clone()),
            Some(Value::Object(templates)) => {
                let templates = templates
                    .into_iter()
                    .map(|(key, statics)| Ok((index(&key)?, strings(statics)?)))
                    .collect::<Result<_, ReplicaError>>()?;
                Ok(Self(Rc::new(templates)))
            }
            Some(_) => problem("the templates are not an object"),
        }
    }

    fn statics(&self, statics: Value) -> Result<Statics, ReplicaError> {
        let Some(index) = as_index(&statics) else {
            return strings(statics);
        };
        match self.0.get(&index) {
            Some(statics) => Ok(Rc::clone(statics)),
            None => problem("the message has no template of this number"),
        }
    }
}

fn strings(statics: Value) -> Result<Statics, ReplicaError> {
    let Value::Array(statics) = statics else {
        return problem("statics are neither an array nor a template's number");
    };
    if statics.is_empty() {
        return problem("statics are empty");
    }
    (statics.into_iter())
        .map(|html| match html {
            Value::String(html) => Ok(html),
            _ => problem("a static is not a string"),
        })
        .collect()
}

pub(super) fn index(key: &str) -> Result<u32, ReplicaError> {
    match key.parse() {
        Ok(index) if key == "0" || !key.starts_with(['0', '+']) => Ok(index),
        _ => problem("a key has no meaning here"),
    }
}

impl Node {
    /// A node that comes whole.
    pub(super) fn new(mut object: Object, templates: &Templates) -> Result<Self, ReplicaError> {
        let templates = &templates.with(&mut object)?;
        let Some(statics) = object.remove(keys::STATICS) else {
            return problem("a node is new here and has no statics");
        };
        let statics = templates.statics(statics)?;
        if !matches!(
            object.remove(keys::ROOT).as_ref().map(as_index),
            None | Some(Some(1))
        ) {
            return problem("the root flag is not 1");
        }
        Ok(Self {
            dynamics: new_dynamics(object, statics.len() - 1, templates)?,
            statics,
        })
    }

    /// Merges what changed.
    pub(super) fn merge(
        &mut self,
        object: Object,
        templates: &Templates,
    ) -> Result<(), ReplicaError> {
        merge_dynamics(&mut self.dynamics, object, templates)
    }

    /// Shows what the message brought to streams.
    pub(super) fn settle(&mut self, components: &Components) -> Result<(), ReplicaError> {
        settle(&mut self.dynamics, components)
    }

    /// The copy of a component has none of what streams brought to it.
    pub(super) fn empty_streams(&mut self) {
        empty_streams(&mut self.dynamics);
    }

    pub(super) fn write(&self, components: &Components, out: &mut String) {
        write(&self.statics, &self.dynamics, components, out);
    }
}

fn empty_streams(dynamics: &mut [Dynamic]) {
    for dynamic in dynamics {
        match dynamic {
            Dynamic::Html(_) | Dynamic::Component(_) => {}
            Dynamic::Node(node) => node.empty_streams(),
            Dynamic::List(list) => {
                for entry in &mut list.entries {
                    empty_streams(entry);
                }
            }
            Dynamic::Stream(stream) => stream.empty(),
        }
    }
}

pub(super) fn settle(
    dynamics: &mut [Dynamic],
    components: &Components,
) -> Result<(), ReplicaError> {
    for dynamic in dynamics {
        match dynamic {
            Dynamic::Html(_) | Dynamic::Component(_) => {}
            Dynamic::Node(node) => node.settle(components)?,
            Dynamic::List(list) => {
                for entry in &mut list.entries {
                    settle(entry, components)?;
                }
            }
            Dynamic::Stream(stream) => stream.settle(components)?,
        }
    }
    Ok(())
}

pub(super) fn new_dynamics(
    object: Object,
    dynamics: usize,
    templates: &Templates,
) -> Result<Vec<Dynamic>, ReplicaError> {
    let mut members = indexed(object)?.into_iter();
    let mut filled = Vec::new();
    for expected in 0..dynamics {
        match members.next() {
            Some((index, value)) if index as usize == expected => {
                filled.push(new_dynamic(value, templates)?);
            }
            _ => return problem("a dynamic is missing"),
        }
    }
    match members.next() {
        None => Ok(filled),
        Some(_) => problem("the template has no such dynamic"),
    }
}

/// The members of an object by their number, as JavaScript walks them.
pub(super) fn indexed(object: Object) -> Result<BTreeMap<u32, Value>, ReplicaError> {
    (object.into_iter())
        .map(|(key, value)| Ok((index(&key)?, value)))
        .collect()
}

fn new_dynamic(value: Value, templates: &Templates) -> Result<Dynamic, ReplicaError> {
    match value {
        Value::String(html) => Ok(Dynamic::Html(html)),
        Value::Object(object) if object.contains_key(keys::ENTRIES) => new_list(object, templates),
        Value::Object(object) => Ok(Dynamic::Node(Node::new(object, templates)?)),
        value => match as_index(&value) {
            Some(cid) => Ok(Dynamic::Component(cid)),
            None => problem("a dynamic is neither HTML nor a node, a list or a component"),
        },
    }
}

/// A list or stream that comes whole.
fn new_list(mut object: Object, templates: &Templates) -> Result<Dynamic, ReplicaError> {
    let Some(statics) = object.remove(keys::STATICS) else {
        return problem("a list is new here and has no statics");
    };
    // Its own table is for its entries alone.
    let statics = templates.statics(statics)?;
    let templates = &templates.with(&mut object)?;
    if object.contains_key(keys::STREAM) {
        return Ok(Dynamic::Stream(Stream::new(statics, object, templates)?));
    }
    let mut list = List {
        statics,
        entries: Vec::new(),
    };
    list.merge(object, templates)?;
    Ok(Dynamic::List(list))
}

fn merge_dynamics(
    dynamics: &mut [Dynamic],
    object: Object,
    templates: &Templates,
) -> Result<(), ReplicaError> {
    for (index, value) in indexed(object)? {
        let Some(dynamic) = dynamics.get_mut(index as usize) else {
            return problem("the template has no such dynamic");
        };
        merge_dynamic(dynamic, value, templates)?;
    }
    Ok(())
}

fn merge_dynamic(
    dynamic: &mut Dynamic,
    value: Value,
    templates: &Templates,
) -> Result<(), ReplicaError> {
    match (dynamic, value) {
        (Dynamic::Node(node), Value::Object(mut object))
            if !object.contains_key(keys::STATICS) && !object.contains_key(keys::ENTRIES) =>
        {
            let templates = templates.with(&mut object)?;
            node.merge(object, &templates)
        }
        (Dynamic::List(list), Value::Object(mut object))
            if !object.contains_key(keys::STATICS) && object.contains_key(keys::ENTRIES) =>
        {
            let templates = templates.with(&mut object)?;
            list.merge(object, &templates)
        }
        (Dynamic::Stream(stream), Value::Object(mut object))
            if !object.contains_key(keys::STATICS) && object.contains_key(keys::ENTRIES) =>
        {
            let templates = templates.with(&mut object)?;
            stream.merge(object, &templates)
        }
        (Dynamic::Html(html), Value::Array(change)) => {
            *html = splice::apply(html, change)?;
            Ok(())
        }
        (dynamic, value) => {
            *dynamic = new_dynamic(value, templates)?;
            Ok(())
        }
    }
}

impl List {
    /// Merges the entries of a message (`§4.5`).
    fn merge(&mut self, mut object: Object, templates: &Templates) -> Result<(), ReplicaError> {
        let Some(Value::Object(mut keyed)) = object.remove(keys::ENTRIES) else {
            return problem("the entries are not an object");
        };
        if !object.is_empty() {
            return problem("a list has a key that has no meaning here");
        }
        if let Some(order) = keyed.remove(keys::ORDER) {
            order::expand(order, self.entries.len(), &mut keyed)?;
        }
        let Some(count) = (keyed.remove(keys::COUNT)).and_then(|count| as_index(&count)) else {
            return problem("a list has no count");
        };
        let mut moves = match keyed.remove(keys::MOVED) {
            None => Moves::default(),
            Some(Value::Bool(true)) => Moves::from(&self.entries),
            Some(_) => return problem("the flag for moves is not `true`"),
        };
        let dynamics = self.statics.len() - 1;
        for (position, change) in indexed(keyed)? {
            let entry = match change {
                Value::Object(change) => match self.entries.get_mut(position as usize) {
                    Some(entry) => {
                        merge_dynamics(entry, change, templates)?;
                        continue;
                    }
                    None => new_dynamics(change, dynamics, templates)?,
                },
                Value::Array(change) => {
                    let Ok([from, Value::Object(change)]) = <[Value; 2]>::try_from(change) else {
                        return problem("a moved entry is not its old position and its changes");
                    };
                    let mut entry = moves.take(&from)?;
                    merge_dynamics(&mut entry, change, templates)?;
                    entry
                }
                from => moves.take(&from)?,
            };
            let position = position as usize;
            if let Some(place) = self.entries.get_mut(position) {
                *place = entry;
            } else if position == self.entries.len() {
                self.entries.push(entry);
            } else {
                // Entries come in the order of their positions: nothing fills it.
                return problem("a list has a gap");
            }
        }
        if (count as usize) > self.entries.len() {
            return problem("a list has fewer entries than it counts");
        }
        self.entries.truncate(count as usize);
        Ok(())
    }
}

/// The entries before the message, which moves refer to: none if it says that
/// nothing moves.
#[derive(Default)]
struct Moves(Option<Vec<Option<Vec<Dynamic>>>>);

impl Moves {
    fn from(entries: &[Vec<Dynamic>]) -> Self {
        Self(Some(entries.iter().cloned().map(Some).collect()))
    }

    fn take(&mut self, from: &Value) -> Result<Vec<Dynamic>, ReplicaError> {
        let Some(from) = as_index(from) else {
            return problem("an entry is neither an object nor an old position");
        };
        let Some(entries) = &mut self.0 else {
            return problem("an entry moves, and the flag for moves is missing");
        };
        let Some(entry) = entries.get_mut(from as usize) else {
            return problem("an entry moves that does not exist");
        };
        match entry.take() {
            Some(entry) => Ok(entry),
            None => problem("an entry moves to two positions"),
        }
    }
}

pub(super) fn write(
    statics: &[String],
    dynamics: &[Dynamic],
    components: &Components,
    out: &mut String,
) {
    for (index, html) in statics.iter().enumerate() {
        out.push_str(html);
        match dynamics.get(index) {
            None => {}
            Some(Dynamic::Html(html)) => out.push_str(html),
            Some(Dynamic::Node(node)) => node.write(components, out),
            Some(Dynamic::List(list)) => {
                for entry in &list.entries {
                    write(&list.statics, entry, components, out);
                }
            }
            Some(Dynamic::Stream(stream)) => stream.write(components, out),
            Some(Dynamic::Component(cid)) => {
                if let Some(component) = components.get(cid) {
                    component.write(components, out);
                }
            }
        }
    }
}
