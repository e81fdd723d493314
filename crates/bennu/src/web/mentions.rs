//! Which scripts of the client a page needs beside the first. The client finds out
//! by itself (`js-client/src/extra.ts`, `forms.ts`); a page that says so first has
//! them before its view joins. Every page is searched, so this is done at the speed
//! of `memchr`.

use memchr::{memchr, memchr_iter, memmem};

use crate::layout::Needs;

const PREFIX: &str = "phx-";

/// What is chosen in one is kept by its value.
const SELECT: &[u8] = b"<select";

/// What needs the script for forms behind `phx-`.
const OF_FORMS: [&str; 3] = ["change", "submit", "trigger-action"];

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

/// The client commands that don't.
const COMMON: [&[u8]; 4] = [b"push", b"exec", b"navigate", b"patch"];

/// The scripts that something in markup needs. Components need the extra, of which
/// markup says nothing.
pub(crate) fn needs_of(html: &str) -> Needs {
    let html = html.as_bytes();
    let mut needs = Needs {
        extra: false,
        forms: memmem::find(html, SELECT).is_some(),
    };
    for at in memmem::find_iter(html, PREFIX) {
        let name = html.get(at + PREFIX.len()..).unwrap_or_default();
        needs.extra |= starts_with(name, &OF_EXTRA);
        needs.forms |= starts_with(name, &OF_FORMS);
        if needs.extra && needs.forms {
            return needs;
        }
    }
    let is_uncommon = |at: usize| html.get(at + 1..).is_some_and(is_uncommon_command);
    needs.extra |= memchr_iter(b'[', html).any(is_uncommon);
    needs
}

fn starts_with(text: &[u8], names: &[&str]) -> bool {
    names.iter().any(|name| text.starts_with(name.as_bytes()))
}

/// Whether the text behind a bracket is the name and arguments of a command that
/// isn't common, or of one that predicts.
fn is_uncommon_command(text: &[u8]) -> bool {
    let quotes: [&[u8]; 2] = [b"\"", b"&quot;"];
    quotes.iter().any(|quote| {
        let Some(text) = text.strip_prefix(*quote) else {
            return false;
        };
        let is_name = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'_';
        let end = text.iter().take_while(|byte| is_name(byte)).count();
        let (name, arguments) = text.split_at(end);
        let is_command =
            (arguments.strip_prefix(*quote)).is_some_and(|text| text.starts_with(b",{"));
        is_command && (!COMMON.contains(&name) || predicts(arguments, quote))
    })
}

/// Whether the tag that goes on with this text predicts.
fn predicts(text: &[u8], quote: &[u8]) -> bool {
    let tag = memchr(b'>', text).map_or(text, |end| text.split_at(end).0);
    memmem::find(tag, &[quote, b"predict", quote, b":"].concat()).is_some()
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
    fn a_page_asks_for_the_script_of_forms_if_there_is_something_to_send_or_to_choose() {
        for html in [
            r#"<form phx-submit="save">"#,
            r#"<input phx-change="typed">"#,
            "<select><option>1</select>",
        ] {
            assert!(needs_of(html).forms, "{html}");
        }
        for html in [r#"<a phx-click="inc">"#, r#"<form action="/search">"#] {
            assert!(!needs_of(html).forms, "{html}");
        }
    }
}
