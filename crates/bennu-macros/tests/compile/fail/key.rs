use bennu_macros::html;

fn main() {
    let rows = [1, 2];
    let _ = html! {
        @for row in rows { tr key=(row) {} }
        @for row in rows key=row { (row) }
        @for row in rows key { (row) }
        @for row in rows key=() { (row) }
        @if true key=(1) { "x" }
        p title={ @for row in rows key=(row) { (row) } } {}
        my-element key="fine" {}
    };
}
