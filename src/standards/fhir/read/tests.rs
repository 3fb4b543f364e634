//! What messages of one and of several resources state.

use super::*;
use crate::standards::Happening;

#[test]
fn a_bundle_states_a_referral() {
    let text = r#"{"resourceType":"Bundle","type":"message","entry":[
     {"fullUrl":"urn:uuid:1","resource":{"resourceType":"ServiceRequest","status":"active","intent":"order","priority":"urgent",
      "identifier":[{"value":"S-1"}],"code":{"text":"Cardiology consultation"},"subject":{"reference":"urn:uuid:2"},
      "requester":{"reference":"urn:uuid:3"},"reasonCode":[{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"r00.2"}],
      "text":"Palpitations"}],"insurance":[{"reference":"urn:uuid:5"}]}},
     {"fullUrl":"urn:uuid:2","resource":{"resourceType":"Patient","name":[{"use":"nickname","given":["Ro"]},{"use":"official",
      "family":"Alvarez","given":["Rosa","M"]}],"birthDate":"1970-05-04","gender":"female","identifier":[{"value":"8812"},
      {"system":"http://hl7.org/fhir/sid/us-ssn","value":"123-45-6789"}],"telecom":[{"system":"phone","value":"(412) 555-0199"}]}},
     {"fullUrl":"urn:uuid:3","resource":{"resourceType":"PractitionerRole","practitioner":{"reference":"urn:uuid:4"},
      "telecom":[{"system":"fax","value":"412-555-0102"}]}},
     {"fullUrl":"urn:uuid:4","resource":{"resourceType":"Practitioner","name":[{"text":"Lee, Ann"}],"identifier":[{"value":"1234567893"}]}},
     {"fullUrl":"urn:uuid:5","resource":{"resourceType":"Coverage","subscriberId":"W123","payor":[{"display":"Aetna"}],
      "class":[{"type":{"coding":[{"code":"group"}]},"value":"G-9"}]}}]}"#;
    let stated = read(text).unwrap();
    assert_eq!(stated.sense, Sense::Referral);
    let table = [
        (What::PatientName, "Alvarez, Rosa M"),
        (What::Dob, "1970-05-04"),
        (What::Mrn, "8812"),
        (What::ProviderName, "Ann Lee"),
        (What::Npi, "1234567893"),
        (What::ProviderFax, "412-555-0102"),
        (What::Service, "Cardiology consultation"),
        (What::Urgency, "urgent"),
        (What::Reason, "Palpitations"),
        (What::Icd10, "R00.2"),
        (What::Payer, "Aetna"),
        (What::MemberId, "W123"),
        (What::GroupNo, "G-9"),
        (What::ReferralId, "S-1"),
    ];
    for (what, expected) in table {
        assert_eq!(stated.first(what), Some(expected), "{what:?}");
    }
    assert_eq!(stated.all(What::Mrn).count(), 1, "no social security number");
}

#[test]
fn what_a_message_is_for_is_told_by_its_weightiest_resource() {
    let table = [
        (
            r#"{"resourceType":"Appointment","status":"noshow"}"#,
            Sense::Appointment(Happening::NoShow),
        ),
        (
            r#"{"resourceType":"ServiceRequest","doNotPerform":true}"#,
            Sense::Order,
        ),
        (
            r#"{"resourceType":"ServiceRequest","status":"revoked"}"#,
            Sense::ReferralCancel,
        ),
        (r#"{"resourceType":"Patient"}"#, Sense::Demographics),
        (
            r#"{"resourceType":"Claim","use":"preauthorization"}"#,
            Sense::AuthorizationRequest,
        ),
        (
            r#"{"resourceType":"CoverageEligibilityResponse","outcome":"error"}"#,
            Sense::EligibilityResponse,
        ),
        (r#"{"resourceType":"Basic"}"#, Sense::Other),
    ];
    for (text, expected) in table {
        assert_eq!(read(text).unwrap().sense, expected, "{text}");
    }
    assert!(read(r#"{"name":"no resource"}"#).is_err());
}

#[test]
fn a_coverage_is_its_beneficiarys() {
    let table = [
        (r#""beneficiary":{"reference":"Patient/a"},"#, Some("Aetna")),
        (r#""beneficiary":{"reference":"Patient/b"},"#, None),
        (r#""beneficiary":{"reference":"Patient/z"},"#, None),
        ("", None),
    ];
    for (beneficiary, expected) in table {
        let text = format!(
            r#"{{"resourceType":"Bundle","entry":[
            {{"resource":{{"resourceType":"ServiceRequest","subject":{{"reference":"Patient/a"}}}}}},
            {{"resource":{{"resourceType":"Coverage",{beneficiary}"payor":[{{"display":"Aetna"}}]}}}},
            {{"resource":{{"resourceType":"Patient","id":"a","name":[{{"family":"Lee"}}]}}}},
            {{"resource":{{"resourceType":"Patient","id":"b","name":[{{"family":"Okafor"}}]}}}}]}}"#
        );
        assert_eq!(read(&text).unwrap().first(What::Payer), expected, "{beneficiary}");
        let alone = text.replace(r#""Patient","id":"b""#, r#""RelatedPerson","id":"b""#);
        let alone = read(&alone).unwrap();
        let only = beneficiary.is_empty().then_some("Aetna").or(expected);
        if !beneficiary.contains("/b") {
            assert_eq!(alone.first(What::Payer), only, "{beneficiary}");
        }
    }
}

#[test]
fn no_answer_is_never_eligible() {
    let table = [
        (r#""outcome":"complete","insurance":[{"inforce":true}]"#, "active"),
        (
            r#""outcome":"complete","insurance":[{"inforce":false}]"#,
            "inactive",
        ),
        (r#""outcome":"complete""#, "unknown"),
        (r#""outcome":"error","insurance":[{"inforce":true}]"#, "unknown"),
        (
            r#""outcome":"complete","insurance":[{"inforce":true}],"error":[{"code":{"text":"a"}}]"#,
            "unknown",
        ),
    ];
    for (answer, expected) in table {
        let text = format!(r#"{{"resourceType":"CoverageEligibilityResponse",{answer}}}"#);
        assert_eq!(
            read(&text).unwrap().first(What::EligibilityStatus),
            Some(expected),
            "{answer}"
        );
    }
}
