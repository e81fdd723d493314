//! Sessions as their peers see them: frames in, frames out, paused time.

#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]
#![allow(
    clippy::needless_pass_by_value,
    reason = "payloads are written in place with json!"
)]

mod children;
mod components;
mod connect;
mod dead_render;
mod diffs;
mod disconnect;
mod ends;
mod error_pages;
mod events;
mod extensions;
mod failures;
mod flash;
mod forge;
mod frames;
mod guards;
mod hooks;
mod hostile;
mod http2;
mod join;
mod limits;
mod logged;
mod loops;
mod messages;
mod navigation;
mod outcomes;
mod posted;
mod prefix;
mod races;
mod random;
mod road;
mod scripts;
mod security;
mod serve;
mod shapes;
mod shutdown;
mod slow_readers;
mod stage;
mod streams;
mod upgrade;
mod websocket;
mod work;
