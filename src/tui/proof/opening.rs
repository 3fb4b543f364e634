//! A review as it is opened: which fields, in which order, with what on offer.
//!
//! Owns the order of the fields and what the desk knows of each. Must not know keys.

use super::line::{Doubt, Line};
use super::wants::wanted;
use super::{Pictures, Proof, Row};
use crate::domain::id::DocumentId;
use crate::domain::policy::Policy;
use crate::domain::priority::Priority;
use crate::domain::snapshot::Snapshot;
use crate::engine::recorded;
use crate::intake::ReadDocument;
use crate::intake::document::Field;
use crate::store::board::QueueRow;
use std::collections::BTreeSet;

/// The fields that a referral is made of, in the order in which a desk asks for them.
const FIELDS: [Field; 23] = [
    Field::PatientName,
    Field::Dob,
    Field::Sex,
    Field::PatientPhone,
    Field::PatientEmail,
    Field::PatientAddress,
    Field::PatientLanguage,
    Field::SpecialtyRequested,
    Field::ServiceRequested,
    Field::Urgency,
    Field::ReasonText,
    Field::Icd10,
    Field::Cpt,
    Field::ReferringProviderName,
    Field::ReferringNpi,
    Field::ReferringPhone,
    Field::ReferringFax,
    Field::ReferringEmail,
    Field::ReferringOrg,
    Field::Payer,
    Field::MemberId,
    Field::GroupNo,
    Field::AuthNumber,
];

/// Opens the review of a document; with the referral and its records, where it is the source of one.
pub fn open(
    document: DocumentId,
    reading: ReadDocument,
    of: Option<(&QueueRow, &Snapshot)>,
    policy: &Policy,
) -> Proof {
    let asked = match of {
        Some((row, _)) => policy.template_for(&row.specialty),
        None => reading
            .text(Field::SpecialtyRequested)
            .and_then(|specialty| policy.template_for(specialty)),
    };
    let needed = wanted(asked);
    let mut lines = Vec::new();
    for field in FIELDS {
        // A referral stays in its specialty; a name of the page is offered as the clinic calls it.
        if of.is_some() && field == Field::SpecialtyRequested {
            continue;
        }
        let found = reading.fields.get(&field).map(Vec::as_slice).unwrap_or_default();
        let known = known(field, policy, &reading);
        let mut line = Line::new(field, found, &known, needed.contains(&field), &policy.reading);
        if let Some((_, snapshot)) = of {
            line.recorded = Some(recorded(field, snapshot).unwrap_or_default());
            line.doubt = compared(&line);
        }
        lines.push(line);
    }
    // Of a record the requirements that were ticked off or waived stay so.
    let settled = of.and_then(|(_, snapshot)| snapshot.referral()).map(|referral| {
        let all = referral.provided.iter().chain(&referral.waived);
        all.cloned().collect::<BTreeSet<String>>()
    });
    let mut proof = Proof {
        document,
        referral: of.map(|(row, _)| row.clone()),
        reading: Box::new(reading),
        lines,
        at: Row::Done,
        entry: None,
        wrong: None,
        ticked: BTreeSet::new(),
        settled: settled.unwrap_or_default(),
        look_alikes: Vec::new(),
        alike_asked: 0,
        turned: false,
        pictures: Pictures::default(),
        pan: None,
        touched: false,
    };
    proof.lines.sort_by_key(|line| match line.doubt {
        Doubt::Unsure | Doubt::Conflict => 0,
        Doubt::Wanted => 1,
        Doubt::Sure => 2,
        Doubt::Absent => 3,
    });
    proof.at = proof.next_open();
    proof
}

impl Proof {
    /// What the records say by now: a colleague may have corrected them meanwhile.
    pub fn refresh(&mut self, snapshot: &Snapshot) {
        for line in &mut self.lines {
            line.recorded = Some(recorded(line.field, snapshot).unwrap_or_default());
        }
        if let Some(referral) = snapshot.referral() {
            self.settled = referral
                .provided
                .iter()
                .chain(&referral.waived)
                .cloned()
                .collect();
        }
    }
}

/// What a record says counts; only where it says nothing, and the page might, a person should look.
fn compared(line: &Line) -> Doubt {
    let empty = line.recorded.as_deref().unwrap_or_default().is_empty();
    match (line.doubt, empty) {
        (Doubt::Sure | Doubt::Unsure | Doubt::Conflict, true) => Doubt::Unsure,
        (Doubt::Sure | Doubt::Unsure | Doubt::Conflict | Doubt::Wanted | Doubt::Absent, false) => Doubt::Sure,
        (Doubt::Wanted | Doubt::Absent, true) => line.doubt,
    }
}

/// What the desk can offer for a field without the page.
fn known(field: Field, policy: &Policy, reading: &ReadDocument) -> Vec<String> {
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    match (field, ()) {
        (Field::Sex, ()) => own(&["F", "M", "X"]),
        (Field::Urgency, ()) => own(&Priority::ALL.map(Priority::code)),
        (Field::SpecialtyRequested, ()) => {
            let templates = policy.templates.values();
            templates.map(|template| template.specialty.clone()).collect()
        }
        (Field::ServiceRequested, ()) => reading
            .text(Field::SpecialtyRequested)
            .and_then(|specialty| policy.template_for(specialty))
            .map(|template| template.services.clone())
            .unwrap_or_default(),
        (_, ()) => Vec::new(),
    }
}
