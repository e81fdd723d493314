//! Bindings: each event that arrives adds a word to the log.

use std::fmt;

use bennu::prelude::*;

pub(crate) struct Events {
    log: Vec<String>,
    /// Not in the log: most clicks are away from something.
    aways: u32,
    value: i64,
}

#[derive(Event)]
pub(crate) enum Msg {
    Key { key: String },
    KeyUp { key: String },
    WindowKey { key: String },
    Focus,
    Blur,
    Away,
    Inside,
    Throttled,
    Typed { text: String },
    Saved { text: String },
    SetTo { value: i64 },
    Add { step: i64 },
}

impl LiveView for Events {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            log: Vec::new(),
            aways: 0,
            value: 1,
        })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Away => self.aways += 1,
            Msg::SetTo { value } => self.value = value,
            Msg::Add { step } => self.value += step,
            event => self.log.push(event.to_string()),
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            h1 { "Events" }
            p #log { (self.log.join(", ")) }
            p #aways { (self.aways) }
            p #value { (self.value) }

            input #enter type="text" aria-label="Enter" phx-keydown=(Msg::KEY) phx-key="Enter";
            input #any type="text" aria-label="Any" phx-keyup=(Msg::KEY_UP);
            div #escape phx-window-keydown=(Msg::WINDOW_KEY) phx-key="Escape" {}
            input #focus type="text" aria-label="Focus" phx-focus=(Msg::Focus) phx-blur=(Msg::Blur);

            div #menu phx-click-away=(Msg::Away) {
                button #inside phx-click=(Msg::Inside) { span #within { "Inside" } }
            }
            p #outside { "Outside" }

            // So long that only what a spec does lets them go on.
            button #throttled phx-click=(Msg::Throttled) phx-throttle="600000" { "Throttled" }
            form #slowly phx-change=(Msg::TYPED) phx-submit=(Msg::SAVED) {
                input #debounced type="text" name="text" aria-label="Debounced" phx-debounce="600000";
            }
            form #quickly phx-change=(Msg::TYPED) {
                input #quick type="text" name="text" aria-label="Quick" phx-debounce="20";
            }
            form #leaving phx-change=(Msg::TYPED) {
                input #on-blur type="text" name="text" aria-label="On blur" phx-debounce="blur";
            }

            button #zero phx-click=(Msg::SetTo { value: 0 }) { "0" }
            button #next phx-click=(Msg::SetTo { value: self.value + 1 }) { "next" }
            button #attribute phx-click=(Msg::ADD) phx-value-step="40" { "+40" }
            button #disabled disabled phx-click=(Msg::SetTo { value: 9 }) { "9" }
            a #link href="#" phx-click=(Msg::SetTo { value: -5 }) { "-5" }
        }
    }
}

impl fmt::Display for Msg {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { key } => write!(formatter, "key {key}"),
            Self::KeyUp { key } => write!(formatter, "up {key}"),
            Self::WindowKey { key } => write!(formatter, "window {key}"),
            Self::Focus => formatter.write_str("focus"),
            Self::Blur => formatter.write_str("blur"),
            Self::Inside => formatter.write_str("inside"),
            Self::Throttled => formatter.write_str("throttled"),
            Self::Typed { text } => write!(formatter, "typed {text}"),
            Self::Saved { text } => write!(formatter, "saved {text}"),
            Self::Away | Self::SetTo { .. } | Self::Add { .. } => Ok(()),
        }
    }
}
