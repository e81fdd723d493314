//! The fourth step: who pays, and placing the order. The way of paying is in
//! the URL.

use axum::extract::{Path, Query, State};
use bennu::form::FormFields;
use bennu::prelude::*;
use serde::Deserialize;

use super::{Step, enter, page};
use crate::db::{Order, Orders};

pub(crate) struct PaymentStep {
    orders: Orders,
    order: Order,
    by: Means,
    form: Form<Payment>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Means {
    #[default]
    Invoice,
    Voucher,
}

/// An e-mail address, or the code of a voucher.
#[derive(Deserialize, FormFields)]
pub(crate) struct Payment {
    proof: String,
}

#[derive(Event)]
pub(crate) enum Msg {
    Validate(Form<Payment>),
    Place(Form<Payment>),
}

#[derive(Clone, Deserialize)]
pub(crate) struct Address {
    #[serde(default)]
    by: Means,
}

type Params = (State<Orders>, Path<String>, Query<Address>);

impl LiveView for PaymentStep {
    type Params = Params;
    type Event = Msg;
    type Info = Never;

    async fn mount(
        (State(orders), Path(id), _): &Params,
        socket: &mut Socket<Self>,
    ) -> Result<Self> {
        socket.set_title("Payment");
        Ok(Self {
            orders: orders.clone(),
            order: enter(orders, id, Step::Payment, socket).await?,
            by: Means::default(),
            form: Form::new(),
        })
    }

    async fn handle_params(
        &mut self,
        (_, _, Query(address)): Params,
        _: &mut Socket<Self>,
    ) -> Result {
        if self.by != address.by {
            self.form = Form::new();
        }
        self.by = address.by;
        Ok(())
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Validate(mut form) => {
                self.by.check(&mut form);
                self.form = form;
            }
            Msg::Place(mut form) => {
                self.by.check(&mut form);
                self.form = form;
                if self.form.is_valid() {
                    self.place(socket).await?;
                }
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let Self {
            by, form, order, ..
        } = self;
        let content = html! {
            div.head {
                h2 { "How do you pay?" }
                nav.kinds aria-label="Way of paying" {
                    @for means in [Means::Invoice, Means::Voucher] key=(means.slug()) {
                        a ..(link::patch(format!("{}?by={}", Step::Payment.path(&order.id), means.slug()))) aria-current=[(*by == means).then_some("page")] { (means.name()) }
                    }
                }
            }
            form #payment phx-change=(Msg::VALIDATE) phx-submit=(Msg::PLACE) novalidate {
                @match by {
                    Means::Invoice => {
                        (form.input(Payment::PROOF).label("E-mail for the invoice").autocomplete("email").debounce(250))
                    }
                    Means::Voucher => {
                        (form.input(Payment::PROOF).label("Code of the voucher").autocomplete("off").debounce(250))
                        p.hint { "Such as TEA-2026. Nothing is charged in this shop." }
                    }
                }
                button type="submit" phx-disable-with="Placing…" { "Place the order for " (order.total()) }
            }
        };
        page(Step::Payment, order, content)
    }
}

impl PaymentStep {
    async fn place(&self, socket: &mut Socket<Self>) -> Result {
        let id = &self.order.id;
        if !self.orders.place(id, self.by.slug()).await? {
            // Another tab was at it meanwhile, and says where things stand.
            enter(&self.orders, id, Step::Payment, socket).await?;
        }
        socket.put_flash("info", "Thank you! Your order is placed.");
        socket.replace_navigate(Step::Done.path(id))
    }
}

impl Means {
    const fn slug(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::Voucher => "voucher",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Invoice => "By invoice",
            Self::Voucher => "By voucher",
        }
    }

    fn check(self, form: &mut Form<Payment>) {
        form.require([Payment::PROOF]).validate(|payment, errors| {
            let proof = payment.proof.trim();
            if !proof.is_empty() && !self.takes(proof) {
                errors.add(Payment::PROOF, self.demand());
            }
        });
    }

    fn takes(self, proof: &str) -> bool {
        let is_word = |text: &str| {
            !text.is_empty()
                && text
                    .chars()
                    .all(|char| char.is_ascii_graphic() && char != '@')
        };
        match self {
            Self::Invoice => proof
                .split_once('@')
                .is_some_and(|(user, host)| is_word(user) && is_word(host) && host.contains('.')),
            Self::Voucher => proof.split_once('-').is_some_and(|(word, year)| {
                word == "TEA" && year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit())
            }),
        }
    }

    const fn demand(self) -> &'static str {
        match self {
            Self::Invoice => "must be an address such as ada@example.org",
            Self::Voucher => "must be a code such as TEA-2026",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_means_has_its_own_proof() {
        assert!(Means::Invoice.takes("ada@example.org"));
        assert!(Means::Voucher.takes("TEA-2026"));
        for proof in ["", "ada", "@example.org", "ada@", "ada@host", "TEA-2026"] {
            assert!(!Means::Invoice.takes(proof), "{proof}");
        }
        for proof in ["", "TEA", "TEA-26", "tea-2026", "ada@example.org"] {
            assert!(!Means::Voucher.takes(proof), "{proof}");
        }
    }
}
