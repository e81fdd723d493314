//! Children in a page as it is loaded: each is asked for by the road to its
//! URL, and its HTML put where its parent placed it (`protocol.md §2.2`).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bennu_core::PreEscaped;
use bennu_core::wire::Extensions;
use bennu_macros::html;
use futures_util::future::try_join_all;
use http::request::Parts;

use crate::config::Config;
use crate::effect::Exit;
use crate::error::Error;
use crate::flash::Flash;
use crate::layout::LiveSession;
use crate::path::{resolve, without_fragment};
use crate::request::LiveRequest;
use crate::session::components::{Pass, Standing, VIEW};
use crate::session::erased::Mounted;
use crate::session::navigation::{Answer, Lineage, Outcome, Purpose, Road, Visit};
use crate::session::nest::{DeadNest, Nesting, Wanted};
use crate::session::token::{Embedded, SessionToken, StaticToken, Use};
use crate::session::turn::Session;
use crate::web::road::RouterRoad;
use crate::web::routes::{App, Served};

/// A child that moves on more often while it is mounted never arrives.
const MOST_MOVES: usize = 20;

/// Why a page isn't shown, and the notices that go along.
pub(crate) type Turned = (Error, Flash);

/// Renders with places for children.
///
/// # Errors
/// When a child can't be placed.
pub(crate) fn render<T>(
    nest: DeadNest,
    render: impl FnOnce() -> T,
) -> crate::Result<(T, Vec<Wanted>)> {
    let mut nesting = Nesting::Dead(Some(nest));
    let rendered = nesting.render(VIEW, render);
    nesting.settle(|_| Standing::Placed)?;
    Ok((rendered, nesting.into_wanted()))
}

/// Renders a view, with places for its children.
pub(crate) async fn render_view(
    session: &mut Session,
    config: &Config,
) -> crate::Result<(Pass, Vec<Wanted>)> {
    let depth = session.mounted.core().depth;
    let mut nesting = Nesting::Dead(Some(DeadNest::in_view(depth, &config.base)));
    let pass = session
        .render(&mut nesting, config.limits.components)
        .await?;
    Ok((pass, nesting.into_wanted()))
}

/// Puts the children into their places.
pub(crate) async fn fill(
    html: String,
    wanted: Vec<Wanted>,
    lineage: &Lineage,
    served: &Served,
    parts: &Parts,
) -> Result<String, Turned> {
    // A child that was rendered and not spliced is not mounted.
    let wanted = wanted.into_iter();
    let wanted: Vec<_> = wanted
        .filter(|child| html.contains(&child.marker))
        .collect();
    if wanted.is_empty() {
        return Ok(html);
    }
    // Most pages have no children, and all have the room of this future.
    Box::pin(put(html, wanted, lineage, served, parts)).await
}

async fn put(
    mut html: String,
    wanted: Vec<Wanted>,
    lineage: &Lineage,
    served: &Served,
    parts: &Parts,
) -> Result<String, Turned> {
    let limit = served.app.config.limits.children;
    let placed = &lineage.placed;
    if placed.fetch_add(wanted.len(), Ordering::Relaxed) + wanted.len() > limit {
        let page = lineage.uris.first().map_or("", |uri| uri);
        return Err(failed(format!(
            "the page {page:?} has more children than Limits::children allows: {limit}",
        )));
    }
    let road = RouterRoad::new(served.clone(), parts, None);
    let children = wanted
        .iter()
        .map(|child| element(child, lineage, &road, &served.app));
    let elements = try_join_all(children).await?;
    for (child, element) in wanted.iter().zip(elements) {
        html = html.replacen(&child.marker, &element, 1);
    }
    Ok(html)
}

/// The element of a child, with its HTML.
async fn element(
    child: &Wanted,
    lineage: &Lineage,
    road: &RouterRoad,
    app: &App,
) -> Result<String, Turned> {
    let Wanted {
        id, url, sticky, ..
    } = child;
    let (content, flash) = ask(child, lineage, road).await?;
    let signer = &app.config.signer;
    let statics = StaticToken {
        id: id.to_string(),
        flash,
    };
    let statics = signer.sign(Use::Static, &statics);
    let content = PreEscaped(content);
    let element = if *sticky {
        let session = SessionToken {
            id: id.to_string(),
            session: String::new(),
            view: None,
            child: Some(Embedded {
                url: url.to_string(),
                depth: lineage.depth() + 1,
                parent: None,
            }),
        };
        let session = signer.sign(Use::Session, &session);
        html! {
            div id=(id) data-phx-session=(session) data-phx-static=(statics) data-phx-sticky {
                (content)
            }
        }
    } else {
        // Its session is signed when its parent is connected.
        html! {
            div id=(id) data-phx-session="" data-phx-static=(statics)
                data-phx-parent-id=(lineage.id) {
                (content)
            }
        }
    };
    Ok(element.to_html())
}

/// The HTML of a child, by the road to its URL.
async fn ask(
    child: &Wanted,
    lineage: &Lineage,
    road: &RouterRoad,
) -> Result<(String, Flash), Turned> {
    let Wanted { id, url, .. } = child;
    let mut url = url.to_string();
    let mut view = None;
    for _ in 0..MOST_MOVES {
        let mut lineage = lineage.clone();
        if lineage.uris.iter().any(|uri| **uri == *url) {
            let around = lineage.uris.join(" > ");
            return Err(failed(format!(
                "the child {id:?} would embed {url:?} in itself: {around:?}",
            )));
        }
        lineage.id = id.clone();
        lineage.view = view;
        lineage.uris.push(url.as_str().into());
        let request = LiveRequest::load(&url).of_child(lineage.page_uri());
        let visit = Visit::new(Purpose::Show(lineage), request);
        let answer = road.travel(&url, visit.clone()).await;
        match visit.outcome() {
            Some(Outcome::Shown(html, flash)) => return Ok((html, flash)),
            Some(Outcome::Moved(to, of)) => {
                url = without_fragment(&resolve(&to, &url)).to_owned();
                view = Some(of);
            }
            Some(Outcome::Failed(error, flash)) => return Err((error, flash)),
            // A patch to another view is a navigation.
            Some(Outcome::Elsewhere) => return Err((Error::navigate(url), Flash::default())),
            Some(Outcome::Mounted(..) | Outcome::Params(_) | Outcome::Rejected) | None => {
                return Err(turned_away(child, answer));
            }
        }
    }
    Err(failed(format!(
        "the child {id:?} moved {MOST_MOVES} times while it was mounted, the last time to {url:?}",
    )))
}

/// Middleware or an extractor answered, and no view: that answers for the page.
fn turned_away(child: &Wanted, answer: Answer) -> Turned {
    let Wanted { id, url, .. } = child;
    let error = match answer.redirect() {
        Some(to) => Error::redirect(to),
        None if answer.is_error() => Error::status(answer.status),
        None => Error::message(format!(
            "the child {id:?} can't be embedded: no live view is at {url:?}; add it with live()",
        )),
    };
    (error, answer.flash.unwrap_or_default())
}

fn failed(message: String) -> Turned {
    (Error::message(message), Flash::default())
}

/// Brings a child that was mounted for a page to its HTML.
pub(crate) async fn show(
    mounted: Result<Box<dyn Mounted>, Turned>,
    layouts: LiveSession,
    lineage: &Lineage,
    served: &Served,
    parts: &Parts,
) -> Outcome {
    let mut session = match mounted {
        Ok(mounted) => Session::new(mounted, layouts, Extensions::default()),
        Err((error, flash)) => return Outcome::Failed(error, flash),
    };
    let mut rendered = Ok((Pass::default(), Vec::new()));
    if session.mounted.core().effects.exit.is_none() {
        rendered = render_view(&mut session, &served.app.config).await;
    }
    let core = session.mounted.core();
    let flash = std::mem::take(&mut core.flash);
    let (pass, wanted) = match rendered {
        Ok(rendered) => rendered,
        Err(error) => return Outcome::Failed(error, flash),
    };
    match core.effects.exit.take() {
        None => {}
        Some(Exit::Patch { to, .. }) => return Outcome::Moved(to, session.mounted.view_type()),
        Some(Exit::Navigate { to, .. }) => return Outcome::Failed(Error::navigate(to), flash),
        Some(Exit::Redirect { to }) => return Outcome::Failed(Error::redirect(to), flash),
    }
    let mut html = String::new();
    pass.write_html(&session.components, &mut html);
    // The view itself is not needed any more, and may not be `Sync`.
    drop((pass, session));
    match fill(html, wanted, lineage, served, parts).await {
        Ok(html) => Outcome::Shown(html, flash),
        // The child leaves with those inside of it.
        Err((error, inner)) => Outcome::Failed(error, flash.followed_by(inner)),
    }
}

/// The page around its children.
pub(crate) fn lineage(id: &str, uri: &str) -> Lineage {
    Lineage {
        id: id.into(),
        view: None,
        uris: vec![without_fragment(uri).into()],
        placed: Arc::new(AtomicUsize::new(0)),
    }
}
