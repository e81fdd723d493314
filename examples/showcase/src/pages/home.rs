//! The index: what this is, and a card for each page.

use bennu::prelude::*;

use crate::layout;
use crate::pages::EXHIBITS;

pub(crate) struct Home;

impl LiveView for Home {
    type Params = ();
    type Event = Never;
    type Info = Never;

    async fn mount(_: &(), socket: &mut Socket<Self>) -> Result<Self> {
        socket.set_title("Home");
        Ok(Self)
    }

    fn render(&self) -> Rendered {
        html! {
            main #main.home {
                section.intro {
                    h1 { "Live pages, written in Rust alone" }
                    p {
                        "A page arrives as HTML. Then a WebSocket opens, a task on the server holds its "
                        "state, and after each event only what changed is sent. There is no API between two "
                        "halves of an application, and hardly any JavaScript of your own."
                    }
                }
                ul #exhibits.cards {
                    @for exhibit in EXHIBITS key=(exhibit.slug) {
                        li.card {
                            h2 { (layout::link(&format!("/{}", exhibit.slug), exhibit.name)) }
                            p { (exhibit.summary) }
                            a.source href={ "/source/" (exhibit.slug) } aria-label={ "Source of " (exhibit.name) } { "Source" }
                        }
                    }
                }
            }
        }
    }
}
