//! Where a child leads: itself, its page, or away.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_child_patches_for_itself_and_navigates_for_the_page() {
    let stage = stage();
    let mut live = stage.visit("/house?nested=a:/puppet").await;
    let _ = join(&mut live, "10", "a").await.ok();
    tell(&mut live, "10", "a", "patch", json!({"to": "/puppet?x"})).await;
    // No `live_patch`: the browser's address is the page's.
    assert_eq!(
        *live.client.next().await.ok(),
        json!({"diff": {"1": "/puppet?x"}})
    );
    tell(&mut live, "10", "a", "flash", json!({"text": "bye"})).await;
    let _ = live.client.next().await.ok();
    tell(&mut live, "10", "a", "navigate", json!({"to": "/other"})).await;
    let reply = live.client.next().await;
    let redirect = &reply.ok()["live_redirect"];
    assert_eq!(
        (&redirect["to"], &redirect["kind"]),
        (&json!("/other"), &json!("push"))
    );
    assert!(redirect["flash"].is_string());
    live.client.expect(closed("10", "a")).await;
}

#[tokio::test(start_paused = true)]
async fn a_query_alone_is_of_the_child_in_a_patch_and_of_the_page_in_a_navigation() {
    let stage = stage();
    let mut live = stage.visit("/house?nested=a:/puppet").await;
    let _ = join(&mut live, "10", "a").await.ok();
    tell(&mut live, "10", "a", "patch", json!({"to": "?x"})).await;
    let reply = live.client.next().await;
    assert_eq!(*reply.ok(), json!({"diff": {"1": "/puppet?x"}}));
    // The browser knows the page that it shows.
    tell(&mut live, "10", "a", "navigate", json!({"to": "?y"})).await;
    let reply = live.client.next().await;
    assert_eq!(reply.ok()["live_redirect"]["to"], "?y");
    live.client.expect(closed("10", "a")).await;
}

#[tokio::test(start_paused = true)]
async fn a_sticky_view_that_navigates_lives_on_and_shows_what_changed() {
    let stage = stage();
    let mut live = stage.visit("/house?sticky=s:/puppet").await;
    let _ = join(&mut live, "10", "s").await.ok();
    tell(&mut live, "10", "s", "flash", json!({"text": "bye"})).await;
    let _ = live.client.next().await.ok();
    tell(&mut live, "10", "s", "farewell", json!({"to": "/other"})).await;
    let diff = live.client.next().await.to_json();
    assert_eq!(diff[3], "diff");
    assert_eq!(diff[4], json!({"e": [["bye", 1]]}));
    let reply = live.client.next().await;
    assert_eq!(reply.ok()["live_redirect"]["to"], "/other");
    assert!(reply.ok()["live_redirect"]["flash"].is_string());
    // A redirect takes the document away, and all views with it.
    tell(&mut live, "10", "s", "set", json!({"text": "here"})).await;
    assert_eq!(
        *live.client.next().await.ok(),
        json!({"diff": {"0": "here"}})
    );
    tell(&mut live, "10", "s", "redirect", json!({"to": "/other"})).await;
    assert_eq!(live.client.next().await.ok()["redirect"]["to"], "/other");
    live.client.expect(closed("10", "s")).await;
}

#[tokio::test(start_paused = true)]
async fn a_child_leaves_a_patch_to_another_view_to_the_page() {
    let around = |layout: &bennu::Layout<'_>| {
        html! { u { (layout.flash().get("info")) } (layout.content()) }
    };
    let stage = Stage::of(bennu().live_layout(around), houses());
    let mut live = stage.visit("/house?nested=a:/puppet").await;
    let _ = join(&mut live, "10", "a").await.ok();
    tell(&mut live, "10", "a", "flash", json!({"text": "moved"})).await;
    let _ = live.client.next().await.ok();
    let to = "/house?nested=a:/puppet&nested=b:/other";
    tell(&mut live, "10", "a", "replace_patch", json!({"to": to})).await;
    assert_eq!(*live.client.next().await.ok(), json!({}));
    assert_eq!(
        live.pushed("live_patch").await,
        json!({"to": to, "kind": "replace"})
    );
    live.pushed("diff").await;
    assert!(live.html().starts_with("<u>moved</u>"), "{}", live.html());
    assert!(live.html().contains("id=\"b\""));

    tell(&mut live, "10", "a", "patch", json!({"to": "/other"})).await;
    assert_eq!(*live.client.next().await.ok(), json!({}));
    let redirect = live.pushed("live_redirect").await;
    assert_eq!(
        (&redirect["to"], &redirect["kind"]),
        (&json!("/other"), &json!("push"))
    );
    let frames: Vec<Value> = (live.client.waiting().await.iter())
        .map(Frame::to_json)
        .collect();
    assert!(frames.contains(&closed("10", "a")), "{frames:?}");
}

#[tokio::test(start_paused = true)]
async fn a_status_of_a_childs_join_reloads_whichever_page_it_is_in() {
    let stage = stage();
    let mut browser = stage.browser();
    let path = "/house?nested=a:/puppet?mount=status%26code=403%26only=connected";
    let mut live = browser.visit(path).await;
    let reply = join(&mut live, "10", "a").await;
    assert_eq!(reply.refused()["reason"], "reload");
    assert_eq!(reply.refused()["status"], 403);
    let token = reply.refused()["token"].as_str().unwrap().to_owned();
    browser
        .cookies
        .insert("__phoenix_reload_status__".to_owned(), token);
    assert_eq!(browser.get(path).await.status, 403);
    assert_eq!(browser.get(path).await.status, 200);
}
