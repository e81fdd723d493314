//! LiveView for Rust: live web pages in Rust alone, on axum.
//!
//! A page is a type with [`LiveView`]: its fields are the state, `render` is
//! the page, handlers change the state. A request gets it as HTML; then the
//! browser opens one WebSocket, and a task on the server holds the state,
//! handles events, renders again and sends the difference.
//!
//! ```no_run
//! use axum::{Router, routing::get};
//! use bennu::prelude::*;
//!
//! struct Counter {
//!     count: i64,
//! }
//!
//! #[derive(Event)]
//! enum Msg {
//!     Inc,
//! }
//!
//! impl LiveView for Counter {
//!     type Params = ();
//!     type Event = Msg;
//!     type Info = Never;
//!
//!     async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
//!         Ok(Self { count: 0 })
//!     }
//!
//!     async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
//!         match event {
//!             Msg::Inc => self.count += 1,
//!         }
//!         Ok(())
//!     }
//!
//!     fn render(&self) -> Rendered {
//!         html! {
//!             p { "Clicked " (self.count) " times" }
//!             button phx-click=(Msg::Inc) { "Click" }
//!         }
//!     }
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let routes = Router::new().route("/", get(live::<Counter>()));
//!     let app = Bennu::new(Config::from_env()?).serve(routes);
//!     let listener = tokio::net::TcpListener::bind("127.0.0.1:4000").await?;
//!     bennu::serve(listener, app).await?;
//!     Ok(())
//! }
//! ```
//!
//! | to | see |
//! |---|---|
//! | write a page | [`LiveView`], [`html!`], [`Socket`] |
//! | take events from the browser | [`Event`](macro@Event), the module [`event`] |
//! | show long lists, chats, feeds | [`Stream`] |
//! | use elements that come ready | the module [`element`] |
//! | link pages | the module [`link`] |
//! | let an address have any scheme | [`TrustedUrl`] |
//! | share parts of pages, and give them a state | the module [`component`], [`LiveComponent`] |
//! | take forms | [`Form`], the module [`form`](mod@form) |
//! | let the browser do things by itself | [`Js`], the module [`js`](mod@js) |
//! | put views into views | [`live_child`], [`live_sticky`], the module [`child`] |
//! | take forms that are posted | [`Posted`], [`CsrfToken`] |
//! | put pages into an application | [`Bennu`], [`live`], [`LiveSession`], [`Page`] |
//! | tell views of what happens elsewhere | [`Socket::subscribe`], [`PubSub`], [`Topic`] |
//! | load what takes a while | [`Async`], [`Socket::load`], [`Socket::start`] |
//! | run code around many views | the module [`hook`] |
//! | fail, redirect, answer 404 | [`Error`], [`ErrorPage`] |
//! | guard pages, and tell a child from a page | [`LiveRequest`], [`Notices`], [`Live::child_only`] |
//! | lead to a path that a visitor brings | [`LocalPath`] |
//! | log visitors in and out | [`CsrfToken`], [`Connections`], [`ConnectionOwner`] |
//! | set the secret and the limits | [`Config`], [`Limits`] |
//!
//! Parts that pages share are functions that return [`Rendered`]; see the module
//! [`component`].
//!
//! What happens is logged with `tracing`: faults of the application as errors and
//! warnings; mounts, patches and events, and what peers do wrong, for debugging.
//! Values of events, parameters and queries are not logged: there may be a password
//! among them. To see more, attach a [`Hook`](hook::Hook).

// Lets `::bennu` in the expansions of our macros be found inside this crate.
extern crate self as bennu;

mod channel;
pub mod child;
pub mod component;
mod config;
mod connect;
mod effect;
pub mod element;
mod error;
mod error_page;
pub mod event;
mod fault;
mod flash;
pub mod form;
pub mod hook;
pub mod js;
mod layout;
pub mod link;
mod local_path;
mod path;
mod public;
mod quoted;
mod refused_url;
mod request;
mod seldom;
mod session;
mod socket;
mod view;
mod web;
mod work;

#[doc = include_str!("stream.md")]
pub use bennu_core::Stream;
/// What goes with a [`Stream`].
pub mod stream {
    pub use bennu_core::{Inserts, Limit, Limited};
}
pub use bennu_core::{
    Attributes, Binding, BindingWriter, Filled, Inserts, LongText, Place, PreEscaped, Render,
    Rendered, TrustedUrl, long_text,
};
pub use bennu_macros::{Event, html};
pub use bennu_pubsub::{PubSub, Topic};
pub use child::{Child, live_child, live_sticky};
pub use component::{Callback, Component, ComponentId, LiveComponent, live_component};
pub use config::{Config, ConfigError, Limits};
pub use error::{Error, Result};
pub use error_page::ErrorPage;
pub use event::{Event, Never};
pub use flash::Flash;
pub use form::Form;
pub use js::Js;
pub use layout::{Layout, LiveSession, Page};
pub use local_path::{LocalPath, LocalPathError};
pub use request::LiveRequest;
pub use socket::{ComponentKind, Socket, Stateful, Task, ViewKind};
pub use view::{LiveView, Reason};
pub use web::{
    Bennu, ConnectionOwner, Connections, CsrfToken, Live, Notices, Posted, PostedError, Serve,
    Shutdown, live, serve,
};
pub use work::{Async, AsyncState, Failure};

/// The document type, first in a root layout: `(DOCTYPE)`.
pub const DOCTYPE: PreEscaped<&str> = PreEscaped("<!DOCTYPE html>");

/// What a file with a view needs.
pub mod prelude {
    pub use crate::{
        Async, AsyncState, Attributes, Bennu, Callback, Config, CsrfToken, DOCTYPE, Error, Event,
        Flash, Form, Js, Layout, LiveComponent, LiveSession, LiveView, Never, Notices, Page,
        Posted, PreEscaped, Render, Rendered, Result, Socket, Stream, Topic, html, link, live,
        live_child, live_component, live_sticky,
    };
}

#[doc(hidden)]
pub mod __private {
    pub use bennu_core::__private::*;

    pub use crate::event::carry::*;
}
