//! Tests of forms: the encoding, the decoding, and what a form shows.

mod controls;
mod decoding;
mod encoding;
#[cfg(feature = "garde")]
mod garde;
mod hostile;
mod lists;
mod names;
mod properties;
mod showing;
