use bennu_macros::html;

fn main() {
    // One mistake, one message: the rest of the file is not blamed.
    let name = String::from("x");
    let page = html! {
        br {}
        p { (name) }
    };
    let html: String = page.to_html();
    drop(html);
}
