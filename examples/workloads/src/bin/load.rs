//! Loads the workloads' server and prints what it costs: CPU by the server
//! process's own clock, memory by its resident set.
//!
//! `cargo run --release -p workloads --bin load` starts the server of the same
//! build, measures every line and stops it. See docs/performance.md.

use std::error::Error;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::Duration;

use futures_util::future::try_join_all;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

type Result<T = (), E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

/// A server under load, stopped at the end.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    async fn start() -> Result<Self> {
        let binary: PathBuf = std::env::current_exe()?.with_file_name("workloads");
        let port = std::net::TcpListener::bind("127.0.0.1:0")?
            .local_addr()?
            .port();
        let process = Command::new(binary).env("PORT", port.to_string()).spawn()?;
        let server = Self { process, port };
        for _ in 0..500 {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err("the server did not start within 5 seconds".into())
    }

    /// User and system time of the server so far.
    fn cpu(&self) -> Result<Duration> {
        let mut nanoseconds = 0;
        for task in std::fs::read_dir(format!("/proc/{}/task", self.process.id()))? {
            let schedstat = std::fs::read_to_string(task?.path().join("schedstat"))?;
            nanoseconds += schedstat.split(' ').next().unwrap_or("0").parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// The resident set in bytes.
    fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line
            .and_then(|line| line.split_whitespace().next())
            .unwrap_or("0");
        Ok(kilobytes.parse::<u64>()? * 1024)
    }

    async fn get(&self, path: &str) -> Result<Page> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let host = format!("127.0.0.1:{}", self.port);
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(Page {
            html: String::from_utf8(answer)?,
        })
    }

    /// Gets the page, connects and joins its view, as Phoenix's client does.
    async fn join(&self, path: &str) -> Result<View> {
        self.join_with(path, "").await
    }

    /// The same, with more of the client's parameters, each with a comma before it.
    async fn join_with(&self, path: &str, params: &str) -> Result<View> {
        let page = self.get(path).await?;
        let csrf = page.attribute("csrf-token\" content")?;
        let host = format!("127.0.0.1:{}", self.port);
        let url = format!("ws://{host}/live/websocket?_csrf_token={csrf}&vsn=2.0.0");
        let mut request = url.into_client_request()?;
        let cookie = page.between("set-cookie: ", ";")?;
        request.headers_mut().insert("cookie", cookie.parse()?);
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default().read_buffer_size(4096);
        let (socket, _) =
            tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await?;
        let topic = format!("lv:{}", page.attribute("id")?);
        let mut view = View {
            socket,
            topic,
            next_ref: 4,
        };
        let payload = format!(
            r#"{{"url":"http://{host}{path}","params":{{"_mounts":0{params}}},"session":"{}","static":"{}","sticky":false}}"#,
            page.attribute("data-phx-session")?,
            page.attribute("data-phx-static")?,
        );
        let reply = view.call("phx_join", &payload).await?;
        if !reply.contains(r#""status":"ok""#) {
            return Err(format!("the join was refused: {reply}").into());
        }
        Ok(view)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Page {
    html: String,
}

impl Page {
    fn attribute(&self, name: &str) -> Result<&str> {
        self.between(&format!("{name}=\""), "\"")
    }

    fn between(&self, before: &str, after: &str) -> Result<&str> {
        let start = self
            .html
            .find(before)
            .ok_or_else(|| format!("no {before} in the page"))?;
        let rest = &self.html[start + before.len()..];
        Ok(rest.split(after).next().unwrap_or(rest))
    }
}

struct View {
    socket: WebSocketStream<TcpStream>,
    topic: String,
    next_ref: u64,
}

impl View {
    /// Sends one message and waits for its reply.
    async fn call(&mut self, event: &str, payload: &str) -> Result<String> {
        let message_ref = self.next_ref;
        self.next_ref += 1;
        let topic = &self.topic;
        let frame = format!(r#"["4","{message_ref}","{topic}","{event}",{payload}]"#);
        self.socket.send(Message::text(frame)).await?;
        let start = format!(r#"["4","{message_ref}","#);
        loop {
            let message = self.message().await?;
            if message.starts_with(&start) {
                return Ok(message);
            }
        }
    }

    async fn message(&mut self) -> Result<String> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Err("the server closed the connection".into()),
            }
        }
    }

    async fn click(&mut self, event: &str) -> Result<String> {
        let payload = format!(r#"{{"type":"click","event":"{event}","value":{{"value":""}}}}"#);
        self.call("event", &payload).await
    }
}

fn print(line: &str, value: &str) {
    use std::io::Write;
    // A closed pipe is the reader's wish.
    let _ = writeln!(std::io::stdout(), "{line:<52} {value}");
}

fn microseconds(duration: Duration, count: usize) -> String {
    format!(
        "{:.1} µs",
        duration.as_secs_f64() * 1e6 / count.max(1) as f64
    )
}

/// So often the CPU time of some work is taken; the median is printed.
const ROUNDS: usize = 5;

/// The server's CPU time for one round of work, after one to warm up.
async fn cpu_of(server: &Server, mut work: impl AsyncFnMut() -> Result) -> Result<Duration> {
    work().await?;
    let mut figures = Vec::new();
    for _ in 0..ROUNDS {
        let before = server.cpu()?;
        work().await?;
        figures.push(server.cpu()? - before);
    }
    figures.sort_unstable();
    Ok(figures[ROUNDS / 2])
}

/// All clients send their events as fast as the answers come.
async fn events(path: &str, clients: usize, each: usize, payload: fn(usize) -> String) -> Result {
    let server = Server::start().await?;
    let mut views = Vec::new();
    for _ in 0..clients {
        views.push(server.join(path).await?);
    }
    let mut bytes = 0;
    let cpu = cpu_of(&server, async || {
        let mut running = tokio::task::JoinSet::new();
        for mut view in views.drain(..) {
            running.spawn(async move {
                let mut bytes = 0;
                for count in 0..each {
                    bytes = view.call("event", &payload(count)).await?.len();
                }
                Ok::<_, Box<dyn Error + Send + Sync>>((view, bytes))
            });
        }
        while let Some(done) = running.join_next().await {
            let (view, size) = done??;
            views.push(view);
            bytes = size;
        }
        Ok(())
    })
    .await?;
    print(
        &format!("{path}: CPU per event, {clients} clients busy"),
        &format!(
            "{} (reply {bytes} bytes)",
            microseconds(cpu, clients * each)
        ),
    );
    Ok(())
}

/// Enough for each of the server's threads to have had some.
const FIRST_VIEWS: usize = 30;

async fn memory(path: &str, count: usize) -> Result {
    let server = Server::start().await?;
    // What the allocator keeps of the largest messages so far is each thread's and not a view's.
    let mut views = Vec::new();
    for _ in 0..FIRST_VIEWS {
        views.push(server.join(path).await?);
    }
    let before = server.memory()?;
    for _ in 0..count {
        views.push(server.join(path).await?);
    }
    for seconds in [3, 30] {
        let wait = if seconds == 3 { 3 } else { 27 };
        tokio::time::sleep(Duration::from_secs(wait)).await;
        let each = server.memory()?.saturating_sub(before) as f64 / count as f64;
        print(
            &format!("{path}: idle memory per view, {count} views, {seconds} s"),
            &format!("{:.2} KB", each / 1024.0),
        );
    }
    drop(views);
    Ok(())
}

/// One visitor after the other over a kept connection, `visitors` at a time.
async fn dead_renders(path: &str, visitors: usize, each: usize) -> Result {
    let server = Server::start().await?;
    let mut streams = Vec::new();
    for _ in 0..visitors {
        let stream = TcpStream::connect(("127.0.0.1", server.port)).await?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: __bennu_csrf=measured\r\n\r\n");
    let cpu = cpu_of(&server, async || {
        let visits = streams.iter_mut().map(async |stream| {
            let mut buffer = vec![0; 1 << 20];
            for _ in 0..each {
                stream.write_all(request.as_bytes()).await?;
                let mut read = 0;
                while !buffer[..read].ends_with(b"</html>") {
                    let more = stream.read(&mut buffer[read..]).await?;
                    if more == 0 {
                        return Err("the server closed the connection".into());
                    }
                    read += more;
                }
            }
            Ok(())
        });
        try_join_all(visits).await.map(drop)
    })
    .await?;
    print(
        &format!("{path}: CPU per dead render, {visitors} at a time"),
        &microseconds(cpu, visitors * each),
    );
    Ok(())
}

async fn joins(path: &str, visitors: usize, each: usize) -> Result {
    let server = Server::start().await?;
    let cpu = cpu_of(&server, async || {
        let visits = (0..visitors).map(async |_| {
            for _ in 0..each {
                server.join(path).await?.socket.close(None).await?;
            }
            Ok(())
        });
        try_join_all(visits).await.map(drop)
    })
    .await?;
    print(
        &format!("{path}: CPU per GET and join, {visitors} at a time"),
        &microseconds(cpu, visitors * each),
    );
    Ok(())
}

async fn fan_out(count: usize) -> Result {
    let server = Server::start().await?;
    let mut views = Vec::new();
    for _ in 0..count {
        views.push(server.join("/ticker").await?);
    }
    let mut number = 0;
    let cpu = cpu_of(&server, async || {
        number += 1;
        server.get(&format!("/broadcast?n={number}")).await?;
        for view in &mut views {
            view.message().await?;
        }
        Ok(())
    })
    .await?;
    print(
        &format!("/ticker: CPU per broadcast to {count} views"),
        &format!("{:.1} ms", cpu.as_secs_f64() * 1e3),
    );
    Ok(())
}

/// What our own client offers when it joins (docs/extensions.md).
const EXTENSIONS: &str = r#","_bennu":["moves","splices"]"#;

async fn sizes(client: &str, params: &str) -> Result {
    let server = Server::start().await?;
    let mut view = server.join_with("/table", params).await?;
    for event in [
        "update_one",
        "append",
        "prepend",
        "swap",
        "remove",
        "update_every_10th",
    ] {
        let bytes = view.click(event).await?.len();
        print(
            &format!("/table: bytes of the reply to {event}, {client}"),
            &bytes.to_string(),
        );
    }
    Ok(())
}

fn click(_: usize) -> String {
    r#"{"type":"click","event":"inc","value":{"value":""}}"#.to_owned()
}

fn click_card(count: usize) -> String {
    let cid = count % 1000 + 1;
    format!(r#"{{"type":"click","event":"like","value":{{"value":""}},"cid":{cid}}}"#)
}

fn update_one(_: usize) -> String {
    r#"{"type":"click","event":"update_one","value":{"value":""}}"#.to_owned()
}

fn tick(_: usize) -> String {
    r#"{"type":"click","event":"tick","value":{"value":""}}"#.to_owned()
}

/// One more letter of a name each time.
fn keystroke(count: usize) -> String {
    let name = "abcdefghijklmnopqrst".get(..=count % 20).unwrap_or("a");
    format!(
        r#"{{"type":"form","event":"validate","value":"user%5Bname%5D={name}&user%5Bemail%5D=a%40b.c&user%5Bage%5D=30&user%5Bphone%5D=123456&user%5Bcity%5D=Paris&user%5Bbio%5D=","meta":{{"_target":"user[name]"}},"uploads":{{}}}}"#
    )
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result {
    let only = std::env::args().nth(1).unwrap_or_default();
    let wanted = |name: &str| only.is_empty() || only == name;
    if wanted("events") {
        events("/counter", 1, 5000, click).await?;
        events("/counter", 50, 1000, click).await?;
        events("/counter", 500, 100, click).await?;
        events("/form", 50, 500, keystroke).await?;
        events("/table", 10, 500, update_one).await?;
        events("/components", 10, 500, click).await?;
        events("/components", 10, 500, click_card).await?;
        events("/dash", 50, 200, tick).await?;
    }
    if wanted("dead") {
        for visitors in [1, 20] {
            dead_renders("/counter", visitors, 10_000 / visitors).await?;
            dead_renders("/table", visitors, 600 / visitors).await?;
        }
    }
    if wanted("join") {
        for visitors in [1, 20] {
            joins("/counter", visitors, 1000 / visitors).await?;
            joins("/table", visitors, 600 / visitors).await?;
        }
    }
    if wanted("bytes") {
        sizes("Phoenix's client", "").await?;
        sizes("our client", EXTENSIONS).await?;
    }
    if wanted("fanout") {
        fan_out(1000).await?;
        fan_out(5000).await?;
    }
    if wanted("memory") {
        memory("/counter", 1000).await?;
        memory("/table", 200).await?;
        memory("/stream", 50).await?;
        memory("/components", 20).await?;
    }
    Ok(())
}
