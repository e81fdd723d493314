//! An application below a path: what its callbacks build leads there too.

use axum::Router;
use axum::routing::get;
use bennu::{Bennu, Event, Js, LiveView, Rendered, Result, Socket, html, link, live};
use serde_json::json;

use crate::stage::{Stage, config};

#[derive(Debug, Event)]
enum Lead {
    Now,
    Later,
}

/// The links that its callbacks made.
struct Leading(Vec<String>);

fn links() -> String {
    let js = serde_json::to_string(&Js::new().navigate("/there")).expect("commands are JSON");
    format!("{} {js}", link::path("/here"))
}

impl LiveView for Leading {
    type Params = ();
    type Event = Lead;
    type Info = String;

    async fn mount((): &(), _: &mut Socket<Self>) -> Result<Self> {
        // Also after a pause: the task may go on in another thread.
        tokio::task::yield_now().await;
        Ok(Self(vec![links()]))
    }

    async fn handle_event(&mut self, event: Lead, socket: &mut Socket<Self>) -> Result {
        match event {
            Lead::Now => self.0.push(links()),
            Lead::Later => {
                let _ = socket.spawn(async {
                    tokio::task::yield_now().await;
                    links()
                });
            }
        }
        Ok(())
    }

    async fn handle_info(&mut self, links: String, _: &mut Socket<Self>) -> Result {
        self.0.push(links);
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! { (self.0.len()) @for links in &self.0 { p { (links) } } }
    }
}

#[tokio::test(start_paused = true)]
async fn what_callbacks_build_leads_below_the_path_in_front() {
    let config = config()
        .public_url("https://example.org/app")
        .expect("a URL");
    let stage = Stage::of(
        Bennu::new(config),
        Router::new().route("/", get(live::<Leading>())),
    );
    let below = html! { p { r#"/app/here [["navigate",{"href":"/app/there"}]]"# } }.to_html();
    let mut browser = stage.browser();
    let page = browser.get("/").await;
    assert!(page.body.contains(&below), "{}", page.body);
    let mut live = browser.visit("/").await;
    live.click("now", json!({})).await;
    live.click("later", json!({})).await;
    live.pushed("diff").await;
    assert_eq!(live.html(), format!("3{}", below.repeat(3)));
}
