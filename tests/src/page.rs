//! What a client finds in a page's HTML.

/// A page with a live view (`protocol.md §2.1`).
#[derive(Clone, Debug)]
pub struct Page {
    /// The URL that the browser shows.
    pub url: String,
    /// All of it.
    pub body: String,
    /// The id of the view's element.
    pub id: String,
    /// The view's session token.
    pub session: String,
    /// The view's static token.
    pub statics: String,
    /// The content of `<meta name="csrf-token">`.
    pub csrf_token: String,
}

impl Page {
    /// Finds the view in a page.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn find(url: &str, body: &str) -> Self {
        let container = tag_with(body, "data-phx-main");
        let meta = tag_with(body, "name=\"csrf-token\"");
        Self {
            url: url.to_owned(),
            body: body.to_owned(),
            id: attribute(container, "id"),
            session: attribute(container, "data-phx-session"),
            statics: attribute(container, "data-phx-static"),
            csrf_token: attribute(meta, "content"),
        }
    }

    /// The topic of the view.
    #[must_use]
    pub fn topic(&self) -> String {
        format!("lv:{}", self.id)
    }

    /// What the dead render has inside of the view's element, if that is the
    /// last thing in the body.
    ///
    /// # Panics
    /// When it isn't.
    #[must_use]
    pub fn content(&self) -> &str {
        let container = tag_with(&self.body, "data-phx-main");
        let (_, after) = self.body.split_once(container).expect("the tag was found");
        let (content, _) = after.rsplit_once("</body>").expect("the body's end");
        // What debug builds find wrong stands behind it.
        let faults = content.find("<dialog open role=\"alert\" data-bennu-faults");
        let content = &content[..faults.unwrap_or(content.len())];
        content.strip_suffix("</div>").expect("the view's end")
    }
}

/// The first tag that contains `part`.
fn tag_with<'b>(body: &'b str, part: &str) -> &'b str {
    let at = body
        .find(part)
        .unwrap_or_else(|| panic!("no tag with {part} in {body}"));
    let start = body[..at].rfind('<').expect("a tag starts before");
    let end = body[at..].find('>').expect("a tag ends") + at;
    &body[start..=end]
}

/// The value of a tag's attribute.
fn attribute(tag: &str, name: &str) -> String {
    let (_, after) = tag
        .split_once(&format!(" {name}=\""))
        .unwrap_or_else(|| panic!("no {name} in {tag}"));
    let (value, _) = after.split_once('"').expect("the value's end");
    value.to_owned()
}
