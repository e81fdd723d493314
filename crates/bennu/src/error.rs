//! What a view's callback fails with.

use std::borrow::Cow;
use std::fmt;
use std::panic::Location;

use http::StatusCode;

use crate::path;

/// The result of a view's callback.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// Why a callback of a view gave up.
///
/// Any error converts into it with `?`; it then counts as the application's
/// fault. [`Error::status`], [`Error::redirect`] and [`Error::navigate`] say
/// something else.
///
/// ```
/// use bennu::{Error, Result};
///
/// fn find(id: u64) -> Result<&'static str> {
///     match id {
///         1 => Ok("one"),
///         _ => Err(Error::not_found()),
///     }
/// }
/// assert!(find(2).unwrap_err().is_status(http::StatusCode::NOT_FOUND));
/// ```
#[doc = include_str!("error.md")]
pub struct Error(Box<Kind>);

pub(crate) enum Kind {
    Failed(Box<dyn std::error::Error + Send + Sync>),
    Status(StatusCode),
    Redirect(String),
    Navigate(String),
}

impl Error {
    /// The view answers with this status: with the application's
    /// [`ErrorPage`](crate::ErrorPage) on a GET, with a full page load that
    /// shows it on a join.
    ///
    /// Only 4xx and 5xx are statuses of errors. Any other, such as 200 or 302,
    /// becomes a failure that names the place where this was called.
    #[must_use]
    #[track_caller]
    pub fn status(status: StatusCode) -> Self {
        if status.is_client_error() || status.is_server_error() {
            return Self(Box::new(Kind::Status(status)));
        }
        let place = Location::caller();
        Self::message(format!(
            "{place}: Error::status takes 4xx and 5xx, and was given {status}: use \
             Error::redirect to send the browser elsewhere, and Ok where nothing is wrong"
        ))
    }

    /// The thing that the page is about does not exist: status 404.
    #[must_use]
    #[track_caller]
    pub fn not_found() -> Self {
        Self::status(StatusCode::NOT_FOUND)
    }

    /// The browser loads another page instead. `to` is a local path, a query or
    /// fragment of the page's own URL (`?page=1`), or a full `http` or `https`
    /// URL; never build it from a visitor's input unchecked. What a URL can't hold,
    /// such as a space, is percent-encoded. Anything else becomes a failure that
    /// says so.
    #[must_use]
    pub fn redirect(to: impl Into<String>) -> Self {
        Self::leading(&to.into(), path::redirect, Kind::Redirect)
    }

    /// The browser shows another live view instead, without a page load where
    /// both share a root layout. `to` is a local path, or a query or fragment of the
    /// page's own URL; anything else becomes a failure that says so.
    ///
    /// Views that send the browser on while they are joined, 20 in a row, be it
    /// by this or by [`redirect`](Self::redirect), are a circle: the next one
    /// fails, and the browser waits before it loads the page again.
    #[must_use]
    pub fn navigate(to: impl Into<String>) -> Self {
        Self::leading(&to.into(), path::reference, Kind::Navigate)
    }

    fn leading(
        to: &str,
        check: fn(&str) -> Result<Cow<'_, str>, String>,
        kind: fn(String) -> Kind,
    ) -> Self {
        match check(to) {
            Ok(to) => Self(Box::new(kind(to.into_owned()))),
            Err(fault) => Self::message(fault),
        }
    }

    /// A failure with this text.
    #[must_use]
    pub fn message(text: impl Into<String>) -> Self {
        Self(Box::new(Kind::Failed(text.into().into())))
    }

    /// Whether this is [`Error::status`] with that status.
    #[must_use]
    pub fn is_status(&self, status: StatusCode) -> bool {
        matches!(*self.0, Kind::Status(own) if own == status)
    }

    pub(crate) fn from_boxed(error: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self(Box::new(Kind::Failed(error)))
    }

    pub(crate) fn into_kind(self) -> Kind {
        *self.0
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self(Box::new(Kind::Failed(Box::new(error))))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Failed(error) => {
                write!(formatter, "{error}")?;
                let mut source = error.source();
                while let Some(error) = source {
                    write!(formatter, ": {error}")?;
                    source = error.source();
                }
                Ok(())
            }
            Kind::Status(status) => write!(formatter, "status {status}"),
            Kind::Redirect(to) => write!(formatter, "redirect to {to:?}"),
            Kind::Navigate(to) => write!(formatter, "navigate to {to:?}"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Error({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_4xx_and_5xx_are_statuses_of_errors() {
        for code in [400, 404, 418, 499, 500, 503, 599] {
            let status = StatusCode::from_u16(code).expect("a status");
            assert!(Error::status(status).is_status(status), "{code}");
        }
        for code in [100, 200, 204, 302, 304, 399, 600, 999] {
            let status = StatusCode::from_u16(code).expect("a status");
            let error = Error::status(status);
            assert!(!error.is_status(status), "{code}");
            let said = error.to_string();
            assert!(said.contains(&code.to_string()) && said.contains("Error::redirect"));
            assert!(said.contains("error.rs:"), "{said}");
        }
    }
}
