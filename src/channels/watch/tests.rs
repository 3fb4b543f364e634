//! Folders as clinics have them.

use super::*;
use std::fs::{create_dir, write};

const SETTLED: Duration = Duration::from_secs(2);

fn folder(kind: Kind, after: After) -> (tempfile::TempDir, Folder) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().to_owned();
    (home, Folder { path, kind, after })
}

/// Writes a file that nobody has touched for so many seconds.
fn drop_in(path: PathBuf, bytes: &[u8], age: u64) {
    write(&path, bytes).unwrap();
    let file = File::options().write(true).open(&path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(age))
        .unwrap();
}

fn names(folder: &Folder) -> Vec<String> {
    let look = folder.look(SETTLED).unwrap();
    let name = |arrival: &Arrival| arrival.path.file_name().unwrap().to_string_lossy().into_owned();
    look.whole.iter().map(name).collect()
}

#[test]
fn half_written_files_wait_whatever_half_they_are() {
    let (home, folder) = folder(Kind::Plain, After::Move);
    let at = |name: &str| home.path().join(name);
    let table: &[(&str, &[u8], u64, bool)] = &[
        ("old.txt", b"hello", 10, true),
        ("new.txt", b"hello", 0, false),
        (".hidden.txt", b"hello", 10, false),
        ("a.pdf.part", b"hello", 10, false),
        ("~$letter.docx", b"hello", 10, false),
        ("whole.pdf", b"%PDF-1.4 .. %%EOF\n", 9, true),
        ("half.pdf", b"%PDF-1.4 ..", 8, false),
        ("stranded.pdf", b"%PDF-1.4 ..", 70, true),
        ("whole.tif", b"II*\0\x08\0\0\0\x01\0..", 7, true),
        ("half.tif", b"II*\0\0\0\0\0....", 6, false),
        ("short.tif", b"MM\0*\0\0\x10\0....", 6, false),
        ("half.jpg", b"\xFF\xD8\xFF\xE0....", 5, false),
        ("whole.jpg", b"\xFF\xD8\xFF\xE0....\xFF\xD9", 4, true),
    ];
    for (name, bytes, age, _) in table {
        drop_in(at(name), bytes, *age);
    }
    create_dir(at("folder")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/hostname", at("link.txt")).unwrap();
    let mut expected: Vec<&(&str, &[u8], u64, bool)> = table.iter().filter(|row| row.3).collect();
    expected.sort_by_key(|row| std::cmp::Reverse(row.2));
    let expected: Vec<&str> = expected.iter().map(|row| row.0).collect();
    assert_eq!(names(&folder), expected);
}

#[cfg(unix)]
#[test]
fn a_fax_that_is_being_received_is_locked() {
    use rustix::fs::{FlockOperation, flock};
    let (home, folder) = folder(Kind::HylafaxRecvq, After::Keep);
    drop_in(
        home.path().join("fax000000012.tif"),
        b"II*\0\x08\0\0\0\x01\0",
        100,
    );
    drop_in(home.path().join("fax000000013.tif"), b"II*\0\x08\0\0\0\x01\0", 90);
    drop_in(home.path().join("seqf"), b"14", 100);
    let receiver = File::open(home.path().join("fax000000013.tif")).unwrap();
    flock(&receiver, FlockOperation::NonBlockingLockExclusive).unwrap();
    assert_eq!(names(&folder), ["fax000000012.tif"]);
    drop(receiver);
    assert_eq!(names(&folder), ["fax000000012.tif", "fax000000013.tif"]);
    let first = folder.look(SETTLED).unwrap().whole.remove(0);
    folder.put_away(&first.path).unwrap();
    assert_eq!(
        folder.look(SETTLED).unwrap().whole.first(),
        Some(&first),
        "it is the fax server's"
    );
    drop_in(first.path.clone(), b"II*\0\x08\0\0\0\x02\0", 100);
    assert_ne!(
        folder.look(SETTLED).unwrap().whole.first(),
        Some(&first),
        "written anew"
    );
}

#[test]
fn a_message_goes_from_new_to_cur() {
    let (home, folder) = folder(Kind::Maildir, After::Move);
    for part in ["tmp", "new", "cur"] {
        create_dir(home.path().join(part)).unwrap();
    }
    write(home.path().join("tmp/1.a"), "half").unwrap();
    write(home.path().join("new/2.b"), "From: a@example.org\n\nhello").unwrap();
    write(home.path().join("cur/3.c:2,S"), "seen").unwrap();
    assert_eq!(names(&folder), ["2.b"], "a message in new is whole at once");
    folder.put_away(&home.path().join("new/2.b")).unwrap();
    assert!(home.path().join("cur/2.b:2,S").exists() && !home.path().join("new/2.b").exists());
}

#[test]
fn nothing_is_overwritten_and_a_missing_folder_is_told() {
    let (home, folder) = folder(Kind::Plain, After::Move);
    for text in ["one", "two"] {
        drop_in(home.path().join("fax.txt"), text.as_bytes(), 10);
        folder.put_away(&home.path().join("fax.txt")).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(home.path().join("done/fax.txt")).unwrap(),
        "one"
    );
    assert_eq!(
        std::fs::read_to_string(home.path().join("done/fax.txt.1")).unwrap(),
        "two"
    );
    let gone = Folder {
        path: home.path().join("nowhere"),
        ..folder
    };
    assert!(gone.look(SETTLED).is_err());
}
