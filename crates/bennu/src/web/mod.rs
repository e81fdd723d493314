//! The only folder that names axum: requests come in here, for pages, for the
//! client's files and for WebSockets.

mod address;
mod assets;
mod children;
mod connections;
mod csrf;
mod entrance;
mod errors;
mod lint;
mod live;
mod mentions;
mod notices;
mod origin;
mod page;
mod posted;
mod request;
mod road;
mod routes;
mod serve;
mod websocket;

pub use connections::{ConnectionOwner, Connections, Shutdown};
pub use live::{Live, live};
pub use notices::Notices;
pub(crate) use posted::FIELD as CSRF_FIELD;
pub use posted::{CsrfToken, Posted, PostedError};
pub use routes::Bennu;
pub use serve::{Serve, serve};
