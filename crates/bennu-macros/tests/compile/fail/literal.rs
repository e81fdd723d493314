use bennu_macros::html;

fn main() {
    let _ = html! {
        42
        2.5
        'c'
        b"bytes"
        input checked=true;
        input width=10px;
    };
}
