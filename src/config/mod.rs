//! The configuration: what a clinic may set, with a default for everything.
//!
//! Owns the layers (built-in defaults, then the file at `--config`, else `config.toml` in the data directory, else in the
//! platform's configuration directory), the embedded assets and the data directory's layout. Must not know the store, the
//! engine or a screen: it hands the domain a [`Policy`] and the others plain values.

mod assets;
pub mod channels;
mod channels_example;
mod check;
mod check_channels;
mod check_screen;
pub mod curves;
pub mod eligibility;
mod example;
mod holidays;
pub mod import;
mod intake;
pub mod left;
mod mailbox;
mod outreach;
pub mod paths;
pub mod pattern;
mod problem;
mod reader;
mod reading;
mod rules;
mod schema;
pub mod screen;
mod second_reader;
mod staffing;
mod targets;
pub mod updates;
mod values;
pub mod views;

pub use check::Note;
pub use holidays::Holiday;
pub use intake::{FolderKind, Intake, Mllp, Taken, WatchFolder};
pub use mailbox::Imap;
pub use outreach::Outreach;
pub use paths::{CONFIG_FILE, DataDir};
pub use problem::{ConfigError, Problem};
pub use rules::{RuleText, ThenText, When};
pub use schema::{AfterAction, Contact, Desk, Facility, Hours, Performer, Rights, Settings, Staff, Theme};
pub use screen::Screen;
pub use second_reader::SecondReader;
pub use staffing::{AbsenceText, Capacity};
pub use targets::{Score, SlaSection};
pub use values::{Date, Opening, Plain, ZoneName};

use crate::domain::calendar::Calendar;
use crate::domain::policy::{Actor, Policy, Role};
use crate::domain::template::Template;
use crate::domain::text;
use assets::Assets;
use reader::Lines;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A check by a part of the program that the configuration must not know: the terminal checks its keys.
pub type Vet = fn(&Settings, &mut Note<'_>);

/// A configuration that was checked: settings with the templates and texts that belong to them.
#[derive(Clone, Debug)]
pub struct Config {
    settings: Settings,
    calendar: Calendar,
    assets: Assets,
    source: Option<PathBuf>,
}

impl Config {
    /// Reads the configuration: `file` where it is named, else the first `config.toml` of the data directory and the
    /// platform's configuration directory, else the defaults alone.
    ///
    /// # Errors
    /// Everything that is wrong with the file, the templates and the texts, at once.
    pub fn load(file: Option<&Path>, data: &Path) -> Result<Config, ConfigError> {
        Config::load_vetted(file, data, &[])
    }

    /// The same, with the checks of other parts: everything that is wrong is told at once.
    ///
    /// # Errors
    /// See [`Config::load`].
    pub fn load_vetted(file: Option<&Path>, data: &Path, vets: &[Vet]) -> Result<Config, ConfigError> {
        let found = match file {
            Some(file) => Some(file.to_owned()),
            None => paths::config_candidates(data)
                .into_iter()
                .find(|candidate| candidate.exists()),
        };
        let Some(file) = found else {
            return Config::built_in();
        };
        let text = reader::text_of(&file).map_err(|problem| ConfigError(vec![problem]))?;
        Config::vetted(&text, &file, vets)
    }

    /// The defaults alone.
    ///
    /// # Errors
    /// Only where an embedded asset is broken; a test holds them whole.
    pub fn built_in() -> Result<Config, ConfigError> {
        Config::from_settings(Settings::default())
    }

    /// Settings that were made rather than read: a demo clinic's, a test's.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn from_settings(settings: Settings) -> Result<Config, ConfigError> {
        Config::checked(settings, None, &Lines::default(), Vec::new(), &[])
    }

    /// Reads a configuration from text, as if it stood in a file of that name.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn from_text(text: &str, file: &Path) -> Result<Config, ConfigError> {
        Config::vetted(text, file, &[])
    }

    fn vetted(text: &str, file: &Path, vets: &[Vet]) -> Result<Config, ConfigError> {
        let (settings, lines, problems) = reader::read::<Settings>(text, file);
        match settings {
            Some(settings) => Config::checked(settings, Some(file), &lines, problems, vets),
            None => Err(ConfigError(problems)),
        }
    }

    fn checked(
        mut settings: Settings,
        file: Option<&Path>,
        lines: &Lines,
        mut problems: Vec<Problem>,
        vets: &[Vet],
    ) -> Result<Config, ConfigError> {
        // Directories are named from where the file stands, so that a configuration can be moved with them.
        let folder = file.and_then(Path::parent).unwrap_or_else(|| Path::new(""));
        let watched = settings
            .intake
            .folders
            .iter_mut()
            .map(|watched| &mut watched.path);
        let own = [
            &mut settings.templates,
            &mut settings.messages,
            &mut settings.downtime.dir,
            &mut settings.second_reader.token_file,
            &mut settings.intake.imap.ca_file,
            &mut settings.intake.imap.password_file,
            &mut settings.eligibility.folder,
            &mut settings.updates.folder,
            &mut settings.eligibility.secret_file,
        ];
        for dir in own.into_iter().chain(watched).chain(settings.channels.paths()) {
            if !dir.as_os_str().is_empty() {
                *dir = folder.join(&*dir);
            }
        }
        let name = file.unwrap_or_else(|| Path::new(paths::CONFIG_FILE));
        let mut note = |keys: &[String], reason: String, fix: &str| {
            problems.push(lines.problem(name, keys, reason, fix));
        };
        let calendar = settings.hours.calendar(settings.clinic.zone.0);
        if let Err(reason) = &calendar {
            note(&["hours".to_owned()], reason.clone(), "open at least one day");
        }
        let assets = Assets::load(&settings.templates, &settings.messages);
        let templates = assets.as_ref().map(|assets| assets.templates.as_ref()).ok();
        check::check(&settings, templates, &mut note);
        vets.iter().for_each(|vet| vet(&settings, &mut note));
        problems.sort_by_key(|problem| problem.line);
        let assets = assets.map_err(|found| problems.extend(found)).ok();
        match (calendar, assets) {
            (Ok(calendar), Some(assets)) if problems.is_empty() => Ok(Config {
                settings,
                calendar,
                assets,
                source: file.map(Path::to_owned),
            }),
            _ => Err(ConfigError(problems)),
        }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The commented example: every key with its default.
    pub fn example() -> String {
        example::example()
    }

    /// The file that it was read from; none for the defaults alone.
    pub fn source(&self) -> Option<&Path> {
        self.source.as_deref()
    }

    /// The policy of the domain.
    pub fn policy(&self) -> Policy {
        Policy {
            clinic: self.settings.clinic.clinic(),
            calendar: self.calendar.clone(),
            templates: self.offered(),
            sla: self.settings.sla.0.clone(),
            warn_at_percent: self.settings.warn_at_percent,
            escalate_to: staffing::owner(&self.settings, &self.settings.escalate_to),
            score_targets: self.settings.score.targets(),
            outreach: self.settings.outreach.outreach(),
            rights: self.settings.rights.rights(),
            texts: self.assets.texts.clone(),
            reading: self.settings.reading.reading(),
            checks: self.settings.eligibility.checks(),
            updates: self.settings.updates.updates(),
            rules: rules::rules(&self.settings),
            cover: staffing::cover(&self.settings),
        }
    }

    /// The templates that the clinic offers.
    fn offered(&self) -> Arc<BTreeMap<String, Template>> {
        let offered = &self.settings.specialties;
        if offered.is_empty() {
            return Arc::clone(&self.assets.templates);
        }
        let all = self.assets.templates.iter();
        let some = all.filter(|(key, _)| offered.contains(key));
        Arc::new(
            some.map(|(key, template)| (key.clone(), template.clone()))
                .collect(),
        )
    }

    /// Who a person is at the desk, by the name on the staff list or the account that they are signed in with. A clinic
    /// that lists no staff has one person who runs the desk; on a listed desk, somebody unknown may look.
    pub fn actor(&self, account: &str) -> Actor {
        let listed = self
            .settings
            .staff
            .iter()
            .find(|staff| staff.name == account || (!staff.login.is_empty() && staff.login == account));
        match listed {
            Some(staff) => Actor {
                name: staff.name.clone(),
                role: staff.role,
            },
            None => Actor {
                name: text::line(account),
                role: if self.settings.staff.is_empty() {
                    Role::Manager
                } else {
                    Role::ReadOnly
                },
            },
        }
    }

    /// What a working clinic should set and has not: for `doctor`.
    pub fn advice(&self) -> Vec<String> {
        let blank = [
            (
                "clinic.phone",
                &self.settings.clinic.phone,
                "patients cannot be told where to call",
            ),
            (
                "clinic.fax",
                &self.settings.clinic.fax,
                "providers cannot be told where to send what is missing",
            ),
        ];
        let unnamed = (self.settings.clinic.name == Contact::default().name)
            .then(|| "clinic.name is not set: messages are signed with a placeholder".to_owned());
        unnamed
            .into_iter()
            .chain(
                blank
                    .into_iter()
                    .filter(|(_, value, _)| value.is_empty())
                    .map(|(key, _, why)| format!("{key} is not set: {why}")),
            )
            .collect()
    }
}
