//! `original`: a document exactly as it came.

use super::Clinic;

/// Bytes that no text path would keep.
const ODD: &[u8] = b"\x89PNG\r\n\x1a\n\x00\xff\x1b[2J";

#[test]
fn the_bytes_come_back_as_they_came_and_overwrite_nothing() {
    let clinic = Clinic::new();
    let file = clinic.file("page.png", ODD);
    clinic.run(["intake".as_ref(), file.as_os_str()]).done();
    let piped = clinic.command(super::NOW).args(["original", "D-1"]).output().unwrap();
    assert_eq!(piped.stdout, ODD);
    let copy = clinic.dir.path().join("copy.png");
    clinic.run(["original".as_ref(), "1".as_ref(), "--to".as_ref(), copy.as_os_str()]).done();
    assert_eq!(std::fs::read(&copy).unwrap(), ODD);
    let again = clinic.run(["original".as_ref(), "D-1".as_ref(), "--to".as_ref(), copy.as_os_str()]).fails(1);
    assert!(again.contains("Nothing was overwritten"), "{again}");
    assert!(clinic.run(["original", "D-99"]).fails(1).contains("there is no document D-99"));
    assert!(clinic.run(["original", "fax"]).fails(2).contains("not a document id"));
}
