//! What the clinic's rules would do with a referral, and why not.

use super::{Line, Sheet};
use crate::domain::decide::rules::Verdict;
use crate::domain::rule::Rule;
use crate::tui::page::Asked;
use crate::tui::theme::Tone;
use crate::tui::width::wrap;

/// What is drawn of it.
pub(super) fn sheet(asked: &Asked, width: usize) -> Sheet {
    let mut lines = Vec::new();
    if asked.verdicts.is_empty() {
        let text = "There are no rules. `refdesk config example` shows how they are written.";
        lines.extend(
            wrap(text, width)
                .into_iter()
                .map(|line| Line::text(line, Tone::Dim)),
        );
    }
    for (rule, verdict) in &asked.verdicts {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        let fires = verdict.fires();
        let (sign, tone) = if fires {
            ("would fire", Tone::Good)
        } else {
            ("would not", Tone::Dim)
        };
        lines.push(Line::of(vec![
            (rule.name.clone(), Tone::Head),
            (format!("  {sign}"), tone),
        ]));
        for (text, tone) in told(rule, verdict) {
            let wrapped = wrap(&text, width.saturating_sub(2));
            lines.extend(
                wrapped
                    .into_iter()
                    .map(|line| Line::text(format!("  {line}"), tone)),
            );
        }
    }
    Sheet {
        title: format!("Rules on {}, as it is now", asked.referral),
        lines,
        hint: "j k scroll · esc leaves",
    }
}

fn told(rule: &Rule, verdict: &Verdict) -> Vec<(String, Tone)> {
    let mut out = vec![(rule.clause(), Tone::Dim)];
    if !verdict.not.is_empty() {
        out.push((format!("✗ not so: {}", verdict.not.join(", ")), Tone::Warn));
        return out;
    }
    for (step, obstacle) in &verdict.steps {
        out.push(match obstacle {
            None => (format!("→ {}", step.label()), Tone::Text),
            Some(why) => (format!("✗ {}: {why}", step.label()), Tone::Warn),
        });
    }
    out
}
