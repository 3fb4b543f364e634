//! What a file of a watched folder comes to: an answer that was heard, or what was taken in.
//!
//! Owns the choice between the two. Must not know how a file is read, or where it is put.

use crate::channels::watch::{After, Folder, Kind};
use crate::cli::desk::Desk;
use crate::cli::intake::{take_in, take_in_once};
use crate::cli::{Trouble, answers, asked};
use crate::domain::referral::Source;
use crate::engine::{Heard, Taken};
use crate::intake::ReadDocument;

/// What a file came to.
pub(super) enum Came {
    /// It is an answer to something that is just leaving.
    NotYet,
    /// Each document in it; nothing where it was an answer.
    Taken(Vec<Taken>),
}

/// Takes in all that a file holds. What was taken before a trouble is taken, and known when the file is met again.
pub(super) fn take_all(desk: &mut Desk, folder: &Folder, came: &asked::Came) -> Result<Came, Trouble> {
    let mut all = Vec::new();
    for document in &came.documents {
        let bytes = document.own.as_deref().unwrap_or(&came.bytes);
        // A file that stays is met again whenever the program starts. That is no sender's sending it again: what a person has set
        // aside, or ended, does not come back by it.
        if folder.after == After::Keep
            && document.own.is_some()
            && let Some(seen) = desk.engine.taken_before(bytes)?
        {
            all.push(seen);
            continue;
        }
        match take(desk, folder, bytes, &document.read)? {
            Came::NotYet => return Ok(Came::NotYet),
            Came::Taken(taken) => all.extend(taken),
        }
    }
    Ok(Came::Taken(all))
}

/// Hears a mail, where it is an answer that is understood; takes in as a document what is not.
fn take(desk: &mut Desk, folder: &Folder, bytes: &[u8], read: &ReadDocument) -> Result<Came, Trouble> {
    if folder.kind != Kind::Maildir {
        let taken = take_in(desk, bytes, read, source(folder, read), false)?;
        return Ok(Came::Taken(vec![taken]));
    }
    match answers::hear_mail(desk, bytes, read)? {
        Heard::Done => return Ok(Came::Taken(Vec::new())),
        Heard::NotYet => return Ok(Came::NotYet),
        Heard::NotUnderstood => {}
    }
    let occasion = answers::occasion_of_mail(bytes);
    let taken = take_in_once(desk, bytes, read, source(folder, read), occasion.as_deref())?;
    Ok(Came::Taken(vec![taken]))
}

/// How it came in.
fn source(folder: &Folder, read: &ReadDocument) -> Source {
    match folder.kind {
        Kind::HylafaxRecvq => Source::Fax,
        Kind::Plain | Kind::Maildir => read.container.source(),
    }
}
