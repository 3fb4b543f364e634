//! What is printed of a chart is read as it was.

use super::own::{EXTENSIONS, SYSTEMS};
use super::sample::chart;
use super::*;
use crate::domain::chart::Chart;
use crate::domain::record::Entity;
use crate::domain::status::Status;
use crate::domain::time::parse_stamp;
use crate::standards::{Sense, What};
use proptest::prelude::*;

pub fn with(originals: &[Original]) -> With<'_> {
    With {
        clinic: "Riverside Cardiology",
        now: parse_stamp("2026-11-30T08:00:00Z").unwrap(),
        originals,
    }
}

fn resource<'v>(bundle: &'v Value, kind: &str) -> &'v Value {
    let entries = bundle["entry"].as_array().unwrap();
    &entries
        .iter()
        .find(|entry| entry["resource"]["resourceType"] == kind)
        .unwrap()["resource"]
}

/// The first field that differs, and none of its values.
fn differing(is: &Chart, was: &Chart) -> Option<String> {
    let (is, was) = (
        serde_json::to_value(is).unwrap(),
        serde_json::to_value(was).unwrap(),
    );
    let (is, was) = (is.as_object().unwrap().clone(), was.as_object().unwrap().clone());
    was.iter()
        .find(|(name, value)| is.get(*name) != Some(value))
        .map(|(name, value)| {
            format!(
                "{name}: {value}\nread as {}",
                is.get(name).cloned().unwrap_or_default()
            )
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_printed_is_read_as_it_was(seed in any::<u64>()) {
        let (chart, originals) = chart(seed);
        let text = print(&chart, with(&originals)).to_string();
        let (read, enclosed) = super::read(&text).unwrap().unwrap();
        prop_assert_eq!(differing(&read, &chart), None);
        prop_assert!(read == chart);
        prop_assert_eq!(enclosed, originals);
        // A person may have set it on many lines.
        let pretty = serde_json::to_string_pretty(&print(&chart, with(&[]))).unwrap();
        let (read, enclosed) = super::read(&pretty).unwrap().unwrap();
        prop_assert!(read == chart && enclosed.is_empty());
    }

    #[test]
    fn other_readers_learn_what_a_referral_asks(seed in any::<u64>()) {
        let (chart, _) = chart(seed);
        let stated = crate::standards::fhir::read(&print(&chart, with(&[])).to_string()).unwrap();
        let referral = &chart.referral;
        let cancelled = matches!(referral.status, Status::Declined | Status::Cancelled | Status::EnteredInError);
        prop_assert_eq!(stated.sense, if cancelled { Sense::ReferralCancel } else { Sense::Referral });
        let squeezed = |text: &str| crate::domain::text::squeeze(text);
        let some = |text: &Option<String>| text.clone();
        let table = [
            (What::ReferralId, Some(referral.id.to_string())),
            (What::Service, Some(referral.service.clone())),
            (What::Specialty, Some(referral.specialty.clone())),
            (What::Urgency, Some(referral.priority.code().to_owned())),
            (What::Dob, chart.patient.dob.map(|day| day.to_string())),
            (What::PatientPhone, some(&chart.patient.phone)),
            (What::PatientEmail, some(&chart.patient.email)),
            (What::PatientAddress, some(&chart.patient.address)),
            (What::Mrn, some(&chart.patient.mrn)),
            (What::Payer, Some(chart.coverages[0].payer.clone())),
        ];
        for (what, expected) in table {
            prop_assert_eq!(stated.first(what), expected.as_deref(), "{:?}", what);
        }
        prop_assert!(referral.reason_codes.iter().all(|code| stated.all(What::Icd10).any(|is| is == code)));
        prop_assert!(referral.procedure_codes.iter().all(|code| stated.all(What::Procedure).any(|is| is == code)));
        let reason = squeezed(&referral.reason_text);
        prop_assert!(reason.is_empty() || stated.all(What::Reason).any(|is| is == reason));
    }

    #[test]
    fn other_numbers_tell_the_same_story(seed in any::<u64>()) {
        let (chart, _) = chart(seed);
        let shift = |by: i64| move |entity: Entity, number: i64| -> Option<i64> {
            Some(if entity == Entity::Referral { number } else { number + by })
        };
        let moved = chart.clone().renumbered(&mut shift(5_000));
        prop_assert!(moved != chart);
        prop_assert_eq!(moved.referral.patient, moved.patient.id);
        prop_assert!(moved.messages.iter().all(|each| each.document.is_none_or(|id| id == moved.documents[0].id)));
        prop_assert_eq!(differing(&moved.renumbered(&mut shift(-5_000)), &chart), None);
    }
}

#[test]
fn keys_and_checks_follow_their_numbers() {
    let (mut chart, _) = (0..)
        .map(chart)
        .find(|(chart, _)| !chart.tasks.is_empty())
        .unwrap();
    let id = chart.coverages[0].id;
    chart.coverages[0].trace = Some(crate::domain::coverage::trace(id, chart.coverages[0].round));
    chart.tasks[0].key = format!("check-coverage/{id}.3");
    let chart = chart.renumbered(&mut |entity, number| {
        let referral = (entity == Entity::Referral && number != 10_001).then_some(30_000);
        referral.or((entity == Entity::Coverage).then_some(number * 10))
    });
    let new = format!("COV-{}", id.0 * 10);
    assert_eq!(chart.coverages[0].id.to_string(), new);
    assert_eq!(
        chart.coverages[0].trace,
        Some(format!("RD{}-{}", id.0 * 10, chart.coverages[0].round))
    );
    assert_eq!(chart.tasks[0].key, format!("check-coverage/{new}.3"));
    assert_eq!(
        (chart.referral.id, chart.referral.replaces),
        (ReferralId(30_000), None)
    );
    assert!(
        chart
            .milestones
            .iter()
            .all(|each| each.referral == ReferralId(30_000))
    );
}

#[test]
fn the_task_tells_where_it_stands_in_the_words_of_the_guide() {
    let (mut chart, _) = chart(1);
    chart.referral.status = Status::NoShow;
    let printed = print(&chart, with(&[]));
    let task = resource(&printed, "Task");
    assert_eq!(task["status"], "in-progress");
    assert_eq!(
        task["businessStatus"]["coding"],
        json!([
            { "system": "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS", "code": "5.1.2",
              "display": "Scheduled Service Request Event Unattended" },
            { "system": "urn:refdesk:status", "code": "no-show" },
        ])
    );
}

#[test]
fn a_chart_of_which_something_is_lost_is_not_taken_for_whole() {
    let (chart, originals) = chart(7);
    let whole = print(&chart, with(&originals));
    let spoilt = |change: &dyn Fn(&mut Value)| {
        let mut bundle = whole.clone();
        for entry in bundle["entry"].as_array_mut().unwrap() {
            change(&mut entry["resource"]);
        }
        super::read(&bundle.to_string())
    };
    let cases: [&dyn Fn(&mut Value); 6] = [
        &|resource| {
            if resource["resourceType"] == "Organization" {
                resource["extension"] = json!([])
            }
        },
        &|resource| {
            if resource["resourceType"] == "Practitioner" {
                resource["extension"] = json!([])
            }
        },
        &|resource| {
            if resource["resourceType"] == "Patient" {
                resource["gender"] = json!("secret")
            }
        },
        &|resource| {
            if resource["resourceType"] == "Patient" {
                resource["id"] = json!("secret")
            }
        },
        &|resource| {
            if resource["resourceType"] == "ServiceRequest" {
                resource["authoredOn"] = json!("secret")
            }
        },
        &|resource| {
            if resource["resourceType"] == "DocumentReference" {
                resource["content"][0]["attachment"]["data"] = json!("c2VjcmV0");
            }
        },
    ];
    for (place, change) in cases.iter().enumerate() {
        let why = spoilt(*change).unwrap_err();
        assert!(
            why.contains("cannot be read back") && !why.contains("secret"),
            "{place}: {why}"
        );
    }
    assert!(
        super::read(r#"{"resourceType":"ServiceRequest","id":"R-20417-S"}"#)
            .unwrap()
            .is_none(),
        "somebody else's"
    );
    assert!(super::read("{").is_err());
}

#[test]
fn two_clinics_never_name_the_same_resource() {
    let (chart, _) = chart(3);
    let names = |clinic: &str| -> Vec<String> {
        let bundle = print(&chart, With { clinic, ..with(&[]) });
        let entries = bundle["entry"].as_array().unwrap();
        entries
            .iter()
            .map(|entry| entry["fullUrl"].as_str().unwrap().to_owned())
            .collect()
    };
    let (here, there) = (names("Riverside"), names("Lakeside"));
    assert!(here.iter().all(|name| !there.contains(name)));
    assert_eq!(here, names("Riverside"));
}

#[test]
fn the_table_is_told_to_whoever_reads_what_leaves() {
    let told = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/fhir.md")).unwrap();
    for (name, on, says) in EXTENSIONS.iter().chain(&SYSTEMS) {
        let line = format!("| `{SYSTEM}:{name}` | {on} | {says} |");
        assert!(told.contains(&line), "docs/fhir.md lacks {line}");
    }
}

#[test]
fn every_name_of_ours_is_in_the_table() {
    let table: Vec<String> = EXTENSIONS
        .iter()
        .chain(&SYSTEMS)
        .map(|(name, ..)| format!("{SYSTEM}:{name}"))
        .collect();
    let mut used = std::collections::BTreeSet::new();
    for seed in 0..40 {
        let text = print(&chart(seed).0, with(&[])).to_string();
        let ours = text.split('"').filter(|part| part.starts_with(SYSTEM));
        used.extend(ours.map(|name| name.replace(":questionnaire:cardiology", ":questionnaire")));
    }
    for name in &used {
        assert!(table.contains(name), "{name} is not in the table");
    }
    for name in &table {
        assert!(used.contains(name), "{name} is never printed");
    }
}
