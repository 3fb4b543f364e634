//! `refdesk` and `refdesk demo`: the worklist.
//!
//! Owns how a clinic is opened: on its own data, or on an invented one that says so. Must not know keys or drawing.

use super::background::Background;
use super::desk::{Desk, Opening, Place, system_now};
use super::reload::Reload;
use super::report::left_at;
use super::{Ending, Exit, Trouble, downtime, invented, number, print, screen};
use crate::config::screen::Mode;
use crate::config::{self, left};
use crate::demo;
use crate::domain::command::{Cause, Command, Envelope, NewOrganization};
use crate::domain::id::OrganizationId;
use crate::domain::policy::Actor;
use crate::domain::text::fold;
use crate::domain::time::{Stamp, print_stamp};
use crate::engine::Failure;
use crate::tui::Settings;
use crate::tui::keymap;
use crate::tui::live::Live;
use crate::tui::settings::{AfterAction, View};
use crate::tui::theme::Theme;
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::channel;

#[derive(clap::Args, Debug)]
pub(crate) struct Demo {
    /// How many referrals, open and ended
    #[arg(long, default_value = "240", value_name = "N", value_parser = number::<u32>)]
    referrals: u32,
    /// The same seed invents the same clinic
    #[arg(long, default_value = "1", value_name = "N", value_parser = number::<u64>)]
    seed: u64,
    /// Build it without opening it
    #[arg(long)]
    build_only: bool,
    /// Lines of text one after the other, for screen readers
    #[arg(long)]
    linear: bool,
}

impl Demo {
    pub fn run(&self, mut place: Place) -> Ending {
        place.linear |= self.linear;
        if !self.build_only {
            screen::fit(place.linear)?;
        }
        let temporary = place.data.is_none();
        if temporary {
            place.data = Some(temporary_place()?);
        }
        furnish(&place)?;
        let mut desk = Desk::open(place.clone())?;
        let built = self.build(&mut desk)?;
        if built {
            // From now on it is an invented clinic's, whose payers answer what is invented for them.
            drop(desk);
            desk = Desk::open(place)?;
        }
        let at = desk.dir.root().display().to_string();
        if self.build_only {
            let counts = desk.engine.store().counts()?;
            if desk.json() {
                print::json(
                    &json!({ "data": at, "built": built, "open": counts.open, "in_lists": counts.in_lists(), "ended": counts.ended }),
                )?;
            } else {
                let how = if built {
                    "built in"
                } else {
                    "there already, and left as it is, in"
                };
                print::line(&format!(
                    "{how} {at}: open {} = {} in lists, {} ended",
                    counts.open,
                    counts.in_lists(),
                    counts.ended
                ))?;
            }
            return Ok(Exit::Done);
        }
        let ending = work(desk)?;
        if temporary {
            print::error(&format!(
                "the invented clinic is in {at}; `refdesk --data {at}` opens it again"
            ));
        }
        Ok(ending)
    }

    /// Builds it, unless a clinic is there already: nobody's real data gets invented patients, and a demo is opened again.
    fn build(&self, desk: &mut Desk) -> Result<bool, Trouble> {
        let counts = desk.engine.store().counts()?;
        if counts.open + counts.ended > 0 {
            if invented::is(&desk.dir) {
                return Ok(false);
            }
            return Err(Trouble(format!(
                "{} holds a clinic's own data; name another folder with --data. Nothing was changed",
                desk.dir.root().display()
            )));
        }
        invented::begin(&desk.dir)?;
        let settings = demo::Settings::from(desk.engine.policy().as_ref());
        desk.engine.reseed(self.seed);
        let now = desk.now();
        let mut shown = 0;
        let mut progress = |done: u64, total: u64| {
            // More than half a second of work says how far it is: every twentieth part of it.
            let part = done * 20 / total.max(1);
            if total > 2000 && part > shown {
                shown = part;
                print::error(&format!("inventing a clinic: {}%", part * 5));
            }
        };
        let summary = demo::build(
            &mut desk.engine,
            self.seed,
            demo::Size::of(self.referrals),
            now,
            &settings,
            &mut progress,
        )
        .map_err(|failure| Trouble(failure.to_string()))?;
        invented::finish(&desk.dir)?;
        if let Some(first) = summary.refused.first() {
            print::error(&format!(
                "{} steps of the invention were refused; the first: step {}, {}",
                summary.refusals, first.step, first.refusal
            ));
        }
        Ok(true)
    }
}

/// Builds an invented clinic, unless it is there already.
pub(super) fn built(place: &Place, referrals: u32, seed: u64) -> Result<(), Trouble> {
    furnish(place)?;
    let demo = Demo {
        referrals,
        seed,
        build_only: true,
        linear: false,
    };
    demo.build(&mut Desk::open(place.clone())?)?;
    Ok(())
}

/// The screen's settings for a desk whose measurements are taken.
pub(super) fn bench_settings(place: &Place) -> Result<Settings, Trouble> {
    let mut desk = Desk::open(place.clone())?;
    let facilities = facilities(&mut desk)?;
    Ok(maker(&desk, facilities)(&desk.config))
}

/// Gives an empty folder the invented clinic's configuration; what is configured already stays.
fn furnish(place: &Place) -> Result<(), Trouble> {
    let dir = place.dir()?;
    place.make(&dir)?;
    let file = dir.root().join(config::CONFIG_FILE);
    if !dir.database().exists() && !file.exists() {
        std::fs::write(file, include_str!("../../assets/demo/clinic.toml"))?;
    }
    Ok(())
}

fn temporary_place() -> Result<PathBuf, Trouble> {
    let path = std::env::temp_dir().join(format!("refdesk-demo-{}", std::process::id()));
    std::fs::create_dir_all(&path)?;
    Ok(path)
}

/// Opens the worklist on a clinic's own data.
pub(crate) fn open(place: Place) -> Ending {
    // Neither needs the other: the file is opened while the configuration is read.
    let opening = Opening::begin(&place)?;
    let config = place.configuration()?;
    screen::fit(place.linear || config.settings().screen.mode == Mode::Linear)?;
    let policy = super::desk::policy(&config, &place.dir()?);
    work(Desk::over(opening, place, config, policy)?)
}

/// Opens the screen; behind it the clock, the outbox and the watched folders go on.
fn work(mut desk: Desk) -> Ending {
    let facilities = facilities(&mut desk)?;
    let (tell, news) = channel();
    let (errands, asked) = channel();
    let behind = Background::start(&desk, tell, asked)?;
    let make = maker(&desk, facilities);
    let settings = make(&desk.config);
    let views = desk.dir.views();
    let (paper, rows) = (downtime::folder(&desk), desk.config.settings().downtime.rows);
    let reload = Reload::new(desk.place.clone(), &desk.config, Box::new(make));
    let live = Live::new(desk.engine)
        .without_clock()
        .with_views(views)
        .with_errands(errands)
        .with_paper(paper, rows)
        .with_drawing(std::env::current_exe()?);
    let (leave, who, clock) = (
        desk.dir.left(),
        desk.actor.name.clone(),
        Arc::clone(&settings.clock),
    );
    crate::tui::run(live, settings, reload, news)?;
    left::note(&leave, &who, clock())?;
    drop(behind);
    Ok(Exit::Done)
}

/// The clinic's sites are in the configuration; a referral points to records, so each is made known once.
fn facilities(desk: &mut Desk) -> Result<Vec<(OrganizationId, String)>, Trouble> {
    let known = desk.engine.store().facilities()?;
    let now = desk.now();
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    for site in &desk.config.settings().facilities {
        if known.iter().any(|known| fold(&known.name) == fold(&site.name)) {
            continue;
        }
        let organization = NewOrganization {
            name: site.name.clone(),
            phone: some(&site.phone),
            fax: some(&site.fax),
            email: None,
            address: some(&site.address),
        };
        let command = Command::AddFacility { organization };
        let done = desk
            .engine
            .execute(&Envelope::new(command, Actor::system(), Cause::Clock), now);
        match done {
            // A neighbour that starts at the same time made it known.
            Ok(_) | Err(Failure::Refused(_)) => {}
            Err(failure) => return Err(Trouble(failure.to_string())),
        }
    }
    let records = desk.engine.store().facilities()?;
    Ok(records.into_iter().map(|site| (site.id, site.name)).collect())
}

/// Makes the screen's settings of a configuration, as often as it is read.
fn maker(
    desk: &Desk,
    facilities: Vec<(OrganizationId, String)>,
) -> impl Fn(&config::Config) -> Settings + Send + use<> {
    // Whoever says --now looks at that moment; everybody else at a clock that goes on.
    let (fixed, linear) = (desk.place.now, desk.place.linear);
    let clock: Arc<dyn Fn() -> Stamp + Send + Sync> = Arc::new(move || fixed.unwrap_or_else(system_now));
    let session = format!("{}-{}", print_stamp(system_now()), std::process::id());
    let (policy, actor) = (Arc::clone(desk.engine.policy()), desk.actor.clone());
    // Whoever cannot be asked has a day's handover.
    let left = left_at(desk).ok().flatten();
    let (report, inbox, saved) = (desk.dir.logs(), desk.dir.inbox(), desk.dir.views());
    let keep = desk.dir.desk();
    move |config: &config::Config| {
        let config = config.settings();
        let mut settings = Settings::new(
            Arc::clone(&policy),
            actor.clone(),
            session.clone(),
            Arc::clone(&clock),
        );
        let names = config.staff.iter().map(|staff| staff.name.clone());
        settings.staff = names.chain(std::iter::once(actor.name.clone())).collect();
        settings.staff.dedup();
        settings.queues.clone_from(&config.queues);
        let performers = config.performers.iter();
        settings.performers = performers.map(|performer| performer.name.clone()).collect();
        settings.places = facilities.iter().map(|(_, name)| name.clone()).collect();
        settings.facilities.clone_from(&facilities);
        let own = config.desk.views.iter();
        settings.views = own.map(|(name, query)| View::of(name, query, false)).collect();
        // A file that cannot be read is told when a view is saved; the screen opens without it.
        let kept = config::views::read(&saved).unwrap_or_default();
        settings
            .views
            .extend(kept.iter().map(|(name, query)| View::of(name, query, true)));
        settings.keymap = keymap::read(&config.keys).0;
        settings.screen = config.screen.clone();
        if linear {
            settings.screen.mode = Mode::Linear;
        }
        settings.theme = theme(config.desk.theme);
        settings.after = match config.desk.after_action {
            config::AfterAction::Next => AfterAction::Next,
            config::AfterAction::Stay => AfterAction::Stay,
            config::AfterAction::Follow => AfterAction::Follow,
        };
        settings.report.clone_from(&report);
        settings.keep = Some(keep.clone());
        settings.inbox.clone_from(&inbox);
        settings.left = left;
        settings
    }
}

/// `NO_COLOR` wins over everything (no-color.org).
fn theme(wanted: config::Theme) -> Theme {
    if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        return Theme::Mono;
    }
    match wanted {
        config::Theme::Dark => Theme::Dark,
        config::Theme::Light => Theme::Light,
        config::Theme::HighContrast => Theme::HighContrast,
        config::Theme::Mono => Theme::Mono,
    }
}
