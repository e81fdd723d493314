//! A list of 1,000 stateful components: what they cost while nothing of them
//! changes, and one event of one of them.

use bennu::prelude::*;

pub(crate) struct Board {
    count: u32,
    cards: Vec<u32>,
}

#[derive(Event)]
pub(crate) enum Msg {
    /// No card has other props then.
    Inc,
    /// One card has.
    Change { at: usize },
}

impl LiveView for Board {
    type Params = ();
    type Event = Msg;
    type Info = Never;

    async fn mount(_: &(), _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self {
            count: 0,
            cards: vec![0; 1000],
        })
    }

    async fn handle_event(&mut self, event: Msg, _: &mut Socket<Self>) -> Result {
        match event {
            Msg::Inc => self.count += 1,
            Msg::Change { at } => {
                if let Some(card) = self.cards.get_mut(at) {
                    *card += 1;
                }
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        html! {
            main {
                p { (self.count) }
                @for (id, card) in self.cards.iter().enumerate() key=(id) {
                    (live_component::<Card>(id, *card))
                }
            }
        }
    }
}

struct Card {
    likes: u32,
}

#[derive(Event)]
enum CardEvent {
    Like,
}

impl LiveComponent for Card {
    type Props = u32;
    type Event = CardEvent;
    type Info = Never;

    async fn mount(_: &u32, _: &mut Socket<Self>) -> Result<Self> {
        Ok(Self { likes: 0 })
    }

    async fn handle_event(
        &mut self,
        CardEvent::Like: CardEvent,
        _: &u32,
        _: &mut Socket<Self>,
    ) -> Result {
        self.likes += 1;
        Ok(())
    }

    fn render(&self, number: &u32) -> Rendered {
        html! {
            section.card {
                b { (number) }
                button phx-click=(CardEvent::Like) { (self.likes) }
            }
        }
    }
}
