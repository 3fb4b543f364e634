//! What is printed is FHIR R4: names, how often an element comes, codes of required bindings, references that lead somewhere.
//!
//! Written down from the resource pages of FHIR R4 (4.0.1) a second time, apart from the printer.

use super::own::EXTENSIONS;
use super::sample::chart;
use super::tests::with;
use super::*;

/// The elements of each resource and backbone element that is printed: `!` comes once, `*` any number of times, `+` at least
/// once, nothing at most once; `=` and the codes of its required binding.
const ELEMENTS: &[(&str, &str)] = &[
    ("Bundle", "identifier type!=collection timestamp entry*"),
    ("Bundle.entry", "fullUrl! resource!"),
    (
        "ServiceRequest",
        "identifier* replaces* status!=draft|active|on-hold|revoked|completed|entered-in-error|unknown \
         intent!=proposal|plan|directive|order|original-order|reflex-order|filler-order|instance-order|option category* \
         priority=routine|urgent|asap|stat code orderDetail* subject! authoredOn requester performerType performer* reasonCode* \
         insurance* supportingInfo*",
    ),
    (
        "Task",
        "identifier* basedOn* partOf* status!=draft|requested|received|accepted|rejected|ready|cancelled|in-progress|on-hold|\
         failed|completed|entered-in-error statusReason businessStatus \
         intent!=unknown|proposal|plan|order|original-order|reflex-order|filler-order|instance-order|option \
         priority=routine|urgent|asap|stat code description focus for executionPeriod authoredOn lastModified requester owner \
         insurance* restriction output*",
    ),
    ("Task.restriction", "period"),
    ("Task.output", "type! valueReference!"),
    (
        "ClaimResponse",
        "status!=active|cancelled|draft|entered-in-error type! use!=claim|preauthorization|predetermination patient! created! \
         insurer! outcome!=queued|complete|error|partial preAuthRef preAuthPeriod",
    ),
    (
        "QuestionnaireResponse",
        "basedOn* questionnaire status!=in-progress|completed|amended|entered-in-error|stopped subject item*",
    ),
    ("QuestionnaireResponse.item", "linkId! answer*"),
    ("QuestionnaireResponse.item.answer", "valueCoding"),
    (
        "Patient",
        "identifier* name* telecom* gender=male|female|other|unknown birthDate address* communication*",
    ),
    ("Patient.communication", "language! preferred"),
    ("Practitioner", "identifier* name* telecom*"),
    ("PractitionerRole", "practitioner organization"),
    ("Organization", "type* name telecom* address*"),
    (
        "Coverage",
        "status!=active|cancelled|draft|entered-in-error contained* subscriber subscriberId beneficiary! relationship payor+ class* order",
    ),
    ("Coverage.class", "type! value!"),
    (
        "Coverage.contained",
        "patient! name* gender=male|female|other|unknown birthDate",
    ),
    (
        "CoverageEligibilityResponse",
        "status!=active|cancelled|draft|entered-in-error purpose+=auth-requirements|benefits|discovery|validation patient! created! \
         request! outcome!=queued|complete|error|partial disposition insurer! insurance*",
    ),
    (
        "CoverageEligibilityResponse.insurance",
        "coverage! inforce benefitPeriod",
    ),
    (
        "Appointment",
        "identifier* status!=proposed|pending|booked|arrived|fulfilled|cancelled|noshow|entered-in-error|checked-in|waitlist \
         start end minutesDuration basedOn* participant+",
    ),
    (
        "Appointment.participant",
        "actor status!=accepted|declined|tentative|needs-action",
    ),
    (
        "Communication",
        "status!=preparation|in-progress|not-done|on-hold|stopped|completed|entered-in-error|unknown statusReason category* medium* \
         subject topic about* sent recipient* sender payload*",
    ),
    ("Communication.payload", "contentString contentReference"),
    (
        "CommunicationRequest",
        "identifier* status!=draft|active|on-hold|revoked|completed|entered-in-error|unknown subject about* payload* authoredOn",
    ),
    ("CommunicationRequest.payload", "contentString!"),
    (
        "DocumentReference",
        "identifier* status!=current|superseded|entered-in-error type subject date content+ context",
    ),
    ("DocumentReference.content", "attachment!"),
    ("DocumentReference.context", "related*"),
    ("Provenance", "target+ recorded! activity agent+"),
    ("Provenance.agent", "who!"),
    // Data types (R4 §2.24).
    (
        "Extension",
        "url! extension* valueString valueCode valueBoolean valueInteger valueDecimal",
    ),
    ("Reference", "reference type identifier display"),
    ("CodeableConcept", "coding* text"),
    ("Coding", "system code display"),
    ("Identifier", "type system value"),
    ("Period", "start end"),
    (
        "HumanName",
        "use=usual|official|temp|nickname|anonymous|old|maiden family given* suffix*",
    ),
    ("ContactPoint", "system=phone|fax|email|pager|url|sms|other value"),
    ("Address", "text"),
    ("Attachment", "contentType data size title"),
];

/// Elements whose value is a data type, by their name.
const TYPES: &[(&str, &str)] = &[
    ("extension", "Extension"),
    ("identifier", "Identifier"),
    ("coding", "Coding"),
    ("valueCoding", "Coding"),
    ("telecom", "ContactPoint"),
    ("address", "Address"),
    ("attachment", "Attachment"),
    ("period", "Period"),
    ("executionPeriod", "Period"),
    ("benefitPeriod", "Period"),
    ("preAuthPeriod", "Period"),
];
const CONCEPTS: [&str; 15] = [
    "relationship",
    "category",
    "code",
    "orderDetail",
    "performerType",
    "reasonCode",
    "statusReason",
    "businessStatus",
    "type",
    "medium",
    "topic",
    "activity",
    "language",
    "text",
    "name",
];

fn kind_of(path: &str, element: &str, value: &Value) -> String {
    if let Some((_, kind)) = TYPES.iter().find(|(name, _)| *name == element) {
        return (*kind).to_owned();
    }
    let has = |name: &str| value.get(name).is_some();
    if element == "name" {
        return "HumanName".to_owned();
    }
    if ELEMENTS
        .iter()
        .any(|(known, _)| *known == format!("{path}.{element}"))
    {
        return format!("{path}.{element}");
    }
    let concept = CONCEPTS.contains(&element) && (has("coding") || has("text"));
    (if concept { "CodeableConcept" } else { "Reference" }).to_owned()
}

fn check(path: &str, value: &Value, names: &[String]) {
    let (_, elements) = ELEMENTS
        .iter()
        .find(|(known, _)| *known == path)
        .unwrap_or_else(|| panic!("{path} is not in the table"));
    let fields = value
        .as_object()
        .unwrap_or_else(|| panic!("{path} is no object: {value}"));
    // What is contained is named within its own resource.
    let contained = fields.get("contained").and_then(Value::as_array);
    let local = contained
        .into_iter()
        .flatten()
        .filter_map(|each| each["id"].as_str());
    let all: Vec<String> = names
        .iter()
        .cloned()
        .chain(local.map(|id| format!("#{id}")))
        .collect();
    let names = all.as_slice();
    let specified: Vec<(&str, char, Option<&str>)> = elements
        .split_whitespace()
        .map(|element| {
            let (name, codes) = element
                .split_once('=')
                .map_or((element, None), |(name, codes)| (name, Some(codes)));
            let bare = name.trim_end_matches(['!', '*', '+']);
            (
                bare,
                name.chars().last().filter(|_| bare != name).unwrap_or('?'),
                codes,
            )
        })
        .collect();
    for (name, many, _) in &specified {
        assert!(
            !matches!(many, '!' | '+') || fields.contains_key(*name),
            "{path} lacks {name}: {value}"
        );
    }
    for (name, value) in fields {
        if matches!(name.as_str(), "resourceType" | "id") {
            continue;
        }
        let resource = !path.contains('.')
            && path.starts_with(|c: char| c.is_ascii_uppercase())
            && fields.contains_key("resourceType");
        let known = specified.iter().find(|(known, ..)| known == name);
        let (many, codes) = match known {
            Some((_, many, codes)) => (*many, *codes),
            None if resource && name == "extension" => ('*', None),
            None => panic!("{path} has no {name} in R4"),
        };
        let listed = matches!(many, '*' | '+');
        assert_eq!(value.is_array(), listed, "{path}.{name}: a list in R4, or none");
        let items: Vec<&Value> = value
            .as_array()
            .map_or_else(|| vec![value], |items| items.iter().collect());
        assert!(!items.is_empty(), "{path}.{name} is an empty list");
        for item in items {
            if let Some(codes) = codes {
                assert!(
                    codes.split('|').any(|code| item == code),
                    "{path}.{name}: {item} is none of its codes"
                );
            }
            match item {
                Value::Object(_) if name == "resource" => {
                    check(item["resourceType"].as_str().unwrap(), item, names)
                }
                Value::Object(_) => check(&kind_of(path, name, item), item, names),
                Value::Null | Value::Array(_) => panic!("{path}.{name} is null, or a list of lists"),
                Value::String(text) => assert!(!text.trim().is_empty(), "{path}.{name} is empty"),
                Value::Bool(_) | Value::Number(_) => {}
            }
        }
    }
    if path == "Reference"
        && let Some(reference) = fields.get("reference")
    {
        assert!(
            names.iter().any(|name| reference == name),
            "a reference leads nowhere: {reference}"
        );
    }
    if path == "Extension" {
        // ext-1: extensions or a value, never both.
        let valued = fields.keys().filter(|name| name.starts_with("value")).count();
        assert_eq!(
            valued + usize::from(fields.contains_key("extension")),
            1,
            "{value}"
        );
    }
}

#[test]
fn what_is_printed_is_fhir() {
    for seed in 0..200 {
        let (chart, originals) = chart(seed);
        let bundle = print(&chart, with(&originals));
        let entries = bundle["entry"].as_array().unwrap();
        let names: Vec<String> = entries
            .iter()
            .map(|entry| entry["fullUrl"].as_str().unwrap().to_owned())
            .collect();
        let distinct: BTreeSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "bdl-7: each full URL once");
        check("Bundle", &bundle, &names);
        for entry in entries {
            let resource = &entry["resource"];
            let id = resource["id"].as_str().unwrap();
            let fits = id.len() <= 64
                && id
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
            assert!(fits, "{id} is no id");
            for extension in resource["extension"].as_array().into_iter().flatten() {
                let url = extension["url"].as_str().unwrap();
                let kind = resource["resourceType"].as_str().unwrap();
                let ours = EXTENSIONS
                    .iter()
                    .find(|(name, ..)| format!("{SYSTEM}:{name}") == url)
                    .unwrap();
                assert!(ours.1.split(", ").any(|on| on == kind), "{url} stands on {kind}");
            }
        }
    }
}
