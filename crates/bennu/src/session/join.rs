//! From a client's `phx_join` to a mounted view (`protocol.md §3`).

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bennu_core::wire::Extensions;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::channel::frame::write_string;
use crate::connect;
use crate::flash::Flash;
use crate::session::components::Pass;
use crate::session::departure::Patch;
use crate::session::mailbox::{Mailbox, Recipient};
use crate::session::navigation::{Outcome, Purpose, Visit, page_uri};
use crate::session::refusal::{Refusal, gave_up, turned_away};
use crate::session::sender::Sender;
use crate::session::task::{Peer, Trust};
use crate::session::token::Use;
use crate::session::turn::{Session, Settled};
use crate::socket::Link;

/// The version of the stock client that Bennu is checked against. The client
/// warns when its own is another.
pub(crate) const CLIENT_VERSION: &str = "1.2.12";

/// What a page's session token says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SessionToken {
    /// The id of the view's element, which names its topic.
    pub(crate) id: String,
    /// The live session of the page; empty for a child.
    pub(crate) session: String,
    /// What is embedded, if it isn't the page's own view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) child: Option<Embedded>,
}

/// What a child's session token says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Embedded {
    /// Path and query of the child.
    pub(crate) url: String,
    /// How many views it is nested in.
    pub(crate) depth: u8,
    /// The life of the view that placed it; none for a sticky view.
    pub(crate) parent: Option<u64>,
}

/// What a page's static token says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StaticToken {
    pub(crate) id: String,
    /// The notices that the dead render shows.
    #[serde(default, skip_serializing_if = "Flash::is_trivial")]
    pub(crate) flash: Flash,
}

/// What a client sends to join (§3.1). All but the session may be missing.
#[derive(Debug, Deserialize)]
struct Payload<'m> {
    url: Option<String>,
    redirect: Option<String>,
    #[serde(borrow, default)]
    params: Option<&'m RawValue>,
    session: Option<String>,
    #[serde(rename = "static")]
    statics: Option<String>,
    flash: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Params {
    #[serde(default, rename = "_mounts")]
    mounts: u64,
    /// The extensions that our own client offers.
    #[serde(default, rename = "_bennu")]
    extensions: Vec<String>,
}

/// A view that was mounted for a join.
pub(crate) struct Joined {
    pub(crate) session: Session,
    patched: Option<Patch>,
    pass: Pass,
    by_navigation: bool,
    /// The longest message, for a client that wants to know.
    limit: Option<usize>,
}

impl fmt::Debug for Joined {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Joined").finish_non_exhaustive()
    }
}

/// More views in a row that lead on to another while they are joined are a
/// circle. Browsers give up on redirects after as many.
const MOST_HOPS: u8 = 20;

/// Verifies the page's tokens and mounts the view that its URL leads to.
pub(crate) async fn join(
    sender: &Arc<Sender>,
    payload: &str,
    mailbox: &Arc<Mailbox>,
    peer: &Arc<Peer>,
) -> Result<Joined, Refusal> {
    let none = |error: serde_json::Error| {
        tracing::debug!(topic = sender.topic(), %error, "the peer sent a join that is none");
        Refusal::Stale
    };
    let payload: Payload<'_> = serde_json::from_str(payload).map_err(none)?;
    let json = payload.params.map_or("{}", RawValue::get);
    let params: Params = serde_json::from_str(json).map_err(none)?;
    match peer.trust {
        Trust::Ours => {}
        Trust::Stale => return Err(Refusal::Stale),
        Trust::NoCookie => return Err(Refusal::NoCookie),
    }
    let (token, mut flash) =
        verify(sender.topic(), &payload, &params, peer).ok_or(Refusal::Stale)?;
    let by_navigation = token.child.is_none() && payload.redirect.is_some();
    let url = payload.redirect.or(payload.url);
    let url_inside;
    let (uri, session, depth) = match &token.child {
        Some(child) => {
            adopt(child, mailbox, peer)?;
            (&*child.url, None, child.depth)
        }
        None => {
            url_inside = page_of(url.as_deref(), &mut flash, peer)?;
            (&*url_inside, Some(token.session), 0)
        }
    };

    let link = Link {
        mailbox: Arc::clone(mailbox),
        to: Recipient::View,
    };
    let visit = Visit::new(Purpose::Join {
        link,
        flash,
        session,
        depth,
        params: connect::Params {
            json: json.into(),
            mounts: params.mounts,
        },
    });
    let answer = peer.road.travel(uri, visit.clone()).await;
    let page = (depth == 0).then_some(uri);
    match visit.outcome() {
        Some(Outcome::Mounted(mounted, layouts)) => {
            let extensions = Extensions::of(&params.extensions);
            let session = Session::new(mounted, layouts, extensions);
            let session = match &token.child {
                Some(child) if child.parent.is_none() => session.sticky(),
                _ => session,
            };
            let mut joined = settle(session, sender, peer).await?;
            joined.by_navigation = by_navigation;
            let asks = params.extensions.iter().any(|name| name == "limit");
            joined.limit = asks.then_some(peer.config.limits.message_bytes);
            if depth == 0 {
                peer.families.set_page(mailbox);
            }
            Ok(joined)
        }
        Some(Outcome::Failed(error, flash)) => Err(gave_up(error, &flash, uri, page, peer)),
        Some(Outcome::Elsewhere | Outcome::Params(_) | Outcome::Shown(..) | Outcome::Moved(..)) => {
            Err(Refusal::Unauthorized)
        }
        None => Err(turned_away(answer, page, peer)),
    }
}

/// The path of the page that a join names, as the application knows it.
fn page_of<'u>(
    url: Option<&'u str>,
    flash: &mut Flash,
    peer: &Peer,
) -> Result<Cow<'u, str>, Refusal> {
    let uri = url.and_then(page_uri).ok_or(Refusal::Unauthorized)?;
    if flash.hop() >= MOST_HOPS {
        tracing::error!(uri, "views lead on in a circle while they are joined");
        return Err(Refusal::Crashed);
    }
    Ok(peer.config.base.inside(uri))
}

/// Performs what a view asked for while it was mounted, and renders it.
async fn settle(
    mut session: Session,
    sender: &Arc<Sender>,
    peer: &Arc<Peer>,
) -> Result<Joined, Refusal> {
    match session.advance(Ok(()), sender, peer).await {
        Ok(Settled::Stay((patched, pass))) => {
            session.mounted.core().flash.arrive();
            Ok(Joined {
                session,
                patched,
                pass,
                by_navigation: false,
                limit: None,
            })
        }
        Ok(Settled::Leave(mut departure)) => {
            departure.events = std::mem::take(&mut session.mounted.core().effects.events);
            Err(Refusal::Leave(departure))
        }
        Err(error) => {
            tracing::error!(view = session.mounted.name(), %error, "a view failed to mount");
            Err(Refusal::Crashed)
        }
    }
}

/// Lets a child end with its parent, which has to live on this connection.
fn adopt(child: &Embedded, mailbox: &Arc<Mailbox>, peer: &Peer) -> Result<(), Refusal> {
    let Some(life) = child.parent else {
        return Ok(());
    };
    let family = peer.families.find(life);
    match family.is_some_and(|family| family.adopt(mailbox)) {
        true => Ok(()),
        false => Err(Refusal::Orphaned),
    }
}

/// The page's tokens, if they belong to this topic, and its notices (§2.4).
fn verify(
    topic: &str,
    payload: &Payload<'_>,
    params: &Params,
    peer: &Peer,
) -> Option<(SessionToken, Flash)> {
    let signer = &peer.config.signer;
    let token: SessionToken = signer.verify(Use::Session, payload.session.as_deref()?)?;
    if topic.strip_prefix("lv:") != Some(&token.id) {
        return None;
    }
    let statics: Option<StaticToken> = match payload.statics.as_deref() {
        Some(statics) => Some(signer.verify(Use::Static, statics)?),
        None => None,
    };
    if statics
        .as_ref()
        .is_some_and(|statics| statics.id != token.id)
    {
        return None;
    }
    let first = payload.redirect.is_none() && params.mounts == 0;
    let flash = match &payload.flash {
        Some(flash) => signer.verify(Use::Flash, flash),
        None => statics.filter(|_| first).map(|statics| statics.flash),
    };
    Some((token, flash.unwrap_or_default()))
}

impl Joined {
    /// The answer to the join (§3.3).
    pub(crate) fn write(&mut self, out: &mut String) {
        if self.by_navigation {
            // The page still has the title of the view before.
            self.session.title_or_default();
        }
        out.push_str(r#"{"rendered":"#);
        self.session.drop_reply();
        self.session.write_diff(&mut self.pass, out);
        self.session.mounted.core().forget_connect();
        out.push_str(r#","liveview_version":"#);
        write_string(out, CLIENT_VERSION);
        if self.by_navigation {
            out.push_str(r#","container":["div",{}]"#);
        }
        // The browser shows the URL that it joined by already.
        let patched = self.patched.take().map(Patch::in_place);
        if let Some(patch) = patched.filter(|_| !self.session.is_child()) {
            out.push_str(r#","live_patch":"#);
            patch.write(out);
        }
        if let Some(limit) = self.limit {
            out.push_str(r#","limit":"#);
            out.push_str(&limit.to_string());
        }
        out.push('}');
    }
}
