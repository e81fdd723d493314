//! A [`Rendered`] as a string of HTML: the dead render, and what a client must
//! show after any sequence of diffs.

use crate::escape::escape;
use crate::tape::{Dynamic, Item, Reader};
use crate::{Placement, Rendered, Template};

impl Rendered {
    /// The HTML as one string, without components.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut out = String::new();
        self.write_html(&mut out);
        out
    }

    /// Appends the HTML to `out`, without components.
    pub fn write_html(&self, out: &mut String) {
        self.write_html_with(out, |_, _| ());
    }

    /// Appends the HTML to `out`; `component` appends that of a component.
    pub fn write_html_with(
        &self,
        out: &mut String,
        mut component: impl FnMut(&Placement, &mut String),
    ) {
        let statics = self.template().statics();
        let outer: usize = statics.iter().map(|html| html.len()).sum();
        // What nested templates hold is not counted one by one: it is about as
        // much as the dynamics.
        out.reserve(outer + self.tape().text.len() * 2);
        let mut reader = Reader::new(self.tape());
        write(self.template(), &mut reader, out, &mut component);
    }

    /// The pieces that its HTML is made of, without components, for who looks for
    /// markup: the statics of its templates, most of them once however often they
    /// are repeated, and in one piece the texts of all its dynamics. Each tag's name
    /// stands in one of them as a whole.
    pub fn markup(&self) -> impl Iterator<Item = &str> {
        let tape = self.tape();
        let lists = tape.lists.iter().map(|list| list.template);
        let templates = std::iter::once(self.template())
            .chain(tape.nodes.iter().copied())
            .chain(lists);
        // Remembers some of those that were met.
        let mut met = [None; 64];
        let new = templates.filter(move |template| {
            let fingerprint = Some(template.fingerprint());
            let place = &mut met[template.fingerprint() as usize % 64];
            std::mem::replace(place, fingerprint) != fingerprint
        });
        new.flat_map(|template| template.statics().iter().copied())
            .chain([tape.text.as_str()])
    }
}

impl std::fmt::Display for Rendered {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.to_html())
    }
}

#[cfg(feature = "maud")]
impl maud::Render for Rendered {
    fn render_to(&self, out: &mut String) {
        self.write_html(out);
    }
}

fn write(
    template: &'static Template,
    reader: &mut Reader<'_>,
    out: &mut String,
    component: &mut impl FnMut(&Placement, &mut String),
) {
    let (last, leading) = template.split_statics();
    for html in leading {
        out.push_str(html);
        match reader.dynamic() {
            Dynamic::Text(span) => out.push_str(reader.tape().html(span)),
            Dynamic::LongText(span) => escape(reader.tape().html(span), out),
            Dynamic::Node(template) => write(template, reader, out, component),
            Dynamic::List(list) => {
                let mut left = list.entries;
                while left > 0 {
                    if let Item::Entry { .. } = reader.item(list, &mut left) {
                        write(list.template, reader, out, component);
                    }
                }
            }
            Dynamic::Component(at) => {
                if let Some(placement) = reader.tape().placements.get(at as usize) {
                    component(placement, out);
                }
            }
        }
    }
    out.push_str(last);
}
