//! Invoices with their lines. No two have the same number.

use sqlx::{Sqlite, SqlitePool, Transaction};

use crate::decimal::{Cents, Quantity};

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS invoices (
        id       INTEGER PRIMARY KEY,
        number   TEXT NOT NULL UNIQUE,
        customer TEXT NOT NULL,
        issued   TEXT NOT NULL,
        tax      INTEGER NOT NULL,
        note     TEXT NOT NULL,
        total    INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS invoice_lines (
        invoice  INTEGER NOT NULL REFERENCES invoices ON DELETE CASCADE,
        position INTEGER NOT NULL,
        title    TEXT NOT NULL,
        quantity INTEGER NOT NULL,
        price    INTEGER NOT NULL,
        PRIMARY KEY (invoice, position)
    );
";

/// How many the list shows, the newest first.
const LISTED: i64 = 20;

#[derive(Clone, Debug)]
pub(crate) struct Invoices(SqlitePool);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Invoice {
    pub(crate) number: String,
    pub(crate) customer: String,
    /// As `2026-11-20`.
    pub(crate) issued: String,
    /// In hundredths.
    pub(crate) tax: i64,
    pub(crate) note: String,
    /// In the order of the page.
    pub(crate) lines: Vec<InvoiceLine>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct InvoiceLine {
    pub(crate) title: String,
    pub(crate) quantity: Quantity,
    pub(crate) price: Cents,
}

/// What the list shows of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) id: i64,
    pub(crate) number: String,
    pub(crate) customer: String,
    pub(crate) total: Cents,
}

/// What became of an attempt to save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Saved {
    /// Under this id.
    As(i64),
    NumberTaken,
}

impl InvoiceLine {
    pub(crate) fn total(&self) -> Cents {
        self.price.times(self.quantity)
    }
}

impl Invoice {
    pub(crate) fn net(&self) -> Cents {
        self.lines.iter().map(InvoiceLine::total).sum()
    }

    pub(crate) fn total(&self) -> Cents {
        [self.net(), self.net().percent(self.tax)].into_iter().sum()
    }
}

impl Invoices {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        Self(pool)
    }

    pub(crate) async fn list(&self) -> sqlx::Result<Vec<Listed>> {
        let rows: Vec<(i64, String, String, i64)> = sqlx::query_as(
            "SELECT id, number, customer, total FROM invoices ORDER BY id DESC LIMIT ?",
        )
        .bind(LISTED)
        .fetch_all(&self.0)
        .await?;
        let listed = |(id, number, customer, total)| Listed {
            id,
            number,
            customer,
            total: Cents::of(total),
        };
        Ok(rows.into_iter().map(listed).collect())
    }

    pub(crate) async fn find(&self, id: i64) -> sqlx::Result<Option<Invoice>> {
        let head: Option<(String, String, String, i64, String)> =
            sqlx::query_as("SELECT number, customer, issued, tax, note FROM invoices WHERE id = ?")
                .bind(id)
                .fetch_optional(&self.0)
                .await?;
        let Some((number, customer, issued, tax, note)) = head else {
            return Ok(None);
        };
        let lines: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT title, quantity, price FROM invoice_lines WHERE invoice = ? ORDER BY position",
        )
        .bind(id)
        .fetch_all(&self.0)
        .await?;
        let line = |(title, quantity, price)| InvoiceLine {
            title,
            quantity: Quantity::of(quantity),
            price: Cents::of(price),
        };
        Ok(Some(Invoice {
            number,
            customer,
            issued,
            tax,
            note,
            lines: lines.into_iter().map(line).collect(),
        }))
    }

    /// Saves a new one, or the one with this id.
    pub(crate) async fn save(&self, id: Option<i64>, invoice: &Invoice) -> sqlx::Result<Saved> {
        let mut transaction = self.0.begin().await?;
        let saved = match upsert(&mut transaction, id, invoice).await {
            Ok(id) => id,
            // The number is the only thing that is unique here, but for ids.
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                return Ok(Saved::NumberTaken);
            }
            Err(error) => return Err(error),
        };
        sqlx::query("DELETE FROM invoice_lines WHERE invoice = ?")
            .bind(saved)
            .execute(&mut *transaction)
            .await?;
        for (position, line) in (0_i64..).zip(&invoice.lines) {
            sqlx::query(
                "INSERT INTO invoice_lines (invoice, position, title, quantity, price) VALUES (?, ?, ?, ?, ?)",
            )
            .bind(saved)
            .bind(position)
            .bind(&line.title)
            .bind(line.quantity.units())
            .bind(line.price.units())
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(Saved::As(saved))
    }
}

/// Writes all but the lines. One that was deleted meanwhile is made again.
async fn upsert(
    transaction: &mut Transaction<'_, Sqlite>,
    id: Option<i64>,
    invoice: &Invoice,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "INSERT INTO invoices (id, number, customer, issued, tax, note, total) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET number = excluded.number, customer = excluded.customer,
             issued = excluded.issued, tax = excluded.tax, note = excluded.note, total = excluded.total
         RETURNING id",
    )
    .bind(id)
    .bind(&invoice.number)
    .bind(&invoice.customer)
    .bind(&invoice.issued)
    .bind(invoice.tax)
    .bind(&invoice.note)
    .bind(invoice.total().units())
    .fetch_one(&mut **transaction)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::in_memory;

    fn invoice(number: &str, titles: &[&str]) -> Invoice {
        let line = |title: &&str| InvoiceLine {
            title: (*title).to_owned(),
            quantity: Quantity::of(1500),
            price: Cents::of(1000),
        };
        Invoice {
            number: number.to_owned(),
            customer: "Ada".to_owned(),
            issued: "2026-11-20".to_owned(),
            tax: 19,
            note: String::new(),
            lines: titles.iter().map(line).collect(),
        }
    }

    #[tokio::test]
    async fn an_invoice_comes_back_with_its_lines_in_order() {
        let invoices = Invoices::new(in_memory().await);
        let first = invoice("1", &["b", "a", "c"]);
        assert_eq!(invoices.save(None, &first).await.unwrap(), Saved::As(1));
        assert_eq!(invoices.find(1).await.unwrap(), Some(first));
        let second = invoice("1b", &["c", "b"]);
        assert_eq!(invoices.save(Some(1), &second).await.unwrap(), Saved::As(1));
        assert_eq!(invoices.find(1).await.unwrap(), Some(second));
        assert_eq!(invoices.find(2).await.unwrap(), None);
        let listed = invoices.list().await.unwrap();
        assert_eq!(listed[0].total, Cents::of(3570));
    }

    #[tokio::test]
    async fn a_number_is_taken_once() {
        let invoices = Invoices::new(in_memory().await);
        invoices.save(None, &invoice("1", &["a"])).await.unwrap();
        invoices.save(None, &invoice("2", &["a"])).await.unwrap();
        for id in [None, Some(2)] {
            let saved = invoices.save(id, &invoice("1", &["b"])).await.unwrap();
            assert_eq!(saved, Saved::NumberTaken);
        }
        assert_eq!(invoices.find(2).await.unwrap(), Some(invoice("2", &["a"])));
    }
}
