use bennu_macros::html;

fn main() {
    let rows = [Some(1), None];
    let _ = html! {
        @for row in rows {
            li { (match row { Some(row) => row, None => continue }) }
        }
        @for row in rows {
            "a"
            @if let Some(row) = row { @let row = if row == 1 { break } else { row }; (row) }
            @let Some(row) = row else { continue };
            p title={ @if row == 2 { ({ if row > 2 { continue } "" }) } } {}
        }
    };
}
