//! Tests of forms: the encoding, the decoding, and what a form shows.

mod decoding;
mod encoding;
mod properties;
mod showing;
