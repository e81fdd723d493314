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

/// The path below which browsers see the application, without a slash at its
/// end; none if they see it at the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Base(Option<Arc<str>>);

impl Base {
    /// That of a public URL: `/app` of `https://example.org/app/`.
    pub(crate) fn of(url: &str) -> Option<Self> {
        let url: http::Uri = url.parse().ok()?;
        url.scheme()?;
        url.host()?;
        let path = url.path().trim_end_matches('/');
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
    use super::*;

    #[test]
    fn a_path_goes_out_with_the_base_and_comes_in_without() {
        let base = Base::of("https://example.org/app/").expect("it is a URL");
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
    fn a_base_is_of_a_whole_url() {
        assert_eq!(Base::of("https://example.org"), Some(Base(None)));
        for url in ["", "/app", "example.org/app", "https:///app"] {
            assert_eq!(Base::of(url), None, "{url}");
        }
        let none = Base::default();
        assert_eq!(none.outside("/x"), "/x");
        assert_eq!(none.inside("/x"), "/x");
    }
}
