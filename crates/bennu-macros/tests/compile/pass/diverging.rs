//! Code that returns, and references that end with the template.

use bennu::Rendered;
use bennu_macros::html;

struct View {
    rows: Vec<String>,
}

impl View {
    fn render(&self) -> Option<Rendered> {
        let first = self.rows.first()?;
        Some(html! {
            (first)
            @if let [last] = &self.rows[..] { (if last.is_empty() { return None } else { last }) }
            @for row in &self.rows { (row) }
        })
    }
}

fn main() {
    let view = View { rows: vec!["a".to_owned()] };
    assert_eq!(view.render().map(|page| page.to_html()).as_deref(), Some("aaa"));
}
