//! The curves that were learnt from the clinic's own history: a file beside the database.
//!
//! Owns the file. Versions are added and none is taken away, so that past orders can be worked out again. Nobody's configuration is
//! written by the program. Must not know how a curve is learnt.

use super::paths::replace_private;
use crate::domain::curve::Learnt;
use crate::domain::time::{Stamp, parse_stamp, print_stamp};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

/// The file's name in the data directory.
pub const CURVES_FILE: &str = "curves.toml";

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    curve: Vec<Written>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    from: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asap: Option<Vec<i64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    urgent: Option<Vec<i64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    routine: Option<Vec<i64>>,
}

/// Reads the curves, the earliest first; none where there is no file.
///
/// # Errors
/// A sentence for a person; the file stays as it is.
pub fn read(file: &Path) -> Result<Vec<Learnt>, String> {
    let wrong = |why: String| {
        format!(
            "{} cannot be read: {why}; put it right from a backup, or move it away: the share of the target counts then",
            file.display()
        )
    };
    let source = match std::fs::read_to_string(file) {
        Ok(source) => source,
        // A folder that cannot be is told by whoever opens it.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(Vec::new());
        }
        Err(error) => return Err(wrong(error.to_string())),
    };
    let read: File = toml::from_str(&source).map_err(|error| wrong(error.message().to_owned()))?;
    let learnt = |written: Written| -> Result<Learnt, String> {
        let learnt = Learnt {
            version: written.version,
            from: parse_stamp(&written.from)?,
            reached: match (written.asap, written.urgent, written.routine) {
                (Some(asap), Some(urgent), Some(routine)) => Some([asap, urgent, routine]),
                _ => None,
            },
        };
        if learnt.is_lawful() {
            Ok(learnt)
        } else {
            Err(format!(
                "the curve {} does not keep the laws of the score",
                learnt.version
            ))
        }
    };
    let all: Vec<Learnt> = read
        .curve
        .into_iter()
        .map(learnt)
        .collect::<Result<_, _>>()
        .map_err(wrong)?;
    if all.is_sorted_by(|a, b| a.from <= b.from && a.version < b.version) {
        Ok(all)
    } else {
        Err(wrong("its versions are not in order".into()))
    }
}

/// Adds a version. The file is replaced whole, so that a crash leaves the old one.
///
/// # Errors
/// A sentence for a person.
pub fn add(file: &Path, learnt: Learnt) -> Result<(), String> {
    let mut all = read(file)?;
    all.push(learnt);
    let curve = all.into_iter().map(|learnt| {
        let [asap, urgent, routine] = learnt
            .reached
            .map_or([None, None, None], |reached| reached.map(Some));
        Written {
            version: learnt.version,
            from: print_stamp(learnt.from),
            asap,
            urgent,
            routine,
        }
    });
    let body = toml::to_string(&File {
        curve: curve.collect(),
    })
    .map_err(|error| error.to_string())?;
    replace_private(file, body.as_bytes())
        .map_err(|error| format!("the curve was not kept: {}: {error}", file.display()))
}

/// The version after the last, from a moment on.
///
/// # Errors
/// A sentence for a person.
pub fn next(file: &Path, now: Stamp) -> Result<(u32, Stamp), String> {
    let all = read(file)?;
    let last = all.last();
    Ok((
        last.map_or(1, |last| last.version + 1),
        last.map_or(now, |last| now.max(last.from)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::from_seconds;

    #[test]
    fn versions_are_added_in_order_and_a_broken_file_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(CURVES_FILE);
        assert_eq!(read(&file), Ok(Vec::new()));
        let rising = |step: i64| (0..99).map(|score| score * step).collect::<Vec<_>>();
        let first = Learnt {
            version: 1,
            from: from_seconds(60),
            reached: Some([rising(1), rising(2), rising(3)]),
        };
        add(&file, first.clone()).unwrap();
        assert_eq!(next(&file, from_seconds(90)), Ok((2, from_seconds(90))));
        let back = Learnt {
            version: 2,
            from: from_seconds(90),
            reached: None,
        };
        add(&file, back.clone()).unwrap();
        assert_eq!(read(&file), Ok(vec![first.clone(), back]));
        // A higher priority that scores lower keeps no law.
        let unlawful = Learnt {
            version: 3,
            reached: Some([rising(9), rising(2), rising(3)]),
            ..first
        };
        add(&file, unlawful).unwrap();
        assert!(read(&file).unwrap_err().contains("laws of the score"));
        std::fs::write(&file, "curve = 3").unwrap();
        assert!(read(&file).unwrap_err().contains("curves.toml"));
    }
}
