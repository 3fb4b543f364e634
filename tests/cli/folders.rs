//! Watched folders beside the inbox: a fax server's queue, a mailbox, a scanner's share.

use super::service::{Service, drop_in, names};
use super::{Clinic, Said};
use serde_json::json;
use std::fs;
use std::path::PathBuf;

const LETTER: &str = "REFERRAL REQUEST\nPatient Name: Garcia, Maria\nDOB: 05/17/1970\nSpecialty Requested: Cardiology\nReferring Provider: Irene Hale, MD\nReason for Referral: palpitations\nUrgency: Urgent\n";

/// A clinic whose configuration names these folders, beside its data.
fn watching(folders: &str) -> (Clinic, PathBuf) {
    let clinic = Clinic::new();
    clinic.run(["tick"]).done();
    let config = format!("[intake]\nfolders = [{folders}]\n");
    fs::write(clinic.data().join("config.toml"), config).unwrap();
    let root = clinic.data();
    (clinic, root)
}

#[test]
fn each_folder_is_emptied_in_its_own_way_and_nothing_comes_twice() {
    let (clinic, root) = watching(
        "{ path = \"recvq\", kind = \"hylafax-recvq\" }, { path = \"mail\", kind = \"maildir\" }, { path = \"scans\", taken = \"delete\" }",
    );
    for folder in ["recvq", "mail/new", "mail/cur", "mail/tmp", "scans"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    drop_in(&root.join("recvq"), "fax000000001.tif", LETTER, 100);
    drop_in(&root.join("recvq"), "seqf", "2", 100);
    let mail =
        format!("From: desk@practice.example\nSubject: fax\nMessage-ID: <1@practice.example>\n\n{LETTER}");
    drop_in(&root.join("mail/new"), "1700000000.M1.host", &mail, 90);
    drop_in(&root.join("scans"), "scan1.txt", "minutes of a meeting", 80);
    // The same fax, scanned once more.
    drop_in(&root.join("scans"), "scan2.txt", LETTER, 70);
    let service = Service::start(&clinic, &[]);
    assert!(service.says("inbox: received").ends_with(" R-10001-W"));
    service.says("inbox: ");
    service.says("inbox: intake");
    service.says("inbox: seen-before");
    let (status, err) = service.stop("-TERM");
    assert_eq!((status.code(), err.as_str()), (Some(0), ""));
    assert_eq!(
        names(&root.join("recvq")),
        ["fax000000001.tif", "seqf"],
        "the fax server clears up itself"
    );
    assert_eq!(names(&root.join("mail/new")), [""; 0]);
    assert_eq!(names(&root.join("mail/cur")), ["1700000000.M1.host:2,S"]);
    assert_eq!(names(&root.join("scans")), [""; 0]);
    // A service that starts anew meets the kept fax again, and says nothing of it.
    let service = Service::start(&clinic, &[]);
    drop_in(&root.join("scans"), "scan3.txt", "minutes of another meeting", 60);
    assert!(service.says("inbox: ").starts_with("inbox: intake"));
    service.stop("-TERM");
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn a_kept_file_of_several_messages_is_taken_once_and_what_was_ended_does_not_come_back_by_it() {
    let (clinic, root) = watching("{ path = \"feed\", taken = \"keep\" }");
    let feed = root.join("feed");
    fs::create_dir_all(&feed).unwrap();
    let message = |number: u32, kind: &str, rest: &str| {
        format!(
            "MSH|^~\\&|EHR|ELM|||20260302||{kind}|{number}|P|2.5.1\rPID|1||88{number}||Garcia^Maria{number}||19700517|F\r{rest}\r"
        )
    };
    let rf1 = "RF1|||CAR^Cardiology^L|||S-1\rPRD|RP|Hale^Irene";
    let both = [
        message(1, "REF^I12", rf1),
        message(2, "ORM^O01", "OBR|1|||X^Chest X-ray"),
    ]
    .concat();
    drop_in(&feed, "feed.hl7", &both, 100);
    let service = Service::start(&clinic, &[]);
    assert!(service.says("inbox: received").ends_with(" R-10001-W"));
    let waits = service.says("inbox: intake D-");
    service.stop("-TERM");
    let document: i64 = waits.rsplit("D-").next().unwrap().trim().parse().unwrap();
    clinic.does(json!({ "command": "decline", "referral": "R-10001-W", "reason": "duplicate" }));
    clinic.does(json!({ "command": "dismiss-document", "document": document, "reason": "not for us" }));
    for _ in 0..2 {
        let service = Service::start(&clinic, &[]);
        let said = service.says("inbox: ");
        assert!(
            said.starts_with("inbox: seen-before D-") && said.ends_with(" R-10001-W"),
            "{said}"
        );
        let (status, err) = service.stop("-TERM");
        assert_eq!((status.code(), err.as_str()), (Some(0), ""));
    }
    assert_eq!(
        clinic.run(["--json", "list", "--list", "intake"]).objects().len(),
        0
    );
    assert_eq!(names(&feed), ["feed.hl7"]);
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn a_folder_that_cannot_be_read_is_told_and_holds_up_no_other() {
    let (clinic, root) = watching("{ path = \"nowhere\" }, { path = \"scans\" }");
    fs::create_dir_all(root.join("scans")).unwrap();
    drop_in(&root.join("scans"), "scan.txt", "minutes of a meeting", 60);
    let service = Service::start(&clinic, &[]);
    service.says("inbox: intake");
    let (_, err) = service.stop("-TERM");
    let told = format!(
        "refdesk: the folder {} cannot be read: ",
        root.join("nowhere").display()
    );
    assert!(err.starts_with(&told) && err.lines().count() == 1, "{err}");
    assert_eq!(names(&root.join("scans/done")), ["scan.txt"]);
    let Said { out, code, .. } = clinic.run(["doctor"]);
    assert_eq!(code, 3);
    let line = out.lines().find(|line| line.contains("nowhere")).unwrap();
    assert!(line.starts_with("FAIL folder"), "{line}");
}

#[test]
fn a_folder_is_named_once_and_by_a_kind_that_is_known() {
    let (clinic, _) = watching("{ path = \"a\" }, { path = \"a\" }, { path = \"b\", kind = \"ftp\" }");
    let err = clinic.run(["doctor"]);
    assert!(
        err.out.contains("is there twice") || err.err.contains("is there twice"),
        "{err:?}"
    );
    assert!(
        err.out.contains("hylafax-recvq") || err.err.contains("hylafax-recvq"),
        "{err:?}"
    );
}
