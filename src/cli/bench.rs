//! `refdesk bench`: what the coordinator feels, measured on invented clinics of several sizes.
//!
//! Owns the clinics (built once, kept in a folder) and the printing of figures. What is measured is `bench`'s.

use super::desk::{Desk, Place};
use super::{Ending, Exit, Trouble, number, print, worklist};
use crate::bench::{
    Clinic, Figure, IMPORT, Limit, PARTS, READ, importing, measure, messages_parsed, reading,
};
use crate::domain::policy::{Actor, Role};
use crate::domain::time::parse_stamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(clap::Args, Debug)]
pub(crate) struct Bench {
    /// Sizes of the clinics, in referrals
    #[arg(long, value_delimiter = ',', default_value = "10000,100000", value_name = "N,N", value_parser = number::<u32>)]
    referrals: Vec<u32>,
    /// Folder in which the clinics are built, and kept for the next time [default: refdesk-bench in the temporary folder]
    #[arg(long, value_name = "DIR")]
    clinics: Option<PathBuf>,
    /// Only these parts
    #[arg(long, value_delimiter = ',', value_name = "PART", value_parser = clap::builder::PossibleValuesParser::new(PARTS))]
    only: Vec<String>,
}

/// A Monday morning: the moment of every clinic of the bench, so that one that was built once is never out of date.
const NOW: &str = "2026-11-23T14:14:00Z";

impl Bench {
    pub fn run(&self, place: &Place) -> Ending {
        let folder = self
            .clinics
            .clone()
            .unwrap_or_else(|| std::env::temp_dir().join("refdesk-bench"));
        let program = std::env::current_exe()?;
        let mut smallest: Vec<Figure> = Vec::new();
        let mut missed = 0;
        let wanted = |part: &str| self.only.is_empty() || self.only.iter().any(|only| only == part);
        if wanted(READ) {
            match reading(&program) {
                Ok(figures) => {
                    for figure in figures {
                        missed += u32::from(figure.holds == Some(false));
                        show(place, &figure)?;
                    }
                }
                Err(error) => print::error(&format!("{READ} could not be measured: {error}")),
            }
        }
        if wanted(IMPORT) {
            missed += self.imports(place, &folder)?;
        }
        let parts: Vec<&str> = PARTS
            .into_iter()
            .filter(|part| ![READ, IMPORT].contains(part) && wanted(part))
            .collect();
        for referrals in self.referrals.iter().filter(|_| !parts.is_empty()) {
            let clinic = clinic(place, &folder.join(referrals.to_string()), *referrals)?;
            for part in parts.iter().copied() {
                let figures = match measure(part, &clinic, &program) {
                    Ok(figures) => figures,
                    Err(error) => {
                        print::error(&format!(
                            "{part} at {referrals} referrals could not be measured: {error}"
                        ));
                        continue;
                    }
                };
                for figure in figures {
                    missed += u32::from(figure.holds == Some(false));
                    show(place, &figure)?;
                    match smallest.iter().find(|small| small.what == figure.what) {
                        Some(small) if figure.unit == "ms" => {
                            let limit = match figure.what.starts_with("start") {
                                true => Limit::RatioAtMost(1.5),
                                false => Limit::Said,
                            };
                            let again = Figure {
                                limit,
                                ..figure.clone()
                            }
                            .against(&format!("the same at {}", small.referrals), small.median);
                            missed += u32::from(again.holds == Some(false));
                            show(place, &again)?;
                        }
                        Some(_) => {}
                        None => smallest.push(figure),
                    }
                }
            }
        }
        if missed > 0 {
            print::error(&format!(
                "{missed} figures are not where they should be, in this run on this machine"
            ));
        }
        Ok(Exit::Done)
    }
}

impl Bench {
    /// Files of another system, of each size; how many figures are not where they should be.
    fn imports(&self, place: &Place, folder: &Path) -> Result<u32, Trouble> {
        let now = parse_stamp(NOW).map_err(Trouble)?;
        let policy = Arc::new(place.configuration()?.policy());
        let mut missed = 0;
        let mut tell = |figures: Vec<Figure>| -> Result<(), Trouble> {
            for figure in figures {
                missed += u32::from(figure.holds == Some(false));
                show(place, &figure)?;
            }
            Ok(())
        };
        tell(messages_parsed())?;
        for referrals in &self.referrals {
            match importing(folder, *referrals, &policy, now) {
                Ok(figures) => tell(figures)?,
                Err(error) => print::error(&format!(
                    "{IMPORT} of {referrals} referrals could not be measured: {error}"
                )),
            }
        }
        Ok(missed)
    }
}

/// Opens a clinic, after building it where it is not there.
fn clinic(place: &Place, folder: &Path, referrals: u32) -> Result<Clinic, Trouble> {
    let now = parse_stamp(NOW).map_err(Trouble)?;
    let place = Place {
        data: Some(folder.to_owned()),
        config: None,
        now: Some(now),
        ..place.clone()
    };
    worklist::built(&place, referrals, 1)?;
    let desk = Desk::open(place.clone())?;
    let policy = Arc::clone(desk.engine.policy());
    drop(desk);
    Ok(Clinic {
        referrals,
        folder: folder.to_owned(),
        policy,
        now,
        actor: Actor {
            name: "bench".into(),
            role: Role::Manager,
        },
        settings: worklist::bench_settings(&place)?,
    })
}

fn show(place: &Place, figure: &Figure) -> Result<(), Trouble> {
    if place.json {
        return print::json(figure);
    }
    let number = |value: f64| match value {
        value if value.abs() >= 100.0 => format!("{value:.0}"),
        value if value.abs() >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.3}"),
    };
    let p99 = figure
        .p99
        .map_or_else(String::new, |p99| format!(" (p99 {})", number(p99)));
    let against = match (&figure.against, figure.reference, figure.ratio) {
        (Some(what), Some(reference), Some(ratio)) => {
            format!(" = {} x {} of {what}", number(ratio), number(reference))
        }
        _ => String::new(),
    };
    let limit = match figure.limit {
        Limit::AtMost(most) => format!("at most {}", number(most)),
        Limit::AtLeast(least) => format!("at least {}", number(least)),
        Limit::RatioAtMost(most) => format!("at most {} x", number(most)),
        Limit::RatioAtLeast(least) => format!("at least {} x", number(least)),
        Limit::Said => String::new(),
    };
    let verdict = match figure.holds {
        Some(true) => "ok  ",
        Some(false) => "MISS",
        None => "    ",
    };
    print::line(&format!(
        "{verdict} {:>9}  {:<32} {} {}{p99}{against}{}{limit}",
        figure.referrals,
        figure.what,
        number(figure.median),
        figure.unit,
        if limit.is_empty() { "" } else { "; wanted: " },
    ))
}
