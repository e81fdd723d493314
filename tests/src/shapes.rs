//! A live application whose pages are random trees of all that a template can
//! hold, in all places: elements, functions, branches, nested templates, raw
//! markup, components and their slots, forms, children, portals, lists and
//! streams with entries of every such kind.
//!
//! A [`Run`] serves an [`Application`] in memory. What the pages show stands in a
//! `World` beside the views, which its steps change at random. So what a client has to show at
//! any time is known without a diff: it is the page as a fresh GET brings it.
//! [`all`] names the shapes that a run may be allowed.
//!
//! `tests/tests/session/shapes.rs` runs it with the replica, and
//! `js-client/test/shapes.test.ts`, by `tests/examples/shapes.rs`, with Phoenix's
//! client and with ours; `tests/src/bin/walk-app` serves it to real browsers.

mod app;
mod change;
mod choices;
mod items;
mod node;
mod note;
mod part;
mod run;
mod shape;
mod template;
mod view;
mod words;
mod world;

pub use app::{Application, Facts, FieldEntry, Step};
pub use choices::Choices;
pub use run::{Arrival, Run};
pub use shape::{Shapes, all};
