//! The trait that a live page implements.

use std::any::type_name;
use std::future::Future;

use bennu_core::Rendered;

use crate::error::Result;
use crate::event::Event;
use crate::fault;
use crate::socket::Socket;

/// A live page: state on the server, a template, and handlers that change the
/// state.
///
/// A request first gets the page as HTML (*dead render*: [`mount`],
/// [`handle_params`], [`render`]). The browser then opens a WebSocket and joins:
/// the same three run again, [`Socket::connected`] is true now, and the value
/// lives on in a task of its own until the page is left. After each handler
/// the view is rendered again and the difference is sent.
///
/// Write the methods as `async fn`.
///
/// ```
/// use bennu::prelude::*;
///
/// struct Counter {
///     count: i64,
/// }
///
/// #[derive(Event)]
/// enum Msg {
///     Inc,
/// }
///
/// impl LiveView for Counter {
///     type Params = ();
///     type Event = Msg;
///     type Info = Never;
///
///     async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
///         Ok(Self { count: 0 })
///     }
///
///     async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
///         match event {
///             Msg::Inc => self.count += 1,
///         }
///         Ok(())
///     }
///
///     fn render(&self) -> Rendered {
///         html! {
///             button phx-click=(Msg::Inc) { "Clicked " (self.count) " times" }
///         }
///     }
/// }
/// ```
///
/// [`mount`]: Self::mount
/// [`handle_params`]: Self::handle_params
/// [`render`]: Self::render
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a live view",
    note = "implement `LiveView` for it: `mount`, `render` and the types of its messages"
)]
pub trait LiveView: Sized + Send + 'static {
    /// What the view takes from the request: any axum extractor of the request's
    /// head, or a tuple of them, such as `(Path<u64>, State<Db>, CurrentUser)`.
    /// Only the route knows the state that they are extracted with, so the compiler
    /// says of another type there that `Live<View>` is no `Handler`. It can't say so
    /// here: "extracted with some state" is no bound in Rust (an `impl` for it has a
    /// parameter that nothing constrains, E0207), and a bound on one certain state would
    /// refuse `State<Db>`.
    ///
    /// The extractors run for a GET, for a join and for a patch, each time
    /// through the application's whole router with its middleware; where one of
    /// them rejects, no view is mounted. A join and a patch bring the headers
    /// with which the browser opened its WebSocket: a session that was ended in
    /// a store is noticed, a cookie that was only deleted in the browser is
    /// not. Events ask nobody; keep in the view what they may do.
    type Params: Send + Sync + 'static;

    /// What the browser can ask for; [`Never`](crate::Never) if nothing.
    type Event: Event;

    /// Messages from the server: topics, timers, tasks; [`Never`](crate::Never)
    /// if none.
    type Info: Send + 'static;

    /// Makes the view: for the dead render, and again when the browser joins.
    /// When the browser leaves meanwhile, it is dropped where it waits.
    ///
    /// # Errors
    /// An error keeps the page from being shown; see [`Error`](crate::Error) for
    /// redirects and statuses.
    fn mount(
        params: &Self::Params,
        socket: &mut Socket<Self>,
    ) -> impl Future<Output = Result<Self>> + Send;

    /// Called after [`mount`](Self::mount) and each time the URL changes within
    /// this view (a *patch*): the one place for state that lives in the URL.
    ///
    /// ```
    /// use axum::extract::Query;
    /// use bennu::prelude::*;
    /// use serde::Deserialize;
    ///
    /// #[derive(Clone, Default, Deserialize)]
    /// struct Address {
    ///     #[serde(default)]
    ///     page: u32,
    /// }
    ///
    /// struct Tickets {
    ///     page: u32,
    /// }
    ///
    /// impl LiveView for Tickets {
    ///     type Params = Query<Address>;
    ///     type Event = Never;
    ///     type Info = Never;
    ///
    ///     async fn mount(_: &Query<Address>, _: &mut Socket<Self>) -> Result<Self> {
    ///         Ok(Self { page: 0 })
    ///     }
    ///
    ///     async fn handle_params(
    ///         &mut self,
    ///         Query(address): Query<Address>,
    ///         _: &mut Socket<Self>,
    ///     ) -> Result {
    ///         self.page = address.page;
    ///         Ok(())
    ///     }
    ///
    ///     fn render(&self) -> Rendered {
    ///         html! {
    ///             p { "Page " (self.page) }
    ///             a ..(link::patch(format!("/tickets?page={}", self.page + 1))) { "Next" }
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// As for [`handle_event`](Self::handle_event).
    fn handle_params(
        &mut self,
        params: Self::Params,
        socket: &mut Socket<Self>,
    ) -> impl Future<Output = Result> + Send {
        let _ = (params, socket);
        async { Ok(()) }
    }

    /// Called for each event of the browser. Without it they do nothing, which is
    /// logged once.
    ///
    /// # Errors
    /// An error ends this view, as a panic would: the browser joins again and
    /// mounts it anew. A redirect or a status sends the browser there.
    fn handle_event(
        &mut self,
        event: Self::Event,
        socket: &mut Socket<Self>,
    ) -> impl Future<Output = Result> + Send {
        let _ = event;
        socket.show_fault(fault::unhandled(type_name::<Self>()));
        async { Ok(()) }
    }

    /// Called for each message of the server.
    ///
    /// # Errors
    /// As for [`handle_event`](Self::handle_event).
    fn handle_info(
        &mut self,
        info: Self::Info,
        socket: &mut Socket<Self>,
    ) -> impl Future<Output = Result> + Send {
        let _ = (info, socket);
        async { Ok(()) }
    }

    /// The view as HTML, written with [`html!`](crate::html). It must only read
    /// the state.
    fn render(&self) -> Rendered;

    /// Called when a connected view ends without an error: the browser left,
    /// lost the connection, or the server stops. It may take as long as
    /// [`Limits::terminate`](crate::Limits::terminate).
    fn terminate(&mut self, reason: Reason) -> impl Future<Output = ()> + Send {
        let _ = reason;
        async {}
    }
}

/// Why a connected view ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The browser left for another view, or the view sent it elsewhere.
    Left,
    /// The connection was lost or closed; the browser may come back and mount
    /// the view anew.
    Disconnected,
    /// The server is stopping.
    Shutdown,
}
