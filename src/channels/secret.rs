//! A secret that a channel needs: from a file or from the environment, read when it is used, never printed.

use std::path::PathBuf;

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// In a file of its own; the line break at its end does not count.
    File(PathBuf),
    /// In a variable of the environment.
    Variable(String),
}

impl Secret {
    /// Reads it.
    ///
    /// # Errors
    /// A sentence that names where it should be, and nothing of what is there.
    pub fn read(&self) -> Result<String, String> {
        let text = match self {
            Secret::File(path) => std::fs::read_to_string(path).map_err(|error| {
                format!(
                    "the secret in {} cannot be read: {}",
                    path.display(),
                    error.kind()
                )
            }),
            Secret::Variable(name) => {
                std::env::var(name).map_err(|_| format!("the variable {name} is not set, or not text"))
            }
        }?;
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err(format!("the secret in {self} is empty"));
        }
        if text.contains(['\r', '\n', '\0']) {
            return Err(format!("the secret in {self} is more than one line"));
        }
        Ok(text.to_owned())
    }
}

impl std::fmt::Display for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Secret::File(path) => write!(f, "{}", path.display()),
            Secret::Variable(name) => write!(f, "${name}"),
        }
    }
}
