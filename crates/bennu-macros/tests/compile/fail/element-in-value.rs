use bennu_macros::html;

fn main() {
    let _ = html! {
        a href={ b {} } {}
        a href=.pinkie {} {}
        a.{ b {} } {}
        p title={ @if true { b #x {} } } {}
    };
}
