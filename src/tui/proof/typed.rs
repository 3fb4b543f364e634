//! What a person typed for a field, as it is written.
//!
//! Owns the forms that a hand may use for dates, sex, urgency and numbers. Must not decide: the domain has the last word.

use crate::domain::person::is_npi;
use crate::domain::policy::Policy;
use crate::domain::priority::Priority;
use crate::domain::text::{digits, squeeze};
use crate::domain::time::parse_day;
use crate::intake::document::Field;

/// A typed text as its field has it; none where it is empty.
///
/// # Errors
/// What is wrong with it, in words.
pub fn tidied(field: Field, raw: &str, policy: &Policy) -> Result<Option<String>, String> {
    let text = squeeze(raw.trim());
    if text.is_empty() {
        return Ok(None);
    }
    let text = match (field, ()) {
        (Field::Dob, ()) => day(&text).ok_or("a date of birth like 1968-04-02 or 4/2/1968")?,
        (Field::Sex, ()) => sex(&text).ok_or("F, M or X")?.to_owned(),
        (Field::Urgency, ()) => urgency(&text)
            .ok_or("routine, urgent, asap or stat")?
            .code()
            .to_owned(),
        (Field::ReferringNpi, ()) => Some(digits(&text))
            .filter(|npi| is_npi(npi))
            .ok_or("not an NPI: ten digits, the last a check digit")?,
        (Field::SpecialtyRequested, ()) => policy
            .template_for(&text)
            .map(|template| template.specialty.clone())
            .ok_or_else(|| {
                let known: Vec<&str> = policy
                    .templates
                    .values()
                    .map(|template| template.specialty.as_str())
                    .collect();
                format!("this clinic has {}", known.join(", "))
            })?,
        (Field::Icd10 | Field::Cpt, ()) => crate::tui::asks::codes_of(&text).join(" ").to_uppercase(),
        (_, ()) => text,
    };
    Ok(Some(text))
}

/// `1968-04-02`, or as the United States write it: `4/2/1968`, `04-02-1968`.
fn day(text: &str) -> Option<String> {
    if let Ok(day) = parse_day(text) {
        return Some(day.to_string());
    }
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let [month, day, year] = parts.as_slice() else {
        return None;
    };
    if year.len() != 4 {
        return None;
    }
    let written = format!("{year}-{month:0>2}-{day:0>2}");
    parse_day(&written).ok().map(|day| day.to_string())
}

fn sex(text: &str) -> Option<&'static str> {
    const SEXES: [(&str, &str); 6] = [
        ("f", "F"),
        ("female", "F"),
        ("m", "M"),
        ("male", "M"),
        ("x", "X"),
        ("other", "X"),
    ];
    let found = SEXES.iter().find(|(word, _)| text.eq_ignore_ascii_case(word));
    found.map(|(_, code)| *code)
}

/// By its name or the beginning of it.
fn urgency(text: &str) -> Option<Priority> {
    let text = text.to_lowercase();
    let mut levels = Priority::ALL.into_iter();
    levels.find(|level| level.code().starts_with(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hand_may_write_in_its_own_way() {
        let policy = crate::config::Config::built_in().unwrap().policy();
        for (field, typed, written) in [
            (Field::Dob, "4/2/1968", Some("1968-04-02")),
            (Field::Dob, " 1968-04-02 ", Some("1968-04-02")),
            (Field::Dob, "2/30/1968", None),
            (Field::Dob, "68", None),
            (Field::Sex, "female", Some("F")),
            (Field::Sex, "q", None),
            (Field::Urgency, "st", Some("stat")),
            (Field::Urgency, "soon", None),
            (Field::ReferringNpi, "1234567893", Some("1234567893")),
            (Field::ReferringNpi, "1234567890", None),
            (Field::SpecialtyRequested, "CARDIOLOGY", Some("Cardiology")),
            (Field::SpecialtyRequested, "plumbing", None),
            (Field::Icd10, "i10, e11.9", Some("I10 E11.9")),
            (Field::PatientName, "Lee,   Ann", Some("Lee, Ann")),
        ] {
            let tidy = tidied(field, typed, &policy);
            assert_eq!(tidy.ok().flatten().as_deref(), written, "{field:?} {typed}");
        }
        assert_eq!(tidied(Field::Dob, "  ", &policy), Ok(None));
    }
}
