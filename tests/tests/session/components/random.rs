//! After any series of turns, a client shows what a fresh render would. What
//! Phoenix's client and ours show of the same messages is compared in
//! `js-client/test/garden.test.ts`.

use bennu_tests::cases;
use bennu_tests::garden::Walk;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The client takes leave of components that it does not show any more.
async fn part(walk: &mut Walk) {
    let gone = walk.gone();
    if gone.is_empty() {
        return;
    }
    walk.push("cids_will_destroy", json!({"cids": gone})).await;
    if walk.choose_below(2) == 0 {
        walk.turn().await;
    }
    let mut still = walk.gone();
    still.retain(|cid| gone.contains(cid));
    walk.push("cids_destroyed", json!({"cids": still})).await;
}

async fn turns(numbers: &[u8]) {
    let mut walk = Walk::new(numbers).await;
    walk.join(&Value::Null).await;
    for _ in 0..12 {
        if walk.choose_below(6) == 0 {
            part(&mut walk).await;
        }
        walk.turn().await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(60, 300)))]

    #[test]
    fn a_client_shows_components_and_streams_as_a_fresh_render_would(
        numbers in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(turns(&numbers));
    }
}
