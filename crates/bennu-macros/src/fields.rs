//! `#[derive(FormFields)]`: a constant for each field of a form's type, with the
//! name that serde reads it by.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Data, DeriveInput, Field, Fields, LitStr, Token};

use bennu_syntax::diagnostic::{Diagnostic, Diagnostics, Place};

/// The constants of the struct that the tokens declare.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    match syn::parse2(input) {
        Ok(input) => expand(&input),
        Err(error) => error.to_compile_error(),
    }
}

fn expand(input: &DeriveInput) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let fields = named(input, &mut diagnostics);
    let case = text_of(&input.attrs, "rename_all");
    let DeriveInput {
        ident,
        vis,
        generics,
        ..
    } = input;
    let constants = fields.iter().filter_map(|field| {
        let rust = field.ident.as_ref()?;
        let name = name(field, case.as_deref())?;
        let constant = Ident::new(&rust.unraw().to_string().to_uppercase(), rust.span());
        let doc = format!("The name of the field `{}` in a form.", rust.unraw());
        let site = Span::mixed_site();
        Some(quote_spanned! {site=>
            #[doc = #doc]
            #vis const #constant: &'static ::core::primitive::str = #name;
        })
    });
    let (of, for_type, bounds) = generics.split_for_impl();
    let site = Span::mixed_site();
    quote_spanned! {site=>
        #diagnostics

        #[allow(dead_code, reason = "a template uses those of the fields that it shows")]
        impl #of #ident #for_type #bounds {
            #(#constants)*
        }
    }
}

/// The fields with names; what has none is reported.
fn named<'d>(input: &'d DeriveInput, diagnostics: &mut Diagnostics) -> Vec<&'d Field> {
    let ident = &input.ident;
    let (place, message) = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return fields.named.iter().collect(),
            Fields::Unnamed(fields) => (Place::of(fields), "the fields of a form have names"),
            Fields::Unit => (ident.span().into(), "a form has fields"),
        },
        Data::Enum(_) | Data::Union(_) => (
            ident.span().into(),
            "the fields of a form are those of a struct",
        ),
    };
    diagnostics.push(Diagnostic::new(place, message).help(format_args!(
        "write `struct {ident} {{ title: String, … }}`"
    )));
    Vec::new()
}

/// The name that serde reads this field by; none if it doesn't, or if the fields
/// in it stand in its place.
fn name(field: &Field, case: Option<&str>) -> Option<String> {
    let has = |option| has(&field.attrs, option);
    if has("skip") || has("skip_deserializing") || has("flatten") {
        return None;
    }
    let rust = field.ident.as_ref()?.unraw().to_string();
    let given = text_of(&field.attrs, "rename");
    Some(given.unwrap_or_else(|| in_case(&rust, case)))
}

/// As serde renames the fields of a struct; a case that it doesn't know it
/// reports itself.
fn in_case(field: &str, case: Option<&str>) -> String {
    match case {
        Some("UPPERCASE" | "SCREAMING_SNAKE_CASE") => field.to_ascii_uppercase(),
        Some("kebab-case") => field.replace('_', "-"),
        Some("SCREAMING-KEBAB-CASE") => field.to_ascii_uppercase().replace('_', "-"),
        Some("PascalCase") => pascal(field),
        Some("camelCase") => {
            let pascal = pascal(field);
            let (first, rest) = pascal.split_at(pascal.chars().next().map_or(0, char::len_utf8));
            first.to_ascii_lowercase() + rest
        }
        _ => field.to_owned(),
    }
}

fn pascal(field: &str) -> String {
    let mut name = String::new();
    let mut starts = true;
    for letter in field.chars() {
        if letter == '_' {
            starts = true;
        } else if std::mem::take(&mut starts) {
            name.push(letter.to_ascii_uppercase());
        } else {
            name.push(letter);
        }
    }
    name
}

/// The text of `#[serde(OPTION = "…")]` or `#[serde(OPTION(deserialize = "…"))]`.
fn text_of(attributes: &[Attribute], option: &str) -> Option<String> {
    let mut found = None;
    each(attributes, |meta| {
        if !meta.path.is_ident(option) {
            return skip(meta);
        }
        if meta.input.peek(Token![=]) {
            found = Some(meta.value()?.parse::<LitStr>()?.value());
            return Ok(());
        }
        meta.parse_nested_meta(|side| {
            let text = side.value()?.parse::<LitStr>()?.value();
            if side.path.is_ident("deserialize") {
                found = Some(text);
            }
            Ok(())
        })
    });
    found
}

fn has(attributes: &[Attribute], option: &str) -> bool {
    let mut found = false;
    each(attributes, |meta| {
        found |= meta.path.is_ident(option);
        skip(meta)
    });
    found
}

/// Goes through the options of `#[serde(…)]`. What is wrong with them serde says.
fn each(attributes: &[Attribute], mut option: impl FnMut(&ParseNestedMeta<'_>) -> syn::Result<()>) {
    for attribute in attributes {
        if attribute.path().is_ident("serde") {
            let _ = attribute.parse_nested_meta(|meta| option(&meta));
        }
    }
}

/// Passes what an option is set to.
fn skip(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<syn::Expr>()?;
    } else if meta.input.peek(syn::token::Paren) {
        let inside;
        syn::parenthesized!(inside in meta.input);
        inside.parse::<TokenStream>()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use quote::quote;
    use syn::parse_quote;

    use super::*;

    /// The constants and their values.
    fn constants(input: TokenStream) -> Vec<(String, String)> {
        let file: syn::File = syn::parse2(derive(input)).expect("it is Rust");
        let items = file.items.into_iter().flat_map(|item| match item {
            syn::Item::Impl(block) => block.items,
            _ => panic!("only an impl is written"),
        });
        items
            .map(|item| match item {
                syn::ImplItem::Const(constant) => {
                    let value: LitStr = match constant.expr {
                        syn::Expr::Lit(literal) => {
                            let syn::Lit::Str(text) = literal.lit else {
                                panic!("the name is a text")
                            };
                            text
                        }
                        _ => panic!("the name is a literal"),
                    };
                    (constant.ident.to_string(), value.value())
                }
                _ => panic!("only constants are written"),
            })
            .collect()
    }

    fn check(input: TokenStream, expected: &[(&str, &str)]) {
        let expected: Vec<_> = (expected.iter())
            .map(|(constant, name)| ((*constant).to_owned(), (*name).to_owned()))
            .collect();
        assert_eq!(constants(input), expected);
    }

    #[test]
    fn a_field_is_named_as_serde_reads_it() {
        check(
            quote! {
                struct Ticket<'a, T: Clone> {
                    title: &'a str,
                    r#type: T,
                    #[serde(default, rename = "e-mail")]
                    mail: String,
                    #[serde(rename(serialize = "out", deserialize = "in"))]
                    both: String,
                    #[serde(alias = "x", with = "module", rename(serialize = "out"))]
                    written: String,
                    #[serde(default = "now", skip_deserializing)]
                    made: u64,
                    #[serde(skip)]
                    own: u64,
                    #[serde(flatten)]
                    rest: Rest,
                }
            },
            &[
                ("TITLE", "title"),
                ("TYPE", "type"),
                ("MAIL", "e-mail"),
                ("BOTH", "in"),
                ("WRITTEN", "written"),
            ],
        );
    }

    #[test]
    fn a_case_for_all_is_that_of_serde() {
        for (case, name) in [
            ("lowercase", "due_at_2"),
            ("UPPERCASE", "DUE_AT_2"),
            ("PascalCase", "DueAt2"),
            ("camelCase", "dueAt2"),
            ("snake_case", "due_at_2"),
            ("SCREAMING_SNAKE_CASE", "DUE_AT_2"),
            ("kebab-case", "due-at-2"),
            ("SCREAMING-KEBAB-CASE", "DUE-AT-2"),
        ] {
            let input: DeriveInput = parse_quote! {
                #[serde(deny_unknown_fields, rename_all = #case)]
                struct Ticket { due_at_2: String, #[serde(rename = "b")] body: String }
            };
            let expected = [("DUE_AT_2", name), ("BODY", "b")];
            check(quote!(#input), &expected);
        }
        check(
            quote! {
                #[serde(rename_all(serialize = "UPPERCASE", deserialize = "kebab-case"))]
                struct Ticket { due_at: String }
            },
            &[("DUE_AT", "due-at")],
        );
    }
}
