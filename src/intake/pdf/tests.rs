//! Tiny PDFs, made here, read back.

use super::*;
use crate::intake::sheet::{Origin, Sheet};
use lopdf::content::{Content, Operation};
use lopdf::{
    Dictionary, Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary,
};

fn op(operator: &str, operands: Vec<Object>) -> Operation {
    Operation::new(operator, operands)
}

fn print(text: &str, x: i64, y: i64) -> Vec<Operation> {
    vec![
        op("BT", vec![]),
        op("Tf", vec!["F1".into(), 10.into()]),
        op("Td", vec![x.into(), y.into()]),
        op("Tj", vec![Object::string_literal(text)]),
        op("ET", vec![]),
    ]
}

/// A page with the operations, and what else its dictionary and resources hold.
fn document(operations: Vec<Operation>, resources: Dictionary, more: Dictionary) -> Document {
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding",
    });
    let mut all = dictionary! { "Font" => dictionary! { "F1" => font } };
    all.extend(&resources);
    let content = document.add_object(Stream::new(
        Dictionary::new(),
        Content { operations }.encode().unwrap(),
    ));
    let mut page = dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content, "Resources" => all,
        "MediaBox" => vec![0.into(), 0.into(), 612.into(), 792.into()],
    };
    page.extend(&more);
    let page = document.add_object(page);
    let tree = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(pages, Object::Dictionary(tree));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    document
}

fn bytes(mut document: Document) -> Vec<u8> {
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

fn texts(sheet: &Sheet) -> Vec<&str> {
    sheet.runs.iter().map(|run| run.text.as_str()).collect()
}

fn opened(bytes: &[u8]) -> Source {
    super::read(bytes, &reading(None))
}

#[test]
fn words_have_places_and_gaps_part_cells() {
    let mut operations = print("Patient name", 72, 700);
    operations.extend(print("Ann Lee", 200, 700));
    operations.extend(print("DOB", 72, 680));
    let source = opened(&bytes(document(operations, Dictionary::new(), Dictionary::new())));
    let [sheet] = source.sheets.as_slice() else {
        panic!("{:?}", source.warnings)
    };
    assert_eq!(texts(sheet), ["Patient name", "Ann Lee", "DOB"]);
    let name = &sheet.runs[1];
    assert!((name.left() - 200.0 / 612.0).abs() < 0.002 && name.right() > name.left());
    assert!((name.top()..name.bottom()).contains(&(1.0 - 702.0 / 792.0)));
}

/// What a page's text layer says that is printed in the font; a page that had to be drawn says nothing here.
fn printed_in(font: Dictionary, text: &str) -> Vec<String> {
    let resources = dictionary! { "Font" => dictionary! { "F2" => font } };
    let mut operations = print(text, 72, 700);
    operations[1] = op("Tf", vec!["F2".into(), 10.into()]);
    let source = opened(&bytes(document(operations, resources, Dictionary::new())));
    let layers = source.sheets.into_iter().filter(|sheet| sheet.shot.is_none());
    layers.flat_map(|sheet| sheet.runs).map(|run| run.text).collect()
}

#[test]
fn letters_stand_side_by_side_whatever_a_font_says_of_their_widths() {
    let said = "Referral R-10001-W, Ann Hannah Lee, 800-555-0001";
    let widths: Vec<Object> = (32..127).map(|_| 600.into()).collect();
    let table = [
        // Without widths, and none of the fourteen that every reader has.
        dictionary! { "Subtype" => "TrueType", "BaseFont" => "Arial", "Encoding" => "WinAnsiEncoding" },
        dictionary! { "Subtype" => "Type1", "BaseFont" => "ABCDEF+Garamond-Bold", "Encoding" => "StandardEncoding" },
        // With a count that is not the codes'.
        dictionary! {
            "Subtype" => "TrueType", "BaseFont" => "Lucida", "Encoding" => "WinAnsiEncoding",
            "FirstChar" => 32, "LastChar" => 255, "Widths" => widths,
        },
        // With a width for what is not listed.
        dictionary! {
            "Subtype" => "TrueType", "BaseFont" => "Lucida", "Encoding" => "WinAnsiEncoding",
            "FirstChar" => 32, "LastChar" => 32, "Widths" => vec![500.into()],
            "FontDescriptor" => dictionary! { "MissingWidth" => 500 },
        },
    ];
    for mut font in table {
        font.set("Type", Object::Name(b"Font".to_vec()));
        let name = format!("{font:?}");
        assert_eq!(printed_in(font, said), [said], "{name}");
    }
}

#[test]
fn a_crossed_square_is_a_ticked_box() {
    let mut operations = Vec::new();
    for (x, word) in [(72, "Routine"), (172, "Urgent")] {
        operations.push(op("re", vec![x.into(), 700.into(), 8.into(), 8.into()]));
        operations.push(op("S", vec![]));
        operations.extend(print(word, x + 11, 701));
    }
    operations.push(op("m", vec![172.into(), 700.into()]));
    operations.push(op("l", vec![180.into(), 708.into()]));
    operations.push(op("S", vec![]));
    let source = opened(&bytes(document(operations, Dictionary::new(), Dictionary::new())));
    assert_eq!(texts(&source.sheets[0]), ["☐ Routine", "☒ Urgent"]);
}

#[test]
fn an_embedded_form_stands_where_it_is_put() {
    let mut made = document(
        vec![
            op("q", vec![]),
            op("cm", [1, 0, 0, 1, 100, 600].map(Object::from).to_vec()),
            op("Do", vec!["X1".into()]),
            op("Q", vec![]),
        ],
        Dictionary::new(),
        Dictionary::new(),
    );
    let font =
        made.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier" });
    let inner = made.add_object(Stream::new(
        dictionary! { "Type" => "XObject", "Subtype" => "Form", "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } } },
        Content { operations: print("inside", 10, 20) }.encode().unwrap(),
    ));
    // An image is no text; the extractor must not be given it.
    let picture = made.add_object(Stream::new(
        dictionary! { "Type" => "XObject", "Subtype" => "Image" },
        b"\xFF(((".to_vec(),
    ));
    let page = made.page_iter().next().unwrap();
    let resources = made
        .get_dictionary_mut(page)
        .unwrap()
        .get_mut(b"Resources")
        .unwrap()
        .as_dict_mut()
        .unwrap();
    resources.set("XObject", dictionary! { "X1" => inner, "X2" => picture });
    let source = opened(&bytes(made));
    let run = &source.sheets[0].runs[0];
    assert_eq!(run.text, "inside");
    assert!((run.left() - 110.0 / 612.0).abs() < 0.002);
}

#[test]
fn form_fields_show_their_values() {
    let field = dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Tx", "T" => Object::string_literal("PatientName"),
        "V" => Object::string_literal("Lee, Ann"), "Rect" => vec![100.into(), 700.into(), 300.into(), 716.into()],
    };
    let tick = dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Btn", "AS" => "Yes",
        "Rect" => vec![100.into(), 650.into(), 110.into(), 660.into()],
    };
    let more = dictionary! { "Annots" => vec![Object::Dictionary(field), Object::Dictionary(tick)] };
    let source = opened(&bytes(document(print("Name:", 60, 703), Dictionary::new(), more)));
    assert_eq!(texts(&source.sheets[0]), ["Name:", "Lee, Ann", "☒"]);
    assert_eq!(
        source.sheets[0].runs[1].origin,
        Origin::Form(Some("Patient Name".to_owned()))
    );
}

#[test]
fn what_was_typed_and_ticked_over_a_form_is_read() {
    let place = |sides: [i64; 4]| sides.map(Object::from).to_vec();
    let typed = dictionary! {
        "Type" => "Annot", "Subtype" => "FreeText", "Contents" => Object::string_literal("Lee, Ann"),
        "DA" => Object::string_literal("0 g /Helv 12 Tf"), "Rect" => place([100, 690, 300, 716]),
    };
    let hidden = dictionary! {
        "Type" => "Annot", "Subtype" => "FreeText", "Contents" => Object::string_literal("draft"), "F" => 2,
        "Rect" => place([100, 600, 300, 616]),
    };
    let stamp =
        dictionary! { "Type" => "Annot", "Subtype" => "Stamp", "Rect" => place([168, 648, 186, 666]) };
    let large = dictionary! { "Type" => "Annot", "Subtype" => "Stamp", "Rect" => place([60, 640, 260, 700]) };
    let notes = [typed, hidden, stamp, large].map(Object::Dictionary).to_vec();
    let mut operations = print("Name:", 60, 703);
    for (x, word) in [(72, "Routine"), (172, "Urgent")] {
        operations.push(op("re", vec![x.into(), 652.into(), 8.into(), 8.into()]));
        operations.push(op("S", vec![]));
        operations.extend(print(word, x + 11, 653));
    }
    let more = dictionary! { "Annots" => notes };
    let source = opened(&bytes(document(operations, Dictionary::new(), more)));
    assert_eq!(
        texts(&source.sheets[0]),
        ["Name:", "Lee, Ann", "☐ Routine", "☒ Urgent"]
    );
    assert_eq!(source.sheets[0].runs[1].origin, Origin::Form(None));
}

#[test]
fn locked_damaged_and_empty_files_say_so() {
    let mut locked = document(print("secret", 72, 700), Dictionary::new(), Dictionary::new());
    locked.trailer.set(
        "ID",
        vec![
            Object::string_literal("0123456789abcdef"),
            Object::string_literal("0123456789abcdef"),
        ],
    );
    let version = EncryptionVersion::V2 {
        document: &locked,
        owner_password: "owner",
        user_password: "user",
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    locked.encrypt(&state).unwrap();
    let locked = bytes(locked);
    let source = opened(&locked);
    assert!(
        source.sheets.is_empty() && source.warnings[0].contains("password"),
        "{:?}",
        source.warnings
    );
    assert!(source.locked);
    let opened_with = |password| super::read(&locked, &reading(Some(password)));
    let wrong = opened_with("another");
    assert!(
        wrong.locked && wrong.warnings[0].contains("another password"),
        "{:?}",
        wrong.warnings
    );
    let source = opened_with("user");
    let [sheet] = source.sheets.as_slice() else {
        panic!("{:?}", source.warnings)
    };
    assert_eq!((texts(sheet), source.locked), (vec!["secret"], false));

    let whole = bytes(document(
        print("x", 72, 700),
        Dictionary::new(),
        Dictionary::new(),
    ));
    let source = opened(&whole[..whole.len() / 2]);
    assert!(
        source.sheets.is_empty() && source.warnings[0].contains("damaged"),
        "{:?}",
        source.warnings
    );

    let source = opened(&bytes(document(Vec::new(), Dictionary::new(), Dictionary::new())));
    assert!(source.warnings[0].contains("blank"), "{:?}", source.warnings);
}

fn reading(password: Option<&str>) -> Reading<'static> {
    Reading::within(crate::intake::reading::Allowance {
        time: std::time::Duration::from_secs(60),
        cores: 1,
        password: password.map(str::to_owned),
        learned: crate::intake::learned::Learned::default(),
        beat: &|_| {},
    })
}
