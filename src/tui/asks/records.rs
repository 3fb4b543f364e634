//! What the referral says, its coverages and its authorisation, corrected.

use super::{about, alone, codes_of as codes, day, id_of};
use crate::domain::command::{
    Command, NewCoverage, NewPractitioner, PractitionerChanges, Ref, ReferralChanges,
};
use crate::domain::coverage::{Authorization, Coverage, Eligibility, Relationship, Subscriber};
use crate::domain::id::{CoverageId, PractitionerId};
use crate::domain::person::{HumanName, Practitioner, Sex};
use crate::domain::timeline::item_label;
use crate::store::board::{QueueRow, Sheet};
use crate::tui::action::Action;
use crate::tui::form::{
    ByChoice, Choice, Composed, Fields, Form, Held, Quick, Wrong, choice, combo, one, text, text_with,
};
use crate::tui::model::Model;

/// The items missing from the referral under the cursor, with their labels.
pub fn needed_items(model: &Model) -> Vec<Choice> {
    model
        .sheet_here()
        .map(|sheet| items_of(model, sheet))
        .unwrap_or_default()
}

/// The items missing from a referral, with their labels.
pub fn items_of(model: &Model, sheet: &Sheet) -> Vec<Choice> {
    let Some(referral) = sheet.snapshot.referral() else {
        return Vec::new();
    };
    let policy = &model.settings.policy;
    let label = |key: &String| item_label(policy, &referral.template, key).to_owned();
    referral
        .missing
        .iter()
        .map(|key| choice(key, label(key)))
        .collect()
}

fn requester(sheet: Option<&Sheet>) -> Option<&Practitioner> {
    let snapshot = &sheet?.snapshot;
    snapshot.practitioner(snapshot.referral()?.requester)
}

fn practitioner(known: Option<&Practitioner>) -> NewPractitioner {
    known.map_or_else(NewPractitioner::default, |known| NewPractitioner {
        name: known.name.clone(),
        npi: known.npi.clone(),
        phone: known.phone.clone(),
        fax: known.fax.clone(),
        email: known.email.clone(),
    })
}

/// What was typed of a sender, beside whom the record names: a correction of that record, or somebody else. Somebody else is
/// whoever has another NPI, or another name without one that is the same. `mail_hidden` where the e-mail was not shown.
pub fn sender(known: Option<&Practitioner>, mut typed: NewPractitioner, mail_hidden: bool) -> Sender {
    if typed.name.filed().is_empty() {
        return (None, None);
    }
    let Some(known) = known else {
        return (Some(Ref::New(typed)), None);
    };
    if typed.name.filed() == known.name.filed() {
        typed.name = known.name.clone();
    }
    let same = match (&known.npi, &typed.npi) {
        (Some(known), Some(typed)) => known == typed,
        (Some(_) | None, Some(_) | None) => typed.name == known.name,
    };
    if !same {
        return (Some(Ref::New(typed)), None);
    }
    if mail_hidden {
        typed.email = known.email.clone();
    }
    (None, PractitionerChanges::between(known, &typed))
}

/// Somebody else, or corrections of the one on record.
type Sender = (
    Option<Ref<PractitionerId, NewPractitioner>>,
    Option<Box<PractitionerChanges>>,
);

/// Reads `Lee, Ann` or `Ann Lee`.
pub fn name_of(text: &str) -> HumanName {
    let text = text.trim();
    let (family, given) = match text.split_once(',') {
        Some((family, given)) => (family, given),
        None => text
            .rsplit_once(' ')
            .map_or((text, ""), |(given, family)| (family, given)),
    };
    HumanName {
        family: family.trim().to_owned(),
        given: given.trim().to_owned(),
        suffix: String::new(),
    }
}

/// Correct what the referral says: only what differs is sent.
pub fn edit_referral(model: &Model, targets: &[QueueRow]) -> Form {
    let sheet = model.sheet_of(targets);
    let referral = sheet.and_then(|sheet| sheet.snapshot.referral());
    let services = referral
        .and_then(|referral| model.settings.policy.template(&referral.template))
        .map(|template| template.services.clone())
        .unwrap_or_default();
    let known = practitioner(requester(sheet));
    let value = |get: fn(&crate::domain::referral::Referral) -> String| referral.map(get).unwrap_or_default();
    Form::new(
        Action::EditReferral,
        format!("Referral · {}", about(targets)),
        |form, model, row| {
            let sheet = model.sheet_of(alone(row));
            let Some(old) = sheet.and_then(|sheet| sheet.snapshot.referral()) else {
                return Err(Wrong::new("service", "the referral was not read yet; try again"));
            };
            let typed = NewPractitioner {
                name: name_of(&form.value("provider")),
                npi: form.filled("npi"),
                phone: form.filled("phone"),
                fax: form.filled("fax"),
                // It is not shown here: it stays with whoever it is known of.
                email: None,
            };
            let (requester, practitioner) = sender(requester(sheet), typed, true);
            let (reasons, procedures) = (codes(&form.value("icd")), codes(&form.value("procedures")));
            let changes = ReferralChanges {
                service: form.filled("service").filter(|service| *service != old.service),
                reason_text: Some(form.value("reason")).filter(|reason| *reason != old.reason_text),
                reason_codes: (reasons != old.reason_codes).then_some(reasons),
                procedure_codes: (procedures != old.procedure_codes).then_some(procedures),
                requester,
                practitioner,
                ..ReferralChanges::default()
            };
            if changes == ReferralChanges::default() {
                return Err(Wrong::new("service", "nothing was changed"));
            }
            Ok(Composed::Commands(vec![Command::AmendReferral {
                referral: id_of(row)?,
                changes: Box::new(changes),
            }]))
        },
    )
    .field(
        "service",
        "service",
        combo(
            services.iter().map(|service| choice(service, service)),
            value(|r| r.service.clone()),
            true,
        ),
    )
    .required()
    .field("reason", "reason", text_with(value(|r| r.reason_text.clone())))
    .field(
        "icd",
        "ICD-10 codes",
        text_with(value(|r| r.reason_codes.join(" "))),
    )
    .field(
        "procedures",
        "procedures",
        text_with(value(|r| r.procedure_codes.join(" "))),
    )
    .field("provider", "referring", text_with(known.name.filed()))
    .hint("family name, given names")
    .field("npi", "NPI", text_with(known.npi.unwrap_or_default()))
    .hint("the same: their record is corrected; another: somebody else")
    .field("phone", "their phone", text_with(known.phone.unwrap_or_default()))
    .field("fax", "their fax", text_with(known.fax.unwrap_or_default()))
}

fn coverages(model: &Model, targets: &[QueueRow]) -> Vec<Choice> {
    let known = model
        .sheet_of(targets)
        .map(|sheet| sheet.snapshot.coverages.as_slice())
        .unwrap_or_default();
    let mut known: Vec<_> = known.iter().collect();
    known.sort_by_key(|coverage| coverage.rank);
    known
        .into_iter()
        .map(|coverage| choice(coverage.id.0.to_string(), &coverage.payer))
        .collect()
}

/// What the fields of a coverage hold; of one that is not there yet, nothing.
fn values_of(coverage: Option<&Coverage>) -> Fields {
    let text = |text: Option<String>| Held::Text(text.unwrap_or_default());
    let whose = coverage.and_then(|coverage| coverage.subscriber.as_ref());
    let is = whose.map(|subscriber| subscriber.relationship.label().to_owned());
    let values = [
        ("payer", text(coverage.map(|coverage| coverage.payer.clone()))),
        (
            "member",
            text(coverage.and_then(|coverage| coverage.member_id.clone())),
        ),
        (
            "group",
            text(coverage.and_then(|coverage| coverage.group_no.clone())),
        ),
        ("of", text(whose.map(|subscriber| subscriber.name.filed()))),
        (
            "born",
            text(
                whose
                    .and_then(|subscriber| subscriber.dob)
                    .map(|day| day.to_string()),
            ),
        ),
        ("is", Held::Chosen(is)),
    ];
    values.map(|(name, held)| (name.to_owned(), held)).to_vec()
}

const NEW: &str = "new";

/// Correct a coverage, or add one: which it is comes first, and the fields hold what that one says.
pub fn edit_coverage(model: &Model, targets: &[QueueRow]) -> Form {
    let mut which = coverages(model, targets);
    which.push(choice(NEW, "another coverage"));
    let known = model
        .sheet_of(targets)
        .map(|sheet| sheet.snapshot.coverages.as_slice())
        .unwrap_or_default();
    let mut values: Vec<(String, Fields)> = known
        .iter()
        .map(|coverage| (coverage.id.0.to_string(), values_of(Some(coverage))))
        .collect();
    values.push((NEW.to_owned(), values_of(None)));
    let relationships = Relationship::ALL
        .map(|each| choice(each.label(), each.label()))
        .to_vec();
    let only = which.len() == 1;
    let mut form = Form::new(
        Action::EditCoverage,
        format!("Coverage · {}", about(targets)),
        |form, model, row| {
            let name = name_of(&form.value("of"));
            let label = form.value("is");
            let coverage = form.value("which").parse().ok().map(CoverageId);
            let known = model
                .sheet_of(alone(row))
                .and_then(|sheet| {
                    sheet
                        .snapshot
                        .coverages
                        .iter()
                        .find(|each| Some(each.id) == coverage)
                })
                .and_then(|coverage| coverage.subscriber.as_ref())
                .filter(|known| known.name.filed() == name.filed());
            let subscriber = Subscriber {
                dob: day(form, "born")?,
                sex: known.map_or(Sex::Unknown, |known| known.sex),
                relationship: Relationship::ALL
                    .into_iter()
                    .find(|each| each.label() == label)
                    .unwrap_or_default(),
                name: known.map_or(name, |known| known.name.clone()),
            };
            Ok(Composed::Commands(vec![Command::SetCoverage {
                referral: id_of(row)?,
                coverage,
                values: NewCoverage {
                    payer: form.value("payer").trim().to_owned(),
                    member_id: form.filled("member"),
                    group_no: form.filled("group"),
                    subscriber: Some(subscriber).filter(|subscriber| !subscriber.name.filed().is_empty()),
                },
            }]))
        },
    )
    .field("which", "correct", one(which, Some(0), Quick::Advance))
    .field("payer", "payer", text())
    .required()
    .field("member", "member id", text())
    .field("group", "group", text())
    .field("of", "plan of", text())
    .hint("family name, given names; empty where it is the patient's own")
    .field("born", "who was born", text())
    .field("is", "patient is their", one(relationships, None, Quick::Advance));
    form.by_choice = Some(ByChoice {
        field: "which",
        values,
        now: String::new(),
    });
    form.follow_up();
    // With nothing to choose from, it begins with the payer.
    form.focus = usize::from(only);
    form
}

const RESULTS: [Eligibility; 7] = [
    Eligibility::Active,
    Eligibility::Inactive,
    Eligibility::Partial,
    Eligibility::Error,
    Eligibility::TimedOut,
    Eligibility::Manual,
    Eligibility::Pending,
];

/// The result of an eligibility check.
pub fn eligibility(model: &Model, targets: &[QueueRow]) -> Form {
    let results = RESULTS
        .map(|result| choice(result.label(), result.label()))
        .to_vec();
    let which = coverages(model, targets);
    let at = (!which.is_empty()).then_some(0);
    Form::new(
        Action::Eligibility,
        format!("Eligibility · {}", about(targets)),
        |form, _, row| {
            let result = form.value("result");
            let coverage = form
                .value("which")
                .parse()
                .map_err(|_| Wrong::new("which", "add a coverage first: e c"))?;
            Ok(Composed::Commands(vec![Command::SetEligibility {
                referral: id_of(row)?,
                coverage: CoverageId(coverage),
                eligibility: RESULTS
                    .into_iter()
                    .find(|each| each.label() == result)
                    .ok_or_else(|| Wrong::new("result", "choose the result"))?,
                valid_until: day(form, "until")?,
                note: form.filled("note"),
            }]))
        },
    )
    .field("result", "the payer says", one(results, None, Quick::Advance))
    .required()
    .field("which", "coverage", one(which, at, Quick::Advance))
    .field("until", "counts until", text())
    .hint("like 2026-12-31")
    .field("note", "note", text())
}

/// The payer's authorisation.
pub fn authorization(model: &Model, targets: &[QueueRow]) -> Form {
    let known = model
        .sheet_of(targets)
        .and_then(|sheet| sheet.snapshot.referral()?.authorization.clone());
    let day_text = |day: Option<crate::domain::time::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let (number, visits, from, to) = known.map_or_else(Default::default, |known| {
        let visits = known.visits.map(|visits| visits.to_string()).unwrap_or_default();
        (known.number, visits, day_text(known.from), day_text(known.to))
    });
    Form::new(
        Action::Authorization,
        format!("Authorisation · {}", about(targets)),
        |form, _, row| {
            let visits = form.filled("visits").map(|text| text.parse());
            Ok(Composed::Commands(vec![Command::SetAuthorization {
                referral: id_of(row)?,
                authorization: Authorization {
                    number: form.value("number").trim().to_owned(),
                    visits: visits
                        .transpose()
                        .map_err(|_| Wrong::new("visits", "a number, like 3"))?,
                    from: day(form, "from")?,
                    to: day(form, "to")?,
                },
            }]))
        },
    )
    .field("number", "number", text_with(number))
    .required()
    .field("visits", "visits", text_with(visits))
    .field("from", "first day", text_with(from))
    .hint("like 2026-11-23")
    .field("to", "last day", text_with(to))
}
