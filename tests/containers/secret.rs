//! PDFs that do not say by themselves what they show: fonts without a map to letters, and passwords in every form.

use super::value;
use refdesk::channels::letter::{Paper, printed};
use refdesk::intake::document::Field;
use refdesk::intake::jail::Order;
use refdesk::intake::{Picture, ReadDocument};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use lopdf::encryption::crypt_filters::{Aes256CryptFilter, CryptFilter};
use lopdf::{Document, EncryptionState, EncryptionVersion, Object, Permissions, SaveOptions, dictionary};

/// A referral as a document whose letters are drawn by a font of its own.
fn referral() -> Document {
    let lines = [
        "REFERRAL REQUEST",
        "Patient Name: Garcia, Maria",
        "Date of Birth: 05/17/1970",
        "Specialty Requested: Cardiology",
        "Referring Provider: Irene Hale, MD",
        "Reason for Referral: palpitations at rest",
    ]
    .map(str::to_owned);
    Document::load_mem(&printed(&lines, "", Paper::Letter).unwrap()).unwrap()
}

fn saved(mut document: Document) -> Vec<u8> {
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

fn ordered<T>(bytes: &[u8], password: Option<&str>, ask: impl FnOnce(&Order<'_>) -> T) -> T {
    ask(&Order {
        exe: Path::new(env!("CARGO_BIN_EXE_refdesk")),
        name: "referral.pdf",
        bytes,
        password,
        learned: "",
        cores: 1,
        stop: &AtomicBool::new(false),
        pages: &|_| {},
    })
}

fn read(bytes: &[u8], password: Option<&str>) -> ReadDocument {
    ordered(bytes, password, |order| order.read()).unwrap()
}

fn inked(picture: &Picture) -> bool {
    (0..picture.height()).any(|y| picture.row(y).iter().any(|pixel| *pixel < 100))
}

/// Locks a document: in the old way, or in that of PDF 2.0.
fn lock(document: &mut Document, kind: &str, password: &str) {
    let id = Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![id.clone(), id]);
    let permissions = Permissions::all();
    let cipher: Arc<dyn CryptFilter> = Arc::new(Aes256CryptFilter);
    let version = match kind {
        "RC4" => EncryptionVersion::V2 {
            document,
            owner_password: "owner",
            user_password: password,
            key_length: 128,
            permissions,
        },
        _ => EncryptionVersion::V5 {
            encrypt_metadata: true,
            crypt_filters: [(b"StdCF".to_vec(), cipher)].into(),
            file_encryption_key: &[7; 32],
            stream_filter: b"StdCF".to_vec(),
            string_filter: b"StdCF".to_vec(),
            owner_password: "owner",
            user_password: password,
            permissions,
        },
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
}

#[test]
fn letters_that_a_font_does_not_name_are_read_from_the_page() {
    let mut document = referral();
    let mut fonts = 0;
    for object in document.objects.values_mut() {
        if let Ok(font) = object.as_dict_mut() {
            fonts += usize::from(font.remove(b"ToUnicode").is_some());
        }
    }
    assert!(fonts > 0);
    // What a program stamps on it is typed and can be taken at its word; the rest must not be lost for that.
    let page = document.page_iter().next().unwrap();
    let stamp = b"BT /Stamp 9 Tf 60 40 Td (Sent by the server of the practice, page 1 of 1, kept for seven years) Tj ET";
    document.add_page_contents(page, stamp.to_vec()).unwrap();
    let helvetica = dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" };
    let fonts = document
        .get_or_create_resources(page)
        .unwrap()
        .as_dict_mut()
        .unwrap()
        .get_mut(b"Font")
        .unwrap();
    fonts.as_dict_mut().unwrap().set("Stamp", helvetica);
    let read = read(&saved(document), None);
    assert!(read.pages[0].shot.is_some(), "{:?}", read.warnings);
    assert_eq!(value(&read, Field::PatientName), "Garcia, Maria");
    assert_eq!(value(&read, Field::Dob), "1970-05-17");
}

#[test]
fn passwords_of_every_kind_open_text_and_picture() {
    // The last is one character where the file has it, and two where it is typed.
    for (kind, set, given) in [
        ("RC4", "Zoë-Müller", "Zoë-Müller"),
        ("AES", "Zoë-Müller", "Zoë-Müller"),
        ("AES", "plain", "plain"),
        ("RC4", "é", "e\u{301}"),
    ] {
        let mut document = referral();
        lock(&mut document, kind, set);
        let bytes = saved(document);
        for refused in [None, Some("another")] {
            let read = read(&bytes, refused);
            assert!(read.locked && read.pages.is_empty(), "{kind} {set}");
            assert!(ordered(&bytes, refused, |order| order.draw(1, None)).is_none());
        }
        let read = read(&bytes, Some(given));
        assert_eq!(
            value(&read, Field::PatientName),
            "Garcia, Maria",
            "{kind} {set}: {:?}",
            read.warnings
        );
        let drawn = ordered(&bytes, Some(given), |order| order.draw(1, None));
        assert!(drawn.as_ref().is_some_and(inked), "{kind} {set}");
    }
}

/// Newer files keep most of their objects in streams, which are locked as a whole.
#[test]
fn objects_within_locked_streams_are_found() {
    let mut packed = Vec::new();
    let options = SaveOptions::builder().use_object_streams(true).build();
    referral().save_with_options(&mut packed, options).unwrap();
    // Under another name the streams stay streams, here and where the document is written.
    let named = |bytes: &[u8], from: &[u8], to: &[u8]| {
        let mut out = bytes.to_vec();
        let places: Vec<usize> = memchr::memmem::find_iter(bytes, from).collect();
        assert!(!places.is_empty());
        for at in places {
            out[at..at + to.len()].copy_from_slice(to);
        }
        out
    };
    let mut document = Document::load_mem(&named(&packed, b"/ObjStm", b"/ObjStx")).unwrap();
    lock(&mut document, "RC4", "Zoë");
    let bytes = named(&saved(document), b"/ObjStx", b"/ObjStm");
    let read = read(&bytes, Some("Zoë"));
    assert_eq!(
        value(&read, Field::PatientName),
        "Garcia, Maria",
        "{:?}",
        read.warnings
    );
}
