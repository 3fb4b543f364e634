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

fn look(folder: &Folder) -> io::Result<Look> {
    folder.look(SETTLED, &|_, _| false)
}

/// Puts away what lies there under a name, as it is.
fn put_away(folder: &Folder, path: &Path) -> bool {
    let bytes = std::fs::read(path).unwrap();
    let arrival = look(folder)
        .unwrap()
        .whole
        .into_iter()
        .find(|one| one.path == *path);
    folder.put_away(&arrival.unwrap(), &bytes).unwrap()
}

fn names(folder: &Folder) -> Vec<String> {
    let look = look(folder).unwrap();
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
    let first = look(&folder).unwrap().whole.remove(0);
    assert!(put_away(&folder, &first.path));
    assert_eq!(
        look(&folder).unwrap().whole.first(),
        Some(&first),
        "it is the fax server's"
    );
    drop_in(first.path.clone(), b"II*\0\x08\0\0\0\x02\0", 100);
    assert_ne!(look(&folder).unwrap().whole.first(), Some(&first), "written anew");
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
    assert!(put_away(&folder, &home.path().join("new/2.b")));
    assert!(home.path().join("cur/2.b:2,S").exists() && !home.path().join("new/2.b").exists());
}

#[test]
fn nothing_is_overwritten_and_a_missing_folder_is_told() {
    let (home, folder) = folder(Kind::Plain, After::Move);
    for text in ["one", "two"] {
        drop_in(home.path().join("fax.txt"), text.as_bytes(), 10);
        assert!(put_away(&folder, &home.path().join("fax.txt")));
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
    assert!(look(&gone).is_err());
}

#[test]
fn what_was_written_anew_while_it_was_read_stays_where_it_is() {
    for after in [After::Move, After::Delete] {
        let (home, folder) = folder(Kind::Plain, after);
        let path = home.path().join("scan.txt");
        drop_in(path.clone(), b"one", 10);
        let read = look(&folder).unwrap().whole.remove(0);
        let then = std::fs::metadata(&path).unwrap().modified().unwrap();
        // The scanner begins again at the same number: later, and in the same tick of the clock.
        for (text, modified) in [("two", SystemTime::now()), ("six", then)] {
            write(&path, text).unwrap();
            let file = File::options().write(true).open(&path).unwrap();
            file.set_modified(modified).unwrap();
            assert!(!folder.put_away(&read, b"one").unwrap(), "{text}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
        assert!(put_away(&folder, &path) && !path.exists());
    }
}

#[test]
fn a_heap_of_old_files_hides_no_new_one_and_is_told() {
    let (home, folder) = folder(Kind::HylafaxRecvq, After::Keep);
    for age in [40, 30, 20, 10] {
        drop_in(
            home.path().join(format!("fax{age}.tif")),
            b"II*\0\x08\0\0\0\x01\0",
            age,
        );
    }
    let look = |known: &[u64]| {
        let is_known =
            |path: &Path, _: &Mark| known.iter().any(|age| path.ends_with(format!("fax{age}.tif")));
        let look = folder.look_at(SETTLED, &is_known, 2).unwrap();
        let name = |arrival: &Arrival| arrival.path.file_name().unwrap().to_string_lossy().into_owned();
        (
            look.whole.iter().map(name).collect::<Vec<_>>().join(" "),
            look.left_out,
        )
    };
    assert_eq!(look(&[]), ("fax20.tif fax10.tif".into(), 2));
    assert_eq!(
        look(&[10, 20]),
        ("fax40.tif fax30.tif fax20.tif fax10.tif".into(), 0)
    );
}
