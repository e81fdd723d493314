//! What a client holds: the executable meaning of the wire format of trees
//! (`protocol.md §4.1`), as a model for tests.
//!
//! It takes messages as they come over the wire, merges them as the stock
//! client does, and prints HTML. Tests compare it with what was rendered. It is
//! stricter than the stock client in one way: where that would throw, or print
//! `undefined`, or count on luck, this answers an error.

mod components;
mod merge;
mod order;
mod splice;
mod stream;

use std::collections::BTreeSet;
use std::fmt;

use bennu_core::wire::keys;
use serde::Deserialize;
use serde_json::{Map, Value};

use merge::{Components, Node, Templates};

type Object = Map<String, Value>;

/// A client's copy of a view.
#[derive(Clone, Debug)]
pub struct Replica {
    root: Node,
    components: Components,
    title: Option<String>,
    events: Vec<ReplicaEvent>,
    reply: Option<Value>,
}

/// An event that a message brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaEvent {
    /// Its name, without `phx:`.
    pub name: String,
    /// Its payload.
    pub payload: Value,
    /// Whether it is dispatched before the page is patched.
    pub before_patch: bool,
}

/// Why a client could not make sense of a message.
#[derive(Debug)]
pub struct ReplicaError(Kind);

#[derive(Debug)]
enum Kind {
    Json(serde_json::Error),
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

impl From<serde_json::Error> for ReplicaError {
    fn from(error: serde_json::Error) -> Self {
        Self(Kind::Json(error))
    }
}

fn problem<T>(problem: &'static str) -> Result<T, ReplicaError> {
    Err(ReplicaError(Kind::Message(problem)))
}

impl Replica {
    /// The client after a join with this tree.
    ///
    /// # Errors
    ///
    /// If the message is not a whole tree.
    pub fn join(json: &str) -> Result<Self, ReplicaError> {
        let mut message = object(parse(json)?)?;
        let extras = Extras::extract(&mut message)?;
        let (root, components) = whole(message)?;
        Ok(Self {
            root,
            components,
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
        let mut message = object(parse(json)?)?;
        let extras = Extras::extract(&mut message)?;
        (self.root, self.components) = if message.contains_key(keys::STATICS) {
            // A client forgets its components with its root.
            whole(message)?
        } else {
            let (mut root, mut components) = (self.root.clone(), self.components.clone());
            let news = match message.remove(keys::COMPONENTS) {
                Some(news) => object(news)?,
                None => Object::new(),
            };
            let shown = components::placed(&root, &components)?;
            components::check_touched(&shown, &message, &news)?;
            let sent: BTreeSet<String> = news.keys().cloned().collect();
            let templates = Templates::default().with(&mut message)?;
            root.merge(message, &templates)?;
            components::merge(&mut components, news)?;
            settle(&mut root, &mut components)?;
            let back = |cid: &u32| !shown.contains(cid) && !sent.contains(&cid.to_string());
            if components::placed(&root, &components)?.iter().any(back) {
                return problem("a component comes back and is not sent");
            }
            (root, components)
        };
        if extras.title.is_some() {
            self.title = extras.title;
        }
        self.events = extras.events;
        self.reply = extras.reply;
        Ok(())
    }

    /// Forgets components, as a client does once the server destroyed them.
    pub fn prune(&mut self, cids: impl IntoIterator<Item = u32>) {
        for cid in cids {
            self.components.remove(&cid);
        }
    }

    /// The cids of the components that the page shows, in ascending order.
    #[must_use]
    pub fn placed(&self) -> Vec<u32> {
        components::placed(&self.root, &self.components)
            .map(|cids| cids.into_iter().collect())
            .unwrap_or_default()
    }

    /// The cids of all components that the client knows, in ascending order.
    #[must_use]
    pub fn known(&self) -> Vec<u32> {
        self.components.keys().copied().collect()
    }

    /// The page as the client shows it, with the entries of streams and with
    /// components.
    #[must_use]
    pub fn html(&self) -> String {
        let mut out = String::new();
        self.root.write(&self.components, &mut out);
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
    pub fn reply(&self) -> Option<&Value> {
        self.reply.as_ref()
    }
}

/// The tree of a message that brings it whole.
fn whole(mut message: Object) -> Result<(Node, Components), ReplicaError> {
    let news = message.remove(keys::COMPONENTS);
    let templates = Templates::default().with(&mut message)?;
    let mut root = Node::new(message, &templates)?;
    let mut components = Components::new();
    if let Some(news) = news {
        components::merge(&mut components, object(news)?)?;
    }
    settle(&mut root, &mut components)?;
    Ok((root, components))
}

/// Shows what the message brought, once it is merged.
fn settle(root: &mut Node, components: &mut Components) -> Result<(), ReplicaError> {
    components::placed(root, components)?;
    root.settle(components)?;
    let cids: Vec<u32> = components.keys().copied().collect();
    for cid in cids {
        let Some(mut component) = components.remove(&cid) else {
            continue;
        };
        let settled = component.settle(components);
        components.insert(cid, component);
        settled?;
    }
    Ok(())
}

/// Arrays and objects inside each other, at most: all that walks a message recurses.
const MAX_DEPTH: u32 = 512;

fn parse(json: &str) -> Result<Value, ReplicaError> {
    if is_too_deep(json) {
        return problem("the message is too deep");
    }
    let mut reader = serde_json::Deserializer::from_str(json);
    reader.disable_recursion_limit();
    let value = Value::deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

fn is_too_deep(json: &str) -> bool {
    let (mut depth, mut in_string, mut is_escaped) = (0_u32, false, false);
    json.bytes().any(|byte| {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = in_string,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > MAX_DEPTH
    })
}

/// The number as an index, if it is one.
fn as_index(value: &Value) -> Option<u32> {
    value.as_u64()?.try_into().ok()
}

fn object(json: Value) -> Result<Object, ReplicaError> {
    match json {
        Value::Object(object) => Ok(object),
        _ => problem("not an object"),
    }
}

/// What a message says beside the tree (`§4.2`).
struct Extras {
    title: Option<String>,
    events: Vec<ReplicaEvent>,
    reply: Option<Value>,
}

impl Extras {
    fn extract(message: &mut Object) -> Result<Self, ReplicaError> {
        let title = match message.remove(keys::TITLE) {
            None => None,
            Some(Value::String(title)) => Some(title),
            Some(_) => return problem("the title is not a string"),
        };
        let events = match message.remove(keys::EVENTS) {
            None => Vec::new(),
            Some(Value::Array(events)) => {
                events.into_iter().map(event).collect::<Result<_, _>>()?
            }
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

fn event(event: Value) -> Result<ReplicaEvent, ReplicaError> {
    let Value::Array(parts) = event else {
        return problem("an event is not an array");
    };
    let mut parts = parts.into_iter();
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Value::String(name)), Some(payload), flag, None)
            if matches!(flag, None | Some(Value::Bool(true))) =>
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
