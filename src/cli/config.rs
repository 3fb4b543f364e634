//! `refdesk config`: the configuration in force, an example, a check.

use super::desk::Place;
use super::{Ending, Exit, Trouble, print};
use crate::config;

#[derive(clap::Args, Debug)]
pub(crate) struct Config {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// Every key with its default, commented
    Example,
    /// Say everything that is wrong with the configuration, with its line
    Check,
    /// Where the configuration is looked for, and what is there
    Path,
}

impl Config {
    pub fn run(&self, place: &Place) -> Ending {
        match self.verb {
            Some(Verb::Example) => print::text(&config::Config::example()),
            Some(Verb::Path) => {
                let found = place.configuration()?.source().map_or_else(
                    || "none: the built-in defaults".into(),
                    |path| path.display().to_string(),
                );
                print::line(&found)?;
                Ok(Exit::Done)
            }
            Some(Verb::Check) => match config::Config::load(place.config.as_deref(), place.dir()?.root()) {
                Ok(_) => {
                    print::line("the configuration is sound")?;
                    Ok(Exit::Done)
                }
                Err(error) => {
                    for line in error.to_string().lines() {
                        print::error(line);
                    }
                    Ok(Exit::Failed)
                }
            },
            None => {
                let config = place.configuration()?;
                let text =
                    toml::to_string_pretty(config.settings()).map_err(|error| Trouble(error.to_string()))?;
                print::text(&text)
            }
        }
    }
}
