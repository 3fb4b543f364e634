//! How many stood where at the past moment: today's tallies, less what changed since as it is, plus the same as it was.

use crate::domain::lists::List;
use crate::store::StoreError;
use crate::store::board::Counts;
use rusqlite::Connection;

/// What is taken off and what is added, by name.
const DIFFERENCES: [(i64, &str); 6] = [
    (
        -1,
        "SELECT coalesce(r.list, 'none'), count(*) FROM temp.since_referral s JOIN main.referral r ON r.id = s.id GROUP BY r.list",
    ),
    (
        1,
        "SELECT coalesce(list, 'none'), count(*) FROM temp.was_referral GROUP BY list",
    ),
    (
        -1,
        "SELECT 'document', count(*) FROM temp.since_document s JOIN main.document d ON d.id = s.id WHERE d.state = 'intake'",
    ),
    (
        1,
        "SELECT 'document', count(*) FROM temp.was_document WHERE state = 'intake'",
    ),
    (
        -1,
        "SELECT 'message', count(*) FROM temp.was_message s JOIN main.message m ON m.id = s.id WHERE m.state IN ('failed', 'uncertain')",
    ),
    (
        1,
        "SELECT 'message', count(*) FROM temp.was_message WHERE state IN ('failed', 'uncertain')",
    ),
];

/// The counts.
///
/// # Errors
/// SQLite's.
pub(super) fn counts(connection: &Connection) -> Result<Counts, StoreError> {
    let mut counts = crate::store::tally(connection)?;
    for (sign, sql) in DIFFERENCES {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let name: String = row.get(0)?;
            let by = sign * row.get::<_, i64>(1)?;
            let list = List::ALL.iter().position(|list| list.code() == name);
            let slot = match (name.as_str(), list.and_then(|place| counts.lists.get_mut(place))) {
                (_, Some(slot)) => {
                    counts.open = counts.open.saturating_add_signed(by);
                    slot
                }
                ("none", None) => &mut counts.ended,
                ("document", None) => &mut counts.intake,
                (_, None) => &mut counts.outbox_trouble,
            };
            *slot = slot.saturating_add_signed(by);
        }
    }
    Ok(counts)
}
