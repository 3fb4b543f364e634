//! The opened desk: data directory, configuration, engine, who is at it and what time it is.

use super::{Trouble, invented, print, wiring, wording};
use crate::config::{Config, DataDir, Vet, curves};
use crate::domain::policy::{Actor, Policy};
use crate::domain::time::{Stamp, whole_seconds};
use crate::engine::{Engine, Places};
use crate::intake::{self, ReadDocument, jail};
use crate::store::{Store, StoreError};
use crate::tui::keymap;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

/// What checks the configuration beside itself.
pub(crate) const VETS: &[Vet] = &[keymap::check, super::wiring::check];

/// Where the desk is, as the arguments say it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub data: Option<PathBuf>,
    pub config: Option<PathBuf>,
    pub actor: Option<String>,
    pub now: Option<Stamp>,
    pub json: bool,
    /// The worklist is read out rather than drawn.
    pub linear: bool,
}

impl Place {
    pub fn dir(&self) -> Result<DataDir, Trouble> {
        Ok(DataDir::new(self.data.as_deref())?)
    }

    pub fn configuration(&self) -> Result<Config, Trouble> {
        Ok(Config::load_vetted(
            self.config.as_deref(),
            self.dir()?.root(),
            VETS,
        )?)
    }

    /// Makes the data folder where it is not there yet.
    pub fn make(&self, dir: &DataDir) -> Result<(), Trouble> {
        dir.create().map_err(|error| {
            Trouble(format!(
                "the data folder {} cannot be used: {}. Nothing was changed; name another with --data, or see to its owner and rights",
                dir.root().display(),
                wording::cause(&error)
            ))
        })
    }

    /// The one place where the program reads the clock for a subcommand.
    pub fn now(&self) -> Stamp {
        self.now.unwrap_or_else(system_now)
    }

    fn account(&self) -> String {
        let signed_in = || {
            ["USER", "LOGNAME", "USERNAME"]
                .into_iter()
                .find_map(|name| std::env::var(name).ok())
        };
        self.actor
            .clone()
            .or_else(signed_in)
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "desk".into())
    }
}

/// The policy of a configuration, with the curves of the score that the clinic has learnt. Where these cannot be read the desk works
/// on without them, and says so.
pub(crate) fn policy(config: &Config, dir: &DataDir) -> Arc<Policy> {
    let mut policy = config.policy();
    if policy.checks.is_none() && invented::is(dir) {
        policy.checks = Some(wiring::simulated_checks());
    }
    match curves::read(&dir.curves()) {
        Ok(learnt) if learnt.is_empty() => {}
        Ok(learnt) => policy.score_targets.learnt = Vec::leak(learnt),
        Err(why) => print::error(&why),
    }
    Arc::new(policy)
}

/// What a clearing house answered is read like any other document of a stranger's: in the jail.
fn read_answer(name: &str, bytes: &[u8]) -> ReadDocument {
    match std::env::current_exe() {
        Ok(exe) => jail::read_jailed(&exe, name, bytes),
        Err(_) => intake::unreadable(name, "the reader could not be started; a person must read it"),
    }
}

/// The wall clock, in whole seconds.
pub(crate) fn system_now() -> Stamp {
    whole_seconds(std::time::SystemTime::now().into())
}

/// The file, while it is being opened on a thread of its own.
pub(crate) struct Opening(Option<JoinHandle<Result<Store, StoreError>>>);

impl Opening {
    /// Begins, where there is a file: one that is not there yet is made only once the configuration is known to be right.
    pub fn begin(place: &Place) -> Result<Opening, Trouble> {
        let places = Places::in_dir(place.dir()?.root());
        if !places.database.exists() {
            return Ok(Opening::nothing());
        }
        let open = move || Store::open(&places.database, &places.backups);
        let thread = std::thread::Builder::new().name("open".into()).spawn(open)?;
        Ok(Opening(Some(thread)))
    }

    fn nothing() -> Opening {
        Opening(None)
    }

    /// Waits for it; none where it was not begun, or its thread was lost.
    fn end(self) -> Option<Result<Store, StoreError>> {
        self.0?.join().ok()
    }
}

/// The opened desk.
pub(crate) struct Desk {
    pub engine: Engine,
    pub config: Config,
    pub dir: DataDir,
    pub actor: Actor,
    pub place: Place,
}

impl Desk {
    pub fn open(place: Place) -> Result<Desk, Trouble> {
        let config = place.configuration()?;
        let policy = policy(&config, &place.dir()?);
        Desk::with(place, config, policy)
    }

    /// On a configuration that was read already.
    pub fn with(place: Place, config: Config, policy: Arc<Policy>) -> Result<Desk, Trouble> {
        Desk::over(Opening::nothing(), place, config, policy)
    }

    /// On a configuration that was read while the file was opened.
    pub fn over(
        opening: Opening,
        place: Place,
        config: Config,
        policy: Arc<Policy>,
    ) -> Result<Desk, Trouble> {
        let dir = place.dir()?;
        place.make(&dir)?;
        invented::refuse_unfinished(&dir)?;
        let actor = config.actor(&place.account());
        let ways = wiring::ways(config.settings(), &dir);
        let places = Places::in_dir(dir.root());
        let engine = match opening.end() {
            Some(store) => Engine::over(store?, places, policy),
            None => Engine::open(places, policy, None)?,
        };
        let engine = engine
            .by_ways(ways)
            .by_clearing(wiring::clearing(config.settings(), &dir))
            .by_reader(Arc::new(read_answer));
        Ok(Desk {
            engine,
            config,
            dir,
            actor,
            place,
        })
    }

    pub fn now(&self) -> Stamp {
        self.place.now()
    }

    pub fn json(&self) -> bool {
        self.place.json
    }
}
