//! Channels V2 (`protocol.md §1`): frames, and one WebSocket's worth of
//! channels. Knows no HTTP server and no templates.

pub(crate) mod budget;
pub(crate) mod channels;
pub(crate) mod connection;
pub(crate) mod frame;
pub(crate) mod outbox;
pub(crate) mod rate;
pub(crate) mod websocket;
