//! The third step: how it is delivered. A choice is saved at once.

use axum::extract::{Path, State};
use bennu::prelude::*;

use super::{Step, enter, onward, page};
use crate::db::{Delivery, Order, Orders};

pub(crate) struct DeliveryStep {
    orders: Orders,
    order: Order,
}

#[derive(Event)]
pub(crate) enum Msg {
    Choose { delivery: Delivery },
}

impl LiveView for DeliveryStep {
    type Params = (State<Orders>, Path<String>);
    type Event = Msg;
    type Info = Never;

    async fn mount(
        (State(orders), Path(id)): &Self::Params,
        socket: &mut Socket<Self>,
    ) -> Result<Self> {
        socket.set_title("Delivery");
        Ok(Self {
            orders: orders.clone(),
            order: enter(orders, id, Step::Delivery, socket).await?,
        })
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        let Msg::Choose { delivery } = event;
        let id = &self.order.id;
        self.orders.deliver(id, delivery).await?;
        self.order = enter(&self.orders, id, Step::Delivery, socket).await?;
        Ok(())
    }

    fn render(&self) -> Rendered {
        let content = html! {
            form #delivery phx-change=(Msg::CHOOSE) {
                fieldset.choices {
                    legend { "How shall it come?" }
                    @for delivery in Delivery::ALL key=(delivery.slug()) {
                        label.choice {
                            input type="radio" name="delivery" value=(delivery.slug())
                                checked[self.order.delivery == Some(delivery)];
                            span { strong { (delivery.name()) } span.muted { (delivery.note()) } }
                            span.price { (delivery.price()) }
                        }
                    }
                }
            }
            @if self.order.delivery.is_some() {
                (onward(&self.order, Step::Payment, "On to payment"))
            }
        };
        page(Step::Delivery, &self.order, content)
    }
}
