//! A page that shows addresses which a visitor entered, wherever a browser follows
//! them.

use axum::response::Response;
use bennu::prelude::*;
use http::{HeaderValue, header};

/// Each tells the page if it runs.
const SCRIPTS: [&str; 5] = [
    "javascript:void(top.ran=1)",
    " java\tscript:void(top.ran=1)",
    "JaVaScRiPt:void(top.ran=1)",
    "data:text/html,<script>top.postMessage('ran','*')</script>",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><script>top.postMessage('ran','*')</script></svg>",
];

pub(crate) struct Addresses {
    url: &'static str,
}

#[derive(Debug, Event)]
pub(crate) enum Msg {
    Enter { number: usize },
}

impl LiveView for Addresses {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self { url: SCRIPTS[0] })
    }

    async fn handle_event(&mut self, Msg::Enter { number }: Msg, _: &mut Socket<Self>) -> Result {
        self.url = SCRIPTS.get(number).copied().unwrap_or("/large");
        Ok(())
    }

    fn render(&self) -> Rendered {
        let url = self.url;
        let attributes = Attributes::new().with("href", url);
        html! {
            h1 { "Addresses" }
            p #url { (url) }
            @for number in 0..=SCRIPTS.len() {
                button #{ "enter-" (number) } phx-click=(Msg::Enter { number }) { (number) }
            }
            p {
                a #link href=(url) { "Link" } " "
                a #brought ..(attributes) { "Brought" } " "
                svg width="40" height="20" { a #drawn href=(url) { text y="15" { "Drawn" } } }
            }
            form #form action=(url) { button #send { "Send" } }
            form { button #elsewhere formaction=(url) { "Send elsewhere" } }
            iframe title="Frame" src=(url) {}
            object data=(url) {}
            embed src=(url);
            img alt="" src=(url);
        }
    }
}

/// No policy keeps scripts from running here.
pub(crate) async fn allow_all(mut response: Response) -> Response {
    let policy = HeaderValue::from_static("base-uri 'none'");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}
