//! The last step: what was ordered.

use axum::extract::{Path, State};
use bennu::prelude::*;

use super::{Step, enter, page};
use crate::db::{Order, Orders};
use crate::layout;

pub(crate) struct Done {
    order: Order,
}

impl LiveView for Done {
    type Params = (State<Orders>, Path<String>);
    type Event = Never;
    type Info = Never;

    async fn mount(
        (State(orders), Path(id)): &Self::Params,
        socket: &mut Socket<Self>,
    ) -> Result<Self> {
        socket.set_title("Order placed");
        Ok(Self {
            order: enter(orders, id, Step::Done, socket).await?,
        })
    }

    fn render(&self) -> Rendered {
        let number: String = self.order.id.chars().take(8).collect();
        let content = html! {
            h2 { "Your tea is on its way" }
            p { "Order " code #number { (number) } @if let Some(payment) = &self.order.payment { ", paid by " (payment) } "." }
            @if let Some(delivery) = self.order.delivery {
                p { (delivery.name()) ": " (delivery.note()) "." }
            }
            p.muted { "This page stays: keep its address to look again." }
            p { (layout::link("/order", "Order something else")) }
        };
        page(Step::Done, &self.order, content)
    }
}
