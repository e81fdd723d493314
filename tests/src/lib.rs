//! What crosses crates is tested here: this is the client in memory that the
//! tests drive an application with.
//!
//! A [`Server`] serves an application's router as its HTTP server would, but
//! over pipes in memory. A [`Browser`] asks it for pages and keeps cookies, a
//! [`Client`] is one WebSocket and speaks frames, and a [`Live`] page joins,
//! pushes events and applies what comes back to a replica, so that a test can
//! look at HTML. There are no sockets and no sleeps: with
//! `#[tokio::test(start_paused = true)]` time moves only when nothing else can.

mod browser;
mod cases;
mod client;
mod frame;
pub mod garden;
mod live;
mod page;
mod server;
pub mod shapes;

pub use browser::{Answer, Browser};
pub use cases::cases;
pub use client::{Came, Client};
pub use frame::{Frame, without_faults};
pub use live::Live;
pub use page::Page;
pub use server::Server;

/// The program in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
