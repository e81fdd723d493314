//! Views in views, nested and sticky (`protocol.md §1.4, §2.2`).

mod elsewhere;
mod in_components;
mod in_layouts;

use axum::Router;
use axum::extract::Query;
use axum::routing::get;
use bennu::{
    Error, Event, Limits, LiveComponent, LiveView, Never, Page, Rendered, Result, Socket, html,
    live, live_child, live_component, live_sticky,
};
use bennu_tests::{Browser, Frame, Live};
use http::{StatusCode, header};
use serde_json::{Value, json};
use tracing::Level;

use crate::logged::Logged;
use crate::stage::{COMMANDS, Command, Stage, bennu, config, routes, settle};

/// Places the children of its query: `?nested=a:/puppet&sticky=b:/other`.
struct House {
    children: Vec<(String, String)>,
    count: u32,
}

#[derive(Event)]
enum Told {
    Count,
    Panic,
    Navigate { to: String },
}

impl LiveView for House {
    type Params = Query<Vec<(String, String)>>;
    type Event = Told;
    type Info = Never;

    async fn mount(params: &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        let Query(query) = params;
        for (key, value) in query {
            match &**key {
                "title" => socket.set_title(value),
                "flash" => socket.put_flash("info", value),
                "status" => return Err(Error::status(StatusCode::from_u16(value.parse()?)?)),
                _ => {}
            }
        }
        Ok(Self {
            children: Vec::new(),
            count: 0,
        })
    }

    async fn handle_params(
        &mut self,
        Query(query): Self::Params,
        socket: &mut Socket<Self>,
    ) -> Result {
        for (key, to) in &query {
            match &**key {
                "patch" => socket.push_patch(to)?,
                "navigate" => socket.push_navigate(to)?,
                _ => {}
            }
        }
        self.children = query;
        Ok(())
    }

    async fn handle_event(&mut self, event: Told, socket: &mut Socket<Self>) -> Result {
        match event {
            Told::Count => self.count += 1,
            Told::Panic => panic!("as told"),
            Told::Navigate { to } => socket.push_navigate(to)?,
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            b { (self.count) }
            @for (kind, place) in &self.children key=(place) {
                @if let Some((id, url)) = place.split_once(':') {
                    @if kind == "nested" { (live_child(id, url)) }
                    @if kind == "sticky" { (live_sticky(id, url)) }
                    @if kind == "framed" {
                        (live_component::<Alcove>(id, (id.to_owned(), url.to_owned())))
                    }
                }
            }
        }
    }
}

/// A component with a child.
struct Alcove;

impl LiveComponent for Alcove {
    type Props = (String, String);
    type Event = Never;
    type Info = Never;

    async fn mount(_: &Self::Props, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self, (id, url): &Self::Props) -> Rendered {
        html! { figure { (live_child(id, url)) } }
    }
}

fn houses() -> Router {
    routes().route("/house", get(live::<House>()))
}

fn stage() -> Stage {
    Stage::of(bennu(), houses())
}

/// The tag of the element with this id.
fn tag<'h>(html: &'h str, id: &str) -> &'h str {
    let at = html
        .find(&format!("id=\"{id}\""))
        .unwrap_or_else(|| panic!("no {id} in {html}"));
    let start = html[..at].rfind('<').unwrap();
    let end = html[at..].find('>').unwrap() + at;
    &html[start..=end]
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    Some(after.split_once('"').unwrap().0)
}

/// Joins a child as a client does: with the session of the connected render
/// and the static token of the dead one.
pub(crate) async fn join(live: &mut Live, join_ref: &str, id: &str) -> Frame {
    let (html, body) = (live.html(), live.page.body.clone());
    let session = attribute(tag(&html, id), "data-phx-session").unwrap();
    let statics = if body.contains(&format!("id=\"{id}\"")) {
        attribute(tag(&body, id), "data-phx-static")
    } else {
        None
    };
    let payload = payload(session, statics);
    join_with(live, join_ref, id, payload).await
}

fn payload(session: &str, statics: Option<&str>) -> Value {
    json!({"session": session, "static": statics, "params": {"_mounts": 0}, "sticky": false})
}

async fn join_with(live: &mut Live, join_ref: &str, id: &str, payload: Value) -> Frame {
    let topic = format!("lv:{id}");
    live.client
        .push(Some(join_ref), Some(join_ref), &topic, "phx_join", payload)
        .await;
    let reply = live.client.next().await;
    assert_eq!((&*reply.topic, &*reply.event), (&*topic, "phx_reply"));
    reply
}

pub(crate) async fn tell(live: &mut Live, join_ref: &str, id: &str, event: &str, value: Value) {
    let payload = json!({"type": "click", "event": event, "value": value});
    let topic = format!("lv:{id}");
    live.client
        .push(Some(join_ref), Some("t"), &topic, "event", payload)
        .await;
}

fn closed(join_ref: &str, id: &str) -> Value {
    json!([join_ref, join_ref, format!("lv:{id}"), "phx_close", {}])
}

fn crashed(join_ref: &str, id: &str) -> Value {
    let reason = json!({"reason": "channel_crash"});
    json!([join_ref, join_ref, format!("lv:{id}"), "phx_error", reason])
}

#[tokio::test(start_paused = true)]
async fn a_page_shows_its_children() {
    let stage = stage();
    let page = stage
        .browser()
        .open("/house?nested=a:/puppet?x=1&sticky=s:/other")
        .await;
    let child = tag(&page.body, "a");
    assert_eq!(attribute(child, "data-phx-session"), Some(""));
    assert_eq!(attribute(child, "data-phx-parent-id"), Some(&*page.id));
    assert!(!attribute(child, "data-phx-static").unwrap().is_empty());
    assert!(
        page.body
            .contains(&format!("{child}<p>a</p><i>/puppet?x=1</i></div>"))
    );

    let sticky = tag(&page.body, "s");
    assert!(sticky.contains("data-phx-sticky"));
    assert!(!attribute(sticky, "data-phx-session").unwrap().is_empty());
    assert_eq!(attribute(sticky, "data-phx-parent-id"), None);
    assert!(page.body.contains(&format!("{sticky}<b>other</b></div>")));
    assert!(!page.body.contains("<!--"), "no marker is left");
}

#[tokio::test(start_paused = true)]
async fn a_child_joins_with_its_parent_and_lives_for_itself() {
    let stage = stage();
    let mut live = stage
        .visit("/house?nested=a:/puppet?x=1&nested=b:/other")
        .await;
    let child = live.html();
    let child = tag(&child, "a");
    assert_eq!(attribute(child, "data-phx-static"), Some(""));
    assert_eq!(attribute(child, "data-phx-parent-id"), Some(&*live.page.id));
    assert!(
        live.html().contains(&format!("{child}</div>")),
        "it is empty"
    );

    let reply = join(&mut live, "10", "a").await;
    assert_eq!(reply.ok()["rendered"]["1"], "/puppet?x=1");
    assert_eq!(reply.ok().get("container"), None);
    assert_eq!(reply.ok().get("live_patch"), None);
    let _ = join(&mut live, "11", "b").await.ok();

    // Each has a state and a crash of its own.
    tell(&mut live, "10", "a", "set", json!({"text": "b"})).await;
    let reply = live.client.next().await;
    assert_eq!(*reply.ok(), json!({"diff": {"0": "b"}}));
    assert_eq!(
        live.click("count", json!({})).await,
        json!({"diff": {"0": "1"}})
    );
    tell(&mut live, "10", "a", "panic", json!({})).await;
    live.client.expect(crashed("10", "a")).await;
    assert_eq!(
        live.click("count", json!({})).await,
        json!({"diff": {"0": "2"}})
    );
    // With the same token it is mounted anew.
    let reply = join(&mut live, "12", "a").await;
    assert_eq!(reply.ok()["rendered"]["0"], "a");
}

#[tokio::test(start_paused = true)]
async fn children_have_children() {
    let stage = stage();
    let path = "/house?nested=a:/house?nested=b:/puppet";
    let mut live = stage.visit(path).await;
    let inner = tag(&live.page.body, "b");
    assert_eq!(attribute(inner, "data-phx-parent-id"), Some("a"));
    assert!(live.page.body.contains("<i>/puppet</i>"));
    let reply = join(&mut live, "10", "a").await;
    let tree = reply.ok()["rendered"].to_string();
    let inner = bennu_replica::Replica::join(&tree).unwrap().html();
    let session = attribute(tag(&inner, "b"), "data-phx-session").unwrap();
    let reply = join_with(&mut live, "11", "b", payload(session, None)).await;
    assert_eq!(reply.ok()["rendered"]["1"], "/puppet");

    // The whole branch ends with the page.
    live.push(
        "event",
        json!({"type": "click", "event": "panic", "value": {}}),
    )
    .await;
    let mut frames = Vec::new();
    for _ in 0..3 {
        frames.push(live.client.next().await.to_json());
    }
    assert!(frames.contains(&closed("10", "a")), "{frames:?}");
    assert!(frames.contains(&closed("11", "b")), "{frames:?}");
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn children_end_with_their_parent_and_sticky_views_stay() {
    let stage = stage();
    let mut live = stage
        .visit("/house?nested=a:/puppet&sticky=s:/puppet")
        .await;
    let _ = join(&mut live, "10", "a").await.ok();
    let _ = join(&mut live, "11", "s").await.ok();
    stage.log.take();
    let message_ref = live.next_ref();
    let payload = json!({"type": "click", "event": "navigate", "value": {"to": "/other"}});
    let topic = live.topic.clone();
    let join_ref = live.join_ref.clone();
    live.client
        .push(
            Some(&join_ref),
            Some(&message_ref),
            &topic,
            "event",
            payload,
        )
        .await;
    let frames: Vec<Value> = live
        .client
        .waiting()
        .await
        .iter()
        .map(Frame::to_json)
        .collect();
    assert!(frames.contains(&closed("10", "a")), "{frames:?}");
    assert_eq!(stage.log.take(), ["terminate Left"]);
    tell(&mut live, "11", "s", "set", json!({"text": "still here"})).await;
    let reply = live.client.next().await;
    assert_eq!(*reply.ok(), json!({"diff": {"0": "still here"}}));

    // A child whose parent has ended is turned away, without a page load.
    let reply = join(&mut live, "12", "a").await;
    assert_eq!(*reply.refused(), json!({"reason": "parent ended"}));
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn a_token_is_worth_nothing_on_another_connection_or_for_another_topic() {
    let stage = stage();
    let (mut live, mut other) = (
        stage.visit("/house?nested=a:/puppet").await,
        stage.visit("/house?nested=a:/puppet").await,
    );
    let html = live.html();
    let session = attribute(tag(&html, "a"), "data-phx-session").unwrap();
    let reply = join_with(&mut other, "10", "a", payload(session, None)).await;
    assert_eq!(*reply.refused(), json!({"reason": "parent ended"}));
    let reply = join_with(&mut live, "11", "b", payload(session, None)).await;
    assert_eq!(*reply.refused(), json!({"reason": "stale"}));
    // The dead render gives a child no session.
    let reply = join_with(&mut live, "12", "a", payload("", None)).await;
    assert_eq!(*reply.refused(), json!({"reason": "stale"}));
    // Its token names its URL: with one in the payload it would pass for a page.
    for key in ["url", "redirect"] {
        for url in ["/puppet", "/other"] {
            let mut with_url = payload(session, None);
            with_url[key] = json!(Browser::url(url));
            let reply = join_with(&mut live, "13", "a", with_url).await;
            assert_eq!(*reply.refused(), json!({"reason": "unauthorized"}));
        }
    }
    let reply = join_with(&mut live, "14", "a", payload(session, None)).await;
    assert_eq!(reply.ok()["rendered"]["1"], "/puppet");
}

#[tokio::test(start_paused = true)]
async fn a_pages_token_is_none_of_a_child_and_a_sticky_views_none_of_a_page() {
    let stage = stage();
    let mut live = stage.visit("/house?nested=a:/puppet&sticky=s:/other").await;
    let (page, id) = (live.page.session.clone(), live.page.id.clone());
    let html = live.html();
    let sticky = attribute(tag(&html, "s"), "data-phx-session").unwrap();
    let stale = json!({"reason": "stale"});
    let unauthorized = json!({"reason": "unauthorized"});
    for child in ["a", "s"] {
        let reply = join_with(&mut live, "11", child, payload(&page, None)).await;
        assert_eq!(*reply.refused(), stale);
    }
    let mut as_page = payload(sticky, None);
    as_page["url"] = json!(live.page.url);
    let reply = join_with(&mut live, "13", "s", as_page).await;
    assert_eq!(*reply.refused(), unauthorized);
    let reply = join_with(&mut live, "14", "s", payload(sticky, None)).await;
    assert!(reply.ok()["rendered"].is_object());
    // The page's own topic, as a child would join it; that ends the page's view.
    let topic = format!("lv:{id}");
    let join = payload(&page, None);
    live.client
        .push(Some("15"), Some("15"), &topic, "phx_join", join)
        .await;
    let came = live.client.waiting().await;
    let reply = came
        .iter()
        .find(|frame| frame.event == "phx_reply")
        .unwrap();
    assert_eq!(*reply.refused(), unauthorized);
}

#[tokio::test(start_paused = true)]
async fn an_unchanged_child_costs_no_diff_and_another_url_is_another_child() {
    let stage = stage();
    let mut live = stage.visit("/house?nested=a:/puppet&nested=b:/other").await;
    let before = live.html();
    assert_eq!(
        live.click("count", json!({})).await,
        json!({"diff": {"0": "1"}})
    );
    live.patch("/house?nested=a:/puppet?x=2&nested=b:/other")
        .await;
    let after = live.html();
    assert_eq!(tag(&before, "b"), tag(&after, "b"));
    assert!(!after.contains("id=\"a\""), "{after}");
    let reply = join(&mut live, "10", "a~2").await;
    assert_eq!(reply.ok()["rendered"]["1"], "/puppet?x=2");
}

#[tokio::test(start_paused = true)]
async fn what_turns_a_child_away_answers_for_the_page() {
    let stage = stage();
    let mut browser = stage.browser();
    for (child, status) in [
        ("/puppet?mount=status%26code=418", 418),
        ("/nowhere", 404),
        ("/dead", 500),
        ("/puppet?mount=panic", 500),
        ("/puppet?mount=fail", 500),
        ("/house?nested=b:/nowhere", 404),
    ] {
        let answer = browser.get(&format!("/house?nested=a:{child}")).await;
        assert_eq!(answer.status, status, "{child}");
    }
    for (child, to) in [
        ("/puppet?mount=throw_redirect%26to=/x", "/x"),
        ("/puppet?mount=navigate%26to=/y", "/y"),
        ("/puppet?mount=patch%26to=/other", "/other"),
    ] {
        let answer = browser.get(&format!("/house?nested=a:{child}")).await;
        assert_eq!(answer.status, StatusCode::FOUND, "{child}");
        assert_eq!(answer.header(header::LOCATION), to);
    }
    // A patch of its own is the child's alone.
    let page = browser
        .open("/house?nested=a:/puppet?params=patch%26to=/puppet?x")
        .await;
    assert!(page.body.contains("<i>/puppet?x</i>"), "{}", page.body);
}

#[tokio::test(start_paused = true)]
async fn the_url_of_a_child_is_encoded() {
    let stage = stage();
    let mut live = stage
        .visit("/house?nested=a:/puppet?x=Ann%20Lee%5C%26y%3D%C3%A4")
        .await;
    let reply = join(&mut live, "10", "a").await;
    assert_eq!(
        reply.ok()["rendered"]["1"],
        "/puppet?x=Ann%20Lee%5C&amp;y=%C3%A4"
    );
}

#[tokio::test(start_paused = true)]
async fn a_child_that_cannot_be_placed_is_an_error_that_names_it() {
    let stage = stage();
    let (logged, _guard) = Logged::at(Level::ERROR);
    for (kind, child, fault) in [
        (
            "nested",
            "a://evil.example",
            "the child \"a\" can't be embedded: \"//evil.example\" is not a local path: it starts \
             with `//`, which names another host: write one `/`",
        ),
        (
            "sticky",
            "a:puppet",
            "the child \"a\" can't be embedded: \"puppet\" is not a local path: it must start with \
             a `/`",
        ),
        (
            "framed",
            "a%20b:/puppet",
            "\"a b\" is no id for a child: it needs 1 to 200 bytes without spaces",
        ),
    ] {
        let answer = (stage.browser())
            .get(&format!("/house?{kind}={child}"))
            .await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        let lines = logged.take();
        assert!(
            matches!(&lines[..], [line] if line.contains(fault)),
            "{lines:?}"
        );
        // The same where the page is connected already.
        let mut live = stage.visit("/house").await;
        let url = Browser::url(&format!("/house?{kind}={child}"));
        live.push("live_patch", json!({ "url": url })).await;
        live.expect_crash().await;
        let lines = logged.take();
        assert!(
            matches!(&lines[..], [line] if line.contains(fault)),
            "{lines:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_view_that_embeds_itself_is_stopped() {
    let stage = stage();
    let mut browser = stage.browser();
    let mut url = "/other".to_owned();
    for depth in 0..10 {
        let answer = browser.get(&format!("/house?nested=a:{url}")).await;
        let expected = if depth < 8 { 200 } else { 500 };
        assert_eq!(answer.status.as_u16(), expected, "{depth}: {}", answer.body);
        let escaped = url.replace('%', "%25").replace('&', "%26");
        url = format!("/house?nested=a:{escaped}");
    }
}

#[tokio::test(start_paused = true)]
async fn as_many_children_as_a_page_may_have_join_at_once() {
    let stage = stage();
    let children: Vec<_> = (0..Limits::default().children)
        .map(|number| format!("nested=c{number}:/other"))
        .collect();
    let mut live = stage.visit(&format!("/house?{}", children.join("&"))).await;
    let html = live.html();
    for number in 0..children.len() {
        let (id, join_ref) = (format!("c{number}"), format!("1{number}"));
        let session = attribute(tag(&html, &id), "data-phx-session").unwrap();
        let topic = format!("lv:{id}");
        let payload = payload(session, None);
        (live.client)
            .push(
                Some(&join_ref),
                Some(&join_ref),
                &topic,
                "phx_join",
                payload,
            )
            .await;
    }
    for _ in &children {
        let _ = live.client.next().await.ok();
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_with_too_many_children_says_so() {
    let limits = Limits {
        children: 2,
        ..Limits::default()
    };
    let stage = Stage::of(bennu::Bennu::new(config().limits(limits)), houses());
    let mut browser = stage.browser();
    let path = "/house?nested=a:/other&nested=b:/other";
    let mut live = browser.visit(path).await;
    let answer = browser.get(&format!("{path}&sticky=c:/other")).await;
    assert_eq!(answer.status, 500);
    let nested = "/house?nested=a:/house?nested=b:/house?nested=c:/other";
    assert_eq!(browser.get(nested).await.status, 500);
    // Children that went make room.
    live.patch("/house?nested=c:/other&nested=d:/other").await;
    assert!(live.html().contains("id=\"d\""));
    live.push(
        "live_patch",
        json!({"url": Browser::url(&format!("{path}&nested=c:/other"))}),
    )
    .await;
    live.expect_crash().await;
}

#[tokio::test(start_paused = true)]
async fn a_childs_title_is_not_the_pages() {
    let stage = stage();
    let mut live = stage
        .visit("/house?title=Page&nested=a:/house?title=Child")
        .await;
    assert!(live.page.body.contains(">Page</title>"));
    let reply = join(&mut live, "10", "a").await;
    assert_eq!(reply.ok()["rendered"].get("t"), None);
}

#[tokio::test(start_paused = true)]
async fn a_child_hears_and_leaves_as_any_view() {
    let stage = stage();
    let mut live = stage.visit("/house?nested=a:/puppet").await;
    let _ = join(&mut live, "10", "a").await.ok();
    stage.log.take();
    assert_eq!(
        stage.tell(Command::Set {
            text: "all".to_owned()
        }),
        1
    );
    assert_eq!(live.client.next().await.payload, json!({"0": "all"}));
    live.client
        .send(json!(["10", "20", "lv:a", "phx_leave", {}]))
        .await;
    live.client.expect(closed("10", "a")).await;
    let _ = live.client.next().await.ok();
    assert_eq!(stage.log.take(), ["terminate Left"]);
    settle().await;
    assert_eq!(stage.pubsub.broadcast(&COMMANDS, Command::Nothing), 0);
}
