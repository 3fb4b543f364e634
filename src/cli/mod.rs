//! The command line: a contract that scripts and tests rely on (design, section 6).
//!
//! Owns the arguments and the exit codes; each subcommand has a file. Must not decide anything about referrals.
//! Exit: 0 done, 1 refused or failed, 2 usage, 3 not healthy.

mod apply;
mod background;
mod backup;
mod check;
mod config;
mod desk;
mod doctor;
mod intake;
mod list;
mod outbox;
mod print;
mod show;
mod tick;
mod worklist;

use crate::domain::time::{Stamp, parse_stamp};
use clap::{CommandFactory, Parser, Subcommand};
use desk::Desk;
use std::path::PathBuf;
use std::process::ExitCode;

/// Every referral of a specialty clinic on one worklist, from the fax to the report that goes back.
#[derive(Parser, Debug)]
#[command(name = "refdesk", version, about, long_about = None, disable_help_subcommand = true)]
struct Arguments {
    /// Where the database, inbox, outbox, backups and logs are [default: the platform's place for data]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration [default: config.toml in the data directory, else the platform's]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One JSON object a line on standard output; messages on standard error
    #[arg(long, global = true)]
    json: bool,
    /// The time that counts as now, in RFC 3339
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_stamp)]
    now: Option<Stamp>,
    /// Who is at the desk [default: the account that is signed in]
    #[arg(long = "as", global = true, value_name = "NAME")]
    actor: Option<String>,
    #[command(subcommand)]
    command: Option<Verb>,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Invent a clinic and open it: in --data, else in a temporary place
    Demo(worklist::Demo),
    /// Read documents: each becomes a referral, an answer, or an item for a person
    Intake(intake::Intake),
    /// The queue, in its order
    List(list::List),
    /// One referral with its timeline
    Show(show::Show),
    /// Execute commands, one JSON object a line; one receipt or refusal a line
    Apply(apply::Apply),
    /// One pass of the clock; --dry-run prints what would happen by --now
    Tick(tick::Tick),
    /// The service without a screen: clock, inbox, outbox
    Run(tick::Run),
    /// Messages and their states; retry, hold, drop, resolve
    Outbox(outbox::Outbox),
    /// Invariants and the audit chain; exit 3 where one does not hold
    Check(check::Check),
    /// A verified copy of the database, while others work on it
    Backup(backup::Backup),
    /// Put a verified copy in the place of the database, which is kept
    Restore(backup::Restore),
    /// What is installed and what is not; exit 3 where something is wrong
    Doctor(doctor::Doctor),
    /// The configuration in force, an example, a check
    Config(config::Config),
    /// Completions for a shell
    Completions(Completions),
    #[command(name = "__read", hide = true)]
    Read { name: String },
}

#[derive(clap::Args, Debug)]
struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

/// How a subcommand ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Done,
    Failed,
    NotHealthy,
}

/// An error for a person: what happened, what was kept, what to do.
#[derive(Debug)]
pub(crate) struct Trouble(String);

impl<E: std::error::Error> From<E> for Trouble {
    fn from(error: E) -> Trouble {
        Trouble(error.to_string())
    }
}

pub(crate) type Ending = Result<Exit, Trouble>;

/// Parses the arguments and runs what they ask for.
pub fn run() -> ExitCode {
    // A crash leaves no image of the memory behind: it would hold patients.
    let _ = rustix::process::setrlimit(
        rustix::process::Resource::Core,
        rustix::process::Rlimit { current: Some(0), maximum: Some(0) },
    );
    let arguments = Arguments::parse();
    match dispatch(arguments) {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::Failed) => ExitCode::from(1),
        Ok(Exit::NotHealthy) => ExitCode::from(3),
        Err(Trouble(text)) => {
            // The pipe that a reader closed is no trouble to speak of.
            print::error(&text);
            ExitCode::from(1)
        }
    }
}

fn dispatch(arguments: Arguments) -> Ending {
    match arguments.command {
        Some(Verb::Read { name }) => {
            crate::intake::jail::child_main(&name)?;
            return Ok(Exit::Done);
        }
        Some(Verb::Completions(completions)) => {
            let mut script = Vec::new();
            clap_complete::generate(
                completions.shell,
                &mut Arguments::command(),
                "refdesk",
                &mut script,
            );
            return print::text(&String::from_utf8_lossy(&script));
        }
        _ => {}
    }
    let place = desk::Place {
        data: arguments.data,
        config: arguments.config,
        actor: arguments.actor,
        now: arguments.now,
        json: arguments.json,
    };
    match arguments.command {
        None => worklist::open(place),
        Some(Verb::Demo(demo)) => demo.run(place),
        Some(Verb::Config(config)) => config.run(&place),
        Some(Verb::Doctor(doctor)) => doctor.run(&place),
        Some(Verb::Restore(restore)) => restore.run(&place),
        Some(Verb::Intake(intake)) => intake.run(&mut Desk::open(place)?),
        Some(Verb::List(list)) => list.run(&Desk::open(place)?),
        Some(Verb::Show(show)) => show.run(&Desk::open(place)?),
        Some(Verb::Apply(apply)) => apply.run(&mut Desk::open(place)?),
        Some(Verb::Tick(tick)) => tick.run(&mut Desk::open(place)?),
        Some(Verb::Run(run)) => run.run(Desk::open(place)?),
        Some(Verb::Outbox(outbox)) => outbox.run(&mut Desk::open(place)?),
        Some(Verb::Check(check)) => check.run(&Desk::open(place)?),
        Some(Verb::Backup(backup)) => backup.run(&Desk::open(place)?),
        Some(Verb::Completions(_) | Verb::Read { .. }) => Ok(Exit::Done),
    }
}
