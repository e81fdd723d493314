#![deny(warnings)]

use bennu::{Rendered, Stream};
use bennu_macros::html;

fn row(id: &str, row: u32) -> Rendered {
    html! { li #(id) { (row) } }
}

fn rows(rows: &Stream<u32>) -> Rendered {
    html! { @for (id, number) in rows { (row(&id, number)) } }
}

fn main() {
    let stream = Stream::new(|row: &u32| format!("row-{row}"));
    let (update, wide) = ("stream", true);
    let _ = html! { ul #rows phx-update=(update) { (rows(&stream)) } };
    let _ = html! { ul #rows phx-update="stream" { (rows(&stream)) } };
    let _ = html! { ul #rows phx-update=(update) { @for (id, row) in &stream { li id=(id) { (row) } } } };
    let _ = html! {
        ul #rows phx-update="stream" {
            li #empty { "No rows" }
            @for (id, row) in &stream {
                @if wide { li.wide #(id) { (row) } } @else { li #(id) { (row) } }
            }
        }
    };
    // What is no stream stands anywhere.
    let _ = html! { ul { @for row in [1, 2] { li { (row) } } } };
}
