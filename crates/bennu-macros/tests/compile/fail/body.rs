use bennu_macros::html;

fn main() {
    let _ = html! {
        br { "text" }
        input type="text" {}
        div;
        .box;
        path d="M0 0";
    };
}
