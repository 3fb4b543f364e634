//! The folder channel: each message becomes one file, whatever crashes.
//!
//! Owns the spool protocol of the reliability rules: write a temporary file, sync it, `link()` it to the name made from the
//! message's key, sync the folder. A name that is there already means that the message was handed over. Must not know the
//! store: it takes a message and says what became of it.

use super::enclosure::Enclosure;
use super::way::{AfterCrash, Handover, Health, Way, folder_health, later};
use crate::domain::message::Message;
use crate::domain::person::Channel;
use crate::domain::text;
use crate::domain::time::{Stamp, print_stamp};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The folder as a way out: a person or a gateway takes the files from there.
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder at a path; it is made when the first message comes.
    pub fn new(path: &Path) -> Folder {
        Folder {
            path: path.to_owned(),
        }
    }
}

impl Way for Folder {
    fn name(&self) -> &'static str {
        "folder"
    }

    fn after_crash(&self) -> AfterCrash {
        AfterCrash::Again
    }

    fn hand_over(&self, message: &Message, _now: Stamp) -> Handover {
        hand_over(&self.path, message).unwrap_or_else(|error| later("the outbox folder", &error))
    }

    fn hand_over_each(&self, messages: &[&Message], _now: Stamp) -> Vec<Handover> {
        place_each(&self.path, messages)
            .unwrap_or_else(|error| vec![later("the outbox folder", &error); messages.len()])
    }

    fn hand_over_with(&self, message: &Message, document: &Enclosure, _now: Stamp) -> Handover {
        // The document comes first, so that no message names what is not there.
        let name = format!("{}.report.{}", stem(message), document.form.ending());
        place(&self.path, message, Path::new(&name), &document.bytes)
            .and_then(|_| {
                let text = content(message, Some(&name));
                place(&self.path, message, &file_name(message), text.as_bytes())
            })
            .unwrap_or_else(|error| later("the outbox folder", &error))
    }

    fn health(&self) -> Health {
        if self.path.exists() {
            return folder_health(self.name(), &self.path);
        }
        Health {
            ok: true,
            detail: format!(
                "{}: {} is made with the first message",
                self.name(),
                self.path.display()
            ),
        }
    }
}

/// Hands a message over to the folder.
///
/// # Errors
/// The file system's; then the folder does not have the message, and a later try is safe.
pub fn hand_over(folder: &Path, message: &Message) -> std::io::Result<Handover> {
    place(
        folder,
        message,
        &file_name(message),
        content(message, None).as_bytes(),
    )
}

/// Puts a file of these bytes into a folder, under a name that stands for the message, whatever crashes.
pub(super) fn place(
    folder: &Path,
    message: &Message,
    name: &Path,
    bytes: &[u8],
) -> std::io::Result<Handover> {
    std::fs::create_dir_all(folder)?;
    write_partial(folder, message, bytes)?.sync_all()?;
    let handover = give_name(folder, message, name)?;
    std::fs::File::open(folder)?.sync_all()?;
    Ok(handover)
}

/// The same for many messages, which wait for the disk together: once for what is in the files, once for their names.
fn place_each(folder: &Path, messages: &[&Message]) -> std::io::Result<Vec<Handover>> {
    std::fs::create_dir_all(folder)?;
    for message in messages {
        write_partial(folder, message, content(message, None).as_bytes())?;
    }
    sync_partials(folder, messages)?;
    let mut all = Vec::with_capacity(messages.len());
    for message in messages {
        all.push(give_name(folder, message, &file_name(message))?);
    }
    std::fs::File::open(folder)?.sync_all()?;
    Ok(all)
}

/// What was written is on the disk after it: in one go where the system has one (syncfs(2)), else file by file.
fn sync_partials(folder: &Path, messages: &[&Message]) -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        let _ = messages;
        Ok(rustix::fs::syncfs(std::fs::File::open(folder)?)?)
    }
    #[cfg(not(target_os = "linux"))]
    {
        for message in messages {
            std::fs::File::open(partial(folder, message))?.sync_all()?;
        }
        Ok(())
    }
}

fn write_partial(folder: &Path, message: &Message, bytes: &[u8]) -> std::io::Result<std::fs::File> {
    let partial = partial(folder, message);
    // What a crash left there may be the handed-over file under its second name: let go of it, never write through it.
    match std::fs::remove_file(&partial) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = create_private(&partial)?;
    file.write_all(bytes)?;
    Ok(file)
}

fn give_name(folder: &Path, message: &Message, name: &Path) -> std::io::Result<Handover> {
    let partial = partial(folder, message);
    let linked = std::fs::hard_link(&partial, folder.join(name));
    let _ = std::fs::remove_file(&partial);
    match linked {
        Ok(()) => Ok(Handover::Done),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Handover::WasThere),
        Err(error) => Err(error),
    }
}

/// Where a message is written before it gets its name. One sender has the message at a time, so that the name needs no
/// process in it, and what a crash left there is found by whoever comes after.
pub fn partial(folder: &Path, message: &Message) -> PathBuf {
    folder.join(format!(".{}.partial", message.id.0))
}

pub(super) fn create_private(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// The key as a file's name, with every character that a path could trip over replaced. Keys are unique and made of rule
/// names, ids and numbers, so two never meet.
pub(super) fn stem(message: &Message) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || c == '-' {
            c
        } else {
            '.'
        }
    };
    message.key.chars().map(plain).collect()
}

/// The file's name.
pub fn file_name(message: &Message) -> PathBuf {
    let ending = match message.channel {
        Channel::Email => "eml",
        Channel::Sms => "sms.txt",
        Channel::Fax => "fax.txt",
        Channel::Letter | Channel::Phone => "letter.txt",
        Channel::Exchange => "update.txt",
    };
    PathBuf::from(format!("{}.{ending}", stem(message)))
}

/// Headers, an empty line, the text: what a person or a gateway reads. Header values are one line each.
fn content(message: &Message, enclosed: Option<&str>) -> String {
    let mut out = String::new();
    let mut header = |name: &str, value: &str| {
        out.push_str(&format!("{name}: {}\n", text::line(value)));
    };
    header("Message-Key", &message.key);
    header("Referral", &message.referral.to_string());
    header("Channel", message.channel.code());
    header("To", &format!("{} <{}>", message.recipient, message.address));
    header("Date", &print_stamp(message.not_before));
    header("Language", &message.language);
    if !message.subject.is_empty() {
        header("Subject", &message.subject);
    }
    if let Some(name) = enclosed {
        header("Enclosed", name);
    }
    out.push('\n');
    out.push_str(&text::block(&message.body));
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::sample::message;
    use crate::domain::id::MessageId;
    use crate::domain::time::from_seconds;

    #[test]
    fn many_are_handed_over_as_one_is() {
        let (one, all) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let messages: Vec<Message> = (1..=5)
            .map(|id| Message {
                id: MessageId(id),
                key: format!("key/{id}"),
                ..message(Channel::Email)
            })
            .collect();
        for message in &messages {
            assert_eq!(hand_over(one.path(), message).unwrap(), Handover::Done);
        }
        let folder = Folder::new(all.path());
        // Another life handed one over and died; of another it left half a file.
        assert_eq!(folder.hand_over(&messages[1], from_seconds(0)), Handover::Done);
        std::fs::write(partial(all.path(), &messages[2]), "half").unwrap();
        let answers = folder.hand_over_each(&messages.iter().collect::<Vec<_>>(), from_seconds(0));
        let wanted = [1, 0, 1, 1, 1].map(|first| {
            if first == 1 {
                Handover::Done
            } else {
                Handover::WasThere
            }
        });
        assert_eq!(answers, wanted);
        let files = |path: &Path| {
            let mut all: Vec<(PathBuf, String)> = std::fs::read_dir(path)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .map(|file| {
                    (
                        file.file_name().unwrap().into(),
                        std::fs::read_to_string(&file).unwrap(),
                    )
                })
                .collect();
            all.sort();
            all
        };
        assert_eq!(files(one.path()), files(all.path()));
        assert_eq!(files(all.path()).len(), messages.len());
    }

    #[test]
    fn a_folder_that_cannot_be_is_the_channels_trouble() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "").unwrap();
        let messages = [message(Channel::Fax), message(Channel::Fax)];
        let answers = Folder::new(&file.join("outbox"))
            .hand_over_each(&messages.iter().collect::<Vec<_>>(), from_seconds(0));
        assert_eq!(answers.len(), 2);
        let away =
            |answer: &Handover| matches!(answer, Handover::Later(_, crate::channels::way::Extent::Channel));
        assert!(answers.iter().all(away), "{answers:?}");
    }
}
