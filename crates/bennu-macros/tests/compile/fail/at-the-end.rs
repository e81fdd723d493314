use bennu_macros::html;

fn main() {
    let x = Some(1);
    let _ = html! {
        p { "fine" }
        @if let Some(x) = x
    };
    let _ = html! {
        p { "fine" }
        @for n in 0..3
    };
    let _ = html! {
        p { "fine" }
        @let y =
    };
    let _ = html! {
        p { "fine" }
        @match x { 1 => }
    };
    let _ = html! { p { "fine" } @ };
}
