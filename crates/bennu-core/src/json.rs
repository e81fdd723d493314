//! As much JSON as the wire format needs: strings are written, and whole values
//! are read for the [replica](crate::replica). No key is known here.

mod read;
mod write;

pub use read::{Json, JsonError};
pub(crate) use write::{is_special, write_escape, write_string};
