//! Channels V2 (`protocol.md §1`): frames, and one WebSocket's worth of
//! channels.

pub(crate) mod frame;
pub(crate) mod outbox;
