//! What is not plain HTML, or not only the server's, while diffs arrive.

use bennu::element::portal;
use bennu::prelude::*;

use crate::TICK;

pub(crate) struct Patching {
    ticks: u32,
}

pub(crate) struct Tick;

impl LiveView for Patching {
    type Params = ();
    type Event = Never;
    type Info = Tick;

    async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.subscribe(&TICK, |()| Tick);
        Ok(Self { ticks: 0 })
    }

    async fn handle_info(&mut self, _: Tick, _: &mut Socket<Self>) -> Result {
        self.ticks += 1;
        Ok(())
    }

    fn render(&self) -> Rendered {
        let Self { ticks } = self;
        let odd = ticks % 2 == 1;
        // Turned by one with each tick.
        let order: Vec<u32> = (0..4).map(|at| (at + ticks) % 4).collect();
        let many = 1 + ticks % 3;
        // The first HTML may run its scripts, if the policy lets it.
        let script = if odd {
            "<script>window.ran = true</script>"
        } else {
            ""
        };
        let raw = format!("<!-- {ticks} --><b>{ticks}</b>{script}");
        html! {
            p #ticks { (ticks) }
            x-meter #meter value=(ticks) {}
            form #form {
                x-rating #rating name="rating" value="3" title=(ticks) {}
                select #growing name="growing" {
                    @for at in 0..many { option value=(at) { "choice " (at) } }
                }
                textarea #area name="area" { "text " (ticks) }
            }
            svg #chart viewBox="0 0 9 9" {
                circle r=(ticks) {}
                @if odd { rect width=(ticks) height="1" {} }
                foreignObject width="9" height="9" { p #inside { (ticks) } }
            }
            math #formula { mi { "x" } mn { (ticks) } @if odd { mo { "+" } } }
            template #inert { p { (ticks) } }
            table #bare { @for at in 0..many { tr { td { (at) "/" (ticks) } } } }
            table #full {
                caption { (ticks) }
                tbody { @for at in &order key=(at) { tr id={ "tr-" (at) } { td { (at) } } } }
            }
            p #white { "a " (ticks) " " @if odd { b { "odd" } } " z" }
            div #raw { (PreEscaped(raw)) }
            details #details { summary { "more" } p { (ticks) } }
            ul #frames { @for at in &order key=(at) { li { iframe id={ "frame-" (at) } title=(at) {} } } }
            div #scrolling {
                @for at in 0..4 { p { (at) " " (ticks) } }
            }
        }
    }
}

/// A dialog that is shown at the end of the page.
pub(crate) struct Portals {
    count: u32,
    shown: bool,
    home: bool,
}

#[derive(Event)]
pub(crate) enum Msg {
    Add,
    Toggle,
    Home,
}

impl LiveView for Portals {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            count: 0,
            shown: true,
            home: false,
        })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Add => self.count += 1,
            Msg::Toggle => self.shown = !self.shown,
            Msg::Home => self.home = !self.home,
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let target = if self.home { "#home" } else { "body" };
        html! {
            button #toggle phx-click=(Msg::Toggle) { "Toggle" }
            button #move phx-click=(Msg::Home) { "Move" }
            section #home {}
            section #around {
                @if self.shown {
                    (portal("dialog", target, html! {
                        p #count { (self.count) }
                        button #add phx-click=(Msg::Add) { "Add" }
                        input #note type="text";
                        i #recorder phx-hook="Recorder" data-ticks=(self.count) {}
                    }))
                }
            }
        }
    }
}
