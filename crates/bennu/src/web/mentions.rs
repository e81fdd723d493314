//! Which scripts of the client a page needs beside the first. The client finds out
//! by itself (`js-client/src/extra.ts`, `forms.ts`, `navigation.ts`); a page that says so first has
//! them before its view joins. Every page is searched, so this is done at the speed
//! of `memchr`, and what only markup can hold is not looked for in the whole page.

use std::sync::LazyLock;

use memchr::memmem::{self, Finder};
use memchr::{memchr, memchr_iter};

use crate::layout::Needs;

static PREFIX: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("phx-"));

/// What somebody enters is theirs until the server has taken it.
static FIELDS: LazyLock<[Finder<'static>; 3]> =
    LazyLock::new(|| ["<input", "<select", "<textarea"].map(Finder::new));

/// What needs live navigation behind `phx-`: `data-phx-link`.
const OF_NAVIGATION: [&str; 1] = ["link="];

/// What needs the script for forms behind `phx-`.
const OF_FORMS: [&str; 4] = ["change", "submit", "trigger-action", "disable-with"];

/// What needs the extra behind `phx-`.
const OF_EXTRA: [&str; 12] = [
    "debounce",
    "throttle",
    "key",
    "window-",
    "focus",
    "blur",
    "click-away",
    "viewport-",
    "portal",
    "runtime-hook",
    "update=\"stream\"",
    "hook=\"Phoenix.FocusWrap\"",
];

/// The client commands that need no extra, and those of live navigation.
const COMMON: [&[u8]; 2] = [b"push", b"exec"];
const MOVES: [&[u8]; 2] = [b"navigate", b"patch"];

/// Whether there is a field in this, which may be a piece of the page's markup: then
/// the page needs the script for forms.
pub(crate) fn has_field(markup: &str) -> bool {
    // The texts of a page are one piece, in which most often nothing is markup.
    let Some(start) = memchr(b'<', markup.as_bytes()) else {
        return false;
    };
    let (_, tags) = markup.as_bytes().split_at(start);
    FIELDS.iter().any(|field| field.find(tags).is_some())
}

/// The scripts that bindings and commands in markup need. Fields need the script for
/// forms, see [`has_field`]; components need the extra, of which markup says nothing.
pub(crate) fn needs_of(html: &str) -> Needs {
    let html = html.as_bytes();
    let mut needs = Needs::default();
    for at in PREFIX.find_iter(html) {
        let name = html.get(at + PREFIX.needle().len()..).unwrap_or_default();
        needs.extra |= starts_with(name, &OF_EXTRA);
        needs.forms |= starts_with(name, &OF_FORMS);
        needs.navigation |= starts_with(name, &OF_NAVIGATION);
        if needs == Needs::ALL {
            return needs;
        }
    }
    for at in memchr_iter(b'[', html) {
        let Some(command) = html.get(at + 1..).and_then(Command::before) else {
            continue;
        };
        let is_move = MOVES.contains(&command.name);
        needs.navigation |= is_move;
        needs.extra |= !is_move && !COMMON.contains(&command.name) || command.predicts();
    }
    needs
}

fn starts_with(text: &[u8], names: &[&str]) -> bool {
    // Most differ in their first byte, which costs less than to compare them.
    (names.iter().map(|name| name.as_bytes()))
        .any(|name| text.first() == name.first() && text.starts_with(name))
}

/// The name of a client command, and what is behind it.
struct Command<'h> {
    name: &'h [u8],
    quote: &'static [u8],
    arguments: &'h [u8],
}

impl<'h> Command<'h> {
    /// The command whose text goes on like this behind a bracket.
    fn before(text: &'h [u8]) -> Option<Self> {
        let quotes: [&[u8]; 2] = [b"\"", b"&quot;"];
        quotes.into_iter().find_map(|quote| {
            let text = text.strip_prefix(quote)?;
            let is_name = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'_';
            let end = text.iter().take_while(|byte| is_name(byte)).count();
            let (name, rest) = text.split_at(end);
            let arguments = rest.strip_prefix(quote)?;
            arguments.starts_with(b",{").then_some(Self {
                name,
                quote,
                arguments,
            })
        })
    }

    /// Whether the tag that goes on with the arguments predicts.
    fn predicts(&self) -> bool {
        let tag = memchr(b'>', self.arguments)
            .map_or(self.arguments, |end| self.arguments.split_at(end).0);
        memmem::find(tag, &[self.quote, b"predict", self.quote, b":"].concat()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_asks_for_the_extra_if_something_in_it_needs_that() {
        for html in [
            r##"<a phx-click='[["push",{"event":"x"}],["hide",{"to":"#a"}]]'>"##,
            "<a phx-click=\"[[&quot;push_focus&quot;,{}]]\">",
            r#"<a phx-click='[["push",{"event":"x","predict":[["text",null,"y"]]}]]'>"#,
            r#"<a phx-click='[["push",{"event":"x","value":{"a":[1]},"predict":[["text",null,"y"]]}]]'>"#,
            r#"<ul phx-viewport-bottom="more">"#,
            r#"<input phx-debounce="blur">"#,
            r#"<ul phx-update="stream">"#,
            r##"<template data-phx-portal="#modals">"##,
            r#"<div phx-click-away="close">"#,
            r#"<input phx-click="x" phx-blur="left">"#,
            r#"<div phx-hook="Phoenix.FocusWrap">"#,
            r#"<script data-phx-runtime-hook="X">"#,
        ] {
            assert!(needs_of(html).extra, "{html}");
        }
        for html in [
            r#"<a phx-click="inc">"#,
            r#"<a phx-click='[["push",{"event":"x","value":{"a":["show"]}}]]'>"#,
            "<a phx-click=\"[[&quot;patch&quot;,{&quot;href&quot;:&quot;/&quot;}]]\">",
            r#"<i data-points='[["a",1],["b",2]]'>predict [here]</i>"#,
        ] {
            assert!(!needs_of(html).extra, "{html}");
        }
    }

    #[test]
    fn a_page_asks_for_the_script_of_forms_if_there_is_something_to_send_or_to_enter() {
        for html in [
            r#"<form phx-submit="save">"#,
            r#"<input phx-change="typed">"#,
            r#"<button phx-disable-with="Saving…">"#,
            "<select><option>1</select>",
            "<p><input>",
            "<textarea>",
        ] {
            assert!(needs_of(html).forms || has_field(html), "{html}");
        }
        for html in [r#"<a phx-click="inc">"#, r#"<form action="/search">"#] {
            assert!(!needs_of(html).forms && !has_field(html), "{html}");
        }
    }

    #[test]
    fn a_page_asks_for_live_navigation_if_it_leads_anywhere() {
        for html in [
            r#"<a href="/x" data-phx-link="patch" data-phx-link-state="push">"#,
            "<a phx-click=\"[[&quot;patch&quot;,{&quot;href&quot;:&quot;/&quot;}]]\">",
            r#"<i phx-click='[["push",{"event":"x"}],["navigate",{"href":"/"}]]'>"#,
        ] {
            assert!(needs_of(html).navigation, "{html}");
        }
        for html in [
            r#"<a href="/x">navigate</a>"#,
            r#"<i phx-click='[["push",{"event":"patch"}]]'>"#,
        ] {
            assert!(!needs_of(html).navigation, "{html}");
        }
    }
}
