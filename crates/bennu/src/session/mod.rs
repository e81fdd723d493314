//! One connected view: its mailbox, its join, its task and its turns.
//!
//! Knows no HTTP server and no WebSocket: mail comes in, frames go out, and the
//! way through the application's router is the trait
//! [`Road`](navigation::Road).

pub(crate) mod channels;
pub(crate) mod client;
pub(crate) mod components;
pub(crate) mod departure;
pub(crate) mod erased;
pub(crate) mod family;
pub(crate) mod join;
pub(crate) mod mailbox;
pub(crate) mod navigation;
pub(crate) mod nest;
pub(crate) mod peer;
pub(crate) mod refusal;
pub(crate) mod sender;
pub(crate) mod task;
pub(crate) mod token;
pub(crate) mod turn;
