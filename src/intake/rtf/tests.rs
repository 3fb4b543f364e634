//! Control words, groups, rows and pictures.

use super::super::open;
use super::*;

fn opened(rtf: &str) -> Source {
    open("a.rtf", rtf.as_bytes())
}

#[test]
fn pictures_of_pages_are_read_and_what_is_not_is_said() {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let page = crate::intake::Picture::new(700, 900, vec![255; 630_000]).unwrap();
    let png = hex(&crate::intake::typewriter::packers::png(&page));
    let scan = format!(
        r"{{\rtf1 See below.\par{{\*\shppict{{\pict{{\*\blipuid 00ff}}\pngblip\picw700 {png}}}}}{{\nonshppict{{\pict\wmetafile8 0102}}}}}}"
    );
    let source = opened(&scan);
    assert_eq!(source.sheets.len(), 2, "the text, and the page");
    assert!(
        source.warnings[0].contains("1 of 1 pages seem to be blank"),
        "{:?}",
        source.warnings
    );
    let letter = "a letter with a text of its own ".repeat(20);
    let source = opened(&scan.replace("See below.", &letter));
    assert_eq!(
        (source.sheets.len(), source.warnings.len()),
        (1, 0),
        "its ornament"
    );
    let heavy = hex(&vec![7; 250_000]);
    let source = opened(&format!(r"{{\rtf1 {letter}{{\pict\wmetafile8 {heavy}}}}}"));
    assert!(
        source
            .for_person
            .unwrap()
            .contains("1 pictures in the file were not read")
    );
    let logo = opened(&format!(r"{{\rtf1 {letter}{{\pict\wmetafile8 0102030405}}}}"));
    assert!(logo.for_person.is_none() && logo.warnings.is_empty());
}

fn texts(rtf: &str) -> Vec<String> {
    opened(rtf)
        .sheets
        .iter()
        .flat_map(|sheet| sheet.runs.iter().map(|run| run.text.clone()))
        .collect()
}

#[test]
fn paragraphs_characters_and_what_is_apart() {
    let rtf = r"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Arial;}}{\*\generator x}{\info{\author Nobody}}
\pard Jos\'e9 M\u252\'fcller\par DOB:\tab 01/02/1990\line {\v hidden}\{x\}\par {\deleted gone}\u9746?Urgent}";
    assert_eq!(
        texts(rtf),
        ["José Müller", "DOB:", "01/02/1990", "{x}", "☒Urgent"]
    );
}

#[test]
fn rows_are_cells() {
    let rtf = r"{\rtf1 Before\par\trowd\intbl Patient\cell\intbl Ann\par Lee\cell\row\trowd\intbl DOB\cell 1990\cell\row\pard After\par}";
    assert_eq!(
        texts(rtf),
        ["Before", "Patient", "Ann", "Lee", "DOB", "1990", "After"]
    );
}

#[test]
fn broken_files_end() {
    for rtf in [
        r"{\rtf1 {{{{ a",
        r"{\rtf1 \bin99999999999 a",
        r"{\rtf1 \u-1 \'zz \",
        r"{\rtf1}",
    ] {
        let _ = texts(rtf);
    }
    let deep = "{".repeat(100_000);
    assert_eq!(texts(&format!(r"{{\rtf1 {deep} a")), ["a"]);
}
