//! What an event enum declares, and what is wrong with it.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, DeriveInput, Fields, LitStr, Visibility};

use bennu_syntax::diagnostic::{Diagnostic, Diagnostics, Place};
use bennu_syntax::names::words;
use bennu_syntax::nearest;

pub(super) struct Enum<'d> {
    pub(super) ident: &'d Ident,
    pub(super) visibility: &'d Visibility,
    pub(super) variants: Vec<Variant<'d>>,
    pub(super) diagnostics: Diagnostics,
    /// Whether there is a type to implement something for.
    pub(super) concrete: bool,
}

pub(super) struct Variant<'d> {
    pub(super) ident: &'d Ident,
    /// The event's name in attributes and messages.
    pub(super) name: String,
    pub(super) data: Data<'d>,
}

/// What an event carries.
pub(super) enum Data<'d> {
    None,
    /// One type that reads all that the browser sent: a form.
    Whole,
    /// A value per field: `phx-value-FIELD`.
    Fields(Vec<&'d Ident>),
    /// Something that was reported.
    Refused,
}

/// How the names of variants become the names of events.
#[derive(Clone, Copy)]
enum Case {
    Snake,
    Kebab,
    Camel,
}

const CASES: &[(&str, Case)] = &[
    ("snake_case", Case::Snake),
    ("kebab-case", Case::Kebab),
    ("camelCase", Case::Camel),
];

pub(super) fn read(input: &DeriveInput) -> Enum<'_> {
    let mut reader = Reader {
        diagnostics: Diagnostics::default(),
        case: Case::Snake,
    };
    reader.case = reader.case(&input.attrs);
    if !input.generics.params.is_empty() {
        reader.diagnostics.push(
            Diagnostic::new(
                Place::of(&input.generics),
                "an event enum has no generic parameters",
            )
            .help("it is made from what a browser sends: its fields are owned and concrete"),
        );
    }
    let variants = match &input.data {
        syn::Data::Enum(data) => data
            .variants
            .iter()
            .map(|variant| reader.variant(variant))
            .collect(),
        syn::Data::Struct(_) | syn::Data::Union(_) => {
            reader.diagnostics.push(
                Diagnostic::new(input.ident.span(), "events are an enum, a variant each").help(
                    format_args!(
                        "write `enum {} {{ Save, Remove {{ id: u64 }} }}`",
                        input.ident
                    ),
                ),
            );
            Vec::new()
        }
    };
    reader.duplicates(&variants);
    Enum {
        ident: &input.ident,
        visibility: &input.vis,
        variants,
        diagnostics: reader.diagnostics,
        concrete: input.generics.params.is_empty(),
    }
}

struct Reader {
    diagnostics: Diagnostics,
    case: Case,
}

impl Reader {
    fn variant<'d>(&mut self, variant: &'d syn::Variant) -> Variant<'d> {
        let data = match &variant.fields {
            Fields::Unit => Data::None,
            Fields::Named(fields) => Data::Fields(
                fields
                    .named
                    .iter()
                    .filter_map(|field| field.ident.as_ref())
                    .collect(),
            ),
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Data::Whole,
            Fields::Unnamed(fields) => {
                self.diagnostics.push(
                    Diagnostic::new(
                        fields.span(),
                        "the values of an event have names, as `phx-value-…` has",
                    )
                    .help(format_args!(
                        "write `{} {{ first: …, second: … }}`",
                        variant.ident
                    )),
                );
                Data::Refused
            }
        };
        Variant {
            ident: &variant.ident,
            name: self.name(variant),
            data,
        }
    }

    fn name(&mut self, variant: &syn::Variant) -> String {
        let given = self.attribute(&variant.attrs, "name");
        let Some(given) = given else {
            return named(&variant.ident.unraw().to_string(), self.case);
        };
        let name = given.value();
        let wrong = if name.starts_with("lv:") {
            Some("the names that start with `lv:` belong to the protocol")
        } else if name.starts_with('[') {
            Some("the client takes what starts with `[` for a command")
        } else if name.is_empty() {
            Some("an event has a name")
        } else {
            None
        };
        if let Some(wrong) = wrong {
            let help = named(&variant.ident.unraw().to_string(), self.case);
            self.diagnostics.push(
                Diagnostic::new(given.span(), wrong)
                    .help(format_args!("without this attribute the name is `{help}`")),
            );
        }
        name
    }

    fn case(&mut self, attributes: &[Attribute]) -> Case {
        let Some(given) = self.attribute(attributes, "rename_all") else {
            return self.case;
        };
        let name = given.value();
        if let Some((_, case)) = CASES.iter().find(|(case, _)| *case == name) {
            return *case;
        }
        let near = nearest(&name, CASES.iter().map(|(case, _)| *case));
        self.diagnostics.push(
            Diagnostic::new(given.span(), format_args!("there is no case `{name}`"))
                .maybe_help(near.map(|near| format!("did you mean `{near}`?")))
                .help("the cases are `snake_case` (as without this), `kebab-case` and `camelCase`"),
        );
        self.case
    }

    /// The string of `#[event(KEY = "…")]`, the only key that is allowed here.
    fn attribute(&mut self, attributes: &[Attribute], key: &str) -> Option<LitStr> {
        let mut found = None;
        for attribute in attributes {
            if !attribute.path().is_ident("event") {
                continue;
            }
            let parsed = attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident(key) {
                    found = Some(meta.value()?.parse::<LitStr>()?);
                    return Ok(());
                }
                Err(meta.error(format_args!(
                    "there is no such option\nhelp: write `#[event({key} = \"…\")]`"
                )))
            });
            if let Err(error) = parsed {
                self.diagnostics.push(error);
            }
        }
        found
    }

    fn duplicates(&mut self, variants: &[Variant<'_>]) {
        for (index, variant) in variants.iter().enumerate() {
            let Some(first) = variants[..index]
                .iter()
                .find(|first| first.name == variant.name)
            else {
                continue;
            };
            self.diagnostics.push(
                Diagnostic::new(
                    variant.ident.span(),
                    format_args!(
                        "`{}` and `{}` have the same name `{}`",
                        first.ident, variant.ident, variant.name
                    ),
                )
                .help("give one of them another: `#[event(name = \"…\")]`"),
            );
        }
    }
}

fn named(variant: &str, case: Case) -> String {
    let words = words(variant);
    match case {
        Case::Snake => words.join("_"),
        Case::Kebab => words.join("-"),
        Case::Camel => {
            let mut name = String::new();
            for word in words {
                let mut chars = word.chars();
                match chars.next() {
                    Some(first) if !name.is_empty() => name.extend(first.to_uppercase()),
                    Some(first) => name.push(first),
                    None => {}
                }
                name.push_str(chars.as_str());
            }
            name
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_become_names_word_by_word() {
        for (variant, snake, kebab, camel) in [
            ("Inc", "inc", "inc", "inc"),
            ("SetTo", "set_to", "set-to", "setTo"),
            ("GetHTML", "get_html", "get-html", "getHtml"),
            ("HTMLPage", "html_page", "html-page", "htmlPage"),
            ("Step2", "step2", "step2", "step2"),
            ("A", "a", "a", "a"),
        ] {
            assert_eq!(named(variant, Case::Snake), snake);
            assert_eq!(named(variant, Case::Kebab), kebab);
            assert_eq!(named(variant, Case::Camel), camel);
        }
    }
}
