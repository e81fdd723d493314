//! After any series of changes, a client shows what a fresh GET brings, whatever
//! shape the page has. What Phoenix's client and ours show, with children and
//! navigation, is compared in `js-client/test/shapes.test.ts`.

use bennu_tests::shapes::{Choices, Run, Shapes, Step, all};
use bennu_tests::{Live, Page, cases};
use proptest::prelude::*;
use serde_json::json;

const PATH: &str = "/plain/0";

/// A replica knows nothing of children: their HTML is not in their parents'
/// trees.
fn shapes() -> Shapes {
    let has_child = |shape: &String| shape.contains("child");
    all()
        .into_iter()
        .filter(|shape| !has_child(shape))
        .collect()
}

/// The numbers of the components that the page shows a button of.
fn buttons(html: &str) -> Vec<u32> {
    let targets = html.split("\"target\":").skip(1);
    let number = |text: &str| {
        let end = text.find(|letter: char| !letter.is_ascii_digit())?;
        text[..end].parse().ok()
    };
    targets.filter_map(number).collect()
}

/// HTML whose components are numbered in the order in which their events are
/// bound: a page that is loaded numbers them anew.
fn renumbered(html: &str) -> String {
    let mut known: Vec<&str> = Vec::new();
    let mut parts = html.split("\"target\":");
    let mut renumbered = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (cid, rest) = part.split_at(part.find(']').unwrap_or(0));
        let number = known.iter().position(|known| *known == cid);
        let number = number.unwrap_or_else(|| {
            known.push(cid);
            known.len() - 1
        });
        renumbered += &format!("\"target\":#{number}{rest}");
    }
    renumbered
}

/// The client agrees with the server on the end of components that it does not
/// show any more.
async fn dismiss(run: &mut Run, live: &mut Live) {
    let gone = live.gone();
    if gone.is_empty() {
        return;
    }
    live.ask("cids_will_destroy", json!({"cids": gone})).await;
    if run.application.choose_below(2) == 0 {
        step(run, live).await;
    }
    let mut still = live.gone();
    still.retain(|cid| gone.contains(cid));
    let reply = live.ask("cids_destroyed", json!({"cids": still})).await;
    let cids = reply.ok()["cids"].clone();
    live.prune(serde_json::from_value(cids).unwrap());
}

async fn step(run: &mut Run, live: &mut Live) {
    let targets = buttons(&live.html());
    match run.application.choose_below(8) {
        0 if !targets.is_empty() => {
            let cid = targets[run.application.choose_below(targets.len())];
            let click = json!({"type": "click", "event": "count", "value": {}, "cid": cid});
            live.ask("event", click).await;
        }
        1 => drop(run.application.step(Step::TickPage)),
        _ => drop(run.application.step(Step::Change)),
    }
    for frame in live.client.waiting().await {
        assert_eq!(frame.event, "diff", "{frame:?}");
        live.show(&frame);
    }
}

/// What the client shows is what a GET brings.
async fn check(run: &mut Run, live: &Live) {
    let (_, html) = run.page(PATH).await;
    let page = Page::find(PATH, &html);
    assert_eq!(renumbered(&live.html()), renumbered(page.content()));
}

async fn steps(numbers: &[u8]) {
    let mut run = Run::new(Choices::of(numbers), shapes());
    let mut live = run.browser.visit(PATH).await;
    check(&mut run, &live).await;
    for _ in 0..12 {
        if run.application.choose_below(6) == 0 {
            dismiss(&mut run, &mut live).await;
        }
        step(&mut run, &mut live).await;
        check(&mut run, &live).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(40, 800)))]

    #[test]
    fn a_client_shows_every_shape_as_a_fresh_page_would(
        numbers in prop::collection::vec(any::<u8>(), 400..1600),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(steps(&numbers));
    }
}
