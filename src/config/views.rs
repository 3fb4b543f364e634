//! The views that were saved from the terminal: a file beside the database, shared by everybody at the clinic.
//!
//! Owns the file: names and queries, as `[desk.views]` of the configuration has them, so that a view can be moved there.
//! Nobody's configuration is written by the program. Must not know what a query finds.

use crate::domain::query::Query;
use crate::domain::text;
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;

/// Names and their queries.
pub type Views = BTreeMap<String, String>;

/// The file's name in the data directory.
pub const VIEWS_FILE: &str = "views.toml";

const HEAD: &str = "# Views saved in the worklist with F. A name and its query; a line may be taken out or changed by hand.\n";

/// Reads the views; none where there is no file.
///
/// # Errors
/// A sentence for a person; the file stays as it is.
pub fn read(file: &Path) -> Result<Views, String> {
    let source = match std::fs::read_to_string(file) {
        Ok(source) => source,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Views::new()),
        Err(error) => return Err(format!("{} cannot be read: {error}", file.display())),
    };
    let views: Views = toml::from_str(&source).map_err(|error| {
        format!(
            "{} cannot be read: {}; saved views are not shown until it is put right",
            file.display(),
            text::line(error.message())
        )
    })?;
    Ok(views
        .into_iter()
        .filter(|(name, query)| {
            !name.trim().is_empty() && text::line(name) == *name && Query::parse(query).is_ok()
        })
        .collect())
}

/// Saves a view, or takes one out where there is no query. Gives what is saved now. What a neighbour saved in between stays:
/// the file is read again under a lock, and replaced whole.
///
/// # Errors
/// A sentence for a person; the file stays as it was.
pub fn change(file: &Path, name: &str, query: Option<&str>) -> Result<Views, String> {
    let said = |error: io::Error| format!("the view was not saved: {}: {error}", file.display());
    let lock = std::fs::OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .open(file.with_extension("lock"))
        .map_err(said)?;
    lock.lock().map_err(said)?;
    let mut views = read(file)?;
    match query {
        Some(query) => views.insert(text::line(name), text::line(query)),
        None => views.remove(name),
    };
    let body = toml::to_string(&views).map_err(|error| format!("the view was not saved: {error}"))?;
    let fresh = file.with_extension("new");
    // A query may name a patient.
    let mut out = crate::config::paths::private_file(&fresh).map_err(said)?;
    out.write_all(format!("{HEAD}{body}").as_bytes())
        .and_then(|()| out.sync_all())
        .and_then(|()| std::fs::rename(&fresh, file))
        .map_err(said)?;
    Ok(views)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_are_kept_beside_each_other_and_a_broken_file_stays() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(VIEWS_FILE);
        assert_eq!(read(&file).unwrap(), Views::new());
        change(&file, "Urgent", Some("priority:urgent")).unwrap();
        change(&file, "Tom's", Some("owner:tom")).unwrap();
        change(&file, "Urgent", Some("priority:urgent overdue:yes")).unwrap();
        let views = change(&file, "Tom's", None).unwrap();
        let one = ("Urgent".to_owned(), "priority:urgent overdue:yes".to_owned());
        assert_eq!(views, Views::from([one]));
        assert_eq!(read(&file).unwrap(), views);
        std::fs::write(&file, "Urgent = [").unwrap();
        assert!(read(&file).unwrap_err().contains("views.toml"));
        assert!(change(&file, "x", Some("y")).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "Urgent = [");
    }
}
