//! A mail server that others wrote: aiosmtpd, behind STARTTLS and a login, where it is installed.

use crate::{program, receive};
use refdesk::domain::message::MessageState;
use refdesk::domain::time::{Span, print_stamp};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn python() -> Option<PathBuf> {
    let own = here("target/smtp/bin/python");
    let python = if own.exists() { own } else { "python3".into() };
    let knows = Command::new(&python).args(["-c", "import aiosmtpd"]).output();
    knows.is_ok_and(|run| run.status.success()).then_some(python)
}

/// The server, and what it says.
struct Server {
    child: Child,
    said: Receiver<String>,
    port: u16,
}

impl Server {
    fn start(python: &Path) -> Server {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut child = Command::new(python)
            .arg(here("scripts/smtp/server.py"))
            .arg(port.to_string())
            .args(["server.pem", "server.key"].map(|name| here("tests/fixtures/mail").join(name)))
            .args(["desk", "right"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (say, said) = channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| say.send(line)));
        let server = Server { child, said, port };
        assert_eq!(server.next().as_deref(), Some("ready"));
        server
    }

    fn next(&self) -> Option<String> {
        self.said.recv_timeout(Duration::from_secs(20)).ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn configure(data: &Path, port: u16, password: &str) {
    std::fs::write(data.join("password"), password).unwrap();
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(data.join("password"), private).unwrap();
    let ca = here("tests/fixtures/mail/ca.pem");
    let text = format!(
        "[clinic]\nname = \"Heart Clinic\"\nemail = \"intake@clinic.example\"\n\
         [channels]\nemail = \"smtp\"\nread_first = false\n\
         [channels.smtp]\nhost = \"localhost\"\nport = {port}\ntls = \"starttls\"\nca_file = \"{}\"\nuser = \"desk\"\n\
         password_file = \"password\"\n",
        ca.display()
    );
    std::fs::write(data.join("config.toml"), text).unwrap();
}

#[test]
fn a_server_that_others_wrote_takes_mail_over_tls_after_the_right_login() {
    let Some(python) = python() else {
        eprintln!("left out: python with aiosmtpd 1.4.6 is not installed; see .ci/run");
        return;
    };
    let server = Server::start(&python);
    let mut desk = crate::common::Desk::new();
    let data = desk.dir.path().to_owned();
    receive(&mut desk, 0..3);
    let tick = |hours| {
        let now = print_stamp(desk.now + Span::hours(hours));
        assert!(program(&data, &["--now", &now, "tick"]).wait().unwrap().success());
    };
    let mails = || {
        let all = desk.engine.store().outbox(None, usize::MAX).unwrap();
        let mails = all
            .into_iter()
            .filter(|message| message.channel == refdesk::domain::person::Channel::Email);
        mails.collect::<Vec<_>>()
    };
    let wanted = mails().len();
    assert!(wanted > 0);
    // With the wrong password nothing leaves, and nothing is lost.
    configure(&data, server.port, "wrong");
    tick(2);
    assert!(mails().iter().all(|mail| mail.state == MessageState::Queued));
    configure(&data, server.port, "right");
    tick(4);
    let left = mails();
    for _ in 0..wanted {
        let mail: Value = serde_json::from_str(&server.next().unwrap()).unwrap();
        assert_eq!(mail["from"], "intake@clinic.example");
        let to = mail["to"][0].as_str().unwrap();
        let text = mail["text"].as_str().unwrap();
        assert!(left.iter().any(|mail| mail.address == to), "{to}");
        assert!(text.contains("Heart Clinic"), "{text}");
    }
    let states: Vec<_> = left
        .iter()
        .map(|mail| (mail.state, mail.detail.clone()))
        .collect();
    assert!(
        left.iter().all(|mail| mail.state == MessageState::HandedOver),
        "{states:?}"
    );
}
