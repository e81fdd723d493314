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

fn forms() {
    let _ = html! {
        form phx-change=(Msg::VALIDATE) phx-submit=(Msg::SaveAll(())) {}
        form phx-submit=(found(1)) phx-change=(Msg::Choose { id: 1 }) {}
    };
}
