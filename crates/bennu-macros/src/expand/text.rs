//! A dynamic that is one text: the value of an attribute, or a part of a tag
//! that comes and goes.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::{Expander, branches, site, value, writer};
use bennu_syntax::ast::{Code, Control};
use bennu_syntax::split::{Piece, Url};

impl Expander {
    pub(super) fn pieces(&mut self, pieces: &[Piece]) -> TokenStream {
        pieces.iter().map(|piece| self.piece(piece)).collect()
    }

    /// The attributes that code brings to an element with these classes.
    pub(super) fn rest(&mut self, code: &Code, classes: &[Piece]) -> TokenStream {
        let writer = writer();
        let value = value(code);
        let method = |name| Ident::new(name, site().located_at(code.span));
        if classes.is_empty() {
            let fill = method("fill");
            return quote_spanned! {site()=>
                ::bennu::__private::Attributes::#fill(&#value, #writer.place());
            };
        }
        let merge = method("fill_after_classes");
        let pieces = self.pieces(classes);
        quote_spanned! {site()=>
            match &#value {
                rest => {
                    #writer.raw(" class=\"");
                    #pieces
                    ::bennu::__private::Attributes::#merge(rest, #writer.inline());
                    #writer.end_text();
                }
            }
        }
    }

    fn piece(&mut self, piece: &Piece) -> TokenStream {
        let writer = writer();
        match piece {
            Piece::Raw(html) => quote_spanned!(site()=> #writer.raw(#html);),
            Piece::Let(local) => local.to_token_stream(),
            Piece::Scope(pieces) => {
                let pieces = self.pieces(pieces);
                quote!({ #pieces })
            }
            Piece::Splice(code) => self.splice(code, "inline"),
            Piece::Toggle(condition, pieces) => {
                let condition = value(condition);
                let pieces = self.pieces(pieces);
                quote_spanned!(site()=> if #condition { #pieces })
            }
            Piece::Url(url, pieces) => {
                let pieces = self.pieces(pieces);
                judged(url, &pieces)
            }
            Piece::Optional(name, option, url) => {
                let start = format!(" {name}=\"");
                let inner = Code {
                    expr: syn::parse_quote_spanned!(site()=> inner),
                    span: option.span,
                };
                let mut splice = self.splice(&inner, "inline");
                if let Some(url) = url {
                    splice = judged(url, &splice);
                }
                let option = value(option);
                quote_spanned! {site()=>
                    if let ::core::option::Option::Some(inner) = #option {
                        #writer.raw(#start);
                        #splice
                        #writer.raw("\"");
                    }
                }
            }
            Piece::Control(Control::For(each)) => {
                let (pattern, iterable) = (&each.pattern, &each.iterable);
                let body = self.pieces(&each.body);
                quote_spanned!(site()=> for #pattern in #iterable { #body })
            }
            Piece::Control(Control::While(each)) => {
                let condition = &each.condition;
                let body = self.pieces(&each.body);
                quote_spanned!(site()=> while #condition { #body })
            }
            Piece::Control(control) => {
                branches(control, |pieces| self.pieces(pieces), TokenStream::new)
            }
        }
    }
}

/// Judges the address that `write` writes.
fn judged(url: &Url, write: &TokenStream) -> TokenStream {
    let writer = writer();
    let (element, attribute) = (&url.element, &url.attribute);
    let kind = Ident::new(url.kind, site());
    let start = Ident::new("start", site());
    let kind = quote_spanned!(site()=> ::bennu::__private::UrlKind::#kind);
    // Stands at the attribute, all of it: there a refused address is reported.
    let end = quote_spanned!(url.span=> end_url(#start, #kind, #element, #attribute));
    quote_spanned! {site()=>
        {
            let #start = #writer.start_url();
            #write
            #writer.#end;
        }
    }
}
