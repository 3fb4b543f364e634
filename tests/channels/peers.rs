//! The other sides: a mail server that records what it took, and a program that empties a spool.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A mail server on a socket of this machine.
pub struct Mailbox {
    pub port: u16,
    taken: Arc<Mutex<Vec<String>>>,
    mood: Arc<AtomicU8>,
}

impl Mailbox {
    pub fn open() -> Mailbox {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (taken, mood) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicU8::new(0)));
        let (record, moods) = (Arc::clone(&taken), Arc::clone(&mood));
        let counter = Arc::new(AtomicUsize::new(0));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (record, moods, counter) =
                    (Arc::clone(&record), Arc::clone(&moods), Arc::clone(&counter));
                // Whoever is killed hangs up: that is no trouble here.
                std::thread::spawn(move || drop(serve(stream, &record, &moods, &counter)));
            }
        });
        Mailbox { port, taken, mood }
    }

    /// The Message-IDs of the mails that it took, each as often as it took it.
    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }

    /// 0 takes all; 1 puts some off, 2 hangs up after some that it took, 3 after some that it did not take.
    pub fn moods(&self, mood: u8) {
        self.mood.store(mood, Ordering::Relaxed);
    }
}

fn serve(
    mut stream: TcpStream,
    record: &Mutex<Vec<String>>,
    moods: &AtomicU8,
    counter: &AtomicUsize,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    stream.write_all(b"220 here\r\n")?;
    while let Some(line) = lines.next() {
        let line = line?;
        let reply: &[u8] = match line.get(..4).unwrap_or(&line) {
            "EHLO" => b"250 here\r\n",
            "DATA" => b"354 go on\r\n",
            "QUIT" => b"221 bye\r\n",
            _ => b"250 ok\r\n",
        };
        stream.write_all(reply)?;
        if !reply.starts_with(b"354") {
            continue;
        }
        let mut id = String::new();
        loop {
            // A text without its end was never sent.
            let Some(line) = lines.next() else { return Ok(()) };
            let line = line?;
            if let Some(value) = line.strip_prefix("Message-ID: ") {
                id = value.trim_matches(['<', '>']).to_owned();
            }
            if line == "." {
                break;
            }
        }
        let turn = counter.fetch_add(1, Ordering::Relaxed).is_multiple_of(3);
        match moods.load(Ordering::Relaxed) {
            1 if turn => stream.write_all(b"451 later\r\n")?,
            3 if turn => return Ok(()),
            mood => {
                record.lock().unwrap().push(id);
                if mood == 2 && turn {
                    return Ok(());
                }
                stream.write_all(b"250 taken\r\n")?;
            }
        }
    }
    Ok(())
}

/// A spool that is emptied as its program would.
pub struct Emptied {
    names: Arc<Mutex<Vec<String>>>,
    path: PathBuf,
    stop: Arc<AtomicBool>,
}

impl Emptied {
    pub fn start(path: &Path) -> Emptied {
        let emptied = Emptied {
            names: Arc::default(),
            path: path.to_owned(),
            stop: Arc::default(),
        };
        let (names, path, stop) = (
            Arc::clone(&emptied.names),
            path.to_owned(),
            Arc::clone(&emptied.stop),
        );
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                for entry in std::fs::read_dir(&path).into_iter().flatten().flatten() {
                    let name = entry.file_name().into_string().unwrap();
                    // A document goes with its job.
                    if name.starts_with('.') || name.ends_with(".pdf") {
                        continue;
                    }
                    let text = std::fs::read_to_string(entry.path()).unwrap();
                    assert!(
                        text.ends_with('\n') && text.len() > 40,
                        "half a file: {name}: {text}"
                    );
                    if name.ends_with(".job") {
                        let document = path.join(name.replace(".job", ".pdf"));
                        assert!(
                            std::fs::read(&document).unwrap().starts_with(b"%PDF-"),
                            "{name} without its document"
                        );
                        std::fs::remove_file(document).unwrap();
                    }
                    std::fs::remove_file(entry.path()).unwrap();
                    names.lock().unwrap().push(name);
                }
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        emptied
    }

    pub fn total(&self) -> usize {
        self.names.lock().unwrap().len()
    }

    pub fn count(&self, name: &str) -> usize {
        self.names
            .lock()
            .unwrap()
            .iter()
            .filter(|each| *each == name)
            .count()
    }

    /// Waits until nothing lies there any more.
    pub fn settle(&self) {
        for _ in 0..2000 {
            if std::fs::read_dir(&self.path).unwrap().count() == 0 {
                return;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        panic!("something stays in {}", self.path.display());
    }
}

impl Drop for Emptied {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
