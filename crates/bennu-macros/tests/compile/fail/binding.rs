use bennu_macros::html;

fn main() {
    let _ = html! {
        p phx-clik="a" {}
        p phx-window-keypress=("b") {}
        p phx-entirely-else="c" {}
        p phx-value-anything="fine" {}
        p phx-value-value="fine" {}
        button phx-value-value="lost" {}
        div phx-hook="Chart" {}
        ul phx-update="stream" {}
        ul #list phx-update="streams" {}
        ul #list phx-update="append" {}
    };
}
