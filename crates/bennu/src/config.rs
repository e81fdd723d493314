//! What an application decides about Bennu as a whole.

use std::fmt;
use std::time::Duration;

use http::HeaderName;

use crate::channel::budget::SHARE;
use crate::public::Base;
use crate::session::token::Signer;

/// The application's settings: the secret, limits, who may connect.
///
/// ```
/// use bennu::{Config, Limits};
///
/// let config = Config::new("at least 32 bytes that nobody else knows")?
///     .allow_origin("https://www.example.org")
///     .limits(Limits { channels: 20, ..Limits::default() });
/// # Ok::<(), bennu::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Config {
    pub(crate) signer: Signer,
    pub(crate) limits: Limits,
    pub(crate) origins: Vec<String>,
    pub(crate) secure_cookies: bool,
    pub(crate) base: Base,
    /// The header of the proxies, and how many there are.
    pub(crate) proxy: Option<(HeaderName, usize)>,
}

impl Config {
    /// The shortest secret that is accepted, in bytes: as long as the tags that
    /// are made with it.
    pub const SHORTEST_SECRET: usize = 32;

    /// Settings with this secret, which signs the tokens of pages. All servers
    /// of one application need the same; a new one makes open pages reload.
    ///
    /// # Errors
    /// When the secret is shorter than [`SHORTEST_SECRET`](Self::SHORTEST_SECRET).
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, ConfigError> {
        let secret = secret.as_ref();
        if secret.len() < Self::SHORTEST_SECRET {
            return Err(ConfigError::ShortSecret(secret.len()));
        }
        Ok(Self {
            signer: Signer::new(secret),
            limits: Limits::default(),
            origins: Vec::new(),
            secure_cookies: false,
            base: Base::default(),
            proxy: None,
        })
    }

    /// Settings from the environment: `BENNU_SECRET`. Without it a build with
    /// debug assertions makes a secret for this run, so that a first try needs
    /// no set-up.
    ///
    /// # Errors
    /// In a release build when `BENNU_SECRET` is missing; in any build when it
    /// is too short.
    pub fn from_env() -> Result<Self, ConfigError> {
        match std::env::var_os("BENNU_SECRET") {
            Some(secret) => Self::new(secret.as_encoded_bytes()),
            None if cfg!(debug_assertions) => {
                tracing::info!("BENNU_SECRET is not set: using a secret for this run only");
                Self::new(crate::session::token::random::<32>())
            }
            None => Err(ConfigError::MissingSecret),
        }
    }

    /// Other limits than the defaults.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Lets pages of this origin connect too, such as
    /// `https://www.example.org`. The page's own host may always.
    #[must_use]
    pub fn allow_origin(mut self, origin: impl Into<String>) -> Self {
        let mut origin = origin.into();
        origin.truncate(origin.trim_end_matches('/').len());
        self.origins.push(origin);
        self
    }

    /// The URL at which browsers see the application, such as
    /// `https://example.org/app`: needed where that has a path, because a proxy
    /// strips it or [`Router::nest`](axum::Router::nest) does.
    ///
    /// Inside of the application paths are without it, in routes and in all that
    /// Bennu is told: [`link`](crate::link), [`Js`](crate::Js),
    /// [`Socket::push_patch`](crate::Socket::push_patch), redirects. It goes
    /// before them where they leave for a browser. For what you write by hand
    /// (`href` of a stylesheet, `action` of a form) there is
    /// [`link::path`](crate::link::path).
    ///
    /// ```
    /// use axum::Router;
    /// use bennu::{Bennu, Config};
    ///
    /// let config = Config::new("at least 32 bytes that nobody else knows")?
    ///     .public_url("https://example.org/app")?;
    /// let app = Bennu::new(config).serve(Router::new());
    /// let site: Router = Router::new().nest("/app", app);
    /// # Ok::<(), bennu::ConfigError>(())
    /// ```
    ///
    /// A router that is nested at `/app` answers `/app` and not `/app/`: axum's
    /// rule.
    ///
    /// # Errors
    /// When it is not the whole URL of a website.
    pub fn public_url(mut self, url: impl AsRef<str>) -> Result<Self, ConfigError> {
        let url = url.as_ref();
        self.base = Base::of(url).ok_or_else(|| ConfigError::PublicUrl(url.to_owned()))?;
        Ok(self)
    }

    /// Names the proxies in front: `count` of them, each of which adds the address
    /// of whom it is asked by to `header`, such as `x-forwarded-for`. So the
    /// visitor's address is the `count`-th from the right; what stands further
    /// left, anybody may have written. It is what
    /// [`Limits::strangers`] counts by.
    ///
    /// ```
    /// use bennu::Config;
    ///
    /// let config = Config::new("at least 32 bytes that nobody else knows")?
    ///     .trusted_proxy("x-forwarded-for", 1);
    /// # Ok::<(), bennu::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// When `header` is not the name of a header in lower case, or `count` is 0.
    #[must_use]
    pub fn trusted_proxy(mut self, header: &'static str, count: usize) -> Self {
        assert!(count > 0, "without a proxy nothing is to be named");
        self.proxy = Some((HeaderName::from_static(header), count));
        self
    }

    /// Marks cookies `Secure`: browsers then send them by HTTPS only. Use it
    /// where the application is reached by HTTPS alone.
    #[must_use]
    pub fn secure_cookies(mut self) -> Self {
        self.secure_cookies = true;
        self
    }
}

impl Config {
    /// What cookies end with.
    pub(crate) fn secure(&self) -> &'static str {
        if self.secure_cookies { "; Secure" } else { "" }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Config")
            .field("limits", &self.limits)
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}

/// Why the settings can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// There is no `BENNU_SECRET` in the environment.
    MissingSecret,
    /// The secret has only this many bytes.
    ShortSecret(usize),
    /// This is not the URL of a website.
    PublicUrl(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let least = Config::SHORTEST_SECRET;
        match self {
            Self::MissingSecret => write!(
                formatter,
                "BENNU_SECRET is not set; a release build needs at least {least} random bytes \
                 there, for example from `openssl rand -base64 48`"
            ),
            Self::ShortSecret(length) => write!(
                formatter,
                "the secret has {length} bytes and needs at least {least}; make one for example \
                 with `openssl rand -base64 48`"
            ),
            Self::PublicUrl(url) => write!(
                formatter,
                "{url:?} is not where browsers see the application; write the whole URL, such as \
                 https://example.org/app"
            ),
        }
    }
}

impl std::error::Error for ConfigError {}

/// How much one peer may ask of the server. Each limit bounds memory or work
/// that a peer could otherwise grow at will. What the log says where one is
/// reached, and the bounds that are fixed, is listed in the repository's
/// `docs/limits.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections of the application. Default 50,000: an idle one costs about
    /// 3 KB, a view with it. The next one is answered with status 503.
    pub connections: usize,
    /// Connections of one address that have joined no view yet: a page joins at
    /// once. Default 256, for an office behind one address after a restart. The
    /// next one is answered with status 503, and browsers try again. Behind a
    /// proxy that [`Config::trusted_proxy`] doesn't name, the bound is off. Such a
    /// connection may send messages of 64 KiB at most, and is closed with code
    /// 1001 if it joins nothing within 30 s.
    pub strangers: usize,
    /// Bytes of a WebSocket request's headers, which are kept for the joins of
    /// the connection. Default 16 KiB, more than browsers send. A request with
    /// more is answered with status 431.
    pub header_bytes: usize,
    /// The longest message in bytes, and with it the longest text in a form, live
    /// or posted. Default 1 MiB. Forms travel encoded, where a byte may take
    /// three (`%E3`): these count as one, so that a text of any script may be as
    /// long, and what is read has at most three times as many bytes. Bennu's own
    /// client knows the limit: it holds what is longer, and the form says so.
    /// From another one the connection is closed with code 1009.
    pub message_bytes: usize,
    /// Channels on one connection. Default 100: a page has one for itself and
    /// one for each nested view. The next join is answered with an error.
    pub channels: usize,
    /// Children that one view places with its components, and that one page shows
    /// when it is loaded, at any depth. Default 30. A view that places more is
    /// ended; a page with more is answered with status 500. Those in the items of
    /// streams count at most when they are sent: later only the browser knows of
    /// them.
    pub children: usize,
    /// Joins that are mounting at once on one connection. Default 40: a page
    /// joins its own view and then all its children at once. The next join is answered
    /// with an error, and the client tries again.
    pub joins: usize,
    /// Messages per second of one connection over a longer time, and about
    /// twice as many at once. Default 100: held keys repeat 30 times a second.
    /// Faster peers are not read until they are within the limit again; nothing
    /// is lost.
    pub messages_per_second: u32,
    /// Bytes per second of one connection, likewise. Default 4 MiB: the largest
    /// form is read at once, and the next one soon.
    pub bytes_per_second: u32,
    /// Messages of the browser that may wait for one view. Default 256, more
    /// than `messages_per_second` lets come at once: they wait only while a
    /// handler is slow. The next one is refused: a hook is told, an element
    /// released, a form keeps what was typed.
    pub client_mail: u16,
    /// Messages of the server that may wait for one view. Default 1,024. A view
    /// that is further behind is ended; the browser joins again and mounts it
    /// with what holds then.
    pub info_mail: u16,
    /// Stateful components of one view, also those that it has just stopped to
    /// show. Default 10,000, more than a page can sensibly hold. A view that
    /// places more is ended, its page answered with status 500.
    pub components: usize,
    /// Bytes of one connection that were received and wait to be handled, begun
    /// messages included. Default 4 MiB; never less than the longest message
    /// needs. Beyond it nothing more is read until handlers have made room, and
    /// the peer's silence isn't counted. Where they make none for as long as
    /// `idle`, the connection is closed with code 1013.
    pub incoming_bytes: usize,
    /// Bytes that may wait to be sent to one connection before a view renders
    /// again. Default 2 MiB. Joins and handlers wait with what they render, one
    /// message may be longer, and reading goes on: answers to what a peer sends
    /// and doesn't read count too, and at the limit the connection is closed with
    /// code 1013.
    pub outgoing_bytes: usize,
    /// Bytes of all connections together that wait to be handled or to be sent.
    /// Default 512 MiB. Beyond it each connection has 64 KiB in each direction
    /// and may be sent one message at a time.
    pub pool_bytes: usize,
    /// How long views may go on after their connection broke or they were left,
    /// to handle what the browser had sent before. Default 60 s. Then they are
    /// dropped where they wait. The end of the server waits only as long as
    /// [`Shutdown::drain`](crate::Shutdown::drain) is told.
    pub detached: Duration,
    /// How long a view's `terminate` may take, and a callback that runs when its
    /// visitor is disconnected by the application. Default 5 s. Then it is
    /// dropped where it waits, and the view has ended.
    pub terminate: Duration,
    /// How long a connection may be silent. Default 60 s: clients send a
    /// heartbeat every 30 s. Then it is closed with code 1001.
    pub idle: Duration,
    /// How long a peer may take nothing of what is written to it. Default 30 s.
    /// Then the connection is dropped.
    pub write: Duration,
    /// Bytes per second that a peer has to take of what is written to it, beyond
    /// the first `write`, and to send of a message that it has begun, beyond the
    /// first `idle`. Default 1,024: less than the slowest mobile networks. A
    /// slower reader is dropped, a slower sender closed with code 1013.
    pub lowest_rate: u32,
}

impl Limits {
    /// The bytes of the longest message as it is read: each of a form's may be
    /// encoded by three.
    pub(crate) fn wire_bytes(&self) -> usize {
        self.message_bytes.saturating_mul(3)
    }

    /// What of one connection may be kept until it is handled: at least the
    /// longest message, and what is read with its end.
    pub(crate) fn received(&self) -> usize {
        let longest = self.wire_bytes().saturating_add(SHARE);
        self.incoming_bytes.max(longest)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 50_000,
            strangers: 256,
            header_bytes: 16 * 1024,
            message_bytes: 1024 * 1024,
            channels: 100,
            children: 30,
            joins: 40,
            messages_per_second: 100,
            bytes_per_second: 4 * 1024 * 1024,
            client_mail: 256,
            info_mail: 1024,
            components: 10_000,
            incoming_bytes: 4 * 1024 * 1024,
            outgoing_bytes: 2 * 1024 * 1024,
            pool_bytes: 512 * 1024 * 1024,
            detached: Duration::from_secs(60),
            terminate: Duration::from_secs(5),
            idle: Duration::from_secs(60),
            write: Duration::from_secs(30),
            lowest_rate: 1024,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_secret_is_refused_with_its_length_and_the_mend() {
        let error = Config::new("too short").expect_err("9 bytes are too few");
        assert_eq!(error, ConfigError::ShortSecret(9));
        assert!(error.to_string().contains("9 bytes"));
        assert!(
            ConfigError::MissingSecret
                .to_string()
                .contains("BENNU_SECRET")
        );
    }
}
