//! A spool gets a file once, whatever crashed before and whoever took it away meanwhile.

use super::*;
use crate::channels::sample::message;
use crate::domain::person::Channel;
use crate::domain::time::from_seconds;

struct Place {
    _dir: tempfile::TempDir,
    spool: Spool,
}

fn place() -> Place {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outgoing");
    std::fs::create_dir(&path).unwrap();
    Place {
        spool: Spool::new(&path),
        _dir: dir,
    }
}

impl Place {
    fn send(&self, message: &Message) -> Handover {
        self.spool.hand_over(message, "m12", b"text")
    }

    fn taken(&self) -> bool {
        std::fs::remove_file(self.spool.path.join("m12")).is_ok()
    }

    fn staged(&self, name: &str) -> PathBuf {
        self.spool.staging.join(name)
    }
}

#[test]
fn once_taken_away_it_is_not_put_there_again() {
    let (place, message) = (place(), message(Channel::Sms));
    assert_eq!(place.send(&message), Handover::Done);
    assert!(place.taken());
    assert_eq!(place.send(&message), Handover::WasThere);
    assert!(!place.taken());
    // Noted: what is left of it goes, and a person may have it sent again.
    place.spool.forget(&message);
    assert_eq!(std::fs::read_dir(&place.spool.staging).unwrap().count(), 0);
    let again = Message {
        sent_at: Some(from_seconds(7)),
        ..message
    };
    assert_eq!(place.send(&again), Handover::Done);
    assert!(place.taken());
}

#[test]
fn a_crash_at_each_step_leaves_what_the_next_needs() {
    let message = message(Channel::Sms);
    let name = stem(&message);
    // (what the dead left: ready, begun, in the spool) and whether the next hands over.
    for (ready, begun, there, done) in [
        (false, false, false, true),
        (true, false, false, true),
        (true, true, false, true),
        (false, true, true, false),
        (false, true, false, false),
    ] {
        let place = place();
        std::fs::create_dir(&place.spool.staging).unwrap();
        for (is, path) in [
            (ready, place.staged(&format!("{name}.ready"))),
            (begun, place.staged(&name)),
            (there, place.spool.path.join("m12")),
        ] {
            if is {
                std::fs::write(path, "half").unwrap();
            }
        }
        let wanted = if done { Handover::Done } else { Handover::WasThere };
        assert_eq!(place.send(&message), wanted, "{ready} {begun} {there}");
        assert_eq!(place.spool.path.join("m12").exists(), done || there);
        if done {
            assert_eq!(std::fs::read(place.spool.path.join("m12")).unwrap(), b"text");
        }
    }
}

#[test]
fn a_spool_that_is_not_there_is_the_channels_trouble() {
    let place = place();
    std::fs::remove_dir(&place.spool.path).unwrap();
    let message = message(Channel::Sms);
    let said = place.send(&message);
    assert!(
        matches!(said, Handover::Later(_, crate::channels::way::Extent::Channel)),
        "{said:?}"
    );
    assert!(!place.spool.health("smstools").ok);
    std::fs::create_dir(&place.spool.path).unwrap();
    assert_eq!(place.send(&message), Handover::Done);
    assert!(place.spool.health("smstools").ok);
}
