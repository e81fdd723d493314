//! Sticky views that layouts place.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_sticky_view_stands_in_a_root_layout_too() {
    fn root(page: &Page<'_>) -> Rendered {
        html! {
            html { head { (page.head()) } body { (live_sticky("s", "/other")) (page.content()) } }
        }
    }
    let stage = Stage::of(bennu().layout(root), houses());
    let live = stage.visit("/puppet").await;
    let body = &live.page.body;
    assert!(body.contains(&format!("{}<b>other</b></div>", tag(body, "s"))));
}

#[tokio::test(start_paused = true)]
async fn a_sticky_view_in_the_live_layout_is_on_each_page_and_keeps_its_token_on_one() {
    let around = |layout: &bennu::Layout<'_>| {
        html! { (live_sticky("s", "/puppet")) i { (layout.uri()) } (layout.content()) }
    };
    let stage = Stage::of(bennu().live_layout(around), houses());
    let mut live = stage.visit("/house").await;
    let before = live.html();
    let _ = join(&mut live, "10", "s").await.ok();
    live.patch("/house?x").await;
    assert_eq!(tag(&before, "s"), tag(&live.html(), "s"));

    // Over to another page, as a client goes: leave, and join by navigation.
    let message_ref = live.push("phx_leave", json!({})).await;
    live.expect_close().await;
    live.answer(&message_ref).await;
    let mut payload = live.join_payload();
    payload["url"] = json!(null);
    payload["redirect"] = json!(Browser::url("/other"));
    live.join_with(payload).await;
    assert!(tag(&live.html(), "s").contains("data-phx-sticky"));
    tell(&mut live, "10", "s", "set", json!({"text": "still here"})).await;
    let reply = live.client.next().await;
    assert_eq!(*reply.ok(), json!({"diff": {"0": "still here"}}));
    // Its new token serves as well as the old one.
    live.client
        .send(json!(["10", "20", "lv:s", "phx_leave", {}]))
        .await;
    live.client.expect(closed("10", "s")).await;
    let _ = live.client.next().await.ok();
    let _ = join(&mut live, "11", "s").await.ok();
}
