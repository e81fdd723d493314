//! To-dos, in the order in which they were added.

use std::fmt;

use serde::Deserialize;
use sqlx::SqlitePool;

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS todos (
        id    INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        done  BOOLEAN NOT NULL DEFAULT FALSE
    );
";

#[derive(Clone, Debug)]
pub(crate) struct Todos(SqlitePool);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Todo {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) done: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Filter {
    #[default]
    All,
    Active,
    Done,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) active: i64,
    pub(crate) done: i64,
}

impl Todos {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        Self(pool)
    }

    pub(crate) async fn list(&self, filter: Filter) -> sqlx::Result<Vec<Todo>> {
        let done = match filter {
            Filter::All => None,
            Filter::Active => Some(false),
            Filter::Done => Some(true),
        };
        let rows: Vec<(i64, String, bool)> = sqlx::query_as(
            "SELECT id, title, done FROM todos WHERE ?1 IS NULL OR done = ?1 ORDER BY id",
        )
        .bind(done)
        .fetch_all(&self.0)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(id, title, done)| Todo { id, title, done })
            .collect())
    }

    pub(crate) async fn counts(&self) -> sqlx::Result<Counts> {
        let (active, done) = sqlx::query_as(
            "SELECT count(*) FILTER (WHERE NOT done), count(*) FILTER (WHERE done) FROM todos",
        )
        .fetch_one(&self.0)
        .await?;
        Ok(Counts { active, done })
    }

    pub(crate) async fn add(&self, title: &Title) -> sqlx::Result<()> {
        sqlx::query("INSERT INTO todos (title) VALUES (?)")
            .bind(&title.0)
            .execute(&self.0)
            .await?;
        Ok(())
    }

    pub(crate) async fn rename(&self, id: i64, title: &Title) -> sqlx::Result<()> {
        sqlx::query("UPDATE todos SET title = ? WHERE id = ?")
            .bind(&title.0)
            .bind(id)
            .execute(&self.0)
            .await?;
        Ok(())
    }

    pub(crate) async fn mark(&self, id: i64, done: bool) -> sqlx::Result<()> {
        sqlx::query("UPDATE todos SET done = ? WHERE id = ?")
            .bind(done)
            .bind(id)
            .execute(&self.0)
            .await?;
        Ok(())
    }

    pub(crate) async fn delete(&self, id: i64) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM todos WHERE id = ?")
            .bind(id)
            .execute(&self.0)
            .await?;
        Ok(())
    }

    pub(crate) async fn clear_done(&self) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM todos WHERE done")
            .execute(&self.0)
            .await?;
        Ok(())
    }
}

/// What a to-do says: not blank, and of a length that fits a line or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Title(String);

impl Title {
    const LONGEST: usize = 200;

    pub(crate) fn new(text: &str) -> Result<Self, TitleError> {
        let text = text.trim();
        let length = text.chars().count();
        match length {
            0 => Err(TitleError::Blank),
            1..=Self::LONGEST => Ok(Self(text.to_owned())),
            _ => Err(TitleError::Long(length)),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TitleError {
    Blank,
    Long(usize),
}

impl fmt::Display for TitleError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => write!(formatter, "Write what there is to do."),
            Self::Long(length) => write!(
                formatter,
                "That is {length} characters; {} at most.",
                Title::LONGEST
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::in_memory;

    async fn todos(titles: &[&str]) -> Todos {
        let todos = Todos::new(in_memory().await);
        for title in titles {
            todos.add(&Title::new(title).unwrap()).await.unwrap();
        }
        todos
    }

    async fn titles(todos: &Todos, filter: Filter) -> Vec<String> {
        let list = todos.list(filter).await.unwrap();
        list.into_iter().map(|todo| todo.title).collect()
    }

    #[tokio::test]
    async fn a_filter_shows_what_it_says() {
        let todos = todos(&["a", "b", "c"]).await;
        todos.mark(2, true).await.unwrap();
        assert_eq!(titles(&todos, Filter::All).await, ["a", "b", "c"]);
        assert_eq!(titles(&todos, Filter::Active).await, ["a", "c"]);
        assert_eq!(titles(&todos, Filter::Done).await, ["b"]);
        assert_eq!(todos.counts().await.unwrap(), Counts { active: 2, done: 1 });
    }

    #[tokio::test]
    async fn what_is_done_can_be_cleared_and_the_rest_stays() {
        let todos = todos(&["a", "b", "c"]).await;
        todos.mark(1, true).await.unwrap();
        todos.mark(3, true).await.unwrap();
        todos.mark(3, false).await.unwrap();
        todos.clear_done().await.unwrap();
        assert_eq!(titles(&todos, Filter::All).await, ["b", "c"]);
    }

    #[tokio::test]
    async fn a_todo_can_be_renamed_and_deleted() {
        let todos = todos(&["a", "b"]).await;
        todos.rename(2, &Title::new("B").unwrap()).await.unwrap();
        todos.delete(1).await.unwrap();
        // It may have been deleted in another tab.
        todos.delete(1).await.unwrap();
        assert_eq!(titles(&todos, Filter::All).await, ["B"]);
    }

    #[test]
    fn a_title_is_trimmed_not_blank_and_not_too_long() {
        assert_eq!(Title::new("  tea "), Ok(Title("tea".to_owned())));
        assert_eq!(Title::new(" \n"), Err(TitleError::Blank));
        assert!(Title::new(&"ä".repeat(200)).is_ok());
        assert_eq!(Title::new(&"ä".repeat(201)), Err(TitleError::Long(201)));
    }
}
