//! Elements, their attributes, and names.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Lit, LitInt, LitStr, Token, token};

use super::{Context, Found, Parsed, Parser, bracketed, parenthesized};
use crate::ast::{Attribute, Body, Element, Literal, Markup, Value};
use crate::check::is_void;
use crate::diagnostic::{Diagnostic, Place};

impl Parser {
    pub(super) fn element(&mut self, input: ParseStream<'_>) -> Parsed<Element> {
        let start = Place::from(input.span());
        let name = if input.peek(Ident::peek_any) {
            Some(name(input)?)
        } else {
            None
        };
        let mut attributes = Vec::new();
        while input.peek(Ident::peek_any)
            || input.peek(Lit)
            || input.peek(Token![.])
            || input.peek(Token![#])
        {
            attributes.push(self.attribute(input)?);
        }
        let body = self.element_body(input, start, name.as_ref())?;
        Ok(Element {
            name,
            attributes,
            body,
        })
    }

    fn element_body(
        &mut self,
        input: ParseStream<'_>,
        start: Place,
        name: Option<&Literal>,
    ) -> Parsed<Body> {
        if input.peek(token::Brace) {
            let (span, markups) = self.block(input, Context::Content)?;
            return Ok(Body::Block(span, markups));
        }
        if input.peek(Token![;]) {
            return Ok(Body::None(input.parse::<Token![;]>()?.span));
        }
        if input.peek(Token![/]) {
            let slash = input.parse::<Token![/]>()?;
            self.diagnostics.push(
                Diagnostic::new(
                    slash.span,
                    "an element without a body ends with `;`, not `/`",
                )
                .help("write `;` here"),
            );
            return Ok(Body::None(slash.span));
        }
        let place = name.map_or(start, |name| name.place);
        let name = name.map_or("div", |name| &name.text);
        Err(no_body(input, place, name))
    }

    fn attribute(&mut self, input: ParseStream<'_>) -> Parsed<Attribute> {
        let start = Place::from(input.span());
        // A lone `.` would match the first of the two.
        if input.peek(Token![..]) {
            input.parse::<Token![..]>()?;
            return rest(input, start);
        }
        if input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            let (value, end) = self.shorthand(input, start, ".")?;
            let toggle = if input.peek(token::Bracket) {
                Some(bracketed(input)?)
            } else {
                None
            };
            return Ok(Attribute::Class {
                place: start.to(end),
                value,
                toggle,
            });
        }
        if input.peek(Token![#]) {
            input.parse::<Token![#]>()?;
            let (value, end) = self.shorthand(input, start, "#")?;
            return Ok(Attribute::Id {
                place: start.to(end),
                value,
            });
        }
        let name = name(input)?;
        if input.peek(Token![?]) {
            // An old spelling of an attribute without a value.
            input.parse::<Token![?]>()?;
        }
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            if input.peek(token::Bracket) {
                Value::Optional(bracketed(input)?)
            } else {
                Value::Markup(self.value(input, &name)?)
            }
        } else if input.peek(token::Bracket) {
            Value::Toggled(bracketed(input)?)
        } else {
            Value::Empty
        };
        Ok(Attribute::Named { name, value })
    }

    /// What follows the `.` of a class or the `#` of an id.
    fn shorthand(
        &mut self,
        input: ParseStream<'_>,
        start: Place,
        sign: &str,
    ) -> Parsed<(Markup, Place)> {
        if input.peek(Ident::peek_any) || input.peek(Lit) {
            let name = name(input)?;
            let place = name.place;
            return Ok((Markup::Literal(name), place));
        }
        let found = Found::after(start, input);
        if starts_value(input) {
            let value = self.markup(input, Context::Value)?;
            self.refuse_binding(&value);
            return Ok((value, found.place));
        }
        let what = if sign == "." { "a class" } else { "an id" };
        Err(Diagnostic::new(
            found.place,
            format_args!("expected {what} after `{sign}`, found {found}"),
        )
        .help(format_args!(
            "write `{sign}name`, `{sign}(expression)` or `{sign}{{ \"name-\" (expression) }}`"
        )))
    }

    fn value(&mut self, input: ParseStream<'_>, attribute: &Literal) -> Parsed<Markup> {
        if starts_value(input) {
            let value = self.markup(input, Context::Value)?;
            self.refuse_binding(&value);
            return Ok(value);
        }
        let found = Found::after(attribute.place, input);
        let name = &attribute.text;
        let diagnostic = Diagnostic::new(
            found.place,
            format_args!("expected a value after `{name}=`, found {found}"),
        );
        Err(match input.fork().call(Ident::parse_any) {
            Ok(word) => diagnostic.help(format_args!("write `{name}=({word})` or `{name}=\"{word}\"`")),
            Err(_) => diagnostic.help(format_args!(
                "a value is a \"literal\", an (expression) or a {{ block }}; without one write `{name}`"
            )),
        })
    }

    fn refuse_binding(&mut self, value: &Markup) {
        if let Markup::Let(local) = value {
            self.lost_binding = true;
            self.diagnostics.push(
                Diagnostic::new(Place::of(local), "`@let` can stand only inside a block")
                    .help("write it in front of the element, or wrap the value in braces"),
            );
        }
    }
}

/// What follows the `..` of attributes that the code brings.
fn rest(input: ParseStream<'_>, start: Place) -> Parsed<Attribute> {
    if input.peek(token::Paren) {
        return Ok(Attribute::Rest(parenthesized(input)?));
    }
    let found = Found::after(start, input);
    Err(Diagnostic::new(
        found.place,
        format_args!("expected attributes after `..`, found {found}"),
    )
    .help("write `..(attributes)`, with `bennu::Attributes`"))
}

fn starts_value(input: ParseStream<'_>) -> bool {
    input.peek(token::Brace) || input.peek(Lit) || input.peek(token::Paren) || input.peek(Token![@])
}

/// The name of an element, an attribute, a class or an id: words, numbers and
/// strings with `-` and `:` between them.
fn name(input: ParseStream<'_>) -> Parsed<Literal> {
    let start = Place::from(input.span());
    let mut place = start;
    let mut text = String::new();
    loop {
        if input.peek(Ident::peek_any) {
            let word = input.call(Ident::parse_any)?;
            place = start.to(word.span());
            text.push_str(&word.unraw().to_string());
        } else if input.peek(LitInt) {
            let int = input.parse::<LitInt>()?;
            place = start.to(int.span());
            text.push_str(&int.to_string());
        } else if input.peek(LitStr) {
            let string = input.parse::<LitStr>()?;
            place = start.to(string.span());
            text.push_str(&string.value());
        } else if !(input.peek(Token![-]) || input.peek(Token![:])) {
            let found = Found::next(input);
            return Err(Diagnostic::new(
                found.place,
                format_args!("expected a name, found {found}"),
            )
            .help(
                "a name with other characters than letters, digits, `-` and `:` goes into quotes",
            ));
        }
        if input.peek(Token![-]) {
            input.parse::<Token![-]>()?;
            text.push('-');
        } else if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            text.push(':');
        } else {
            return Ok(Literal { text, place });
        }
    }
}

fn no_body(input: ParseStream<'_>, place: Place, name: &str) -> Diagnostic {
    let found = Found::next(input);
    let diagnostic = if input.is_empty() {
        Diagnostic::new(place, format_args!("`{name}` has no body"))
    } else {
        Diagnostic::new(
            found.place,
            format_args!("expected `{{` or `;` after `{name}`, found {found}"),
        )
    };
    if input.peek(token::Paren) && (input.peek2(Token![=])) {
        diagnostic.help("the name of an attribute can't be computed")
    } else if is_void(name) {
        diagnostic.help(format_args!("write `{name};`"))
    } else {
        diagnostic.help(format_args!("write `{name} {{ … }}`"))
    }
}
