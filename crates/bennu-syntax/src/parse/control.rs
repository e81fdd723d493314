//! `@if`, `@match`, `@for`, `@while` and `@let`.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Pat, Stmt, Token, parse_quote, token};

use super::{Context, Found, Parsed, Parser, braces, splice};
use crate::ast::{Arm, Code, Control, For, If, Markup, Match, Stand, While};
use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;

const KEYWORDS: &[&str] = &["if", "else", "match", "for", "while", "memo", "let"];

const AFTER_FOR: &str = "the head of `@for`";

/// What may stand between the head of a `@for` and its body.
const OF_FOR: [&str; 2] = ["key", "memo"];

/// Whether a keyword stands here whose `@` is missing.
pub(super) fn is_keyword(input: ParseStream<'_>) -> bool {
    input.peek(Token![if])
        || input.peek(Token![else])
        || input.peek(Token![match])
        || input.peek(Token![for])
        || input.peek(Token![while])
        || input.peek(Token![let])
}

impl Parser {
    /// `@keyword …`
    pub(super) fn at(&mut self, input: ParseStream<'_>, context: Context) -> Parsed<Markup> {
        let at = input.parse::<Token![@]>()?;
        if is_keyword(input) {
            return self.control(input, context);
        }
        if at_word(input) == Some("memo") {
            return self.memo(input, context);
        }
        let found = Found::next(input);
        let Ok(word) = input.call(Ident::parse_any) else {
            return Err(Diagnostic::new(
                at.span,
                format_args!("expected a keyword after `@`, found {found}"),
            )
            .help(
                "the keywords are `@if`, `@else`, `@match`, `@for`, `@while`, `@memo` and `@let`",
            ));
        };
        let near = nearest(&word.to_string(), KEYWORDS.iter().copied());
        Err(
            Diagnostic::new(word.span(), format_args!("there is no `@{word}`")).maybe_help(
                near.map(|near| format!("did you mean `@{near}`?"))
                    .or_else(|| {
                        Some("a name that starts with `@` goes into quotes: `\"@click\"`".into())
                    }),
            ),
        )
    }

    pub(super) fn keyword_without_at(
        &mut self,
        input: ParseStream<'_>,
        context: Context,
    ) -> Parsed<Markup> {
        let word = input.fork().call(Ident::parse_any)?;
        let diagnostic = Diagnostic::new(word.span(), format_args!("found the keyword `{word}`"))
            .help(format_args!("write `@{word}`"));
        // What follows may be wrong in its own right, but one message is
        // enough to mend this line.
        let Ok(markup) = self.control(input, context) else {
            return Err(diagnostic);
        };
        self.diagnostics.push(diagnostic);
        Ok(markup)
    }

    fn control(&mut self, input: ParseStream<'_>, context: Context) -> Parsed<Markup> {
        if input.peek(Token![let]) {
            return self.binding(input);
        }
        let control = if input.peek(Token![if]) {
            Control::If(self.branches(input, context)?)
        } else if input.peek(Token![match]) {
            Control::Match(self.arms(input, context)?)
        } else if input.peek(Token![for]) {
            Control::For(Box::new(self.each(input, context)?))
        } else if input.peek(Token![while]) {
            input.parse::<Token![while]>()?;
            Control::While(While {
                condition: head(input, "condition")?,
                body: self.body(input, context, "the condition of `@while`")?,
            })
        } else {
            let word = input.call(Ident::parse_any)?;
            return Err(Diagnostic::new(word.span(), "`@else` without an `@if`")
                .help("`@else` follows the closing brace of an `@if` or of an `@else if`"));
        };
        Ok(Markup::Control(control))
    }

    fn binding(&mut self, input: ParseStream<'_>) -> Parsed<Markup> {
        let place = input.span();
        match input.parse() {
            Ok(Stmt::Local(local)) => Ok(Markup::Let(local)),
            Ok(_) => {
                self.lost_binding = true;
                Err(Diagnostic::new(place, "expected a `let` statement"))
            }
            Err(error) => {
                self.lost_binding = true;
                Err(Diagnostic::from(error).help("write `@let name = value;`"))
            }
        }
    }

    fn branches(&mut self, input: ParseStream<'_>, context: Context) -> Parsed<If<Vec<Markup>>> {
        let mut branches = Vec::new();
        loop {
            input.parse::<Token![if]>()?;
            let condition = head(input, "condition")?;
            branches.push((
                condition,
                self.body(input, context, "the condition of `@if`")?,
            ));
            if !(input.peek(Token![@]) && input.peek2(Token![else])) {
                return Ok(If {
                    branches,
                    otherwise: None,
                });
            }
            input.parse::<Token![@]>()?;
            input.parse::<Token![else]>()?;
            if input.peek(Token![@]) && input.peek2(Token![if]) {
                let at = input.parse::<Token![@]>()?;
                self.diagnostics
                    .push(Diagnostic::new(at.span, "one `@` is enough").help("write `@else if …`"));
            }
            if !input.peek(Token![if]) {
                return Ok(If {
                    branches,
                    otherwise: Some(self.body(input, context, "`@else`")?),
                });
            }
        }
    }

    fn arms(&mut self, input: ParseStream<'_>, context: Context) -> Parsed<Match<Vec<Markup>>> {
        input.parse::<Token![match]>()?;
        let scrutinee = head(input, "value")?;
        expect_body(input, "the value of `@match`")?;
        let (content, _) = braces(input)?;
        let mut arms = Vec::new();
        while !content.is_empty() {
            match self.arm(&content, context) {
                Ok(arm) => arms.push(arm),
                Err(diagnostic) => {
                    // Without this arm the others need not be exhaustive.
                    content.parse::<proc_macro2::TokenStream>()?;
                    return Err(diagnostic);
                }
            }
        }
        Ok(Match { scrutinee, arms })
    }

    fn arm(&mut self, input: ParseStream<'_>, context: Context) -> Parsed<Arm<Vec<Markup>>> {
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        let guard = if input.peek(Token![if]) {
            input.parse::<Token![if]>()?;
            Some(input.parse::<Expr>()?)
        } else {
            None
        };
        input.parse::<Token![=>]>()?;
        let body = match self.markup(input, context)? {
            Markup::Block(body) => body,
            markup => vec![markup],
        };
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        }
        Ok(Arm {
            pattern,
            guard,
            body,
        })
    }

    fn each(&mut self, input: ParseStream<'_>, context: Context) -> Parsed<For<Vec<Markup>>> {
        input.parse::<Token![for]>()?;
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        input.parse::<Token![in]>()?;
        let iterable = head(input, "iterator")?;
        let key = of_for(input, "key")?;
        let memo = of_for(input, "memo")?;
        for (code, name) in [(&key, "key"), (&memo, "memo")] {
            if let Some(code) = code
                && context == Context::Value
            {
                self.diagnostics.push(
                    Diagnostic::new(
                        code.span,
                        format_args!("a `@for` in an attribute value takes no `{name}`"),
                    )
                    .help("the value of an attribute is sent as one text"),
                );
            }
        }
        Ok(For {
            pattern,
            iterable,
            key,
            memo,
            stand: Stand::default(),
            body: self.body(input, context, AFTER_FOR)?,
        })
    }

    /// `@memo value { … }`: a list of one entry, whose memo it is.
    fn memo(&mut self, input: ParseStream<'_>, context: Context) -> Parsed<Markup> {
        let word = input.parse::<Ident>()?;
        let expr = head(input, "memo")?;
        let memo = Code {
            span: expr.span(),
            expr,
        };
        let body = self.body(input, context, "the value of `@memo`")?;
        if context == Context::Value {
            self.diagnostics.push(
                Diagnostic::new(word.span(), "there is no `@memo` in an attribute value")
                    .help("the value of an attribute is sent as one text"),
            );
        }
        Ok(Markup::Control(Control::For(Box::new(For {
            pattern: parse_quote!(()),
            iterable: parse_quote!([()]),
            key: None,
            memo: Some(memo),
            stand: Stand::default(),
            body,
        }))))
    }

    fn body(
        &mut self,
        input: ParseStream<'_>,
        context: Context,
        after: &str,
    ) -> Parsed<Vec<Markup>> {
        expect_body(input, after)?;
        Ok(self.block(input, context)?.1)
    }
}

/// The expression between a keyword and its `{`.
fn head(input: ParseStream<'_>, what: &str) -> Parsed<Expr> {
    if input.is_empty() || input.peek(token::Brace) {
        let found = Found::next(input);
        return Err(Diagnostic::new(
            found.place,
            format_args!("expected a{} {what}, found {found}", n(what)),
        ));
    }
    Ok(input.call(Expr::parse_without_eager_brace)?)
}

fn n(what: &str) -> &'static str {
    if what.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "n"
    } else {
        ""
    }
}

/// `key=(…)` or `memo=(…)`, if it stands here.
fn of_for(input: ParseStream<'_>, name: &str) -> Parsed<Option<Code>> {
    if at_word(input).is_none_or(|word| word != name) {
        return Ok(None);
    }
    let word = input.parse::<Ident>()?;
    let help = match name {
        "memo" => "write `@for row in rows key=(row.id) memo=(row.version) { … }`",
        _ => "write `@for row in rows key=(row.id) { … }`",
    };
    if !input.peek(Token![=]) {
        let problem = format_args!("`{name}` has no value");
        return Err(Diagnostic::new(word.span(), problem).help(help));
    }
    input.parse::<Token![=]>()?;
    if !input.peek(token::Paren) {
        let found = Found::next(input);
        return Err(Diagnostic::new(
            found.place,
            format_args!("expected `(` after `{name}=`, found {found}"),
        )
        .help(help));
    }
    splice(input).map(Some)
}

/// The word of [`OF_FOR`] that stands here.
fn at_word(input: ParseStream<'_>) -> Option<&'static str> {
    let word = input.fork().parse::<Ident>().ok()?;
    OF_FOR.into_iter().find(|name| word == name)
}

fn expect_body(input: ParseStream<'_>, after: &str) -> Parsed<()> {
    if input.peek(token::Brace) {
        return Ok(());
    }
    let found = Found::next(input);
    match at_word(input) {
        // In this order: an iterable may be followed by both.
        Some("key") if after == AFTER_FOR => {
            return Err(
                Diagnostic::new(found.place, "`key` stands in front of `memo`")
                    .help("write `@for row in rows key=(row.id) memo=(row.version) { … }`"),
            );
        }
        Some(word) if after != AFTER_FOR => {
            return Err(
                Diagnostic::new(found.place, format_args!("only `@for` takes a `{word}`"))
                    .help("write `@for row in rows key=(row.id) { … }`"),
            );
        }
        _ => {}
    }
    Err(Diagnostic::new(
        found.place,
        format_args!("expected `{{` after {after}, found {found}"),
    ))
}
