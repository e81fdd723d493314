//! What a wrong template or derive tells its author: a message on the culprit,
//! with help lines. Several are collected in one run.

use std::fmt::Display;

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// The first and the last token of something in the source.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    start: Span,
    end: Span,
}

impl Place {
    /// From one token to another.
    #[must_use]
    pub fn new(start: Span, end: Span) -> Self {
        Self { start, end }
    }

    /// From the first to the last of these tokens.
    pub fn of(tokens: &impl ToTokens) -> Self {
        let mut tokens = tokens.to_token_stream().into_iter();
        let Some(first) = tokens.next() else {
            return Span::call_site().into();
        };
        let start = first.span();
        Self::new(start, tokens.last().map_or(start, |last| last.span()))
    }

    /// The first token.
    #[must_use]
    pub fn start(self) -> Span {
        self.start
    }

    /// From the start of this to the end of `last`.
    pub fn to(self, last: impl Into<Self>) -> Self {
        Self::new(self.start, last.into().end)
    }
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self::new(span, span)
    }
}

/// One message.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    place: Place,
    text: String,
}

impl Diagnostic {
    /// A message on this place.
    pub fn new(place: impl Into<Place>, message: impl Display) -> Self {
        Self {
            place: place.into(),
            text: message.to_string(),
        }
    }

    /// Adds a help line.
    pub fn help(mut self, help: impl Display) -> Self {
        self.text.push_str("\nhelp: ");
        self.text.push_str(&help.to_string());
        self
    }

    /// Adds a help line if there is one.
    pub fn maybe_help(self, help: Option<impl Display>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// The message with its help lines.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl From<syn::Error> for Diagnostic {
    fn from(error: syn::Error) -> Self {
        Self::new(error.span(), error)
    }
}

/// A `compile_error!` whose tokens carry the spans of both ends, from which
/// the compiler underlines all between them.
impl ToTokens for Diagnostic {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Place { start, end } = self.place;
        let colons = |tokens: &mut TokenStream| {
            for spacing in [Spacing::Joint, Spacing::Alone] {
                let mut colon = Punct::new(':', spacing);
                colon.set_span(start);
                tokens.extend([TokenTree::from(colon)]);
            }
        };
        colons(tokens);
        tokens.extend([TokenTree::from(Ident::new("core", start))]);
        colons(tokens);
        let mut bang = Punct::new('!', Spacing::Alone);
        bang.set_span(start);
        let mut text = Literal::string(&self.text);
        text.set_span(end);
        let mut group = Group::new(Delimiter::Brace, TokenTree::from(text).into());
        group.set_span(end);
        tokens.extend([
            TokenTree::from(Ident::new("compile_error", start)),
            TokenTree::from(bang),
            TokenTree::from(group),
        ]);
    }
}

/// All messages of one run, in the order they were found.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a message.
    pub fn push(&mut self, diagnostic: impl Into<Diagnostic>) {
        self.list.push(diagnostic.into());
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The messages.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }
}

impl ToTokens for Diagnostics {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for diagnostic in &self.list {
            diagnostic.to_tokens(tokens);
        }
    }
}
