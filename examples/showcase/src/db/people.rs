//! Registered people. Two of them can't have the same e-mail address: the
//! database says so, and it is the only one who can.

use sqlx::SqlitePool;

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS people (
        id    INTEGER PRIMARY KEY,
        name  TEXT NOT NULL,
        email TEXT NOT NULL UNIQUE COLLATE NOCASE,
        age   INTEGER NOT NULL,
        city  TEXT
    );
";

#[derive(Clone, Debug)]
pub(crate) struct People(SqlitePool);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) age: u8,
    pub(crate) city: Option<String>,
}

/// What became of an attempt to register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Added {
    Yes,
    EmailTaken,
}

impl People {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        Self(pool)
    }

    /// To look first and insert then would let two in at the same moment, so
    /// this inserts and reads the database's answer.
    pub(crate) async fn add(&self, person: &Person) -> sqlx::Result<Added> {
        let added = sqlx::query("INSERT INTO people (name, email, age, city) VALUES (?, ?, ?, ?)")
            .bind(&person.name)
            .bind(&person.email)
            .bind(person.age)
            .bind(&person.city)
            .execute(&self.0)
            .await;
        match added {
            Ok(_) => Ok(Added::Yes),
            // The e-mail address is the only thing that is unique here.
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                Ok(Added::EmailTaken)
            }
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn count(&self) -> sqlx::Result<i64> {
        sqlx::query_scalar("SELECT count(*) FROM people")
            .fetch_one(&self.0)
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::in_memory;

    fn ada(email: &str) -> Person {
        Person {
            name: "Ada".to_owned(),
            email: email.to_owned(),
            age: 36,
            city: None,
        }
    }

    #[tokio::test]
    async fn an_address_is_taken_once_whatever_its_case() {
        let people = People::new(in_memory().await);
        let first = people.add(&ada("ada@example.org")).await.unwrap();
        let again = people.add(&ada("Ada@Example.org")).await.unwrap();
        let other = people.add(&ada("countess@example.org")).await.unwrap();
        assert_eq!(
            [first, again, other],
            [Added::Yes, Added::EmailTaken, Added::Yes]
        );
        assert_eq!(people.count().await.unwrap(), 2);
    }
}
