//! The set-up of the screen: which lists, columns and sections a clinic sees, where, and what it calls them.
//!
//! Owns the vocabulary of `[screen]` and its defaults. Must not know how anything is drawn: the terminal reads these values.

use crate::domain::status::Status;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The set-up of the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Screen {
    /// A screen of cells, or lines one after the other.
    pub mode: Mode,
    /// How the page of a document is shown beside its fields.
    pub pictures: Pictures,
    /// The characters of which a page is drawn where the terminal shows no pictures.
    pub dots: Dots,
    /// Lists in the header, in this order.
    pub lists: Vec<Tab>,
    /// Columns of the lists, in this order.
    pub columns: Vec<Column>,
    /// Columns that come in behind them where there is room, in this order.
    pub more_columns: Vec<Column>,
    /// Where the detail stands.
    pub detail: DetailPlace,
    /// Columns of the terminal from which list and detail stand side by side (lines, for one below the other).
    pub detail_from: u16,
    /// The list's share of the screen where the detail stands beside or below it, in per cent.
    pub share: u16,
    /// Sections of the detail, in this order.
    pub sections: Vec<Section>,
    /// Actions in the bar at the foot, by id, in this order; empty for the program's own.
    pub actions: Vec<String>,
    /// Columns of single lists, in place of `columns`.
    pub list_columns: BTreeMap<Tab, Vec<Column>>,
    /// What the clinic calls a list.
    pub list_names: BTreeMap<Tab, String>,
    /// What the clinic calls a status.
    pub status_names: BTreeMap<Status, String>,
}

impl Default for Screen {
    fn default() -> Screen {
        Screen {
            mode: Mode::default(),
            pictures: Pictures::default(),
            dots: Dots::default(),
            lists: Tab::USUAL.to_vec(),
            columns: Column::USUAL.to_vec(),
            more_columns: Column::MORE.to_vec(),
            detail: DetailPlace::default(),
            detail_from: 100,
            share: 54,
            sections: Section::ALL.to_vec(),
            actions: Vec::new(),
            list_columns: BTreeMap::new(),
            list_names: BTreeMap::new(),
            status_names: BTreeMap::new(),
        }
    }
}

impl Screen {
    /// The columns of a list.
    pub fn columns_of(&self, tab: Option<Tab>) -> &[Column] {
        tab.and_then(|tab| self.list_columns.get(&tab))
            .unwrap_or(&self.columns)
    }

    /// What a status is called here.
    pub fn status_name(&self, status: Status) -> &str {
        self.status_names
            .get(&status)
            .map_or_else(|| status.label(), String::as_str)
    }
}

/// How the worklist is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// A screen of cells.
    #[default]
    Full,
    /// Lines of text one after the other, for screen readers.
    Linear,
}

/// How the page of a document is shown beside its fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pictures {
    /// As the terminal can: it is asked once.
    #[default]
    Auto,
    /// In pixels, by kitty's protocol.
    Kitty,
    /// In pixels, as sixels.
    Sixel,
    /// In pixels, by iTerm2's protocol.
    Iterm,
    /// In dots of characters.
    Cells,
    /// As text.
    Off,
}

/// The characters of which a page is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dots {
    /// Braille patterns: every font has them.
    #[default]
    Braille,
    /// Octants (Unicode 16): denser, where the font has them.
    Octants,
}

/// Where the detail of a referral stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DetailPlace {
    /// Beside the list.
    #[default]
    Side,
    /// Below the list.
    Below,
    /// In its place, once it is opened.
    Opened,
}

/// A list of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tab {
    /// Emergencies that nobody has called yet.
    Emergency,
    /// A decision is due.
    Review,
    /// Something is missing.
    MissingInfo,
    /// Coverage or authorisation.
    Insurance,
    /// No appointment yet.
    ToSchedule,
    /// An appointment is booked.
    Scheduled,
    /// The visit took place.
    ReportsDue,
    /// Documents that need a person.
    Intake,
    /// All open referrals.
    Open,
    /// Ended referrals.
    Closed,
}

impl Tab {
    const USUAL: [Tab; 8] = [
        Tab::Review,
        Tab::MissingInfo,
        Tab::Insurance,
        Tab::ToSchedule,
        Tab::Scheduled,
        Tab::ReportsDue,
        Tab::Intake,
        Tab::Closed,
    ];
}

/// A column of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// Score, 0 to 100.
    Score,
    /// When the next action is due.
    Due,
    /// Its id.
    Referral,
    /// The patient, as filed.
    Patient,
    /// Sex and age.
    Age,
    /// Date of birth.
    Dob,
    /// Service asked for.
    Service,
    /// Specialty.
    Specialty,
    /// The sign of the listed priority.
    Priority,
    /// Who has it.
    Owner,
    /// Who pays first.
    Payer,
    /// The patient's telephone.
    Phone,
    /// How it came in.
    Source,
    /// The day on which it came in.
    Received,
    /// How long it has waited since.
    Waiting,
    /// The next action.
    Next,
    /// How many required items are not there.
    Missing,
    /// The site.
    Site,
    /// Status.
    Status,
    /// How long it has had it.
    Since,
    /// Who sent it.
    From,
    /// Calls tried since somebody was last reached.
    Calls,
}

impl Column {
    const USUAL: [Column; 6] = [
        Column::Score,
        Column::Due,
        Column::Referral,
        Column::Patient,
        Column::Service,
        Column::Priority,
    ];
    const MORE: [Column; 6] = [
        Column::Age,
        Column::Next,
        Column::Payer,
        Column::Owner,
        Column::Phone,
        Column::From,
    ];
}

/// A section of the detail; who it is about always comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// Why the patient was sent.
    Reason,
    /// The status path.
    Path,
    /// Both clocks and the next milestone.
    Clocks,
    /// The score's arithmetic.
    Score,
    /// The next action.
    Next,
    /// What is missing.
    Missing,
    /// Coverages, authorisation, holds.
    Coverage,
    /// Appointments.
    Visit,
    /// Tasks.
    Tasks,
    /// What was tried to reach the patient.
    Effort,
    /// Messages.
    Messages,
    /// Notes and calls.
    Notes,
    /// The timeline.
    Timeline,
    /// The documents.
    Document,
}

impl Section {
    /// Every section, in the program's own order.
    pub const ALL: [Section; 14] = [
        Section::Reason,
        Section::Path,
        Section::Clocks,
        Section::Score,
        Section::Next,
        Section::Missing,
        Section::Coverage,
        Section::Visit,
        Section::Tasks,
        Section::Effort,
        Section::Messages,
        Section::Notes,
        Section::Timeline,
        Section::Document,
    ];
}
