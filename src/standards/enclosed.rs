//! Documents that travel inside a structured message, each as the bytes that it is.
//!
//! Owns where each format puts them (HL7 v2 ED §2A.24 in OBX-5; FHIR Attachment with its data or a Binary of the same bundle; C-CDA's
//! base64 in nonXMLBody and observationMedia), and whose each says it is. Must not know what the desk does with one, or read it.

use super::fhir::{self, Node, Resources};
use super::hl7v2::{Message, messages};
use crate::domain::text;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// At most so many of one message are taken out.
const MOST: usize = 50;

/// Whose a document says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The patient's whom its message is about.
    Messages,
    /// Another patient's.
    Anothers,
    /// It names nobody.
    Nobodys,
}

/// A document inside a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Enclosed {
    /// What it is called, or what it is.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whose it says it is.
    pub whose: Whose,
}

/// The documents inside a message, and how many more there are than are taken out.
pub fn enclosed(raw: &str) -> (Vec<Enclosed>, usize) {
    let lead = raw.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{0B}' || c == '\u{FEFF}');
    let mut all = if lead.starts_with('<') {
        in_xml(lead)
    } else if lead.starts_with(['{', '[']) {
        fhir::parse(lead).map_or_else(|_| Vec::new(), |roots| in_fhir(&roots))
    } else {
        messages(lead)
            .iter()
            .filter_map(|text| Message::parse(text))
            .flat_map(|message| in_hl7(&message))
            .collect()
    };
    let mut unlike: Vec<Enclosed> = Vec::new();
    for each in all.drain(..) {
        if !unlike.iter().any(|known| known.bytes == each.bytes) {
            unlike.push(each);
        }
    }
    let more = unlike.len().saturating_sub(MOST);
    unlike.truncate(MOST);
    (unlike, more)
}

/// Base64, broken into lines or not.
fn decoded(data: &str) -> Option<Vec<u8>> {
    let plain: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(plain).ok().filter(|bytes| !bytes.is_empty())
}

fn called(names: &[&str], media: &str) -> String {
    let name = names.iter().map(|name| text::squeeze(&text::line(name)));
    let name = name.into_iter().find(|name| !name.is_empty());
    let media = text::squeeze(&text::line(media));
    let whole = match (name, media.is_empty()) {
        (Some(name), _) => name,
        (None, false) => format!("enclosed {media}"),
        (None, true) => "enclosed".to_owned(),
    };
    whole.chars().take(200).collect()
}

/// A message is about one patient, and what it encloses is theirs.
fn in_hl7(message: &Message<'_>) -> Vec<Enclosed> {
    let data = message
        .all("OBX")
        .filter(|obx| obx.field(2).text().eq_ignore_ascii_case("ED"));
    let documents = data.flat_map(|obx| {
        let (title, values) = (obx.field(3), obx.field(5));
        let one = move |value: super::hl7v2::Part<'_>| {
            if !value.component(4).text().eq_ignore_ascii_case("Base64") {
                return None;
            }
            let media = [2, 3].map(|part| value.component(part).text());
            Some(Enclosed {
                name: called(
                    &[&title.component(2).text(), &title.component(1).text()],
                    &media.join("/"),
                ),
                bytes: decoded(&value.component(5).whole())?,
                whose: Whose::Messages,
            })
        };
        values.repetitions().filter_map(one).collect::<Vec<_>>()
    });
    documents.collect()
}

/// Where resources hold attachments, and where they name their patient.
const HOLDERS: [(&str, &[&str], &[&str]); 5] = [
    ("DocumentReference", &["content", "attachment"], &["subject"]),
    ("DiagnosticReport", &["presentedForm"], &["subject"]),
    ("Communication", &["payload", "contentAttachment"], &["subject"]),
    ("Media", &["content"], &["subject"]),
    ("Consent", &["sourceAttachment"], &["patient"]),
];
/// What a message may be about, the weightiest first.
const SUBJECTS: [&str; 7] = [
    "ServiceRequest",
    "ReferralRequest",
    "DiagnosticReport",
    "Composition",
    "Communication",
    "Task",
    "Appointment",
];

fn in_fhir(roots: &[Node]) -> Vec<Enclosed> {
    let resources = Resources::of(roots);
    let about = SUBJECTS.iter().find_map(|kind| resources.first(kind));
    let patient = about.and_then(|about| {
        patient_of(about, &["subject"], &resources).or_else(|| patient_of(about, &["patient"], &resources))
    });
    let mut taken: Vec<*const Node> = Vec::new();
    let mut all = Vec::new();
    for (kind, way, whom) in HOLDERS {
        for node in resources.of_type(kind) {
            let own = patient_of(node, whom, &resources);
            let asked =
                about.is_some_and(|about| std::ptr::eq(about, node) || names(node, about, &resources));
            let whose = match (&own, &patient) {
                (Some(own), Some(patient)) if own == patient => Whose::Messages,
                (Some(_), Some(_)) => Whose::Anothers,
                (None, _) | (Some(_), None) if asked => Whose::Messages,
                (None, _) | (Some(_), None) => Whose::Nobodys,
            };
            for attachment in below(node, way) {
                let binary = attachment
                    .text("url")
                    .and_then(|_| resources.follow_url(attachment));
                taken.extend(binary.map(std::ptr::from_ref));
                let media = attachment.text("contentType");
                let data = attachment.text("data").or_else(|| binary?.text("data"));
                if let Some(bytes) = data.and_then(decoded) {
                    let names = [
                        attachment.text("title"),
                        node.text("description"),
                        node.text_at(&["type", "text"]),
                    ];
                    let names: Vec<&str> = names.into_iter().flatten().collect();
                    let name = called(&names, media.unwrap_or_default());
                    all.push(Enclosed { name, bytes, whose });
                }
            }
        }
    }
    // A Binary that nothing points to is nobody's (R4 §2.34: it says what it is, and not about whom).
    for node in resources.of_type("Binary") {
        let pointed = taken.contains(&std::ptr::from_ref(node));
        if let Some(bytes) = node.text("data").filter(|_| !pointed).and_then(decoded) {
            let name = called(&[], node.text("contentType").unwrap_or_default());
            let whose = Whose::Nobodys;
            all.push(Enclosed { name, bytes, whose });
        }
    }
    all
}

/// Who a reference names: the resource's place, or the name as it stands.
#[derive(PartialEq, Eq)]
enum Who<'n> {
    Here(usize),
    Named(&'n str),
}

fn patient_of<'n>(node: &'n Node, way: &[&str], resources: &Resources<'n>) -> Option<Who<'n>> {
    let reference = node.path(way).or_else(|| node.get("for"))?;
    Some(patient(reference, resources))
}

fn patient<'n>(reference: &'n Node, resources: &Resources<'n>) -> Who<'n> {
    match resources.follow(reference) {
        Some(found) => Who::Here(std::ptr::from_ref(found).addr()),
        None => Who::Named(reference.text("reference").unwrap_or_default()),
    }
}

/// Whether a document names a request, or the request names it.
fn names(document: &Node, request: &Node, resources: &Resources<'_>) -> bool {
    let points = |from: &Node, ways: &[&[&str]], to: &Node| {
        ways.iter()
            .flat_map(|way| below(from, way))
            .filter_map(|reference| resources.follow(reference))
            .any(|found| std::ptr::eq(found, to))
    };
    let to_request: [&[&str]; 4] = [&["context", "related"], &["basedOn"], &["context"], &["about"]];
    let to_document: [&[&str]; 3] = [&["supportingInfo"], &["input", "valueReference"], &["result"]];
    points(document, &to_request, request) || points(request, &to_document, document)
}

fn below<'n>(node: &'n Node, way: &[&str]) -> Vec<&'n Node> {
    way.iter().fold(vec![node], |nodes, name| {
        nodes.into_iter().flat_map(|node| node.each(name)).collect()
    })
}

/// A clinical document is about one patient (recordTarget); FHIR's XML is FHIR.
fn in_xml(raw: &str) -> Vec<Enclosed> {
    let Ok(document) = roxmltree::Document::parse(raw.trim()) else {
        return Vec::new();
    };
    if document.root_element().tag_name().name() != "ClinicalDocument" {
        return fhir::parse(raw).map_or_else(|_| Vec::new(), |roots| in_fhir(&roots));
    }
    let encoded = document.descendants().filter(|node| {
        let holder = node.parent().map(|parent| parent.tag_name().name());
        node.attribute("representation") == Some("B64")
            && matches!(holder, Some("nonXMLBody" | "observationMedia"))
    });
    let documents = encoded.filter_map(|node| {
        Some(Enclosed {
            name: called(&[], node.attribute("mediaType").unwrap_or_default()),
            bytes: decoded(node.text()?)?,
            whose: Whose::Messages,
        })
    });
    documents.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(raw: &str) -> Vec<(String, String, Whose)> {
        let of = |each: Enclosed| (each.name, String::from_utf8(each.bytes).unwrap(), each.whose);
        enclosed(raw).0.into_iter().map(of).collect()
    }

    #[test]
    fn each_format_has_its_place_for_documents() {
        let hl7 = "MSH|^~\\&|||||||MDM^T02|1|P|2.5\rPID|1||||A^B\rOBX|1|ED|ECG^Tracing^L||^application^pdf^Base64^YQ==~^TEXT^XML^Base64^Yg==\r\
            OBX|2|ED|||^application^pdf^Base64^YQ==\rOBX|3|ED|||^a^b^Hex^00\rOBX|4|ED|||^a^b^Base64^%%\rOBX|5|TX|||plain";
        let own = Whose::Messages;
        assert_eq!(
            told(hl7),
            [
                ("Tracing".into(), "a".into(), own),
                ("Tracing".into(), "b".into(), own)
            ]
        );
        let ccda = r#"<ClinicalDocument xmlns="urn:hl7-org:v3"><component><nonXMLBody><text mediaType="application/pdf" representation="B64">
            YQ
            ==</text></nonXMLBody></component><entry><observationMedia><value mediaType="image/png" representation="B64">Yg==</value>
            </observationMedia></entry></ClinicalDocument>"#;
        assert_eq!(
            told(ccda),
            [
                ("enclosed application/pdf".into(), "a".into(), own),
                ("enclosed image/png".into(), "b".into(), own)
            ]
        );
        for nothing in ["", "MSH|", "{", "<a>", "<ClinicalDocument/>", "{}"] {
            assert_eq!(told(nothing), [], "{nothing}");
        }
    }

    #[test]
    fn whose_a_document_of_a_bundle_is_is_what_it_says() {
        let text = r##"{"resourceType":"Bundle","entry":[
            {"resource":{"resourceType":"ServiceRequest","id":"1","subject":{"reference":"Patient/a"},"supportingInfo":[{"reference":"DocumentReference/s"}]}},
            {"resource":{"resourceType":"Patient","id":"a"}},{"resource":{"resourceType":"Patient","id":"b"}},
            {"fullUrl":"urn:uuid:9","resource":{"resourceType":"Binary","id":"x","contentType":"application/pdf","data":"YQ=="}},
            {"resource":{"resourceType":"Binary","id":"y","data":"Yg=="}},
            {"resource":{"resourceType":"DocumentReference","subject":{"reference":"Patient/a"},"content":[{"attachment":{"title":"ECG","url":"urn:uuid:9"}}]}},
            {"resource":{"resourceType":"DocumentReference","subject":{"reference":"Patient/b"},"content":[{"attachment":{"title":"his","data":"Yw=="}}]}},
            {"resource":{"resourceType":"DocumentReference","content":[{"attachment":{"title":"whose","data":"ZA=="}}]}},
            {"resource":{"resourceType":"DocumentReference","id":"s","content":[{"attachment":{"title":"named","data":"ZQ=="}}]}},
            {"resource":{"resourceType":"DocumentReference","subject":{"reference":"Patient/zz"},"content":[{"attachment":{"title":"away","data":"Zg=="}}]}}]}"##;
        let found = told(text);
        let of = |data: &str| {
            found
                .iter()
                .find(|(_, bytes, _)| bytes == data)
                .map(|(name, _, whose)| (name.as_str(), *whose))
        };
        let table = [
            ("a", "ECG", Whose::Messages),
            ("b", "enclosed", Whose::Nobodys),
            ("c", "his", Whose::Anothers),
            ("d", "whose", Whose::Nobodys),
            ("e", "named", Whose::Messages),
            ("f", "away", Whose::Anothers),
        ];
        for (data, name, whose) in table {
            assert_eq!(of(data), Some((name, whose)), "{data}");
        }
    }
}
