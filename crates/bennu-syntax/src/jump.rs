//! `break` and `continue` of the user's code out of an entry that is half
//! written. Before its first dynamic nothing of an entry is written: there a
//! `@let … else { continue };` is fine.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;

use crate::ast::{Arm, Code, Control, If};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::split::{Piece, Step, Template};

/// Reports the jumps that would leave an entry half written.
pub(crate) fn check(template: &Template, diagnostics: &mut Diagnostics) {
    let mut checker = Checker {
        diagnostics,
        place: Place::Outside,
    };
    checker.steps(&template.steps);
}

/// Where code stands in the loops of the template.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In none: a jump leaves the template, which is dropped.
    Outside,
    /// In a body of which nothing was written yet, or in the loop of a text.
    Free,
    /// In an entry whose places are being filled.
    Started,
}

struct Checker<'d> {
    diagnostics: &'d mut Diagnostics,
    place: Place,
}

impl Checker<'_> {
    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            self.step(step);
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Let(local) => return self.code(local),
            Step::Scope(steps) => return self.steps(steps),
            _ => {}
        }
        if self.place == Place::Free {
            self.place = Place::Started;
        }
        match step {
            Step::Splice(code) | Step::Bind(_, code) | Step::BindOptional(_, code) => {
                self.value(code);
            }
            Step::Rest(code, classes) => {
                self.value(code);
                self.pieces(classes);
            }
            Step::Text(pieces) => self.pieces(pieces),
            Step::Control(control) => {
                self.control(control, |checker, template| checker.steps(&template.steps));
            }
            Step::Let(_) | Step::Scope(_) => {}
        }
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Raw(_) => {}
                Piece::Let(local) => self.code(local),
                Piece::Scope(pieces) | Piece::Url(_, pieces) => self.pieces(pieces),
                Piece::Splice(code) | Piece::Optional(_, code, _) => self.value(code),
                Piece::Toggle(code, pieces) => {
                    self.value(code);
                    self.pieces(pieces);
                }
                // A loop in a text may end anywhere: the text stays one text.
                Piece::Control(control) => {
                    self.control(control, |checker, pieces| checker.pieces(pieces));
                }
            }
        }
    }

    fn control<B>(&mut self, control: &Control<B>, mut body: impl FnMut(&mut Self, &B)) {
        let outer = self.place;
        match control {
            Control::If(If {
                branches,
                otherwise,
            }) => {
                for (condition, branch) in branches {
                    self.code(condition);
                    body(self, branch);
                }
                if let Some(otherwise) = otherwise {
                    body(self, otherwise);
                }
            }
            Control::Match(each) => {
                self.code(&each.scrutinee);
                for Arm {
                    guard, body: arm, ..
                } in &each.arms
                {
                    if let Some(guard) = guard {
                        self.code(guard);
                    }
                    body(self, arm);
                }
            }
            Control::For(each) => {
                self.code(&each.iterable);
                self.place = Place::Free;
                for code in each.key.iter().chain(&each.memo) {
                    self.value(code);
                }
                body(self, &each.body);
            }
            Control::While(each) => {
                self.place = Place::Free;
                body(self, &each.body);
            }
        }
        self.place = outer;
    }

    fn value(&mut self, code: &Code) {
        self.code(&code.expr);
    }

    fn code(&mut self, code: &impl ToTokens) {
        if self.place == Place::Started {
            self.tokens(code.to_token_stream());
        }
    }

    /// Looks for jumps that no loop inside the code catches. Those in closures
    /// and async blocks are errors without us.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        // How many of the next `{ … }` belong to a `match` in the head of a
        // loop, and whether one belongs to a loop.
        let (mut matches, mut in_head) = (0_usize, false);
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(word) => match word.to_string().as_str() {
                    "loop" | "while" | "for" => (matches, in_head) = (0, true),
                    "match" if in_head => matches += 1,
                    "break" | "continue" if !is_label(tokens.peek()) => self.report(&word),
                    _ => {}
                },
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && in_head => {
                    if matches == 0 {
                        in_head = false;
                    } else {
                        matches -= 1;
                        self.tokens(group.stream());
                    }
                }
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn report(&mut self, word: &Ident) {
        self.diagnostics.push(
            Diagnostic::new(
                word.span(),
                format_args!("`{word}` would leave this entry of the list half written"),
            )
            .help("show a part of the body with `@if`, or filter what the loop goes through")
            .help("a `@let … else { continue };` can stand in front of all else in the body"),
        );
    }
}

fn is_label(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == '\'')
}
