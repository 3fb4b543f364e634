//! `refdesk report forecast`: who will miss the target of their visit in the weeks ahead.

use super::desk::Desk;
use super::{Ending, Exit, number, print};
use crate::domain::time::{Span, day_in, print_stamp, show_day};
use crate::report::forecast::{self, gather};
use serde_json::json;

/// The longest look ahead: a year and a bit; the arrivals of two months say nothing about more.
const WEEKS_MAX: u32 = 60;

#[derive(clap::Args, Debug)]
pub(crate) struct Forecast {
    /// Weeks ahead
    #[arg(long, default_value = "8", value_name = "N", value_parser = number::<u32>)]
    weeks: u32,
    /// Slots a week in place of the configuration's, as in cardiology=40; may be given several times
    #[arg(long, value_name = "TEMPLATE=N", value_parser = slots)]
    slots: Vec<(String, u32)>,
}

fn slots(text: &str) -> Result<(String, u32), String> {
    let (key, count) = text
        .split_once('=')
        .ok_or_else(|| "it is not like cardiology=40".to_owned())?;
    Ok((key.to_owned(), number(count)?))
}

impl Forecast {
    pub fn run(&self, desk: &Desk) -> Ending {
        let (policy, now) = (desk.engine.policy(), desk.now());
        if let Some((key, _)) = self.slots.iter().find(|(key, _)| policy.template(key).is_none()) {
            let known: Vec<&str> = policy.templates.keys().map(String::as_str).collect();
            print::error(&format!(
                "there is no template `{key}`; known are {}",
                known.join(", ")
            ));
            return Ok(Exit::Usage);
        }
        let mut slots = desk.config.settings().capacity.slots_per_week.clone();
        slots.extend(self.slots.iter().cloned());
        let weeks = self.weeks.min(WEEKS_MAX);
        let all = gather(desk.engine.store(), policy, &slots, weeks, now)?;
        if all.is_empty() && !desk.json() {
            print::error("nobody waits for a visit, and nobody came in of late");
        }
        for (place, of) in all.iter().enumerate() {
            if desk.json() {
                objects(of)?;
                continue;
            }
            if place > 0 {
                print::line("")?;
            }
            for line in text(of, desk) {
                print::line(&line)?;
            }
        }
        Ok(Exit::Done)
    }
}

fn objects(of: &forecast::Forecast) -> Result<(), super::Trouble> {
    let weeks: Vec<_> = of
        .weeks
        .iter()
        .map(|(week, outlook)| {
            json!({
                "until": print_stamp(week.until), "slots": of.slots.map(|_| week.slots), "booked": week.taken,
                "come": week.arrivals.len(), "seen": outlook.seen, "waiting": outlook.waiting, "missed": outlook.missed,
            })
        })
        .collect();
    print::json(&json!({
        "template": of.template, "slots_per_week": of.slots, "arrivals_per_week": f64::from(of.arrivals) / 10.0,
        "waiting": of.waiting, "late": of.late, "missed": of.missed(), "slots_enough": of.enough, "weeks": weeks,
    }))
}

fn text(of: &forecast::Forecast, desk: &Desk) -> Vec<String> {
    let zone = desk.engine.policy().clinic.zone;
    let slots = of.slots.map_or_else(
        || "no slots named".to_owned(),
        |slots| format!("{slots} slots a week"),
    );
    let mut out = vec![format!(
        "{}: {slots} · {} beside those booked would see everybody in time · {} come a week · {} wait, {} late already",
        of.template,
        of.enough,
        format_args!("{}.{}", of.arrivals / 10, of.arrivals % 10),
        of.waiting,
        of.late
    )];
    if of.slots.is_none() {
        out.push(format!(
            "  name them: --slots {}=N, or [capacity.slots_per_week] in the configuration",
            of.template
        ));
        return out;
    }
    out.push("  week to         slots  booked  come  seen  waiting  missed".into());
    for (week, outlook) in &of.weeks {
        out.push(format!(
            "  {:<14} {:>6} {:>7} {:>5} {:>5} {:>8} {:>7}",
            show_day(day_in(zone, week.until - Span::seconds(1))),
            week.slots,
            week.taken,
            week.arrivals.len(),
            outlook.seen,
            outlook.waiting,
            outlook.missed
        ));
    }
    out.push(format!(
        "  {} will miss the target of their visit in {} weeks",
        of.missed(),
        of.weeks.len()
    ));
    out
}
