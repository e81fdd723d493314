//! `#[derive(Event)]`: the names of a view's browser events, how they are read
//! from a message of the client and how they are written into attributes.
//! `model` reads the enum; this file writes the code.

pub(crate) mod model;

use bennu_syntax::names::constant;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::ext::IdentExt;

use self::model::{Data, Enum, Variant};

/// The implementations for the enum that the tokens declare.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    match syn::parse2(input) {
        Ok(input) => expand(&model::read(&input)),
        Err(error) => error.to_compile_error(),
    }
}

fn site() -> Span {
    Span::mixed_site()
}

fn expand(event: &Enum<'_>) -> TokenStream {
    let Enum {
        ident,
        variants,
        diagnostics,
        concrete,
        ..
    } = event;
    if !concrete {
        return quote_spanned!(site()=> #diagnostics);
    }
    let names = variants.iter().map(|variant| &variant.name);
    let arms = variants.iter().map(decode);
    let decode = quote_spanned! {site()=>
        match name {
            #(#arms)*
            _ => ::core::result::Result::Err(
                ::bennu::event::EventError::unknown(name, <Self as ::bennu::Event>::NAMES)
            ),
        }
    };
    let bind = bind(variants);
    let constants = constants(event);
    quote_spanned! {site()=>
        #diagnostics

        impl ::bennu::Event for #ident {
            const NAMES: &'static [&'static ::core::primitive::str] = &[#(#names),*];

            #[allow(unused_mut, unused_variables, reason = "an event may carry nothing")]
            fn decode(
                name: &::core::primitive::str,
                mut payload: ::bennu::event::Payload,
            ) -> ::core::result::Result<Self, ::bennu::event::EventError> {
                #decode
            }
        }

        impl ::bennu::__private::Binding for #ident {
            #[allow(unused_variables, reason = "an event may carry nothing")]
            fn bind(&self, attribute: &mut ::bennu::__private::BindingWriter<'_>) {
                #bind
            }
        }

        #[allow(dead_code, reason = "a view uses those that its template binds")]
        impl #ident {
            #(#constants)*
        }
    }
}

fn decode(variant: &Variant<'_>) -> TokenStream {
    let Variant { ident, name, data } = variant;
    let value = match data {
        Data::None => quote_spanned!(site()=> Self::#ident),
        Data::Whole => quote_spanned!(site()=> Self::#ident(payload.whole()?)),
        Data::Fields(fields) => {
            let names = fields.iter().map(|field| field.unraw().to_string());
            quote_spanned!(site()=> Self::#ident { #(#fields: payload.field(#names)?),* })
        }
        Data::Refused => return TokenStream::new(),
    };
    quote_spanned!(site()=> #name => ::core::result::Result::Ok(#value),)
}

fn bind(variants: &[Variant<'_>]) -> TokenStream {
    if variants.is_empty() {
        return TokenStream::new();
    }
    let arms = variants.iter().map(|Variant { ident, name, data }| {
        let event = quote_spanned!(site()=> attribute.event(#name););
        let constant = constant(ident);
        match data {
            Data::Refused => quote_spanned!(site()=> Self::#ident { .. } => {}),
            Data::None => quote_spanned!(site()=> Self::#ident { .. } => { #event }),
            Data::Whole => quote_spanned! {site()=>
                Self::#ident(value) => {
                    #[allow(unused_imports, reason = "which is used depends on the value")]
                    use ::bennu::__private::{CarryWhole as _, CarryWholeNothing as _, WholeEvent};
                    static EVENT: WholeEvent = WholeEvent {
                        name: #name,
                        constant: #constant,
                        told: ::std::sync::Once::new(),
                    };
                    (&&::bennu::__private::CarriedWhole(value)).carry(&EVENT, attribute);
                }
            },
            Data::Fields(fields) => {
                let values: Vec<Ident> = (0..fields.len())
                    .map(|index| format_ident!("value_{index}", span = site()))
                    .collect();
                // What can't be carried is said at its field.
                let carry = fields.iter().zip(&values).map(|(field, value)| {
                    let name = field.unraw().to_string();
                    let site = field.span().resolved_at(site());
                    quote_spanned! {site=>
                        (&&&&&&::bennu::__private::Carried(#value)).carry(#name, attribute);
                    }
                });
                quote_spanned! {site()=>
                    Self::#ident { #(#fields: #values),* } => {
                        #[allow(unused_imports, reason = "which are used depends on the fields")]
                        use ::bennu::__private::{
                            CarryForm as _, CarryNothing as _, CarryOption as _, CarryPlain as _,
                            CarrySerde as _, CarryText as _,
                        };
                        attribute.event_with_values(#name);
                        #(#carry)*
                    }
                }
            }
        }
    });
    quote_spanned! {site()=>
        ::bennu::event::aim::<Self>(attribute);
        match self { #(#arms)* }
    }
}

fn constants<'e>(event: &'e Enum<'_>) -> impl Iterator<Item = TokenStream> + 'e {
    let Enum {
        ident: r#enum,
        visibility,
        variants,
        ..
    } = event;
    variants.iter().map(move |Variant { ident, name, .. }| {
        let constant = Ident::new(&constant(ident), ident.span());
        let doc = format!(
            "The name of [`{enum}::{ident}`], for a binding whose values the browser gives."
        );
        quote_spanned! {site()=>
            #[doc = #doc]
            #visibility const #constant: ::bennu::event::EventName<#r#enum> =
                ::bennu::event::EventName::new(#name);
        }
    })
}

#[cfg(test)]
mod tests;
