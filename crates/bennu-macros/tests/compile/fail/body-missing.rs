use bennu_macros::html;

fn main() {
    let _ = html! { p };
    let _ = html! { p.a title="t" };
    let _ = html! { div { br } };
    let _ = html! { p, br; };
    let name = "href";
    let _ = html! { a (name)="/" {} };
    let _ = html! { p "some text" br; };
    let _ = html! { br / input type="text" / };
}
