//! The sections of `config.toml` and their defaults.
//!
//! Owns the shape of the file: every key has a default here, and an unknown key is an error. Must not check how keys go
//! together (`check`) or where the file is (`paths`).

use super::channels::Channels;
use super::eligibility::Eligibility;
use super::holidays::Holiday;
use super::import::Mapping;
use super::intake::Intake;
use super::outreach::Outreach;
use super::reading::Reading;
use super::rules::{QUEUES, RuleText};
use super::screen::Screen;
use super::second_reader::SecondReader;
use super::staffing::{AbsenceText, Capacity};
use super::targets::{Score, SlaSection, over_defaults};
use super::updates::Updates;
use super::values::{Date, Every, Opening, ZoneName};
use crate::domain::calendar::Calendar;
use crate::domain::policy::{Clinic, Role};
use crate::domain::time::{Zone, clock};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The settings, as they are written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A directory of templates that replace or join the built-in ones; empty for the built-in ones alone.
    pub templates: PathBuf,
    /// A directory of message texts that replace or join the built-in ones; empty for the built-in ones alone.
    pub messages: PathBuf,
    /// Keys of the templates that the clinic offers; empty for all.
    pub specialties: Vec<String>,
    /// A warning comes when this share (per cent) of a milestone's time has gone.
    pub warn_at_percent: u32,
    /// Who is told of a missed target, and of an emergency that nobody has called about: a queue, or a name.
    pub escalate_to: String,
    /// Who works at the desk.
    pub staff: Vec<Staff>,
    /// Where patients are seen.
    pub facilities: Vec<Facility>,
    /// Who sees patients.
    pub performers: Vec<Performer>,
    /// Who is away, and who covers.
    pub absences: Vec<AbsenceText>,
    /// Queues to which work can be given.
    pub queues: Vec<String>,
    /// What follows by itself.
    pub rules: Vec<RuleText>,
    /// The clinic.
    pub clinic: Contact,
    /// Opening hours.
    pub hours: Hours,
    /// Slots of a week, by template.
    pub capacity: Capacity,
    /// The scorer's targets.
    pub score: Score,
    /// The clinic's targets per milestone and priority.
    #[serde(deserialize_with = "over_defaults")]
    pub sla: SlaSection,
    /// Documents that come in by themselves.
    pub intake: Intake,
    /// Tables of other systems, for going live: mappings by name.
    pub import: BTreeMap<String, Mapping>,
    /// Messages and reminders.
    pub outreach: Outreach,
    /// How messages leave.
    pub channels: Channels,
    /// How payers are asked about coverages.
    pub eligibility: Eligibility,
    /// Where it is written for senders' systems how their referrals stand.
    pub updates: Updates,
    /// How sure the reader of documents must be.
    pub reading: Reading,
    /// A second reader of documents.
    pub second_reader: SecondReader,
    /// Who may do what.
    pub rights: Rights,
    /// The pack for when no screen is there.
    pub downtime: Downtime,
    /// The terminal.
    pub desk: Desk,
    /// What the terminal shows, where, and what it is called.
    pub screen: Screen,
    /// Keys of the terminal by action; what is not named keeps its own. The terminal checks them.
    pub keys: BTreeMap<String, Vec<String>>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            templates: PathBuf::new(),
            messages: PathBuf::new(),
            specialties: Vec::new(),
            warn_at_percent: 75,
            escalate_to: "manager".into(),
            staff: Vec::new(),
            facilities: Vec::new(),
            performers: Vec::new(),
            absences: Vec::new(),
            queues: QUEUES.map(str::to_owned).to_vec(),
            rules: Vec::new(),
            clinic: Contact::default(),
            hours: Hours::default(),
            capacity: Capacity::default(),
            score: Score::default(),
            sla: SlaSection::default(),
            intake: Intake::default(),
            import: BTreeMap::new(),
            outreach: Outreach::default(),
            channels: Channels::default(),
            eligibility: Eligibility::default(),
            updates: Updates::default(),
            reading: Reading::default(),
            second_reader: SecondReader::default(),
            rights: Rights::default(),
            downtime: Downtime::default(),
            desk: Desk::default(),
            screen: Screen::default(),
            keys: BTreeMap::new(),
        }
    }
}

/// How the clinic signs and where it is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Fax.
    pub fax: String,
    /// E-mail.
    pub email: String,
    /// Time zone.
    pub zone: ZoneName,
}

impl Default for Contact {
    fn default() -> Contact {
        Contact {
            name: "Our clinic".into(),
            phone: String::new(),
            fax: String::new(),
            email: String::new(),
            zone: ZoneName(Zone::America__New_York),
        }
    }
}

impl Contact {
    pub(super) fn clinic(&self) -> Clinic {
        Clinic {
            name: self.name.clone(),
            phone: self.phone.clone(),
            fax: self.fax.clone(),
            email: self.email.clone(),
            zone: self.zone.0,
        }
    }
}

/// Opening hours and days on which the clinic is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hours {
    /// Monday.
    pub monday: Opening,
    /// Tuesday.
    pub tuesday: Opening,
    /// Wednesday.
    pub wednesday: Opening,
    /// Thursday.
    pub thursday: Opening,
    /// Friday.
    pub friday: Opening,
    /// Saturday.
    pub saturday: Opening,
    /// Sunday.
    pub sunday: Opening,
    /// Federal holidays on which the clinic is closed every year.
    pub closed_on: Vec<Holiday>,
    /// Further days on which it is closed.
    pub holidays: Vec<Date>,
}

impl Default for Hours {
    fn default() -> Hours {
        let day = Opening(Some((clock(8, 0), clock(17, 0))));
        Hours {
            monday: day,
            tuesday: day,
            wednesday: day,
            thursday: day,
            friday: day,
            saturday: Opening(None),
            sunday: Opening(None),
            closed_on: Holiday::USUAL.to_vec(),
            holidays: Vec::new(),
        }
    }
}

impl Hours {
    fn week(&self) -> [Opening; 7] {
        [
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        ]
    }

    /// The calendar.
    ///
    /// # Errors
    /// A sentence for a person where the clinic is never open.
    pub fn calendar(&self, zone: Zone) -> Result<Calendar, String> {
        let closed: BTreeSet<_> = self
            .closed_on
            .iter()
            .flat_map(|holiday| holiday.days())
            .chain(self.holidays.iter().map(|date| date.0))
            .collect();
        Calendar::new(zone, self.week().map(|opening| opening.0), closed)
    }
}

/// Somebody who works at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The account on this machine that is theirs; empty where the name itself is.
    #[serde(default)]
    pub login: String,
}

/// A site where patients are seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facility {
    /// Name.
    pub name: String,
    /// Postal address on one line.
    #[serde(default)]
    pub address: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// Fax.
    #[serde(default)]
    pub fax: String,
}

/// Somebody who sees patients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Performer {
    /// Name with credentials.
    pub name: String,
    /// Keys of the templates that they work in; empty for all.
    #[serde(default)]
    pub specialties: Vec<String>,
    /// The facility where they usually are; empty for any.
    #[serde(default)]
    pub facility: String,
}

/// The pack for when no screen is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Downtime {
    /// How often the program writes it by itself; off where it does not.
    pub every: Every,
    /// Where; `downtime` in the data directory where empty.
    pub dir: PathBuf,
    /// Rows of each list.
    pub rows: usize,
}

impl Default for Downtime {
    fn default() -> Downtime {
        Downtime {
            every: Every(None),
            dir: PathBuf::new(),
            rows: 100,
        }
    }
}

/// Which roles may do what needs more than everyday rights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rights {
    /// May decline.
    pub decline: Vec<Role>,
    /// May lower a priority.
    pub lower_priority: Vec<Role>,
}

impl Default for Rights {
    fn default() -> Rights {
        Rights {
            decline: vec![Role::Coordinator, Role::Clinician, Role::Manager],
            // How urgent a patient is, is a clinical matter: the desk may raise it by itself, not lower it.
            lower_priority: vec![Role::Clinician, Role::Manager],
        }
    }
}

impl Rights {
    pub(super) fn rights(&self) -> crate::domain::policy::Rights {
        crate::domain::policy::Rights {
            decline: self.decline.clone(),
            lower_priority: self.lower_priority.clone(),
        }
    }
}

/// The terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Desk {
    /// Colours.
    pub theme: Theme,
    /// Where the cursor goes after an action.
    pub after_action: AfterAction,
    /// Saved views: name and query.
    pub views: BTreeMap<String, String>,
}

/// Colours of the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// For a dark background, and the terminal's own colours.
    #[default]
    Dark,
    /// For a light background.
    Light,
    /// Strong differences only.
    HighContrast,
    /// No colour: signs and bold alone.
    Mono,
}

/// Where the cursor goes after an action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AfterAction {
    /// To the next referral of the list.
    #[default]
    Next,
    /// It stays on its row.
    Stay,
    /// With the referral, to the list where it is now.
    Follow,
}
