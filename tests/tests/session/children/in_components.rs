//! Children that components place.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_component_can_place_a_child() {
    let stage = stage();
    let mut live = stage.visit("/house?framed=a:/puppet&nested=b:/other").await;
    let dead = tag(&live.page.body, "a");
    let shown = format!("<figure>{dead}<p>a</p><i>/puppet</i></div></figure>");
    assert!(live.page.body.contains(&shown), "{}", live.page.body);
    let reply = join(&mut live, "10", "a").await;
    assert_eq!(reply.ok()["rendered"]["1"], "/puppet");
    assert_eq!(
        live.click("count", json!({})).await,
        json!({"diff": {"0": "1"}})
    );
    live.patch("/house?framed=a:/puppet&nested=b:/puppet").await;
    assert!(live.html().contains("id=\"a\"") && live.html().contains("id=\"b~2\""));
    let _ = join(&mut live, "11", "b~2").await.ok();
}

#[tokio::test(start_paused = true)]
async fn a_child_in_a_component_lives_and_ends_as_others_do() {
    let stage = stage();
    let mut live = stage.visit("/house?framed=a:/puppet&framed=b:/other").await;
    let _ = join(&mut live, "10", "a").await.ok();
    tell(&mut live, "10", "a", "set", json!({"text": "b"})).await;
    assert_eq!(*live.client.next().await.ok(), json!({"diff": {"0": "b"}}));
    // Another URL is another child.
    live.patch("/house?framed=a:/puppet?x=2&framed=b:/other")
        .await;
    show_all(&mut live).await;
    assert!(!live.html().contains("id=\"a\""), "{}", live.html());
    let reply = join(&mut live, "11", "a~2").await;
    assert_eq!(reply.ok()["rendered"]["1"], "/puppet?x=2");

    tell(&mut live, "11", "a~2", "panic", json!({})).await;
    live.client.expect(crashed("11", "a~2")).await;
    let _ = join(&mut live, "12", "a~2").await.ok();
    live.push(
        "event",
        json!({"type": "click", "event": "panic", "value": {}}),
    )
    .await;
    let frames = live.client.waiting().await;
    let frames: Vec<Value> = frames.iter().map(Frame::to_json).collect();
    assert!(frames.contains(&closed("10", "a")), "{frames:?}");
    assert!(frames.contains(&closed("12", "a~2")), "{frames:?}");
}

/// Shows also what comes in messages of its own.
async fn show_all(live: &mut Live) {
    for frame in live.client.waiting().await {
        live.show(&frame);
    }
}

#[tokio::test(start_paused = true)]
async fn a_child_moves_between_its_view_and_components_with_its_token() {
    let stage = stage();
    let mut live = stage.visit("/house?nested=a:/puppet").await;
    let before = tag(&live.html(), "a").to_owned();
    for path in [
        "/house?framed=a:/puppet",
        "/house?nested=a:/puppet",
        "/house?framed=b:/other&framed=a:/puppet",
        "/house?nested=a:/puppet&framed=b:/other",
    ] {
        live.patch(path).await;
        show_all(&mut live).await;
        assert_eq!(tag(&live.html(), "a"), before, "{path}");
        assert_eq!(live.html().matches("id=\"a\"").count(), 1, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_child_that_a_view_and_its_component_place_is_an_error() {
    let stage = stage();
    let twice = "/house?nested=a:/puppet&framed=a:/other";
    assert_eq!(stage.browser().get(twice).await.status, 500);
    let mut live = stage.visit("/house?nested=a:/puppet").await;
    live.push("live_patch", json!({"url": Browser::url(twice)}))
        .await;
    live.expect_crash().await;
}

#[tokio::test(start_paused = true)]
async fn children_of_components_count_too() {
    let limits = Limits {
        children: 2,
        ..Limits::default()
    };
    let stage = Stage::of(bennu::Bennu::new(config().limits(limits)), houses());
    let path = "/house?framed=a:/other&framed=b:/other";
    let mut live = stage.visit(path).await;
    // Those that went make room.
    live.patch("/house?framed=a:/other&nested=c:/other").await;
    show_all(&mut live).await;
    live.patch("/house?framed=d:/other&framed=e:/other").await;
    show_all(&mut live).await;
    assert!(live.html().contains("id=\"d\"") && live.html().contains("id=\"e\""));
    let more = format!("{path}&framed=c:/other");
    live.push("live_patch", json!({"url": Browser::url(&more)}))
        .await;
    live.expect_crash().await;
}
