//! The dead render: the page as HTML, with the tokens by which its client
//! joins (`protocol.md §2`).

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::pin;

use axum::response::{Html, IntoResponse, Response};
use bennu_core::Placement;
use bennu_core::wire::Extensions;
use futures_util::FutureExt;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::component::Placed;
use crate::config::Config;
use crate::effect::Exit;
use crate::error::{Error, Kind};
use crate::flash::Flash;
use crate::layout::{LiveSession, Page};
use crate::quoted::{Line, Quoted, without_query};
use crate::session::components::Pass;
use crate::session::nest::{DeadNest, Wanted};
use crate::session::token::{
    FLASH_COOKIE, ReloadToken, SessionToken, StaticToken, Use, mark, random_name,
};
use crate::session::turn::Session;
use crate::web::children::{self, Turned};
use crate::web::csrf::{Visitor, cookie};
use crate::web::lint;
use crate::web::live::{Mounting, page_uri};
use crate::web::mentions::{has_field, needs_of};
use crate::web::routes::{App, Served};
use crate::web::{errors, notices};

/// Written by the client when a join was answered with a status.
const RELOAD_COOKIE: &str = "__phoenix_reload_status__";

/// Marks answers that are pages of Bennu's making, in their extensions: on the way
/// out they get `Config::page_headers`, after all layers of the application.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OwnPage;

/// For answers about one visitor at one moment.
pub(crate) const NO_STORE: (HeaderName, HeaderValue) = (
    header::CACHE_CONTROL,
    HeaderValue::from_static("private, no-store"),
);

/// Answers a GET of a live route.
pub(crate) async fn respond(
    served: &Served,
    layouts: LiveSession,
    parts: Parts,
    mounting: impl Future<Output = Mounting>,
) -> Response {
    let app = &served.app;
    // No view would be joined at it.
    if page_uri(&parts).len() > app.config.limits.header_bytes {
        let status = StatusCode::URI_TOO_LONG;
        return errors::answer(app, status, &page_uri(&parts), &parts.headers);
    }
    let reload: Option<Option<ReloadToken>> = cookie(&parts.headers, RELOAD_COOKIE)
        .map(|token| app.config.signer.verify(Use::Reload, token));
    let here = reload.flatten().filter(|token| {
        let uri = token.uri.as_deref();
        uri.is_none_or(|uri| uri == page_uri(&parts))
    });
    match here.and_then(|token| StatusCode::from_u16(token.status).ok()) {
        Some(status) => errors::answer(app, status, &page_uri(&parts), &parts.headers),
        // Expired, forged, or of a page that middleware answered for: the page
        // is shown as ever.
        None => show(served, layouts, parts, mounting).await,
    }
}

/// Whether this is a page load that a join led to, and not what the page before
/// still asks for, such as an image.
pub(crate) fn is_told(headers: &HeaderMap) -> bool {
    let mode = headers.get("sec-fetch-mode");
    cookie(headers, RELOAD_COOKIE).is_some() && mode.is_none_or(|mode| mode == "navigate")
}

/// A status is for one page load, whoever answered it: the page, or middleware
/// and extractors before it.
pub(crate) fn forget_status(app: &App, response: &mut Response) {
    expire(RELOAD_COOKIE, app, response);
}

/// The notices that a page load brings along.
pub(crate) fn carried_flash(app: &App, parts: &Parts) -> Flash {
    cookie(&parts.headers, FLASH_COOKIE)
        .and_then(|token| app.config.signer.verify(Use::Flash, token))
        .unwrap_or_default()
}

async fn show(
    served: &Served,
    layouts: LiveSession,
    mut parts: Parts,
    mounting: impl Future<Output = Mounting>,
) -> Response {
    let app = &*served.app;
    let visitor = Visitor::asking(&mut parts, &app.config);
    let path = parts.uri.path();
    let mut page = pin!(async {
        let session = Session::new(mounting.await?, layouts.clone(), Extensions::default());
        document(served, &layouts, &parts, &visitor, session).await
    });
    let failed = |status| errors::answer(app, status, &page_uri(&parts), &parts.headers);
    let mut response = match AssertUnwindSafe(page.as_mut()).catch_unwind().await {
        Ok(Ok(response)) => response,
        Ok(Err((error, flash))) => match error.into_kind() {
            Kind::Redirect(to) => leave(Exit::Redirect { to }, &flash, path, app),
            Kind::Navigate(to) => leave(Exit::Navigate { to, replace: false }, &flash, path, app),
            Kind::Status(status) => failed(status),
            Kind::Failed(error) => {
                let (path, error) = (Quoted(path), Line(error));
                tracing::error!(%path, %error, "a view failed to mount");
                failed(StatusCode::INTERNAL_SERVER_ERROR)
            }
        },
        // The panic's message was printed by the panic hook.
        Err(_) => failed(StatusCode::INTERNAL_SERVER_ERROR),
    };
    let mut set = response.headers().get_all(header::SET_COOKIE).iter();
    let renewed = set.any(|set| set.as_bytes().starts_with(FLASH_COOKIE.as_bytes()));
    if cookie(&parts.headers, FLASH_COOKIE).is_some() && !renewed {
        expire(FLASH_COOKIE, app, &mut response);
    }
    response
}

/// The page with the view in it.
async fn document(
    served: &Served,
    layouts: &LiveSession,
    parts: &Parts,
    visitor: &Visitor,
    mut view: Session,
) -> Result<Response, (Error, Flash)> {
    let app = &*served.app;
    let signer = &app.config.signer;
    let id = format!("phx-{}", random_name());
    let lineage = children::lineage(&id, &view.mounted.core().uri);
    let mut rendered = Ok((Pass::default(), Vec::new()));
    if view.mounted.core().effects.exit.is_none() {
        rendered = children::render_view(&mut view, &app.config).await;
    }
    let name = view.mounted.name();
    let view_mark = mark(name, signer);
    let core = view.mounted.core();
    let (pass, wanted) = rendered.map_err(|error| (error, std::mem::take(&mut core.flash)))?;
    // A component may send the browser elsewhere too.
    if let Some(exit) = core.effects.exit.take() {
        return Ok(leave(exit, &core.flash, name, app));
    }
    let title = core.effects.title.take();
    let session = SessionToken {
        id: id.clone(),
        session: layouts.name().to_owned(),
        view: Some(view_mark),
        child: None,
    };
    let statics = StaticToken {
        id,
        flash: std::mem::take(&mut core.flash),
    };
    let mut html = format!(
        "<div id=\"{}\" data-phx-main data-phx-session=\"{}\" data-phx-static=\"{}\">",
        session.id,
        signer.sign(Use::Session, &session),
        signer.sign(Use::Static, &statics),
    );
    pass.write_html(&view.components, &mut html);
    html.push_str("</div>");
    let has_components = !view.components.are_none();
    let has_fields = pass.markup().any(has_field);
    let has_children = !wanted.is_empty();
    // The view lives no longer than it has to.
    drop((pass, view));

    // A child that is turned away takes the page along, with what it would show.
    let turned = |(error, flash): Turned| (error, statics.flash.clone().followed_by(flash));
    let content = children::fill(html, wanted, &lineage, served, parts)
        .await
        .map_err(turned)?;

    let mut needs = needs_of(&content);
    needs.extra |= has_components;
    needs.forms |= has_fields || has_children && has_field(&content);
    let page = Page {
        title: title.as_deref(),
        csrf_token: &visitor.tag(signer).token(),
        addresses: &app.addresses,
        needs,
        content: &content,
    };
    let (html, wanted) =
        root(layouts, &page, &app.config).map_err(|error| (error, Flash::default()))?;
    let mut html = children::fill(html, wanted, &lineage, served, parts)
        .await
        .map_err(turned)?;
    if cfg!(debug_assertions) {
        lint::show(&mut html);
    }
    Ok(answer(html, visitor, app))
}

/// The answer with a page that is shown to this visitor.
fn answer(html: String, visitor: &Visitor, app: &App) -> Response {
    let mut response = Html(html).into_response();
    response.extensions_mut().insert(OwnPage);
    let headers = response.headers_mut();
    // A page holds its visitor's tokens and the state of one moment.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("max-age=0, private, must-revalidate"),
    );
    if let Some(cookie) = visitor.set_cookie(&app.config) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

/// The root layout around its page, with places for sticky views.
fn root(
    layouts: &LiveSession,
    page: &Page<'_>,
    config: &Config,
) -> crate::Result<(String, Vec<Wanted>)> {
    let (root, wanted) = children::render(DeadNest::in_root_layout(&config.base), || {
        layouts.root(page)
    })?;
    let mut components = root.placements().iter();
    match components.find_map(Placement::downcast_ref::<Placed>) {
        None => Ok((root.to_html(), wanted)),
        Some(Placed {
            given, location, ..
        }) => Err(Error::message(format!(
            "the component {}, placed at {location}, stands in a root layout, which is of no view: \
             place it in a view or a live layout",
            given.name()
        ))),
    }
}

/// Sends the browser elsewhere; its notices wait in a cookie.
fn leave(exit: Exit, flash: &Flash, from: &str, app: &App) -> Response {
    let (Exit::Patch { to, .. } | Exit::Navigate { to, .. } | Exit::Redirect { to }) = exit;
    let Ok(location) = HeaderValue::try_from(&to) else {
        tracing::error!(to = %Quoted(without_query(&to)), "a view redirects to what no header can hold");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = (StatusCode::FOUND, [NO_STORE]).into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, location);
    if !flash.is_trivial()
        && let Some(cookie) = notices::carry(flash, from, app)
    {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

fn expire(name: &str, app: &App, response: &mut Response) {
    if let Some(cookie) = expired(name, app) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// What takes a cookie away.
pub(crate) fn expired(name: &str, app: &App) -> Option<HeaderValue> {
    let secure = app.config.cookies.secure();
    format!("{name}=; Path=/; Max-Age=0; SameSite=Lax{secure}")
        .parse()
        .ok()
}
