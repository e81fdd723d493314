//! An order over several pages, each a view of its own: the cart, where to send
//! it, how, who pays, and the last word. A page shows only when those before it
//! are done, whether one comes by a link, by the browser's buttons or by a URL.

mod address;
mod cart;
mod delivery;
mod done;
mod payment;

use bennu::prelude::*;

pub(crate) use self::address::AddressStep;
pub(crate) use self::cart::Cart;
pub(crate) use self::delivery::DeliveryStep;
pub(crate) use self::done::Done;
pub(crate) use self::payment::PaymentStep;
use crate::db::{Order, Orders};
use crate::layout;
use crate::pages::Exhibit;

pub(crate) const EXHIBIT: Exhibit = Exhibit {
    slug: "order",
    name: "Order",
    summary: "A tea shop in five steps, each with a URL. Reload, go back, skip ahead: \
              the order knows what is missing.",
    source: include_str!("order.rs"),
};

/// The pages in their order; a later one is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Cart,
    Address,
    Delivery,
    Payment,
    Done,
}

impl Step {
    const ALL: [Self; 5] = [
        Self::Cart,
        Self::Address,
        Self::Delivery,
        Self::Payment,
        Self::Done,
    ];

    const fn slug(self) -> &'static str {
        match self {
            Self::Cart => "cart",
            Self::Address => "address",
            Self::Delivery => "delivery",
            Self::Payment => "payment",
            Self::Done => "done",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Cart => "Cart",
            Self::Address => "Address",
            Self::Delivery => "Delivery",
            Self::Payment => "Payment",
            Self::Done => "Done",
        }
    }

    /// What to tell somebody who wants to pass this step.
    const fn demand(self) -> &'static str {
        match self {
            Self::Cart => "Put something into the cart first.",
            Self::Address => "Say first where to send it.",
            Self::Delivery => "Choose first how it is delivered.",
            Self::Payment => "The order is not placed yet.",
            Self::Done => "This order is placed; nothing can be changed.",
        }
    }

    /// The first step that is not done yet.
    fn open(order: &Order) -> Self {
        if order.placed {
            Self::Done
        } else if order.lines.is_empty() {
            Self::Cart
        } else if order.address.is_none() {
            Self::Address
        } else if order.delivery.is_none() {
            Self::Delivery
        } else {
            Self::Payment
        }
    }

    /// Whether it can be shown when `open` is the first that is not done.
    fn is_reachable(self, open: Self) -> bool {
        match open {
            Self::Done => self == Self::Done,
            open => self <= open,
        }
    }

    fn path(self, order: &str) -> String {
        format!("/order/{order}/{}", self.slug())
    }
}

/// Looks for the order and lets its visitor into a step, or sends them to the
/// one that comes first, with a word why.
async fn enter<S>(orders: &Orders, id: &str, step: Step, socket: &mut Socket<S>) -> Result<Order> {
    let Some(order) = orders.find(id).await? else {
        socket.put_flash("error", "There is no such order. Here is a new one.");
        return Err(Error::navigate("/order"));
    };
    let open = Step::open(&order);
    if !step.is_reachable(open) {
        socket.put_flash("error", open.demand());
        return Err(Error::navigate(open.path(id)));
    }
    Ok(order)
}

/// A step of an order: the way there and on, its content, and the sum so far.
fn page(step: Step, order: &Order, content: impl Render) -> Rendered {
    let page = html! {
        nav.steps aria-label="Steps of the order" { (steps(step, order)) }
        div.order {
            section.card #step aria-label=(step.name()) { (content) }
            (summary(step, order))
        }
    };
    layout::exhibit(&EXHIBIT, page)
}

fn steps(current: Step, order: &Order) -> Rendered {
    let open = Step::open(order);
    html! {
        ol {
            @for step in Step::ALL key=(step.slug()) {
                li.done[step < open] {
                    @if step == current {
                        span aria-current="step" { (step.name()) }
                    } @else if step.is_reachable(open) && !order.id.is_empty() {
                        (layout::link(&step.path(&order.id), step.name()))
                    } @else {
                        span { (step.name()) }
                    }
                }
            }
        }
    }
}

fn summary(step: Step, order: &Order) -> Rendered {
    html! {
        aside.card #so-far aria-label="The order so far" {
            h2 { "Your order" }
            @if order.lines.is_empty() {
                p.muted { "Nothing in it yet." }
            }
            ul {
                @for line in &order.lines key=(line.tea.slug) {
                    li { span { (line.quantity) " × " (line.tea.name) } span { (line.price()) } }
                }
                @if let Some(delivery) = order.delivery {
                    li { span { (delivery.name()) } span { (delivery.price()) } }
                }
            }
            p.total { span { "Total" } output #total { (order.total()) } }
            @if let Some(address) = order.address.as_ref().filter(|_| step != Step::Address) {
                p #sent-to.muted { "To " (address.name) ", " (address.street) ", " (address.postcode) " " (address.city) }
            }
        }
    }
}

/// A link that looks like a button, to the step after this one.
fn onward(order: &Order, step: Step, text: &str) -> Rendered {
    html! {
        a.button #onward ..(link::navigate(step.path(&order.id))) { (text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_reachable_when_those_before_it_are_done() {
        for step in Step::ALL {
            assert_eq!(step.is_reachable(Step::Cart), step == Step::Cart);
            assert_eq!(step.is_reachable(Step::Payment), step != Step::Done);
            assert_eq!(step.is_reachable(Step::Done), step == Step::Done);
        }
    }

    #[test]
    fn an_empty_order_is_open_at_its_cart() {
        assert_eq!(Step::open(&Order::default()), Step::Cart);
    }
}
