//! Client commands as they stand on the wire (protocol.md §7.3), beside what the
//! server changes on the same elements at each tick.

use bennu::prelude::*;

use crate::TICK;

pub(crate) struct Effects {
    ticks: u32,
    log: Vec<String>,
    items: Vec<u32>,
    is_open: bool,
}

#[derive(Event)]
pub(crate) enum Msg {
    Say { word: String },
    Drop { number: u32 },
    Add { number: u32 },
    Open { is_open: bool },
    Greet,
    Farewell,
}

pub(crate) struct Tick;

const SHOW: &str =
    r##"[["show",{"to":"#panel","transition":[["fading"],["clear"],["solid"]],"time":300}]]"##;
const HIDE: &str =
    r##"[["hide",{"to":"#panel","transition":[["fading"],["solid"],["clear"]],"time":300}]]"##;
const TOGGLE: &str = r##"[["toggle",{"to":"#panel","display":"flex"}]]"##;
const MARK: &str = r##"[["add_class",{"names":["marked"],"to":"#target"}],["remove_class",{"names":["tick-1"],"to":"#target"}]]"##;
const FLIP: &str = r##"[["toggle_class",{"names":["flipped"],"to":"#target"}]]"##;
const NAME: &str = r##"[["set_attr",{"attr":["title","mine"],"to":"#target"}],["remove_attr",{"attr":"lang","to":"#target"}],["toggle_attr",{"attr":["aria-expanded","true","false"],"to":"#target"}]]"##;
const KEEP: &str = r##"[["ignore_attrs",{"attrs":["open"]}]]"##;
const SAY: &str = r##"[["push",{"event":"say","value":{"word":"both"},"loading":"#target","page_loading":true}],["add_class",{"names":["said"]}]]"##;
const DISPATCH: &str =
    r##"[["dispatch",{"event":"app:shout","to":{"closest":"section"},"detail":{"word":"hey"}}]]"##;
const INNER: &str = r##"[["add_class",{"names":["inner"],"to":{"inner":"b"}}]]"##;
const EXEC: &str = r##"[["exec",{"attr":"data-flip","to":"#target"}]]"##;
const DIALOG: &str =
    r##"[["push_focus",{}],["show",{"to":"#dialog"}],["focus_first",{"to":"#dialog"}]]"##;
const CLOSE: &str = r##"[["hide",{"to":"#dialog"}],["pop_focus",{}]]"##;
const FOCUS: &str = r##"[["focus",{"to":"#first"}]]"##;
const PATCH: &str = r##"[["patch",{"href":"/effects?patched","replace":true}]]"##;
const NAVIGATE: &str = r##"[["navigate",{"href":"/events"}]]"##;
const LEAVE: &str = r##"[["hide",{"transition":[["fading"],["solid"],["clear"]],"time":900}]]"##;
const GREET: &str =
    r##"[["push",{"event":"greet"}],["set_attr",{"attr":["data-mounted","yes"]}]]"##;
const FAREWELL: &str = r##"[["push",{"event":"farewell"}]]"##;

impl LiveView for Effects {
    type Params = ();
    type Event = Msg;
    type Info = Tick;

    async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&TICK, |()| Tick);
        Ok(Self {
            ticks: 0,
            log: Vec::new(),
            items: vec![1, 2, 3],
            is_open: false,
        })
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Say { word } => self.log.push(word),
            Msg::Drop { number } => self.items.retain(|item| *item != number),
            Msg::Add { number } => self.items.push(number),
            Msg::Open { is_open } => self.is_open = is_open,
            Msg::Greet => {
                self.log.push("mounted".to_owned());
                socket.push_event(
                    "exec",
                    serde_json::json!({ "to": "#target", "attr": "data-flip" }),
                )?;
            }
            Msg::Farewell => self.log.push("removed".to_owned()),
        }
        Ok(())
    }

    async fn handle_info(&mut self, _: Tick, _: &mut Socket<Self>) -> Result {
        self.ticks += 1;
        Ok(())
    }

    fn render(&self) -> Rendered {
        let ticks = self.ticks;
        html! {
            h1 { "Effects" }
            p #ticks { (ticks) }
            p #log { (self.log.join(", ")) }
            p #target class={ "tick-" (ticks) } title={ "tick " (ticks) } lang={ "l" (ticks) } data-flip=(FLIP) { "target" }
            div #panel data-tick=(ticks) { "panel" }
            details #details phx-mounted=(KEEP) open[ticks > 1] { summary { "details " (ticks) } }

            section {
                button #show phx-click=(SHOW) { "Show" }
                button #hide phx-click=(HIDE) { "Hide" }
                button #toggle phx-click=(TOGGLE) { "Toggle" }
                button #mark phx-click=(MARK) { "Mark" }
                button #flip phx-click=(FLIP) { "Flip" }
                button #name phx-click=(NAME) { "Name" }
                button #say phx-click=(SAY) { "Say" }
                button #dispatch phx-click=(DISPATCH) { "Dispatch" }
                button #inner phx-click=(INNER) { b { "Inner" } }
                button #exec phx-click=(EXEC) { "Exec" }
                button #focus phx-click=(FOCUS) { "Focus" }
                button #patch phx-click=(PATCH) { "Patch" }
                button #navigate phx-click=(NAVIGATE) { "Navigate" }
            }

            button #dialog-open phx-click=(DIALOG) { "Open" }
            div #dialog {
                input #first type="text" aria-label="First";
                button #dialog-close phx-click=(CLOSE) { "Close" }
            }

            ul #items {
                @for item in &self.items key=(item) {
                    li id={ "item-" (item) } phx-remove=(LEAVE) {
                        "item " (item) " at " (ticks) " "
                        button phx-click=(Msg::Drop { number: *item }) { "Drop" }
                    }
                }
            }
            button #add phx-click=(Msg::Add { number: 9 }) { "Add" }
            button #open phx-click=(Msg::Open { is_open: !self.is_open }) { "Open or close" }
            @if self.is_open {
                p #greeter phx-mounted=(GREET) phx-remove=(FAREWELL) { "hello" }
            }
        }
    }
}
