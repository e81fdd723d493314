//! The application of random shapes for clients of other languages: JSON lines
//! in, JSON lines out, one answer to each request. `js-client/test/shapes.test.ts`
//! is at the other end.
//!
//! ```text
//! "shapes"                    the names of all shapes
//! {"load": [seed, [shape…]]}  begins a run
//! {"page": path}              where that leads, and the page as it has to be shown
//! {"connect": [n, query]}     opens a WebSocket; from here on, what came over each
//! {"send": [n, text]}         sends a message over it
//! {"close": n}                breaks it
//! {"step": what}              lets something happen on the server, and tells what
//! "facts"                     the page that the server shows, and what is on it
//! ```

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use bennu_tests::shapes::{Choices, Run, Shapes, Step, all};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Request {
    Shapes,
    Load(u64, Shapes),
    Page(String),
    Connect(u32, String),
    Send(u32, String),
    Close(u32),
    Step(Step),
    Facts,
}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()?;
    runtime.block_on(serve())
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let mut run = None;
    for line in stdin().lock().lines() {
        let answer = match (serde_json::from_str(&line?)?, &mut run) {
            (Request::Shapes, _) => json!(all()),
            (Request::Load(seed, shapes), run) => load(run, seed, shapes)?,
            (_, None) => return Err("no run has begun".into()),
            (request, Some(run)) => answer(run, request).await,
        };
        writeln!(stdout(), "{answer}")?;
    }
    Ok(())
}

fn load(run: &mut Option<Run>, seed: u64, shapes: Shapes) -> Result<Value, String> {
    if let Some(unknown) = shapes.difference(&all()).next() {
        return Err(format!("there is no shape {unknown:?}"));
    }
    *run = Some(Run::new(Choices::seeded(seed), shapes));
    Ok(json!({}))
}

async fn answer(run: &mut Run, request: Request) -> Value {
    match request {
        Request::Shapes | Request::Load(..) => json!({}),
        Request::Page(path) => {
            let (path, html) = run.page(&path).await;
            json!({"path": path, "html": html})
        }
        Request::Connect(socket, query) => {
            run.connect(socket, &query).await;
            json!({"arrivals": run.arrivals().await})
        }
        Request::Send(socket, text) => {
            run.send(socket, &text).await;
            json!({"arrivals": run.arrivals().await})
        }
        Request::Close(socket) => {
            run.close(socket);
            json!({"arrivals": run.arrivals().await})
        }
        Request::Step(step) => {
            let done = run.application.step(step);
            json!({"done": done, "arrivals": run.arrivals().await})
        }
        Request::Facts => json!(run.application.facts()),
    }
}
