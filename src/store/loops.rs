//! Visits that took place, and whether their reports went out.
//!
//! Owns the question to the tables; it costs what took place in the stretch of time that is asked about. Must not know figures.

use super::{Store, StoreError};
use crate::domain::id::ReferralId;
use crate::domain::message::MessageState;
use crate::domain::status::Status;
use crate::domain::time::{Stamp, parse_stamp, print_stamp};
use rusqlite::Connection;

/// A referral whose visit took place, by its last visit in the stretch.
#[derive(Clone, PartialEq, Eq)]
pub struct Visited {
    /// Referral.
    pub referral: ReferralId,
    /// Patient, as filed.
    pub patient: String,
    /// Who referred, as filed.
    pub from: Option<String>,
    /// When the referral came in.
    pub received_at: Stamp,
    /// When the visit began.
    pub seen_at: Stamp,
    /// With whom.
    pub performer: String,
    /// Where the referral stands.
    pub status: Status,
    /// When the report went out: by a message of ours, or, closed by a person, when that was.
    pub report_at: Option<Stamp>,
    /// What is known of the message that carries it.
    pub message: Option<MessageState>,
}

impl std::fmt::Debug for Visited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Visited({})", self.referral)
    }
}

impl Store {
    /// Referrals whose visit took place in a stretch of time, the earliest first.
    ///
    /// # Errors
    /// SQLite's, or `Corrupt`.
    pub fn visited(&self, from: Stamp, to: Stamp) -> Result<Vec<Visited>, StoreError> {
        visited(self.connection(), from, to)
    }
}

const VISITS: &str = "SELECT a.referral, p.filed, (SELECT n.filed FROM practitioner n WHERE n.id = r.requester), r.received_at,
        max(a.starts_at), a.performer, r.status, r.ended_at
    FROM appointment a INDEXED BY appointment_seen JOIN referral r ON r.id = a.referral JOIN patient p ON p.id = r.patient
    WHERE a.state = 'fulfilled' AND a.starts_at >= ?1 AND a.starts_at < ?2 AND r.status <> 'entered-in-error'
    GROUP BY a.referral ORDER BY 5, 1";

const REPORTS: &str = "SELECT state, sent_at FROM message
    WHERE referral = ?1 AND kind = 'report-provider' AND created_at >= ?2 AND state <> 'cancelled' ORDER BY id DESC LIMIT 1";

fn visited(connection: &Connection, from: Stamp, to: Stamp) -> Result<Vec<Visited>, StoreError> {
    let corrupt = |why: String| StoreError::Corrupt { what: "visit", why };
    let at = |text: String| parse_stamp(&text).map_err(corrupt);
    let mut statement = connection.prepare_cached(VISITS)?;
    let mut reports = connection.prepare_cached(REPORTS)?;
    let mut rows = statement.query((print_stamp(from), print_stamp(to)))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let status: String = row.get(6)?;
        let status = Status::from_code(&status).ok_or_else(|| corrupt(format!("status {status}")))?;
        let seen: String = row.get(4)?;
        let mut sent = reports.query((row.get::<_, i64>(0)?, &seen))?;
        let (message, sent_at) = match sent.next()? {
            Some(sent) => {
                let state: String = sent.get(0)?;
                let state = MessageState::ALL.into_iter().find(|each| each.code() == state);
                (state, sent.get::<_, Option<String>>(1)?)
            }
            None => (None, None),
        };
        let left = message.is_some_and(MessageState::has_left);
        let closed: Option<String> = row
            .get::<_, Option<String>>(7)?
            .filter(|_| status == Status::Closed);
        let report_at = sent_at.filter(|_| left).or(closed);
        all.push(Visited {
            referral: ReferralId(row.get(0)?),
            patient: row.get(1)?,
            from: row.get(2)?,
            received_at: at(row.get(3)?)?,
            seen_at: at(seen)?,
            performer: row.get(5)?,
            status,
            report_at: report_at.map(at).transpose()?,
            message,
        });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::open::{in_memory, plan};

    #[test]
    fn visits_are_read_by_their_time() {
        let connection = in_memory().expect("a database");
        let steps = plan(&connection, VISITS).expect("a plan");
        assert!(
            steps.iter().any(|step| step.contains("appointment_seen")),
            "{steps:?}"
        );
        assert!(!steps.iter().any(|step| step.starts_with("SCAN r")), "{steps:?}");
    }
}
