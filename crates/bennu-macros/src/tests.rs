//! The whole road of `html!` on tokens that no author would write: it never
//! panics, and what comes out is always an expression.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::expand_html;

const WORDS: &[&str] = &[
    ".",
    "#",
    "@",
    ";",
    "=",
    "-",
    ":",
    "?",
    "/",
    ",",
    "&",
    "|",
    "!",
    "<",
    ">",
    "+",
    "=>",
    "..",
    "p",
    "br",
    "x",
    "key",
    "if",
    "else",
    "for",
    "in",
    "while",
    "match",
    "let",
    "break",
    "continue",
    "loop",
    "self",
    "r#type",
    "_",
    "true",
    "phx",
    "click",
    "\"a\"",
    "\"javascript:\"",
    "'c'",
    "1",
    "2.5",
    "1_u8",
    "b\"x\"",
    "'a",
];

/// Templates to be broken, with all that the grammar has.
const TEMPLATES: &[&str] = &[
    r#"p.a."b:c"[x] #d title="t" data-x=(y) hidden[z] value=[w] phx-click=(e) { "text" (x) }"#,
    r#"@if let Some(x) = y && z { br; } @else if a { "b" } @else { (c) } input type="text" required;"#,
    r#"@match x { Some(1 | 2) if y => "a", Some(_) => { b {} } None => (z), } .c #d {}"#,
    r#"@for (i, x) in y.iter() key=(x.id) { @let Some(z) = x else { continue }; li { (i) (z) } }"#,
    r#"@while let Some(x) = y.next() { { @let z = 1; (z) } } p class={ "a" @if b { "c" } } {}"#,
    r#"p class=@match x { 1 => "a", _ => { "b" } } title={ @for y in z { (y) ", " } } { ; }"#,
];

fn tokens() -> impl Strategy<Value = TokenStream> {
    let word = select(WORDS).prop_map(|word| {
        let word = if word == "'a" { "'a x" } else { word };
        TokenStream::from_str(word).unwrap()
    });
    word.prop_recursive(4, 64, 8, |inner| {
        let delimiter = select(
            &[
                Delimiter::Brace,
                Delimiter::Parenthesis,
                Delimiter::Bracket,
                Delimiter::None,
            ][..],
        );
        (delimiter, prop::collection::vec(inner, 0..8)).prop_map(|(delimiter, inner)| {
            TokenTree::from(Group::new(delimiter, inner.into_iter().collect())).into()
        })
    })
}

/// Drops, doubles or moves a token, at any depth.
fn broken(tokens: TokenStream, at: &[Index], change: u8) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let Some((first, rest)) = at.split_first() else {
        return tokens.into_iter().collect();
    };
    if tokens.is_empty() {
        return TokenStream::new();
    }
    let index = first.index(tokens.len());
    match &tokens[index] {
        TokenTree::Group(group) if !rest.is_empty() => {
            let inner = broken(group.stream(), rest, change);
            tokens[index] = Group::new(group.delimiter(), inner).into();
        }
        token => match change % 4 {
            0 => drop(tokens.remove(index)),
            1 => tokens.insert(index, token.clone()),
            2 => tokens.rotate_left(index),
            _ => tokens.truncate(index),
        },
    }
    tokens.into_iter().collect()
}

#[track_caller]
fn check_total(tokens: TokenStream) {
    let source = tokens.to_string();
    let expanded = expand_html(tokens);
    if let Err(error) = syn::parse2::<syn::Expr>(expanded.clone()) {
        panic!("{error}: `{source}` expands to `{expanded}`");
    }
}

proptest! {
    #[test]
    fn any_tokens_expand_to_an_expression(tokens in prop::collection::vec(tokens(), 0..12)) {
        check_total(tokens.into_iter().collect());
    }

    #[test]
    fn broken_templates_expand_to_an_expression(
        template in select(TEMPLATES),
        breaks in prop::collection::vec((prop::collection::vec(any::<Index>(), 1..5), any::<u8>()), 0..4),
    ) {
        let mut tokens = TokenStream::from_str(template).unwrap();
        for (at, change) in breaks {
            tokens = broken(tokens, &at, change);
        }
        check_total(tokens);
    }
}

#[test]
fn the_templates_to_be_broken_are_whole() {
    for template in TEMPLATES {
        let expanded = expand_html(TokenStream::from_str(template).unwrap()).to_string();
        assert!(!expanded.contains("compile_error"), "{expanded}");
    }
}
