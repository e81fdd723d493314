//! A text that arrives token by token, as a language model's answer does: the
//! view holds all of it, and a browser is sent the token.

use std::sync::LazyLock;
use std::time::Duration;

use bennu::prelude::*;
use bennu::{Task, long_text};

use crate::layout;
use crate::pages::Exhibit;

pub(crate) const EXHIBIT: Exhibit = Exhibit {
    slug: "tokens",
    name: "Tokens",
    summary: "A text that grows token by token: only the token is sent, and what you have selected stays selected.",
    source: include_str!("tokens.rs"),
};

/// What is written here, in an order of its own.
const SENTENCES: [&str; 11] = [
    "A view is a value on the server, and its page is what that value looks like.",
    "Each token that arrives changes one field, and the field is shown by one template.",
    "Nothing in the handler says what to send; the difference is found after it has run.",
    "For most texts a hash is enough to know that they changed, and then the whole of them is sent.",
    "This one is marked as long, so the session keeps it and looks for what is new at its end.",
    "The browser puts those few letters into the text node that it has, and touches nothing else.",
    "Select a sentence while the text is growing: the selection stays where it is.",
    "The text lives in the view: pause it, change the speed, and it goes on where it was.",
    "A slow connection gets fewer, longer messages, because tokens that wait are sent as one.",
    "Characters of several bytes count too: é, 日本, 🐦.",
    "All of this costs about as much as it says.",
];

/// How many sentences there are in all, and in a paragraph.
const LENGTH: usize = 77;
const PARAGRAPH: usize = 7;

static TOKENS: LazyLock<Vec<String>> = LazyLock::new(|| {
    (1..=LENGTH)
        .flat_map(|number| {
            // Steps that share no factor with the number of sentences meet all.
            let sentence = SENTENCES[number * 4 % SENTENCES.len()];
            let end = if number % PARAGRAPH == 0 { "\n\n" } else { " " };
            let mut tokens: Vec<_> = sentence.split_inclusive(' ').map(str::to_owned).collect();
            if let Some(last) = tokens.last_mut() {
                last.push_str(end);
            }
            tokens
        })
        .collect()
});

pub(crate) struct Tokens {
    text: String,
    /// How many tokens it has.
    count: usize,
    speed: Speed,
    /// What sends the next ones, unless it is paused.
    writing: Option<Task>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Speed {
    Slow,
    Steady,
    Fast,
}

impl Speed {
    const ALL: [Self; 3] = [Self::Slow, Self::Steady, Self::Fast];

    fn pause(self) -> Duration {
        Duration::from_millis(match self {
            Self::Slow => 160,
            Self::Steady => 50,
            Self::Fast => 16,
        })
    }
}

#[derive(Event)]
pub(crate) enum Msg {
    Toggle,
    Restart,
    SetSpeed { speed: usize },
}

/// Time for the next token.
pub(crate) struct Next;

impl LiveView for Tokens {
    type Params = ();
    type Event = Msg;
    type Info = Next;

    async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.set_title(EXHIBIT.name);
        Ok(Self {
            text: String::new(),
            count: 0,
            speed: Speed::Steady,
            writing: None,
        })
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Toggle if self.writing.is_some() => self.stop(),
            Msg::Toggle => self.write(socket),
            Msg::Restart => {
                self.text.clear();
                self.count = 0;
                self.write(socket);
            }
            Msg::SetSpeed { speed } => {
                self.speed = Speed::ALL.get(speed).copied().unwrap_or(self.speed);
                if self.writing.is_some() {
                    self.write(socket);
                }
            }
        }
        Ok(())
    }

    async fn handle_info(&mut self, Next: Next, _: &mut Socket<Self>) -> Result {
        match TOKENS.get(self.count) {
            Some(token) if self.writing.is_some() => {
                self.text.push_str(token);
                self.count += 1;
            }
            _ => {}
        }
        if self.is_done() {
            self.stop();
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let page = html! {
            section.card.tokens aria-label="Text" {
                div.buttons {
                    button #toggle type="button" phx-click=(Msg::Toggle) disabled[self.is_done()] {
                        @if self.writing.is_some() { "Pause" } @else { "Write" }
                    }
                    button #restart.quiet type="button" phx-click=(Msg::Restart) disabled[self.count == 0] { "Start over" }
                    div.speeds role="group" aria-label="Speed" {
                        @for (index, speed) in Speed::ALL.into_iter().enumerate() {
                            button.quiet type="button" phx-click=(Msg::SetSpeed { speed: index })
                                aria-pressed=(speed == self.speed) { (format!("{speed:?}")) }
                        }
                    }
                }
                (self.render_counts())
                // Nobody wants each word announced: the status below says what goes on.
                div #text.text aria-live="off" aria-busy=(self.writing.is_some()) tabindex="0" role="region" aria-label="What was written" {
                    (long_text(&self.text))
                }
                p #status.muted role="status" { (self.status()) }
            }
        };
        layout::exhibit(&EXHIBIT, page)
    }
}

impl Tokens {
    fn write(&mut self, socket: &mut Socket<Self>) {
        self.stop();
        self.writing = Some(socket.send_every(self.speed.pause(), || Next));
    }

    fn stop(&mut self) {
        if let Some(task) = self.writing.take() {
            task.cancel();
        }
    }

    fn is_done(&self) -> bool {
        self.count == TOKENS.len()
    }

    fn status(&self) -> &'static str {
        match &self.writing {
            Some(_) => "Writing…",
            None if self.is_done() => "Done.",
            None if self.count == 0 => "Nothing was written yet.",
            None => "Paused.",
        }
    }

    fn render_counts(&self) -> Rendered {
        let last = self.count.checked_sub(1).and_then(|last| TOKENS.get(last));
        html! {
            dl.counts {
                div { dt { "Tokens" } dd #count { (self.count) } }
                div { dt { "Text" } dd #size { (self.text.len()) " bytes" } }
                div { dt { "Last token" } dd #last { (last.map_or(0, String::len)) " bytes" } }
            }
        }
    }
}
