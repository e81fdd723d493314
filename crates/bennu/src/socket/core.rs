//! The part of a socket that is the same for all views and components.

use std::any::Any;
use std::borrow::Cow;
use std::future::Future;
use std::sync::Arc;

use bennu_pubsub::{PubSub, SubscriberId, Subscription};
use tokio::task::AbortHandle;

use super::Task;
use crate::connect::Connect;
use crate::effect::Effects;
use crate::flash::Flash;
use crate::hook::Hooks;
use crate::session::mailbox::{Info, Mailbox, Posted, Recipient};
use crate::socket::Socket;

/// What callbacks read of the page and ask for.
pub(crate) struct Core {
    pub(crate) link: Option<Link>,
    pub(crate) pubsub: PubSub,
    pub(crate) effects: Effects,
    pub(crate) flash: Flash,
    /// Path and query of the page.
    pub(crate) uri: Box<str>,
    /// How many views it is nested in: none for the view of a page.
    pub(crate) depth: u8,
    pub(crate) hooks: Hooks,
    /// The component that this core is lent to, 0 for its view.
    pub(crate) cid: u32,
    /// What the join brought that is not answered yet.
    pub(crate) connect: Option<Box<Connect>>,
    /// What ends with the view or component; `None` as long as there is nothing.
    pub(crate) own: Option<Box<Own>>,
}

impl Core {
    pub(crate) fn new(link: Option<Link>, pubsub: PubSub, uri: Box<str>, flash: Flash) -> Self {
        Self {
            link,
            pubsub,
            effects: Effects::default(),
            flash,
            uri,
            depth: 0,
            hooks: Hooks::default(),
            cid: 0,
            connect: None,
            own: None,
        }
    }

    /// The path of the page, for logs: what follows it may be a secret.
    pub(crate) fn path(&self) -> &str {
        self.uri.split(['?', '#']).next().unwrap_or_default()
    }

    /// The core for a callback of a component, with what is its own.
    pub(crate) fn lend(&mut self, cid: u32, own: Option<Box<Own>>) -> Self {
        Self {
            link: self.link.as_ref().map(|link| Link {
                mailbox: Arc::clone(&link.mailbox),
                to: Recipient::Component(cid),
            }),
            pubsub: self.pubsub.clone(),
            effects: std::mem::take(&mut self.effects),
            flash: std::mem::take(&mut self.flash),
            uri: std::mem::take(&mut self.uri),
            depth: self.depth,
            // Hooks are asked before a component is.
            hooks: Hooks::default(),
            cid,
            connect: self.connect.take(),
            own,
        }
    }

    /// Ends a callback of a component. Returns what is its own.
    pub(crate) fn take_back<C>(&mut self, lent: Socket<C>) -> Option<Box<Own>> {
        let lent = lent.into_core();
        self.effects = lent.effects;
        self.flash = lent.flash;
        self.uri = lent.uri;
        self.connect = lent.connect;
        lent.own
    }

    pub(crate) fn own(&mut self) -> &mut Own {
        self.own.get_or_insert_default()
    }
}

/// What a connected view or component has beyond a dead render: the way to its
/// own `handle_info`.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) to: Recipient,
}

impl Link {
    /// Posts a message: an `Info` of the receiver, or what one of its tasks posts.
    pub(crate) fn post(&self, info: impl Any + Send) -> Posted {
        self.post_to(self.to.clone(), info)
    }

    /// Posts a message to the `handle_info` of somebody else in the view.
    pub(crate) fn post_to(&self, to: Recipient, info: impl Any + Send) -> Posted {
        let content = Box::new(info);
        self.mailbox.post_info(Info { to, content })
    }
}

/// Subscriptions and tasks: they end with the view or component that has them.
pub(crate) struct Own {
    pub(crate) subscriber: SubscriberId,
    pub(crate) subscriptions: Vec<Subscription>,
    tasks: Vec<AbortHandle>,
    /// What runs under a name.
    pub(super) started: Vec<(Cow<'static, str>, Task)>,
}

impl Default for Own {
    fn default() -> Self {
        Self {
            subscriber: SubscriberId::unique(),
            subscriptions: Vec::new(),
            tasks: Vec::new(),
            started: Vec::new(),
        }
    }
}

impl Own {
    /// Runs `work` as long as the owner lives.
    pub(crate) fn run(&mut self, work: impl Future<Output = ()> + Send + 'static) -> AbortHandle {
        // Looking at all of them pays off only where the list would grow.
        if self.tasks.len() == self.tasks.capacity() {
            self.tasks.retain(|task| !task.is_finished());
        }
        let task = tokio::spawn(work).abort_handle();
        self.tasks.push(task.clone());
        task
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}
