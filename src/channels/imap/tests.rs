//! A mailbox on a socket of this machine.

use super::*;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::sync::Mutex;

/// A server with these mails; notes what it is told. `breaks` ends the conversation at a command that has this in it.
fn server(mails: Vec<(u32, &'static str)>, breaks: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let told = Arc::new(Mutex::new(Vec::new()));
    let (notes, unseen) = (Arc::clone(&told), Mutex::new(mails));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            serve(stream, &unseen, &notes, breaks);
        }
    });
    (port, told)
}

fn serve(
    mut stream: TcpStream,
    unseen: &Mutex<Vec<(u32, &'static str)>>,
    notes: &Mutex<Vec<String>>,
    breaks: &str,
) {
    let lines = BufReader::new(stream.try_clone().unwrap()).lines();
    stream.write_all(b"* OK here\r\n").unwrap();
    for line in lines.map_while(Result::ok) {
        let (tag, command) = line.split_once(' ').unwrap();
        notes.lock().unwrap().push(command.to_owned());
        if !breaks.is_empty() && command.contains(breaks) {
            return;
        }
        let mut mails = unseen.lock().unwrap();
        let uid = || command.split(' ').nth(2).unwrap().parse::<u32>().unwrap();
        let body = |uid: u32| {
            mails
                .iter()
                .find(|(of, _)| *of == uid)
                .map_or("", |(_, body)| *body)
        };
        let answer = if command.starts_with("SELECT") {
            format!("* {} EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n", mails.len())
        } else if command.starts_with("UID SEARCH") {
            let uids: Vec<String> = mails.iter().map(|(uid, _)| uid.to_string()).collect();
            format!("* SEARCH {}\r\n", uids.join(" "))
        } else if command.contains("RFC822.SIZE") {
            let size = if body(uid()) == "huge" { MAIL_MAX + 1 } else { 10 };
            format!("* 1 FETCH (UID {} RFC822.SIZE {size})\r\n", uid())
        } else if command.contains("BODY.PEEK") {
            let body = body(uid());
            format!(
                "* 1 FETCH (UID {} BODY[] {{{}}}\r\n{body})\r\n",
                uid(),
                body.len()
            )
        } else {
            String::new()
        };
        if command.starts_with("UID STORE") || command.starts_with("UID MOVE") {
            let gone = uid();
            mails.retain(|(uid, _)| *uid != gone);
        }
        let state = if command.starts_with("LOGIN") && !command.contains("pa55") {
            "NO"
        } else {
            "OK"
        };
        stream
            .write_all(format!("{answer}{tag} {state} done\r\n").as_bytes())
            .unwrap();
    }
}

fn mailbox(port: u16, password: &Path) -> Mailbox {
    Mailbox {
        host: "127.0.0.1".into(),
        port,
        tls: false,
        authority: None,
        user: "desk".into(),
        password: Secret::File(password.to_owned()),
        folder: "INBOX".into(),
        move_to: None,
        patience: Duration::from_secs(5),
    }
}

fn place() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let (password, mail) = (dir.path().join("password"), dir.path().join("mail"));
    std::fs::write(&password, "pa55\n").unwrap();
    (dir, password, mail)
}

fn names(folder: &Path) -> Vec<String> {
    let mut all: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| {
            entries
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect()
        })
        .unwrap_or_default();
    all.sort();
    all
}

#[test]
fn what_is_unseen_comes_once_and_is_marked() {
    let (_dir, password, mail) = place();
    let (port, told) = server(
        vec![
            (3, "Subject: a\r\n\r\nA"),
            (9, "huge"),
            (12, "Subject: b\r\n\r\nB"),
        ],
        "",
    );
    let mailbox = mailbox(port, &password);
    assert_eq!(mailbox.fetch(&mail), Ok(Fetched { came: 2, left: 1 }));
    let mark = mailbox.mark();
    let kept = ["12", "3"].map(|uid| format!("imap.{mark}.7.{uid}"));
    assert_eq!(names(&mail.join("new")), kept);
    assert_eq!(
        std::fs::read_to_string(mail.join("new").join(&kept[1])).unwrap(),
        "Subject: a\r\n\r\nA"
    );
    assert_eq!(mailbox.fetch(&mail), Ok(Fetched { came: 0, left: 1 }));
    let marked: Vec<String> = told
        .lock()
        .unwrap()
        .iter()
        .filter(|line| line.starts_with("UID STORE"))
        .cloned()
        .collect();
    assert_eq!(
        marked,
        [
            "UID STORE 3 +FLAGS.SILENT (\\Seen)",
            "UID STORE 12 +FLAGS.SILENT (\\Seen)"
        ]
    );
    assert!(mailbox.health().unwrap().contains("1 mails in INBOX"));
}

#[test]
fn what_was_not_marked_comes_again_under_its_name() {
    let (_dir, password, mail) = place();
    let (port, _) = server(vec![(3, "A")], "UID MOVE");
    let moving = Mailbox {
        move_to: Some("Refdesk".into()),
        ..mailbox(port, &password)
    };
    let kept = format!("imap.{}.7.3", moving.mark());
    for _ in 0..2 {
        assert!(moving.fetch(&mail).is_err());
        assert_eq!(names(&mail.join("new")), std::slice::from_ref(&kept));
    }
    // Taken in meanwhile: it stands among the seen ones, and stays there.
    let seen = mail.join("cur").join(format!("{kept}:2,S"));
    std::fs::rename(mail.join("new").join(kept), seen).unwrap();
    assert!(moving.fetch(&mail).is_err());
    assert_eq!(names(&mail.join("new")), [""; 0]);
}

#[test]
fn a_server_that_is_not_there_or_says_no_is_told_without_the_password() {
    let (_dir, password, mail) = place();
    std::fs::write(&password, "wrong\n").unwrap();
    let (port, _) = server(Vec::new(), "");
    let said = mailbox(port, &password).fetch(&mail).unwrap_err();
    assert!(
        said.contains("does not take the login") && !said.contains("wrong"),
        "{said}"
    );
    assert!(
        mailbox(1, &password)
            .fetch(&mail)
            .unwrap_err()
            .starts_with("127.0.0.1:1: ")
    );
    let protected = Mailbox {
        tls: true,
        ..mailbox(port, &password)
    };
    assert!(
        protected.fetch(&mail).is_err(),
        "a server that speaks no TLS is not spoken to without"
    );
    assert!(!mail.exists());
}

#[test]
fn one_program_goes_at_a_time_and_two_mailboxes_are_two() {
    let (_dir, password, mail) = place();
    let (port, told) = server(vec![(3, "A")], "");
    let one = mailbox(port, &password);
    let other = lock(&mail.with_added_extension("lock")).unwrap().unwrap();
    assert_eq!(one.fetch(&mail), Ok(Fetched::default()));
    assert_eq!(told.lock().unwrap().len(), 0, "another program is there");
    drop(other);
    // What a visit left that was cut off.
    std::fs::create_dir_all(mail.join("tmp")).unwrap();
    std::fs::write(mail.join("tmp/imap.x.7.3.1"), "ha").unwrap();
    assert_eq!(one.fetch(&mail), Ok(Fetched { came: 1, left: 0 }));
    assert_eq!(names(&mail.join("tmp")), [""; 0]);
    // Another mailbox numbers its mails alike.
    let (port, _) = server(vec![(3, "B")], "");
    let two = Mailbox {
        folder: "Referrals".into(),
        ..mailbox(port, &password)
    };
    assert_eq!(two.fetch(&mail), Ok(Fetched { came: 1, left: 0 }));
    assert_eq!(names(&mail.join("new")).len(), 2);
}
