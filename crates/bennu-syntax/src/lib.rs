//! The grammar of `html!`: what a template says, what is wrong with it, and which of it
//! changes.
//!
//! [`read`] is what the macro does with its tokens; [`parse`] stops at what was written,
//! which is what a formatter wants. It writes no code and knows no crate of Bennu.
//!
//! ```
//! let tokens = "p { \"Hello \" (name) }".parse()?;
//! let reading = bennu_syntax::read(tokens);
//! assert!(reading.diagnostics.is_empty());
//! assert_eq!(reading.template.statics, ["<p>Hello ", "</p>"]);
//! # Ok::<(), proc_macro2::LexError>(())
//! ```
#![expect(
    missing_debug_implementations,
    reason = "expressions of the user's have none without a feature of syn that costs build time"
)]

pub mod ast;
mod check;
pub mod diagnostic;
mod jump;
pub mod names;
mod nearest;
mod parse;
mod phx;
pub mod split;
mod stream;
mod url;

use proc_macro2::TokenStream;

use diagnostic::Diagnostics;

pub use nearest::nearest;
pub use parse::{Source, parse};

/// A template, taken apart.
pub struct Reading {
    /// As much of it as was understood.
    pub template: split::Template,
    /// What is wrong with it.
    pub diagnostics: Diagnostics,
    /// Whether an error swallowed a `@let`: what follows may name its variables.
    pub lost_binding: bool,
}

/// Reads, checks and splits a template. Never fails: what is wrong is reported, and left
/// out where it can't be understood.
#[must_use]
pub fn read(tokens: TokenStream) -> Reading {
    let Source {
        mut markups,
        mut diagnostics,
        lost_binding,
    } = parse(tokens);
    check::check(&markups, &mut diagnostics);
    stream::mark(&mut markups);
    let template = split::split(markups);
    jump::check(&template, &mut diagnostics);
    Reading {
        template,
        diagnostics,
        lost_binding,
    }
}

#[cfg(test)]
mod tests;
