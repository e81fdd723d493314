//! The second step: where to send it.

use axum::extract::{Path, State};
use bennu::prelude::*;

use super::{Step, enter, page};
use crate::db::{Address, Order, Orders};

pub(crate) struct AddressStep {
    orders: Orders,
    order: Order,
    form: Form<Address>,
}

#[derive(Event)]
pub(crate) enum Msg {
    Validate(Form<Address>),
    Save(Form<Address>),
}

impl LiveView for AddressStep {
    type Params = (State<Orders>, Path<String>);
    type Event = Msg;
    type Info = Never;

    async fn mount(
        (State(orders), Path(id)): &Self::Params,
        socket: &mut Socket<Self>,
    ) -> Result<Self> {
        socket.set_title("Address");
        let order = enter(orders, id, Step::Address, socket).await?;
        Ok(Self {
            orders: orders.clone(),
            form: match &order.address {
                Some(address) => Form::filled(address),
                None => Form::new(),
            },
            order,
        })
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Validate(mut form) => {
                check(&mut form);
                self.form = form;
            }
            Msg::Save(mut form) => {
                check(&mut form);
                if let Some(address) = form.value() {
                    self.orders.send_to(&self.order.id, address).await?;
                    return socket.push_navigate(Step::Delivery.path(&self.order.id));
                }
                self.form = form;
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let form = &self.form;
        let content = html! {
            form #address phx-change=(Msg::VALIDATE) phx-submit=(Msg::SAVE) novalidate {
                h2 { "Where shall we send it?" }
                (form.input(Address::NAME).label("Name").autocomplete("name").debounce(250))
                (form.input(Address::STREET).label("Street and number").autocomplete("street-address").debounce(250))
                div.pair {
                    (form.input(Address::POSTCODE).label("Postcode").autocomplete("postal-code").debounce(250))
                    (form.input(Address::CITY).label("City").autocomplete("address-level2").debounce(250))
                }
                button type="submit" phx-disable-with="Saving…" { "On to delivery" }
            }
        };
        page(Step::Address, &self.order, content)
    }
}

fn check(form: &mut Form<Address>) {
    form.require([
        Address::NAME,
        Address::STREET,
        Address::POSTCODE,
        Address::CITY,
    ]);
    for field in [Address::NAME, Address::STREET, Address::CITY] {
        form.rule(field, |text: String| match text.chars().count() {
            0..=80 => Ok(()),
            _ => Err("must have 80 characters at most"),
        });
    }
    form.rule(Address::POSTCODE, |postcode: String| {
        let is_code = |char: char| char.is_ascii_alphanumeric() || matches!(char, ' ' | '-');
        match postcode.trim() {
            "" => Ok(()),
            code if (3..=10).contains(&code.len()) && code.chars().all(is_code) => Ok(()),
            _ => Err("must be one such as 10115 or SW1A 1AA"),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(encoded: &str) -> String {
        let mut form = Form::parse(encoded);
        check(&mut form);
        form.result()
            .err()
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    #[test]
    fn an_address_has_all_its_parts() {
        assert_eq!(
            errors("name=Ada&street=S+1&postcode=SW1A+1AA&city=London"),
            ""
        );
        assert_eq!(
            errors("name=Ada&street=S+1&postcode=1&city="),
            "city is required, postcode must be one such as 10115 or SW1A 1AA",
        );
    }
}
