//! The database: one SQLite file, and a store per page that uses it.

use std::path::Path;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};

mod activities;
mod books;
mod cards;
mod invoices;
mod orders;
mod people;
mod shelf;
mod teas;
mod todos;

pub(crate) use activities::{Activities, Activity};
pub(crate) use books::{Book, Books, Search, Sort, terms};
pub(crate) use cards::{Card, Cards, Lane};
pub(crate) use invoices::{Invoice, InvoiceLine, Invoices, Listed, Saved};
pub(crate) use orders::{Address, Delivery, Order, Orders};
pub(crate) use people::{Added, People, Person};
pub(crate) use teas::{Kind, TEAS, Tea};
pub(crate) use todos::{Counts, Filter, Title, TitleError, Todo, Todos};

/// Opens the file, makes it when it isn't there, and brings its tables about.
pub(crate) async fn open(file: &Path) -> sqlx::Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        // Readers don't wait for the writer, nor the writer for them.
        .journal_mode(SqliteJournalMode::Wal);
    let pool = SqlitePool::connect_with(options).await?;
    create_tables(&pool).await?;
    Ok(pool)
}

async fn create_tables(pool: &SqlitePool) -> sqlx::Result<()> {
    for schema in [
        todos::SCHEMA,
        people::SCHEMA,
        invoices::SCHEMA,
        books::SCHEMA,
        orders::SCHEMA,
        activities::SCHEMA,
        cards::SCHEMA,
    ] {
        sqlx::raw_sql(schema).execute(pool).await?;
    }
    activities::fill(pool).await?;
    books::fill(pool).await
}

/// A database of one test.
#[cfg(test)]
async fn in_memory() -> SqlitePool {
    // Each connection would have a memory of its own.
    let pool = sqlx::sqlite::SqlitePoolOptions::new()
        .max_connections(1)
        .connect("sqlite::memory:")
        .await
        .expect("SQLite is compiled in");
    create_tables(&pool).await.expect("the schema is valid");
    pool
}
