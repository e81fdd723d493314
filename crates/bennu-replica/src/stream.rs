//! Streams as a client shows them (`protocol.md §4.7`): what messages insert
//! lives in the page alone, so this plays the page.

use std::collections::{BTreeMap, BTreeSet};

use bennu_core::wire::keys;
use serde_json::Value;

use super::merge::{Components, Dynamic, Statics, Templates, indexed, new_dynamics, settle, write};
use super::{Object, ReplicaError, as_index, problem};

#[derive(Clone, Debug)]
pub(super) struct Stream {
    statics: Statics,
    /// The children of the stream's element.
    items: Vec<Item>,
    /// What the message brought, until its whole tree is merged.
    pending: Option<Pending>,
}

#[derive(Clone, Debug)]
struct Item {
    id: String,
    /// The stream that inserted it.
    reference: String,
    dynamics: Vec<Dynamic>,
}

#[derive(Clone, Debug)]
struct Pending {
    entries: Vec<Vec<Dynamic>>,
    operations: Operations,
}

#[derive(Clone, Debug)]
struct Operations {
    reference: String,
    inserts: BTreeMap<String, Insert>,
    removed: Vec<String>,
    reset: bool,
}

#[derive(Clone, Copy, Debug)]
struct Insert {
    at: i64,
    limit: Option<i64>,
    update_only: bool,
}

impl Stream {
    /// A stream that comes whole, with these statics.
    pub(super) fn new(
        statics: Statics,
        object: Object,
        templates: &Templates,
    ) -> Result<Self, ReplicaError> {
        let mut stream = Self {
            statics,
            items: Vec::new(),
            pending: None,
        };
        stream.merge(object, templates)?;
        Ok(stream)
    }

    /// Takes the operations of a message.
    pub(super) fn merge(
        &mut self,
        mut object: Object,
        templates: &Templates,
    ) -> Result<(), ReplicaError> {
        let (Some(Value::Object(mut entries)), Some(Value::Array(operations))) =
            (object.remove(keys::ENTRIES), object.remove(keys::STREAM))
        else {
            return problem("a stream has no entries or no operations");
        };
        if !object.is_empty() {
            return problem("a stream has a key that has no meaning here");
        }
        let count = entries.remove(keys::COUNT).and_then(|kc| as_index(&kc));
        let dynamics = self.statics.len() - 1;
        let entries = (0..)
            .zip(indexed(entries)?)
            .map(|(expected, (position, entry))| match entry {
                Value::Object(entry) if position == expected => {
                    new_dynamics(entry, dynamics, templates)
                }
                _ => problem("an entry of a stream is not whole and at its place"),
            })
            .collect::<Result<Vec<_>, _>>()?;
        if count.map(|count| count as usize) != Some(entries.len()) {
            return problem("a stream does not count its entries");
        }
        self.pending = Some(Pending {
            entries,
            operations: Operations::new(operations)?,
        });
        Ok(())
    }

    /// Shows what the message brought, as the stock client's patch does.
    pub(super) fn settle(&mut self, components: &Components) -> Result<(), ReplicaError> {
        let Some(pending) = self.pending.take() else {
            return Ok(());
        };
        let Operations {
            reference,
            inserts,
            removed,
            reset,
        } = pending.operations;
        // What is removed and inserted again counts as there for updates.
        let mut returning = BTreeSet::new();
        self.items.retain(|item| {
            // Another stream may have come into the place of the one before.
            let is_its_own = item.reference == reference;
            let stays = is_its_own && !reset && !removed.contains(&item.id);
            if !stays && inserts.contains_key(&item.id) {
                returning.insert(item.id.clone());
            }
            stays
        });
        let known: BTreeSet<String> = self.items.iter().map(|item| item.id.clone()).collect();
        let mut seen = BTreeSet::new();
        for mut dynamics in pending.entries {
            let id = self.id(&dynamics, components)?;
            let Some(&insert) = inserts.get(&id) else {
                return problem("an entry of a stream is not among its inserts");
            };
            if !seen.insert(id.clone()) {
                return problem("a stream inserts an entry twice");
            }
            if let Some(item) = self.items.iter_mut().find(|item| item.id == id) {
                item.reference.clone_from(&reference);
                let before = std::mem::take(&mut item.dynamics);
                adopt(before, &mut dynamics);
                settle(&mut dynamics, components)?;
                item.dynamics = dynamics;
            } else if !known.contains(&id) && (!insert.update_only || returning.contains(&id)) {
                settle(&mut dynamics, components)?;
                let item = Item {
                    id,
                    reference: reference.clone(),
                    dynamics,
                };
                self.insert(item, insert)?;
            }
            // Otherwise the limit displaced it within this message: the client
            // changes an element that is no longer in the page.
        }
        Ok(())
    }

    fn insert(&mut self, item: Item, insert: Insert) -> Result<(), ReplicaError> {
        let end = self.items.len();
        match insert.at {
            -1 => self.items.push(item),
            at => match usize::try_from(at) {
                Ok(at) => self.items.insert(at.min(end), item),
                Err(_) => return problem("a position in a stream is negative"),
            },
        }
        if let Some(limit) = insert.limit {
            let most = usize::try_from(limit.unsigned_abs()).unwrap_or(usize::MAX);
            if limit >= 0 {
                self.items.truncate(most);
            } else {
                let surplus = self.items.len().saturating_sub(most);
                self.items.drain(..surplus);
            }
        }
        Ok(())
    }

    /// The id of an entry's element.
    fn id(&self, dynamics: &[Dynamic], components: &Components) -> Result<String, ReplicaError> {
        let mut html = String::new();
        write(&self.statics, dynamics, components, &mut html);
        let tag = html
            .split_once('<')
            .and_then(|(_, tag)| tag.split_once('>'));
        let id = tag
            .and_then(|(tag, _)| tag.split_once(" id=\""))
            .and_then(|(_, id)| id.split_once('"'));
        match id {
            Some((id, _)) => Ok(id
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&")),
            None => problem("an entry of a stream is no element with an id"),
        }
    }

    pub(super) fn empty(&mut self) {
        self.items.clear();
        self.pending = None;
    }

    /// All entries, also those that were not shown yet.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Vec<Dynamic>> {
        let pending = self.pending.iter().flat_map(|pending| &pending.entries);
        (self.items.iter().map(|item| &item.dynamics)).chain(pending)
    }

    pub(super) fn write(&self, components: &Components, out: &mut String) {
        for item in &self.items {
            write(&self.statics, &item.dynamics, components, out);
        }
    }
}

/// The entries of streams stay where the element around them is patched.
fn adopt(before: Vec<Dynamic>, dynamics: &mut [Dynamic]) {
    for (before, dynamic) in before.into_iter().zip(dynamics) {
        match (before, dynamic) {
            (Dynamic::Stream(before), Dynamic::Stream(stream)) => stream.items = before.items,
            (before @ Dynamic::Stream(_), dynamic @ Dynamic::Html(_)) => {
                if matches!(dynamic, Dynamic::Html(html) if html.is_empty()) {
                    *dynamic = before;
                }
            }
            (Dynamic::Node(before), Dynamic::Node(node)) if before.statics == node.statics => {
                adopt(before.dynamics, &mut node.dynamics);
            }
            _ => {}
        }
    }
}

impl Operations {
    fn new(operations: Vec<Value>) -> Result<Self, ReplicaError> {
        let mut parts = operations.into_iter();
        let (
            Some(Value::String(reference)),
            Some(Value::Array(inserts)),
            Some(Value::Array(removed)),
            reset @ (None | Some(Value::Bool(true))),
            None,
        ) = (
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
        )
        else {
            return problem("the operations of a stream are not as they should be");
        };
        Ok(Self {
            reference,
            inserts: inserts.into_iter().map(insert).collect::<Result<_, _>>()?,
            removed: (removed.into_iter())
                .map(|id| match id {
                    Value::String(id) => Ok(id),
                    _ => problem("a stream removes what is no id"),
                })
                .collect::<Result<_, _>>()?,
            reset: reset.is_some(),
        })
    }
}

fn insert(insert: Value) -> Result<(String, Insert), ReplicaError> {
    if let Value::Array(parts) = insert
        && let Ok([Value::String(id), at, limit, update_only]) = <[Value; 4]>::try_from(parts)
        && let Some(at) = at.as_i64()
        && (limit == Value::Null || limit.is_i64())
        && matches!(update_only, Value::Null | Value::Bool(true))
    {
        let insert = Insert {
            at,
            limit: limit.as_i64(),
            update_only: update_only != Value::Null,
        };
        return Ok((id, insert));
    }
    problem("an insert is not an id, a position, a limit and a flag")
}
