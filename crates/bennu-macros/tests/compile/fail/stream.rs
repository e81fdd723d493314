use bennu::Stream;
use bennu_macros::html;

fn main() {
    let rows = Stream::new(|row: &u32| format!("row-{row}"));
    let _ = html! { ul #rows { @for (id, row) in &rows { li #(id) { (row) } } } };
    let _ = html! { ul #rows phx-update="ignore" { @for (id, row) in &rows { li #(id) { (row) } } } };
    let _ = html! { ul #rows phx-update="stream" { @for (_, row) in &rows { li { (row) } } } };
    let _ = html! { ul #rows phx-update="stream" { @if true { @for (_, row) in &rows { "row " (row) } } } };
}
