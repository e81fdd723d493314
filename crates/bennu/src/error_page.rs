//! The page that stands in for one that can't be shown.

use std::sync::Arc;

use bennu_core::Rendered;
use http::StatusCode;

pub(crate) type RenderErrorPage = Arc<dyn Fn(&ErrorPage<'_>) -> Rendered + Send + Sync>;

/// What the application's page for errors is about; it is set once, with
/// [`Bennu::error_page`](crate::Bennu::error_page).
///
/// ```
/// use bennu::{ErrorPage, prelude::*};
///
/// fn sorry(error: &ErrorPage<'_>) -> Rendered {
///     html! {
///         (DOCTYPE)
///         html lang="en" {
///             head { meta charset="utf-8"; title { (error.reason()) } }
///             body {
///                 h1 { (error.status().as_u16()) " " (error.reason()) }
///                 @if error.status().is_server_error() {
///                     p { "It is our fault. Please try again in a while." }
///                 } @else {
///                     p { a href=(link::path("/")) { "Back to the start" } }
///                 }
///             }
///         }
///     }
/// }
/// # let bennu = Bennu::new(Config::new([0; 32]).unwrap());
/// let bennu = bennu.error_page(sorry);
/// ```
///
/// It is shown
///
/// - when a view is mounted for a page and answers with
///   [`Error::status`](crate::Error::status), or fails or panics: status 500;
/// - when the browser joins, or navigates to, a view that answers with a status:
///   it loads the page then, and the status waits for it in a cookie;
/// - when an extractor of a view's parameters rejects a request with an error
///   status, unless its answer is an HTML page of its own;
/// - for each answer of the application's router with an error status and
///   nothing in it: that of an unknown path, of middleware that only says 403.
///   Who asks for something else than HTML gets a line of text.
///
/// A connected view that fails or panics shows no error page: it is mounted
/// anew, and the browser marks it with `.phx-error` meanwhile.
#[derive(Debug)]
pub struct ErrorPage<'p> {
    status: StatusCode,
    uri: &'p str,
}

impl<'p> ErrorPage<'p> {
    pub(crate) fn new(status: StatusCode, uri: &'p str) -> Self {
        Self { status, uri }
    }

    /// The status that the page is answered with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What the status means in English, such as `Not Found`.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Error")
    }

    /// Path and query that were asked for.
    #[must_use]
    pub fn uri(&self) -> &str {
        self.uri
    }
}

/// The page of applications that give none of their own.
pub(crate) fn plain(error: &ErrorPage<'_>) -> Rendered {
    bennu_macros::html! {
        (crate::DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (error.reason()) }
            }
            body { h1 { (error.status().as_u16()) " " (error.reason()) } }
        }
    }
}
