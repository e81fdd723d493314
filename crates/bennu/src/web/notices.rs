//! Notices of handlers that are no views.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponseParts, ResponseParts};
use http::request::Parts;
use http::{HeaderValue, StatusCode};

use crate::flash::Flash;
use crate::session::navigation::Visit;
use crate::session::token::FLASH_COOKIE;
use crate::web::routes::{App, Served};
use crate::web::{entrance, page};

/// The [`Flash`] on its way to the next page, for an ordinary handler or
/// middleware: return it before what it answers with.
///
/// ```
/// use axum::response::{IntoResponse, Redirect};
/// use bennu::prelude::*;
///
/// async fn log_out(mut notices: Notices) -> impl IntoResponse {
///     notices.put("info", "Goodbye!");
///     (notices, Redirect::to("/"))
/// }
/// # let _: axum::Router = axum::Router::new().route("/logout", axum::routing::post(log_out));
/// ```
///
/// The next live page shows them, in its layout; so does an ordinary one that
/// [takes](Self::take) them. They are kept for a minute in a cookie, which is
/// signed and not secret, and holds about 3,000 bytes: longer ones are shortened,
/// and the log names the path.
///
/// Middleware that turns visitors away leaves them in the same way, and they are
/// seen whichever way the visitor came: by loading a page, by a join after the
/// session has expired, by a live navigation or a patch.
///
/// ```
/// use axum::extract::Request;
/// use axum::middleware::Next;
/// use axum::response::{IntoResponse, Redirect, Response};
/// use bennu::prelude::*;
/// # #[derive(Clone)] struct User;
///
/// async fn members_only(mut notices: Notices, request: Request, next: Next) -> Response {
///     if request.extensions().get::<User>().is_some() {
///         return next.run(request).await;
///     }
///     notices.put("error", "Please log in");
///     (notices, Redirect::to("/login")).into_response()
/// }
/// # let _: axum::Router = axum::Router::new().layer(axum::middleware::from_fn(members_only));
/// ```
///
/// # Errors
/// As an extractor it rejects with status 500 where the router is not served by
/// [`Bennu::serve`](crate::Bennu::serve).
pub struct Notices {
    flash: Flash,
    way: Way,
    /// Where they are put, for the log.
    path: String,
    app: Arc<App>,
}

/// How notices come and go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By a cookie; whether the request brought one.
    Cookie { brought: bool },
    /// With the request of a join, and back with its answer.
    Visit,
}

/// The notices of an answer, for a visit: nobody keeps its cookies.
#[derive(Clone)]
pub(crate) struct Left(pub(crate) Flash);

impl Notices {
    /// Adds a notice of this kind, such as `"info"` or `"error"`.
    pub fn put(&mut self, kind: &str, text: impl Into<String>) {
        self.flash.put(kind, text.into());
    }

    /// The notices that came along, to show them here. Return the rest, so that
    /// they are not shown again.
    #[must_use]
    pub fn take(&mut self) -> Flash {
        std::mem::take(&mut self.flash)
    }
}

impl fmt::Debug for Notices {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Notices").field(&self.flash).finish()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Notices {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let Some(served) = parts.extensions.get::<Served>() else {
            let reason = "this route is not served by Bennu: pass the router to `Bennu::serve`";
            tracing::error!("{reason}");
            return Err((StatusCode::INTERNAL_SERVER_ERROR, reason));
        };
        let app = Arc::clone(&served.app);
        let (flash, way) = match parts.extensions.get::<Visit>() {
            Some(visit) => (visit.flash(), Way::Visit),
            None => {
                let flash = page::carried_flash(&app, parts);
                let brought = !flash.is_empty();
                (flash, Way::Cookie { brought })
            }
        };
        Ok(Self {
            flash,
            way,
            path: parts.uri.path().to_owned(),
            app,
        })
    }
}

impl IntoResponseParts for Notices {
    type Error = Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Infallible> {
        let Self {
            flash,
            way,
            path,
            app,
        } = self;
        let cookie = match way {
            Way::Visit => {
                response.extensions_mut().insert(Left(flash));
                return Ok(response);
            }
            Way::Cookie { .. } if !flash.is_empty() => carry(&flash, &path, &app),
            Way::Cookie { brought: true } => page::expired(FLASH_COOKIE, &app),
            Way::Cookie { brought: false } => None,
        };
        if let Some(cookie) = cookie {
            entrance::set_cookie(&mut response, cookie);
        }
        Ok(response)
    }
}

/// The cookie that takes notices to the next page; `from` says who put them.
pub(crate) fn carry(flash: &Flash, from: &str, app: &App) -> Option<HeaderValue> {
    let token = app.config.signer.carry(flash, from);
    let secure = app.config.cookies.secure();
    format!("{FLASH_COOKIE}={token}; Path=/; Max-Age=60; SameSite=Lax{secure}")
        .parse()
        .ok()
}
