//! What a wrong template expands to: its messages, and an expression of the
//! right type, so that the compiler finds no more fault with the rest of the
//! file.

use proc_macro2::TokenStream;
use quote::quote;

use bennu_syntax::diagnostic::Diagnostics;
use bennu_syntax::split::{Template, split};

use crate::expand::expand;

/// The messages and as much of the template as was understood: its code is
/// checked in the same run, and no variable of the user looks unused.
pub(crate) fn with_code(diagnostics: &Diagnostics, template: &Template) -> TokenStream {
    let rendered = expand(template);
    quote!({ #diagnostics #rendered })
}

/// The messages alone, for a template that names variables whose `@let` was
/// not understood.
pub(crate) fn without_code(diagnostics: &Diagnostics) -> TokenStream {
    with_code(diagnostics, &split(Vec::new()))
}
