//! What the browser or the client would pass over in silence in a page: debug
//! builds look for it in the HTML of each page that is loaded, log it once and show
//! it at the page's end. `faults.js` looks at what patches make of the page, and shows
//! there what else is told of a connected view.

use std::fmt::Write;

use bennu_macros::html;

use crate::fault;

/// Names under which a form has something that scripts need: a control of that
/// name takes its place.
const NEEDED: [&str; 18] = [
    "attributes",
    "classList",
    "cloneNode",
    "closest",
    "contains",
    "dispatchEvent",
    "elements",
    "getAttribute",
    "getAttributeNames",
    "hasAttribute",
    "id",
    "insertBefore",
    "localName",
    "matches",
    "removeAttribute",
    "reset",
    "setAttribute",
    "submit",
];

/// Elements whose names a form has as its own.
const CONTROLS: [&str; 7] = [
    "button", "fieldset", "input", "object", "output", "select", "textarea",
];

/// Names under which the document has something that scripts need: an element that it
/// knows by such a name takes its place.
const NEEDED_OF_DOCUMENT: [&str; 15] = [
    "activeElement",
    "addEventListener",
    "body",
    "cookie",
    "createElement",
    "dispatchEvent",
    "documentElement",
    "getElementById",
    "head",
    "hidden",
    "querySelector",
    "querySelectorAll",
    "readyState",
    "removeEventListener",
    "title",
];

/// Elements that the document has as its own by their names.
const NAMED: [&str; 5] = ["embed", "form", "iframe", "img", "object"];

/// Elements whose content is text up to their end.
const RAW: [&str; 6] = ["iframe", "noscript", "script", "style", "textarea", "title"];

/// Looks for faults in a page, and puts what it finds at its end.
pub(crate) fn show(page: &mut String) {
    let faults = faults(page);
    if faults.is_empty() {
        return;
    }
    let told = faults.iter().map(|fault| fault::tell(fault));
    let shown = html! {
        // Without a style of its own, which a policy may forbid.
        dialog open role="alert" data-bennu-faults {
            @for fault in told { p { (fault) } }
        }
    };
    let end = page.rfind("</body").unwrap_or(page.len());
    page.insert_str(end, &shown.to_html());
}

fn faults(page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut forms: usize = 0;
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if let Some(end) = rest.strip_prefix('/') {
            let is_form = name_of(end).eq_ignore_ascii_case("form");
            forms = forms.saturating_sub(usize::from(is_form));
            continue;
        }
        let name = name_of(rest);
        if name.is_empty() {
            continue;
        }
        let (tag, after) = Tag::read(name, &rest[name.len()..]);
        rest = after;
        forms += usize::from(tag.is("form"));
        tag.check(forms > 0, &mut faults);
        if RAW.iter().any(|raw| tag.is(raw)) {
            let end = format!("</{name}");
            rest = rest.find(&end).map_or("", |at| &rest[at..]);
        }
    }
    faults.sort();
    faults.dedup();
    faults
}

/// The name at the start of a tag; empty if it is none.
fn name_of(text: &str) -> &str {
    let is_end = |letter: char| letter.is_ascii_whitespace() || matches!(letter, '>' | '/');
    match text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        true => text.split(is_end).next().unwrap_or_default(),
        false => "",
    }
}

/// The start of an element.
struct Tag<'p> {
    name: &'p str,
    attributes: Vec<(&'p str, &'p str)>,
}

impl<'p> Tag<'p> {
    /// Reads attributes up to the end of the tag, and what is behind it.
    fn read(name: &'p str, text: &'p str) -> (Self, &'p str) {
        let mut attributes = Vec::new();
        let mut rest = text;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() {
                break;
            }
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break;
            }
            let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/');
            // A name may begin with a sign of equality.
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let end = rest[first..]
                .find(is_end)
                .map_or(rest.len(), |end| first + end);
            let attribute;
            (attribute, rest) = rest.split_at(end);
            let mut value = "";
            if let Some(after) = rest.trim_ascii_start().strip_prefix('=') {
                let after = after.trim_ascii_start();
                (value, rest) = match after.chars().next() {
                    Some(quote @ ('"' | '\'')) => after[1..]
                        .split_once(quote)
                        .unwrap_or_else(|| (&after[1..], "")),
                    _ => {
                        let is_end = |c: char| c.is_ascii_whitespace() || c == '>';
                        after.split_at(after.find(is_end).unwrap_or(after.len()))
                    }
                };
            }
            attributes.push((attribute, value));
        }
        (Self { name, attributes }, rest)
    }

    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    fn attribute(&self, name: &str) -> Option<&'p str> {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|(attribute, _)| attribute.eq_ignore_ascii_case(name));
        found.map(|(_, value)| *value)
    }

    fn check(&self, in_form: bool, faults: &mut Vec<String>) {
        let mut ids = self
            .attributes
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("id"));
        if let (Some((_, first)), Some((_, second))) = (ids.next(), ids.next()) {
            faults.push(format!(
                "{self} has two ids, {} and {}, of which browsers take the first: leave one out",
                short(first),
                short(second),
            ));
        }
        let has_form = in_form || self.attribute("form").is_some();
        if self.attribute("phx-change").is_some() && !has_form {
            faults.push(format!(
                "{self} has `phx-change` and stands in no form, so no change is ever sent: put \
                 it into a `form`"
            ));
        }
        if self.attribute("phx-submit").is_some() && !self.is("form") {
            faults.push(format!(
                "{self} has `phx-submit`, which only a `form` sends: put it there"
            ));
        }
        let name = self.attribute("name").unwrap_or_default();
        if has_form && NEEDED.contains(&name) && CONTROLS.iter().any(|control| self.is(control)) {
            faults.push(format!(
                "{self} takes the place of what scripts know as `form.{name}`: give it another \
                 name"
            ));
        }
        if NEEDED_OF_DOCUMENT.contains(&name) && NAMED.iter().any(|named| self.is(named)) {
            faults.push(format!(
                "{self} takes the place of what scripts know as `document.{name}`: give it \
                 another name"
            ));
        }
    }
}

/// Its name, with what tells it from others; a value may be secret.
impl std::fmt::Display for Tag<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("`<")?;
        formatter.write_str(&self.name.to_ascii_lowercase())?;
        for name in ["id", "name"] {
            if let Some(value) = self.attribute(name) {
                write!(formatter, " {name}={}", short(value))?;
            }
        }
        formatter.write_str(">`")
    }
}

fn short(value: &str) -> String {
    let mut short = String::new();
    // Writing to a text does not fail.
    let _ = write!(short, "{:?}", value.chars().take(40).collect::<String>());
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, expected: &[&str]) {
        let faults = faults(page);
        assert_eq!(faults.len(), expected.len(), "{faults:?}");
        for (fault, start) in faults.iter().zip(expected) {
            assert!(fault.starts_with(start), "{fault}");
        }
    }

    #[test]
    fn what_would_be_passed_over_is_found() {
        check(
            "<p id=a class='x' ID=\"b\">",
            &["`<p id=\"a\">` has two ids, \"a\" and \"b\""],
        );
        check(
            "<form></form><input name=q phx-change=\"find\" value=\"secret\">",
            &["`<input name=\"q\">` has `phx-change` and stands in no form"],
        );
        check(
            "<div id=\"d\" phx-submit=save></div>",
            &["`<div id=\"d\">` has `phx-submit`"],
        );
        check(
            "<form><input name=\"elements\"><select name='id'></select></form>",
            &[
                "`<input name=\"elements\">` takes the place of what scripts know as `form.elements`",
                "`<select name=\"id\">` takes the place",
            ],
        );
        check(
            "<form name=body></form><img name='querySelector' alt=''>",
            &[
                "`<form name=\"body\">` takes the place of what scripts know as `document.body`",
                "`<img name=\"querySelector\">` takes the place",
            ],
        );
    }

    #[test]
    fn what_works_is_no_fault() {
        for page in [
            "<form phx-change=a phx-submit=b><input phx-change=\"c\" name=q></form>",
            "<input form=\"f\" phx-change=\"c\">",
            "<meta name=\"elements\"><input name=\"id\">",
            "<form><input name=\"body\"></form><form name=\"elements\"></form>",
            "<!-- <p id=a id=b> --><script>\"<p id=a id=b>\"</script><textarea><p id=a id=b>",
            "<p title=\"<b id=a id=b>\" id=a>a < b</p><br/><img alt = x id=b/>",
            "<",
            "<p",
            "<p id=",
            "<p id=\"",
            "<p =a =",
            "</",
            "<!--",
            "<script>",
        ] {
            check(page, &[]);
        }
    }

    #[test]
    fn faults_stand_at_the_end_of_the_page() {
        let mut page = "<body><p id=a id=b></p></body></html>".to_owned();
        show(&mut page);
        let start = "<body><p id=a id=b></p><dialog open role=\"alert\" data-bennu-faults>";
        assert!(page.starts_with(start), "{page}");
        assert!(
            page.ends_with("leave one out</p></dialog></body></html>"),
            "{page}"
        );
        let mut page = "<body></body>".to_owned();
        show(&mut page);
        assert_eq!(page, "<body></body>");
    }
}
