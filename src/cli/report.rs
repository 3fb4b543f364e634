//! `refdesk report`: what is told in one piece, as text or as objects.

use super::desk::Desk;
use super::{Ending, Exit, Trouble, print};
use crate::config::left;
use crate::domain::time::{Span, Stamp, print_stamp, show_stamp};
use crate::report::handover::{Handover, Part, gather};
use crate::tui::ago;
use crate::tui::width::fit;
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct Report {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// Who will miss the target of their visit in the weeks ahead, with the slots that there are
    Forecast(super::forecast::Forecast),
    /// How good the score is, on weeks that it has not seen: who then missed their target, against plainer orders
    Score(super::score::Score),
    /// What is new, due, missed, escalated and promised since you left, and what others changed on yours
    Handover {
        /// Since when: 2026-11-23T09:00:00Z, or in words as in "yesterday 17:00" [default: since --as last left the desk]
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
    },
    /// Closed loops: for how many visits the report went out, after how many days, and for whom it has not
    Closing {
        /// Visits since when, as in "2026-01-01T00:00:00Z" or "30 days ago" [default: a quarter before --until]
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
        /// Visits until when [default: now]
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
        /// One visit a line, as comma-separated values
        #[arg(long)]
        csv: bool,
    },
}

impl Report {
    pub fn run(&self, desk: &Desk) -> Ending {
        match &self.what {
            What::Forecast(forecast) => forecast.run(desk),
            What::Score(score) => score.run(desk),
            What::Handover { since } => handover(desk, since.as_deref()),
            What::Closing { since, until, csv } => {
                super::closing::run(desk, since.as_deref(), until.as_deref(), *csv)
            }
        }
    }
}

fn handover(desk: &Desk, since: Option<&str>) -> Ending {
    let (zone, now) = (desk.engine.policy().clinic.zone, desk.now());
    let since = match since {
        Some(words) => ago::parse(words, zone, now).map_err(|why| Trouble(format!("--since: {why}")))?,
        None => left_at(desk)?.unwrap_or(now - Span::days(1)),
    };
    let handover = gather(
        desk.engine.store(),
        desk.engine.policy(),
        &desk.actor.name,
        since,
        now,
    )?;
    if desk.json() {
        objects(&handover)?;
    } else {
        for line in text(&handover, desk) {
            print::line(&line)?;
        }
    }
    Ok(Exit::Done)
}

/// When this person last left the desk: the end of their last session, or, where that was cut off, the last thing they did.
pub(crate) fn left_at(desk: &Desk) -> Result<Option<Stamp>, Trouble> {
    let noted = left::read(&desk.dir.left(), &desk.actor.name);
    let acted = desk.engine.store().last_act(&desk.actor.name)?;
    Ok(noted.max(acted))
}

fn objects(handover: &Handover) -> Result<(), Trouble> {
    let counts: serde_json::Map<String, serde_json::Value> = Part::ALL
        .into_iter()
        .map(|part| (part.code().to_owned(), handover.count(part).into()))
        .collect();
    print::json(&json!({
        "handover": handover.actor, "since": print_stamp(handover.since), "until": print_stamp(handover.until), "counts": counts,
        "unread": handover.unread, "at_least": handover.capped.iter().map(|part| part.code()).collect::<Vec<_>>(),
    }))?;
    for (part, lines, _) in &handover.parts {
        for line in lines {
            print::json(&json!({
                "part": part.code(), "referral": line.referral, "patient": line.patient, "at": print_stamp(line.at), "text": line.says,
                "by": line.by,
            }))?;
        }
    }
    Ok(())
}

fn text(handover: &Handover, desk: &Desk) -> Vec<String> {
    let zone = desk.engine.policy().clinic.zone;
    let at = |stamp: Stamp| show_stamp(zone, stamp, handover.until);
    let mut out = vec![format!(
        "since {} for {}, until {}",
        at(handover.since),
        handover.actor,
        at(handover.until)
    )];
    if handover.parts.is_empty() {
        out.push("nothing happened, and nothing is due".into());
    }
    for (part, lines, more) in &handover.parts {
        out.push(String::new());
        let figure = handover.figure(*part, lines.len() + more);
        out.push(format!("{} {figure}", part.label()));
        for line in lines {
            let by = match line.by.as_str() {
                "" => String::new(),
                by => format!(" · {by}"),
            };
            out.push(format!(
                "  {:<10} {} {:<14} {}{by}",
                line.referral.to_string(),
                fit(&line.patient, 24),
                at(line.at),
                line.says
            ));
        }
        if *more > 0 {
            out.push(format!("  and {} more", handover.figure(*part, *more)));
        }
    }
    if handover.unread > 0 {
        out.push(format!(
            "{} earlier changes were too many to be looked at; name a later --since",
            handover.unread
        ));
    }
    out
}
