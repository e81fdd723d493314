//! Where browsers see the application: below a path, if it is nested into
//! another router or stands behind a proxy that strips one.
//!
//! Inside of the application no path has the prefix. It is put before what goes
//! to browsers, where templates, callbacks and their work build links and where a
//! browser is sent elsewhere, and taken off the URLs that they tell.

use std::borrow::Cow;
use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

use crate::path;

thread_local! {
    /// Of the application whose code runs in this thread.
    static BASE: RefCell<Base> = const { RefCell::new(Base(None)) };
}

/// Where browsers see the application, if it was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Public(Option<Arc<str>>);

impl Public {
    /// Of a public URL, with the path in it.
    pub(crate) fn of(url: &str) -> Option<(Self, Base)> {
        let url: http::Uri = url.parse().ok()?;
        let default_port = match url.scheme_str()? {
            "http" => 80,
            "https" => 443,
            _ => return None,
        };
        let authority = url.authority()?;
        if authority.as_str().contains('@') || authority.host().is_empty() || url.query().is_some()
        {
            return None;
        }
        let port = (authority.port_u16())
            .filter(|port| *port != default_port)
            .map_or_else(String::new, |port| format!(":{port}"));
        let host = authority.host().to_ascii_lowercase();
        let origin = format!("{}://{host}{port}", url.scheme_str()?);
        Some((Self(Some(origin.into())), Base::of(url.path())?))
    }

    /// Scheme, host and port, as browsers write them.
    pub(crate) fn origin(&self) -> Option<&str> {
        self.0.as_deref()
    }

    pub(crate) fn is_https(&self) -> bool {
        (self.origin()).is_some_and(|origin| origin.starts_with("https:"))
    }
}

/// The path below which browsers see the application, without a slash at its
/// end; none if they see it at the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Base(Option<Arc<str>>);

impl Base {
    /// Of the path of a public URL: `/app` of `/app/`.
    fn of(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        if path.is_empty() {
            return Some(Self(None));
        }
        Some(Self(Some((&*path::local(path).ok()?).into())))
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// What comes after the base in a path that begins with it.
    fn rest<'u>(&self, path: &'u str) -> Option<&'u str> {
        let rest = path.strip_prefix(self.0.as_deref()?)?;
        (rest.is_empty() || rest.starts_with(['/', '?', '#'])).then_some(rest)
    }

    /// A path of the application as browsers see it. What is one already stays,
    /// and so does what is no local path.
    pub(crate) fn outside<'t>(&self, to: &'t str) -> Cow<'t, str> {
        let Some(base) = &self.0 else {
            return to.into();
        };
        if path::local(to).is_err() || self.rest(to).is_some() {
            return to.into();
        }
        // The root of a nested router has no slash of its own.
        let path = match to.strip_prefix('/') {
            Some(rest) if rest.is_empty() || rest.starts_with(['?', '#']) => rest,
            _ => to,
        };
        format!("{base}{path}").into()
    }

    /// The path that the application's router knows, of one that a browser told.
    pub(crate) fn inside<'u>(&self, uri: &'u str) -> Cow<'u, str> {
        match self.rest(uri) {
            None => uri.into(),
            Some(rest) if rest.starts_with('/') => rest.into(),
            Some(rest) => format!("/{rest}").into(),
        }
    }

    /// Runs for browsers that see the application here.
    pub(crate) fn within<T>(&self, run: impl FnOnce() -> T) -> T {
        /// Puts back what was there, also after a panic.
        struct Restore(Base);
        impl Drop for Restore {
            fn drop(&mut self) {
                BASE.set(std::mem::take(&mut self.0));
            }
        }
        let _restore = Restore(BASE.replace(self.clone()));
        run()
    }

    /// That of the application whose code runs in this thread now.
    pub(crate) fn current() -> Self {
        BASE.with_borrow(Clone::clone)
    }

    /// Does this work for browsers that see the application here, in whatever
    /// thread it goes on.
    pub(crate) async fn during<T>(self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(|context| self.within(|| work.as_mut().poll(context))).await
    }
}

/// A path of the application that renders, as browsers see it.
pub(crate) fn outside(to: &str) -> String {
    BASE.with_borrow(|base| base.outside(to).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_goes_out_with_the_base_and_comes_in_without() {
        let base = Base::of("/app/").expect("it is a path");
        assert_eq!(base.as_str(), "/app");
        for (inside, outside) in [
            ("/", "/app"),
            ("/?x=1", "/app?x=1"),
            ("/items?x=1", "/app/items?x=1"),
            ("/application", "/app/application"),
        ] {
            assert_eq!(base.outside(inside), outside);
            assert_eq!(base.outside(outside), outside, "only once");
            assert_eq!(base.inside(outside), inside);
        }
        assert_eq!(base.inside("/app/"), "/");
        assert_eq!(base.inside("/items"), "/items", "without the proxy");
        for elsewhere in ["https://example.com/", "//example.com", "x"] {
            assert_eq!(base.outside(elsewhere), elsewhere);
        }
    }

    #[test]
    fn a_public_url_is_a_whole_one() {
        for (url, origin, path) in [
            ("https://example.org", "https://example.org", ""),
            (
                "HTTPS://Example.org:443/app/",
                "https://example.org",
                "/app",
            ),
            ("http://[::1]:4000/a/b", "http://[::1]:4000", "/a/b"),
        ] {
            let (public, base) = Public::of(url).expect(url);
            assert_eq!((public.origin(), base.as_str()), (Some(origin), path));
        }
        for url in [
            "",
            "/app",
            "example.org/app",
            "https:///app",
            "ftp://example.org",
            "https://ada@example.org",
            "https://example.org/?a",
        ] {
            assert_eq!(Public::of(url), None, "{url}");
        }
        let none = Base::default();
        assert_eq!(none.outside("/x"), "/x");
        assert_eq!(none.inside("/x"), "/x");
    }

    proptest! {
        #[test]
        fn any_path_goes_out_once_and_comes_in_as_it_was(
            to in any::<String>(),
            shown in "/[a-z/?#]{0,6}",
            below in "/app[a-z/?#]{0,3}",
        ) {
            let base = Base::of("/app").expect("it is a path");
            for to in [to, shown, below] {
                let outside = base.outside(&to).into_owned();
                prop_assert_eq!(base.outside(&outside), &*outside);
                // What is below the base already is taken for what browsers see.
                if path::local(&to).is_ok() && base.rest(&to).is_none() {
                    prop_assert_eq!(base.inside(&outside), &*to);
                }
                let inside = base.inside(&to);
                prop_assert!(inside.starts_with('/') || inside == to);
            }
        }
    }
}
