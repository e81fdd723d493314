//! Patches, navigations and redirects (`protocol.md §5.5–5.6, §6`).

use axum::Router;
use axum::routing::get;
use bennu::{html, live};
use bennu_tests::Browser;
use serde_json::{Value, json};

use crate::stage::{COMMANDS, Command, Puppet, Stage, bennu, routes, settle};

fn to(path: &str) -> Value {
    json!({ "to": path })
}

#[tokio::test(start_paused = true)]
async fn a_patch_link_runs_handle_params() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    assert_eq!(
        live.patch("/puppet?page=2").await,
        json!({"diff": {"1": "/puppet?page=2"}})
    );
    assert_eq!(live.patch("/puppet?page=2").await, json!({}));
    assert_eq!(live.patch("/puppet?page=2#top").await, json!({}));
    // Another route with the same view.
    assert_eq!(live.patch("/alias").await, json!({"diff": {"1": "/alias"}}));
    assert_eq!(stage.log.take(), ["mount dead", "mount connected"]);
}

#[tokio::test(start_paused = true)]
async fn a_patch_link_to_anything_else_is_left_to_navigation() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    for url in [
        Browser::url("/other"),
        Browser::url("/elsewhere"),
        Browser::url("/dead"),
        Browser::url("/nowhere"),
        "/puppet".to_owned(),
        "javascript:alert(1)".to_owned(),
        "http://bennu.test/a b".to_owned(),
        String::new(),
    ] {
        let reply = live.ask("live_patch", json!({"url": url})).await;
        assert_eq!(*reply.ok(), json!({"link_redirect": true}), "{url}");
    }
    assert_eq!(
        live.click("set", json!({"text": "b"})).await,
        json!({"diff": {"0": "b"}})
    );
}

#[tokio::test(start_paused = true)]
async fn a_patch_clears_the_notices() {
    let layout = |layout: &bennu::Layout<'_>| {
        html! { u { (layout.flash().get("info")) } (layout.content()) }
    };
    let stage = Stage::of(bennu().live_layout(layout), routes());
    let mut live = stage.visit("/puppet").await;
    live.click("flash", json!({"text": "x"})).await;
    live.patch("/puppet?a").await;
    assert_eq!(live.html(), "<u></u><p>a</p><i>/puppet?a</i>");
    // A notice that handle_params puts stays.
    live.patch("/puppet?params=flash&text=y").await;
    assert!(live.html().starts_with("<u>y</u>"));
}

#[tokio::test(start_paused = true)]
async fn a_patch_of_a_handler_is_pushed_before_the_reply() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    for (event, kind) in [("patch", "push"), ("replace_patch", "replace")] {
        let path = format!("/puppet?{kind}");
        let event = json!({"type": "click", "event": event, "value": to(&path)});
        let message_ref = live.push("event", event).await;
        assert_eq!(
            live.pushed("live_patch").await,
            json!({"to": path, "kind": kind})
        );
        let reply = live.answer(&message_ref).await;
        assert_eq!(*reply.ok(), json!({"diff": {"1": path}}));
    }
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn a_patch_keeps_its_fragment_for_the_browser_alone() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let event = json!({"type": "click", "event": "patch", "value": to("/puppet?a#end")});
    let message_ref = live.push("event", event).await;
    assert_eq!(live.pushed("live_patch").await["to"], "/puppet?a#end");
    live.answer(&message_ref).await;
    assert_eq!(live.html(), "<p>a</p><i>/puppet?a</i>");
}

#[tokio::test(start_paused = true)]
async fn patches_that_lead_on_are_one_move() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let leads_on = "/puppet?params=patch&to=/puppet?b%23end";
    // The browser adds an entry for what it asked for when that is answered.
    let reply = live
        .ask("live_patch", json!({"url": Browser::url(leads_on)}))
        .await;
    assert_eq!(*reply.ok(), json!({"diff": {"1": "/puppet?b"}}));
    assert_eq!(
        live.pushed("live_patch").await,
        json!({"to": "/puppet?b#end", "kind": "replace"})
    );
    for (event, kind) in [("patch", "push"), ("replace_patch", "replace")] {
        live.patch("/puppet").await;
        let event = json!({"type": "click", "event": event, "value": to(leads_on)});
        let message_ref = live.push("event", event).await;
        assert_eq!(
            live.pushed("live_patch").await,
            json!({"to": "/puppet?b#end", "kind": kind})
        );
        live.answer(&message_ref).await;
    }
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn twenty_patches_in_a_row_are_followed_and_more_are_a_loop() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let message_ref = live
        .push(
            "live_patch",
            json!({"url": Browser::url("/puppet?params=again&times=20")}),
        )
        .await;
    live.answer(&message_ref).await;
    assert_eq!(
        live.pushed("live_patch").await,
        json!({"to": "/puppet?params=again&times=0", "kind": "replace"})
    );
    assert!(live.html().ends_with("times=0</i>"));
    live.client.quiet().await;

    live.push(
        "live_patch",
        json!({"url": Browser::url("/puppet?params=again&times=21")}),
    )
    .await;
    live.expect_crash().await;
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn who_goes_elsewhere_is_told_in_the_reply_and_the_channel_closes() {
    let stage = Stage::new();
    for (event, path, response) in [
        (
            "navigate",
            "/other",
            json!({"live_redirect": {"to": "/other", "kind": "push"}}),
        ),
        (
            "replace_navigate",
            "/other",
            json!({"live_redirect": {"to": "/other", "kind": "replace"}}),
        ),
        (
            "throw_navigate",
            "/other",
            json!({"live_redirect": {"to": "/other", "kind": "push"}}),
        ),
        ("redirect", "/dead", json!({"redirect": {"to": "/dead"}})),
        (
            "redirect",
            "https://a.example/",
            json!({"redirect": {"to": "https://a.example/"}}),
        ),
        (
            "throw_redirect",
            "/dead",
            json!({"redirect": {"to": "/dead"}}),
        ),
        // A patch that leads to another view.
        (
            "patch",
            "/other",
            json!({"live_redirect": {"to": "/other", "kind": "push"}}),
        ),
        (
            "replace_patch",
            "/nowhere",
            json!({"live_redirect": {"to": "/nowhere", "kind": "replace"}}),
        ),
    ] {
        let mut live = stage.visit("/puppet").await;
        assert_eq!(live.click(event, to(path)).await, response, "{event}");
        live.expect_close().await;
        live.client.quiet().await;
        // The client leaves what is gone already.
        assert_eq!(*live.ask("phx_leave", json!({})).await.ok(), json!({}));
        assert_eq!(
            stage.log.take(),
            ["mount dead", "mount connected", "terminate Left"]
        );
    }
    assert_eq!(stage.pubsub.subscriptions(&COMMANDS), 0);
}

#[tokio::test(start_paused = true)]
async fn a_status_of_a_handler_loads_the_page_that_has_it() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet?x=1").await;
    let response = live.click("status", json!({"code": 404})).await;
    assert_eq!(response, json!({"redirect": {"to": "/puppet?x=1"}}));
    live.expect_close().await;
}

#[tokio::test(start_paused = true)]
async fn a_page_whose_path_reads_as_another_host_sends_nobody_there() {
    let routes = Router::new().route("/{*all}", get(live::<Puppet>()));
    let stage = Stage::of(bennu(), routes);
    // Who follows http://bennu.test//evil.example/ is still on this site.
    let mut live = stage.visit("//evil.example/").await;
    assert_eq!(live.html(), "<p>a</p><i>/evil.example/</i>");
    let patch = json!({"type": "click", "event": "patch", "value": to("?x")});
    let message_ref = live.push("event", patch).await;
    assert_eq!(live.pushed("live_patch").await["to"], "/evil.example/?x");
    live.answer(&message_ref).await;
    live.patch("//evil.example/y").await;
    assert_eq!(live.html(), "<p>a</p><i>/evil.example/y</i>");
    let response = live.click("status", json!({"code": 404})).await;
    assert_eq!(response, json!({"redirect": {"to": "/evil.example/y"}}));
    live.expect_close().await;
}

#[tokio::test(start_paused = true)]
async fn a_path_is_encoded_wherever_it_leads() {
    let stage = Stage::new();
    let (written, encoded) = ("/puppet?q=Ann \"Ä\"\\", "/puppet?q=Ann%20%22%C3%84%22%5C");
    let mut live = stage.visit("/puppet").await;
    let event = json!({"type": "click", "event": "patch", "value": to(written)});
    let message_ref = live.push("event", event).await;
    assert_eq!(live.pushed("live_patch").await["to"], encoded);
    let reply = live.answer(&message_ref).await;
    assert_eq!(*reply.ok(), json!({"diff": {"1": encoded}}));
    for (event, answer) in [
        (
            "navigate",
            json!({"live_redirect": {"to": encoded, "kind": "push"}}),
        ),
        (
            "throw_navigate",
            json!({"live_redirect": {"to": encoded, "kind": "push"}}),
        ),
        ("redirect", json!({"redirect": {"to": encoded}})),
        ("throw_redirect", json!({"redirect": {"to": encoded}})),
    ] {
        let mut live = stage.visit("/puppet").await;
        assert_eq!(live.click(event, to(written)).await, answer);
    }
}

#[tokio::test(start_paused = true)]
async fn a_query_or_fragment_alone_follows_the_path_of_the_page() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet?page=1").await;
    for (path, whole, uri) in [
        ("?page=2", "/puppet?page=2", "/puppet?page=2"),
        ("#top", "/puppet?page=2#top", "/puppet?page=2"),
    ] {
        let event = json!({"type": "click", "event": "patch", "value": to(path)});
        let message_ref = live.push("event", event).await;
        assert_eq!(live.pushed("live_patch").await["to"], whole);
        live.answer(&message_ref).await;
        assert_eq!(live.html(), format!("<p>a</p><i>{uri}</i>"));
    }
    // As Phoenix's client sends what a command holds.
    let reply = live.ask("live_patch", json!({"url": "?page=3"})).await;
    assert_eq!(*reply.ok(), json!({"diff": {"1": "/puppet?page=3"}}));
    for (event, answer) in [
        (
            "navigate",
            json!({"live_redirect": {"to": "/puppet?page=4", "kind": "push"}}),
        ),
        (
            "throw_navigate",
            json!({"live_redirect": {"to": "/puppet?page=4", "kind": "push"}}),
        ),
        ("redirect", json!({"redirect": {"to": "/puppet?page=4"}})),
        (
            "throw_redirect",
            json!({"redirect": {"to": "/puppet?page=4"}}),
        ),
    ] {
        let mut live = stage.visit("/puppet?page=1").await;
        assert_eq!(live.click(event, to("?page=4")).await, answer);
    }
}

#[tokio::test(start_paused = true)]
async fn a_patch_link_whose_handler_goes_elsewhere_is_answered_with_that() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let response = live.patch("/puppet?params=navigate&to=/other").await;
    assert_eq!(
        response,
        json!({"live_redirect": {"to": "/other", "kind": "push"}})
    );
    live.expect_close().await;
}

#[tokio::test(start_paused = true)]
async fn pushed_events_come_before_the_reply_that_sends_elsewhere() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let event = json!({"type": "click", "event": "farewell", "value": to("/other")});
    let message_ref = live.push("event", event).await;
    assert_eq!(live.pushed("diff").await, json!({"e": [["bye", 1]]}));
    let reply = live.answer(&message_ref).await;
    assert_eq!(
        *reply.ok(),
        json!({"live_redirect": {"to": "/other", "kind": "push"}})
    );
    live.expect_close().await;

    let mut live = stage.visit("/puppet").await;
    stage.tell(Command::Farewell {
        to: "/other".to_owned(),
    });
    assert_eq!(live.pushed("diff").await, json!({"e": [["bye", 1]]}));
    assert_eq!(
        live.pushed("live_redirect").await,
        json!({"to": "/other", "kind": "push"})
    );
    live.expect_close().await;
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn notices_travel_with_a_navigation_as_a_token() {
    let layout = |layout: &bennu::Layout<'_>| {
        html! { u { (layout.flash().get("info")) } (layout.content()) }
    };
    let stage = Stage::of(bennu().live_layout(layout), routes());
    for event in ["navigate", "redirect"] {
        let mut browser = stage.browser();
        let mut live = browser.visit("/puppet").await;
        live.click("flash", json!({"text": "saved"})).await;
        let response = live.click(event, to("/other")).await;
        let sent = response.as_object().unwrap().values().next().unwrap();
        assert_eq!(sent["to"], "/other");
        // The client puts it into a cookie for a page load.
        let flash = sent["flash"].as_str().unwrap();
        let mut browser = browser.with_cookie("__phoenix_flash__", flash);
        assert_eq!(
            browser.open("/other").await.content(),
            "<u>saved</u><b>other</b>"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn messages_of_the_server_navigate_by_pushes() {
    let stage = Stage::new();
    let path = || "/other".to_owned();
    for (command, event, payload) in [
        (
            Command::Navigate { to: path() },
            "live_redirect",
            json!({"to": "/other", "kind": "push"}),
        ),
        (
            Command::Redirect { to: path() },
            "redirect",
            json!({"to": "/other"}),
        ),
        (
            Command::ThrowRedirect { to: path() },
            "redirect",
            json!({"to": "/other"}),
        ),
        (
            Command::Patch { to: path() },
            "live_redirect",
            json!({"to": "/other", "kind": "push"}),
        ),
    ] {
        let mut live = stage.visit("/puppet").await;
        stage.tell(command);
        assert_eq!(live.pushed(event).await, payload);
        live.expect_close().await;
        live.client.quiet().await;
    }
    let mut live = stage.visit("/puppet").await;
    stage.tell(Command::Patch {
        to: "/puppet?a".to_owned(),
    });
    assert_eq!(
        live.pushed("live_patch").await,
        json!({"to": "/puppet?a", "kind": "push"})
    );
    assert_eq!(live.pushed("diff").await, json!({"1": "/puppet?a"}));
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn a_path_that_could_leave_the_site_is_the_applications_error() {
    let stage = Stage::new();
    for path in [
        "https://evil.example/",
        "//evil.example/",
        "\\\\evil.example",
        "\t//evil.example",
        "evil",
        "",
        "javascript:alert(1)",
    ] {
        for event in [
            "patch",
            "replace_patch",
            "navigate",
            "replace_navigate",
            "throw_navigate",
        ] {
            let mut live = stage.visit("/puppet").await;
            let event = json!({"type": "click", "event": event, "value": to(path)});
            live.push("event", event).await;
            live.expect_crash().await;
        }
    }
    for path in [
        "//evil.example/",
        "javascript:alert(1)",
        "https:/x",
        "https://a.example\\@evil.example",
    ] {
        for event in ["redirect", "throw_redirect"] {
            let mut live = stage.visit("/puppet").await;
            let event = json!({"type": "click", "event": event, "value": to(path)});
            live.push("event", event).await;
            live.expect_crash().await;
        }
    }
    settle().await;
    assert_eq!(stage.pubsub.subscriptions(&COMMANDS), 0);
}
