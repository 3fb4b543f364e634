//! A row of the queue: which columns it is read from, and how.
//!
//! Must not know the order of the queue.

use super::Lens;
use crate::domain::id::ReferralId;
use crate::domain::lists::List;
use crate::domain::priority::Priority;
use crate::domain::score::Score;
use crate::domain::time::parse_stamp;
use crate::store::StoreError;
use crate::store::board::QueueRow;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, Row};

const COLUMNS: &str = "r.id, r.version, r.list, r.priority, r.status, r.status_since, r.received_at, r.due_at, r.next_action,
    r.acknowledged_at, p.filed, p.dob, p.sex, r.specialty, r.service, r.owner, json_array_length(r.missing), r.attempts,
    p.phone, r.source, @payer,
    (SELECT o.name FROM organization o WHERE o.id = r.facility), (SELECT n.filed FROM practitioner n WHERE n.id = r.requester),
    r.ended_at";

/// Who pays first, now and at the past moment that is laid out.
const PAYER: &str = "(SELECT c.payer FROM coverage c WHERE c.referral = r.id ORDER BY c.rank, c.id LIMIT 1)";
const WAS_PAYER: &str = "(SELECT c.payer FROM temp.was_payer c WHERE c.referral = r.id)";

/// The query of a lens, under conditions that bind `values`; the lens adds its filter. Patients are read where it or the columns ask
/// for them.
pub(super) fn statement(
    lens: &Lens<'_>,
    columns: &str,
    conditions: &str,
    tail: &str,
    values: &mut Vec<Sql>,
    limit: usize,
) -> String {
    let filter = lens.filter.sql(values, lens.now);
    let select = |referrals: &str, patients: &str, payer: &str, not: &str| {
        let columns = columns.replace("@payer", payer);
        let patient = if !filter.contains("p.") && !columns.contains("p.") {
            String::new()
        } else {
            format!(" JOIN {patients} p ON p.id = r.patient")
        };
        format!("SELECT {columns} FROM {referrals} r{patient} WHERE {conditions}{filter}{not}")
    };
    // Bound rather than written out: windows of other sizes are the same statement.
    values.push(Sql::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
    let limit = format!("LIMIT ?{}", values.len());
    if lens.past {
        // Two scans in the same order, merged: what did not change since, and what did as it was.
        const SINCE: &str = " AND NOT EXISTS (SELECT 1 FROM temp.since_referral s WHERE s.id = r.id)";
        let still = select("main.referral", "main.patient", PAYER, SINCE);
        let was = select("temp.was_referral", "temp.was_patient", WAS_PAYER, "");
        format!("{still} UNION ALL {was} {tail} {limit}")
    } else {
        format!("{} {tail} {limit}", select("referral", "patient", PAYER, ""))
    }
}

/// Reads the rows of referrals, in their order; those that further conditions or the lens's filter leave out are not there.
///
/// # Errors
/// SQLite's, or `Corrupt`.
pub(super) fn select(
    connection: &Connection,
    lens: &Lens<'_>,
    conditions: &str,
    ids: &[ReferralId],
) -> Result<Vec<QueueRow>, StoreError> {
    // The first value is each referral's number, in its turn.
    let mut values = vec![Sql::Null];
    let conditions = format!("r.id = ?1{conditions}");
    let sql = statement(lens, COLUMNS, &conditions, "", &mut values, 1);
    let mut statement = connection.prepare_cached(&sql)?;
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(number) = values.first_mut() {
            *number = Sql::Integer(id.0);
        }
        let mut rows = statement.query(rusqlite::params_from_iter(&values))?;
        while let Some(row) = rows.next()? {
            all.push(queue_row(row, lens)?);
        }
    }
    Ok(all)
}

fn queue_row(row: &Row<'_>, lens: &Lens<'_>) -> Result<QueueRow, StoreError> {
    fn code<T: serde::de::DeserializeOwned>(text: String) -> Result<T, StoreError> {
        serde_json::from_value(serde_json::Value::String(text)).map_err(|error| StoreError::Corrupt {
            what: "referral",
            why: error.to_string(),
        })
    }
    let corrupt = |why: String| StoreError::Corrupt {
        what: "referral",
        why,
    };
    let stamp = |text: Option<String>| text.map(|text| parse_stamp(&text)).transpose().map_err(corrupt);
    let priority: Priority = code(row.get(3)?)?;
    let received_at = parse_stamp(&row.get::<_, String>(6)?).map_err(corrupt)?;
    let list: Option<List> = row.get::<_, Option<String>>(2)?.map(code).transpose()?;
    let owner: String = row.get(15)?;
    Ok(QueueRow {
        id: ReferralId(row.get(0)?),
        version: row.get(1)?,
        list,
        score: list
            .and_then(|_| Score::of(priority, received_at, lens.now, lens.targets))
            .map(|score| score.value),
        priority,
        status: code(row.get(4)?)?,
        status_since: parse_stamp(&row.get::<_, String>(5)?).map_err(corrupt)?,
        received_at,
        due_at: stamp(row.get(7)?)?,
        next_action: row.get::<_, Option<String>>(8)?.map(code).transpose()?,
        acknowledged_at: stamp(row.get(9)?)?,
        patient: row.get(10)?,
        dob: row.get::<_, Option<String>>(11)?.map(code).transpose()?,
        sex: code(row.get(12)?)?,
        specialty: row.get(13)?,
        service: row.get(14)?,
        owner: serde_json::from_str(&owner).map_err(|error| corrupt(error.to_string()))?,
        missing: row.get(16)?,
        attempts: row.get(17)?,
        phone: row.get(18)?,
        source: code(row.get(19)?)?,
        payer: row.get(20)?,
        site: row.get(21)?,
        from: row.get(22)?,
    })
}
