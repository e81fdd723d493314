use bennu_macros::html;

fn main() {
    let x = Some(1);
    let _ = html! {
        if let Some(x) = x { (x) }
        for i in 0..2 { (i) }
        @else { "x" }
        @fro i in 0..2 { (i) }
        @click="go" {}
        @if true { "a" } @else @if false { "b" }
        @if { "c" } @else { "d" }
        @while true "e"
    };
}
