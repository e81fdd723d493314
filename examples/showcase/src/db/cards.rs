//! The cards of the board: each in a lane, at a position.

use serde::{Deserialize, Serialize};
use sqlx::SqlitePool;

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS cards (
        id       INTEGER PRIMARY KEY AUTOINCREMENT,
        title    TEXT NOT NULL,
        lane     TEXT NOT NULL,
        position INTEGER NOT NULL
    );
    INSERT INTO cards (title, lane, position)
    SELECT column1, column2, column3 FROM (VALUES
        ('Buy tea', 'plan', 0), ('Water the plants', 'plan', 1),
        ('Read about trees', 'work', 0), ('Sharpen pencils', 'done', 0))
    WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'cards');
";

/// The longest title, in characters.
const LONGEST: usize = 80;

/// How many cards the board holds.
const MOST: u32 = 60;

#[derive(Clone, Debug)]
pub(crate) struct Cards(SqlitePool);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) lane: Lane,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Lane {
    Plan,
    Work,
    Done,
}

impl Lane {
    pub(crate) const ALL: [Self; 3] = [Self::Plan, Self::Work, Self::Done];

    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Work => "work",
            Self::Done => "done",
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Plan => "Planned",
            Self::Work => "In work",
            Self::Done => "Done",
        }
    }
}

impl Cards {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        Self(pool)
    }

    /// All cards, lane by lane, in their order.
    pub(crate) async fn list(&self) -> sqlx::Result<Vec<Card>> {
        let rows: Vec<(i64, String, String)> =
            sqlx::query_as("SELECT id, title, lane FROM cards ORDER BY lane, position, id")
                .fetch_all(&self.0)
                .await?;
        Ok(rows
            .into_iter()
            .filter_map(|(id, title, slug)| {
                let lane = Lane::ALL.into_iter().find(|lane| lane.slug() == slug)?;
                Some(Card { id, title, lane })
            })
            .collect())
    }

    /// Adds a card at the end of the first lane, if it says something and there
    /// is room.
    pub(crate) async fn add(&self, title: &str) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO cards (title, lane, position)
             SELECT ?1, 'plan', ?2 WHERE ?1 <> '' AND (SELECT count(*) FROM cards) < ?2",
        )
        .bind(short(title))
        .bind(MOST)
        .execute(&self.0)
        .await?;
        Ok(())
    }

    pub(crate) async fn rename(&self, id: i64, title: &str) -> sqlx::Result<()> {
        sqlx::query("UPDATE cards SET title = ?2 WHERE id = ?1 AND ?2 <> ''")
            .bind(id)
            .bind(short(title))
            .execute(&self.0)
            .await?;
        Ok(())
    }

    pub(crate) async fn delete(&self, id: i64) -> sqlx::Result<()> {
        sqlx::query("DELETE FROM cards WHERE id = ?")
            .bind(id)
            .execute(&self.0)
            .await?;
        Ok(())
    }

    /// Puts a card into a lane, before another card or at the end.
    pub(crate) async fn put(&self, id: i64, lane: Lane, before: Option<i64>) -> sqlx::Result<()> {
        let mut changes = self.0.begin().await?;
        let mut order: Vec<i64> = sqlx::query_scalar(
            "SELECT id FROM cards WHERE lane = ?1 AND id <> ?2 ORDER BY position, id",
        )
        .bind(lane.slug())
        .bind(id)
        .fetch_all(&mut *changes)
        .await?;
        let at = order.iter().position(|other| Some(*other) == before);
        order.insert(at.unwrap_or(order.len()), id);
        for (position, id) in (0_i64..).zip(order) {
            sqlx::query("UPDATE cards SET lane = ?1, position = ?2 WHERE id = ?3")
                .bind(lane.slug())
                .bind(position)
                .bind(id)
                .execute(&mut *changes)
                .await?;
        }
        changes.commit().await
    }
}

fn short(title: &str) -> String {
    title.trim().chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::in_memory;

    async fn order(cards: &Cards, lane: Lane) -> Vec<i64> {
        let list = cards.list().await.unwrap();
        let lane = list.into_iter().filter(|card| card.lane == lane);
        lane.map(|card| card.id).collect()
    }

    #[tokio::test]
    async fn a_card_goes_before_another_or_to_the_end() {
        let cards = Cards::new(in_memory().await);
        assert_eq!(order(&cards, Lane::Plan).await, [1, 2]);
        cards.put(3, Lane::Plan, Some(2)).await.unwrap();
        cards.put(1, Lane::Plan, None).await.unwrap();
        assert_eq!(order(&cards, Lane::Plan).await, [3, 2, 1]);
        // The other may have gone meanwhile.
        cards.put(2, Lane::Done, Some(99)).await.unwrap();
        assert_eq!(order(&cards, Lane::Done).await, [4, 2]);
        // So may the card.
        cards.put(99, Lane::Done, None).await.unwrap();
        assert_eq!(order(&cards, Lane::Done).await, [4, 2]);
    }
}
