//! A heap of texts on disk, found again by names: for what is too much to be kept in memory and is of no use afterwards.
//!
//! Owns a temporary database of its own, which is gone with the value or with the process. Must not know what lies in it.

use super::StoreError;
use rusqlite::{Connection, OptionalExtension};

/// Pages kept in memory, in KiB: the rest is on disk.
const CACHE: i64 = 16 * 1024;

/// The heap.
pub struct Scratch(Connection);

impl Scratch {
    /// An empty one. SQLite makes a file without a name for it, which no other process finds.
    ///
    /// # Errors
    /// SQLite's.
    pub fn new() -> Result<Scratch, StoreError> {
        let connection = Connection::open("")?;
        connection.pragma_update(None, "cache_size", -CACHE)?;
        connection.pragma_update(None, "journal_mode", "OFF")?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.execute_batch(
            "CREATE TABLE text (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, kept TEXT NOT NULL, used INTEGER NOT NULL DEFAULT 0) STRICT;
             CREATE TABLE name (name TEXT NOT NULL, text INTEGER NOT NULL, PRIMARY KEY (name, text)) STRICT, WITHOUT ROWID;
             BEGIN",
        )?;
        Ok(Scratch(connection))
    }

    /// Puts a text of a kind under names; its number, in the order in which they came.
    ///
    /// # Errors
    /// SQLite's: a full disk.
    pub fn put(&self, kind: &str, text: &str, names: &[String]) -> Result<i64, StoreError> {
        self.0
            .prepare_cached("INSERT INTO text (kind, kept) VALUES (?1, ?2)")?
            .execute((kind, text))?;
        let id = self.0.last_insert_rowid();
        let mut statement = self
            .0
            .prepare_cached("INSERT INTO name (name, text) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
        for name in names {
            statement.execute((name, id))?;
        }
        Ok(id)
    }

    /// The texts under a name, in the order in which they came, at most so many.
    ///
    /// # Errors
    /// SQLite's.
    pub fn named(&self, name: &str, most: usize) -> Result<Vec<(i64, String)>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "SELECT t.id, t.kept FROM name n JOIN text t ON t.id = n.text WHERE n.name = ?1 ORDER BY t.id LIMIT ?2",
        )?;
        let rows = statement.query_map((name, i64::try_from(most).unwrap_or(i64::MAX)), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Marks a text as one that was of use.
    ///
    /// # Errors
    /// SQLite's.
    pub fn mark(&self, id: i64) -> Result<(), StoreError> {
        self.0
            .prepare_cached("UPDATE text SET used = 1 WHERE id = ?1 AND used = 0")?
            .execute([id])?;
        Ok(())
    }

    /// How many texts of each kind were of no use.
    ///
    /// # Errors
    /// SQLite's.
    pub fn unused(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let mut statement = self
            .0
            .prepare("SELECT kind, count(*) FROM text WHERE used = 0 GROUP BY kind ORDER BY kind")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The first text under a name behind the one with a number.
    ///
    /// # Errors
    /// SQLite's.
    pub fn next(&self, name: &str, after: i64) -> Result<Option<(i64, String)>, StoreError> {
        let mut statement = self.0.prepare_cached(
            "SELECT t.id, t.kept FROM name n JOIN text t ON t.id = n.text WHERE n.name = ?1 AND n.text > ?2 ORDER BY n.text LIMIT 1",
        )?;
        let found = statement.query_row((name, after), |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(found.optional()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_every_name_in_their_order() {
        let scratch = Scratch::new().unwrap();
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        scratch.put("x", "one", &names(&["a", "b"])).unwrap();
        scratch.put("x", "two", &names(&["b", "b"])).unwrap();
        let texts = |name| -> Vec<String> {
            let all = scratch.named(name, 10).unwrap();
            all.into_iter().map(|(_, text)| text).collect()
        };
        assert_eq!(
            (texts("a"), texts("b"), texts("c")),
            (vec!["one".into()], vec!["one".into(), "two".into()], vec![])
        );
        assert_eq!(scratch.next("b", 1).unwrap(), Some((2, "two".into())));
        assert_eq!(scratch.next("b", 2).unwrap(), None);
        scratch.mark(1).unwrap();
        assert_eq!(scratch.unused().unwrap(), [("x".into(), 1)]);
    }
}
