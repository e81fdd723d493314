//! Orders of the tea shop, from the first tea in the cart to the last word.
//!
//! What a step of an order needs is checked here, in the statements themselves:
//! another tab may change the order at the same time.

use bennu::form::FormFields;
use serde::{Deserialize, Serialize};
use sqlx::SqlitePool;

use super::teas::{Price, Tea};

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS orders (
        id       TEXT PRIMARY KEY,
        name     TEXT,
        street   TEXT,
        postcode TEXT,
        city     TEXT,
        delivery TEXT,
        payment  TEXT,
        placed   BOOLEAN NOT NULL DEFAULT FALSE
    );
    CREATE TABLE IF NOT EXISTS order_lines (
        order_id TEXT NOT NULL REFERENCES orders (id),
        tea      TEXT NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 20),
        PRIMARY KEY (order_id, tea)
    );
";

#[derive(Clone, Debug)]
pub(crate) struct Orders(SqlitePool);

#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    /// Only who was given it can guess it.
    pub(crate) id: String,
    pub(crate) lines: Vec<Line>,
    pub(crate) address: Option<Address>,
    pub(crate) delivery: Option<Delivery>,
    pub(crate) payment: Option<String>,
    pub(crate) placed: bool,
}

/// So many hundred grams of a tea.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) tea: &'static Tea,
    pub(crate) quantity: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FormFields)]
pub(crate) struct Address {
    pub(crate) name: String,
    pub(crate) street: String,
    pub(crate) postcode: String,
    pub(crate) city: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Delivery {
    Standard,
    Express,
    Pickup,
}

impl Order {
    pub(crate) fn quantity(&self, tea: &Tea) -> u32 {
        let line = self.lines.iter().find(|line| line.tea == tea);
        line.map_or(0, |line| line.quantity)
    }

    pub(crate) fn total(&self) -> Price {
        let goods: u32 = self.lines.iter().map(|line| line.price().0).sum();
        Price(goods + self.delivery.map_or(0, |delivery| delivery.price().0))
    }
}

impl Line {
    pub(crate) fn price(&self) -> Price {
        Price(self.tea.price.0 * self.quantity)
    }
}

impl Delivery {
    pub(crate) const ALL: [Self; 3] = [Self::Standard, Self::Express, Self::Pickup];

    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Express => "express",
            Self::Pickup => "pickup",
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Standard => "By post",
            Self::Express => "By courier",
            Self::Pickup => "At the shop",
        }
    }

    pub(crate) const fn note(self) -> &'static str {
        match self {
            Self::Standard => "In three days",
            Self::Express => "Tomorrow before noon",
            Self::Pickup => "You fetch it when you like",
        }
    }

    pub(crate) const fn price(self) -> Price {
        match self {
            Self::Standard => Price(490),
            Self::Express => Price(1290),
            Self::Pickup => Price(0),
        }
    }
}

type Columns = (
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    bool,
);

impl Orders {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        Self(pool)
    }

    /// Begins an order and returns its id.
    pub(crate) async fn begin(&self) -> sqlx::Result<String> {
        sqlx::query_scalar(
            "INSERT INTO orders (id) VALUES (lower(hex(randomblob(16)))) RETURNING id",
        )
        .fetch_one(&self.0)
        .await
    }

    pub(crate) async fn find(&self, id: &str) -> sqlx::Result<Option<Order>> {
        let columns: Option<Columns> = sqlx::query_as(
            "SELECT name, street, postcode, city, delivery, payment, placed FROM orders WHERE id = ?",
        )
        .bind(id)
        .fetch_optional(&self.0)
        .await?;
        let Some((name, street, postcode, city, delivery, payment, placed)) = columns else {
            return Ok(None);
        };
        let lines: Vec<(String, u32)> = sqlx::query_as(
            "SELECT tea, quantity FROM order_lines WHERE order_id = ? ORDER BY rowid",
        )
        .bind(id)
        .fetch_all(&self.0)
        .await?;
        let address = name.zip(street).zip(postcode).zip(city);
        Ok(Some(Order {
            id: id.to_owned(),
            // A tea may have left the shop since.
            lines: lines
                .into_iter()
                .filter_map(|(tea, quantity)| Tea::find(&tea).map(|tea| Line { tea, quantity }))
                .collect(),
            address: address.map(|(((name, street), postcode), city)| Address {
                name,
                street,
                postcode,
                city,
            }),
            delivery: delivery
                .and_then(|slug| Delivery::ALL.into_iter().find(|each| each.slug() == slug)),
            payment,
            placed,
        }))
    }

    /// Puts one more of a tea into the cart; 20 at most.
    pub(crate) async fn add(&self, id: &str, tea: &Tea) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO order_lines (order_id, tea, quantity)
             SELECT id, ?2, 1 FROM orders WHERE id = ?1 AND NOT placed
             ON CONFLICT (order_id, tea) DO UPDATE SET quantity = min(quantity + 1, 20)",
        )
        .bind(id)
        .bind(tea.slug)
        .execute(&self.0)
        .await?;
        Ok(())
    }

    /// Takes one of a tea out of the cart.
    pub(crate) async fn remove(&self, id: &str, tea: &Tea) -> sqlx::Result<()> {
        let mut changes = self.0.begin().await?;
        for statement in [
            "DELETE FROM order_lines WHERE order_id = ?1 AND tea = ?2 AND quantity = 1
             AND EXISTS (SELECT 1 FROM orders WHERE id = ?1 AND NOT placed)",
            "UPDATE order_lines SET quantity = quantity - 1
             WHERE order_id = ?1 AND tea = ?2 AND quantity > 1
             AND EXISTS (SELECT 1 FROM orders WHERE id = ?1 AND NOT placed)",
        ] {
            let done = sqlx::query(statement)
                .bind(id)
                .bind(tea.slug)
                .execute(&mut *changes)
                .await?;
            if done.rows_affected() > 0 {
                break;
            }
        }
        changes.commit().await
    }

    pub(crate) async fn send_to(&self, id: &str, address: &Address) -> sqlx::Result<()> {
        sqlx::query(
            "UPDATE orders SET name = ?2, street = ?3, postcode = ?4, city = ?5
             WHERE id = ?1 AND NOT placed",
        )
        .bind(id)
        .bind(address.name.trim())
        .bind(address.street.trim())
        .bind(address.postcode.trim())
        .bind(address.city.trim())
        .execute(&self.0)
        .await?;
        Ok(())
    }

    pub(crate) async fn deliver(&self, id: &str, delivery: Delivery) -> sqlx::Result<()> {
        sqlx::query("UPDATE orders SET delivery = ?2 WHERE id = ?1 AND NOT placed")
            .bind(id)
            .bind(delivery.slug())
            .execute(&self.0)
            .await?;
        Ok(())
    }

    /// Places the order, unless something is missing by now or it is placed
    /// already. Returns whether it did.
    pub(crate) async fn place(&self, id: &str, payment: &str) -> sqlx::Result<bool> {
        let placed = sqlx::query(
            "UPDATE orders SET payment = ?2, placed = TRUE
             WHERE id = ?1 AND NOT placed AND name IS NOT NULL AND delivery IS NOT NULL
             AND EXISTS (SELECT 1 FROM order_lines WHERE order_id = ?1)",
        )
        .bind(id)
        .bind(payment)
        .execute(&self.0)
        .await?;
        Ok(placed.rows_affected() > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::in_memory;

    fn tea(slug: &str) -> &'static Tea {
        Tea::find(slug).expect("the shop sells it")
    }

    fn address() -> Address {
        Address {
            name: " Ada ".to_owned(),
            street: "Street 1".to_owned(),
            postcode: "12345".to_owned(),
            city: "London".to_owned(),
        }
    }

    async fn find(orders: &Orders, id: &str) -> Order {
        orders.find(id).await.unwrap().expect("it was begun")
    }

    #[tokio::test]
    async fn a_cart_counts_up_to_twenty_and_down_to_none() {
        let orders = Orders::new(in_memory().await);
        let id = orders.begin().await.unwrap();
        assert_ne!(id, orders.begin().await.unwrap());
        for _ in 0..25 {
            orders.add(&id, tea("assam")).await.unwrap();
        }
        orders.add(&id, tea("mint")).await.unwrap();
        assert_eq!(find(&orders, &id).await.total(), Price(20 * 890 + 490));
        for _ in 0..21 {
            orders.remove(&id, tea("assam")).await.unwrap();
        }
        let order = find(&orders, &id).await;
        assert_eq!(order.quantity(tea("assam")), 0);
        assert_eq!(order.quantity(tea("mint")), 1);
        assert_eq!(order.lines.len(), 1);
    }

    #[tokio::test]
    async fn only_a_complete_order_is_placed_and_only_once() {
        let orders = Orders::new(in_memory().await);
        let id = orders.begin().await.unwrap();
        orders.send_to(&id, &address()).await.unwrap();
        orders.deliver(&id, Delivery::Express).await.unwrap();
        assert!(!orders.place(&id, "invoice").await.unwrap());
        orders.add(&id, tea("mint")).await.unwrap();
        assert!(orders.place(&id, "invoice").await.unwrap());
        assert!(!orders.place(&id, "invoice").await.unwrap());
        assert!(!orders.place("another", "invoice").await.unwrap());
    }

    #[tokio::test]
    async fn a_placed_order_stays_as_it_is() {
        let orders = Orders::new(in_memory().await);
        let id = orders.begin().await.unwrap();
        orders.add(&id, tea("mint")).await.unwrap();
        orders.send_to(&id, &address()).await.unwrap();
        orders.deliver(&id, Delivery::Express).await.unwrap();
        orders.place(&id, "invoice").await.unwrap();

        orders.add(&id, tea("assam")).await.unwrap();
        orders.add(&id, tea("mint")).await.unwrap();
        orders.remove(&id, tea("mint")).await.unwrap();
        orders.deliver(&id, Delivery::Pickup).await.unwrap();
        let elsewhere = Address {
            city: "Turin".to_owned(),
            ..address()
        };
        orders.send_to(&id, &elsewhere).await.unwrap();

        let order = find(&orders, &id).await;
        assert_eq!(order.total(), Price(490 + 1290));
        let address = order.address.expect("it has one");
        assert_eq!(
            (address.name.as_str(), address.city.as_str()),
            ("Ada", "London")
        );
        assert_eq!(order.payment.as_deref(), Some("invoice"));
    }
}
