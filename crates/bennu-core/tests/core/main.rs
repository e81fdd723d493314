//! The laws of the core, from outside: what is rendered is what a client shows.

mod components;
mod examples;
mod fixtures;
mod laws;
mod lists;
mod streams;
mod tree;
