use bennu_macros::html;

fn main() {
    let _ = html! {
        p title="a" lang="en" title="b" {}
        p #a #b {}
        p #a id="b" {}
        p.a.b class="c" {}
        p class="c" .a {}
        P CLASS="a" class=("b") {}
    };
    let _ = html! { a href= };
    let _ = html! { a href=target {} };
    let _ = html! { p. };
    let _ = html! { p.(;) {} };
    let _ = html! { p title=() {} };
    let _ = html! { p hidden[] {} };
    let _ = html! { "a b" {} p "a=b"="c" {} };
}
