//! What a client holds: the executable meaning of the protocol (`§4.1`).
//!
//! It takes messages as they come over the wire, merges them as the stock
//! client does, and prints HTML. Tests compare it with what was rendered. It is
//! stricter than the stock client in one way: where that would throw, or print
//! `undefined`, or count on luck, this answers an error.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::rc::Rc;

use crate::json::{Json, JsonError};
use crate::wire::keys;

type Object = BTreeMap<String, Json>;
type Statics = Rc<[String]>;

/// A client's copy of a view.
#[derive(Clone, Debug)]
pub struct Replica {
    root: Node,
    title: Option<String>,
    events: Vec<ReplicaEvent>,
    reply: Option<Json>,
}

/// An event that a message brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaEvent {
    /// Its name, without `phx:`.
    pub name: String,
    /// Its payload.
    pub payload: Json,
    /// Whether it is dispatched before the page is patched.
    pub before_patch: bool,
}

/// Why a client could not make sense of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaError(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Json(JsonError),
    Message(&'static str),
}

impl fmt::Display for ReplicaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Json(error) => write!(formatter, "the message is no JSON: {error}"),
            Kind::Message(problem) => formatter.write_str(problem),
        }
    }
}

impl std::error::Error for ReplicaError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Kind::Json(error) => Some(error),
            Kind::Message(_) => None,
        }
    }
}

impl From<JsonError> for ReplicaError {
    fn from(error: JsonError) -> Self {
        Self(Kind::Json(error))
    }
}

fn problem<T>(problem: &'static str) -> Result<T, ReplicaError> {
    Err(ReplicaError(Kind::Message(problem)))
}

#[derive(Clone, Debug)]
enum Dynamic {
    Html(String),
    Node(Node),
    List(List),
}

#[derive(Clone, Debug)]
struct Node {
    statics: Statics,
    dynamics: Vec<Dynamic>,
}

#[derive(Clone, Debug)]
struct List {
    statics: Statics,
    entries: Vec<Vec<Dynamic>>,
}

impl Replica {
    /// The client after a join with this tree.
    ///
    /// # Errors
    ///
    /// If the message is not a whole tree.
    pub fn join(json: &str) -> Result<Self, ReplicaError> {
        let mut message = object(Json::parse(json)?)?;
        let extras = Extras::extract(&mut message)?;
        let templates = Templates::default().with(&mut message)?;
        Ok(Self {
            root: new_node(message, &templates)?,
            title: extras.title,
            events: extras.events,
            reply: extras.reply,
        })
    }

    /// Merges a diff.
    ///
    /// # Errors
    ///
    /// If the diff does not fit to what the client holds. The replica stays as
    /// it was.
    pub fn apply(&mut self, json: &str) -> Result<(), ReplicaError> {
        let mut message = object(Json::parse(json)?)?;
        let extras = Extras::extract(&mut message)?;
        let templates = Templates::default().with(&mut message)?;
        if message.contains_key(keys::STATICS) {
            self.root = new_node(message, &templates)?;
        } else {
            let mut root = self.root.clone();
            merge_dynamics(&mut root.dynamics, message, &templates)?;
            self.root = root;
        }
        if extras.title.is_some() {
            self.title = extras.title;
        }
        self.events = extras.events;
        self.reply = extras.reply;
        Ok(())
    }

    /// The page as the client shows it.
    #[must_use]
    pub fn html(&self) -> String {
        let mut out = String::new();
        write(&self.root.statics, &self.root.dynamics, &mut out);
        out
    }

    /// The last title that a message brought.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// The events of the last message.
    #[must_use]
    pub fn events(&self) -> &[ReplicaEvent] {
        &self.events
    }

    /// The reply in the last message.
    #[must_use]
    pub fn reply(&self) -> Option<&Json> {
        self.reply.as_ref()
    }
}

/// What a message says beside the tree (`§4.2`).
struct Extras {
    title: Option<String>,
    events: Vec<ReplicaEvent>,
    reply: Option<Json>,
}

impl Extras {
    fn extract(message: &mut Object) -> Result<Self, ReplicaError> {
        let title = match message.remove(keys::TITLE) {
            None => None,
            Some(Json::String(title)) => Some(title),
            Some(_) => return problem("the title is not a string"),
        };
        let events = match message.remove(keys::EVENTS) {
            None => Vec::new(),
            Some(Json::Array(events)) => events.into_iter().map(event).collect::<Result<_, _>>()?,
            Some(_) => return problem("the events are not an array"),
        };
        let reply = message.remove(keys::REPLY);
        Ok(Self {
            title,
            events,
            reply,
        })
    }
}

fn event(event: Json) -> Result<ReplicaEvent, ReplicaError> {
    let Json::Array(parts) = event else {
        return problem("an event is not an array");
    };
    let mut parts = parts.into_iter();
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Json::String(name)), Some(payload), flag, None)
            if matches!(flag, None | Some(Json::Bool(true))) =>
        {
            Ok(ReplicaEvent {
                name,
                payload,
                before_patch: flag.is_some(),
            })
        }
        _ => problem("an event is not a name, a payload and maybe `true`"),
    }
}

/// The table that numbers in place of statics point into: the innermost one of
/// the message.
#[derive(Clone, Debug, Default)]
struct Templates(Rc<BTreeMap<u32, Statics>>);

impl Templates {
    /// The table of this object if it has one, otherwise the one around it.
    fn with(&self, object: &mut Object) -> Result<Self, ReplicaError> {
        match object.remove(keys::TEMPLATES) {
            None => Ok(self.clone()),
            Some(Json::Object(templates)) => {
                let templates = templates
                    .into_iter()
                    .map(|(key, statics)| Ok((index(&key)?, strings(statics)?)))
                    .collect::<Result<_, ReplicaError>>()?;
                Ok(Self(Rc::new(templates)))
            }
            Some(_) => problem("the templates are not an object"),
        }
    }

    fn statics(&self, statics: Json) -> Result<Statics, ReplicaError> {
        let Some(index) = statics.as_index() else {
            return strings(statics);
        };
        match self.0.get(&index) {
            Some(statics) => Ok(Rc::clone(statics)),
            None => problem("the message has no template of this number"),
        }
    }
}

fn strings(statics: Json) -> Result<Statics, ReplicaError> {
    let Json::Array(statics) = statics else {
        return problem("statics are neither an array nor a template's number");
    };
    if statics.is_empty() {
        return problem("statics are empty");
    }
    (statics.into_iter())
        .map(|html| match html {
            Json::String(html) => Ok(html),
            _ => problem("a static is not a string"),
        })
        .collect()
}

fn object(json: Json) -> Result<Object, ReplicaError> {
    match json {
        Json::Object(object) => Ok(object),
        _ => problem("not an object"),
    }
}

fn index(key: &str) -> Result<u32, ReplicaError> {
    match key.parse() {
        Ok(index) if key == "0" || !key.starts_with(['0', '+']) => Ok(index),
        _ => problem("a key has no meaning here"),
    }
}

fn new_node(mut object: Object, templates: &Templates) -> Result<Node, ReplicaError> {
    let templates = &templates.with(&mut object)?;
    let Some(statics) = object.remove(keys::STATICS) else {
        return problem("a node is new here and has no statics");
    };
    let statics = templates.statics(statics)?;
    if !matches!(
        object.remove(keys::ROOT).as_ref().map(Json::as_index),
        None | Some(Some(1))
    ) {
        return problem("the root flag is not 1");
    }
    Ok(Node {
        dynamics: new_dynamics(object, statics.len() - 1, templates)?,
        statics,
    })
}

fn new_dynamics(
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
fn indexed(object: Object) -> Result<BTreeMap<u32, Json>, ReplicaError> {
    (object.into_iter())
        .map(|(key, value)| Ok((index(&key)?, value)))
        .collect()
}

fn new_dynamic(value: Json, templates: &Templates) -> Result<Dynamic, ReplicaError> {
    match value {
        Json::String(html) => Ok(Dynamic::Html(html)),
        Json::Object(object) if object.contains_key(keys::KEYED) => {
            Ok(Dynamic::List(new_list(object, templates)?))
        }
        Json::Object(object) => Ok(Dynamic::Node(new_node(object, templates)?)),
        _ => problem("a dynamic is neither HTML nor a node nor a list"),
    }
}

fn new_list(mut object: Object, templates: &Templates) -> Result<List, ReplicaError> {
    let templates = &templates.with(&mut object)?;
    let Some(statics) = object.remove(keys::STATICS) else {
        return problem("a list is new here and has no statics");
    };
    let mut list = List {
        statics: templates.statics(statics)?,
        entries: Vec::new(),
    };
    merge_list(&mut list, object, templates)?;
    Ok(list)
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
    value: Json,
    templates: &Templates,
) -> Result<(), ReplicaError> {
    match (dynamic, value) {
        (Dynamic::Node(node), Json::Object(mut object))
            if !object.contains_key(keys::STATICS) && !object.contains_key(keys::KEYED) =>
        {
            let templates = templates.with(&mut object)?;
            merge_dynamics(&mut node.dynamics, object, &templates)
        }
        (Dynamic::List(list), Json::Object(mut object))
            if !object.contains_key(keys::STATICS) && object.contains_key(keys::KEYED) =>
        {
            let templates = templates.with(&mut object)?;
            merge_list(list, object, &templates)
        }
        (dynamic, value) => {
            *dynamic = new_dynamic(value, templates)?;
            Ok(())
        }
    }
}

/// Merges the entries of a message into a list (`§4.5`).
fn merge_list(
    list: &mut List,
    mut object: Object,
    templates: &Templates,
) -> Result<(), ReplicaError> {
    let Some(Json::Object(mut keyed)) = object.remove(keys::KEYED) else {
        return problem("the entries are not an object");
    };
    if !object.is_empty() {
        return problem("a list has a key that has no meaning here");
    }
    let Some(count) = (keyed.remove(keys::KEYED_COUNT)).and_then(|count| count.as_index()) else {
        return problem("a list has no count");
    };
    let moved = match keyed.remove(keys::KEYED_MOVED) {
        None => false,
        Some(Json::Bool(true)) => true,
        Some(_) => return problem("the flag for moves is not `true`"),
    };
    // Old positions are those before the message.
    let before = if moved {
        list.entries.clone()
    } else {
        Vec::new()
    };
    let mut taken = BTreeSet::new();
    let mut take = |from: u32| {
        if !moved {
            problem("an entry moves, and the flag for moves is missing")
        } else if !taken.insert(from) {
            problem("an entry moves to two positions")
        } else {
            match before.get(from as usize) {
                Some(entry) => Ok(entry.clone()),
                None => problem("an entry moves that does not exist"),
            }
        }
    };
    let dynamics = list.statics.len() - 1;
    for (position, change) in indexed(keyed)? {
        let entry = match change {
            Json::Object(change) => match list.entries.get_mut(position as usize) {
                Some(entry) => {
                    merge_dynamics(entry, change, templates)?;
                    continue;
                }
                None => new_dynamics(change, dynamics, templates)?,
            },
            Json::Array(change) => {
                let Ok([from, Json::Object(change)]) = <[Json; 2]>::try_from(change) else {
                    return problem("a moved entry is not its old position and its changes");
                };
                let mut entry = take(old_position(&from)?)?;
                merge_dynamics(&mut entry, change, templates)?;
                entry
            }
            from => take(old_position(&from)?)?,
        };
        let position = position as usize;
        if let Some(place) = list.entries.get_mut(position) {
            *place = entry;
        } else if position == list.entries.len() {
            list.entries.push(entry);
        } else {
            // Entries come in the order of their positions: nothing fills it.
            return problem("a list has a gap");
        }
    }
    if (count as usize) > list.entries.len() {
        return problem("a list has fewer entries than it counts");
    }
    list.entries.truncate(count as usize);
    Ok(())
}

fn old_position(from: &Json) -> Result<u32, ReplicaError> {
    match from.as_index() {
        Some(from) => Ok(from),
        None => problem("an entry is neither an object nor an old position"),
    }
}

fn write(statics: &[String], dynamics: &[Dynamic], out: &mut String) {
    for (index, html) in statics.iter().enumerate() {
        out.push_str(html);
        match dynamics.get(index) {
            None => {}
            Some(Dynamic::Html(html)) => out.push_str(html),
            Some(Dynamic::Node(node)) => write(&node.statics, &node.dynamics, out),
            Some(Dynamic::List(list)) => {
                for entry in &list.entries {
                    write(&list.statics, entry, out);
                }
            }
        }
    }
}
