//! The first step: what to order. The kind of tea is in the URL, so links
//! within this page are patches; the first tea gives the order its own URL.

use axum::extract::{Path, Query, State};
use bennu::prelude::*;
use serde::Deserialize;

use super::{Step, enter, onward, page};
use crate::db::{Kind, Order, Orders, TEAS, Tea};

pub(crate) struct Cart {
    orders: Orders,
    /// Without an id until there is something in it.
    order: Order,
    kind: Option<Kind>,
}

#[derive(Event)]
pub(crate) enum Msg {
    Add { tea: String },
    Remove { tea: String },
}

#[derive(Clone, Deserialize)]
pub(crate) struct Address {
    kind: Option<Kind>,
}

type Params = (State<Orders>, Option<Path<String>>, Query<Address>);

impl LiveView for Cart {
    type Params = Params;
    type Event = Msg;
    type Info = Never;

    async fn mount((State(orders), _, _): &Params, socket: &mut Socket<Self>) -> Result<Self> {
        socket.set_title("Cart");
        Ok(Self {
            orders: orders.clone(),
            order: Order::default(),
            kind: None,
        })
    }

    /// Runs for each URL of this page: without an order, with one, with a kind.
    async fn handle_params(
        &mut self,
        (_, id, Query(address)): Params,
        socket: &mut Socket<Self>,
    ) -> Result {
        self.kind = address.kind;
        self.order = match id {
            Some(Path(id)) => enter(&self.orders, &id, Step::Cart, socket).await?,
            None => Order::default(),
        };
        Ok(())
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        let (Msg::Add { tea: slug } | Msg::Remove { tea: slug }) = &event;
        let Some(tea) = Tea::find(slug) else {
            return Ok(());
        };
        if self.order.id.is_empty() {
            let id = self.orders.begin().await?;
            self.orders.add(&id, tea).await?;
            // From here on a reload finds the order.
            return socket.replace_patch(self.path(&id, self.kind));
        }
        let id = &self.order.id;
        match event {
            Msg::Add { .. } => self.orders.add(id, tea).await?,
            Msg::Remove { .. } => self.orders.remove(id, tea).await?,
        }
        self.order = enter(&self.orders, id, Step::Cart, socket).await?;
        Ok(())
    }

    fn render(&self) -> Rendered {
        let teas = TEAS
            .iter()
            .filter(|tea| self.kind.is_none_or(|kind| kind == tea.kind));
        let content = html! {
            div.head {
                h2 { "Teas, by 100 grams" }
                nav.kinds aria-label="Kind of tea" {
                    (self.render_kind(None, "All"))
                    (self.render_kind(Some(Kind::Black), "Black"))
                    (self.render_kind(Some(Kind::Green), "Green"))
                    (self.render_kind(Some(Kind::Herbal), "Herbal"))
                }
            }
            ul #teas {
                @for tea in teas key=(tea.slug) { (self.render_tea(tea)) }
            }
            @if !self.order.lines.is_empty() {
                (onward(&self.order, Step::Address, "On to the address"))
            }
        };
        page(Step::Cart, &self.order, content)
    }
}

impl Cart {
    fn path(&self, id: &str, kind: Option<Kind>) -> String {
        let base = if id.is_empty() {
            "/order".to_owned()
        } else {
            Step::Cart.path(id)
        };
        match kind {
            None => base,
            Some(Kind::Black) => base + "?kind=black",
            Some(Kind::Green) => base + "?kind=green",
            Some(Kind::Herbal) => base + "?kind=herbal",
        }
    }

    fn render_kind(&self, kind: Option<Kind>, name: &str) -> Rendered {
        html! {
            a ..(link::patch(self.path(&self.order.id, kind)))
                aria-current=[(self.kind == kind).then_some("page")] { (name) }
        }
    }

    fn render_tea(&self, tea: &Tea) -> Rendered {
        let quantity = self.order.quantity(tea);
        let slug = || tea.slug.to_owned();
        html! {
            li #{ "tea-" (tea.slug) } {
                div {
                    strong { (tea.name) }
                    p.muted { (tea.note) }
                }
                span.price { (tea.price) }
                div.quantity role="group" aria-label={ (tea.name) " in the cart" } {
                    button.quiet.less type="button" phx-click=(Msg::Remove { tea: slug() }) disabled[quantity == 0]
                        aria-label={ "Less " (tea.name) } { "−" }
                    output { (quantity) }
                    button.quiet.more type="button" phx-click=(Msg::Add { tea: slug() }) disabled[quantity >= 20]
                        aria-label={ "More " (tea.name) } { "+" }
                }
            }
        }
    }
}
