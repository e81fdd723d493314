//! A turn that a browser begins: an event, or another URL of the view
//! (`protocol.md §5`).

use std::borrow::Cow;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::channel::frame::{ClientPush, Frame, LONGEST_NAME, Payload as FramePayload, Status};
use crate::event::Payload;
use crate::hook::{Flow, HookEvent};
use crate::path::{of_request, resolve, without_fragment};
use crate::quoted::{Quoted, expected};
use crate::seldom::warn_seldom;
use crate::session::navigation::page_uri;
use crate::session::peer::Peer;
use crate::session::sender::Sender;
use crate::session::turn::{Next, Session};

/// The payload of an `event` message (§5.1).
#[derive(Deserialize)]
struct Event<'m> {
    #[serde(borrow, default, rename = "type")]
    kind: Option<Kind<'m>>,
    event: Cow<'m, str>,
    #[serde(borrow, default)]
    value: Option<&'m RawValue>,
    #[serde(default)]
    meta: Option<serde_json::Value>,
    /// The component that it is for.
    #[serde(default)]
    cid: Option<u32>,
}

/// What caused an event.
#[derive(Deserialize)]
struct Kind<'m>(#[serde(borrow)] Cow<'m, str>);

impl Event<'_> {
    fn kind(&self) -> &str {
        self.kind.as_ref().map_or("", |kind| &kind.0)
    }
}

/// The payload of `cids_will_destroy` and `cids_destroyed` (§4.6).
#[derive(Deserialize)]
struct Cids {
    cids: Vec<u32>,
}

/// The payload of a `live_patch` message (§5.6).
#[derive(Deserialize)]
struct LivePatch {
    url: String,
}

/// Why no callback ran.
enum Refused {
    /// The sender is told.
    Error(String),
    /// The view does not understand an event of an element. Its author is told;
    /// the client only has to release the element.
    NotUnderstood(String),
    /// The URL is one of another view: the client navigates.
    Elsewhere,
    /// There is nothing to call, and this is the answer.
    Answered(String),
}

/// Whether this is an event of an element, for which nobody waits but the
/// element. A hook waits for its answer.
pub(crate) fn is_of_an_element(frame: &Frame<'_>) -> bool {
    let FramePayload::Json(payload) = frame.payload else {
        return false;
    };
    frame.event == "event"
        && serde_json::from_str::<Event<'_>>(payload).is_ok_and(|event| event.kind() != "hook")
}

/// Handles a message of the browser and answers it.
pub(crate) async fn turn(
    session: &mut Session,
    push: &ClientPush,
    sender: &Arc<Sender>,
    peer: &Arc<Peer>,
) -> crate::Result<Next> {
    let handled = match push.event() {
        "event" => event(session, push.payload()).await,
        "live_patch" => live_patch(session, push.payload(), peer).await,
        "cids_will_destroy" | "cids_destroyed" => removal(session, push),
        _ => Err(Refused::Error("unmatched event".to_owned())),
    };
    let message_ref = push.message_ref();
    let result = match handled {
        Ok(result) => result,
        Err(Refused::NotUnderstood(reason)) => {
            warn_seldom!(view = session.mounted.name(), "{reason}");
            session.mounted.core().effects.show_fault(&reason);
            Ok(())
        }
        Err(Refused::Error(reason)) => {
            let (topic, event) = (Quoted(sender.topic()), Quoted(push.event()));
            tracing::debug!(%topic, %event, reason, "refused");
            sender.reply_reason(message_ref, &reason);
            return Ok(Next::Stay);
        }
        Err(Refused::Elsewhere) => {
            let response = r#"{"link_redirect":true}"#;
            sender.reply(message_ref, Status::Ok, |out| out.push_str(response));
            return Ok(Next::Stay);
        }
        Err(Refused::Answered(response)) => {
            sender.reply(message_ref, Status::Ok, |out| out.push_str(&response));
            return Ok(Next::Stay);
        }
    };
    session.answer(result, push, sender, peer).await
}

async fn event(session: &mut Session, payload: &str) -> Result<crate::Result, Refused> {
    let mut event: Event<'_> = serde_json::from_str(payload)
        .map_err(|error| Refused::Error(format!("malformed event: {}", expected(&error))))?;
    // As long as the names of frames may be: it is going to be logged.
    if event.event.len() > LONGEST_NAME {
        return Err(Refused::Error("the event's name is too long".to_owned()));
    }
    let meta = event.meta.take();
    let payload = Payload::of(event.kind(), event.value.map(RawValue::get), meta);
    let reason = match event.event.strip_prefix("lv:") {
        None => {
            let component = match event.cid.map(|cid| session.components.name(cid)) {
                None => None,
                Some(Some(name)) => Some(name),
                // It is gone, and with it what the event was about.
                Some(None) => return Ok(Ok(())),
            };
            let (view, name) = (session.mounted.name(), Quoted(&event.event));
            tracing::debug!(view, component, event = %name, "an event comes");
            let hooked = HookEvent::new(&event.event, component, &payload);
            match session.mounted.core().ask_event(&hooked) {
                Ok(Flow::Continue) => {}
                Ok(Flow::Halt) => return Ok(Ok(())),
                Err(error) => return Ok(Err(error)),
            }
            let callback = match event.cid {
                None => session.view().event(&event.event, payload),
                Some(cid) => {
                    let core = session.mounted.core();
                    match session.components.event(cid, &event.event, payload, core) {
                        Some(callback) => callback,
                        None => return Ok(Ok(())),
                    }
                }
            };
            match callback {
                Ok(callback) => return Ok(callback.await),
                Err(error) => error.to_string(),
            }
        }
        Some("clear-flash") => {
            let core = session.mounted.core();
            core.flash.clear(payload.text("key"));
            core.effects.flash = true;
            return Ok(Ok(()));
        }
        Some(_) => format!("event {} is reserved", Quoted(&event.event)),
    };
    Err(match event.kind() {
        // A hook's promise wants to know.
        "hook" => {
            warn_seldom!(view = session.mounted.name(), "{reason}");
            // What the view knows is for its author, not for any peer.
            Refused::Error(format!("event {} was not understood", Quoted(&event.event)))
        }
        _ => Refused::NotUnderstood(reason),
    })
}

/// The two steps in which the client takes leave of components.
fn removal(session: &mut Session, push: &ClientPush) -> Result<crate::Result, Refused> {
    let Cids { cids } = serde_json::from_str(push.payload()).map_err(|error| {
        Refused::Error(format!("malformed {}: {}", push.event(), expected(&error)))
    })?;
    Err(Refused::Answered(if push.event() == "cids_destroyed" {
        let cids = session.components.destroy(&cids);
        serde_json::json!({ "cids": cids }).to_string()
    } else {
        session.components.mark(&cids);
        "{}".to_owned()
    }))
}

async fn live_patch(
    session: &mut Session,
    payload: &str,
    peer: &Peer,
) -> Result<crate::Result, Refused> {
    let LivePatch { url } = serde_json::from_str(payload)
        .map_err(|error| Refused::Error(format!("malformed live_patch: {}", expected(&error))))?;
    // Phoenix's client sends what a command holds: it may follow the path that
    // is shown.
    let uri = if url.starts_with(['?', '#']) {
        let uri = resolve(&url, &session.mounted.core().uri);
        without_fragment(&uri).to_owned()
    } else {
        let uri = page_uri(&url).ok_or(Refused::Elsewhere)?;
        peer.config.base.inside(uri).into_owned()
    };
    if uri.len() > peer.config.limits.header_bytes {
        return Err(Refused::Elsewhere);
    }
    let params = session
        .params_of(&uri, peer)
        .await
        .map_err(|_| Refused::Elsewhere)?;
    session.mounted.core().flash.clear(None);
    session.move_to(&of_request(&uri), peer);
    Ok(session.view().params(params).await)
}
