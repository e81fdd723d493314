//! LiveView for Rust.

// Lets `::bennu` in the expansions of our macros be found inside this crate.
extern crate self as bennu;

mod channel;
mod effect;
mod error;
pub mod event;
mod flash;
mod session;
mod socket;
mod view;

pub use bennu_core::{Binding, BindingWriter, Filled, Place, PreEscaped, Render, Rendered};
pub use bennu_pubsub::{PubSub, Topic};
pub use error::{Error, Result};
pub use event::{Event, Never};
pub use flash::Flash;
pub use socket::{Socket, Task};
pub use view::{LiveView, Reason};

#[doc(hidden)]
pub use bennu_core::__private;
