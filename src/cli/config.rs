//! `refdesk config`: the configuration in force, an example, a check.

use super::desk::Place;
use super::{Ending, Exit, Trouble, print};
use crate::config::{self, paths::config_candidates};
use crate::tui::action::TABLE;
use crate::tui::keymap;
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct Config {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// Print every key with its default and what it means: a file to begin with
    Example,
    /// Say everything that is wrong with the configuration, line by line; exit 1 where something is
    Check,
    /// Print every action of the worklist with its keys in force, as the configuration writes them
    Keys,
    /// Print where the configuration is looked for, and which file counts
    Path,
}

impl Config {
    pub fn run(&self, place: &Place) -> Ending {
        match self.verb {
            Some(Verb::Example) => print::text(&config::Config::example()),
            Some(Verb::Path) => {
                let candidates = match &place.config {
                    Some(named) => vec![named.clone()],
                    None => config_candidates(place.dir()?.root()),
                };
                // The first that is there is the one that counts.
                let used = candidates.iter().find(|path| path.exists());
                for path in &candidates {
                    let said = match used {
                        Some(used) if used == path => "in force",
                        Some(_) | None => "not there, or not needed",
                    };
                    if place.json {
                        print::json(
                            &json!({ "path": path.display().to_string(), "in_force": Some(path) == used }),
                        )?;
                    } else {
                        print::line(&format!("{}: {said}", path.display()))?;
                    }
                }
                if used.is_none() && !place.json {
                    print::line("no file: the built-in defaults are in force")?;
                }
                Ok(Exit::Done)
            }
            Some(Verb::Keys) => keys(place),
            Some(Verb::Check) => match place.configuration() {
                Ok(config) => {
                    let from = config.source().map(|path| path.display().to_string());
                    if place.json {
                        print::json(&json!({ "ok": true, "path": from }))?;
                    } else {
                        let from = from.map_or_else(
                            || "no file; the built-in defaults are".into(),
                            |path| format!("{path} is"),
                        );
                        print::line(&format!("{from} sound"))?;
                    }
                    Ok(Exit::Done)
                }
                Err(error) => Err(error),
            },
            None => {
                let config = place.configuration()?;
                if place.json {
                    print::json(config.settings())?;
                    return Ok(Exit::Done);
                }
                let text =
                    toml::to_string_pretty(config.settings()).map_err(|error| Trouble(error.to_string()))?;
                print::text(&text)
            }
        }
    }
}

/// Every action with its keys, ready to be taken into the configuration.
fn keys(place: &Place) -> Ending {
    let (map, _) = keymap::read(&place.configuration()?.settings().keys);
    if !place.json {
        print::line("[keys]")?;
    }
    for entry in TABLE {
        let keys = map.written(entry.action);
        if place.json {
            print::json(&json!({ "action": entry.id, "keys": keys, "does": entry.title }))?;
        } else {
            print::line(&format!("{} = {}  # {}", entry.id, json!(keys), entry.title))?;
        }
    }
    Ok(Exit::Done)
}
