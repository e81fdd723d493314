use bennu_macros::html;

fn main() {
    let _ = html! {
        @let x 1;
        (x)
    };
    let _ = html! { p.@let x = 1; { "x" } };
    let _ = html! { @let x = 1 p { (x) } };
}
