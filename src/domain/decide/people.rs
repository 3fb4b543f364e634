//! People and organisations that a command brings: checked, cleaned, and made known.
//!
//! Owns what a name, a number and an address may look like. Must not match: whether somebody is known already is found out
//! before the decision.

use super::draft::Draft;
use crate::domain::address::is_email;
use crate::domain::command::{NewOrganization, NewPatient, NewPractitioner, Ref};
use crate::domain::event::Fact;
use crate::domain::id::{OrganizationId, PatientId, PractitionerId};
use crate::domain::person::{HumanName, Organization, OrganizationKind, Patient, Practitioner, is_npi};
use crate::domain::referral::Owner;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::text;
use crate::domain::time::{Day, day_in};

/// Longest name part: HL7's XPN allows 194; nothing that a screen or a letter prints is longer.
const NAME_CHARS: usize = 200;
/// Longest address line.
const LINE_CHARS: usize = 400;

/// Makes the patient known, or finds the known one in the snapshot.
///
/// # Errors
/// `bad-field`, or `not-found`.
pub fn patient(draft: &mut Draft<'_>, patient: &Ref<PatientId, NewPatient>) -> Result<PatientId, Refusal> {
    match patient {
        Ref::Known(id) => draft
            .next
            .patient(*id)
            .map(|known| known.id)
            .ok_or_else(|| Refusal::not_found(format!("patient {id}"))),
        Ref::New(new) => {
            let today = day_in(draft.policy.clinic.zone, draft.now);
            let id = PatientId(draft.fresh());
            let record = Patient {
                id,
                version: 1,
                name: name("patient.name", &new.name)?,
                dob: new.dob.map(|dob| birth(dob, today)).transpose()?,
                sex: new.sex,
                phone: phone("patient.phone", new.phone.as_deref())?,
                email: email("patient.email", new.email.as_deref())?,
                address: optional_line("patient.address", new.address.as_deref())?,
                mrn: optional_line("patient.mrn", new.mrn.as_deref())?,
                language: language(new.language.as_deref())?,
                preferred: new.preferred,
                email_consent: new.email_consent,
                sms_consent: new.sms_consent,
                merged_into: None,
            };
            draft.put(record)?;
            draft.record(Fact::PersonAdded);
            Ok(id)
        }
    }
}

/// As [`patient`], for the referring practitioner.
///
/// # Errors
/// `bad-field`, or `not-found`.
pub fn practitioner(
    draft: &mut Draft<'_>,
    who: &Ref<PractitionerId, NewPractitioner>,
    practice: Option<OrganizationId>,
) -> Result<PractitionerId, Refusal> {
    match who {
        Ref::Known(id) => draft
            .next
            .practitioner(Some(*id))
            .map(|known| known.id)
            .ok_or_else(|| Refusal::not_found(format!("practitioner {id}"))),
        Ref::New(new) => {
            let id = PractitionerId(draft.fresh());
            let record = Practitioner {
                id,
                version: 1,
                name: name("requester.name", &new.name)?,
                npi: npi(new.npi.as_deref())?,
                phone: phone("requester.phone", new.phone.as_deref())?,
                fax: phone("requester.fax", new.fax.as_deref())?,
                email: email("requester.email", new.email.as_deref())?,
                organization: practice,
            };
            draft.put(record)?;
            draft.record(Fact::PersonAdded);
            Ok(id)
        }
    }
}

/// As [`patient`], for the referring practice.
///
/// # Errors
/// `bad-field`, or `not-found`.
pub fn organization(
    draft: &mut Draft<'_>,
    which: &Ref<OrganizationId, NewOrganization>,
) -> Result<OrganizationId, Refusal> {
    match which {
        Ref::Known(id) => draft
            .next
            .organization(Some(*id))
            .map(|known| known.id)
            .ok_or_else(|| Refusal::not_found(format!("organisation {id}"))),
        Ref::New(new) => make_organization(draft, new, OrganizationKind::Practice),
    }
}

/// A site of the clinic. One of that name that is known already is left as it is.
///
/// # Errors
/// `bad-field`, or `already-done`.
pub fn facility(draft: &mut Draft<'_>, new: &NewOrganization) -> Result<(), Refusal> {
    if draft
        .next
        .organizations
        .iter()
        .any(|known| known.kind == OrganizationKind::Facility)
    {
        return Err(Refusal::new(
            Code::AlreadyDone,
            "a facility of this name is known",
            "nothing is needed",
        ));
    }
    make_organization(draft, new, OrganizationKind::Facility).map(|_| ())
}

fn make_organization(
    draft: &mut Draft<'_>,
    new: &NewOrganization,
    kind: OrganizationKind,
) -> Result<OrganizationId, Refusal> {
    let id = OrganizationId(draft.fresh());
    let record = Organization {
        id,
        version: 1,
        name: required_line("organization.name", &new.name)?,
        kind,
        phone: phone("organization.phone", new.phone.as_deref())?,
        fax: phone("organization.fax", new.fax.as_deref())?,
        email: email("organization.email", new.email.as_deref())?,
        address: optional_line("organization.address", new.address.as_deref())?,
    };
    draft.put(record)?;
    draft.record(Fact::PersonAdded);
    Ok(id)
}

/// A name with at least a family or a given name.
///
/// # Errors
/// `bad-field`.
pub fn name(field: &str, name: &HumanName) -> Result<HumanName, Refusal> {
    let clean = |part: &str| text::squeeze(&text::line(part));
    let name = HumanName {
        family: clean(&name.family),
        given: clean(&name.given),
        suffix: clean(&name.suffix),
    };
    if name.family.is_empty() && name.given.is_empty() {
        return Err(Refusal::bad_field(field, "a name is needed"));
    }
    if [&name.family, &name.given, &name.suffix]
        .iter()
        .any(|part| part.chars().count() > NAME_CHARS)
    {
        return Err(Refusal::bad_field(
            field,
            format!("longer than {NAME_CHARS} characters"),
        ));
    }
    Ok(name)
}

/// A birth date that a living person can have.
///
/// # Errors
/// `bad-field`.
pub fn birth(dob: Day, today: Day) -> Result<Day, Refusal> {
    let age = crate::domain::time::age_on(dob, today);
    // The longest confirmed life is 122 years; a later day than today is a slip of the year.
    if dob > today || age > 125 {
        Err(Refusal::bad_field(
            "patient.dob",
            "no living person was born then",
        ))
    } else {
        Ok(dob)
    }
}

/// A telephone or fax number: 7 to 15 digits (ITU-T E.164) with an optional `+`; an empty text takes it away.
///
/// # Errors
/// `bad-field`.
pub fn phone(field: &str, raw: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(raw) = raw.map(str::trim).filter(|raw| !raw.is_empty()) else {
        return Ok(None);
    };
    // What follows an `x` is dialled by hand, and never part of the number that a message goes to.
    let number = raw.split_once(['x', 'X']).map_or(raw, |(number, _)| number);
    let digits = text::digits(number);
    let fits = (7..=15).contains(&digits.len())
        && raw.chars().all(|c| c.is_ascii_digit() || " +-.()/xX".contains(c));
    if !fits {
        return Err(Refusal::bad_field(field, "not a telephone number"));
    }
    let international = raw.starts_with('+');
    let national = digits.strip_prefix('1').filter(|rest| rest.len() == 10);
    Ok(Some(match national {
        Some(national) => national.to_owned(),
        None if international => format!("+{digits}"),
        None => digits,
    }))
}

/// An e-mail address, in the plain form `local@domain.tld` (RFC 5321 without quoted locals and address literals).
///
/// # Errors
/// `bad-field`.
pub fn email(field: &str, raw: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(raw) = raw.map(str::trim).filter(|raw| !raw.is_empty()) else {
        return Ok(None);
    };
    if is_email(raw) {
        Ok(Some(raw.to_owned()))
    } else {
        Err(Refusal::bad_field(field, "not an e-mail address"))
    }
}

/// An NPI, if one is given.
///
/// # Errors
/// `bad-field` where the check digit is wrong.
pub fn npi(raw: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(raw) = raw.map(str::trim).filter(|raw| !raw.is_empty()) else {
        return Ok(None);
    };
    if is_npi(raw) {
        Ok(Some(raw.to_owned()))
    } else {
        Err(Refusal::bad_field(
            "requester.npi",
            "the NPI's check digit is wrong",
        ))
    }
}

/// A BCP 47 primary language tag; English where nothing is said.
///
/// # Errors
/// `bad-field`.
pub fn language(raw: Option<&str>) -> Result<String, Refusal> {
    let tag = raw
        .map(|raw| raw.trim().to_ascii_lowercase())
        .filter(|raw| !raw.is_empty())
        .unwrap_or_else(|| "en".into());
    if (2..=3).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_lowercase()) {
        Ok(tag)
    } else {
        Err(Refusal::bad_field(
            "patient.language",
            "not a language tag like en or es",
        ))
    }
}

/// One line of text; none where it is empty.
///
/// # Errors
/// `bad-field` where it is too long.
pub fn optional_line(field: &str, raw: Option<&str>) -> Result<Option<String>, Refusal> {
    let line = raw
        .map(|raw| text::squeeze(&text::line(raw)))
        .filter(|line| !line.is_empty());
    match line {
        Some(line) if line.chars().count() > LINE_CHARS => Err(Refusal::bad_field(
            field,
            format!("longer than {LINE_CHARS} characters"),
        )),
        other => Ok(other),
    }
}

/// One line of text that says something.
///
/// # Errors
/// `bad-field`.
pub fn required_line(field: &str, raw: &str) -> Result<String, Refusal> {
    optional_line(field, Some(raw))?.ok_or_else(|| Refusal::bad_field(field, "must not be empty"))
}

/// Somebody who can have the next action.
///
/// # Errors
/// `bad-field`.
pub fn owner(owner: &Owner) -> Result<Owner, Refusal> {
    Ok(match owner {
        Owner::Person(name) => Owner::Person(required_line("owner", name)?),
        Owner::Queue(name) => Owner::Queue(required_line("owner", name)?),
    })
}

/// An ICD-10-CM code by its shape: a letter, a digit, a digit or letter, then up to four after the point (ICD-10-CM
/// Official Guidelines, section I.A.2). Lower case and a missing point are put right.
///
/// # Errors
/// `bad-field`.
pub fn icd10(raw: &str) -> Result<String, Refusal> {
    let plain: String = raw
        .trim()
        .to_ascii_uppercase()
        .chars()
        .filter(|c| *c != '.')
        .collect();
    let shape = plain.is_ascii()
        && (3..=7).contains(&plain.len())
        && plain.chars().enumerate().all(|(place, c)| match place {
            0 => c.is_ascii_uppercase(),
            1 => c.is_ascii_digit(),
            _ => c.is_ascii_alphanumeric(),
        });
    match plain.split_at_checked(3) {
        Some((category, "")) if shape => Ok(category.to_owned()),
        Some((category, detail)) if shape => Ok(format!("{category}.{detail}")),
        Some(_) | None => Err(Refusal::bad_field(
            "reason_codes",
            "not the shape of an ICD-10-CM code",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_addresses_and_codes() {
        let ok = |result: Result<Option<String>, Refusal>| result.ok().flatten();
        assert_eq!(
            ok(phone("p", Some("+1 (802) 555-0147"))).as_deref(),
            Some("8025550147")
        );
        assert_eq!(
            ok(phone("p", Some("+34 600 123 456"))).as_deref(),
            Some("+34600123456")
        );
        assert!(phone("p", Some("555-CALL-NOW")).is_err() && phone("p", Some("12345")).is_err());
        assert_eq!(
            ok(email("e", Some(" ann.o'neil@mail.example.org "))).as_deref(),
            Some("ann.o'neil@mail.example.org")
        );
        for bad in [
            "ann",
            "ann@",
            "@example.org",
            "a b@example.org",
            "ann@example",
            "ann@example..org",
            "ann@ex\r\nBcc: x@y.z",
        ] {
            assert!(email("e", Some(bad)).is_err(), "{bad}");
        }
        for (raw, code) in [
            ("i4891", "I48.91"),
            ("M25.561", "M25.561"),
            ("i10", "I10"),
            ("S72.001A", "S72.001A"),
        ] {
            assert_eq!(icd10(raw).unwrap(), code);
        }
        for bad in ["", "4891", "I", "I4", "I48.91234", "II0", "É10"] {
            assert!(icd10(bad).is_err(), "{bad}");
        }
    }
}
