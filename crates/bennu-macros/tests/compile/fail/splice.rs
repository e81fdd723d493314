use bennu_macros::html;

fn main() {
    struct Opaque;
    let _ = html! { () };
    let _ = html! { (1 2) };
    let _ = html! { (1 +) p { (Opaque) } };
}
