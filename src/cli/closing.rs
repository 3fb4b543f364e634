//! `refdesk report closing`: the figures on closed loops, and the patients behind them.

use super::desk::Desk;
use super::{Ending, Exit, Trouble, print};
use crate::domain::text;
use crate::domain::time::{Span, Stamp, day_in, print_stamp, show_day};
use crate::report::closing::{Closing, days, gather};
use crate::store::loops::Visited;
use crate::tui::ago;
use crate::tui::width::fit;
use serde_json::json;

/// Without a beginning: the last quarter.
const QUARTER: Span = Span::days(91);

/// Prints the report.
pub(super) fn run(desk: &Desk, since: Option<&str>, until: Option<&str>, csv: bool) -> Ending {
    let (zone, now) = (desk.engine.policy().clinic.zone, desk.now());
    let moment = |name: &str, words: Option<&str>, otherwise: Stamp| match words {
        Some(words) => ago::parse(words, zone, now).map_err(|why| Trouble(format!("--{name}: {why}"))),
        None => Ok(otherwise),
    };
    let to = moment("until", until, now)?;
    let from = moment("since", since, to - QUARTER)?;
    let closing = gather(desk.engine.store(), from, to)?;
    if csv {
        print::line("referral,patient,from,received,visit,performer,status,report,days,message")?;
        for visit in &closing.visits {
            print::line(&row(visit))?;
        }
    } else if desk.json() {
        objects(&closing)?;
    } else {
        for line in text(&closing, desk) {
            print::line(&line)?;
        }
    }
    Ok(Exit::Done)
}

fn objects(closing: &Closing) -> Result<(), Trouble> {
    print::json(&json!({
        "closing": { "from": print_stamp(closing.from), "to": print_stamp(closing.to) },
        "visits": closing.visits.len(), "reported": closing.reported, "delivered": closing.delivered, "share": closing.share(),
        "days_median": closing.days.map(|days| days.0), "days_nine_in_ten": closing.days.map(|days| days.1),
        "days_from_referral_median": closing.days_from_referral,
    }))?;
    for visit in &closing.visits {
        print::json(&json!({
            "referral": visit.referral, "patient": visit.patient, "from": visit.from, "received": print_stamp(visit.received_at),
            "visit": print_stamp(visit.seen_at), "performer": visit.performer, "status": visit.status.code(),
            "report": visit.report_at.map(print_stamp), "days": visit.report_at.map(|at| days(at - visit.seen_at)),
            "message": visit.message.map(|state| state.code()),
        }))?;
    }
    Ok(())
}

/// A cell that no spreadsheet takes for a formula, and that stays one cell.
fn cell(raw: &str) -> String {
    let raw = text::line(raw);
    let lead = if raw.starts_with(['=', '+', '-', '@', '\t']) {
        "'"
    } else {
        ""
    };
    format!("\"{lead}{}\"", raw.replace('"', "\"\""))
}

fn row(visit: &Visited) -> String {
    [
        cell(&visit.referral.to_string()),
        cell(&visit.patient),
        cell(visit.from.as_deref().unwrap_or_default()),
        print_stamp(visit.received_at),
        print_stamp(visit.seen_at),
        cell(&visit.performer),
        visit.status.code().to_owned(),
        visit.report_at.map(print_stamp).unwrap_or_default(),
        visit
            .report_at
            .map(|at| days(at - visit.seen_at).to_string())
            .unwrap_or_default(),
        visit
            .message
            .map(|state| state.code().to_owned())
            .unwrap_or_default(),
    ]
    .join(",")
}

fn text(closing: &Closing, desk: &Desk) -> Vec<String> {
    let zone = desk.engine.policy().clinic.zone;
    let day = |at: Stamp| show_day(day_in(zone, at));
    let mut out = vec![format!(
        "visits from {} to {}",
        day(closing.from),
        day(closing.to)
    )];
    let Some(share) = closing.share() else {
        out.push("no visit took place".into());
        return out;
    };
    let count = closing.visits.len();
    out.push(format!(
        "the report went out for {} of {count} ({share:.0} %), and is known to have arrived for {}; {} to come",
        closing.reported,
        closing.delivered,
        count - closing.reported
    ));
    if let (Some((middle, most)), Some(whole)) = (closing.days, closing.days_from_referral) {
        out.push(format!(
            "days from visit to report: half within {middle}, nine in ten within {most}; from the referral's arrival: half within {whole}"
        ));
    }
    out.push(String::new());
    for visit in &closing.visits {
        let report = match (visit.report_at, visit.message) {
            (Some(at), Some(state)) => format!(
                "report {} ({} d), {}",
                day(at),
                days(at - visit.seen_at),
                state.code()
            ),
            (Some(at), None) => format!(
                "report {} ({} d), closed by hand",
                day(at),
                days(at - visit.seen_at)
            ),
            (None, Some(state)) => format!(
                "report {}, {} d after the visit",
                state.code(),
                days(desk.now() - visit.seen_at)
            ),
            (None, None) => format!(
                "no report, {} d after the visit",
                days(desk.now() - visit.seen_at)
            ),
        };
        out.push(format!(
            "  {:<10} {} visit {:<11} {report}",
            visit.referral.to_string(),
            fit(&visit.patient, 24),
            day(visit.seen_at),
        ));
    }
    out
}
