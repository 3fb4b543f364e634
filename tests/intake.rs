//! Reading documents as a neighbour would: whole invented documents, the jailed child, hostile bytes.

use proptest::prelude::*;
use refdesk::channels::letter;
use refdesk::intake::document::{Container, DocumentKind, Field, Found, Value};
use refdesk::intake::{ReadDocument, jail, read};
use std::path::Path;

fn jailed(name: &str, bytes: &[u8]) -> ReadDocument {
    jail::read_jailed(Path::new(env!("CARGO_BIN_EXE_refdesk")), name, bytes)
}

fn value(document: &ReadDocument, field: Field) -> String {
    match document.best(field).map(|found| &found.value) {
        Some(Value::Name { family, given }) => format!("{family}, {given}"),
        Some(Value::Text(text)) => text.clone(),
        None => String::new(),
    }
}

fn sure(document: &ReadDocument, field: Field) -> f32 {
    document.best(field).map_or(0.0, |found| found.confidence)
}

fn all(document: &ReadDocument, field: Field) -> Vec<String> {
    let text = |found: &Found| match &found.value {
        Value::Text(text) => text.clone(),
        Value::Name { family, .. } => family.clone(),
    };
    document
        .fields
        .get(&field)
        .map(|all| all.iter().map(text).collect())
        .unwrap_or_default()
}

const NUMBERED_FORM: &str = "\
REQUEST FOR SPECIALTY CONSULTATION                                   Page 1 of 1

Date of Request: 11/20/2026      Time: 10:30 AM      Requested By: Kelly Tran, NP

1. Patient Name:  JACKSON III, WILLIAM T          2. Birth Date:  07/22/1948
3. Sex:  M [X]  F [ ]                             4. Phone No.:  (404) 555-6161
5. Mailing Address:  77 Peachtree Pl NE, Atlanta, GA 30309
6. Primary Insurance:  Medicare                   7. Medicare ID (MBI):  1EG4-TE5-MK73
8. Secondary Insurance:  AARP/UHC                 9. Policy No.:  334455667-11
10. Specialty Requested:  Pulmonary Medicine      11. Requesting Facility:  Midtown Senior Care
12. Facility Phone:  (404) 555-7000               13. Facility Fax:  (404) 555-7001
14. Provider NPI:  1234567893
15. Diagnosis & ICD-10 Code:  COPD J44.9; Nicotine dependence F17.210
16. Reason for Consultation:  Worsening dyspnea, FEV1 38%.
    Oxygen evaluation and pulmonary rehab.
17. Urgency:  Routine [ ]   Urgent [X]   STAT [ ]
";

#[test]
fn a_numbered_form() {
    let read = jailed("form.txt", NUMBERED_FORM.as_bytes());
    assert_eq!(
        (read.container, read.kind),
        (Container::Text, DocumentKind::Referral),
        "{:?}",
        read.warnings
    );
    let expected = [
        (Field::PatientName, "Jackson, William T III"),
        (Field::Dob, "1948-07-22"),
        (Field::Sex, "M"),
        (Field::PatientPhone, "4045556161"),
        (Field::PatientAddress, "77 Peachtree Pl NE, Atlanta, GA 30309"),
        (Field::Payer, "Medicare"),
        (Field::MemberId, "1EG4-TE5-MK73"),
        (Field::SpecialtyRequested, "Pulmonology"),
        (Field::ReferringProviderName, "Kelly Tran, NP"),
        (Field::ReferringOrg, "Midtown Senior Care"),
        (Field::ReferringPhone, "4045557000"),
        (Field::ReferringFax, "4045557001"),
        (Field::ReferringNpi, "1234567893"),
        (
            Field::ReasonText,
            "Worsening dyspnea, FEV1 38%. Oxygen evaluation and pulmonary rehab.",
        ),
        (Field::Urgency, "urgent"),
    ];
    for (field, wanted) in expected {
        assert_eq!(value(&read, field), wanted, "{field:?}");
    }
    assert_eq!(all(&read, Field::Icd10), ["J44.9", "F17.210"]);
    assert_eq!(
        value(&read, Field::GroupNo),
        "",
        "the second insurance's numbers are nobody's"
    );
}

const TWO_COLUMNS: &str = "\
PATIENT                              REFERRING CLINICIAN
Last Name: Nguyen                    Name: Dr. Aaron Feldman
First Name: Thi Bich                 Practice: Feldman & Ito Family Doctors
Birth date: 1990-12-01               Phone: 714-555-8800
Gender: Female                       Fax: 714-555-8801
Phone (cell): 714-555-3030           NPI: 1000000004

INSURANCE                            SERVICE REQUESTED
Company: CalOptima Medi-Cal          Specialty: ENT
Member #: 9012345A                   [X] Routine  [ ] Urgent  [ ] STAT
Group #: N/A                         ICD-10: H91.21
Policy holder DOB: 12/01/1950        Auth #: PA-2231-09

Reason for consult: Sudden right hearing loss since yesterday. This is an emergent referral.
";

#[test]
fn two_columns_and_a_conflict_of_urgency() {
    let read = jailed("columns.txt", TWO_COLUMNS.as_bytes());
    assert_eq!(value(&read, Field::PatientName), "Nguyen, Thi Bich");
    assert_eq!(value(&read, Field::PatientPhone), "7145553030");
    assert_eq!(value(&read, Field::ReferringPhone), "7145558800");
    assert_eq!(value(&read, Field::ReferringFax), "7145558801");
    assert_eq!(value(&read, Field::ReferringNpi), "1000000004");
    assert_eq!(
        all(&read, Field::Dob),
        ["1990-12-01"],
        "the policy holder's birth is not the patient's"
    );
    assert_eq!(value(&read, Field::GroupNo), "");
    assert_eq!(value(&read, Field::SpecialtyRequested), "Otolaryngology");
    let mut urgencies = all(&read, Field::Urgency);
    urgencies.sort();
    assert_eq!(urgencies, ["routine", "stat"]);
    assert!(sure(&read, Field::Urgency) < 0.7);
    assert!(
        read.warnings.iter().any(|warning| warning.contains("urgency")),
        "{:?}",
        read.warnings
    );
}

const LETTER: &str = "\
October 3, 2026

Harbor Point Neurology
Attn: New Patient Scheduling
Fax (207) 774-9090

RE: Thomas P. O'Shaughnessy, DOB 4 July 1949

To whom it may concern,

I am referring my patient Thomas O'Shaughnessy, a 77 y/o male, to your clinic for evaluation of progressive
tremor and gait instability. He can be reached at (207) 555-2368 or at his daughter's, (207) 555-9999. He lives
at 18 Wharf St, Portland, ME 04101 and is insured by Anthem Blue Cross Blue Shield (ID XEF998877665).

He was seen here on 09/28/2026; his last MRI was on 08/15/2026. ICD-10: G25.0. This is not an emergency, a
routine appointment is fine. If his symptoms become urgent we will call.

With kind regards,

Margaret Liu, DO
Casco Bay Internal Medicine
Phone 207-772-8181 | Fax 207-772-8182
NPI 1245319599
";

#[test]
fn a_letter_in_prose() {
    let read = jailed("letter.txt", LETTER.as_bytes());
    assert_eq!(read.kind, DocumentKind::Referral);
    let expected = [
        (Field::PatientName, "O'Shaughnessy, Thomas P"),
        (Field::Dob, "1949-07-04"),
        (Field::Sex, "M"),
        (Field::PatientPhone, "2075552368"),
        (Field::PatientAddress, "18 Wharf St, Portland, ME 04101"),
        (Field::ReferringProviderName, "Margaret Liu, DO"),
        (Field::ReferringOrg, "Casco Bay Internal Medicine"),
        (Field::ReferringPhone, "2077728181"),
        (Field::ReferringFax, "2077728182"),
        (Field::ReferringNpi, "1245319599"),
        (Field::Payer, "Anthem Blue Cross Blue Shield"),
        (Field::MemberId, "XEF998877665"),
        (Field::ReasonText, "progressive tremor and gait instability"),
        (Field::Urgency, "routine"),
    ];
    for (field, wanted) in expected {
        assert_eq!(value(&read, field), wanted, "{field:?}");
    }
    assert_eq!(all(&read, Field::Dob).len(), 1, "visit dates are no births");
}

#[test]
fn a_place_points_at_the_words_that_were_read() {
    let read = read("a.txt", b"Patient name: Ann Lee      DOB: 01/02/1990");
    let place = read.best(Field::Dob).unwrap().place.unwrap();
    let line = &read.pages[place.page as usize - 1].lines[place.line as usize];
    let shown: String = line
        .text
        .chars()
        .skip(place.start as usize)
        .take((place.end - place.start) as usize)
        .collect();
    assert_eq!(shown, "01/02/1990");
    assert!(
        place.area[0] >= line.area[0]
            && place.area[2] <= line.area[2] + 1e-4
            && place.area[0] < place.area[2]
    );
}

#[test]
fn papers_that_are_no_referrals_stay_what_they_are() {
    let table: &[(&str, DocumentKind)] = &[
        (
            "RE: your request RQ-7K2M-9XQ4\nPatient: Ann Lee\nMember ID: 55512345",
            DocumentKind::InfoReply,
        ),
        (
            "Dear Dr. Hall,\nThank you for referring Ms. Vega. I had the pleasure of seeing her.\nImpression: well.",
            DocumentKind::ConsultReport,
        ),
        (
            "Dear Business Owner,\nLimited time! Get a free quote. Call now. To be removed reply STOP.",
            DocumentKind::Junk,
        ),
        (
            "We welcome your patients!\nHarbor Foot Care\nNow accepting new patients. Same week appointments.\n\
             No referral needed. Lunch and learn for your team.\nTo be removed from our fax list call 1-800-555-0177.",
            DocumentKind::Junk,
        ),
        (
            "HARBOR FOOT CARE   Now accepting new patients   Same week appointments   Most insurance plans accepted\n\
             REFERRAL FORM\nPatient Name: Ann Lee\nDOB: 01/02/1990\nReferring Provider: Irene Hale, MD\n\
             Reason for Referral: heel pain",
            DocumentKind::Referral,
        ),
        // What is said of a patient is no advertisement, whatever else stands on the leaf.
        (
            "Lunch and learn! Grand opening! Now accepting new patients!\nPatient Name: Ann Lee\nDOB: 01/02/1990",
            DocumentKind::Unknown,
        ),
        (
            "AUTHORIZATION FOR RELEASE OF MEDICAL RECORDS\nPatient Name: Ann Lee\nDOB: 01/02/1990",
            DocumentKind::RecordsRequest,
        ),
        (
            "NOTICE OF PRIOR AUTHORIZATION APPROVAL\nMember name: Lee, Ann\nAuthorization number: A1234567",
            DocumentKind::AuthLetter,
        ),
        (
            "Acme Laboratories   FINAL REPORT\nPatient: LEE,ANN\nSpecimen: 1\nTest   Result   Reference range\nTSH   2.1   0.4-4.5",
            DocumentKind::LabResult,
        ),
        (
            "Dear colleague, the referral you asked about will follow.",
            DocumentKind::Unknown,
        ),
        (
            "PROGRESS NOTE\nPatient: Ann Lee\nAssessment: back pain. Referral to physical therapy.",
            DocumentKind::Unknown,
        ),
        ("hello", DocumentKind::Unknown),
    ];
    for (text, kind) in table {
        assert_eq!(read("a.txt", text.as_bytes()).kind, *kind, "{text}");
    }
}

#[test]
fn a_service_asked_for_somebody_makes_a_referral() {
    let table = [
        (
            "Patient: Ann Lee",
            "Service requested: Holter monitor",
            DocumentKind::Referral,
        ),
        ("Patient:", "Service requested:", DocumentKind::Unknown),
        ("Patient: Ann Lee", "Service requested:", DocumentKind::Unknown),
    ];
    for (patient, service, kind) in table {
        let text = format!("NEW REFERRAL\n\n{patient}\n{service}\n");
        assert_eq!(read("a.txt", text.as_bytes()).kind, kind, "{text}");
    }
}

#[test]
fn a_message_is_read_with_its_attachments() {
    let message = "From: Rosa <rosa@practice.example.com>\r\nTo: Intake <intake@clinic.example.org>\r\nSubject: Cardiology referral\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nPlease schedule the following patient.\r\n\r\nPatient name: Jos\u{e9} N\u{fa}\u{f1}ez\r\nDOB: 1-7-60\r\n\r\n\
        --b\r\nContent-Type: text/plain; name=\"notes.txt\"\r\nContent-Disposition: attachment; filename=\"notes.txt\"\r\n\r\nReason for referral: chest pain on exertion\r\n\
        --b\r\nContent-Type: image/png; name=\"card.png\"\r\nContent-Disposition: attachment; filename=\"../../card.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n";
    let read = jailed("m.eml", message.as_bytes());
    assert_eq!((read.container, read.pages.len()), (Container::Email, 2));
    assert_eq!(value(&read, Field::PatientName), "Núñez, José");
    assert_eq!(value(&read, Field::ReasonText), "chest pain on exertion");
    assert_eq!(value(&read, Field::SpecialtyRequested), "Cardiology");
    assert_eq!(
        value(&read, Field::PatientEmail),
        "",
        "the sender is not the patient"
    );
    assert_eq!(
        read.parts.iter().map(|part| part.read).collect::<Vec<_>>(),
        [true, false]
    );
    assert!(
        read.warnings.iter().any(|warning| warning.contains("picture")),
        "{:?}",
        read.warnings
    );
}

#[test]
fn broken_pictures_are_left_to_a_person() {
    let picture = jailed("scan.tif", b"II*\0rest");
    assert_eq!(
        (picture.container, picture.kind, picture.pages.len()),
        (Container::Image, DocumentKind::Unknown, 0)
    );
    assert_eq!(
        picture.warnings,
        ["the picture could not be read (it is damaged); a person must look"]
    );
    let message = jailed("a.txt", b"MSH|^~\\&|A|B|C|D|20260101||REF^I12|1|P|2.5.1\rPID|1");
    assert_eq!(
        (message.container, message.kind),
        (Container::Hl7v2, DocumentKind::Referral)
    );
    assert_eq!(message.warnings, ["the message names no patient"]);
    let empty = jailed("a.pdf", b"");
    assert_eq!(empty.container, Container::Unknown);
}

#[test]
fn a_hostile_document_costs_its_child_only() {
    // Deeply nested arrays and a damaged structure have crashed PDF parsers.
    let mut bytes = b"%PDF-1.7\n1 0 obj\n".to_vec();
    bytes.extend(std::iter::repeat_n(b'[', 2_000_000));
    let read = jailed("deep.pdf", &bytes);
    assert!(read.pages.is_empty() && !read.warnings.is_empty());
    let escapes = jailed(
        "\u{1b}[2Jx.txt",
        "Patient name: An\u{1b}[31mn Lee\u{202e}\nDOB: 01/02/1990".as_bytes(),
    );
    let shown = serde_json::to_string(&escapes).unwrap();
    assert!(!shown.contains("\\u001b") && !shown.contains('\u{202e}') && !escapes.name.contains('\u{1b}'));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), head in 0usize..6) {
        let heads: [&[u8]; 6] = [b"", b"%PDF-1.4\n", b"From: a@b.c\r\nMessage-ID: <1>\r\n\r\n", b"\xFF\xFE", b"Patient name: ", b"II*\0"];
        let mut all = heads[head].to_vec();
        all.extend(bytes);
        let _ = read("any", &all);
    }

    #[test]
    fn any_words_are_read(text in "(Patient|Name|DOB|Phone|Fax|NPI|Dx|[X]|\\[ \\]|Dr\\.|RE|:|#|/|\\(|\\)|,|\\.|-| {1,5}|\n|[0-9]{1,11}|[A-Z][a-z]{0,8}|\\PC){0,120}") {
        let document = read("any.txt", text.as_bytes());
        // A panic inside would have been turned into this answer.
        prop_assert!(document.warnings.iter().all(|warning| !warning.contains("the document could not be read")));
        for found in document.fields.values().flatten() {
            prop_assert!((0.0..=1.0).contains(&found.confidence));
            if let Some(place) = found.place {
                let line = &document.pages[place.page as usize - 1].lines[place.line as usize];
                prop_assert!(place.start <= place.end && place.end as usize <= line.text.chars().count());
            }
        }
    }
}

const CAPTIONS: &str = "\
                    GASTROENTEROLOGY REFERRAL FORM
   Please fax completed form to 719-488-2000

Maria del Carmen Ortiz                  11/30/1969
Patient Name                            Date of Birth

(719) 488-3141                          F
Daytime Phone                           Sex

Priority (circle):  Routine / Urgent / STAT
";

#[test]
fn values_on_lines_that_their_labels_caption() {
    let read = read("captions.txt", CAPTIONS.as_bytes());
    assert_eq!(value(&read, Field::PatientName), "Ortiz, Maria del Carmen");
    assert_eq!(value(&read, Field::Dob), "1969-11-30");
    assert_eq!(value(&read, Field::PatientPhone), "7194883141");
    assert_eq!(value(&read, Field::Sex), "F");
    assert_eq!(
        value(&read, Field::Urgency),
        "",
        "a printed choice chooses nothing"
    );
    assert_eq!(
        value(&read, Field::ReferringPhone),
        "",
        "the clinic's own number is not the referrer's"
    );
}

const PAYER_FORM: &str = "\
                         Medication Prior Authorization Form

PHYSICIAN INFORMATION                              PATIENT INFORMATION
* Physician Name: Dr. Okonjo                       * Patient Name: Ann Lee
Specialty: Pediatrics                              * Cigna ID: 4567890
Office Phone: 555-991-2750                         * Date of Birth: 10-19-2014

Medication requested: (please specify name and strength)
[ ] Cisplatin 50 mg
[X] Other (please specify):     Adalimumab 40 mg
";

#[test]
fn a_payers_form() {
    let read = read("form.txt", PAYER_FORM.as_bytes());
    for (field, expected) in [
        (Field::PatientName, "Lee, Ann"),
        (Field::Payer, "Cigna"),
        (Field::MemberId, "4567890"),
        (Field::ReferringProviderName, "Dr. Okonjo"),
        (Field::ServiceRequested, "Adalimumab 40 mg"),
    ] {
        assert_eq!(value(&read, field), expected, "{field:?}");
    }
    assert!(
        sure(&read, Field::ReferringProviderName) < 0.75,
        "half a name is for a person to complete"
    );
}

#[test]
fn values_that_stand_in_few_places() {
    type Row<'a> = (&'a str, Field, &'a str);
    #[rustfmt::skip]
    let table: &[Row<'_>] = &[
        ("Patient Information: Name: John Doe  Phone: 555-0123", Field::PatientPhone, "5550123"),
        ("Patient name: John Doe\nPatient mobile number: 045678910", Field::PatientPhone, "045678910"),
        ("First Name:      ANN Last Name: LEE      Date of Bith: 10/10/1982", Field::PatientName, "Lee, Ann"),
        ("First Name:      ANN Last Name: LEE      Date of Bith: 10/10/1982", Field::Dob, "1982-10-10"),
        ("Mr. Logan Walker is a 58-year-old male with diabetes who presents today with back pain.", Field::PatientName, "Walker, Logan"),
        ("Ann Lee is a 22-month-old female, born at 34 weeks of gestation, who was diagnosed late.", Field::PatientName, "Lee, Ann"),
        ("HEALTH PLAN\nMember ID: 11-2234-10190      Group Number: 5511\nMember:\nJOHN DOE", Field::PatientName, "Doe, John"),
        ("Plan: needs to be seen urgently in TIA clinic, will fax the referral now", Field::ServiceRequested, "TIA clinic"),
        ("Patient name: Ann Lee\nHumana Gold Plus ID: H12345678", Field::Payer, "Humana Gold Plus"),
        ("Referred-to service: Neurology", Field::SpecialtyRequested, "Neurology"),
        ("Diagnosis and reason for visit: G62.9; Burning pain in both feet", Field::ReasonText, "Burning pain in both feet"),
        ("Patient name: Ann Lee\nPriority: [ ] Routine   [×] Urgent   [ ] STAT", Field::Urgency, "urgent"),
        ("Patient name: Ann Lee\nReferring office:   Mission Valley Pediatrics", Field::ReferringOrg, "Mission Valley Pediatrics"),
        ("Patient name: Ann Lee\nAddr: 19703 River Avenue\n       Tulsa, OK 74143", Field::PatientAddress, "19703 River Avenue, Tulsa, OK 74143"),
        ("First Name:   MINH   Last Name:   LEE   Date of Birth:   03/27/1976", Field::PatientName, "Lee, Minh"),
        ("Patient name: Ann Lee\nSex:   □ Male     Female", Field::Sex, "F"),
        ("Patient name: Ann Lee\nMedicare #: 3PD6 QD9 FE05", Field::MemberId, "3PD6-QD9-FE05"),
        ("TO: Lakeside Lung & Sleep Specialists\nRefer to: Pulmonary Medicine", Field::SpecialtyRequested, "Pulmonology"),
        ("From: PRAIRIE HEALTH PARTNERS - SAN ANTONIO", Field::ReferringOrg, "PRAIRIE HEALTH PARTNERS - SAN ANTONIO"),
        ("Requested Service:\nProcedure: MRI Brain with contrast\nCPT Code: 70553", Field::ServiceRequested, "MRI Brain with contrast"),
    ];
    for (text, field, expected) in table {
        let read = read("page.txt", text.as_bytes());
        assert_eq!(value(&read, *field), *expected, "{text}");
        assert!(sure(&read, *field) > 0.3, "{text}");
    }
    for (text, field) in [
        ("Group #:\n2nd payer:  UMR / 078001577", Field::GroupNo),
        (
            "Please ask the patient within 48 hours whether the referral is still wanted",
            Field::ReasonText,
        ),
        ("BCBS PPO ID: ____________", Field::PatientName),
        (
            "NURSING SERVICES: Physical & Environmental Assessment",
            Field::ServiceRequested,
        ),
        ("Customer Service: 1-800-555-0199", Field::ServiceRequested),
        ("Date of birth: (mm/dd/yyyy)", Field::Dob),
        ("Sex:   □ Male   □ Female", Field::Sex),
        ("Priority:   [ ] Routine   [ ] Urgent   [ ] STAT", Field::Urgency),
        ("Referring office\nPhone: 07/23/2026", Field::ReferringPhone),
    ] {
        assert_eq!(value(&read("page.txt", text.as_bytes()), field), "", "{text}");
    }
    let local = read("page.txt", table[0].0.as_bytes());
    assert!(
        sure(&local, Field::PatientPhone) < 0.6,
        "a number without an area code"
    );
}

/// A page as a picture comes out of the jail as it went in: alone, held sideways, and within a message.
/// A letter of this clinic comes back with the answer to it: what it says must be read letter by letter.
#[test]
fn a_printed_letter_is_read_back_exactly() {
    let lines = [
        "Referral R-10001-W of Hannah Aaronson, born 1944-11-22",
        "Return code KKWW-4400-77",
        "Fax 800-555-0001 · Nguyễn Thị Ánh · 1001 Illinois Avenue",
    ]
    .map(str::to_owned);
    let pdf = letter::printed(&lines, "R-10001-W", letter::Paper::Letter).unwrap();
    let read = jailed("letter.pdf", &pdf);
    assert_eq!(read.warnings, Vec::<String>::new());
    let shown: Vec<&str> = read.pages[0]
        .lines
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(
        shown,
        [&lines[0], &lines[1], &lines[2], "R-10001-W · 1 / 1"],
        "{shown:?}"
    );
}

#[test]
fn a_page_is_drawn_in_the_jail() {
    use refdesk::intake::document::Shot;
    use refdesk::intake::jail::Order;
    let (width, height) = (120_u32, 80_u32);
    let grey = |x: u32, y: u32| if x < 30 && y < 20 { 0_u8 } else { 255 };
    let mut png = Vec::new();
    let pixels: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).map(move |x| grey(x, y)))
        .collect();
    let encoder = image::codecs::png::PngEncoder::new(&mut png);
    image::ImageEncoder::write_image(encoder, &pixels, width, height, image::ExtendedColorType::L8).unwrap();
    let body: String = png.iter().map(|byte| format!("={byte:02X}")).collect();
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(72)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let mail = format!(
        "From: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
         Content-Type: text/plain\r\n\r\nSee the page.\r\n--b\r\nContent-Type: image/png; name=p.png\r\n\
         Content-Disposition: attachment; filename=p.png\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n--b--\r\n",
        lines.join("=\r\n")
    );
    let exe = assert_cmd::cargo::cargo_bin("refdesk");
    let stop = std::sync::atomic::AtomicBool::new(false);
    let draw = |name: &str, bytes: &[u8], page, shot| {
        let order = Order {
            exe: &exe,
            name,
            bytes,
            password: None,
            learned: "",
            cores: 1,
            stop: &stop,
            pages: &|_| {},
        };
        order.draw(page, shot)
    };
    let upright = draw("p.png", &png, 1, None).unwrap();
    assert_eq!((upright.width(), upright.height()), (120, 80));
    assert_eq!((upright.row(0)[0], upright.row(0)[119]), (0, 255));
    let turned = draw("p.png", &png, 1, Some(Shot { number: 0, turn: 1 })).unwrap();
    assert_eq!((turned.width(), turned.height()), (80, 120));
    assert_eq!((turned.row(0)[0], turned.row(0)[79]), (255, 0));
    let within = draw("m.eml", mail.as_bytes(), 2, Some(Shot { number: 0, turn: 0 }));
    assert_eq!(within, Some(upright));
    assert_eq!(draw("p.png", &png, 2, None), None);
    assert_eq!(draw("m.eml", mail.as_bytes(), 1, None), None);
    assert_eq!(draw("t.txt", b"nothing to see", 1, None), None);
    assert_eq!(draw("p.pdf", b"%PDF-1.4 broken", 1, None), None);
}
