//! Tables of appointments: what a scheduling system writes as CSV.
//!
//! Owns which headings mean what. Must not know referrals, or zones: a local time is given as it stands, the clinic's.

mod cells;

use crate::domain::text;
use crate::domain::time::parse_day;
use crate::standards::fhir::spoken;
use crate::standards::{Happening, Sense, Stated, What};
use cells::{Cells, cells};

/// More columns than this are no table.
const MOST_COLUMNS: usize = 200;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Id,
    Start,
    Date,
    Time,
    Minutes,
    Status,
    Updated,
    Sequence,
    Patient,
    Family,
    Given,
    Dob,
    Mrn,
    Referral,
    Service,
    Specialty,
    Performer,
    Place,
}

/// Headings, folded, and the column that they name.
const HEADINGS: &[(Column, &[&str])] = &[
    (
        Column::Id,
        &[
            "appointment id",
            "appointment number",
            "appt id",
            "appointment",
            "visit id",
            "id",
            "uid",
        ],
    ),
    (
        Column::Start,
        &[
            "start",
            "starts at",
            "start time",
            "appointment start",
            "appointment time",
            "appt time",
            "datetime",
            "date time",
        ],
    ),
    (
        Column::Date,
        &["date", "appointment date", "appt date", "visit date"],
    ),
    (Column::Time, &["time"]),
    (Column::Minutes, &["minutes", "duration", "length"]),
    (
        Column::Status,
        &[
            "status",
            "state",
            "appointment status",
            "appt status",
            "visit status",
        ],
    ),
    (
        Column::Updated,
        &[
            "updated",
            "updated at",
            "last updated",
            "modified",
            "last modified",
            "changed",
            "as of",
        ],
    ),
    (Column::Sequence, &["sequence", "version", "change number"]),
    (Column::Patient, &["patient", "patient name", "name"]),
    (
        Column::Family,
        &[
            "last name",
            "family name",
            "family",
            "surname",
            "patient last name",
            "last",
        ],
    ),
    (
        Column::Given,
        &["first name", "given name", "given", "patient first name", "first"],
    ),
    (
        Column::Dob,
        &[
            "dob",
            "date of birth",
            "birth date",
            "birthdate",
            "patient dob",
            "born",
        ],
    ),
    (
        Column::Mrn,
        &["mrn", "record number", "patient id", "chart number"],
    ),
    (
        Column::Referral,
        &["referral", "referral id", "referral number", "referral no"],
    ),
    (
        Column::Service,
        &[
            "service",
            "visit type",
            "appointment type",
            "appt type",
            "reason",
            "type",
        ],
    ),
    (Column::Specialty, &["specialty", "department", "clinic"]),
    (
        Column::Performer,
        &["provider", "performer", "doctor", "clinician", "with", "resource"],
    ),
    (Column::Place, &["place", "location", "room", "site"]),
];

/// Words for what became of an appointment, folded.
const STATES: &[(Happening, &[&str])] = &[
    (
        Happening::Booked,
        &[
            "booked",
            "scheduled",
            "confirmed",
            "pending",
            "new",
            "active",
            "rebooked",
        ],
    ),
    (Happening::Rescheduled, &["rescheduled", "moved"]),
    (
        Happening::Cancelled,
        &["cancelled", "canceled", "cancel", "deleted", "bumped"],
    ),
    (
        Happening::NoShow,
        &["no show", "noshow", "missed", "dna", "did not attend", "ns"],
    ),
    (
        Happening::Arrived,
        &["arrived", "checked in", "roomed", "started"],
    ),
    (
        Happening::Fulfilled,
        &[
            "completed",
            "complete",
            "fulfilled",
            "seen",
            "checked out",
            "kept",
            "done",
        ],
    ),
    (
        Happening::Proposed,
        &["requested", "proposed", "waitlist", "wait list", "hold"],
    ),
];

fn columns(row: &[String]) -> Vec<Option<Column>> {
    row.iter()
        .map(|heading| {
            let heading = text::fold(heading);
            HEADINGS
                .iter()
                .find(|(_, names)| names.contains(&heading.as_str()))
                .map(|(column, _)| *column)
        })
        .collect()
}

/// Whether a text is a table of appointments: its first line names when, what became of it, and whose it is.
pub fn is_schedule(raw: &str) -> bool {
    let Some(first) = raw.trim_start_matches('\u{FEFF}').lines().next() else {
        return false;
    };
    if !first.contains([',', ';', '\t']) || first.matches([',', ';', '\t']).count() > MOST_COLUMNS {
        return false;
    }
    let known: Vec<Column> = cells(first)
        .rows
        .first()
        .map(|row| columns(row).into_iter().flatten().collect())
        .unwrap_or_default();
    let has = |any: &[Column]| any.iter().any(|column| known.contains(column));
    has(&[Column::Start, Column::Date])
        && has(&[Column::Status])
        && has(&[Column::Patient, Column::Family, Column::Mrn, Column::Referral])
}

/// What each row states.
///
/// # Errors
/// Where there is no row below the headings.
pub fn read(raw: &str) -> Result<Vec<Stated>, String> {
    let Cells { rows, cut } = cells(raw);
    let Some((head, rows)) = rows.split_first().filter(|(_, rows)| !rows.is_empty()) else {
        return Err(cut.map_or_else(|| "it has headings and no rows".into(), |why| format!("it {why}")));
    };
    let columns = columns(head);
    let mut all: Vec<Stated> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| state(&columns, row, index + 2))
        .collect();
    if let Some(last) = all.last_mut() {
        last.cut = cut;
    }
    Ok(all)
}

fn state(columns: &[Option<Column>], row: &[String], number: usize) -> Stated {
    let at = format!("row {number}");
    let cell = |wanted: Column| {
        columns
            .iter()
            .zip(row)
            .find(|(column, _)| **column == Some(wanted))
            .map_or("", |(_, cell)| cell.trim())
    };
    let said = text::fold(cell(Column::Status));
    let happened = STATES
        .iter()
        .find(|(_, words)| words.contains(&said.as_str()))
        .map(|(happened, _)| *happened);
    let mut stated = Stated::new(
        Sense::Appointment(happened.unwrap_or(Happening::Proposed)),
        "table of appointments",
    );
    if happened.is_none() {
        stated.doubt("a row's status is not known");
    }
    stated.note(What::AppointmentId, cell(Column::Id), &at);
    let start = match (cell(Column::Start), cell(Column::Date), cell(Column::Time)) {
        ("", date, time) => when(&format!("{date} {time}")),
        (start, _, _) => when(start),
    };
    stated.note(What::AppointmentStart, start.as_deref().unwrap_or_default(), &at);
    stated.note(
        What::AsOf,
        when(cell(Column::Updated)).as_deref().unwrap_or_default(),
        &at,
    );
    for (column, what) in [
        (Column::Minutes, What::AppointmentMinutes),
        (Column::Sequence, What::Sequence),
    ] {
        let digits: String = cell(column).chars().take_while(char::is_ascii_digit).collect();
        stated.note(what, &digits, &at);
    }
    let (family, given) = (cell(Column::Family), cell(Column::Given));
    let name = if family.is_empty() {
        spoken(cell(Column::Patient))
    } else {
        spoken(&format!("{family}, {given}"))
    };
    if let Some(name) = name {
        stated.note_person(What::PatientName, name, &at);
    }
    stated.note(
        What::Dob,
        day(cell(Column::Dob)).as_deref().unwrap_or_default(),
        &at,
    );
    stated.note(What::Mrn, cell(Column::Mrn), &at);
    stated.note(What::ReferralId, cell(Column::Referral), &at);
    stated.note(What::Service, cell(Column::Service), &at);
    stated.note(What::Specialty, cell(Column::Specialty), &at);
    if let Some(name) = spoken(cell(Column::Performer)) {
        stated.note_person(What::ReferredTo, name, &at);
    }
    stated.note(What::AppointmentPlace, cell(Column::Place), &at);
    stated
}

/// `2026-03-10`, or `3/10/2026` as it is written in the clinic's country.
fn day(raw: &str) -> Option<String> {
    if let Some(iso) = raw.get(..10).filter(|iso| parse_day(iso).is_ok()) {
        return Some(iso.to_owned());
    }
    let mut parts = raw.split(['/', '-', '.']).map(str::trim);
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    let year = year.split(' ').next()?;
    let iso = format!("{year}-{month:0>2}-{day:0>2}");
    parse_day(&iso).ok().map(|_| iso)
}

/// A day and a time: RFC 3339, or the forms of [`day`] with `9:30`, `09:30:15`, `9:30 AM` behind.
fn when(raw: &str) -> Option<String> {
    let raw = raw.trim();
    if crate::domain::time::parse_stamp(raw).is_ok() {
        return Some(raw.to_owned());
    }
    let (first, rest) = raw.split_once(['T', ' '])?;
    let day = day(first)?;
    let rest = rest.trim().to_ascii_lowercase();
    let half = rest.find(['a', 'p']).and_then(|at| rest.get(at..));
    let clock = rest.trim_end_matches(['a', 'p', 'm', '.', ' ']);
    let mut parts = clock.split(':').map(|part| part.trim().parse::<u32>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().flatten().unwrap_or(0);
    let hour = match half.map(|half| half.starts_with('p')) {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        Some(_) | None => hour,
    };
    (hour < 24 && minute < 60 && second < 60).then(|| format!("{day}T{hour:02}:{minute:02}:{second:02}"))
}

#[cfg(test)]
mod tests;
