//! A small view in a page of static text.

use bennu::prelude::*;

pub(crate) struct Counter {
    count: i64,
}

#[derive(Event)]
pub(crate) enum Msg {
    Inc,
    Dec,
    Reset,
}

impl LiveView for Counter {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self { count: 0 })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Inc => self.count += 1,
            Msg::Dec => self.count -= 1,
            Msg::Reset => self.count = 0,
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            header.top {
                nav {
                    a href="/" { "Home" }
                    a href="/about" { "About" }
                    a href="/contact" { "Contact" }
                }
            }
            main {
                section.card #section-1 {
                    h2 { "Section 1: static heading text" }
                    p.lead { "This paragraph 1 is plain static markup which never changes after the first render." }
                    a.link href="/docs/section-1" { "Read more about section 1" }
                }
                section.card #section-2 {
                    h2 { "Section 2: static heading text" }
                    p.lead { "This paragraph 2 is plain static markup which never changes after the first render." }
                    a.link href="/docs/section-2" { "Read more about section 2" }
                }
                section.card #section-3 {
                    h2 { "Section 3: static heading text" }
                    p.lead { "This paragraph 3 is plain static markup which never changes after the first render." }
                    a.link href="/docs/section-3" { "Read more about section 3" }
                }
                section.card #section-4 {
                    h2 { "Section 4: static heading text" }
                    p.lead { "This paragraph 4 is plain static markup which never changes after the first render." }
                    a.link href="/docs/section-4" { "Read more about section 4" }
                }
                section.card #section-5 {
                    h2 { "Section 5: static heading text" }
                    p.lead { "This paragraph 5 is plain static markup which never changes after the first render." }
                    a.link href="/docs/section-5" { "Read more about section 5" }
                }
                div.counter {
                    h1 { "Count: " span #count { (self.count) } }
                    button phx-click="inc" { "+" }
                    button phx-click="dec" { "-" }
                    button phx-click="reset" { "reset" }
                }
                section.card #section-6 {
                    h2 { "Section 6: static heading text" }
                    p.lead { "This paragraph 6 is plain static markup which never changes after the first render." }
                    a.link href="/docs/section-6" { "Read more about section 6" }
                }
                section.card #section-7 {
                    h2 { "Section 7: static heading text" }
                    p.lead { "This paragraph 7 is plain static markup which never changes after the first render." }
                    a.link href="/docs/section-7" { "Read more about section 7" }
                }
                section.card #section-8 {
                    h2 { "Section 8: static heading text" }
                    p.lead { "This paragraph 8 is plain static markup which never changes after the first render." }
                    a.link href="/docs/section-8" { "Read more about section 8" }
                }
                section.card #section-9 {
                    h2 { "Section 9: static heading text" }
                    p.lead { "This paragraph 9 is plain static markup which never changes after the first render." }
                    a.link href="/docs/section-9" { "Read more about section 9" }
                }
                section.card #section-10 {
                    h2 { "Section 10: static heading text" }
                    p.lead { "This paragraph 10 is plain static markup which never changes after the first render." }
                    a.link href="/docs/section-10" { "Read more about section 10" }
                }
            }
            footer { p { "Footer text, static as well" } }
        }
    }
}
