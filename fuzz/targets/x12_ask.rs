//! The question to a payer (270), printed from what somebody typed, and read again.
//!
//! Held to: nothing that anybody is called ends an element, a segment or the interchange: it has the segments that it counts, and the
//! member that was asked about.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refdesk::domain::coverage::{Relationship, Subscriber};
use refdesk::domain::id::CoverageId;
use refdesk::domain::person::{HumanName, Sex};
use refdesk::domain::time::{from_seconds, parse_day};
use refdesk::standards::x12::ask::{Inquiry, Submitter, print};
use refdesk::standards::x12::{self, Interchange};
use refdesk::standards::{Sense, What};
use refdesk_fuzz::{sound, text};

fuzz_target!(|bytes: &[u8]| {
    let all = text(bytes);
    let mut said = all.split('\n').map(str::to_owned);
    let mut next = || said.next().unwrap_or_default();
    let mut name = || HumanName {
        family: next(),
        given: next(),
        suffix: next(),
    };
    let (patient, other) = (name(), name());
    let submitter = Submitter {
        sender: next(),
        receiver: next(),
        name: next(),
        npi: next(),
        production: true,
    };
    let Ok(day) = parse_day("2026-03-10") else { return };
    let subscriber = Subscriber {
        name: other,
        dob: None,
        sex: Sex::Female,
        relationship: Relationship::Child,
    };
    let (payer, payer_id, member_id, service) = (next(), next(), next(), next());
    for whose in [None, Some(&subscriber)] {
        let inquiry = Inquiry {
            coverage: CoverageId(12),
            round: 3,
            payer: &payer,
            payer_id: &payer_id,
            member_id: &member_id,
            name: &patient,
            dob: day,
            sex: Sex::Male,
            subscriber: whose,
            day,
            services: &[service.clone(), "30".into()],
        };
        let printed = print(&submitter, &inquiry, from_seconds(1_772_460_000));
        assert!(
            printed.is_ascii() && printed.lines().all(|line| line.len() < 240),
            "{printed}"
        );
        let segments = printed.lines().count();
        assert_eq!(segments, if whose.is_some() { 21 } else { 18 }, "{printed}");
        let interchange = Interchange::parse(&printed).expect("what is printed is an interchange");
        assert_eq!(interchange.all().count(), segments, "{printed}");
        let read = x12::read(&printed).expect("what is printed is read");
        assert_eq!(read.sense, Sense::EligibilityRequest);
        assert!(read.all(What::MemberId).count() <= 1, "{printed}");
        sound(&[read], printed.len());
    }
});
