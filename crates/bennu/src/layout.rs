//! What stands around a view: the root layout (the page, rendered once) and
//! the live layout (part of the view's tree).

use std::fmt;
use std::sync::Arc;

use bennu_core::{PreEscaped, Rendered};

use crate::flash::Flash;
use crate::hook::{Hook, Prototypes};
use crate::web::CSRF_FIELD;

pub(crate) type RootLayout = Arc<dyn Fn(&Page<'_>) -> Rendered + Send + Sync>;
pub(crate) type LiveLayout = Arc<dyn Fn(&Layout<'_>) -> Rendered + Send + Sync>;

/// A group of routes that share a root layout. Views of one group are
/// navigated between over the same WebSocket; on the way to another group the
/// browser loads the page.
///
/// All routes belong to the group of [`Bennu::layout`](crate::Bennu::layout)
/// unless a layer on their router says otherwise:
///
/// ```
/// use bennu::prelude::*;
/// # struct Users;
/// # impl LiveView for Users {
/// #     type Params = (); type Event = Never; type Info = Never;
/// #     async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> { Ok(Self) }
/// #     fn render(&self) -> Rendered { html! { "users" } }
/// # }
/// use axum::{Router, routing::get};
///
/// fn admin_page(page: &Page<'_>) -> Rendered {
///     html! {
///         (DOCTYPE)
///         html lang="en" {
///             head { (page.head()) }
///             body.admin { (page.content()) }
///         }
///     }
/// }
///
/// let admin: Router = Router::new()
///     .route("/admin/users", get(live::<Users>()))
///     .layer(LiveSession::new("admin", admin_page));
/// ```
#[derive(Clone)]
pub struct LiveSession(Arc<Layouts>);

#[derive(Clone)]
struct Layouts {
    name: &'static str,
    root: RootLayout,
    live: Option<LiveLayout>,
    hooks: Prototypes,
}

impl LiveSession {
    /// A group with this name, unique in the application, and root layout.
    pub fn new(
        name: &'static str,
        root: impl Fn(&Page<'_>) -> Rendered + Send + Sync + 'static,
    ) -> Self {
        Self::of(name, Arc::new(root), None)
    }

    pub(crate) fn of(name: &'static str, root: RootLayout, live: Option<LiveLayout>) -> Self {
        Self(Arc::new(Layouts {
            name,
            root,
            live,
            hooks: Prototypes::default(),
        }))
    }

    /// Puts `layout` around each view of the group, inside of the live tree: it
    /// is rendered again with the view. [`Layout`] says what it has to contain.
    #[must_use]
    pub fn live_layout(
        self,
        layout: impl Fn(&Layout<'_>) -> Rendered + Send + Sync + 'static,
    ) -> Self {
        let mut layouts = Arc::unwrap_or_clone(self.0);
        layouts.live = Some(Arc::new(layout));
        Self(Arc::new(layouts))
    }

    /// Attaches a hook to each view of the group.
    #[must_use]
    pub fn hook(self, hook: impl Hook) -> Self {
        let mut layouts = Arc::unwrap_or_clone(self.0);
        layouts.hooks.add(hook);
        Self(Arc::new(layouts))
    }

    pub(crate) fn hooks(&self) -> &Prototypes {
        &self.0.hooks
    }

    pub(crate) fn name(&self) -> &'static str {
        self.0.name
    }

    pub(crate) fn root(&self, page: &Page<'_>) -> Rendered {
        (self.0.root)(page)
    }

    pub(crate) fn around(&self, flash: &Flash, uri: &str, view: Rendered) -> Rendered {
        match &self.0.live {
            Some(layout) => layout(&Layout { flash, uri, view }),
            None => view,
        }
    }
}

impl fmt::Debug for LiveSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("LiveSession")
            .field(&self.0.name)
            .finish()
    }
}

/// The scripts that a page needs beside the first one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    pub(crate) extra: bool,
    pub(crate) forms: bool,
    pub(crate) navigation: bool,
}

impl Needs {
    pub(crate) const ALL: Self = Self {
        extra: true,
        forms: true,
        navigation: true,
    };
}

/// Where a page finds the client's scripts and its WebSocket.
#[derive(Debug)]
pub(crate) struct Addresses {
    pub(crate) client: String,
    pub(crate) extra: String,
    pub(crate) forms: String,
    pub(crate) mend: String,
    pub(crate) navigation: String,
    /// What shows faults on the page, in debug builds.
    pub(crate) faults: Option<String>,
    pub(crate) socket: String,
}

/// What a root layout puts together: it is called once per page load.
#[derive(Debug)]
pub struct Page<'p> {
    pub(crate) title: Option<&'p str>,
    pub(crate) csrf_token: &'p str,
    pub(crate) addresses: &'p Addresses,
    /// What something in `content` needs from the start.
    pub(crate) needs: Needs,
    pub(crate) content: &'p str,
}

impl Page<'_> {
    /// The title that the view set, if it did.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.title
    }

    /// The token by which this page opens its WebSocket; [`head`](Self::head)
    /// contains it. Forms around the view take it too:
    /// [`csrf_input`](Self::csrf_input).
    #[must_use]
    pub fn csrf_token(&self) -> &str {
        self.csrf_token
    }

    /// The hidden input for a form around the view that is posted, such as the
    /// log-out's. Forms within views take theirs from
    /// [`CsrfToken::input`](crate::CsrfToken::input).
    ///
    /// ```
    /// use bennu::prelude::*;
    /// use bennu::{DOCTYPE, Page};
    ///
    /// fn root(page: &Page<'_>) -> Rendered {
    ///     html! {
    ///         (DOCTYPE)
    ///         html lang="en" {
    ///             head { (page.head()) }
    ///             body {
    ///                 form action=(link::path("/logout")) method="post" {
    ///                     (page.csrf_input())
    ///                     button { "Log out" }
    ///                 }
    ///                 (page.content())
    ///             }
    ///         }
    ///     }
    /// }
    /// ```
    pub fn csrf_input(&self) -> Rendered {
        bennu_macros::html! { input type="hidden" name=(CSRF_FIELD) value=(self.csrf_token); }
    }

    /// What belongs in `<head>`: character set, viewport, title, the token and
    /// the client's script. Scripts of your own come after it, deferred like it:
    /// they run in this order, and before the page connects.
    ///
    /// ```
    /// use bennu::prelude::*;
    /// use bennu::{DOCTYPE, Page};
    ///
    /// fn root(page: &Page<'_>) -> Rendered {
    ///     html! {
    ///         (DOCTYPE)
    ///         html lang="en" {
    ///             head {
    ///                 (page.head())
    ///                 // Bennu.hooks.Chart = { mounted() { … } };
    ///                 // Bennu.options.params = { zone: "Europe/Berlin" };
    ///                 script defer src=(link::path("/app.js")) {}
    ///             }
    ///             body { (page.content()) }
    ///         }
    ///     }
    /// }
    /// ```
    pub fn head(&self) -> Rendered {
        self.head_with_title("", "", "")
    }

    /// Like [`head`](Self::head), with the title of
    /// [`live_title`](Self::live_title).
    pub fn head_with_title(&self, prefix: &str, default: &str, suffix: &str) -> Rendered {
        bennu_macros::html! {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            (self.live_title(prefix, default, suffix))
            (self.client())
        }
    }

    /// The page's token and the client's script, for a head that is put together
    /// by hand; and its other scripts, if something on the page needs them. Where later
    /// changes of the page do, the client loads them.
    pub fn client(&self) -> Rendered {
        let Addresses {
            client,
            extra,
            forms,
            mend,
            navigation,
            faults,
            socket,
        } = self.addresses;
        bennu_macros::html! {
            meta name="csrf-token" content=(self.csrf_token);
            script defer src=(client) data-socket=(socket) data-extra=(extra) data-forms=(forms)
                data-mend=(mend) data-navigation=(navigation) phx-track-static {}
            @if self.needs.extra { script defer src=(extra) {} }
            @if self.needs.forms { script defer src=(forms) {} }
            @if self.needs.navigation { script defer src=(navigation) {} }
            @if let Some(faults) = faults { script defer src=(faults) {} }
        }
    }

    /// The element `title`, for a head that is put together by hand: `prefix`,
    /// the view's title or else `default`, and `suffix`. The parts around stay
    /// when a view changes its title.
    pub fn live_title(&self, prefix: &str, default: &str, suffix: &str) -> Rendered {
        let title = self
            .title
            .filter(|title| !title.is_empty())
            .unwrap_or(default);
        bennu_macros::html! {
            title data-prefix=(prefix) data-default=(default) data-suffix=(suffix) {
                (prefix) (title) (suffix)
            }
        }
    }

    /// The view: put it where the page's content goes, exactly once.
    #[must_use]
    pub fn content(&self) -> PreEscaped<&str> {
        PreEscaped(self.content)
    }
}

/// What a live layout puts together, each time its view is rendered.
///
/// ```
/// use bennu::prelude::*;
///
/// fn around(layout: &Layout<'_>) -> Rendered {
///     html! {
///         nav {
///             a ..(link::navigate("/todo"))
///                 aria-current=[(layout.uri() == "/todo").then_some("page")] { "To-do" }
///         }
///         @for (kind, text) in layout.flash().iter() key=(kind) {
///             p.(kind) phx-click="lv:clear-flash" phx-value-key=(kind) { (text) }
///         }
///         (layout.content())
///     }
/// }
/// # let bennu = Bennu::new(Config::new([0; 32]).unwrap());
/// let bennu = bennu.live_layout(around);
/// ```
#[derive(Debug)]
pub struct Layout<'l> {
    flash: &'l Flash,
    uri: &'l str,
    view: Rendered,
}

impl Layout<'_> {
    /// The notices to show.
    #[must_use]
    pub fn flash(&self) -> &Flash {
        self.flash
    }

    /// Path and query of the page's URL, such as `/items?page=2`.
    #[must_use]
    pub fn uri(&self) -> &str {
        self.uri
    }

    /// The view: put it where it belongs, exactly once.
    pub fn content(&self) -> &Rendered {
        &self.view
    }
}

/// The page of applications that give no layout of their own.
pub(crate) fn plain(page: &Page<'_>) -> Rendered {
    bennu_macros::html! {
        (crate::DOCTYPE)
        html lang="en" {
            head { (page.head()) }
            body { (page.content()) }
        }
    }
}
