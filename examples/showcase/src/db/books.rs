//! Books and their full-text index.

use serde::Deserialize;
use sqlx::{QueryBuilder, Sqlite, SqlitePool};

use super::shelf;

/// `book_text` indexes `books` without a copy of its texts.
pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS books (
        id     INTEGER PRIMARY KEY,
        title  TEXT NOT NULL,
        author TEXT NOT NULL,
        year   INTEGER NOT NULL
    );
    CREATE VIRTUAL TABLE IF NOT EXISTS book_text USING fts5 (
        title, author, content = 'books', content_rowid = 'id', prefix = '1 2 3'
    );
";

/// Rows of one INSERT: SQLite takes 32,766 values in a statement.
const CHUNK: usize = 2_000;

/// Puts the books into an empty database, all or none.
pub(super) async fn fill(pool: &SqlitePool) -> sqlx::Result<()> {
    // With the write lock from the start: another process may do the same.
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let filled: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM books)")
        .fetch_one(&mut *transaction)
        .await?;
    if filled {
        return Ok(());
    }
    let mut books = shelf::books().peekable();
    while books.peek().is_some() {
        let mut insert = QueryBuilder::<Sqlite>::new("INSERT INTO books (title, author, year) ");
        insert.push_values(books.by_ref().take(CHUNK), |mut row, book| {
            row.push_bind(book.title)
                .push_bind(book.author)
                .push_bind(book.year);
        });
        insert.build().execute(&mut *transaction).await?;
    }
    sqlx::query("INSERT INTO book_text (book_text) VALUES ('rebuild')")
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

#[derive(Clone, Debug)]
pub(crate) struct Books(SqlitePool);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Book {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) author: String,
    pub(crate) year: u16,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sort {
    /// The best match first.
    #[default]
    Best,
    Title,
    Author,
    Newest,
}

impl Sort {
    /// As serde reads it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Title => "title",
            Self::Author => "author",
            Self::Newest => "newest",
        }
    }
}

/// What to look for, and which part of what is found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Search<'s> {
    pub(crate) text: &'s str,
    pub(crate) sort: Sort,
    pub(crate) offset: u32,
    pub(crate) limit: u32,
}

impl Books {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        Self(pool)
    }

    /// How many books hold all words of the text; all do when it is blank.
    pub(crate) async fn count(&self, text: &str) -> sqlx::Result<u32> {
        let query = match match_expression(text) {
            None if text.trim().is_empty() => sqlx::query_scalar("SELECT count(*) FROM books"),
            None => return Ok(0),
            Some(expression) => {
                sqlx::query_scalar("SELECT count(*) FROM book_text WHERE book_text MATCH ?")
                    .bind(expression)
            }
        };
        query.fetch_one(&self.0).await
    }

    pub(crate) async fn find(&self, search: Search<'_>) -> sqlx::Result<Vec<Book>> {
        let expression = match_expression(search.text);
        if expression.is_none() && !search.text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let found = expression.is_some();
        // Only words of this file go into the text of a query.
        let mut query =
            QueryBuilder::<Sqlite>::new("SELECT id, books.title, books.author, year FROM books");
        if let Some(expression) = expression {
            query.push(" JOIN book_text ON book_text.rowid = id WHERE book_text MATCH ");
            query.push_bind(expression);
        }
        query.push(match search.sort {
            Sort::Best if found => " ORDER BY rank, id",
            Sort::Best => " ORDER BY id",
            Sort::Title => " ORDER BY books.title, id",
            Sort::Author => " ORDER BY books.author, id",
            Sort::Newest => " ORDER BY year DESC, id",
        });
        query.push(" LIMIT ").push_bind(search.limit);
        query.push(" OFFSET ").push_bind(search.offset);
        let rows: Vec<(i64, String, String, u16)> =
            query.build_query_as().fetch_all(&self.0).await?;
        Ok(rows
            .into_iter()
            .map(|(id, title, author, year)| Book {
                id,
                title,
                author,
                year,
            })
            .collect())
    }
}

/// The words of a search: letters and digits, whatever stands between them.
pub(crate) fn terms(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char: char| !char.is_alphanumeric())
        .filter(|term| !term.is_empty())
}

/// Every word, as the beginning of one in the book: `"amb"* "gar"*`. None if
/// there are no words.
fn match_expression(text: &str) -> Option<String> {
    let terms: Vec<String> = terms(text).map(|term| format!("\"{term}\"*")).collect();
    (!terms.is_empty()).then(|| terms.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::in_memory;

    const ALL: Search<'_> = Search {
        text: "",
        sort: Sort::Best,
        offset: 0,
        limit: 1_000,
    };

    #[tokio::test]
    async fn a_book_is_found_by_the_beginnings_of_its_words() {
        let books = Books::new(in_memory().await);
        let text = "phoe NOVAK";
        let found = books.find(Search { text, ..ALL }).await.unwrap();
        assert!(!found.is_empty());
        for book in &found {
            assert!(
                book.title.contains("Phoenix") && book.author.ends_with("Novak"),
                "{book:?}"
            );
        }
        assert_eq!(books.count(text).await.unwrap() as usize, found.len());
    }

    #[tokio::test]
    async fn accents_need_not_be_typed() {
        let books = Books::new(in_memory().await);
        assert!(books.count("valparaiso zoe").await.unwrap() > 0);
    }

    #[tokio::test]
    async fn no_text_finds_all_and_no_word_finds_nothing() {
        let books = Books::new(in_memory().await);
        assert_eq!(books.count("  ").await.unwrap() as usize, shelf::SIZE);
        for text in ["\"*", "phoenix OR qqq", "title : x", "'; --"] {
            let found = books.find(Search { text, ..ALL }).await.unwrap();
            assert_eq!(
                (books.count(text).await.unwrap(), found.len()),
                (0, 0),
                "{text}"
            );
        }
    }

    #[tokio::test]
    async fn pages_follow_each_other_in_every_order() {
        let books = Books::new(in_memory().await);
        for sort in [Sort::Best, Sort::Title, Sort::Author, Sort::Newest] {
            let search = Search {
                text: "garden",
                sort,
                ..ALL
            };
            let whole = books.find(search).await.unwrap();
            let first = books
                .find(Search {
                    limit: 10,
                    ..search
                })
                .await
                .unwrap();
            let second = books
                .find(Search {
                    limit: 10,
                    offset: 10,
                    ..search
                })
                .await
                .unwrap();
            assert_eq!([first, second].concat(), whole[..20], "{sort:?}");
        }
    }

    #[tokio::test]
    async fn books_are_filled_in_once() {
        let pool = in_memory().await;
        fill(&pool).await.unwrap();
        assert_eq!(
            Books::new(pool).count("").await.unwrap() as usize,
            shelf::SIZE
        );
    }
}
