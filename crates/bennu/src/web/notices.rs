//! Notices of handlers that are no views.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponseParts, ResponseParts};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};

use crate::flash::Flash;
use crate::session::token::Use;
use crate::web::page::{self, FLASH_COOKIE};
use crate::web::routes::{App, Served};

/// Browsers keep no cookie whose name and value have more bytes.
const LONGEST_COOKIE: usize = 4096;

/// The [`Flash`] on its way to the next page, for an ordinary handler: return it
/// before what it answers with.
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
/// signed and not secret, and holds about 3,000 bytes: longer ones are dropped.
///
/// # Errors
/// As an extractor it rejects with status 500 where the router is not served by
/// [`Bennu::serve`](crate::Bennu::serve).
pub struct Notices {
    flash: Flash,
    /// Whether the request brought any.
    brought: bool,
    app: Arc<App>,
}

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
        let flash = page::carried_flash(&app, parts);
        Ok(Self {
            brought: !flash.is_empty(),
            flash,
            app,
        })
    }
}

impl IntoResponseParts for Notices {
    type Error = Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Infallible> {
        let Self {
            flash,
            brought,
            app,
        } = self;
        let cookie = match flash.is_empty() {
            false => carry(&flash, &app),
            true if brought => page::expired(FLASH_COOKIE, &app),
            true => None,
        };
        if let Some(cookie) = cookie {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(response)
    }
}

/// The cookie that takes notices to the next page.
pub(crate) fn carry(flash: &Flash, app: &App) -> Option<HeaderValue> {
    let mut token = app.config.signer.sign(Use::Flash, flash);
    if FLASH_COOKIE.len() + token.len() > LONGEST_COOKIE {
        let bytes = token.len();
        tracing::warn!(
            bytes,
            "the notices are dropped: no cookie holds so many bytes"
        );
        let mut rest = flash.clone();
        rest.clear(None);
        token = app.config.signer.sign(Use::Flash, &rest);
    }
    let secure = app.config.cookies.secure();
    format!("{FLASH_COOKIE}={token}; Path=/; Max-Age=60; SameSite=Lax{secure}")
        .parse()
        .ok()
}
