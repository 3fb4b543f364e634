//! What a review comes to: the command that makes the referral, or those that correct it.
//!
//! Owns that mapping. Every value goes the way of a document that needs no person: the same composition, with what a person said
//! as certain. Must not send anything.

use super::line::{Doubt, Verdict};
use super::{Proof, Row};
use crate::domain::command::{
    Command, NewCoverage, NewOrganization, NewPractitioner, PatientChanges, Ref, ReferralChanges,
};
use crate::domain::coverage::Authorization;
use crate::domain::id::ReferralId;
use crate::domain::person::Sex;
use crate::domain::policy::Policy;
use crate::domain::priority::Priority;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::parse_day;
use crate::engine::{Engine, recorded};
use crate::intake::ReadDocument;
use crate::intake::document::Field;
use crate::tui::asks;
use crate::tui::reader::label;

/// What stands in the way, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The row to look at.
    pub at: Row,
    /// Why.
    pub because: String,
}

fn wrong(field: Field, because: &str) -> Wrong {
    Wrong {
        at: Row::Field(field),
        because: because.to_owned(),
    }
}

impl Proof {
    /// The reading with what a person said to it.
    fn corrected(&self) -> ReadDocument {
        let mut read = (*self.reading).clone();
        for line in &self.lines {
            match line.certain() {
                // Of what contradicts itself nothing is written unless a person picks: it is named as doubtful. Only the highest
                // urgency counts all the same.
                None if line.doubt == Doubt::Conflict && line.field != Field::Urgency => {
                    for found in read.fields.entry(line.field).or_default() {
                        found.confidence = 0.0;
                    }
                }
                None => {}
                Some(found) if found.is_empty() => {
                    read.fields.remove(&line.field);
                }
                Some(found) => {
                    read.fields.insert(line.field, found);
                }
            }
        }
        read
    }

    /// Names of the fields to which a person said something of this kind.
    fn named(&self, is: fn(&Verdict) -> bool) -> String {
        let lines = self.lines.iter().filter(|line| is(&line.verdict));
        let names: Vec<&str> = lines.map(|line| label(line.field)).collect();
        names.join(", ")
    }
}

/// The command that makes the referral.
///
/// # Errors
/// What is needed first.
pub fn receive(proof: &Proof, policy: &Policy) -> Result<Command, Wrong> {
    if proof.reading.segments.len() > 1 {
        return Err(Wrong {
            at: Row::Done,
            because: "these papers are about different patients: leave with esc, and S parts them".into(),
        });
    }
    if proof.value(Field::PatientName).is_none() {
        return Err(wrong(
            Field::PatientName,
            "whose referral is it? the patient's name is needed",
        ));
    }
    let Some(template) = proof.template(policy) else {
        return Err(wrong(
            Field::SpecialtyRequested,
            "for which specialty? pick one by its digit",
        ));
    };
    let read = proof.corrected();
    let source = read.container.source();
    let document = Ref::Known(proof.document);
    let mut receive = Engine::composed(&policy.reading, &read, source, template.key.clone(), document);
    receive.provided = proof.ticked.iter().cloned().collect();
    let by_hand = proof.named(|verdict| matches!(verdict, Verdict::Typed(_)));
    let blank = proof.named(|verdict| *verdict == Verdict::Blank);
    receive.remarks.push(match (by_hand.as_str(), blank.as_str()) {
        ("", "") => "compared with its pages".to_owned(),
        (typed, "") => format!("compared with its pages; typed by hand: {typed}"),
        ("", blank) => format!("compared with its pages; left blank: {blank}"),
        (typed, blank) => {
            format!("compared with its pages; typed by hand: {typed}; left blank: {blank}")
        }
    });
    Ok(Command::Receive(Box::new(receive)))
}

/// The commands that correct a referral by its document: only what a person changed.
///
/// # Errors
/// What stands in the way, or that nothing was changed.
pub fn corrections(proof: &Proof, referral: ReferralId, snapshot: &Snapshot) -> Result<Vec<Command>, Wrong> {
    let changed = |field: Field| -> Option<Option<String>> {
        let line = proof.line(field)?;
        let before = recorded(field, snapshot).filter(|text| !text.is_empty());
        (line.verdict != Verdict::Open && line.value() != before).then(|| line.value())
    };
    // A text is taken away by an empty one.
    let text = |field: Field| changed(field).map(Option::unwrap_or_default);
    let any = |fields: &[Field]| fields.iter().any(|field| changed(*field).is_some());
    let value = |field: Field| proof.value(field);
    let mut commands = Vec::new();
    let old = snapshot
        .referral()
        .and_then(|referral| snapshot.patient(referral.patient));
    if changed(Field::Dob) == Some(None) {
        return Err(wrong(Field::Dob, "a date of birth is corrected, not taken away"));
    }
    let patient = PatientChanges {
        name: changed(Field::PatientName).flatten().map(|typed| {
            let mut name = asks::name_of(&typed);
            name.suffix = old.map(|old| old.name.suffix.clone()).unwrap_or_default();
            name
        }),
        dob: changed(Field::Dob).flatten().and_then(|day| parse_day(&day).ok()),
        sex: changed(Field::Sex).map(|sex| match sex.as_deref() {
            Some("F") => Sex::Female,
            Some("M") => Sex::Male,
            Some("X") => Sex::Other,
            Some(_) | None => Sex::Unknown,
        }),
        phone: text(Field::PatientPhone),
        email: text(Field::PatientEmail),
        address: text(Field::PatientAddress),
        language: changed(Field::PatientLanguage).flatten(),
        ..PatientChanges::default()
    };
    if patient != PatientChanges::default() {
        commands.push(Command::AmendPatient {
            referral,
            changes: Box::new(patient),
        });
    }
    let codes = |field: Field| text(field).map(|codes| asks::codes_of(&codes));
    let sender = [
        Field::ReferringProviderName,
        Field::ReferringNpi,
        Field::ReferringPhone,
        Field::ReferringFax,
        Field::ReferringEmail,
    ];
    if any(&sender) && value(Field::ReferringProviderName).is_none() {
        return Err(wrong(
            Field::ReferringProviderName,
            "whose number is it? a name is needed",
        ));
    }
    let known = snapshot
        .referral()
        .and_then(|referral| snapshot.practitioner(referral.requester));
    let typed = any(&sender).then(|| NewPractitioner {
        name: match changed(Field::ReferringProviderName).flatten() {
            Some(name) => Engine::provider_name(&name),
            None => known.map_or_else(
                || Engine::provider_name(&value(Field::ReferringProviderName).unwrap_or_default()),
                |known| known.name.clone(),
            ),
        },
        npi: value(Field::ReferringNpi),
        phone: value(Field::ReferringPhone),
        fax: value(Field::ReferringFax),
        email: value(Field::ReferringEmail),
    });
    let (requester, practitioner) = typed.map_or((None, None), |typed| asks::sender(known, typed, false));
    let practice = changed(Field::ReferringOrg)
        .flatten()
        .map(|name| NewOrganization {
            name,
            phone: value(Field::ReferringPhone),
            fax: value(Field::ReferringFax),
            email: value(Field::ReferringEmail),
            address: None,
        });
    let changes = ReferralChanges {
        service: changed(Field::ServiceRequested).flatten(),
        reason_text: text(Field::ReasonText),
        reason_codes: codes(Field::Icd10),
        procedure_codes: codes(Field::Cpt),
        requester,
        practitioner,
        organization: practice.map(Ref::New),
        ..ReferralChanges::default()
    };
    if changes != ReferralChanges::default() {
        commands.push(Command::AmendReferral {
            referral,
            changes: Box::new(changes),
        });
    }
    if let Some(priority) = changed(Field::Urgency)
        .flatten()
        .and_then(|code| Priority::from_code(&code))
    {
        commands.push(Command::SetPriority {
            referral,
            priority,
            reason: "as its document says".into(),
        });
    }
    if any(&[Field::Payer, Field::MemberId, Field::GroupNo]) {
        let Some(payer) = value(Field::Payer) else {
            return Err(wrong(Field::Payer, "whose number is it? the payer is needed"));
        };
        commands.push(Command::SetCoverage {
            referral,
            coverage: snapshot.primary_coverage().map(|coverage| coverage.id),
            values: NewCoverage {
                payer,
                member_id: value(Field::MemberId),
                group_no: value(Field::GroupNo),
                subscriber: snapshot
                    .primary_coverage()
                    .and_then(|coverage| coverage.subscriber.clone()),
            },
        });
    }
    if let Some(number) = changed(Field::AuthNumber).flatten() {
        let known = snapshot
            .referral()
            .and_then(|referral| referral.authorization.clone());
        let authorization = Authorization {
            number: number.clone(),
            ..known.unwrap_or(Authorization {
                number,
                visits: None,
                from: None,
                to: None,
            })
        };
        commands.push(Command::SetAuthorization {
            referral,
            authorization,
        });
    }
    if !proof.ticked.is_empty() {
        commands.push(Command::ProvideItems {
            referral,
            items: proof.ticked.iter().cloned().collect(),
        });
    }
    if commands.is_empty() {
        return Err(Wrong {
            at: proof.at.clone(),
            because: "nothing was changed".into(),
        });
    }
    Ok(commands)
}
