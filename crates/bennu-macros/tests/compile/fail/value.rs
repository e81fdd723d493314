use bennu_macros::html;

enum Msg {
    Set { step: i64 },
}

fn main() {
    let _ = html! {
        button phx-click=(Msg::Set) { "Set" }
        p title=(Msg::Set) {
            (Msg::Set)
        }
    };
}
