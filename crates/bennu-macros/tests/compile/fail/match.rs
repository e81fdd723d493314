use bennu_macros::html;

fn main() {
    let x = Some(1);
    let _ = html! {
        @match x { Some(x) => br, None => {} }
        @match x { Some(x) (x) }
        @match { }
        p { "fine" }
    };
}
