//! `run`: the service without a screen takes in what is dropped into the inbox, and ends when it is told to.

use super::{Clinic, NOW, received};
use serde_json::json;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant, SystemTime};

const LETTER: &str = "REFERRAL REQUEST\nPatient Name: Garcia, Maria\nDOB: 05/17/1970\nSpecialty Requested: Cardiology\nReferring Provider: Irene Hale, MD\nReason for Referral: palpitations\nUrgency: Urgent\n";

pub struct Service {
    child: Child,
    lines: Receiver<String>,
}

impl Service {
    pub fn start(clinic: &Clinic, more: &[&str]) -> Service {
        let mut child = Command::new(env!("CARGO_BIN_EXE_refdesk"))
            .args(["--now", NOW, "run", "--data"])
            .arg(clinic.data())
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (tell, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            out.lines()
                .map_while(Result::ok)
                .all(|line| tell.send(line).is_ok())
        });
        Service { child, lines }
    }

    /// The next line that begins so; others are passed over.
    pub fn says(&self, start: &str) -> String {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let line = self
                .lines
                .recv_timeout(until.saturating_duration_since(Instant::now()))
                .unwrap_or_else(|_| panic!("never said: {start}"));
            if line.starts_with(start) {
                return line;
            }
        }
    }

    pub fn stop(mut self, signal: &str) -> (ExitStatus, String) {
        let told = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(told.success());
        let until = Instant::now() + Duration::from_secs(15);
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < until, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
        let mut err = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut err)
            .unwrap();
        (self.child.wait().unwrap(), err)
    }
}

pub fn drop_in(inbox: &Path, name: &str, text: &str, age: u64) {
    let path = inbox.join(name);
    std::fs::write(&path, text).unwrap();
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(age))
        .unwrap();
}

#[test]
fn what_is_dropped_becomes_a_referral_and_moves_to_done() {
    let clinic = Clinic::new();
    clinic.run(["tick"]).done();
    let inbox = clinic.data().join("inbox");
    let service = Service::start(&clinic, &[]);
    assert_eq!(
        service.says("running on "),
        format!("running on {}; ctrl-c stops it", clinic.database().display())
    );
    for half in ["fax.txt.part", ".fax.txt", "fax.tmp", "fax.txt~"] {
        drop_in(&inbox, half, LETTER, 60);
    }
    std::fs::create_dir(inbox.join("folder")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", inbox.join("link.txt")).unwrap();
    drop_in(&inbox, "fax.txt", LETTER, 60);
    drop_in(&inbox, "empty.txt", "", 50);
    // A sender whose clock is ahead does not wait for ours.
    let ahead = inbox.join("ahead.txt");
    std::fs::write(&ahead, "minutes of a meeting").unwrap();
    std::fs::File::options()
        .write(true)
        .open(&ahead)
        .unwrap()
        .set_modified(SystemTime::now() + Duration::from_secs(3600))
        .unwrap();
    assert!(service.says("inbox: received D-").ends_with(" R-10001-W"));
    service.says("inbox: intake D-");
    service.says("inbox: intake D-");
    let (status, err) = service.stop("-TERM");
    assert_eq!((status.code(), err.as_str()), (Some(0), ""));
    let mut left: Vec<String> = names(&inbox);
    left.retain(|name| name != "done");
    assert_eq!(
        left,
        [
            ".fax.txt",
            "fax.tmp",
            "fax.txt.part",
            "fax.txt~",
            "folder",
            "link.txt"
        ]
    );
    assert_eq!(names(&inbox.join("done")), ["ahead.txt", "empty.txt", "fax.txt"]);
    assert_eq!(
        std::fs::read_to_string(inbox.join("done/fax.txt")).unwrap(),
        LETTER
    );
    // What it took in, it also answered: the acknowledgements left.
    assert!(
        !names(&clinic.data().join("outbox")).is_empty()
            || clinic.show("R-10001-W")["messages"]
                .as_array()
                .unwrap()
                .is_empty()
    );
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn the_service_goes_on_when_nobody_reads_what_it_says() {
    let clinic = Clinic::new();
    clinic.run(["tick"]).done();
    let mut child = Command::new(env!("CARGO_BIN_EXE_refdesk"))
        .args(["--now", NOW, "run", "--data"])
        .arg(clinic.data())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    out.read_line(&mut first).unwrap();
    drop(out);
    let (inbox, until) = (
        clinic.data().join("inbox"),
        Instant::now() + Duration::from_secs(30),
    );
    for name in ["one.txt", "two.txt"] {
        drop_in(&inbox, name, &format!("minutes of the meeting {name}"), 60);
        while !inbox.join("done").join(name).exists() {
            assert!(Instant::now() < until, "{name} was not taken in");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    let (service, (_, lines)) = (child, channel());
    let (status, err) = Service {
        child: service,
        lines,
    }
    .stop("-TERM");
    assert_eq!((status.code(), err.as_str()), (Some(0), ""));
}

#[test]
fn a_file_is_left_alone_until_it_rests_and_nothing_in_done_is_overwritten() {
    let clinic = Clinic::new();
    clinic.run(["tick"]).done();
    let inbox = clinic.data().join("inbox");
    std::fs::create_dir(inbox.join("done")).unwrap();
    std::fs::write(inbox.join("done/fax.txt"), "an earlier one").unwrap();
    let service = Service::start(&clinic, &["--json"]);
    // Still being written.
    let until = Instant::now() + Duration::from_secs(3);
    while Instant::now() < until {
        drop_in(&inbox, "fax.txt", LETTER, 0);
        assert!(service.lines.recv_timeout(Duration::from_millis(100)).is_err());
    }
    let line: serde_json::Value = serde_json::from_str(&service.says("{\"inbox\"")).unwrap();
    assert_eq!(
        (&line["inbox"], &line["referral"]),
        (&"received".into(), &"R-10001-W".into())
    );
    let (status, err) = service.stop("-INT");
    assert_eq!(status.code(), Some(0));
    // With --json, what is no object goes to standard error.
    assert!(
        err.starts_with("refdesk: running on ")
            && err.ends_with("refdesk: stopped; everything said is saved\n"),
        "{err}"
    );
    assert_eq!(names(&inbox.join("done")), ["fax.txt", "fax.txt.1"]);
    assert_eq!(
        std::fs::read_to_string(inbox.join("done/fax.txt")).unwrap(),
        "an earlier one"
    );
}

/// Two services on one folder, as when a worklist is open beside it: each file is taken in once, and neither ends.
#[test]
fn two_services_share_an_inbox() {
    let clinic = Clinic::new();
    clinic.run(["tick"]).done();
    let services = [Service::start(&clinic, &[]), Service::start(&clinic, &[])];
    for service in &services {
        service.says("running on ");
    }
    let inbox = clinic.data().join("inbox");
    for number in 0..12 {
        drop_in(
            &inbox,
            &format!("{number}.txt"),
            &format!("minutes of meeting {number}"),
            60,
        );
    }
    let until = Instant::now() + Duration::from_secs(20);
    while names(&inbox) != ["done"] {
        assert!(Instant::now() < until, "{:?}", names(&inbox));
        std::thread::sleep(Duration::from_millis(50));
    }
    for service in services {
        let (status, err) = service.stop("-TERM");
        assert_eq!((status.code(), err.as_str()), (Some(0), ""));
    }
    assert_eq!(
        clinic.run(["list", "--list", "intake", "--json"]).objects().len(),
        12
    );
    assert_eq!(names(&inbox.join("done")).len(), 12);
}

pub fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = folder.read_dir() else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_downtime_pack_is_private_says_its_age_on_every_page_and_holds_the_least() {
    let clinic = Clinic::new();
    let mut stat = received("<b>Stat & Sons", "stat");
    stat["reason_text"] = json!("secret reason");
    clinic.apply(&[stat, received("Routine", "routine")]);
    let folder = clinic.data().join("paper");
    let said = clinic.run(["downtime", "--to", folder.to_str().unwrap()]).done();
    let files: Vec<&str> = said.lines().collect();
    assert_eq!(files.len(), 2);
    let [page, text] = [0, 1].map(|at| std::fs::read_to_string(files[at]).unwrap());
    #[cfg(unix)]
    for file in files {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    let age = "as of 2 Mar 2026 09:00";
    assert_eq!(page.matches(age).count(), page.matches("class=\"part").count());
    let sheets: Vec<&str> = text.split('\u{c}').collect();
    assert!(sheets.len() >= 11, "{}", sheets.len());
    for sheet in &sheets {
        assert!(sheet.lines().next().unwrap().contains(age), "{sheet}");
        assert!(sheet.lines().count() <= 60, "{sheet}");
    }
    // Emergencies come first, on the lists and on the call sheets; what is not needed on paper is not on it.
    assert!(sheets[0].contains("Emergency") && sheets[0].contains("R-10001-W"));
    let calls = sheets.iter().find(|sheet| sheet.contains("Call sheets")).unwrap();
    assert!(calls.contains("EMERGENCY R-10001-W"), "{calls}");
    for whole in [&page, &text] {
        assert!(!whole.contains("secret reason"), "no reasons on paper");
    }
    assert!(page.contains("&lt;b&gt;Stat &amp; Sons") && !page.contains("<b>Stat"));
    assert_eq!(
        std::fs::read_dir(&folder).unwrap().count(),
        2,
        "nothing half-written stays"
    );
}

#[test]
fn the_service_writes_the_downtime_pack_where_it_is_asked_to() {
    let clinic = Clinic::new();
    clinic.receive("Routine", "routine");
    let file = clinic.data().join("downtime/downtime.html");
    clinic.run(["tick"]).done();
    assert!(!file.exists(), "off by default");
    std::fs::write(
        clinic.data().join("config.toml"),
        "[downtime]\nevery = \"30 min\"\n",
    )
    .unwrap();
    let service = Service::start(&clinic, &[]);
    let began = Instant::now();
    while !file.exists() && began.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(50));
    }
    let (status, err) = service.stop("-TERM");
    assert!(status.success(), "{err}");
    assert!(std::fs::read_to_string(file).unwrap().contains("Routine"));
}
