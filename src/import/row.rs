//! Rows of a table, by a mapping.
//!
//! Owns how a row becomes a referral: what the mapping names is taken, and what cannot be read is why a row is refused. A reason
//! never repeats a cell but for the words of closed lists. Must not know headings.

use super::csv::{Table, cells, decoded};
use super::fields::{Visit, note, owner, template, when, whole_name};
use super::{Brought, Read, Reading, Why};
use crate::config::import::NOTE;
use crate::domain::case::AppointmentState;
use crate::domain::command::{
    Checked, Import, NewCoverage, NewOrganization, NewPatient, NewPractitioner, Receive, Ref, Standing,
};
use crate::domain::coverage::{Authorization, Eligibility, Relationship, Subscriber};
use crate::domain::person::{HumanName, Sex};
use crate::domain::priority::Priority;
use crate::domain::referral::Source;
use crate::domain::status::Status;
use crate::domain::text;
use crate::domain::time::{Day, Stamp, at_local, clock};

/// Reads a row.
pub fn read(table: &Table, raw: &[u8], reading: &Reading) -> Read {
    let line = match decoded(&table.mapping, raw) {
        Ok(line) => line,
        Err(why) => return Read::Wrong(why),
    };
    let cells = cells(&line, table.separator);
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        return Read::Nothing;
    }
    if cells.iter().skip(table.width).any(|cell| !cell.trim().is_empty()) {
        return Read::Wrong(format!(
            "it has {} cells under {} headings",
            cells.len(),
            table.width
        ));
    }
    let row = Row {
        table,
        cells,
        reading,
    };
    Read::Referrals(vec![row.import(raw).map(Brought::new).map_err(Why::Refused)])
}

struct Row<'a> {
    table: &'a Table,
    cells: Vec<String>,
    reading: &'a Reading,
}

impl Row<'_> {
    /// What stands in a field's columns, in our words.
    fn get(&self, field: &str) -> Option<String> {
        let joined = match self.table.columns.get(field) {
            Some(places) => {
                let cells = places.iter().filter_map(|place| self.cells.get(*place));
                let cells: Vec<&str> = cells
                    .map(|cell| cell.trim())
                    .filter(|cell| !cell.is_empty())
                    .collect();
                cells.join(" ")
            }
            None => {
                return self
                    .table
                    .mapping
                    .constants
                    .get(field)
                    .cloned()
                    .filter(|value| !value.is_empty());
            }
        };
        let known = self
            .table
            .values
            .get(field)
            .and_then(|values| values.get(&text::fold(&joined)));
        Some(known.cloned().unwrap_or(joined)).filter(|value| !value.is_empty())
    }

    /// A word of a closed list.
    fn word<T>(&self, field: &str, find: impl Fn(&str) -> Option<T>) -> Result<Option<T>, String> {
        let Some(word) = self.get(field) else {
            return Ok(None);
        };
        let code = text::fold(&word).replace(' ', "-");
        find(&code).map(Some).ok_or_else(|| {
            format!(
                "{field}: `{}` is none of our words, and not among values.{field} of the mapping",
                text::line(&word).chars().take(40).collect::<String>()
            )
        })
    }

    fn date(&self, field: &str) -> Result<Option<(Day, Option<crate::domain::time::Clock>)>, String> {
        let Some(raw) = self.get(field) else {
            return Ok(None);
        };
        let this_year = crate::domain::time::day_in(self.reading.policy.clinic.zone, self.reading.now)
            .to_string()
            .get(..4)
            .and_then(|year| year.parse().ok())
            .unwrap_or(2000);
        let found = self
            .table
            .patterns
            .iter()
            .find_map(|pattern| pattern.read(&raw, this_year));
        found
            .map(Some)
            .ok_or_else(|| format!("{field}: it is in none of the forms that the mapping's `dates` name"))
    }

    fn day(&self, field: &str) -> Result<Option<Day>, String> {
        if let Some(raw) = self.get(field)
            && self.table.patterns.is_empty()
        {
            let iso = raw
                .get(..10)
                .and_then(|raw| crate::domain::time::parse_day(raw).ok());
            return iso.map(Some).ok_or_else(|| {
                format!("{field}: it is no date like 2026-11-23, and the mapping names no `dates`")
            });
        }
        Ok(self.date(field)?.map(|(day, _)| day))
    }

    fn time(&self, field: &str) -> Result<Option<Stamp>, String> {
        let zone = self.reading.policy.clinic.zone;
        if let Some(at) = self.get(field).and_then(|raw| when(&raw, zone)) {
            return Ok(Some(at));
        }
        let midnight = clock(0, 0);
        Ok(self
            .date(field)?
            .map(|(day, time)| at_local(zone, day, time.unwrap_or(midnight))))
    }

    fn list(&self, field: &str) -> Vec<String> {
        let all = self.get(field).unwrap_or_default();
        all.split([',', ';', '|', ' ', '\n'])
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn name(&self, whole: &str, family: &str, given: &str) -> Option<HumanName> {
        match (self.get(family), self.get(given)) {
            (None, None) => self.get(whole).map(|raw| whole_name(&raw)),
            (family, given) => Some(HumanName {
                family: family.unwrap_or_default(),
                given: given.unwrap_or_default(),
                suffix: String::new(),
            }),
        }
    }

    fn import(&self, raw: &[u8]) -> Result<Import, String> {
        let received_at = self.time("received")?.ok_or("received: the cell is empty")?;
        let name = self
            .name("patient", "family", "given")
            .ok_or("no patient is named")?;
        let specialty = self.get("specialty").ok_or("specialty: the cell is empty")?;
        let template =
            template(self.reading, std::iter::once((specialty.as_str(), true))).ok_or_else(|| {
                format!(
                    "specialty: the clinic has no template for `{}`; name it under values.specialty",
                    text::line(&specialty)
                )
            })?;
        let sex = |word: &str| match word {
            "female" | "f" => Some(Sex::Female),
            "male" | "m" => Some(Sex::Male),
            "other" | "x" => Some(Sex::Other),
            "unknown" | "u" => Some(Sex::Unknown),
            _ => None,
        };
        let patient = NewPatient {
            name,
            dob: self.day("dob")?,
            sex: self.word("sex", sex)?.unwrap_or_default(),
            phone: self.get("phone"),
            email: self.get("email"),
            address: self.get("address"),
            mrn: self.get("mrn"),
            language: self.get("language"),
            ..NewPatient::default()
        };
        let requester = self
            .name("provider", "provider_family", "provider_given")
            .map(|name| {
                Ref::New(NewPractitioner {
                    name,
                    npi: self.get("npi"),
                    phone: self.get("provider_phone"),
                    fax: self.get("provider_fax"),
                    email: self.get("provider_email"),
                })
            });
        let organization = self.get("practice").map(|name| {
            Ref::New(NewOrganization {
                name,
                phone: self.get("provider_phone"),
                fax: self.get("provider_fax"),
                ..NewOrganization::default()
            })
        });
        let (member_id, group_no) = (self.get("member_id"), self.get("group_no"));
        let payer = self.get("payer");
        let covered = payer.is_some() || member_id.is_some();
        let relationship = |word: &str| match word {
            "self" => Some(None),
            word => Relationship::from_code(word).map(Some),
        };
        let relationship = self.word("relationship", relationship)?;
        let (whose, born) = (self.get("subscriber"), self.day("subscriber_dob")?);
        let subscriber = whose
            .filter(|_| relationship != Some(None))
            .map(|name| Subscriber {
                name: whole_name(&name),
                dob: born,
                sex: Sex::Unknown,
                relationship: relationship.flatten().unwrap_or_default(),
            });
        let coverages = covered.then(|| NewCoverage {
            payer: payer.unwrap_or_default(),
            member_id,
            group_no,
            subscriber,
        });
        let standing = self.standing(covered)?;
        let authorization = match self.get("auth_number") {
            Some(number) => Some(Authorization {
                number,
                visits: self.get("auth_visits").and_then(|raw| raw.parse().ok()),
                from: self.day("auth_from")?,
                to: self.day("auth_to")?,
            }),
            None => None,
        };
        let external = self.get("external").unwrap_or_else(|| {
            let hash = crate::store::content::hash(raw.trim_ascii());
            format!("row {}", hash.get(..16).unwrap_or(&hash))
        });
        let noted = standing.since.unwrap_or(received_at);
        let notes = self.table.columns.get(NOTE).into_iter().flatten();
        let notes = notes
            .filter_map(|place| self.cells.get(*place))
            .filter(|cell| !cell.trim().is_empty())
            .map(|cell| note(noted, &self.table.name, cell.trim(), None))
            .collect();
        Ok(Import {
            system: self.table.name.clone(),
            external,
            appointments: self
                .visit(&standing)?
                .into_iter()
                .map(|visit| visit.appointment(1))
                .collect(),
            referral: Receive {
                source: Source::Import,
                received_at: Some(received_at),
                document: None,
                template,
                service: self.get("service"),
                priority: self.word("priority", Priority::from_code)?,
                patient: Ref::New(patient),
                requester,
                organization,
                facility: None,
                reason_text: self.get("reason").unwrap_or_default(),
                reason_codes: self.list("icd10"),
                procedure_codes: self.list("procedures"),
                coverages: coverages.into_iter().collect(),
                authorization,
                provided: self.list("items"),
                remarks: Vec::new(),
                replaces: None,
            },
            standing,
            notes,
        })
    }

    fn standing(&self, covered: bool) -> Result<Standing, String> {
        let checked = self
            .word("eligibility", Eligibility::from_code)?
            .filter(|_| covered);
        Ok(Standing {
            status: self.word("status", Status::from_code)?,
            since: self.time("status_since")?,
            reason: self.get("status_reason"),
            owner: self.get("owner").as_deref().and_then(owner),
            performer: self.get("performer"),
            acknowledged_at: None,
            checks: checked
                .map(|eligibility| Checked {
                    eligibility,
                    checked_at: None,
                    valid_until: None,
                    note: None,
                })
                .into_iter()
                .collect(),
            replaces: self.get("replaces"),
        })
    }

    fn visit(&self, standing: &Standing) -> Result<Option<Visit>, String> {
        let Some(starts_at) = self.time("appointment")? else {
            return Ok(None);
        };
        let word = |word: &str| match word {
            "booked" | "scheduled" => Some(AppointmentState::Booked),
            "confirmed" => Some(AppointmentState::Confirmed),
            "fulfilled" | "completed" => Some(AppointmentState::Fulfilled),
            "no-show" | "noshow" => Some(AppointmentState::NoShow),
            "cancelled" | "canceled" => Some(AppointmentState::Cancelled),
            _ => None,
        };
        let stated = self.word("appointment_status", word)?;
        let by_status = match standing.status {
            Some(Status::Completed | Status::Closed) => AppointmentState::Fulfilled,
            Some(Status::NoShow) => AppointmentState::NoShow,
            Some(
                Status::AppointmentCancelled | Status::Cancelled | Status::Declined | Status::EnteredInError,
            ) => AppointmentState::Cancelled,
            Some(
                Status::Received
                | Status::NeedsInfo
                | Status::InReview
                | Status::Accepted
                | Status::Waitlisted
                | Status::Scheduled
                | Status::CancelRequested,
            )
            | None => AppointmentState::Booked,
        };
        Ok(Some(Visit {
            starts_at,
            minutes: self.get("appointment_minutes").and_then(|raw| raw.parse().ok()),
            performer: self.get("performer").unwrap_or_default(),
            place: self.get("appointment_place").unwrap_or_default(),
            state: stated.unwrap_or(by_status),
            external: self
                .get("appointment_id")
                .map(|id| format!("csv/{}", text::line(&id))),
            as_of: standing.since,
        }))
    }
}
