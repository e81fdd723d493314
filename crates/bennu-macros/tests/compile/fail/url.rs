use bennu_macros::html;

fn main() {
    let path = "alert(1)";
    let _ = html! {
        a href="javascript:void(0)" {}
        a href=" Java\nScript:alert(1)" {}
        form action={ "javascript:" (path) } {}
        iframe src={ { "vbscript:x" } } {}
        a href="/javascript:" title="javascript:" {}
    };
}
