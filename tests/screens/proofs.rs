//! The review of a document: how few keys it takes, what it writes, and how it looks.

use crate::clinic::{Desk, click, neighbour, open, open_with};
use refdesk::domain::command::{Cause, Command, Envelope, NewDocument};
use refdesk::domain::id::ReferralId;
use refdesk::domain::priority::Priority;
use refdesk::intake::ReadDocument;
use refdesk::intake::document::{Field, Found, How, Value};
use refdesk::store::Store;
use refdesk::store::board::Sheet;
use refdesk::tui::chord::Chord;
use refdesk::tui::model::Overlay;
use refdesk::tui::msg::{Mouse, Msg};
use refdesk::tui::proof::Row;

const FAX: &str = "\
REFERRAL REQUEST

To: Riverside Cardiology
Patient Name: Alvarez, Rosa
Date of Birth: 05/04/1970
Sex: F
Phone: (413) 555-0188
Address: 12 Elm Street, Springfield, MA 01103

Referring Provider: Ann Lee, MD
NPI: 1234567893
Practice: Elm Street Family Practice
Phone: (413) 555-0123
Fax: (413) 555-0124

Specialty requested: Cardiology
Urgency: Routine
Reason for referral: Palpitations for two weeks
ICD-10: R00.2
Insurance: Aetna PPO
Member ID: W123456789
";

/// A document as it waits in Intake, its reading changed as a bad line would have changed it.
pub fn waits(desk: &mut Desk, change: impl FnOnce(&mut ReadDocument)) {
    waits_as(desk, "fax-0012.txt", FAX, change);
}

fn waits_as(desk: &mut Desk, name: &str, text: &str, change: impl FnOnce(&mut ReadDocument)) {
    let mut read = refdesk::intake::read(name, text.as_bytes());
    for found in read.fields.values_mut() {
        for one in found {
            one.confidence = 0.97;
        }
    }
    change(&mut read);
    let mut engine = neighbour(desk);
    let bytes = text.as_bytes();
    let hash = refdesk::store::content::hash(bytes);
    let reading = serde_json::to_string(&read).unwrap();
    refdesk::store::content::keep(engine.store().connection(), &hash, bytes, &reading).unwrap();
    let document = NewDocument {
        hash,
        name: name.into(),
        kind: "referral".into(),
        size: bytes.len() as u64,
    };
    let command = Command::TakeDocument {
        document,
        reason: "may be a referral: a person must say".into(),
    };
    let actor = desk.rig.model.settings.actor.clone();
    engine
        .execute(&Envelope::new(command, actor, Cause::Key), desk.rig.now)
        .unwrap();
    desk.rig.tell(Msg::Changed);
    // The letter came first; the fax stands below it.
    desk.rig.keys("Ij");
}

fn doubt(read: &mut ReadDocument, field: Field, confidence: f32) {
    read.fields.get_mut(&field).unwrap()[0].confidence = confidence;
}

fn rival(read: &mut ReadDocument, field: Field, text: &str, confidence: f32) {
    let found = read.fields.get_mut(&field).unwrap();
    let place = found[0].place;
    found.push(Found {
        value: Value::Text(text.into()),
        confidence,
        place,
        how: How::Prose,
    });
}

/// Three hard fields and a contradiction.
pub fn bad(read: &mut ReadDocument) {
    doubt(read, Field::Dob, 0.41);
    doubt(read, Field::MemberId, 0.38);
    rival(read, Field::Urgency, "stat", 0.6);
}

fn press(desk: &mut Desk, keys: &str, most: usize) {
    let count = Chord::parse_all(keys).len();
    assert!(count <= most, "{keys}: {count} keys, not {most}");
    desk.rig.keys(keys);
}

/// The referral of the fax, where it was made.
pub fn made(desk: &Desk) -> Option<Sheet> {
    let store = desk.rig.desk.engine().store();
    let hits = store.find("alvarez", 10).unwrap();
    let referrals = hits
        .into_iter()
        .flat_map(|hit| store.referrals_of(hit.target, 5).unwrap());
    referrals.into_iter().next().and_then(|id| sheet(desk, id))
}

fn sheet(desk: &Desk, id: ReferralId) -> Option<Sheet> {
    Store::sheet(desk.rig.desk.engine().store(), id, 9).unwrap()
}

#[test]
fn a_clean_fax_takes_two_keys() {
    let mut desk = open(80, 24);
    waits(&mut desk, |_| ());
    press(&mut desk, "<enter>", 1);
    assert!(
        made(&desk).is_none(),
        "nothing is written before a person says so"
    );
    press(&mut desk, "<enter>", 1);
    let sheet = made(&desk).unwrap();
    let referral = sheet.snapshot.referral().unwrap();
    let patient = sheet.snapshot.patient(referral.patient).unwrap();
    assert_eq!(patient.name.filed(), "Alvarez, Rosa");
    assert_eq!(patient.dob.unwrap().to_string(), "1970-05-04");
    assert_eq!(referral.specialty, "Cardiology");
    assert_eq!(referral.reason_codes, ["R00.2"]);
    assert_eq!(
        sheet.snapshot.primary_coverage().unwrap().member_id.as_deref(),
        Some("W123456789")
    );
    assert!(referral.source_document.is_some());
    assert!(desk.rig.model.overlay.is_none());
    assert_eq!(desk.rig.model.counts.open, desk.rig.model.counts.in_lists());
}

#[test]
fn a_bad_fax_takes_a_key_for_each_doubt() {
    let mut desk = open(80, 24);
    waits(&mut desk, bad);
    // Open; accept the date of birth; the second of the urgencies; the member id; make it.
    press(&mut desk, "<enter>", 1);
    press(&mut desk, "<enter>2<enter>", 3);
    press(&mut desk, "<enter>", 1);
    let sheet = made(&desk).unwrap();
    let referral = sheet.snapshot.referral().unwrap();
    let patient = sheet.snapshot.patient(referral.patient).unwrap();
    assert_eq!(patient.dob.unwrap().to_string(), "1970-05-04");
    assert_eq!(referral.priority, Priority::Stat);
    assert_eq!(
        sheet.snapshot.primary_coverage().unwrap().member_id.as_deref(),
        Some("W123456789")
    );
}

#[test]
fn a_review_is_done_with_the_mouse_too() {
    let mut desk = open(80, 24);
    waits(&mut desk, bad);
    desk.rig.keys("v");
    let at = |desk: &Desk| match &desk.rig.model.overlay {
        Some(Overlay::Proof(proof)) => proof.at.clone(),
        _ => panic!("the review"),
    };
    // The wheel walks; a click puts the cursor, a second one accepts.
    let first = at(&desk);
    desk.rig.tell(Msg::Mouse(Mouse::Wheel(1, 9, 9)));
    assert_ne!(at(&desk), first);
    click(&mut desk, "date of birth");
    assert_eq!(at(&desk), first);
    click(&mut desk, "date of birth");
    assert_eq!(at(&desk), Row::Field(Field::Urgency));
    click(&mut desk, "2 stat");
    assert_eq!(at(&desk), Row::Field(Field::MemberId));
    click(&mut desk, " member id ");
    assert_eq!(at(&desk), Row::Done);
    assert!(made(&desk).is_none());
    click(&mut desk, "make the referral");
    let sheet = made(&desk).unwrap();
    assert_eq!(sheet.snapshot.referral().unwrap().priority, Priority::Stat);
}

#[test]
fn what_nobody_looked_at_stays_blank_and_an_emergency_is_not_lost() {
    let mut desk = open(80, 24);
    waits(&mut desk, bad);
    press(&mut desk, "<enter><ctrl-s>", 2);
    let sheet = made(&desk).unwrap();
    let referral = sheet.snapshot.referral().unwrap();
    assert_eq!(sheet.snapshot.patient(referral.patient).unwrap().dob, None);
    assert_eq!(sheet.snapshot.primary_coverage().unwrap().member_id, None);
    assert_eq!(referral.priority, Priority::Stat);
    let notes: Vec<&str> = sheet
        .snapshot
        .notes
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    assert!(notes[0].contains("not filled in: dob, member id"), "{notes:?}");
}

#[test]
fn letters_type_over_backspace_leaves_blank_and_the_note_says_so() {
    let mut desk = open(80, 24);
    waits(&mut desk, bad);
    // Typed in a hand's own way, with digits after the first key; blank; the rest from the end.
    desk.rig.keys("<enter>5/14/1971<enter>2<backspace><enter>");
    let sheet = made(&desk).unwrap();
    let referral = sheet.snapshot.referral().unwrap();
    let patient = sheet.snapshot.patient(referral.patient).unwrap();
    assert_eq!(patient.dob.unwrap().to_string(), "1971-05-14");
    assert_eq!(sheet.snapshot.primary_coverage().unwrap().member_id, None);
    let notes: Vec<&str> = sheet
        .snapshot
        .notes
        .iter()
        .map(|note| note.text.as_str())
        .collect();
    let said = "compared with its pages; typed by hand: date of birth; left blank: member id";
    assert!(notes[0].contains(said), "{notes:?}");
}

#[test]
fn what_is_wrong_is_said_beside_the_field_and_nothing_is_lost() {
    let mut desk = open(80, 24);
    waits(&mut desk, |read| {
        doubt(read, Field::Dob, 0.41);
        read.fields.remove(&Field::SpecialtyRequested);
    });
    desk.rig.keys("<enter>nonsense<enter>");
    assert!(
        desk.rig.text().contains("a date of birth like"),
        "{}",
        desk.rig.text()
    );
    desk.rig.keys("<esc><enter>");
    // For which specialty is asked for before anything is written.
    desk.rig.keys("<enter>");
    assert!(made(&desk).is_none());
    let Some(Overlay::Proof(proof)) = &desk.rig.model.overlay else {
        panic!("the review stays");
    };
    assert_eq!(proof.at, Row::Field(Field::SpecialtyRequested));
    desk.rig.keys("1<ctrl-s>");
    assert!(made(&desk).is_some());
}

#[test]
fn a_refusal_brings_the_review_back_as_it_was() {
    let mut desk = open(80, 24);
    waits(&mut desk, bad);
    desk.rig.keys("<enter>1/1/2031<enter>2<enter><enter>");
    assert!(made(&desk).is_none());
    let text = desk.rig.text();
    assert!(text.contains("2031-01-01") && text.contains("by hand"), "{text}");
}

#[test]
fn a_review_that_is_left_goes_on_where_it_was() {
    let mut desk = open(80, 24);
    waits(&mut desk, bad);
    desk.rig.keys("<enter><enter>2<esc>");
    assert!(desk.rig.model.overlay.is_none());
    let kept = refdesk::tui::keep::capture(&desk.rig.model);
    let written = serde_json::to_string(&kept.typed).unwrap();
    let kept = refdesk::tui::keep::Kept {
        typed: serde_json::from_str(&written).unwrap(),
        ..kept
    };
    let settings = desk.rig.model.settings.clone();
    let live = refdesk::tui::live::Live::new(neighbour(&desk));
    let mut rig = refdesk::tui::rig::Rig::reopen(live, settings, desk.rig.now, (80, 24), kept);
    rig.keys("<enter>");
    let Some(Overlay::Proof(proof)) = &rig.model.overlay else {
        panic!("{}", rig.text());
    };
    assert_eq!(proof.at, Row::Field(Field::MemberId));
    assert_eq!(proof.value(Field::Urgency).as_deref(), Some("stat"));
    rig.keys("<ctrl-x><enter>");
    let Some(Overlay::Proof(proof)) = &rig.model.overlay else {
        panic!("{}", rig.text());
    };
    assert_eq!(proof.value(Field::Urgency), None);
}

#[test]
fn a_referral_is_corrected_by_its_document_and_that_is_undone() {
    let mut desk = open(80, 24);
    waits(&mut desk, bad);
    desk.rig.keys("<enter><ctrl-s>");
    let id = made(&desk).unwrap().snapshot.referral().unwrap().id;
    desk.rig.keys("/alvarez<enter>");
    assert_eq!(desk.rig.model.board.cursor, Some(id), "{}", desk.rig.text());
    // What was left blank is doubtful still: both accepted, and kept.
    desk.rig.keys("ed<enter><enter><enter>");
    let now = sheet(&desk, id).unwrap();
    let referral = now.snapshot.referral().unwrap();
    assert!(
        now.snapshot.patient(referral.patient).unwrap().dob.is_some(),
        "{}",
        desk.rig.text()
    );
    assert_eq!(
        now.snapshot.primary_coverage().unwrap().member_id.as_deref(),
        Some("W123456789")
    );
    assert_eq!(referral.priority, Priority::Stat);
    desk.rig.keys("u");
    let then = sheet(&desk, id).unwrap();
    let referral = then.snapshot.referral().unwrap();
    assert_eq!(then.snapshot.patient(referral.patient).unwrap().dob, None);
    assert_eq!(then.snapshot.primary_coverage().unwrap().member_id, None);
}

#[test]
fn a_look_alike_takes_the_document_by_its_digit() {
    let mut desk = open(80, 24);
    waits(&mut desk, |_| ());
    desk.rig.keys("<enter><enter>");
    let id = made(&desk).unwrap().snapshot.referral().unwrap().id;
    // The same once more, as another machine would have sent it.
    let mut engine = neighbour(&desk);
    let bytes = format!("{FAX} ");
    let hash = refdesk::store::content::hash(bytes.as_bytes());
    let read = refdesk::intake::read("again.txt", bytes.as_bytes());
    let reading = serde_json::to_string(&read).unwrap();
    refdesk::store::content::keep(engine.store().connection(), &hash, bytes.as_bytes(), &reading).unwrap();
    let command = Command::TakeDocument {
        document: NewDocument {
            hash,
            name: "again.txt".into(),
            kind: "referral".into(),
            size: bytes.len() as u64,
        },
        reason: "may be a referral".into(),
    };
    let actor = desk.rig.model.settings.actor.clone();
    engine
        .execute(&Envelope::new(command, actor, Cause::Key), desk.rig.now)
        .unwrap();
    desk.rig.tell(Msg::Changed);
    desk.rig.keys("G<enter><end>");
    let Some(Overlay::Proof(proof)) = &mut desk.rig.model.overlay else {
        panic!("{}", desk.rig.text());
    };
    proof.at = Row::Done;
    assert!(
        desk.rig.text().contains(&format!("Looks like {id}")),
        "{}",
        desk.rig.text()
    );
    desk.rig.keys("1");
    assert!(matches!(desk.rig.model.overlay, Some(Overlay::Form(_))));
}

#[test]
fn text_from_outside_is_harmless_on_the_review() {
    let mut desk = open(120, 40);
    waits(&mut desk, |read| {
        read.name = "\u{1b}]0;owned\u{7}.txt".into();
        for found in read.fields.values_mut() {
            found[0].confidence = 0.3;
        }
        let hostile = "\u{1b}[31m\u{202e}evil\u{9b}2J\nrm".to_owned();
        read.fields.get_mut(&Field::ReasonText).unwrap()[0].value = Value::Text(hostile.clone());
        read.pages[0].lines[0].text = hostile;
    });
    desk.rig.keys("<enter>");
    for _ in 0..30 {
        desk.rig.keys("<tab>");
        let text = desk.rig.text();
        let bad = text
            .chars()
            .find(|c| *c != '\n' && refdesk::domain::text::is_hidden(*c) || *c == '\u{1b}');
        assert_eq!(bad, None, "{text:?}");
    }
}

fn shot(name: &str, desk: &Desk) {
    let (width, height) = desk.rig.model.size;
    insta::with_settings!({snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(format!("{name}-{width}x{height}"), desk.rig.text());
    });
}

#[test]
fn reviews_as_they_look() {
    for (width, height) in [(80, 24), (120, 40), (60, 15)] {
        let mut desk = open(width, height);
        waits(&mut desk, bad);
        desk.rig.keys("<enter>");
        shot("proof_opened", &desk);
        if width > 60 {
            desk.rig.keys("<enter>");
            shot("proof_of_a_conflict", &desk);
            desk.rig.keys("2<enter>");
            shot("proof_at_its_end", &desk);
        }
    }
}

#[test]
fn the_review_is_read_out() {
    use refdesk::config::screen::Mode;
    let mut desk = open_with(80, 24, |settings| settings.screen.mode = Mode::Linear);
    waits(&mut desk, bad);
    let mut speaker = refdesk::tui::linear::Speaker::default();
    speaker.say(&desk.rig.model);
    let mut said = String::new();
    for keys in ["<enter>", "<enter>", "2", "x", "<esc>", "<enter>"] {
        desk.rig.keys(keys);
        said.push_str(&format!("[{keys}]\n{}", speaker.say(&desk.rig.model)));
    }
    insta::with_settings!({snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("linear_proof", said);
    });
}

/// A page with bars where its lines stand, and the fax read from it.
fn pictured(desk: &mut Desk) {
    waits(desk, |read| {
        bad(read);
        read.container = refdesk::intake::document::Container::Image;
        let lines = read.pages[0].lines.len() as f32;
        let area = |line: u32, from: f32, to: f32| {
            let top = (line as f32 + 1.0) / (lines + 2.0) * 0.5;
            [from, top, to, top + 0.013]
        };
        for found in read.fields.values_mut().flatten() {
            if let Some(place) = &mut found.place {
                place.area = area(place.line, 0.3, 0.42);
            }
        }
        read.pages[0].shot = Some(refdesk::intake::document::Shot { number: 0, turn: 0 });
    });
}

fn bars(read: &ReadDocument) -> std::sync::Arc<refdesk::intake::Picture> {
    let (width, height) = (1728, 2200);
    let mut grey = vec![250_u8; width * height];
    let places = read.fields.values().flatten().filter_map(|found| found.place);
    for place in places {
        let [left, top, right, bottom] = place.area;
        for y in (top * height as f32) as usize..(bottom * height as f32) as usize {
            for x in (left * width as f32) as usize..(right * width as f32) as usize {
                if (x / 7 + y / 11) % 2 == 0 {
                    grey[y * width + x] = 20;
                }
            }
        }
    }
    std::sync::Arc::new(refdesk::intake::Picture::new(width, height, grey).unwrap())
}

#[test]
fn the_page_is_shown_in_dots_around_the_field() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut desk = open(width, height);
        pictured(&mut desk);
        desk.rig.keys("<enter>");
        let Some(Overlay::Proof(proof)) = &desk.rig.model.overlay else {
            panic!("{}", desk.rig.text());
        };
        let (document, picture) = (proof.document, bars(&proof.reading));
        desk.rig.tell(Msg::Picture {
            document,
            page: 1,
            picture: Some(picture),
        });
        shot("proof_in_dots", &desk);
        let text = desk.rig.text();
        desk.rig.model.settings.theme = refdesk::tui::theme::Theme::Mono;
        assert_eq!(desk.rig.text(), text, "the frame is a sign of its own");
        desk.rig.keys("<ctrl-t>");
        assert!(desk.rig.text().contains("⟦05/04/1970⟧"));
        desk.rig.keys("<ctrl-t>");
        assert_eq!(desk.rig.text(), text);
        desk.rig.keys("<ctrl-right>");
        assert_ne!(desk.rig.text(), text);
        desk.rig.keys("<ctrl-left><ctrl-left>");
        assert_eq!(desk.rig.text(), text);
    }
}

#[test]
fn a_terminal_with_pixels_gets_the_page_over_empty_cells() {
    use refdesk::tui::glass::{Glass, Kind};
    let mut desk = open(120, 40);
    pictured(&mut desk);
    desk.rig.keys("<enter>");
    let asked = desk
        .rig
        .asked
        .iter()
        .filter(|effect| matches!(effect, refdesk::tui::msg::Effect::AskGlass(_)));
    assert_eq!(asked.count(), 1, "the terminal is asked once");
    desk.rig.tell(Msg::Glass(Glass {
        kind: Some(Kind::Kitty),
        cell: (9, 18),
    }));
    let Some(Overlay::Proof(proof)) = &desk.rig.model.overlay else {
        panic!("{}", desk.rig.text());
    };
    let (document, picture) = (proof.document, bars(&proof.reading));
    assert!(
        refdesk::tui::view::picture(&desk.rig.model).is_none(),
        "not before it is drawn"
    );
    desk.rig.tell(Msg::Picture {
        document,
        page: 1,
        picture: Some(picture),
    });
    let shown = refdesk::tui::view::picture(&desk.rig.model).unwrap();
    let cells = desk.rig.cells();
    for y in shown.area.top()..shown.area.bottom() {
        for x in shown.area.left()..shown.area.right() {
            assert_eq!(cells.cell((x, y)).unwrap().symbol(), " ", "{x},{y}");
        }
    }
    desk.rig.keys("<esc>");
    assert!(refdesk::tui::view::picture(&desk.rig.model).is_none());
}

#[test]
fn two_patients_in_one_transmission_are_parted_and_nobody_is_lost() {
    use refdesk::intake::document::{DocumentKind, Page, Segment};
    let mut desk = open(80, 24);
    waits(&mut desk, |read| {
        let mut second = read.fields.clone();
        second.get_mut(&Field::PatientName).unwrap()[0].value = Value::Name {
            family: "Brandt".into(),
            given: "Otto".into(),
        };
        second.get_mut(&Field::Dob).unwrap()[0].value = Value::Text("1950-01-31".into());
        for found in second.values_mut().flatten() {
            if let Some(place) = &mut found.place {
                place.page = 3;
            }
        }
        let page = read.pages[0].clone();
        read.pages = vec![page.clone(), Page::default(), page];
        let part = |pages, fields| Segment {
            pages,
            kind: DocumentKind::Referral,
            kind_confidence: 0.9,
            fields,
        };
        read.segments = vec![part([1, 2], read.fields.clone()), part([3, 3], second)];
        read.warnings =
            vec!["pages 1-2 and page 3 are about different patients; a person must part them".into()];
    });
    // Neither can be made before they are parted.
    desk.rig.keys("<enter><ctrl-s>");
    assert!(
        made(&desk).is_none() && desk.rig.text().contains("these papers are about different"),
        "{}",
        desk.rig.text()
    );
    desk.rig.keys("<esc>S");
    shot("proof_split", &desk);
    press(&mut desk, "y", 1);
    let names: Vec<&str> = desk
        .rig
        .model
        .intake
        .rows
        .iter()
        .map(|row| row.name.as_str())
        .collect();
    assert_eq!(names, ["letter.txt", "fax-0012.txt", "fax-0012.txt, page 3"]);
    desk.rig.keys("S");
    assert!(
        desk.rig.text().contains("about one patient"),
        "{}",
        desk.rig.text()
    );
    // Each becomes its own referral, with the original, and with its own pages alone.
    desk.rig.keys("<enter><enter>");
    desk.rig.keys("G<enter>");
    let Some(Overlay::Proof(proof)) = &desk.rig.model.overlay else {
        panic!("{}", desk.rig.text());
    };
    assert!(proof.reading.pages[0].lines.is_empty() && !proof.reading.pages[2].lines.is_empty());
    desk.rig.keys("<enter>");
    let store = desk.rig.desk.engine().store();
    let mut originals = Vec::new();
    for (name, born) in [("alvarez", "1970-05-04"), ("brandt", "1950-01-31")] {
        let hit = store.find(name, 3).unwrap().remove(0);
        let id = store.referrals_of(hit.target, 3).unwrap()[0];
        let sheet = sheet(&desk, id).unwrap();
        let referral = sheet.snapshot.referral().unwrap();
        let patient = sheet.snapshot.patient(referral.patient).unwrap();
        assert_eq!(patient.dob.unwrap().to_string(), born);
        originals.push(
            store
                .document(referral.source_document.unwrap())
                .unwrap()
                .unwrap(),
        );
    }
    assert_eq!(originals[0].hash, originals[1].hash);
    assert_ne!(originals[0].id, originals[1].id);
    assert_eq!(desk.rig.model.intake.rows.len(), 1);
}

#[test]
fn the_review_says_what_the_second_reader_named() {
    let mut desk = open(120, 30);
    waits(&mut desk, |read| {
        rival(read, Field::Dob, "1971-05-04", 0.5);
        read.fields.get_mut(&Field::Dob).unwrap()[1].how = How::SecondReader;
    });
    press(&mut desk, "<enter>", 1);
    let screen = desk.rig.text();
    for part in [
        "The second reader reads it otherwise:",
        "beside its label",
        "50% p1 by the second reader",
    ] {
        assert!(screen.contains(part), "{screen}");
    }
    press(&mut desk, "2<enter>", 2);
    let sheet = made(&desk).unwrap();
    let referral = sheet.snapshot.referral().unwrap();
    let patient = sheet.snapshot.patient(referral.patient).unwrap();
    assert_eq!(
        patient.dob.unwrap().to_string(),
        "1971-05-04",
        "a person picked it"
    );
}

#[test]
fn what_is_typed_over_in_two_reviews_is_a_lesson() {
    let mut desk = open(80, 24);
    for (name, cipher) in [("Alvarez, Rosa", "W7720311"), ("Okafor, Ngozi", "W5510022")] {
        let text = FAX
            .replace("Alvarez, Rosa", name)
            .replace("Member ID: W123456789", &format!("Household cipher: {cipher}"));
        waits_as(&mut desk, &format!("{cipher}.txt"), &text, |_| ());
        desk.rig.keys("<enter>");
        let Some(Overlay::Proof(proof)) = &mut desk.rig.model.overlay else {
            panic!("the review is open");
        };
        proof.at = Row::Field(Field::MemberId);
        desk.rig.keys(&format!("{cipher}<enter><ctrl-s>"));
        assert!(desk.rig.model.overlay.is_none(), "{}", desk.rig.text());
        let school = neighbour(&desk).lessons(&mut |_| true).unwrap();
        let learned = school.learned();
        let label = learned
            .label
            .first()
            .map(|lesson| (lesson.text.as_str(), lesson.field));
        let taught = (cipher == "W5510022").then_some(("household cipher", Field::MemberId));
        assert_eq!(label, taught);
    }
}
