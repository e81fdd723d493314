//! Walks in the garden for clients of other languages: JSON lines in, JSON
//! lines out, one answer to each request. `js-client/test/garden.test.ts` is
//! at the other end.
//!
//! ```text
//! {"load": seed}             the page before its join
//! {"join": parameters}       the tree
//! "turn"                     what was done, and the diffs that it brought
//! {"push": [event, payload]} the response, and what came after it
//! ```

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use bennu_tests::garden::{Message, Walk};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Request {
    Load(u64),
    Join(Value),
    Turn,
    Push(String, Value),
}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()?;
    runtime.block_on(serve())
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let mut walk = None;
    for line in stdin().lock().lines() {
        let answer = match (serde_json::from_str(&line?)?, &mut walk) {
            (Request::Load(seed), walk) => {
                let walk = walk.insert(Walk::new(&numbers(seed)).await);
                json!({"html": walk.dead_html()})
            }
            (_, None) => return Err("no page is loaded".into()),
            (Request::Join(parameters), Some(walk)) => message(walk.join(&parameters).await),
            (Request::Turn, Some(walk)) => {
                let (done, messages) = walk.turn().await;
                json!({"done": done, "messages": all(messages)})
            }
            (Request::Push(event, payload), Some(walk)) => {
                json!({"messages": all(walk.push(&event, payload).await)})
            }
        };
        writeln!(stdout(), "{answer}")?;
    }
    Ok(())
}

fn all(messages: Vec<Message>) -> Value {
    messages.into_iter().map(message).collect()
}

fn message(message: Message) -> Value {
    let Message {
        content,
        html,
        placed,
        known,
    } = message;
    json!({"content": content, "html": html, "placed": placed, "known": known})
}

/// The numbers that decide a walk (splitmix64).
fn numbers(seed: u64) -> Vec<u8> {
    let number = |at: u64| {
        let mut bits = (seed << 32 | at).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ bits >> 31).to_le_bytes()
    };
    (0..400).flat_map(number).collect()
}
