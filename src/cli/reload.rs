//! The configuration while the worklist is open: read again when its file is saved.
//!
//! Owns the look at the files, and what is taken over: what the screen shows. Rules (targets, hours, rights, texts) count from
//! the next start, so that all that one run does follows the same rules. Must not know how anything is shown.

use super::desk::{Place, VETS};
use crate::config::paths::config_candidates;
use crate::config::{self, Config, Problem};
use crate::tui::Settings;
use crate::tui::watch::{Renewal, Watch};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Makes the screen's settings of a configuration.
pub(crate) type Made = Box<dyn Fn(&Config) -> Settings + Send>;

/// A file as it was seen.
type Seen = (PathBuf, SystemTime, u64);

/// Looks at the configuration and at the saved views.
pub(crate) struct Reload {
    place: Place,
    make: Made,
    /// The settings that the program started with.
    began: config::Settings,
    taken: Files,
    last: Files,
}

#[derive(Clone, PartialEq, Eq)]
struct Files {
    config: Option<Seen>,
    views: Option<Seen>,
}

impl Reload {
    pub fn new(place: Place, config: &Config, make: Made) -> Reload {
        let files = files(&place);
        Reload {
            place,
            make,
            began: config.settings().clone(),
            taken: files.clone(),
            last: files,
        }
    }
}

impl Watch for Reload {
    fn look(&mut self) -> Option<Renewal> {
        let mut now = files(&self.place);
        // An editor may take the file away for a moment; one that stays away changes nothing before the next start.
        if now.config.is_none() {
            now.config.clone_from(&self.taken.config);
        }
        // What is still being written is left until it rests.
        let rests = now == self.last;
        self.last = now.clone();
        if !rests || now == self.taken {
            return None;
        }
        let own = now.config != self.taken.config;
        self.taken = now;
        let root = self.place.dir().ok()?;
        match Config::load_vetted(self.place.config.as_deref(), root.root(), VETS) {
            Ok(config) => Some(Renewal::Sound {
                settings: Box::new((self.make)(&config)),
                said: own.then(|| self.said(&config)),
            }),
            Err(error) => Some(Renewal::Wrong(error.0.iter().map(short).collect())),
        }
    }
}

impl Reload {
    fn said(&self, config: &Config) -> String {
        let rules = if rules(config.settings()) == rules(&self.began) {
            ""
        } else {
            "; targets, hours, rights and texts count from the next start"
        };
        format!("the configuration was saved: the screen follows it{rules}")
    }
}

/// A problem on one line, its file by name.
fn short(problem: &Problem) -> String {
    let file = problem.file.file_name().map(PathBuf::from);
    let problem = Problem {
        file: file.unwrap_or_else(|| problem.file.clone()),
        ..problem.clone()
    };
    problem.to_string()
}

fn files(place: &Place) -> Files {
    let root = place.dir().ok();
    let candidates = match (&place.config, &root) {
        (Some(named), _) => vec![named.clone()],
        (None, Some(root)) => config_candidates(root.root()),
        (None, None) => Vec::new(),
    };
    Files {
        config: candidates.iter().find_map(|path| seen(path)),
        views: root.and_then(|root| seen(&root.views())),
    }
}

fn seen(path: &Path) -> Option<Seen> {
    let data = std::fs::metadata(path).ok()?;
    Some((path.to_owned(), data.modified().ok()?, data.len()))
}

/// What is not the screen's, as text: enough to see whether it changed.
fn rules(settings: &config::Settings) -> String {
    let mut rules = settings.clone();
    let fresh = config::Settings::default();
    (rules.desk, rules.screen, rules.keys) = (fresh.desk, fresh.screen, fresh.keys);
    toml::to_string(&rules).unwrap_or_default()
}
