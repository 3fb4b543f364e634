//! The screen set up anew: by a configuration that was saved, or by a view that was.
//!
//! Owns what is taken over while somebody works: never what is being typed, nor the row under the cursor.

use super::moves;
use crate::config::views::Views;
use crate::tui::model::Model;
use crate::tui::msg::Effect;
use crate::tui::notice::Kind;
use crate::tui::settings::{Settings, View};
use crate::tui::watch::Renewal;

/// Takes the configuration over, or says what is wrong with it.
pub fn renew(model: &mut Model, renewal: Renewal) -> Vec<Effect> {
    match renewal {
        Renewal::Sound { settings, said } => {
            if settings.screen.share != model.settings.screen.share {
                model.share = settings.screen.share;
            }
            let mut settings = settings;
            // How it is shown is chosen at the start.
            settings.screen.mode = model.settings.screen.mode;
            model.settings = Settings {
                // A retry is known by it.
                session: model.settings.session.clone(),
                ..*settings
            };
            if let Some(said) = said {
                model.notices.say(model.now, Kind::Done, said);
            }
            model.pending.clear();
            let height = model.list_height();
            model.board.show_cursor(height);
            moves::scroll(model, 0);
            moves::fill(model)
        }
        Renewal::Wrong(problems) => {
            let count = problems.len();
            // The history shows the latest first: the first problem is said last, and stands on the screen.
            for (nth, problem) in problems.into_iter().enumerate().rev() {
                let lead = match (nth, count) {
                    (0, 1) => "the old set-up stays: ".to_owned(),
                    (0, _) => {
                        let key = model.settings.keymap.key(crate::tui::action::Action::Notices);
                        format!("the old set-up stays, {count} problems ({key}): ")
                    }
                    (_, _) => String::new(),
                };
                model
                    .notices
                    .say(model.now, Kind::Trouble, format!("{lead}{problem}"));
            }
            Vec::new()
        }
    }
}

/// The saved views after one was saved or taken out.
pub fn views(model: &mut Model, said: String, views: &Views) {
    model.settings.views.retain(|view| !view.saved);
    let saved = views.iter().map(|(name, query)| View::of(name, query, true));
    model.settings.views.extend(saved);
    model.notices.say(model.now, Kind::Done, said);
}
