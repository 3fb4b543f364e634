//! A mailbox on a server: IMAP (RFC 9051, and RFC 3501 before it), protected from the first byte (RFC 8314).
//!
//! Owns the way of a mail from the mailbox into a Maildir on this machine, from which it is taken in like any other: it is written there
//! whole and synced, and only then marked as seen or moved away on the server. Whatever crashes in between brings it again, under
//! the same name. Must not look into a mail: that is the jailed reader's.

use super::folder::create_private;
use super::lock::lock;
use super::secret::Secret;
use crate::domain::text;
use imap::{Client, Session};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use sha2::{Digest, Sha256};
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A mailbox and how it is reached.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Whether the connection is protected; without, only a server on this machine is spoken to.
    pub tls: bool,
    /// A certificate authority of the clinic's own (PEM), beside those of the system.
    pub authority: Option<PathBuf>,
    /// User.
    pub user: String,
    /// Password.
    pub password: Secret,
    /// The mailbox.
    pub folder: String,
    /// The mailbox to which a mail goes once it is here; it is marked as seen where there is none.
    pub move_to: Option<String>,
    /// The longest wait for any answer.
    pub patience: Duration,
}

/// What a visit brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Mails that are here now.
    pub came: usize,
    /// Mails that are too large to be a referral, and stay where they are, unseen.
    pub left: usize,
}

/// Mails of a visit; the next goes on.
const VISIT: usize = 100;
/// A larger mail stays on the server: the reader takes no larger document.
const MAIL_MAX: u32 = 64 * 1024 * 1024;
/// A server says no more than this in a visit, whatever it announced.
const SAID_MAX: u64 = 1024 * 1024 * 1024;
/// The longest answer that is kept of a server.
const ANSWER: usize = 160;

/// A stream.
trait Talk: Read + Write + Send {}
impl<T: Read + Write + Send> Talk for T {}

/// What a server says, up to a limit.
struct Bounded {
    inner: Box<dyn Talk>,
    left: u64,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::other("the server says more than a mailbox could"))?;
        Ok(read)
    }
}

impl Write for Bounded {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.inner.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Mailbox {
    /// Brings the unseen mails into a Maildir. Of several programs on the same data one goes at a time; the others bring nothing.
    ///
    /// # Errors
    /// A sentence that names the server; what came before is here, and is not brought again.
    pub fn fetch(&self, maildir: &Path) -> Result<Fetched, String> {
        let mut fetched = Fetched::default();
        let place = maildir.with_added_extension("lock");
        let locked = lock(&place).map_err(|error| format!("{}: {error}", place.display()))?;
        let Some(_lock) = locked else {
            return Ok(fetched);
        };
        let mut session = self.enter()?;
        let done = self.bring(&mut session, maildir, &mut fetched);
        let _ = session.logout();
        done.map(|()| fetched)
    }

    /// Whether the mailbox can be opened, for `doctor`.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn health(&self) -> Result<String, String> {
        let mut session = self.enter()?;
        let opened = session.select(&self.folder).map_err(|error| self.why(&error));
        let _ = session.logout();
        let how = if self.tls { "by TLS" } else { "without TLS" };
        opened.map(|about| {
            let (host, port, mails) = (&self.host, self.port, about.exists);
            format!("{host}:{port} answers {how}: {mails} mails in {}", self.folder)
        })
    }

    fn enter(&self) -> Result<Session<Bounded>, String> {
        let mut client = Client::new(Bounded {
            inner: self.connect()?,
            left: SAID_MAX,
        });
        client.read_greeting().map_err(|error| self.why(&error))?;
        client
            .login(&self.user, self.password.read()?)
            .map_err(|(error, _)| format!("{} does not take the login: {}", self.host, said(&error)))
    }

    fn bring(
        &self,
        session: &mut Session<Bounded>,
        maildir: &Path,
        fetched: &mut Fetched,
    ) -> Result<(), String> {
        let about = session.select(&self.folder).map_err(|error| self.why(&error))?;
        // UIDs name mails for as long as this stays what it is (RFC 9051 2.3.1.1).
        let validity = about.uid_validity.unwrap_or(0);
        let unseen = session.uid_search("UNSEEN").map_err(|error| self.why(&error))?;
        let mut unseen: Vec<u32> = unseen.into_iter().collect();
        unseen.sort_unstable();
        let mark = self.mark();
        clear(maildir);
        for uid in unseen.into_iter().take(VISIT) {
            let number = uid.to_string();
            let sizes = session
                .uid_fetch(&number, "RFC822.SIZE")
                .map_err(|error| self.why(&error))?;
            if sizes
                .iter()
                .any(|one| one.size.is_some_and(|size| size > MAIL_MAX))
            {
                fetched.left += 1;
                continue;
            }
            let mails = session
                .uid_fetch(&number, "BODY.PEEK[]")
                .map_err(|error| self.why(&error))?;
            let Some(body) = mails.iter().find_map(|one| one.body()) else {
                continue;
            };
            keep(maildir, &format!("imap.{mark}.{validity}.{uid}"), body)
                .map_err(|error| format!("{}: {error}", maildir.display()))?;
            fetched.came += 1;
            match &self.move_to {
                Some(to) => session.uid_mv(&number, to),
                None => session.uid_store(&number, "+FLAGS.SILENT (\\Seen)").map(drop),
            }
            .map_err(|error| self.why(&error))?;
        }
        Ok(())
    }

    /// Names the mailbox: another one has mails of the same numbers.
    fn mark(&self) -> String {
        let whole = format!("{}\n{}\n{}", self.host, self.user, self.folder);
        let digest = Sha256::digest(whole);
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    fn connect(&self) -> Result<Box<dyn Talk>, String> {
        let why = |error: &dyn std::fmt::Display| format!("{}:{}: {error}", self.host, self.port);
        let places = (self.host.as_str(), self.port)
            .to_socket_addrs()
            .map_err(|error| why(&error))?;
        let mut last = why(&"no such host");
        for place in places {
            let stream = match TcpStream::connect_timeout(&place, self.patience) {
                Ok(stream) => stream,
                Err(error) => {
                    last = why(&error);
                    continue;
                }
            };
            stream
                .set_read_timeout(Some(self.patience))
                .and_then(|()| stream.set_write_timeout(Some(self.patience)))
                .map_err(|error| why(&error))?;
            if !self.tls {
                return Ok(Box::new(stream));
            }
            let name = ServerName::try_from(self.host.clone()).map_err(|error| why(&error))?;
            let tls = rustls::ClientConnection::new(self.protection()?, name).map_err(|error| why(&error))?;
            return Ok(Box::new(rustls::StreamOwned::new(tls, stream)));
        }
        Err(last)
    }

    fn protection(&self) -> Result<Arc<rustls::ClientConfig>, String> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(path) = &self.authority {
            let bad = || format!("{} is not a certificate in PEM", path.display());
            let authority = CertificateDer::from_pem_file(path).map_err(|_| bad())?;
            roots.add(authority).map_err(|_| bad())?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("no TLS: {error}"))?;
        Ok(Arc::new(
            config.with_root_certificates(roots).with_no_client_auth(),
        ))
    }

    fn why(&self, error: &imap::Error) -> String {
        format!("{}:{}: {}", self.host, self.port, said(error))
    }
}

/// Takes away what a visit left half-written that was cut off: under the lock there is no other.
fn clear(maildir: &Path) {
    let halves = std::fs::read_dir(maildir.join("tmp"))
        .into_iter()
        .flatten()
        .flatten();
    for half in halves.filter(|entry| entry.file_name().to_string_lossy().starts_with("imap.")) {
        let _ = std::fs::remove_file(half.path());
    }
}

/// Writes a mail into a Maildir, unless it is there from an earlier visit.
fn keep(maildir: &Path, name: &str, body: &[u8]) -> io::Result<()> {
    let [new, cur, tmp] = ["new", "cur", "tmp"].map(|part| maildir.join(part));
    for part in [&new, &cur, &tmp] {
        std::fs::create_dir_all(part)?;
    }
    let target = new.join(name);
    if target.exists() || cur.join(format!("{name}:2,S")).exists() {
        return Ok(());
    }
    let half = tmp.join(format!("{name}.{}", std::process::id()));
    match std::fs::remove_file(&half) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = create_private(&half)?;
    file.write_all(body)?;
    file.sync_all()?;
    std::fs::rename(&half, &target)?;
    std::fs::File::open(&new)?.sync_all()
}

/// What the library or the server said, on one line of bounded length. A server may repeat what it was told: never a password,
/// since it is not told one again.
fn said(error: &imap::Error) -> String {
    text::squeeze(&text::line(&error.to_string()))
        .chars()
        .take(ANSWER)
        .collect()
}

#[cfg(test)]
mod tests;
