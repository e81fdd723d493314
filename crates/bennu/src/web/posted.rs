//! Forms that a browser posts itself, without a view: the token that such a
//! form carries, and the extractor that asks for it.

use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};
use bennu_core::Rendered;
use bennu_macros::html;
use futures_util::StreamExt;
use http::request::Parts;
use http::{Extensions, HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use crate::channel::budget::{Held, Received};
use crate::config::Config;
use crate::form::{decode, parse_form};
use crate::quoted::Line;
use crate::web::csrf::Visitor;
use crate::web::entrance;
use crate::web::origin::{self, Source};
use crate::web::routes::Served;

/// The field of a form that holds the token, as in Phoenix.
pub(crate) const FIELD: &str = "_csrf_token";
/// The header that may hold it instead, for scripts.
const HEADER: &str = "x-csrf-token";

/// The proof that a form which is posted comes from a page of this application:
/// a token that belongs to the visitor's cookie. [`Posted`] asks for it.
///
/// A view takes it as one of its parameters, and puts it into forms that have an
/// `action`:
///
/// ```
/// use bennu::prelude::*;
///
/// struct Login {
///     csrf: CsrfToken,
///     form: Form<Credentials>,
///     /// Whether the browser shall post the form now.
///     goes: bool,
/// }
///
/// # #[derive(serde::Deserialize)]
/// # struct Credentials { name: String, password: String }
/// # #[derive(Event)]
/// # enum Msg { Validate(Form<Credentials>), Submit(Form<Credentials>) }
/// impl LiveView for Login {
///     type Params = CsrfToken;
///     type Event = Msg;
///     type Info = Never;
///
///     async fn mount(csrf: &CsrfToken, _: &mut Socket<Self>) -> Result<Self> {
///         Ok(Self { csrf: csrf.clone(), form: Form::new(), goes: false })
///     }
///
///     async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
///         match event {
///             Msg::Validate(form) => self.form = form,
///             Msg::Submit(form) => {
///                 self.goes = form.is_valid();
///                 self.form = form;
///             }
///         }
///         Ok(())
///     }
///
///     fn render(&self) -> Rendered {
///         html! {
///             form #login action=(link::path("/login")) method="post"
///                 phx-change=(Msg::VALIDATE) phx-submit=(Msg::SUBMIT)
///                 phx-trigger-action[self.goes] {
///                 (self.csrf.input())
///                 (self.form.input("name").label("Name"))
///                 (self.form.input("password").label("Password").kind("password"))
///                 button { "Log in" }
///             }
///         }
///     }
/// }
/// ```
///
/// A page of an ordinary handler that is somebody's first one has to set the
/// cookie too: return the token in front of the page, `(csrf, Html(page))`.
///
/// # Log-in and log-out
///
/// Whoever plants a cookie in somebody's browser knows its tokens. So a handler that
/// logs somebody in, or out, gives the visitor a new one:
///
/// ```
/// use axum::response::{IntoResponse, Redirect, Response};
/// use bennu::prelude::*;
/// # #[derive(serde::Deserialize)]
/// # struct Credentials { name: String, password: String }
/// # async fn session(_: Credentials) -> [(axum::http::HeaderName, &'static str); 0] { [] }
///
/// async fn log_in(csrf: CsrfToken, Posted(credentials): Posted<Credentials>) -> Response {
///     let session = session(credentials).await;
///     (csrf.renewed(), session, Redirect::to("/")).into_response()
/// }
/// # let _: axum::Router = axum::Router::new().route("/login", axum::routing::post(log_in));
/// ```
///
/// A log-out is posted by a form with nothing but the token, and ends the visitor's
/// [`Connections`](crate::Connections) too:
///
/// ```
/// use axum::Extension;
/// use axum::response::{IntoResponse, Redirect, Response};
/// use bennu::Connections;
/// use bennu::prelude::*;
/// # #[derive(Clone)] struct User { id: u64 }
/// # async fn end_session(_: &User) -> [(axum::http::HeaderName, &'static str); 0] { [] }
///
/// async fn log_out(
///     csrf: CsrfToken,
///     mut notices: Notices,
///     Extension(user): Extension<User>,
///     Extension(connections): Extension<Connections>,
///     Posted(()): Posted<()>,
/// ) -> Response {
///     let session = end_session(&user).await;
///     notices.put("info", "Goodbye!");
///     connections.disconnect(&format!("user:{}", user.id));
///     (csrf.renewed(), session, notices, Redirect::to("/")).into_response()
/// }
/// # let _: axum::Router = axum::Router::new().route("/logout", axum::routing::post(log_out));
/// ```
///
/// The page that posted the form is disconnected too. While the browser waits for the
/// answer, for up to 15 seconds, this page does not connect again: it would be led to the
/// log-in, and the browser would drop the answer with its cookies and notices. The
/// visitor's other pages connect at once, and their guards turn them away.
#[derive(Clone)]
pub struct CsrfToken {
    token: String,
    visitor: Visitor,
    source: Source,
    config: Arc<Config>,
}

impl CsrfToken {
    /// The hidden input that carries it.
    pub fn input(&self) -> Rendered {
        html! { input type="hidden" name=(FIELD) value=(self.token); }
    }

    /// The token, for the header `x-csrf-token` of a script's request.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.token
    }

    /// Whether a request with this token comes from a page of this application and
    /// visitor, for those that [`Posted`] doesn't read, such as multipart forms. It
    /// looks at the request's `Origin` and `Sec-Fetch-Site` too.
    #[must_use]
    pub fn verify(&self, token: &str) -> bool {
        self.source != Source::Foreign
            && (self.visitor).verify(token, self.source, &self.config.signer)
    }

    /// The token of the same visitor with a new cookie, for the answer of a handler
    /// that logs somebody in or out. Return it in front of the answer: it sets the
    /// cookie, beside those that the answer has.
    ///
    /// Pages that are open go on for as long as they hold (two weeks): their tokens
    /// are taken beside the new cookie where the browser says that the request comes
    /// from a page of this application.
    #[must_use]
    pub fn renewed(self) -> Self {
        let visitor = self.visitor.renewed(&self.config.signer);
        Self {
            token: visitor.tag(&self.config.signer).token(),
            visitor,
            ..self
        }
    }
}

/// Doesn't show it.
impl fmt::Debug for CsrfToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CsrfToken").finish_non_exhaustive()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CsrfToken {
    type Rejection = PostedError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PostedError> {
        let served = served(&parts.extensions)?;
        let config = Arc::clone(&served.app.config);
        let visitor = Visitor::asking(parts, &config);
        Ok(Self {
            token: visitor.tag(&config.signer).token(),
            visitor,
            source: origin::of_form(parts, &config),
            config,
        })
    }
}

/// Sets the visitor's cookie, if it is new.
impl IntoResponseParts for CsrfToken {
    type Error = std::convert::Infallible;

    fn into_response_parts(
        self,
        mut response: ResponseParts,
    ) -> Result<ResponseParts, Self::Error> {
        if let Some(cookie) = self.visitor.set_cookie(&self.config) {
            entrance::set_cookie(&mut response, cookie);
        }
        Ok(response)
    }
}

/// What a form posted, for an ordinary handler. It is decoded as the events of
/// views are: into a [`Form`](crate::Form), for one whose inputs are in a group
/// into a struct with a field of that name, or into any struct.
///
/// ```
/// use axum::response::{IntoResponse, Redirect, Response};
/// use bennu::prelude::*;
/// # #[derive(serde::Deserialize)]
/// # struct Credentials { name: String, password: String }
/// # async fn log_in(_: &Credentials) -> Option<[(axum::http::HeaderName, &'static str); 1]> { None }
///
/// async fn login(Posted(form): Posted<Form<Credentials>>) -> Response {
///     match form.value() {
///         Some(credentials) => match log_in(credentials).await {
///             Some(session) => (session, Redirect::to("/")).into_response(),
///             None => Redirect::to("/login?wrong=true").into_response(),
///         },
///         None => Redirect::to("/login").into_response(),
///     }
/// }
/// # let _: axum::Router = axum::Router::new().route("/login", axum::routing::post(login));
/// ```
///
/// A form that can't be taken is shown again, with what was typed and its errors:
///
/// ```
/// use axum::http::StatusCode;
/// use axum::response::{Html, IntoResponse, Redirect, Response};
/// use bennu::prelude::*;
/// # #[derive(serde::Deserialize)]
/// # struct Letter { text: String, copies: u8 }
///
/// fn page(csrf: &CsrfToken, form: &Form<Letter>) -> Html<String> {
///     let page = html! {
///         form action=(link::path("/letter")) method="post" {
///             (csrf.input())
///             (form.input("text").label("Text"))
///             (form.input("copies").label("Copies"))
///             button { "Send" }
///         }
///     };
///     Html(page.to_html())
/// }
///
/// async fn send(csrf: CsrfToken, Posted(form): Posted<Form<Letter>>) -> Response {
///     match form.value() {
///         Some(letter) => Redirect::to("/sent").into_response(),
///         None => {
///             let page = page(&csrf, &form);
///             (StatusCode::UNPROCESSABLE_ENTITY, csrf, page).into_response()
///         }
///     }
/// }
/// # let _: axum::Router = axum::Router::new().route("/letter", axum::routing::post(send));
/// ```
///
/// It reads the request's body, so it is the last parameter of its handler. `Posted<()>`
/// takes a form with nothing but the token.
///
/// The form must have the [`CsrfToken`] of its visitor, in its field
/// `_csrf_token` or in the header `x-csrf-token`. What the browser tells of the page
/// that it comes from has to agree: `Origin` must be the application's own or an
/// [allowed](crate::Config::allow_origin) one, `Sec-Fetch-Site` must be `same-origin`
/// for the application's own, and `Origin: null` counts only beside that. Of two
/// cookies of the visitor neither counts. The form's length is at most what
/// [`Limits::message_bytes`](crate::Limits::message_bytes) says, and while it is read it counts
/// among [`Limits::pool_bytes`](crate::Limits::pool_bytes): where others have taken these and it
/// is longer than 64 KiB, the answer is status 503.
#[derive(Clone, Copy, Debug)]
pub struct Posted<T>(pub T);

impl<T, S> FromRequest<S> for Posted<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = PostedError;

    async fn from_request(request: Request, _: &S) -> Result<Self, PostedError> {
        let (mut parts, body) = request.into_parts();
        let served = served(&parts.extensions)?;
        let config = &served.app.config;
        if !is_form(&parts.headers) {
            return Err(PostedError(Kind::NotForm));
        }
        // Before anything is kept of those who can't prove anything.
        let source = origin::of_form(&parts, config);
        let visitor = Visitor::asking(&mut parts, config);
        if source == Source::Foreign || !visitor.is_known() {
            return Err(PostedError(Kind::Stranger));
        }
        let (body, _held) = read(body, &served).await.map_err(PostedError)?;
        let values = parse_form(&String::from_utf8_lossy(&body));

        let in_field = values.get(FIELD).and_then(serde_json::Value::as_str);
        let in_header = parts
            .headers
            .get(HEADER)
            .and_then(|token| token.to_str().ok());
        let token = in_field.or(in_header).unwrap_or_default();
        if !visitor.verify(token, source, &config.signer) {
            return Err(PostedError(Kind::Stranger));
        }
        let value = decode(&values).map_err(|reason| PostedError(Kind::Undecoded(reason)))?;
        Ok(Self(value))
    }
}

fn served(extensions: &Extensions) -> Result<Served, PostedError> {
    extensions
        .get()
        .cloned()
        .ok_or(PostedError(Kind::NotServed))
}

/// A form's text, in one piece whatever pieces it comes in. It counts among the bytes
/// of all connections that wait, for as long as the second one is kept.
async fn read(body: Body, served: &Served) -> Result<(Vec<u8>, Held), Kind> {
    let longest = served.app.config.limits.wire_bytes();
    let pool = served.app.connections.pool();
    let mut held = Received::new(usize::MAX, Arc::clone(pool)).hold(0);
    let mut text = Vec::new();
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Kind::Unread)?;
        let length = text.len().saturating_add(piece.len());
        if length > longest {
            return Err(Kind::Unread);
        }
        if !pool.allows(length, usize::MAX) {
            return Err(Kind::NoRoom);
        }
        text.extend_from_slice(&piece);
        held.set(text.capacity());
    }
    Ok((text, held))
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Why a posted form is not taken. It is an answer too, a line of text that tells the
/// developer; a handler that takes `Result<Posted<T>, PostedError>` can give one of its
/// own. A status alone is shown as the application's [`ErrorPage`](crate::ErrorPage).
///
/// ```
/// use axum::response::{IntoResponse, Redirect, Response};
/// use bennu::prelude::*;
/// use bennu::PostedError;
/// # #[derive(serde::Deserialize)]
/// # struct Letter { text: String }
///
/// async fn send(
///     mut notices: Notices,
///     posted: Result<Posted<Letter>, PostedError>,
/// ) -> Response {
///     match posted {
///         Ok(Posted(letter)) => format!("Sent: {}", letter.text).into_response(),
///         // The page was open for weeks, or its cookies were deleted.
///         Err(error) if error.is_untrusted() => {
///             notices.put("error", "Please try again");
///             (notices, Redirect::to("/letter")).into_response()
///         }
///         Err(error) => error.status().into_response(),
///     }
/// }
/// # let _: axum::Router = axum::Router::new().route("/letter", axum::routing::post(send));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedError(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    NotServed,
    NotForm,
    Unread,
    NoRoom,
    Stranger,
    Undecoded(String),
}

impl PostedError {
    /// Whether the form has no token of this visitor or comes from a page of another
    /// origin: another site may have made it, or the visitor's cookie is gone.
    #[must_use]
    pub fn is_untrusted(&self) -> bool {
        self.0 == Kind::Stranger
    }

    /// The status to answer with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.0 {
            Kind::NotServed => StatusCode::INTERNAL_SERVER_ERROR,
            Kind::NotForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Kind::Unread => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::NoRoom => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Stranger => StatusCode::FORBIDDEN,
            Kind::Undecoded(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

impl fmt::Display for PostedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match &self.0 {
            Kind::NotServed => {
                "this route is not served by Bennu: pass the router to `Bennu::serve`"
            }
            Kind::NotForm => "a form is posted as application/x-www-form-urlencoded",
            Kind::Unread => "the form is longer than Limits::message_bytes allows, or broke off",
            Kind::NoRoom => "too many forms are being read: try again",
            Kind::Stranger => {
                "the form has no token of this visitor, or comes from another site: load the page \
                 again, and let it set its cookie"
            }
            Kind::Undecoded(reason) => {
                return write!(formatter, "the form can't be read: {reason}");
            }
        })
    }
}

impl std::error::Error for PostedError {}

impl IntoResponse for PostedError {
    fn into_response(self) -> Response {
        match self.0 {
            Kind::NotServed => tracing::error!("{self}"),
            _ => tracing::debug!(error = %Line(&self), "a posted form was refused"),
        }
        (self.status(), self.to_string()).into_response()
    }
}
