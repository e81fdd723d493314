//! From tokens to [`ast`](crate::ast). After an error the parser goes on behind
//! the next `{ … }` or `;`, so that one run reports several. `control` and
//! `element` hold the grammar of what their names say; this file holds what
//! both stand on.

mod control;
mod element;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::buffer::Cursor;
use syn::ext::IdentExt;
use syn::parse::{ParseBuffer, ParseStream, Parser as _};
use syn::{Expr, Ident, Lit, Token, braced, token};

use crate::ast::{Code, Literal, Markup};
use crate::diagnostic::{Diagnostic, Diagnostics, Place};

type Parsed<T> = Result<T, Diagnostic>;

/// A template as it was written, as far as it was understood.
pub struct Source {
    /// Its content.
    pub markups: Vec<Markup>,
    /// What can't be read.
    pub diagnostics: Diagnostics,
    /// Whether an error swallowed a `@let`: what follows may name its variables.
    pub lost_binding: bool,
}

/// Parses a template. Never fails: what can't be read is reported and left out.
pub fn parse(tokens: TokenStream) -> Source {
    let mut parser = Parser::default();
    let markups = |input: ParseStream<'_>| {
        let content;
        braced!(content in input);
        Ok(parser.markups(&content, Context::Content))
    };
    let markups = markups.parse2(TokenTree::from(enclosed(tokens)).into());
    let markups = markups.unwrap_or_else(|error| {
        parser.diagnostics.push(error);
        Vec::new()
    });
    Source {
        markups,
        diagnostics: parser.diagnostics,
        lost_binding: parser.lost_binding,
    }
}

/// The template in braces that stand where its last token does: what is missing at
/// the end is reported there, and not at the whole macro.
fn enclosed(tokens: TokenStream) -> Group {
    let last = tokens.clone().into_iter().last();
    let mut group = Group::new(Delimiter::Brace, tokens);
    match last {
        Some(TokenTree::Group(last)) => group.set_span(last.span_close()),
        Some(last) => group.set_span(last.span()),
        None => {}
    }
    group
}

/// Where markup stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    Content,
    /// The value of an attribute, where no element can stand.
    Value,
}

#[derive(Debug, Default)]
struct Parser {
    diagnostics: Diagnostics,
    lost_binding: bool,
}

impl Parser {
    /// All that is left of `input`.
    fn markups(&mut self, input: ParseStream<'_>, context: Context) -> Vec<Markup> {
        let mut markups = Vec::new();
        while !input.is_empty() {
            let start = input.cursor();
            match self.markup(input, context) {
                Ok(markup) => markups.push(markup),
                Err(diagnostic) => {
                    self.diagnostics.push(diagnostic);
                    if input.cursor() == start {
                        skip(input);
                    }
                    if !ends_statement(start, input.cursor()) {
                        skip_statement(input);
                    }
                }
            }
        }
        markups
    }

    fn markup(&mut self, input: ParseStream<'_>, context: Context) -> Parsed<Markup> {
        if input.peek(token::Brace) {
            Ok(Markup::Block(self.block(input, context)?.1))
        } else if input.peek(Lit) {
            Ok(Markup::Literal(self.literal(input, context)?))
        } else if input.peek(token::Paren) {
            Ok(Markup::Splice(splice(input)?))
        } else if input.peek(Token![@]) {
            self.at(input, context)
        } else if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
            Ok(Markup::Nothing)
        } else if control::is_keyword(input) {
            self.keyword_without_at(input, context)
        } else if input.peek(Ident::peek_any) || input.peek(Token![.]) || input.peek(Token![#]) {
            self.element_in(input, context)
        } else {
            let found = Found::next(input);
            Err(
                Diagnostic::new(found.place, format_args!("expected markup, found {found}")).help(
                    "markup is an element, a \"literal\", a (splice), a { block } or @if, @for, …",
                ),
            )
        }
    }

    fn element_in(&mut self, input: ParseStream<'_>, context: Context) -> Parsed<Markup> {
        let place = Place::from(input.span());
        let element = self.element(input)?;
        if context == Context::Value {
            let first = element.name.as_ref().map_or(place, |name| name.place);
            return Err(Diagnostic::new(
                first,
                "an element can't stand in the value of an attribute",
            )
            .help("a variable or another expression goes into parentheses: `(name)`"));
        }
        Ok(Markup::Element(element))
    }

    /// `{ … }`
    fn block(&mut self, input: ParseStream<'_>, context: Context) -> Parsed<(Span, Vec<Markup>)> {
        let (content, span) = braces(input)?;
        Ok((span, self.markups(&content, context)))
    }

    /// A literal; in the value of an attribute numbers and characters are fine.
    fn literal(&mut self, input: ParseStream<'_>, context: Context) -> Parsed<Literal> {
        let literal: Lit = input.parse()?;
        let place = Place::from(literal.span());
        let number = |suffix: &str, text: &str| {
            (context == Context::Value && suffix.is_empty()).then(|| text.to_owned())
        };
        let text = match &literal {
            Lit::Str(text) => Some(text.value()),
            Lit::Int(int) => number(int.suffix(), int.base10_digits()),
            Lit::Float(float) => number(float.suffix(), float.base10_digits()),
            Lit::Char(char) => (context == Context::Value).then(|| char.value().to_string()),
            _ => None,
        };
        if text.is_none() {
            // Fixed text is fixed text, wherever its quotes are missing: what
            // follows it is understood all the same.
            self.diagnostics.push(unquoted(&literal));
        }
        Ok(Literal {
            text: text.unwrap_or_default(),
            place,
        })
    }
}

fn unquoted(literal: &Lit) -> Diagnostic {
    let place = Place::of(literal);
    match literal {
        Lit::Bool(_) => Diagnostic::new(place, "the value of an attribute is a string")
            .help("an attribute without a value stands alone: `checked`")
            .help("one that comes and goes has its condition in brackets: `checked[is_checked]`"),
        Lit::Int(_) | Lit::Float(_) => Diagnostic::new(place, "text is written in double quotes")
            .help(format_args!("write `\"{}\"`", Found::text(literal))),
        Lit::Char(char) => Diagnostic::new(place, "text is written in double quotes")
            .help(format_args!("write `{:?}`", char.value().to_string())),
        _ => Diagnostic::new(place, "text is a string literal, not bytes"),
    }
}

/// `(expression)`
fn splice(input: ParseStream<'_>) -> Parsed<Code> {
    let (content, span) = parens(input)?;
    code(&content, span, "the parentheses hold no expression")
}

/// `[expression]`
fn bracketed(input: ParseStream<'_>) -> Parsed<Code> {
    let (content, span) = brackets(input)?;
    code(&content, span, "the brackets hold no condition")
}

fn parenthesized(input: ParseStream<'_>) -> Parsed<Code> {
    let (content, span) = parens(input)?;
    code(&content, span, "the parentheses hold no attributes")
}

fn code(content: ParseStream<'_>, span: Span, empty: &str) -> Parsed<Code> {
    if content.is_empty() {
        return Err(Diagnostic::new(span, empty));
    }
    let expr = content.parse::<Expr>();
    // Invariant: a delimited stream is left empty, or syn reports its rest.
    let rest = content.parse::<TokenStream>()?;
    let expr = expr?;
    if let Some(token) = rest.into_iter().next() {
        return Err(Diagnostic::new(
            token.span(),
            format_args!(
                "expected the end of the expression, found {}",
                Found::of(&token)
            ),
        ));
    }
    Ok(Code { expr, span })
}

fn braces<'i>(input: ParseStream<'i>) -> syn::Result<(ParseBuffer<'i>, Span)> {
    let content;
    let token = braced!(content in input);
    Ok((content, token.span.join()))
}

fn parens<'i>(input: ParseStream<'i>) -> syn::Result<(ParseBuffer<'i>, Span)> {
    let content;
    let token = syn::parenthesized!(content in input);
    Ok((content, token.span.join()))
}

fn brackets<'i>(input: ParseStream<'i>) -> syn::Result<(ParseBuffer<'i>, Span)> {
    let content;
    let token = syn::bracketed!(content in input);
    Ok((content, token.span.join()))
}

/// Drops one token; at the end nothing.
fn skip(input: ParseStream<'_>) -> Option<TokenTree> {
    input.parse().ok()
}

/// Whether the last of these tokens is a `{ … }` or a `;`.
fn ends_statement(start: Cursor<'_>, end: Cursor<'_>) -> bool {
    let mut cursor = start;
    let mut ends = false;
    while cursor != end
        && let Some((token, next)) = cursor.token_tree()
    {
        ends = match token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Ident(_) | TokenTree::Literal(_) => false,
        };
        cursor = next;
    }
    ends
}

/// Drops all up to and with the next `{ … }` or `;`, and the `@else`s behind.
fn skip_statement(input: ParseStream<'_>) {
    loop {
        let block = input.peek(token::Brace);
        let last = block || input.peek(Token![;]);
        if skip(input).is_none() {
            return;
        }
        let goes_on = block && input.peek(Token![@]) && input.peek2(Token![else]);
        if last && !goes_on {
            return;
        }
    }
}

/// The token that stands where another was expected.
#[derive(Debug)]
struct Found {
    place: Place,
    text: String,
}

impl Found {
    fn next(input: ParseStream<'_>) -> Self {
        match input.fork().parse::<TokenTree>() {
            Ok(token) => Self::of(&token),
            Err(error) => Self {
                place: error.span().into(),
                text: "the end".to_owned(),
            },
        }
    }

    /// As [`next`](Self::next); the end is shown at what it follows.
    fn after(place: Place, input: ParseStream<'_>) -> Self {
        let found = Self::next(input);
        if input.is_empty() {
            return Self { place, ..found };
        }
        found
    }

    fn of(token: &TokenTree) -> Self {
        let (span, text) = match token {
            TokenTree::Group(group) => {
                let text = Self::text(group);
                let open = text.chars().next().unwrap_or_default();
                (group.span_open(), format!("`{open}`"))
            }
            TokenTree::Ident(ident) => (ident.span(), format!("`{ident}`")),
            TokenTree::Punct(punct) => (punct.span(), format!("`{punct}`")),
            TokenTree::Literal(literal) => (literal.span(), format!("`{literal}`")),
        };
        Self {
            place: span.into(),
            text,
        }
    }

    fn text(tokens: &impl quote::ToTokens) -> String {
        tokens.to_token_stream().to_string()
    }
}

impl std::fmt::Display for Found {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.text)
    }
}
