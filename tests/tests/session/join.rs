//! Joining a view (`protocol.md §3`).

use std::time::Duration;

use bennu::{Bennu, Config, html};
use bennu_tests::{Browser, Client, Live};
use serde_json::{Value, json};

use crate::forge::{TWO_WEEKS, token};
use crate::stage::{COMMANDS, SECRET, Stage, bennu, routes, settle};

fn stale() -> Value {
    json!({"reason": "stale"})
}

fn unauthorized() -> Value {
    json!({"reason": "unauthorized"})
}

/// An application that shows its notices.
fn with_notices() -> Stage {
    let bennu = bennu()
        .live_layout(|layout| html! { u { (layout.flash().get("info")) } (layout.content()) });
    Stage::of(bennu, routes())
}

#[tokio::test(start_paused = true)]
async fn a_join_shows_what_the_dead_render_showed() {
    let stage = Stage::new();
    let live = stage.visit("/puppet?x=1&y=%C3%A4").await;
    assert_eq!(live.html(), live.page.content());
}

#[tokio::test(start_paused = true)]
async fn a_join_is_refused_as_stale_when_its_tokens_are_not_of_the_page() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let other = browser.open("/puppet").await;
    let page = browser.open("/puppet").await;
    let mut live = Live::new(browser.connect(&page).await, page);
    let good = live.join_payload();
    let with = |key: &str, value: Value| {
        let mut payload = good.clone();
        payload[key] = value;
        payload
    };
    let without_session = {
        let mut payload = good.clone();
        payload.as_object_mut().unwrap().remove("session");
        payload
    };
    let foreign = |value| {
        token(
            "another secret, also 32 bytes long",
            "session",
            &value,
            Duration::ZERO,
        )
    };
    let own = json!({"id": live.page.id, "session": "default"});
    for payload in [
        with("session", json!(other.session)),
        with("session", json!("x")),
        with("session", json!("")),
        with("session", Value::Null),
        with("session", json!(7)),
        with("session", json!(live.page.statics)),
        with("session", json!(foreign(own.clone()))),
        with(
            "session",
            json!(token(SECRET, "static", &own, Duration::ZERO)),
        ),
        without_session,
        // Whole, but of another topic.
        json!({"url": other.url, "session": other.session, "static": other.statics}),
        json!({"url": other.url, "session": other.session}),
        with("static", json!(other.statics)),
        with("static", json!(live.page.session)),
        with("static", json!("x")),
        json!({}),
        json!([]),
        json!(null),
        json!("x"),
    ] {
        let reply = live.try_join(payload.clone()).await;
        assert_eq!(*reply.refused(), stale(), "{payload}");
    }
    assert_eq!(stage.log.take(), ["mount dead", "mount dead"]);
    // All that did not hurt the connection.
    live.join_with(with("static", Value::Null)).await;
}

#[tokio::test(start_paused = true)]
async fn a_pages_tokens_hold_two_weeks() {
    let stage = Stage::new();
    let mut live = stage.open("/puppet").await;
    let own = json!({"id": live.page.id, "session": "default"});
    let statics = json!({"id": live.page.id});
    let old = TWO_WEEKS + Duration::from_secs(2);
    let young = TWO_WEEKS - Duration::from_secs(60);
    let mut payload = live.join_payload();
    payload["session"] = json!(token(SECRET, "session", &own, old));
    assert_eq!(*live.try_join(payload.clone()).await.refused(), stale());
    payload["session"] = json!(token(SECRET, "session", &own, young));
    payload["static"] = json!(token(SECRET, "static", &statics, old));
    assert_eq!(*live.try_join(payload.clone()).await.refused(), stale());
    payload["static"] = json!(token(SECRET, "static", &statics, young));
    live.join_with(payload).await;
}

#[tokio::test(start_paused = true)]
async fn all_joins_are_stale_when_no_page_of_ours_opened_the_connection() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let page = browser.open("/puppet").await;
    let stranger = stage.browser().open("/puppet").await;
    for (browser, token) in [
        (&browser, stranger.csrf_token.as_str()),
        (&browser, "x"),
        (&browser, ""),
    ] {
        let mut live = Live::new(Client::open(browser, token).await, page.clone());
        let payload = live.join_payload();
        assert_eq!(*live.try_join(payload).await.refused(), stale());
    }
    // No token at all.
    let request = Client::request(&browser, "vsn=2.0.0");
    let mut live = Live::new(Client::upgrade(&browser, request).await.0, page);
    let payload = live.join_payload();
    assert_eq!(*live.try_join(payload).await.refused(), stale());
}

#[tokio::test(start_paused = true)]
async fn a_page_of_another_application_is_stale() {
    let (stage, other) = (
        Stage::new(),
        Stage::of(
            Bennu::new(Config::new("the other application's secret..").unwrap()),
            routes(),
        ),
    );
    let mut browser = stage.browser();
    let page = browser.open("/puppet").await;
    browser.server = other.server.clone();
    let mut live = Live::new(browser.connect(&page).await, page);
    let payload = live.join_payload();
    assert_eq!(*live.try_join(payload).await.refused(), stale());
}

#[tokio::test(start_paused = true)]
async fn a_join_by_redirect_brings_the_container_and_the_routed_view() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    // As recorded from the stock client: leave, then join the same topic.
    live.push("phx_leave", json!({})).await;
    live.expect_close().await;
    live.client.next().await;
    let payload = json!({
        "redirect": Browser::url("/other"),
        "params": {"_mounts": 0, "_live_referer": live.page.url},
        "session": live.page.session,
        "static": live.page.statics,
        "sticky": false,
    });
    let response = live.join_with(payload).await;
    assert_eq!(response["container"], json!(["div", {}]));
    assert_eq!(live.html(), "<b>other</b>");
    // The page still has the title of the view before.
    assert_eq!(response["rendered"]["t"], "");

    let mut live = stage.open("/puppet").await;
    assert!(live.join().await.get("container").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_url_that_leads_to_no_view_of_the_pages_session_is_unauthorized() {
    let stage = Stage::new();
    let mut live = stage.open("/puppet").await;
    for (key, url) in [
        ("redirect", Browser::url("/elsewhere")),
        ("redirect", Browser::url("/dead")),
        ("url", Browser::url("/elsewhere")),
        ("url", Browser::url("/dead")),
        ("url", "/puppet".to_owned()),
        ("url", String::new()),
        ("url", "javascript:alert(1)".to_owned()),
        ("url", format!("http://{}/puppet", "x".repeat(254))),
    ] {
        let mut payload = live.join_payload();
        payload.as_object_mut().unwrap().remove("url");
        payload[key] = json!(url);
        let reply = live.try_join(payload).await;
        assert_eq!(*reply.refused(), unauthorized(), "{key} {url}");
    }
    let mut payload = live.join_payload();
    payload.as_object_mut().unwrap().remove("url");
    assert_eq!(*live.try_join(payload).await.refused(), unauthorized());
    live.join().await;
}

#[tokio::test(start_paused = true)]
async fn a_join_names_its_page_once() {
    let stage = Stage::new();
    let mut live = stage.open("/puppet").await;
    for (url, redirect) in [
        (Some("/puppet"), Some("/puppet")),
        (Some("/puppet"), Some("/other")),
        (None, None),
    ] {
        let mut payload = live.join_payload();
        payload["url"] = json!(url.map(Browser::url));
        payload["redirect"] = json!(redirect.map(Browser::url));
        let reply = live.try_join(payload).await;
        assert_eq!(*reply.refused(), unauthorized(), "{url:?} {redirect:?}");
    }
    assert_eq!(stage.log.take(), ["mount dead"]);
}

#[tokio::test(start_paused = true)]
async fn a_pages_token_is_for_its_view_until_a_navigation_leads_to_another() {
    let stage = Stage::new();
    let mut live = stage.open("/puppet").await;
    let mut payload = live.join_payload();
    payload["url"] = json!(Browser::url("/other"));
    let reply = live.try_join(payload).await;
    assert_eq!(*reply.refused(), unauthorized());
    // Another URL of the same view.
    let mut payload = live.join_payload();
    payload["url"] = json!(Browser::url("/alias"));
    live.join_with(payload).await;
    assert_eq!(live.html(), "<p>a</p><i>/alias</i>");
    live.push("phx_leave", json!({})).await;
    live.client.waiting().await;
    let mut payload = live.join_payload();
    payload["url"] = json!(null);
    payload["redirect"] = json!(Browser::url("/other"));
    live.join_with(payload).await;
    assert_eq!(live.html(), "<b>other</b>");
}

#[tokio::test(start_paused = true)]
async fn a_page_of_another_live_session_joins_in_its_own() {
    let stage = Stage::new();
    let mut live = stage.visit("/elsewhere").await;
    assert_eq!(live.html(), "<b>other</b>");
    live.push("phx_leave", json!({})).await;
    live.client.waiting().await;
    let mut payload = live.join_payload();
    payload["url"] = json!(null);
    payload["redirect"] = json!(Browser::url("/other"));
    assert_eq!(*live.try_join(payload).await.refused(), unauthorized());
}

#[tokio::test(start_paused = true)]
async fn a_patch_during_the_join_is_told_in_its_reply() {
    let stage = Stage::new();
    let mut live = stage
        .open("/puppet?params=patch&to=/puppet?page=1&only=connected")
        .await;
    let response = live.join().await;
    assert_eq!(
        response["live_patch"],
        json!({"to": "/puppet?page=1", "kind": "replace"})
    );
    assert_eq!(live.html(), "<p>a</p><i>/puppet?page=1</i>");
    live.client.quiet().await;

    let mut live = stage
        .open("/puppet?mount=replace_patch&to=/alias&only=connected")
        .await;
    let response = live.join().await;
    assert_eq!(
        response["live_patch"],
        json!({"to": "/alias", "kind": "replace"})
    );
    assert_eq!(live.html(), "<p>a</p><i>/alias</i>");
}

/// Without what counts how often a visitor was sent on; see `loops`.
pub(crate) fn without_flash(refused: &Value) -> Value {
    let mut refused = refused.clone();
    for exit in ["redirect", "live_redirect"] {
        if let Some(exit) = refused.get_mut(exit).and_then(Value::as_object_mut) {
            assert!(exit.remove("flash").is_some());
        }
    }
    refused
}

#[tokio::test(start_paused = true)]
async fn a_mount_may_send_the_browser_elsewhere() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let page = browser.open("/puppet").await;
    let mut live = Live::new(browser.connect(&page).await, page);
    for (path, response) in [
        (
            "/puppet?mount=redirect&to=/x",
            json!({"redirect": {"to": "/x"}}),
        ),
        (
            "/puppet?mount=redirect&to=https://a.example/",
            json!({"redirect": {"to": "https://a.example/"}}),
        ),
        (
            "/puppet?mount=throw_redirect&to=/x",
            json!({"redirect": {"to": "/x"}}),
        ),
        (
            "/puppet?mount=navigate&to=/x",
            json!({"live_redirect": {"to": "/x", "kind": "push"}}),
        ),
        (
            "/puppet?mount=replace_navigate&to=/x",
            json!({"live_redirect": {"to": "/x", "kind": "replace"}}),
        ),
        (
            "/puppet?params=throw_navigate&to=/x",
            json!({"live_redirect": {"to": "/x", "kind": "push"}}),
        ),
        (
            "/puppet?params=patch&to=/other",
            json!({"live_redirect": {"to": "/other", "kind": "push"}}),
        ),
        (
            "/puppet?mount=throw_navigate&to=?x",
            json!({"live_redirect": {"to": "/puppet?x", "kind": "push"}}),
        ),
        ("/puppet?params=fail", json!({"reason": "join crashed"})),
        (
            "/puppet?mount=navigate&to=//evil.example",
            json!({"reason": "join crashed"}),
        ),
        (
            "/puppet?mount=throw_navigate&to=//evil.example",
            json!({"reason": "join crashed"}),
        ),
        (
            "/puppet?mount=throw_redirect&to=javascript:alert(1)",
            json!({"reason": "join crashed"}),
        ),
        (
            "/puppet?params=again&times=21",
            json!({"reason": "join crashed"}),
        ),
    ] {
        let mut payload = live.join_payload();
        payload["url"] = json!(Browser::url(path));
        let refused = without_flash(live.try_join(payload).await.refused());
        assert_eq!(refused, response, "{path}");
        live.client.quiet().await;
    }
    settle().await;
    assert_eq!(stage.pubsub.subscriptions(&COMMANDS), 0);
    live.join().await;
}

#[tokio::test(start_paused = true)]
async fn a_status_of_mount_makes_the_page_load_show_it_once() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let page = browser
        .open("/puppet?mount=status&code=404&only=connected")
        .await;
    let mut live = Live::new(browser.connect(&page).await, page);
    let payload = live.join_payload();
    let reply = live.try_join(payload).await;
    let refused = reply.refused();
    assert_eq!(
        (&refused["reason"], &refused["status"]),
        (&json!("reload"), &json!(404))
    );
    // The client leaves the token in a cookie and loads the page.
    let token = refused["token"].as_str().unwrap();
    let mut browser = browser.with_cookie("__phoenix_reload_status__", token);
    let path = "/puppet?mount=status&code=404&only=connected";
    assert_eq!(browser.get(path).await.status, 404);
    assert_eq!(browser.get(path).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_forged_status_is_not_shown() {
    let stage = Stage::new();
    let mut browser = stage
        .browser()
        .with_cookie("__phoenix_reload_status__", "404");
    assert_eq!(browser.get("/puppet").await.status, 200);
    assert!(!browser.cookies.contains_key("__phoenix_reload_status__"));
}

#[tokio::test(start_paused = true)]
async fn the_status_of_one_page_is_not_shown_for_another() {
    let stage = Stage::new();
    let mut live = stage
        .open("/puppet?mount=status&code=403&only=connected")
        .await;
    let payload = live.join_payload();
    let token = live.try_join(payload).await.refused()["token"].clone();
    // Nothing took the cookie away: middleware answered the page load.
    let cookie = token.as_str().unwrap();
    let mut browser = stage
        .browser()
        .with_cookie("__phoenix_reload_status__", cookie);
    assert_eq!(browser.get("/puppet").await.status, 200);
    assert!(!browser.cookies.contains_key("__phoenix_reload_status__"));
}

#[tokio::test(start_paused = true)]
async fn the_first_join_shows_the_notices_of_the_dead_render_and_later_ones_dont() {
    let stage = with_notices();
    let notices = token(SECRET, "flash", &json!({"info": "saved"}), Duration::ZERO);
    let mut browser = stage.browser().with_cookie("__phoenix_flash__", &notices);
    let mut live = browser.visit("/puppet").await;
    assert_eq!(live.page.content(), "<u>saved</u><p>a</p><i>/puppet</i>");
    assert_eq!(live.html(), live.page.content());
    // A rejoin, `_mounts` is 1.
    live.push("phx_leave", json!({})).await;
    live.client.waiting().await;
    live.join().await;
    assert_eq!(live.html(), "<u></u><p>a</p><i>/puppet</i>");
}

#[tokio::test(start_paused = true)]
async fn a_navigation_shows_the_notices_that_came_along_for_a_minute() {
    let stage = with_notices();
    let mut live = stage.visit("/puppet").await;
    let flash = |seconds| {
        let age = Duration::from_secs(seconds);
        token(SECRET, "flash", &json!({"info": "saved"}), age)
    };
    for (flash, shown) in [(flash(50), "saved"), (flash(62), ""), ("x".to_owned(), "")] {
        let mut payload = live.join_payload();
        payload["url"] = json!(null);
        payload["redirect"] = json!(Browser::url("/other"));
        payload["params"]["_mounts"] = json!(0);
        payload["flash"] = json!(flash);
        live.push("phx_leave", json!({})).await;
        live.client.waiting().await;
        live.join_with(payload).await;
        assert_eq!(live.html(), format!("<u>{shown}</u><b>other</b>"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_mounts_notices_travel_along_when_it_sends_the_browser_elsewhere() {
    let stage = with_notices();
    let path = "/puppet?mount=flash&text=saved&params=navigate&to=/other&only=connected";
    let mut live = stage.open(path).await;
    let payload = live.join_payload();
    let reply = live.try_join(payload).await;
    let sent = &reply.refused()["live_redirect"];
    assert_eq!(
        (&sent["to"], &sent["kind"]),
        (&json!("/other"), &json!("push"))
    );
    let mut payload = live.join_payload();
    payload["url"] = json!(null);
    payload["redirect"] = json!(Browser::url("/other"));
    payload["flash"] = sent["flash"].clone();
    live.join_with(payload).await;
    assert_eq!(live.html(), "<u>saved</u><b>other</b>");
}

#[tokio::test(start_paused = true)]
async fn a_mounts_title_and_events_come_with_the_join() {
    let stage = Stage::new();
    let path = "/puppet?mount=title&text=T&params=push_event&name=hello&detail=x";
    let mut live = stage.open(path).await;
    let response = live.join().await;
    assert_eq!(response["rendered"]["t"], "T");
    assert_eq!(response["rendered"]["e"], json!([["hello", "x"]]));
    assert_eq!(live.title(), Some("T"));
    // The same title again is not sent.
    assert_eq!(live.click("title", json!({"text": "T"})).await, json!({}));
}

#[tokio::test(start_paused = true)]
async fn events_of_a_mount_that_sends_elsewhere_are_dispatched_before() {
    let stage = Stage::new();
    let path =
        "/puppet?mount=push_event&name=bye&detail=x&params=navigate&to=/other&only=connected";
    let mut live = stage.open(path).await;
    let payload = live.join_payload();
    let reply = live.try_join(payload).await;
    assert_eq!(
        without_flash(reply.refused()),
        json!({"live_redirect": {"to": "/other", "kind": "push"}, "events": [["bye", "x"]]})
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_at_the_join_is_a_crashed_join_and_no_more() {
    let stage = Stage::new();
    let mut live = stage.open("/puppet").await;
    for query in ["mount=panic", "params=panic", "mount=break"] {
        let mut payload = live.join_payload();
        payload["url"] = json!(Browser::url(&format!("/puppet?{query}")));
        let reply = live.try_join(payload).await;
        assert_eq!(
            *reply.refused(),
            json!({"reason": "join crashed"}),
            "{query}"
        );
        // The client sends one or two leaves after a failed join.
        assert_eq!(*live.ask("phx_leave", json!({})).await.ok(), json!({}));
        assert_eq!(*live.ask("phx_leave", json!({})).await.ok(), json!({}));
    }
    live.join().await;
    assert_eq!(stage.pubsub.subscriptions(&COMMANDS), 1);
}

#[tokio::test(start_paused = true)]
async fn a_rejoin_on_a_new_connection_mounts_anew_with_the_same_tokens() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let mut live = browser.visit("/puppet").await;
    live.click("set", json!({"text": "b"})).await;
    let page = live.page.clone();
    let payload = live.join_payload();
    assert_eq!(payload["params"]["_mounts"], 1);
    live.client.close().await;
    let mut again = Live::new(browser.connect(&page).await, page);
    again.join_with(payload).await;
    assert_eq!(again.html(), "<p>a</p><i>/puppet</i>");
}

#[tokio::test(start_paused = true)]
async fn events_sent_while_the_view_mounts_wait_for_it() {
    let stage = Stage::new();
    let mut live = stage.open("/puppet?mount=wait&ms=200").await;
    let payload = live.join_payload();
    live.join_ref = live.push_join(payload).await;
    live.push(
        "event",
        json!({"type": "click", "event": "set", "value": {"text": "b"}}),
    )
    .await;
    live.client.beat().await;
    assert!(live.client.next().await.ok()["rendered"].is_object());
    assert_eq!(*live.client.next().await.ok(), json!({"diff": {"0": "b"}}));
}

#[tokio::test(start_paused = true)]
async fn a_page_may_be_open_twice() {
    let stage = Stage::new();
    let mut browser = stage.browser();
    let mut first = browser.visit("/puppet").await;
    // A duplicated tab has the same tokens.
    let mut second = Live::new(browser.connect(&first.page).await, first.page.clone());
    second.join().await;
    assert_eq!(
        second.click("set", json!({"text": "b"})).await,
        json!({"diff": {"0": "b"}})
    );
    first.client.quiet().await;
    second.client.close().await;
    assert_eq!(
        first.click("set", json!({"text": "c"})).await,
        json!({"diff": {"0": "c"}})
    );
}
