//! What people did, newest first; read in pages around an entry.

use sqlx::SqlitePool;

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS activities (
        id   INTEGER PRIMARY KEY AUTOINCREMENT,
        text TEXT NOT NULL
    );
";

/// How many entries a page has.
const PAGE: u32 = 20;

/// The longest text, in characters.
const LONGEST: usize = 200;

#[derive(Clone, Debug)]
pub(crate) struct Activities(SqlitePool);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Activity {
    pub(crate) id: i64,
    pub(crate) text: String,
}

/// A feed is endless only when it has a past.
pub(super) async fn fill(pool: &SqlitePool) -> sqlx::Result<()> {
    sqlx::query(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 500)
         INSERT INTO activities (text)
         SELECT CASE n % 5
             WHEN 0 THEN 'Ada' WHEN 1 THEN 'Grace' WHEN 2 THEN 'Alan' WHEN 3 THEN 'Edsger' ELSE 'Barbara'
         END || CASE n % 7
             WHEN 0 THEN ' fixed a bug' WHEN 1 THEN ' wrote a test' WHEN 2 THEN ' read a paper'
             WHEN 3 THEN ' renamed a variable' WHEN 4 THEN ' drank tea' WHEN 5 THEN ' asked a question'
             ELSE ' deleted code'
         END || ' (' || n || ')'
         FROM numbers WHERE NOT EXISTS (SELECT 1 FROM activities)",
    )
    .execute(pool)
    .await?;
    Ok(())
}

impl Activities {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        Self(pool)
    }

    /// The newest ones.
    pub(crate) async fn newest(&self) -> sqlx::Result<Vec<Activity>> {
        self.before(i64::MAX).await
    }

    /// Those right before an entry, newest first.
    pub(crate) async fn before(&self, id: i64) -> sqlx::Result<Vec<Activity>> {
        self.read(
            "SELECT id, text FROM activities WHERE id < ? ORDER BY id DESC LIMIT ?",
            id,
        )
        .await
    }

    /// Those right after an entry, oldest first.
    pub(crate) async fn after(&self, id: i64) -> sqlx::Result<Vec<Activity>> {
        self.read(
            "SELECT id, text FROM activities WHERE id > ? ORDER BY id LIMIT ?",
            id,
        )
        .await
    }

    /// Adds what somebody did, unless they did nothing.
    pub(crate) async fn add(&self, text: &str) -> sqlx::Result<Option<Activity>> {
        let text: String = text.trim().chars().take(LONGEST).collect();
        if text.is_empty() {
            return Ok(None);
        }
        let id = sqlx::query_scalar("INSERT INTO activities (text) VALUES (?) RETURNING id")
            .bind(&text)
            .fetch_one(&self.0)
            .await?;
        Ok(Some(Activity { id, text }))
    }

    pub(crate) async fn delete(&self, id: i64) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM activities WHERE id = ?")
            .bind(id)
            .execute(&self.0)
            .await?;
        Ok(())
    }

    async fn read(&self, statement: &'static str, id: i64) -> sqlx::Result<Vec<Activity>> {
        let rows: Vec<(i64, String)> = sqlx::query_as(statement)
            .bind(id)
            .bind(PAGE)
            .fetch_all(&self.0)
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, text)| Activity { id, text })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::in_memory;

    fn ids(activities: &[Activity]) -> Vec<i64> {
        activities.iter().map(|activity| activity.id).collect()
    }

    #[tokio::test]
    async fn pages_go_both_ways_around_an_entry() {
        let activities = Activities::new(in_memory().await);
        assert_eq!(ids(&activities.newest().await.unwrap())[..2], [500, 499]);
        assert_eq!(ids(&activities.before(481).await.unwrap())[..2], [480, 479]);
        assert_eq!(ids(&activities.after(480).await.unwrap())[..2], [481, 482]);
        assert_eq!(ids(&activities.before(3).await.unwrap()), [2, 1]);
        assert!(activities.after(500).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn who_did_nothing_adds_nothing() {
        let activities = Activities::new(in_memory().await);
        assert_eq!(activities.add("  ").await.unwrap(), None);
        let added = activities
            .add(" Slept ")
            .await
            .unwrap()
            .expect("it was something");
        assert_eq!((added.id, added.text.as_str()), (501, "Slept"));
        activities.delete(501).await.unwrap();
        assert_eq!(activities.newest().await.unwrap()[0].id, 500);
    }
}
