//! The command line: a contract that scripts and tests rely on (design, section 6).
//!
//! Owns the arguments and the exit codes; each subcommand has a file. Must not decide anything about referrals.
//! Exit: 0 done, 1 refused or failed, 2 usage, 3 not healthy.

mod answers;
mod apply;
mod asked;
mod background;
mod backup;
mod bench;
mod check;
mod closing;
mod config;
mod desk;
mod doctor;
mod downtime;
mod ear;
mod eligibility;
mod export;
mod forecast;
mod import;
mod intake;
mod invented;
mod list;
mod original;
mod outbox;
mod past;
mod postman;
mod print;
mod reader;
mod reload;
mod report;
mod rules;
mod score;
mod screen;
mod second;
mod show;
mod sweep;
mod tick;
mod wiring;
mod wording;
mod worklist;

use crate::domain::time::{Stamp, parse_stamp};
use clap::{CommandFactory, Parser, Subcommand};
use desk::Desk;
use std::path::PathBuf;
use std::process::ExitCode;

/// The heading of the options that every subcommand takes.
const EVERYWHERE: &str = "Options everywhere";
const AFTER: &str = "\
Without a command, the worklist opens. To look around first: refdesk demo
Exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 not healthy";

/// Every referral of a specialty clinic on one worklist, from the fax to the report that goes back
#[derive(Parser, Debug)]
#[command(name = "refdesk", version, disable_help_subcommand = true, after_help = AFTER)]
struct Arguments {
    /// Folder with the database, inbox, outbox, backups and logs [default: the platform's place for data]
    #[arg(long, global = true, value_name = "DIR", help_heading = EVERYWHERE)]
    data: Option<PathBuf>,
    /// Configuration file [default: config.toml in the data folder, else the platform's]
    #[arg(long, global = true, value_name = "FILE", help_heading = EVERYWHERE)]
    config: Option<PathBuf>,
    /// One JSON object a line on standard output; messages go to standard error
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    json: bool,
    /// Time that counts as now, such as 2026-11-23T09:30:00Z [default: the clock]
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_stamp, help_heading = EVERYWHERE)]
    now: Option<Stamp>,
    /// Who is at the desk; the configuration gives the role [default: the account that is signed in]
    #[arg(long = "as", global = true, value_name = "NAME", help_heading = EVERYWHERE)]
    actor: Option<String>,
    /// The worklist as lines of text one after the other, for screen readers
    #[arg(long)]
    linear: bool,
    #[command(subcommand)]
    command: Option<Verb>,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Invent a clinic and open it: in --data, else in a temporary folder
    Demo(worklist::Demo),
    /// Read documents: each becomes a referral, an answer to a request, or an item for a person
    Intake(intake::Intake),
    /// Bring over the referrals of another system, to go live: FHIR, HL7 v2, tables
    Import(import::Import),
    /// Print the queue in its order, the most pressing first
    List(list::List),
    /// Print one referral with its timeline
    Show(show::Show),
    /// Execute commands from a script: one JSON object a line in, one receipt or refusal a line out
    Apply(apply::Apply),
    /// Do what is due by now, once: reminders, warnings, escalations, messages
    Tick(tick::Tick),
    /// Keep at it without a screen until stopped: clock, watched folders, outbox
    Run(tick::Run),
    /// Write out referrals for other systems: FHIR bundles, one or a line each, or a table
    Export(export::Export),
    /// Write out a document exactly as it came
    Original(original::Original),
    /// List messages to providers and patients; send again, hold back, drop, resolve
    Outbox(outbox::Outbox),
    /// Check coverages with the payer, and print where their checks stand
    Eligibility(eligibility::Eligibility),
    /// Write the pack on paper for when no screen is there: worklists, call sheets, blank forms
    Downtime(downtime::Downtime),
    /// Print the clinic's rules, or show what they would do with the referrals that are there
    Rules(rules::Rules),
    /// Learn from corrections to what was read, print what was learned, or forget it
    Reader(reader::Reader),
    /// Tell in one piece: what happened since you left the desk
    Report(report::Report),
    /// Check the database and its audit log; exit 3 where something is wrong
    Check(check::Check),
    /// Make a copy of the database while others work on it, and check the copy
    Backup(backup::Backup),
    /// Put a checked copy in the place of the database, which is kept beside it
    Restore(backup::Restore),
    /// Measure what is felt at the desk, on invented clinics of several sizes
    Bench(bench::Bench),
    /// Say where things are and what is amiss; exit 3 where something is wrong
    Doctor(doctor::Doctor),
    /// Print the configuration in force, an example, or what is wrong with it
    Config(config::Config),
    /// Print completions for a shell
    Completions(Completions),
}

#[derive(clap::Args, Debug)]
struct Completions {
    /// Shell
    shell: clap_complete::Shell,
}

impl Completions {
    fn run(&self) -> Ending {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "refdesk", &mut script);
        print::text(&String::from_utf8_lossy(&script))
    }
}

/// How a subcommand ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Done,
    Failed,
    Usage,
    NotHealthy,
}

/// An error for a person: what happened, what was kept, what to do.
#[derive(Debug)]
pub(crate) struct Trouble(String);

impl<E: std::error::Error> From<E> for Trouble {
    fn from(error: E) -> Trouble {
        Trouble(wording::plain(&error.to_string()))
    }
}

pub(crate) type Ending = Result<Exit, Trouble>;

/// Parses the arguments and runs what they ask for.
pub fn run() -> ExitCode {
    // A crash leaves no image of the memory behind: it would hold patients.
    let _ = rustix::process::setrlimit(
        rustix::process::Resource::Core,
        rustix::process::Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    );
    if let Some(ending) = reader().or_else(raw_screen) {
        return ending;
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    match dispatch(arguments) {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::Failed) => ExitCode::from(1),
        Ok(Exit::Usage) => ExitCode::from(2),
        Ok(Exit::NotHealthy) => ExitCode::from(3),
        Err(Trouble(text)) => {
            print::error(&text);
            ExitCode::from(1)
        }
    }
}

/// A number on the command line.
pub(crate) fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| "it is not a number that fits here".to_owned())
}

/// The program as the bench's yardstick for its own start: nothing but the reading of some rows.
fn raw_screen() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let path = arguments
        .next()
        .filter(|first| first == "__screen")
        .and_then(|_| arguments.next())?;
    let read = crate::store::yardstick::raw_screen(path.as_ref(), &mut std::io::stdout().lock());
    Some(if read.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// The program as its own jailed reader of a document: no subcommand for people, so that help and completions do not know it.
fn reader() -> Option<ExitCode> {
    let work = match std::env::args().nth(1)?.as_str() {
        "__read" => crate::intake::jail::child_main,
        "__draw" => crate::intake::jail::draw_main,
        _ => return None,
    };
    let read = work();
    Some(if read.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// Help and version are answers; the rest is wrong usage. What was typed may have come from a document, so that it is
/// sanitised like everything else.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    if error.use_stderr() {
        print::wrong_usage(&text);
        return ExitCode::from(2);
    }
    match print::text(&text) {
        Ok(_) => ExitCode::SUCCESS,
        Err(Trouble(text)) => {
            print::error(&text);
            ExitCode::from(1)
        }
    }
}

fn dispatch(arguments: Arguments) -> Ending {
    let place = desk::Place {
        data: arguments.data,
        config: arguments.config,
        actor: arguments.actor,
        now: arguments.now,
        json: arguments.json,
        linear: arguments.linear,
    };
    match arguments.command {
        None => worklist::open(place),
        Some(Verb::Demo(demo)) => demo.run(place),
        Some(Verb::Config(config)) => config.run(&place),
        Some(Verb::Bench(bench)) => bench.run(&place),
        Some(Verb::Doctor(doctor)) => doctor.run(&place),
        Some(Verb::Restore(restore)) => restore.run(&place),
        Some(Verb::Intake(intake)) => intake.run(&mut Desk::open(place)?),
        Some(Verb::Import(import)) => import.run(&mut Desk::open(place)?),
        Some(Verb::List(list)) => list.run(&Desk::open(place)?),
        Some(Verb::Show(show)) => show.run(&Desk::open(place)?),
        Some(Verb::Apply(apply)) => apply.run(&mut Desk::open(place)?),
        Some(Verb::Tick(tick)) => tick.run(&mut Desk::open(place)?),
        Some(Verb::Run(run)) => run.run(Desk::open(place)?),
        Some(Verb::Export(export)) => export.run(&mut Desk::open(place)?),
        Some(Verb::Original(original)) => original.run(&Desk::open(place)?),
        Some(Verb::Outbox(outbox)) => outbox.run(&mut Desk::open(place)?),
        Some(Verb::Eligibility(eligibility)) => eligibility.run(&mut Desk::open(place)?),
        Some(Verb::Downtime(downtime)) => downtime.run(&Desk::open(place)?),
        Some(Verb::Reader(reader)) => reader.run(&place),
        Some(Verb::Rules(rules)) => rules.run(&Desk::open(place)?),
        Some(Verb::Report(report)) => report.run(&Desk::open(place)?),
        Some(Verb::Check(check)) => check.run(place),
        Some(Verb::Backup(backup)) => backup.run(place),
        Some(Verb::Completions(completions)) => completions.run(),
    }
}
