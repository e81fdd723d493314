//! From a client's `phx_join` to a mounted view (`protocol.md §3`).

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bennu_core::wire::Extensions;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::channel::frame::write_string;
use crate::channel::outbox::Permit;
use crate::connect;
use crate::flash::Flash;
use crate::quoted::{Quoted, expected, without_query};
use crate::request::LiveRequest;
use crate::session::components::Pass;
use crate::session::departure::Patch;
use crate::session::mailbox::{Mailbox, Recipient};
use crate::session::navigation::{Outcome, Purpose, Visit, page_uri};
use crate::session::peer::{Peer, Trust};
use crate::session::refusal::{Refusal, gave_up, turned_away};
use crate::session::sender::Sender;
use crate::session::token::{Embedded, SessionToken, StaticToken, Use};
use crate::session::turn::{Session, Settled, Turn};
use crate::socket::Link;

/// The version of the stock client that Bennu is checked against. The client
/// warns when its own is another.
pub(crate) const CLIENT_VERSION: &str = "1.2.12";

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
    /// Held until the answer is written.
    _permit: Permit,
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
    let (payload, json, params) = read(payload).map_err(|error| {
        let (topic, error) = (Quoted(sender.topic()), expected(&error));
        tracing::debug!(%topic, error, "the peer sent a join that is none");
        Refusal::Stale
    })?;
    check_trust(peer.trust)?;
    let (token, mut flash) =
        verify(sender.topic(), &payload, &params, peer).ok_or(Refusal::Stale)?;
    let by_navigation = payload.redirect.is_some();
    let url = named_page(&payload, &token)?;
    let url_inside;
    let (uri, session, depth, request) = match &token.child {
        Some(child) => {
            adopt(child, mailbox, peer)?;
            let request = LiveRequest::join(&child.url).of_child(peer.families.page_uri());
            (&*child.url, None, child.depth, request)
        }
        None => {
            url_inside = page_of(url, &mut flash, peer)?;
            peer.families.expect_page(&url_inside);
            let request = LiveRequest::join(&url_inside);
            (&*url_inside, Some(token.session), 0, request)
        }
    };

    let purpose = Purpose::Join {
        link: Link {
            mailbox: Arc::clone(mailbox),
            to: Recipient::View,
        },
        flash,
        session,
        view: token.view.filter(|_| !by_navigation),
        depth,
        params: connect::Params {
            json: json.into(),
            mounts: params.mounts,
        },
    };
    let visit = Visit::new(purpose, request);
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
            let mut joined = settle(session, sender, uri, page, peer).await?;
            joined.by_navigation = by_navigation;
            let asks = params.extensions.iter().any(|name| name == "limit");
            joined.limit = asks.then_some(peer.config.limits.message_bytes);
            if depth == 0 {
                let uri = &joined.session.mounted.core().uri;
                peer.families.set_page(mailbox, uri);
            }
            Ok(joined)
        }
        Some(Outcome::Failed(error, flash)) => Err(gave_up(error, &flash, uri, page, peer)),
        Some(Outcome::Elsewhere | Outcome::Params(_) | Outcome::Shown(..) | Outcome::Moved(..)) => {
            Err(Refusal::Unauthorized)
        }
        Some(Outcome::Rejected) | None => {
            // Later joins of the page that was navigated to have something to lose.
            let arrives = by_navigation && params.mounts == 0;
            Err(turned_away(answer, &visit, uri, arrives, peer))
        }
    }
}

fn check_trust(trust: Trust) -> Result<(), Refusal> {
    match trust {
        Trust::Ours => Ok(()),
        Trust::Stale => Err(Refusal::Stale),
        Trust::NoCookie => Err(Refusal::NoCookie),
    }
}

/// What a client sends, its parameters as they came and as we know them.
fn read(payload: &str) -> serde_json::Result<(Payload<'_>, &str, Params)> {
    let payload: Payload<'_> = serde_json::from_str(payload)?;
    let json = payload.params.map_or("{}", RawValue::get);
    let params = serde_json::from_str(json)?;
    Ok((payload, json, params))
}

/// The URL of the page that a join names (§3.1): one, by `url` or, since a live
/// navigation, by `redirect`. A child names none: its token does. So neither kind
/// of token passes for the other.
fn named_page<'m>(
    payload: &'m Payload<'_>,
    token: &SessionToken,
) -> Result<Option<&'m str>, Refusal> {
    match (&payload.url, &payload.redirect, &token.child) {
        (Some(url), None, None) | (None, Some(url), None) => Ok(Some(url)),
        (None, None, Some(_)) => Ok(None),
        _ => Err(Refusal::Unauthorized),
    }
}

/// The path of the page that a join names, as the application knows it.
fn page_of<'u>(
    url: Option<&'u str>,
    flash: &mut Flash,
    peer: &Peer,
) -> Result<Cow<'u, str>, Refusal> {
    let longest = peer.config.limits.header_bytes;
    let uri = url.and_then(page_uri).filter(|uri| uri.len() <= longest);
    let uri = uri.ok_or(Refusal::Unauthorized)?;
    if flash.hop() >= MOST_HOPS {
        let path = Quoted(without_query(uri));
        tracing::error!(%path, "views lead on in a circle while they are joined");
        return Err(Refusal::Crashed);
    }
    Ok(peer.config.base.inside(uri))
}

/// Performs what a view asked for while it was mounted, and renders it.
async fn settle(
    mut session: Session,
    sender: &Arc<Sender>,
    uri: &str,
    page: Option<&str>,
    peer: &Arc<Peer>,
) -> Result<Joined, Refusal> {
    match session.advance(Ok(()), sender, peer).await {
        Ok(Settled::Stay(Turn {
            patched,
            pass,
            permit,
        })) => {
            session.mounted.core().flash.arrive();
            Ok(Joined {
                session,
                patched,
                pass,
                _permit: permit,
                by_navigation: false,
                limit: None,
            })
        }
        Ok(Settled::Leave(mut departure)) => {
            departure.events = std::mem::take(&mut session.mounted.core().effects.events);
            Err(Refusal::Leave(departure))
        }
        // Notices go along where it leaves: that is no error any more.
        Err(error) => Err(gave_up(error, &Flash::default(), uri, page, peer)),
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
