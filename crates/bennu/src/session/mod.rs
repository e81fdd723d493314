//! One connected view: its mailbox, its task and its turns.
//!
//! Knows no HTTP and no sockets: mail comes in, frames go out.

pub(crate) mod erased;
pub(crate) mod mailbox;
