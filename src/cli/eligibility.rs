//! `refdesk eligibility`: checks of coverages, by hand and as they stand.

use super::desk::Desk;
use super::{Ending, Exit, Trouble, print};
use crate::domain::command::{Cause, Command, Envelope};
use crate::domain::coverage::{Coverage, Subscriber};
use crate::domain::id::{CoverageId, ReferralId};
use crate::domain::time::{print_stamp, show_day, show_stamp};
use crate::engine::Failure;
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct Eligibility {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// Ask the payer: the question leaves with the next pass of the clock
    Check {
        /// Referral id
        id: ReferralId,
        /// Coverage, such as COV-12 [default: the primary one]
        #[arg(long, value_name = "COVERAGE", value_parser = coverage)]
        coverage: Option<CoverageId>,
    },
    /// Print the coverages of a referral and where their checks stand
    Show {
        /// Referral id
        id: ReferralId,
    },
}

fn coverage(raw: &str) -> Result<CoverageId, String> {
    let digits = raw.trim().trim_start_matches("COV-").trim_start_matches("cov-");
    digits
        .parse()
        .map(CoverageId)
        .map_err(|_| "it is no coverage like COV-12".to_owned())
}

impl Eligibility {
    pub fn run(&self, desk: &mut Desk) -> Ending {
        match &self.verb {
            Verb::Check { id, coverage } => check(desk, *id, *coverage),
            Verb::Show { id } => show(desk, *id),
        }
    }
}

fn check(desk: &mut Desk, referral: ReferralId, coverage: Option<CoverageId>) -> Ending {
    let command = Command::CheckCoverage { referral, coverage };
    let (actor, now) = (desk.actor.clone(), desk.now());
    match desk
        .engine
        .execute(&Envelope::new(command, actor, Cause::Script), now)
    {
        Ok(receipt) if desk.json() => print::json(&receipt)?,
        Ok(receipt) => print::line(&format!("{referral}: {}", receipt.changed.join(" · ")))?,
        Err(Failure::Refused(refusal)) if desk.json() => {
            print::json(&json!({ "refused": refusal }))?;
            return Ok(Exit::Failed);
        }
        Err(Failure::Refused(refusal)) => {
            print::error(&format!("{referral}: {refusal}"));
            return Ok(Exit::Failed);
        }
        Err(failure) => return Err(Trouble(failure.to_string())),
    }
    Ok(Exit::Done)
}

fn show(desk: &Desk, id: ReferralId) -> Ending {
    let sheet = desk.engine.store().sheet(id, 0)?;
    let sheet = sheet.ok_or_else(|| Trouble(format!("there is no referral {id}")))?;
    let mut coverages: Vec<&Coverage> = sheet.snapshot.coverages.iter().collect();
    coverages.sort_by_key(|coverage| (coverage.rank, coverage.id));
    for coverage in coverages {
        if desk.json() {
            print::json(&json!({
                "coverage": coverage.id.to_string(), "payer": coverage.payer, "member_id": coverage.member_id,
                "eligibility": coverage.eligibility.code(), "asked": coverage.asked_at.map(print_stamp),
                "checked": coverage.checked_at.map(print_stamp), "valid_until": coverage.valid_until, "note": coverage.note,
                "trace": coverage.trace, "subscriber": coverage.subscriber,
            }))?;
        } else {
            print::line(&line(coverage, desk))?;
        }
    }
    Ok(Exit::Done)
}

fn line(coverage: &Coverage, desk: &Desk) -> String {
    let (zone, now) = (desk.engine.policy().clinic.zone, desk.now());
    let mut parts = vec![format!(
        "{} {} {}",
        coverage.id,
        coverage.payer,
        coverage.eligibility.label()
    )];
    let at = |stamp| show_stamp(zone, stamp, now);
    parts.extend(coverage.subscriber.as_ref().map(Subscriber::told));
    parts.extend(coverage.asked_at.map(|asked| format!("asked {}", at(asked))));
    parts.extend(
        coverage
            .checked_at
            .map(|checked| format!("answered {}", at(checked))),
    );
    parts.extend(
        coverage
            .valid_until
            .map(|day| format!("counts until {}", show_day(day))),
    );
    parts.extend(coverage.note.clone());
    parts.join(" · ")
}
