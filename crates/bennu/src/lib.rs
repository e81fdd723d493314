//! LiveView for Rust: live web pages written in Rust alone, on axum.

// Lets `::bennu` in the expansions of our macros be found inside this crate.
extern crate self as bennu;

mod channel;
mod config;
mod effect;
mod error;
pub mod event;
mod flash;
pub mod form;
mod layout;
mod session;
mod socket;
mod view;
mod web;

pub use bennu_core::{Binding, BindingWriter, Filled, Place, PreEscaped, Render, Rendered};
pub use bennu_macros::{Event, html};
pub use bennu_pubsub::{PubSub, Topic};
pub use config::{Config, ConfigError, Limits};
pub use error::{Error, Result};
pub use event::{Event, Never};
pub use flash::Flash;
pub use form::Form;
pub use layout::{LiveSession, Page};
pub use socket::{Socket, Task};
pub use view::{LiveView, Reason};
pub use web::{Bennu, Live, Shutdown, live};

/// The document type, first in a root layout: `(DOCTYPE)`.
pub const DOCTYPE: PreEscaped<&str> = PreEscaped("<!DOCTYPE html>");

/// What a file with a view needs.
pub mod prelude {
    pub use crate::{
        Bennu, Config, DOCTYPE, Error, Event, Flash, Form, LiveSession, LiveView, Never, Page,
        PreEscaped, Render, Rendered, Result, Socket, Topic, html, live,
    };
}

#[doc(hidden)]
pub use bennu_core::__private;
