//! Documents as certified systems write them, and what is read of them.

use super::*;

fn document(code: &str, reason: &str) -> String {
    format!(
        r#"<ClinicalDocument xmlns="urn:hl7-org:v3"><code code="{code}" displayName="Note"/><recordTarget><patientRole>
        <id root="1.2.3" extension="8812"/><id root="2.16.840.1.113883.4.1" extension="123-45-6789"/>
        <telecom value="tel:(412) 555-0199"/><patient><name use="L"><given>Rosa</given><family>Alvarez</family></name>
        <administrativeGenderCode code="F"/><birthTime value="19700504"/></patient></patientRole></recordTarget>
        <author><assignedAuthor><id root="2.16.840.1.113883.4.6" extension="1234567893"/><assignedPerson><name><given>Ann</given>
        <family>Lee</family></name></assignedPerson></assignedAuthor></author><component><structuredBody><component><section>
        <code code="42349-1"/><title>Reason</title><text>{reason}</text></section></component></structuredBody></component></ClinicalDocument>"#
    )
}

#[test]
fn a_referral_note_states_who_and_why() {
    let stated = read(&document("57133-1", "Referred to cardiology for palpitations."))
        .unwrap()
        .unwrap();
    assert_eq!(stated.sense, Sense::Referral);
    let table = [
        (What::PatientName, "Alvarez, Rosa"),
        (What::Dob, "1970-05-04"),
        (What::Sex, "F"),
        (What::Mrn, "8812"),
        (What::PatientPhone, "(412) 555-0199"),
        (What::ProviderName, "Ann Lee"),
        (What::Npi, "1234567893"),
        (What::Reason, "Referred to cardiology for palpitations."),
    ];
    for (what, expected) in table {
        assert_eq!(stated.first(what), Some(expected), "{what:?}");
    }
    assert_eq!(stated.all(What::Mrn).count(), 1, "no social security number");
}

#[test]
fn a_place_that_a_document_names_is_as_clean_as_a_value() {
    let text = document("57133-1", "seen").replace("42349-1", "\u{202e}9-1\u{9b}");
    let stated = read(&text).unwrap().unwrap();
    let told = stated.items.iter().find(|item| item.text == "Reason: seen");
    assert_eq!(told.map(|item| item.at.as_str()), Some("section 9-1"));
}

#[test]
fn labels_in_the_narrative_name_receiver_and_service() {
    let said = "Referral (procedure) To: Penny Puffer Content: We are referring Adam to you. Reason for referral: Pulmonary function tests. Date: soon";
    let stated = read(&document("57133-1", said)).unwrap().unwrap();
    assert_eq!(stated.first(What::ReferredTo), Some("Penny Puffer"));
    assert_eq!(stated.first(What::Service), Some("Pulmonary function tests"));
    let prose = read(&document(
        "57133-1",
        "We refer her to: the clinic of your choice, please.",
    ))
    .unwrap()
    .unwrap();
    assert_eq!(
        (prose.first(What::ReferredTo), prose.first(What::Service)),
        (None, None)
    );
}

#[test]
fn a_summary_is_a_referral_only_where_it_refers() {
    let table = [
        (
            "34133-9",
            "We are referring Rosa to you for evaluation.",
            Sense::Referral,
        ),
        ("34133-9", "No Reason for Referral data", Sense::Report),
        (
            "11488-4",
            "We are referring her back to you with thanks.",
            Sense::Report,
        ),
        ("99999-9", "nothing", Sense::Report),
    ];
    for (code, reason, expected) in table {
        assert_eq!(
            read(&document(code, reason)).unwrap().unwrap().sense,
            expected,
            "{code} {reason}"
        );
    }
    assert_eq!(read("<Patient/>").unwrap(), None);
    assert!(
        read(
            "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><ClinicalDocument>&b;</ClinicalDocument>"
        )
        .is_err()
    );
}
