//! Random trees of templates, made from a string of bytes: so that failures
//! shrink, and a fuzzer can drive the same laws.

use std::ops::Range;
use std::sync::OnceLock;

use bennu_core::__private::{Keys, Writer};
use bennu_core::wire::{Extensions, Message};
use bennu_core::{Filled, Placement, Prints, Render, Rendered, Template, long_text};

/// A stock of templates with 0 to 4 dynamics: elements, fragments, and two
/// pairs that have the same statics at another address.
pub(crate) fn templates() -> &'static [Template] {
    static TEMPLATES: OnceLock<Vec<Template>> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        let mut templates: Vec<_> = (0..10)
            .map(|number| {
                let dynamics = number % 5;
                let statics: Vec<String> = (0..=dynamics)
                    .map(|at| match at {
                        0 => format!("<t{number}>"),
                        _ if at == dynamics => format!("</t{number}>"),
                        _ => format!("\n{number}.{at}\""),
                    })
                    .collect();
                template(&statics, number < 5 && dynamics > 0)
            })
            .collect();
        templates.push(template(&["", "", ""], false));
        for twin in [2, 8] {
            templates.push(template(templates[twin].statics(), false));
        }
        templates
    })
}

/// A template for the rest of the process.
pub(crate) fn template(statics: &[impl AsRef<str>], element: bool) -> Template {
    let statics: Vec<&'static str> = (statics.iter())
        .map(|html| &*Box::leak(Box::from(html.as_ref())))
        .collect();
    if element {
        Template::element(Vec::leak(statics))
    } else {
        Template::fragment(Vec::leak(statics))
    }
}

/// Decisions, one a byte; 0 when there are no more.
pub(crate) struct Choices<'b> {
    bytes: std::slice::Iter<'b, u8>,
    /// The components that may be placed.
    components: Range<u64>,
}

impl<'b> Choices<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self {
            bytes: bytes.iter(),
            components: 0..0,
        }
    }

    /// Trees from here on may place these components.
    pub(crate) fn place(&mut self, components: Range<u64>) -> &mut Self {
        self.components = components;
        self
    }

    fn component(&mut self) -> Tree {
        let Range { start, end } = self.components;
        Tree::Component(start + self.below((end - start) as usize) as u64)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::from(self.bytes.next().copied().unwrap_or(0)) % end.max(1)
    }
}

/// What stands at a dynamic's place.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(crate) enum Tree {
    Text(String),
    Node(Node),
    /// The component with this name.
    Component(u64),
    List {
        template: usize,
        entries: Vec<(u64, Vec<Tree>)>,
        /// Whether its entries have memos: a hash of what they hold.
        memo: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Hash)]
pub(crate) struct Node {
    pub(crate) template: usize,
    pub(crate) dynamics: Vec<Tree>,
}

const TEXTS: [&str; 10] = [
    "",
    "a",
    "b",
    "<&\">",
    "\u{1}\n\\\u{2028}é",
    "17",
    "a text of more than 16 bytes",
    "a text of much more & than 16 bytes",
    "a text <of> é more than 16 bytes: 🐦",
    "0",
];

impl Node {
    pub(crate) fn random(choices: &mut Choices<'_>, depth: usize) -> Self {
        Self::of(choices.below(templates().len()), choices, depth)
    }

    /// What a component may be: one element.
    pub(crate) fn random_element(choices: &mut Choices<'_>, depth: usize) -> Self {
        Self::of(1 + choices.below(4), choices, depth)
    }

    fn of(template: usize, choices: &mut Choices<'_>, depth: usize) -> Self {
        Self {
            template,
            dynamics: dynamics(template, choices, depth),
        }
    }

    pub(crate) fn render(&self) -> Rendered {
        let mut writer = Writer::new(&templates()[self.template]);
        write_all(&self.dynamics, &mut writer);
        writer.finish()
    }

    /// Changes something, or nothing.
    pub(crate) fn change(&mut self, choices: &mut Choices<'_>) {
        if choices.below(24) == 23 {
            *self = Self::random(choices, 3);
        } else {
            self.change_within(choices);
        }
    }

    /// As [`change`](Self::change), but the root stays.
    pub(crate) fn change_within(&mut self, choices: &mut Choices<'_>) {
        change_one(&mut self.dynamics, choices, 3);
    }
}

fn dynamics(template: usize, choices: &mut Choices<'_>, depth: usize) -> Vec<Tree> {
    (0..templates()[template].dynamics())
        .map(|_| Tree::random(choices, depth))
        .collect()
}

fn entry(template: usize, choices: &mut Choices<'_>, depth: usize) -> (u64, Vec<Tree>) {
    // Few keys, so that there are equal ones too.
    (choices.below(12) as u64, dynamics(template, choices, depth))
}

fn change_one(dynamics: &mut [Tree], choices: &mut Choices<'_>, depth: usize) {
    let at = choices.below(dynamics.len());
    if let Some(dynamic) = dynamics.get_mut(at) {
        dynamic.change(choices, depth);
    }
}

impl Tree {
    fn random(choices: &mut Choices<'_>, depth: usize) -> Self {
        let kinds = if choices.components.is_empty() { 4 } else { 6 };
        match choices.below(kinds) {
            4.. => choices.component(),
            2 if depth > 0 => Self::Node(Node::random(choices, depth - 1)),
            3 if depth > 0 => {
                let template = choices.below(templates().len());
                let (entries, memo) = (choices.below(6), choices.below(2) == 1);
                Self::List {
                    template,
                    memo,
                    entries: (0..entries)
                        .map(|_| entry(template, choices, depth - 1))
                        .collect(),
                }
            }
            _ => Self::Text(TEXTS[choices.below(TEXTS.len())].to_owned()),
        }
    }

    fn change(&mut self, choices: &mut Choices<'_>, depth: usize) {
        let depth = depth.saturating_sub(1);
        match (choices.below(8), self) {
            (7, tree) => *tree = Self::random(choices, depth),
            (_, Self::Text(text)) => text.clone_from(&TEXTS[choices.below(TEXTS.len())].to_owned()),
            (_, component @ Self::Component(_)) => *component = choices.component(),
            (_, Self::Node(node)) => change_one(&mut node.dynamics, choices, depth),
            (
                _,
                Self::List {
                    template, entries, ..
                },
            ) => {
                let (from, to) = (choices.below(entries.len()), choices.below(entries.len()));
                match choices.below(6) {
                    0 => entries.insert(to, entry(*template, choices, depth)),
                    1 if !entries.is_empty() => drop(entries.remove(from)),
                    2 if !entries.is_empty() => {
                        let moved = entries.remove(from);
                        entries.insert(to, moved);
                    }
                    3 => entries.reverse(),
                    4 => entries.clear(),
                    _ => {
                        if let Some((_, dynamics)) = entries.get_mut(from) {
                            change_one(dynamics, choices, depth);
                        }
                    }
                }
            }
        }
    }

    fn write(&self, writer: &mut Writer) {
        match self {
            // A text is long or not for as long as it starts so.
            Self::Text(text) if text.starts_with(['a', '1']) => {
                let _: Filled = long_text(text).render(writer.place());
            }
            Self::Text(text) => {
                let _: Filled = text.render(writer.place());
            }
            Self::Component(name) => {
                let _: Filled = writer.place().component(Placement::new(*name));
            }
            // Both ways to nest: written in place, and spliced.
            Self::Node(node) if node.template % 2 == 0 => {
                let _: Filled = node.render().render(writer.place());
            }
            Self::Node(node) => {
                let mark = writer.open(&templates()[node.template]);
                write_all(&node.dynamics, writer);
                writer.close(mark);
            }
            Self::List {
                template,
                entries,
                memo: true,
            } => {
                let mut mark = writer.open_memo_list(&templates()[*template]);
                for (key, dynamics) in entries {
                    let memo = Keys::new().memo(dynamics, 0);
                    if !writer.keeps(&mut mark, *key, memo) {
                        writer.memo_entry(&mut mark, *key, memo);
                        write_all(dynamics, writer);
                    }
                }
                writer.close_list(mark);
            }
            Self::List {
                template, entries, ..
            } => {
                let mut mark = writer.open_list(&templates()[*template]);
                for (key, dynamics) in entries {
                    writer.entry(&mut mark, *key);
                    write_all(dynamics, writer);
                }
                writer.close_list(mark);
            }
        }
    }
}

fn write_all(dynamics: &[Tree], writer: &mut Writer) {
    for dynamic in dynamics {
        dynamic.write(writer);
    }
}

/// The join message for a render, and the prints after it.
pub(crate) fn join(rendered: &Rendered) -> (Prints, String) {
    extended_join(rendered, Extensions::default())
}

/// As [`join`], for a client that understands extensions.
pub(crate) fn extended_join(rendered: &Rendered, extensions: Extensions) -> (Prints, String) {
    let (mut prints, mut json) = (Prints::default(), String::new());
    let mut message = Message::new(&mut json).with(extensions);
    prints.join(rendered, &mut message);
    assert!(message.finish(), "a join is never empty");
    (prints, json)
}

/// The diff to a render; `None` if there is nothing to send.
pub(crate) fn diff(prints: &mut Prints, rendered: &Rendered) -> Option<String> {
    extended_diff(prints, rendered, Extensions::default())
}

/// As [`diff`], for a client that understands extensions.
pub(crate) fn extended_diff(
    prints: &mut Prints,
    rendered: &Rendered,
    extensions: Extensions,
) -> Option<String> {
    let mut json = String::new();
    let mut message = Message::new(&mut json).with(extensions);
    let written = prints.diff(rendered, &mut message);
    assert_eq!(message.finish(), written);
    assert_eq!(written, !json.is_empty());
    written.then_some(json)
}
