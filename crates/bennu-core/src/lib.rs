//! Templates, rendering, diffs and the wire format of Bennu.
//!
//! This crate is total and pure: it knows no async, no IO, no clock and no
//! serde, and nothing that a template, a peer or a list of equal keys brings
//! makes it panic. `html!` (in `bennu-macros`) writes a [`Rendered`] through a
//! [`Writer`](__private::Writer); a [`Prints`] remembers a hash per dynamic; a
//! diff of the two is written for the wire by [`wire`].
//!
//! Applications depend on the crate `bennu`, which re-exports what they need.

mod attributes;
mod binding;
mod diff;
mod digits;
mod escape;
mod hash;
mod html;
mod index;
mod json;
mod long_text;
mod memo;
mod operations;
mod placement;
mod prints;
mod render;
mod rendered;
mod rerender;
mod scan;
mod sink;
mod splice;
mod stream;
mod tape;
mod template;
pub mod url;
pub mod wire;

pub use attributes::Attributes;
pub use binding::{Binding, BindingWriter, Pushed, Target};
pub use long_text::{LongText, long_text};
pub use placement::Placement;
pub use prints::Prints;
pub use render::{Filled, Place, PreEscaped, Render};
pub use rendered::Rendered;
pub use stream::{Inserts, Limit, Limited, Stream};
pub use template::Template;
pub use url::TrustedUrl;

/// What the expansion of `html!` names. Not for use by hand: it changes
/// without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::hash::Keys;
    pub use crate::rendered::{ListMark, NodeMark, Writer};
    pub use crate::splice::{
        BindEvent, BindNothing, BindText, Bound, Splice, ViaDisplay, ViaMaud, ViaNothing, ViaRender,
    };
    pub use crate::stream::{HasIds, InStream, Iterated, Stand, ViaList, ViaStream};
    pub use crate::url::UrlKind;
    pub use crate::{
        Attributes, Binding, BindingWriter, Filled, Place, PreEscaped, Render, Rendered, Template,
    };
}
