//! Writes a split template as Rust code: calls of the core's `Writer`, in the
//! order of the places. The code of the user stands in it as it is, in no
//! closure, so that `?`, `return` and `.await` work.
//!
//! Our names are resolved where the macro is defined, so the user's can't
//! clash with them; a `static` stands in a block of its own for the same
//! reason. `::bennu` is the one name that the user's crate must know. Texts of
//! several pieces are written in `text`.

mod text;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::fingerprint::{fingerprint, of_code};
use bennu_syntax::ast::{Arm, Code, Control, For, If, Match, Stand, While};
use bennu_syntax::split::{Step, Template};

/// The expression that renders the template: a `Rendered`.
pub(crate) fn expand(template: &Template) -> TokenStream {
    let statics = statics(template);
    if template.steps.is_empty() {
        return quote_spanned!(site()=> ::bennu::__private::Writer::new(#statics).finish());
    }
    let mut expander = Expander::default();
    let steps = expander.steps(&template.steps);
    let imports = expander.imports();
    let writer = writer();
    quote_spanned! {site()=>
        {
            #imports
            let mut #writer = ::bennu::__private::Writer::new(#statics);
            #steps
            #writer.finish()
        }
    }
}

fn site() -> Span {
    Span::mixed_site()
}

fn writer() -> Ident {
    Ident::new("bennu_writer", site())
}

/// A reference to the static half.
fn statics(template: &Template) -> TokenStream {
    let constructor = Ident::new(
        if template.element {
            "hashed_element"
        } else {
            "hashed_fragment"
        },
        site(),
    );
    let fingerprint = fingerprint(&template.statics);
    let statics = template.statics.iter().map(|html| Literal::string(html));
    quote_spanned! {site()=>
        {
            static TEMPLATE: ::bennu::__private::Template =
                ::bennu::__private::Template::#constructor(&[#(#statics),*], #fingerprint);
            &TEMPLATE
        }
    }
}

#[derive(Debug, Default)]
struct Expander {
    /// What starts the entry of the loop around, until its first dynamic.
    /// `@let`s in front of that may still leave the loop or go to its next
    /// turn: nothing of the entry was written yet.
    entry: Option<TokenStream>,
    splices: bool,
    bindings: bool,
    lists: bool,
}

impl Expander {
    fn imports(&self) -> TokenStream {
        let splices = self.splices.then(|| {
            quote!(
                ViaDisplay as _,
                ViaMaud as _,
                ViaNothing as _,
                ViaRender as _,
            )
        });
        let bindings = self
            .bindings
            .then(|| quote!(BindEvent as _, BindNothing as _, BindText as _,));
        let lists = self.lists.then(|| quote!(ViaList as _, ViaStream as _,));
        if splices.is_none() && bindings.is_none() && lists.is_none() {
            return TokenStream::new();
        }
        quote_spanned! {site()=>
            #[allow(unused_imports, reason = "which of them is used depends on the values")]
            use ::bennu::__private::{#splices #bindings #lists};
        }
    }

    fn steps(&mut self, steps: &[Step]) -> TokenStream {
        steps.iter().map(|step| self.step(step)).collect()
    }

    fn step(&mut self, step: &Step) -> TokenStream {
        match step {
            Step::Let(local) => return local.to_token_stream(),
            Step::Scope(steps) => {
                let steps = self.steps(steps);
                return quote!({ #steps });
            }
            _ => {}
        }
        let mut tokens = self.entry.take().unwrap_or_default();
        tokens.extend(self.dynamic(step));
        tokens
    }

    fn dynamic(&mut self, step: &Step) -> TokenStream {
        let writer = writer();
        match step {
            Step::Splice(code) => self.splice(code, "place"),
            Step::Text(pieces) => {
                let pieces = self.pieces(pieces);
                quote_spanned!(site()=> #pieces #writer.end_text();)
            }
            Step::Bind(attribute, code) => {
                let value = value(code);
                self.bind(attribute, code.span, &value)
            }
            Step::BindOptional(attribute, code) => {
                let event = Ident::new("event", site());
                let bind = self.bind(attribute, code.span, &event.to_token_stream());
                let option = value(code);
                quote_spanned! {site()=>
                    if let ::core::option::Option::Some(#event) = #option {
                        #bind
                    } else {
                        #writer.empty();
                    }
                }
            }
            Step::Rest(code, classes) => self.rest(code, classes),
            Step::Control(Control::For(each)) => self.each(each),
            Step::Control(Control::While(each)) => self.repeat(each),
            Step::Control(control) => branches(
                control,
                |template| self.nested(template),
                || quote_spanned!(site()=> #writer.empty();),
            ),
            Step::Let(_) | Step::Scope(_) => TokenStream::new(),
        }
    }

    fn splice(&mut self, code: &Code, road: &str) -> TokenStream {
        self.splices = true;
        // Located at the value, so that an error about its type points there.
        let splice = Ident::new("splice", site().located_at(code.span));
        let road = Ident::new(road, site());
        let value = value(code);
        let writer = writer();
        quote_spanned! {site()=>
            (&&&::bennu::__private::Splice(&#value)).#splice(#writer.#road());
        }
    }

    fn bind(&mut self, attribute: &str, span: Span, value: &TokenStream) -> TokenStream {
        self.bindings = true;
        let bind = Ident::new("bind", site().located_at(span));
        let writer = writer();
        quote_spanned! {site()=>
            (&&&::bennu::__private::Bound(&#value)).#bind(#attribute, #writer.place());
        }
    }

    /// One place, filled with a template.
    fn nested(&mut self, template: &Template) -> TokenStream {
        let statics = statics(template);
        let steps = self.steps(&template.steps);
        let writer = writer();
        quote_spanned! {site()=>
            let mark = #writer.open(#statics);
            #steps
            #writer.close(mark);
        }
    }

    fn each(&mut self, each: &For<Template>) -> TokenStream {
        let For {
            pattern,
            iterable,
            key,
            memo,
            stand: Stand { in_stream, has_ids },
            body,
        } = each;
        let writer = writer();
        let open = match memo {
            Some(_) => quote_spanned!(site()=> open_memo_list),
            None => quote_spanned!(site()=> open_list),
        };
        let keys = (key.is_some() || memo.is_some())
            .then(|| quote_spanned!(site()=> let keys = ::bennu::__private::Keys::new();));
        let statics = statics(body);
        let start = start_of_entry(key.is_some(), memo.is_some());
        let body = self.entry(body, start);
        let head = head_of_entry(key.as_ref(), memo.as_ref(), || of_code(&body));
        self.lists = true;
        // Located at the value: an error about a stream points there.
        let mark = Ident::new("mark", site().located_at(iterable.span()));
        // `for` makes the iterator in the same way: temporaries of the
        // expression live as long.
        quote_spanned! {site()=>
            match ::core::iter::IntoIterator::into_iter(#iterable) {
                mut iterator => {
                    let mut list = #writer.#open(#statics);
                    ::bennu::__private::Iterated(&mut iterator)
                        .#mark(&mut #writer, &mut list, ::bennu::__private::Stand::<#in_stream, #has_ids>);
                    #keys
                    for #pattern in iterator {
                        #head
                        #body
                    }
                    #writer.close_list(list);
                }
            }
        }
    }

    fn repeat(&mut self, each: &While<Template>) -> TokenStream {
        let While { condition, body } = each;
        let writer = writer();
        let statics = statics(body);
        let body = self.entry(
            body,
            quote_spanned!(site()=> #writer.entry_by_position(&mut list);),
        );
        quote_spanned! {site()=>
            {
                let mut list = #writer.open_list(#statics);
                while #condition {
                    #body
                }
                #writer.close_list(list);
            }
        }
    }

    fn entry(&mut self, template: &Template, entry: TokenStream) -> TokenStream {
        self.entry = Some(entry);
        let mut steps = self.steps(&template.steps);
        steps.extend(self.entry.take());
        steps
    }
}

/// What comes before the body of an entry. Key and memo are taken before any
/// `@let` of the body can shadow a name.
fn head_of_entry(
    key: Option<&Code>,
    memo: Option<&Code>,
    body: impl FnOnce() -> u64,
) -> TokenStream {
    let writer = writer();
    // Located at the value: an error about what can't be hashed points there.
    let hashed = |name, code: &Code, more| {
        let hash = Ident::new(name, site().located_at(code.span));
        let value = value(code);
        quote_spanned!(site()=> keys.#hash(&#value #more))
    };
    let key = key.map(|key| hashed("key", key, TokenStream::new()));
    let memo = memo.map(|memo| {
        let body = body();
        hashed("memo", memo, quote_spanned!(site()=> , #body))
    });
    match (key, memo) {
        (Some(key), None) => quote_spanned!(site()=> let key = #key;),
        (None, None) => TokenStream::new(),
        (Some(key), Some(memo)) => quote_spanned! {site()=>
            let (key, memo) = (#key, #memo);
            if #writer.keeps(&mut list, key, memo) { continue; }
        },
        (None, Some(memo)) => quote_spanned! {site()=>
            let memo = #memo;
            if #writer.keeps_by_position(&mut list, memo) { continue; }
        },
    }
}

/// What starts an entry.
fn start_of_entry(has_key: bool, has_memo: bool) -> TokenStream {
    let writer = writer();
    match (has_key, has_memo) {
        (true, false) => quote_spanned!(site()=> #writer.entry(&mut list, key);),
        (false, false) => quote_spanned!(site()=> #writer.entry_by_position(&mut list);),
        (true, true) => quote_spanned!(site()=> #writer.memo_entry(&mut list, key, memo);),
        (false, true) => quote_spanned!(site()=> #writer.memo_entry_by_position(&mut list, memo);),
    }
}

/// The user's expression in parentheses, so that any may stand behind a `&`. They
/// stand at its first token: the compiler would take parentheses around all of it for
/// a part of the expression, and underline the whole template for what is wrong.
fn value(code: &Code) -> TokenStream {
    let expr = &code.expr;
    let site = site().located_at(expr.span());
    quote_spanned!(site=> (#expr))
}

/// `if` and `match`: the same in content and in text, but for what a body is
/// and what happens when no branch holds.
fn branches<B>(
    control: &Control<B>,
    mut body: impl FnMut(&B) -> TokenStream,
    nothing: impl FnOnce() -> TokenStream,
) -> TokenStream {
    match control {
        Control::If(If {
            branches,
            otherwise,
        }) => {
            let mut tokens = TokenStream::new();
            for (condition, branch) in branches {
                let branch = body(branch);
                tokens.extend(quote_spanned!(site()=> if #condition { #branch } else));
            }
            let otherwise = otherwise.as_ref().map_or_else(nothing, body);
            tokens.extend(quote_spanned!(site()=> { #otherwise }));
            tokens
        }
        Control::Match(Match { scrutinee, arms }) => {
            let arms = arms.iter().map(
                |Arm {
                     pattern,
                     guard,
                     body: markup,
                 }| {
                    let guard = guard
                        .as_ref()
                        .map(|guard| quote_spanned!(site()=> if #guard));
                    let body = body(markup);
                    quote_spanned!(site()=> #pattern #guard => { #body })
                },
            );
            quote_spanned!(site()=> match #scrutinee { #(#arms)* })
        }
        // Invariant: the callers take loops aside.
        Control::For(_) | Control::While(_) => TokenStream::new(),
    }
}
