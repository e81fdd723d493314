//! What an application decides about Bennu as a whole.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::channel::budget::SHARE;
use crate::public::{Base, Public};
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
    pub(crate) public: Public,
    pub(crate) base: Base,
    pub(crate) proxies: Proxies,
    pub(crate) cookies: Cookies,
    /// What pages get where the application says nothing else.
    pub(crate) page_headers: HeaderMap,
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
            public: Public::default(),
            base: Base::default(),
            proxies: Proxies::Unsaid,
            cookies: Cookies::new(false, ""),
            page_headers: default_page_headers(),
        })
    }

    /// Settings from the environment:
    ///
    /// | variable | holds |
    /// |---|---|
    /// | `BENNU_SECRET` | the secret, see [`new`](Self::new) |
    /// | `BENNU_OLD_SECRETS` | earlier ones with blanks between them, see [`old_secret`](Self::old_secret) |
    /// | `BENNU_URL` | where browsers see the application, see [`public_url`](Self::public_url) |
    ///
    /// Only the first one has to be there. Without it a build with debug assertions
    /// makes a secret for this run, so that a first try needs no set-up.
    ///
    /// # Errors
    /// In a release build when `BENNU_SECRET` is missing; in any build when a
    /// secret is too short, or `BENNU_URL` no URL.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(|name| std::env::var_os(name))
    }

    fn from_variables(
        variable: impl Fn(&str) -> Option<std::ffi::OsString>,
    ) -> Result<Self, ConfigError> {
        let mut config = match variable("BENNU_SECRET") {
            Some(secret) => Self::new(secret.as_encoded_bytes())?,
            None if cfg!(debug_assertions) => {
                tracing::info!("BENNU_SECRET is not set: using a secret for this run only");
                Self::new(crate::session::token::random::<32>())?
            }
            None => return Err(ConfigError::MissingSecret),
        };
        let old = variable("BENNU_OLD_SECRETS").unwrap_or_default();
        let old = old.as_encoded_bytes().split(u8::is_ascii_whitespace);
        for secret in old.filter(|secret| !secret.is_empty()) {
            config = config.old_secret(secret)?;
        }
        match variable("BENNU_URL") {
            Some(url) if !url.is_empty() => config.public_url(url.to_string_lossy()),
            _ => Ok(config),
        }
    }

    /// Accepts what was signed with an earlier secret too, while nothing new is
    /// signed with it: so the secret is changed without a page that has to reload.
    ///
    /// Where several servers run, let all accept the new secret first, then sign
    /// with it, and drop the old one after two weeks, when the last page that was
    /// signed with it has expired.
    ///
    /// ```
    /// use bennu::Config;
    ///
    /// let config = Config::new("the new secret, of at least 32 bytes")?
    ///     .old_secret("the secret until today, of 32 bytes")?;
    /// # Ok::<(), bennu::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// When the secret is shorter than [`SHORTEST_SECRET`](Self::SHORTEST_SECRET).
    pub fn old_secret(mut self, secret: impl AsRef<[u8]>) -> Result<Self, ConfigError> {
        let secret = secret.as_ref();
        if secret.len() < Self::SHORTEST_SECRET {
            return Err(ConfigError::ShortSecret(secret.len()));
        }
        self.signer.accept(secret);
        Ok(self)
    }

    /// Other limits than the defaults.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Lets pages of this origin connect and post forms too, such as
    /// `https://www.example.org`. Those of the [`public_url`](Self::public_url) may
    /// always; without one, those of the host that a request is sent to.
    #[must_use]
    pub fn allow_origin(mut self, origin: impl Into<String>) -> Self {
        let mut origin = origin.into();
        origin.truncate(origin.trim_end_matches('/').len());
        self.origins.push(origin);
        self
    }

    /// The URL at which browsers see the application, such as `https://example.org`
    /// or `https://example.org/app`. Name it wherever browsers don't come to
    /// `localhost`. It decides together:
    ///
    /// | | |
    /// |---|---|
    /// | origin | its pages may connect and post forms; other hosts that lead here may not, but for those of this machine ([`allow_origin`](Self::allow_origin) adds some) |
    /// | `https` | cookies are `Secure` and have a prefix that keeps neighbours from setting them; pages tell the browser to come by HTTPS alone for a year (`Strict-Transport-Security`, without subdomains) |
    /// | path | links and redirects lead below it; the visitor's cookie is for it alone, so that two applications of one host don't share one |
    ///
    /// A path is needed where a proxy strips one or
    /// [`Router::nest`](axum::Router::nest) does.
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
    /// When it is not the whole URL of a website: `http` or `https`, a host, and a
    /// path if there is one.
    pub fn public_url(mut self, url: impl AsRef<str>) -> Result<Self, ConfigError> {
        let url = url.as_ref();
        let public = Public::of(url);
        (self.public, self.base) = public.ok_or_else(|| ConfigError::PublicUrl(url.to_owned()))?;
        self.cookies = Cookies::new(self.public.is_https(), self.base.as_str());
        if self.public.is_https() {
            let year = HeaderValue::from_static("max-age=31536000");
            self.page_headers.insert(HSTS, year);
        } else {
            self.page_headers.remove(HSTS);
        }
        Ok(self)
    }

    /// Names the proxies in front: `count` of them, each of which adds the address
    /// of whom it is asked by to `header`, such as `x-forwarded-for` or the standard's
    /// `forwarded` (RFC 7239). So the
    /// visitor's address is the `count`-th from the right; what stands further
    /// left, anybody may have written. It is what
    /// [`Limits::strangers`] counts by. A request without that many of them came past
    /// the proxies, and counts by the address of whoever sent it; so does one where no
    /// address stands there. The log says so once, for it may also be that the proxies
    /// use another header, and then all visitors count as one.
    ///
    /// Without a proxy, say [`no_proxy`](Self::no_proxy).
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
        assert!(count > 0, "without a proxy, say Config::no_proxy");
        self.proxies = Proxies::Named(HeaderName::from_static(header), count);
        self
    }

    /// Says that no proxy is in front: a visitor's address is that of whoever opened
    /// the connection, whatever the request's headers say. It is what
    /// [`Limits::strangers`] counts by.
    ///
    /// Without this and [`trusted_proxy`](Self::trusted_proxy) the address is the same
    /// but in one case: if a request has a header of proxies (`Forwarded`,
    /// `X-Forwarded-For`, `X-Real-IP`) and comes from the machine itself or a private
    /// network, a proxy is supposed there that nobody named. Its address is that of all
    /// visitors, so these requests aren't counted, and the log says so once. A visitor
    /// from the internet can't get out of the bound by sending such a header; one in the
    /// server's own network can, until this is said.
    ///
    /// ```
    /// use bennu::Config;
    ///
    /// let config = Config::new("at least 32 bytes that nobody else knows")?.no_proxy();
    /// # Ok::<(), bennu::ConfigError>(())
    /// ```
    #[must_use]
    pub fn no_proxy(mut self) -> Self {
        self.proxies = Proxies::None;
        self
    }

    /// Whether a [`public_url`](Self::public_url) was given.
    #[must_use]
    pub fn has_public_url(&self) -> bool {
        self.public.origin().is_some()
    }

    /// Changes the headers that Bennu's pages and error pages have where the
    /// application sets none of that name:
    ///
    /// | header | value | because |
    /// |---|---|---|
    /// | `X-Content-Type-Options` | `nosniff` | a browser shall not guess what something is |
    /// | `X-Frame-Options` | `SAMEORIGIN` | another site shall not show the page in a frame and have it clicked; a `frame-ancestors` in a Content-Security-Policy goes before it |
    /// | `Referrer-Policy` | `strict-origin-when-cross-origin` | other sites shall not learn the page's path |
    /// | `Strict-Transport-Security` | `max-age=31536000` | with a [`public_url`](Self::public_url) by `https`, which has to be named before |
    ///
    /// ```
    /// use bennu::Config;
    ///
    /// let config = Config::new("at least 32 bytes that nobody else knows")?
    ///     .page_headers(|headers| {
    ///         headers.remove("x-frame-options");
    ///     });
    /// # Ok::<(), bennu::ConfigError>(())
    /// ```
    #[must_use]
    pub fn page_headers(mut self, change: impl FnOnce(&mut HeaderMap)) -> Self {
        change(&mut self.page_headers);
        self
    }

    /// Marks cookies `Secure`: browsers then send them by HTTPS only. A
    /// [`public_url`](Self::public_url) by `https` does so too.
    #[must_use]
    pub fn secure_cookies(mut self) -> Self {
        self.cookies = Cookies::new(true, &self.cookies.path);
        self
    }
}

const HSTS: HeaderName = HeaderName::from_static("strict-transport-security");

fn default_page_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "SAMEORIGIN"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
}

/// How browsers keep the application's cookies.
#[derive(Clone, Debug)]
pub(crate) struct Cookies {
    is_secure: bool,
    /// Below which the visitor's is sent; empty for all.
    path: String,
    /// What the visitor's is called.
    visitor: String,
}

impl Cookies {
    fn new(is_secure: bool, path: &str) -> Self {
        let prefix = match (is_secure, path.is_empty()) {
            (true, true) => "__Host-",
            (true, false) => "__Secure-",
            (false, _) => "__",
        };
        let name = path.replace(|char: char| !char.is_ascii_alphanumeric(), "_");
        Self {
            is_secure,
            path: path.to_owned(),
            visitor: format!("{prefix}bennu_csrf{name}"),
        }
    }

    /// What cookies end with.
    pub(crate) fn secure(&self) -> &'static str {
        if self.is_secure { "; Secure" } else { "" }
    }

    pub(crate) fn path(&self) -> &str {
        if self.path.is_empty() {
            "/"
        } else {
            &self.path
        }
    }

    /// The name of the visitor's cookie. By HTTPS a prefix keeps neighbours from
    /// setting it, on other hosts below the same domain: `__Host-`, which asks for
    /// all paths, or else `__Secure-`, which keeps plain HTTP from it. Applications
    /// below each other's paths have different names, so that neither gets two.
    pub(crate) fn visitor(&self) -> &str {
        &self.visitor
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

/// Which proxies are in front, as far as the application said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Proxies {
    Unsaid,
    None,
    /// The header that each of them adds an address to, and how many they are.
    Named(HeaderName, usize),
}

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
    /// next one is answered with status 503, and browsers try again. Whose address
    /// counts, [`Config::trusted_proxy`] and [`Config::no_proxy`] say; behind a proxy of
    /// a private network that isn't named, the bound is off. Such a connection may send messages of 64 KiB at most, and is closed with code
    /// 1001 if it joins nothing within 30 s.
    pub strangers: usize,
    /// Bytes of a WebSocket request's headers, which are kept for the joins of
    /// the connection; and of a page's path and query, which its views keep. Default
    /// 16 KiB, more than browsers send. A request with more headers is answered with
    /// status 431, a page with a longer URL with 414.
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
    /// Bytes that may wait to be sent to one connection, those that are being
    /// written included. Default 2 MiB. Joins and handlers wait with what they
    /// render until one more message like the longest of those that wait fits in;
    /// one alone may be longer. Reading goes on: answers to what a peer sends and
    /// doesn't read count too, with 64 KiB more where views have taken all, and
    /// beyond that the connection is closed with code 1013.
    pub outgoing_bytes: usize,
    /// Bytes of all connections together that wait to be handled or to be sent.
    /// Default 512 MiB. Beyond it each connection has 64 KiB in each direction
    /// and may be sent one message at a time; one that goes on asking and doesn't
    /// read is closed with code 1013.
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

    #[test]
    fn the_environment_may_bring_old_secrets_and_the_url() {
        let from = |old: &'static str, url: &'static str| {
            Config::from_variables(move |name| match name {
                "BENNU_SECRET" => Some("1".repeat(32).into()),
                "BENNU_OLD_SECRETS" => Some(old.into()),
                _ => Some(url.into()),
            })
        };
        let two = "22222222222222222222222222222222\n33333333333333333333333333333333";
        let config = from(two, "https://example.org/app").expect("all is right");
        assert_eq!(config.signer.tags(b"", b"").count(), 3);
        assert!(config.has_public_url());
        assert_eq!(config.base.as_str(), "/app");
        assert!(!from("", "").expect("both are empty").has_public_url());
        let short = from("short", "").expect_err("5 bytes are too few");
        assert_eq!(short, ConfigError::ShortSecret(5));
        let error = from("", "/app").expect_err("no URL");
        assert_eq!(error, ConfigError::PublicUrl("/app".to_owned()));
    }

    #[test]
    fn cookies_are_as_the_public_url_says() {
        for (url, name, path, secure) in [
            ("https://example.org", "__Host-bennu_csrf", "/", "; Secure"),
            (
                "https://example.org/app",
                "__Secure-bennu_csrf_app",
                "/app",
                "; Secure",
            ),
            ("http://example.org/a/b", "__bennu_csrf_a_b", "/a/b", ""),
            ("http://example.org", "__bennu_csrf", "/", ""),
        ] {
            let config = Config::new([1; 32]).expect("32 bytes").public_url(url);
            let cookies = config.expect("a URL").cookies;
            assert_eq!((cookies.visitor(), cookies.path()), (name, path));
            assert_eq!(cookies.secure(), secure);
        }
    }
}
