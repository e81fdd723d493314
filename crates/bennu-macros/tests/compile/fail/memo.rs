use bennu_macros::html;

fn main() {
    let rows = [1, 2];
    let _ = html! {
        @for row in rows key=(row) memo=row { (row) }
        @for row in rows memo { (row) }
        @for row in rows memo=(row) key=(row) { (row) }
        @if true memo=(1) { "x" }
        p title={ @for row in rows memo=(row) { (row) } } {}
        p title={ @memo 1 { "x" } } {}
        @memo { "x" }
        @memo 1;
    };
}
