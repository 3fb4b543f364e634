//! The command line: one file per subcommand.

use std::process::ExitCode;

/// Runs.
pub fn run() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("__read"), name) => match crate::intake::jail::child_main(&name.unwrap_or_default()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        _ => ExitCode::from(2),
    }
}
