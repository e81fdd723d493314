//! Channels V2 (`protocol.md §1`): one WebSocket, its frames, and what bounds them.
//! Knows no HTTP server and no views: frames go to a
//! [`FrameHandler`](connection::FrameHandler).

pub(crate) mod budget;
pub(crate) mod connection;
pub(crate) mod frame;
pub(crate) mod outbox;
pub(crate) mod rate;
pub(crate) mod websocket;
