//! Messages of the server: topics, timers, tasks.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use bennu::{LiveView, Never, Rendered, Result, Socket, Topic, html, live};
use bennu_tests::Live;
use bennu_tests::without_faults;
use serde_json::json;
use tokio::time::Instant;

use crate::stage::{COMMANDS, Command, Stage, bennu, pass, routes, seconds, settle};

fn set(text: &str) -> Command {
    Command::Set {
        text: text.to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_reaches_every_connected_view_once() {
    let stage = Stage::new();
    let mut lives: Vec<Live> = Vec::new();
    for _ in 0..3 {
        lives.push(stage.visit("/puppet").await);
    }
    // The three dead renders subscribed to nothing.
    assert_eq!(stage.tell(set("b")), 3);
    for live in &mut lives {
        assert_eq!(live.pushed("diff").await, json!({"0": "b"}));
        live.client.quiet().await;
    }
    // What changes nothing is not sent.
    stage.tell(set("b"));
    stage.tell(Command::Nothing);
    for live in &mut lives {
        live.client.quiet().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_to_others_passes_its_sender_over() {
    let stage = Stage::new();
    let mut first = stage.visit("/puppet").await;
    let mut second = stage.visit("/puppet").await;
    assert_eq!(first.click("tell", json!({"text": "b"})).await, json!({}));
    assert_eq!(second.pushed("diff").await, json!({"0": "b"}));
    first.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn a_view_that_always_has_messages_lets_others_run() {
    let echo = Router::new().route("/echo", get(live::<Echo>()));
    let stage = Stage::of(bennu(), routes().merge(echo));
    let busy = stage.visit("/echo").await;
    stage.pubsub.broadcast(&ECHOES, ());
    let mut other = stage.browser().visit("/other").await;
    let answer = other.click("nothing", json!({})).await;
    assert_eq!(without_faults(answer), json!({}));
    drop(busy);
}

const ECHOES: Topic<()> = Topic::new("echoes");

/// Broadcasts what it hears to itself, without end.
struct Echo;

impl LiveView for Echo {
    type Params = ();
    type Event = Never;
    type Info = ();

    async fn mount((): &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&ECHOES, |()| ());
        Ok(Self)
    }

    async fn handle_info(&mut self, (): (), socket: &mut Socket<Self>) -> Result {
        socket.broadcast(&ECHOES, ());
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! { "echo" }
    }
}

const NUMBERS: Topic<u32> = Topic::new("numbers");

/// Can't make a message of one number.
struct Picky<const BAD: u32>(u32);

impl<const BAD: u32> LiveView for Picky<BAD> {
    type Params = ();
    type Event = Never;
    type Info = u32;

    async fn mount((): &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&NUMBERS, |number| {
            assert_ne!(*number, BAD, "as told");
            *number
        });
        Ok(Self(0))
    }

    async fn handle_info(&mut self, number: u32, _: &mut Socket<Self>) -> Result {
        self.0 = number;
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! { (self.0) }
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_about_a_message_ends_the_view_that_subscribed_alone() {
    let own = Router::new()
        .route("/seven", get(live::<Picky<7>>()))
        .route("/eight", get(live::<Picky<8>>()));
    let stage = Stage::of(bennu(), routes().merge(own));
    let mut seven = stage.visit("/seven").await;
    let mut eight = stage.visit("/eight").await;
    assert_eq!(stage.pubsub.broadcast(&NUMBERS, 7), 1);
    seven.expect_crash().await;
    assert_eq!(eight.pushed("diff").await, json!({"0": "7"}));
    seven.join().await;
    assert_eq!(stage.pubsub.broadcast(&NUMBERS, 1), 2);
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_what_makes_a_timers_messages_ends_the_view() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    live.click("every_panic", json!({})).await;
    live.expect_crash().await;
    live.join().await;
}

#[tokio::test(start_paused = true)]
async fn messages_that_wait_together_are_rendered_once() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    for text in ["b", "c", "d"] {
        stage.tell(set(text));
    }
    assert_eq!(live.pushed("diff").await, json!({"0": "d"}));
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn a_view_that_unsubscribed_hears_no_more() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    live.click("unsubscribe", json!({})).await;
    assert_eq!(stage.tell(set("b")), 0);
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn a_subscription_ends_with_its_view() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    assert_eq!(stage.pubsub.subscriptions(&COMMANDS), 1);
    live.push("phx_leave", json!({})).await;
    live.expect_close().await;
    live.client.next().await;
    assert_eq!(stage.pubsub.subscriptions(&COMMANDS), 0);

    live.join().await;
    drop(live);
    settle().await;
    assert_eq!(stage.pubsub.subscriptions(&COMMANDS), 0);
}

#[tokio::test(start_paused = true)]
async fn a_message_can_be_sent_after_a_while() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let start = Instant::now();
    live.click("after", json!({"ms": 1500, "text": "b"})).await;
    assert_eq!(live.pushed("diff").await, json!({"0": "b"}));
    let late = start.elapsed() - Duration::from_millis(1500);
    assert!(late < Duration::from_millis(5), "{late:?}");
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn a_message_can_be_sent_again_and_again() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let start = Instant::now();
    live.click("every", json!({"ms": 1000})).await;
    for count in 1..=5 {
        assert_eq!(
            live.pushed("diff").await,
            json!({"0": format!("tick {count}")})
        );
        assert_eq!(start.elapsed().as_secs(), count);
    }
    live.click("cancel", json!({})).await;
    seconds(10).await;
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn beats_are_left_out_when_the_view_is_slower() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    live.click("every", json!({"ms": 10})).await;
    // The handler takes as long as 200 beats.
    live.push(
        "event",
        json!({"type": "click", "event": "wait", "value": {"ms": 2000}}),
    )
    .await;
    pass(Duration::from_millis(2005)).await;
    live.push(
        "event",
        json!({"type": "click", "event": "cancel", "value": {}}),
    )
    .await;
    live.client.waiting().await;
    let text = live.click("nothing", json!({})).await;
    assert_eq!(text, json!({}));
    let response = live.click("tick", json!({})).await;
    let text = response["diff"]["0"].as_str().unwrap();
    let ticks: u32 = text.strip_prefix("tick ").unwrap().parse().unwrap();
    assert!(ticks < 10, "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_tasks_result_is_a_message() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let message_ref = live
        .push(
            "event",
            json!({"type": "click", "event": "spawn", "value": {"text": "b"}}),
        )
        .await;
    assert_eq!(*live.answer(&message_ref).await.ok(), json!({}));
    assert_eq!(live.pushed("diff").await, json!({"0": "b"}));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_message_does_not_come() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    live.click("after", json!({"ms": 1500, "text": "b"})).await;
    live.click("cancel", json!({})).await;
    seconds(5).await;
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn tasks_and_timers_stop_with_their_view() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = tasks();
    live.click("every", json!({"ms": 1000})).await;
    live.click("after", json!({"ms": 1500, "text": "b"})).await;
    assert_eq!(tasks(), before + 2);
    live.push("phx_leave", json!({})).await;
    live.client.waiting().await;
    // The view's task is gone with its two.
    assert_eq!(tasks(), before - 1);
    // And a new view hears nothing of them.
    live.join().await;
    seconds(5).await;
    live.client.quiet().await;
}

#[tokio::test(start_paused = true)]
async fn a_dead_render_starts_no_tasks() {
    let stage = Stage::new();
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let mut browser = stage.browser();
    browser.open("/puppet").await;
    settle().await;
    assert_eq!(tasks(), 0);
    for query in [
        "mount=every&ms=10",
        "mount=after&ms=10&text=b",
        "mount=spawn&text=b",
    ] {
        browser.open(&format!("/puppet?{query}")).await;
        settle().await;
        assert_eq!(tasks(), 0, "{query}");
    }
}

#[tokio::test(start_paused = true)]
async fn two_applications_in_one_process_do_not_see_each_other() {
    let (one, two) = (Stage::new(), Stage::new());
    let mut first = one.visit("/puppet").await;
    let mut second = two.visit("/puppet").await;
    assert_eq!(one.tell(set("b")), 1);
    assert_eq!(first.pushed("diff").await, json!({"0": "b"}));
    second.client.quiet().await;
    one.shutdown.drain(Duration::from_secs(1)).await;
    assert_eq!(first.client.closed().await, 1012);
    second.client.beat().await;
}

#[tokio::test(start_paused = true)]
async fn clicks_and_messages_are_handled_in_the_order_of_their_coming() {
    let stage = Stage::new();
    let mut live = stage.visit("/puppet").await;
    live.push(
        "event",
        json!({"type": "click", "event": "wait", "value": {"ms": 10}}),
    )
    .await;
    settle().await;
    stage.tell(set("b"));
    live.push(
        "event",
        json!({"type": "click", "event": "set", "value": {"text": "c"}}),
    )
    .await;
    live.answer("5").await;
    assert_eq!(live.pushed("diff").await, json!({"0": "b"}));
    assert_eq!(*live.answer("6").await.ok(), json!({"diff": {"0": "c"}}));
}
