//! Why a join comes to no view, and what the client makes of that
//! (`protocol.md §3.4`).

use http::StatusCode;

use crate::channel::frame::{write_reason, write_string};
use crate::effect::Exit;
use crate::error::{Error, Kind};
use crate::flash::Flash;
use crate::path;
use crate::quoted::{Line, Quoted, without_query};
use crate::session::departure::Departure;
use crate::session::navigation::{Answer, Visit};
use crate::session::peer::Peer;
use crate::session::token::{ReloadToken, Use};

/// Why a join is refused, as the client understands it (§3.4).
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The page's tokens are not good (any more): the client loads the page.
    Stale,
    /// The URL leads to no view of the page's live session, or what stands in
    /// the way is best told by a page load: likewise.
    Unauthorized,
    /// The application answered with this status: the client loads the page
    /// and is shown it.
    Status { status: StatusCode, token: String },
    /// The client is sent elsewhere.
    Leave(Departure),
    /// The browser keeps no cookies: the client tries again after a while, and
    /// ever more seldom, where loading the page at once would be a loop.
    NoCookie,
    /// The client tries again after a while.
    Crashed,
    /// The view that placed the child has ended, and its client knows.
    Orphaned,
}

impl Refusal {
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Stale => write_reason(out, "stale"),
            Self::NoCookie => write_reason(out, "no cookie"),
            Self::Unauthorized => write_reason(out, "unauthorized"),
            Self::Crashed => write_reason(out, "join crashed"),
            Self::Orphaned => write_reason(out, "parent ended"),
            Self::Leave(departure) => departure.write(out),
            Self::Status { status, token } => {
                out.push_str(r#"{"reason":"reload","status":"#);
                out.push_str(status.as_str());
                out.push_str(r#","token":"#);
                write_string(out, token);
                out.push('}');
            }
        }
    }
}

/// The view itself did not want to be mounted.
pub(super) fn gave_up(
    error: Error,
    flash: &Flash,
    uri: &str,
    page: Option<&str>,
    peer: &Peer,
) -> Refusal {
    // The browser shows another URL than a child's, and knows it.
    let whole = |to: String| match page {
        Some(page) => path::resolve(&to, &path::of_request(page)).into_owned(),
        None => to,
    };
    let exit = match error.into_kind() {
        Kind::Redirect(to) => Exit::Redirect { to: whole(to) },
        Kind::Navigate(to) => Exit::Navigate {
            to: whole(to),
            replace: false,
        },
        // Unlike middleware's, it is meant to be seen, also when it will pass.
        Kind::Status(status) => return shown(status, page, peer),
        Kind::Failed(error) => {
            let (path, error) = (Quoted(without_query(uri)), Line(error));
            tracing::error!(%path, %error, "a view failed to mount");
            return Refusal::Crashed;
        }
    };
    Refusal::Leave(Departure::new(exit, flash, uri, peer))
}

/// Answers that say "not now", and not "not you".
const PASSING: [StatusCode; 3] = [
    StatusCode::REQUEST_TIMEOUT,
    StatusCode::TOO_EARLY,
    StatusCode::TOO_MANY_REQUESTS,
];

/// The application's middleware or an extractor answered for `uri`, and no view.
/// `arrives` says whether a live navigation leads there: the browser has left the
/// page before, and shows nothing yet that a page load would take away.
pub(super) fn turned_away(
    answer: Answer,
    visit: &Visit,
    uri: &str,
    arrives: bool,
    peer: &Peer,
) -> Refusal {
    if let Some(to) = answer.redirect() {
        let exit = Exit::Redirect {
            to: to.into_owned(),
        };
        // What came along goes along, unless somebody has read it.
        let flash = answer.flash.unwrap_or_else(|| visit.flash());
        return Refusal::Leave(Departure::new(exit, &flash, uri, peer));
    }
    let status = answer.status;
    let passes = status.is_server_error() || PASSING.contains(&status);
    match (passes, arrives) {
        // The page's own load says what is wrong, or that it has passed.
        (true, true) => Refusal::Unauthorized,
        // Another try may well succeed in a moment.
        (true, false) => Refusal::Crashed,
        (false, _) => {
            let page = (!visit.request().is_child()).then_some(uri);
            shown(status, page, peer)
        }
    }
}

/// The page is to be loaded, and show this status.
fn shown(status: StatusCode, page: Option<&str>, peer: &Peer) -> Refusal {
    if !status.is_client_error() && !status.is_server_error() {
        // The URL is no longer one of a live view.
        return Refusal::Unauthorized;
    }
    let token = ReloadToken {
        status: status.as_u16(),
        uri: page.map(|uri| path::of_request(uri).into_owned()),
    };
    let token = peer.config.signer.sign(Use::Reload, &token);
    Refusal::Status { status, token }
}
