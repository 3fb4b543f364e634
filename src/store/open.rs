//! Opening the file: the one place that makes a connection.
//!
//! Owns the settings that keep acknowledged work safe (reliability rules, "Store"), the refusal of files that cannot be
//! trusted, and the migrations, forward only and with a copy made before.

use super::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};
use std::path::Path;
use std::time::Duration;

/// Marks the file as Refdesk's in its header (`PRAGMA application_id`): "RfDk".
const APPLICATION: i64 = 0x5266_446B;

/// Every schema that was ever released, oldest first. Never edit one: add the next.
const SCHEMAS: [&str; 8] = [
    include_str!("../../assets/migrations/0001-desk.sql"),
    include_str!("../../assets/migrations/0002-times.sql"),
    include_str!("../../assets/migrations/0003-channels.sql"),
    include_str!("../../assets/migrations/0004-loop.sql"),
    include_str!("../../assets/migrations/0005-coverage.sql"),
    include_str!("../../assets/migrations/0006-exchange.sql"),
    include_str!("../../assets/migrations/0007-same.sql"),
    include_str!("../../assets/migrations/0008-subscriber.sql"),
];

/// How long a connection waits for a neighbour's commit before it says so.
pub const BUSY: Duration = Duration::from_millis(5000);

/// Settings and what must be read back; a setting that does not take is a reason not to work on the file.
const SETTINGS: [(&str, &str, &str); 10] = [
    ("journal_mode", "WAL", "wal"),
    // NORMAL loses acknowledged commits when the power goes.
    ("synchronous", "FULL", "2"),
    ("foreign_keys", "ON", "1"),
    ("mmap_size", "0", "0"),
    ("trusted_schema", "OFF", "0"),
    ("cell_size_check", "ON", "1"),
    ("secure_delete", "ON", "1"),
    ("temp_store", "MEMORY", "2"),
    // 16 MiB of pages a connection: what a query of names goes over at a hundred thousand stays at hand.
    ("cache_size", "-16384", "-16384"),
    // Pages that may gather in the WAL (32 MiB) before a commit folds them in: a run of large ones then waits for the disk once
    // each and not three times. While nothing goes on, it is folded in and cut off (`Store::tidy`).
    ("wal_autocheckpoint", "8000", "8000"),
];

/// The oldest SQLite that does not corrupt a WAL which two connections reset: 3.51.3.
const OLDEST_SQLITE: i32 = 3_051_003;

/// Opens the database, makes it where there is none, and brings it up to date.
///
/// # Errors
/// `Unfit` and `TooNew` leave the file as it is; `Migration` too, with a copy beside it.
pub fn open(path: &Path, backups: &Path) -> Result<Connection, StoreError> {
    fit(path)?;
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    // The plan of a statement does not depend on what is bound to it. Without this, every statement with a bound LIMIT is
    // prepared anew at each use, which costs more than most of them do (sqlite.org/queryplanner-ng.html, "QPSG").
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    patiently(|| ours(&connection, path))?;
    private(path)?;
    patiently(|| settings(&connection, path))?;
    migrate(&mut connection, backups)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

/// The opening statements can answer BUSY despite the timeout, while a neighbour opens too: ask again for a while.
fn patiently<T>(mut attempt: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    for _ in 0..100 {
        match attempt() {
            Err(StoreError::Sqlite(error)) if is_busy(&error) => {
                std::thread::sleep(Duration::from_millis(50))
            }
            other => return other,
        }
    }
    attempt()
}

/// Whether an error only says that a neighbour is at work.
pub fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
    )
}

fn unfit(path: &Path, why: impl Into<String>, fix: impl Into<String>) -> StoreError {
    StoreError::Unfit {
        path: path.to_owned(),
        why: why.into(),
        fix: fix.into(),
    }
}

/// Refuses what SQLite's locks cannot protect: links, which hide the real name of the WAL, and network file systems.
fn fit(path: &Path) -> Result<(), StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(unfit(
            path,
            format!(
                "this program was built with SQLite {}, which can corrupt it",
                rusqlite::version()
            ),
            "build it with the bundled SQLite",
        ));
    }
    if path
        .symlink_metadata()
        .is_ok_and(|meta| meta.file_type().is_symlink())
    {
        return Err(unfit(
            path,
            "it is a link",
            "name the real file's folder with --data",
        ));
    }
    if has_second_name(path) {
        return Err(unfit(
            path,
            "it has a second name (a hard link), under which its log would not be found",
            "remove the other name",
        ));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    if on_network(folder) {
        return Err(unfit(
            path,
            "it lies on a network file system, whose locks cannot be trusted",
            "keep it on a disk of this machine",
        ));
    }
    Ok(())
}

#[cfg(unix)]
fn has_second_name(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    path.metadata().is_ok_and(|meta| meta.nlink() > 1)
}

#[cfg(not(unix))]
fn has_second_name(_path: &Path) -> bool {
    false
}

/// Magic numbers of network file systems (statfs(2)): NFS, SMB, SMB2, CIFS, AFS, Ceph, 9P.
#[cfg(target_os = "linux")]
const NETWORK: [u64; 7] = [
    0x6969,
    0x517B,
    0xFE53_4D42,
    0xFF53_4D42,
    0x5346_414F,
    0x00C3_6400,
    0x0102_1997,
];

#[cfg(target_os = "linux")]
fn on_network(folder: &Path) -> bool {
    rustix::fs::statfs(folder).is_ok_and(|stat| {
        u64::try_from(stat.f_type).is_ok_and(|kind| NETWORK.contains(&(kind & 0xFFFF_FFFF)))
    })
}

#[cfg(not(target_os = "linux"))]
fn on_network(_folder: &Path) -> bool {
    false
}

/// Nobody but the owner of the file reads it.
#[cfg(unix)]
pub(super) fn private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(|source| {
        StoreError::File {
            path: path.to_owned(),
            source,
        }
    })
}

#[cfg(not(unix))]
pub(super) fn private(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// Refuses somebody else's database, a damaged one, and one from a newer program: by reading alone, before anything is set.
pub(super) fn ours(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let damaged = |error: rusqlite::Error| {
        let code = error.sqlite_error_code();
        let why = if code == Some(rusqlite::ErrorCode::NotADatabase) {
            "it is not a database"
        } else if code == Some(rusqlite::ErrorCode::DatabaseCorrupt) {
            "it is damaged, or a part of it is cut off"
        } else {
            return StoreError::Sqlite(error);
        };
        unfit(
            path,
            why,
            "name another folder with --data, or put a backup in its place with `refdesk restore`",
        )
    };
    let number = |sql| {
        connection
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .map_err(damaged)
    };
    // In this order: the mark comes before the tables, so whoever sees tables sees the mark after them.
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let application = number("PRAGMA application_id")?;
    if application == APPLICATION || tables == 0 {
        let found = number("PRAGMA user_version")?;
        let known = newest();
        return if found > known {
            Err(StoreError::TooNew {
                path: path.to_owned(),
                found,
                known,
            })
        } else {
            Ok(())
        };
    }
    Err(unfit(
        path,
        "it is another program's database",
        "name another folder with --data",
    ))
}

fn newest() -> i64 {
    i64::try_from(SCHEMAS.len()).unwrap_or(i64::MAX)
}

fn settings(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    for (name, set, read_back) in SETTINGS {
        connection.pragma_update(None, name, set)?;
        let value: String = connection.query_row(&format!("PRAGMA {name}"), [], |row| {
            row.get_ref(0).map(|value| {
                value.as_i64().map_or_else(
                    |_| value.as_str().unwrap_or_default().to_owned(),
                    |number| number.to_string(),
                )
            })
        })?;
        if value != read_back {
            return Err(unfit(
                path,
                format!("SQLite does not take {name}={set} here (it says {value})"),
                "keep it on a local disk that supports shared memory",
            ));
        }
    }
    Ok(())
}

/// Brings the schema up to date in one transaction; a file with an older schema is copied first.
fn migrate(connection: &mut Connection, backups: &Path) -> Result<(), StoreError> {
    let known = newest();
    let version = |connection: &Connection| -> Result<i64, StoreError> {
        Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
    };
    let found = version(connection)?;
    if found >= known {
        return Ok(());
    }
    if found == 0 {
        // The mark comes first: were the program killed between the two, a marked empty file is still ours to fill, while
        // tables without a mark would look like another program's.
        patiently(|| Ok(connection.pragma_update(None, "application_id", APPLICATION)?))?;
    } else {
        super::backup::copy(connection, &backups.join(format!("before-schema-{known}.db")))?;
    }
    let migrations = Migrations::new(SCHEMAS.iter().map(|schema| M::up(schema)).collect());
    patiently(|| match migrations.to_latest(connection) {
        Ok(()) => Ok(()),
        Err(rusqlite_migration::Error::RusqliteError { err, .. }) if is_busy(&err) => {
            Err(StoreError::Sqlite(err))
        }
        // Two programs that start together: the other one has made it.
        Err(_) if version(connection).is_ok_and(|version| version == known) => Ok(()),
        Err(error) => Err(StoreError::Migration(error)),
    })
}

/// An empty database in memory with the newest schema: what a replay is compared in.
pub(super) fn in_memory() -> Result<Connection, StoreError> {
    let mut connection = Connection::open_in_memory()?;
    Migrations::new(SCHEMAS.iter().map(|schema| M::up(schema)).collect()).to_latest(&mut connection)?;
    Ok(connection)
}

/// How SQLite goes about a statement, a step each: for tests that hold it to its indexes.
#[cfg(test)]
pub(super) fn plan(connection: &Connection, sql: &str) -> Result<Vec<String>, rusqlite::Error> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        steps.push(row.get(3)?);
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;

    #[test]
    fn a_bound_limit_does_not_prepare_its_statement_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = open(&folder.path().join("refdesk.db"), folder.path()).expect("a database");
        let mut statement = connection
            .prepare("SELECT id FROM referral ORDER BY id LIMIT ?1")
            .expect("a statement");
        for limit in [1, 2, 3] {
            assert!(
                statement
                    .query([limit])
                    .expect("rows")
                    .next()
                    .expect("none")
                    .is_none()
            );
        }
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }
}
