//! The components of a replica, and how a message brings them (`protocol.md
//! §4.6`).

use std::collections::{BTreeMap, BTreeSet};

use bennu_core::wire::keys;
use serde_json::Value;

use super::merge::{Components, Dynamic, Node, Templates, index};
use super::{Object, ReplicaError, as_index, object, problem};

/// Merges the components of a message into those that were known before it.
pub(super) fn merge(known: &mut Components, news: Object) -> Result<(), ReplicaError> {
    let news = (news.into_iter())
        .map(|(cid, component)| Ok((index(&cid)?, object(component)?)))
        .collect::<Result<_, ReplicaError>>()?;
    let mut merger = Merger {
        known,
        news,
        merged: BTreeMap::new(),
    };
    let cids: Vec<u32> = merger.news.keys().copied().collect();
    for cid in cids {
        merger.component(cid)?;
    }
    let merged = merger.merged;
    known.extend(merged);
    Ok(())
}

/// An error if a message changes the view's own tree, and with it components
/// that are shown, but names no place of theirs: the stock client prints only
/// what a message touches, and would not show that.
pub(super) fn check_touched(
    shown: &BTreeSet<u32>,
    view: &Object,
    components: &Object,
) -> Result<(), ReplicaError> {
    let mut touched = BTreeSet::new();
    cids(view, &mut touched);
    for component in components.values() {
        if let Value::Object(component) = component {
            cids(component, &mut touched);
        }
    }
    let lost = |cid: &String| {
        (cid.parse()).is_ok_and(|cid| shown.contains(&cid) && !touched.contains(&cid))
    };
    if !view.is_empty() && components.keys().any(lost) {
        return problem("a component changes together with the view, where a client does not look");
    }
    Ok(())
}

/// The numbers that stand in place of dynamics.
fn cids(node: &Object, found: &mut BTreeSet<u32>) {
    for (key, value) in node {
        match value {
            Value::Object(entries) if key == keys::ENTRIES => {
                for entry in entries.values() {
                    match entry {
                        Value::Object(entry) => cids(entry, found),
                        Value::Array(moved) => {
                            if let Some(Value::Object(entry)) = moved.get(1) {
                                cids(entry, found);
                            }
                        }
                        _ => {}
                    }
                }
            }
            Value::Object(node) if index(key).is_ok() => cids(node, found),
            value if index(key).is_ok() => found.extend(as_index(value)),
            _ => {}
        }
    }
}

struct Merger<'c> {
    known: &'c Components,
    /// What the message brings and was not looked at yet.
    news: BTreeMap<u32, Object>,
    merged: Components,
}

impl Merger<'_> {
    fn component(&mut self, cid: u32) -> Result<(), ReplicaError> {
        if self.merged.contains_key(&cid) {
            return Ok(());
        }
        if cid == 0 {
            return problem("a component has the number 0");
        }
        let Some(mut object) = self.news.remove(&cid) else {
            return problem("a component shares with one that this message does not bring");
        };
        let node = match object.get(keys::STATICS) {
            Some(Value::Number(base)) => {
                let Some(base) = base.as_i64() else {
                    return problem("a component shares with no component");
                };
                object.remove(keys::STATICS);
                let mut node = self.base(base)?.clone();
                node.empty_streams();
                node.merge(object, &Templates::default())?;
                node
            }
            Some(_) => {
                if !object.contains_key(keys::ROOT) {
                    return problem("a component is not exactly one element");
                }
                Node::new(object, &Templates::default())?
            }
            None => match self.known.get(&cid) {
                Some(node) => {
                    let mut node = node.clone();
                    node.merge(object, &Templates::default())?;
                    node
                }
                None => return problem("a component is new here and has no statics"),
            },
        };
        self.merged.insert(cid, node);
        Ok(())
    }

    /// A component of this message, or of those before it if it is negative.
    fn base(&mut self, cid: i64) -> Result<&Node, ReplicaError> {
        let base = match u32::try_from(cid.unsigned_abs()) {
            Ok(base) if cid > 0 => {
                self.component(base)?;
                self.merged.get(&base)
            }
            Ok(base) => self.known.get(&base),
            Err(_) => None,
        };
        match base {
            Some(node) => Ok(node),
            None => problem("a component shares with one that is not known"),
        }
    }
}

/// The cids that are placed in a view, in components too.
///
/// It is an error if one is not known, or stands in itself: a client could not
/// show that.
pub(super) fn placed(root: &Node, components: &Components) -> Result<BTreeSet<u32>, ReplicaError> {
    let mut walk = Walk {
        components,
        around: Vec::new(),
        placed: BTreeSet::new(),
    };
    walk.dynamics(&root.dynamics)?;
    Ok(walk.placed)
}

struct Walk<'c> {
    components: &'c Components,
    around: Vec<u32>,
    placed: BTreeSet<u32>,
}

impl Walk<'_> {
    fn dynamics(&mut self, dynamics: &[Dynamic]) -> Result<(), ReplicaError> {
        for dynamic in dynamics {
            match dynamic {
                Dynamic::Html(_) => {}
                Dynamic::Node(node) => self.dynamics(&node.dynamics)?,
                Dynamic::List(list) => {
                    for entry in &list.entries {
                        self.dynamics(entry)?;
                    }
                }
                Dynamic::Stream(stream) => {
                    for entry in stream.entries() {
                        self.dynamics(entry)?;
                    }
                }
                &Dynamic::Component(cid) => self.component(cid)?,
            }
        }
        Ok(())
    }

    fn component(&mut self, cid: u32) -> Result<(), ReplicaError> {
        let Some(node) = self.components.get(&cid) else {
            return problem("a component is missing");
        };
        if self.around.contains(&cid) {
            return problem("a component stands in itself");
        }
        if self.placed.insert(cid) {
            self.around.push(cid);
            self.dynamics(&node.dynamics)?;
            self.around.pop();
        }
        Ok(())
    }
}
