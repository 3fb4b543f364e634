//! The columns of the lists: what each says of a row, how wide it is, and which fit.
//!
//! Owns the table of columns and the division of the width among them. Must not draw, nor know which columns a clinic wants:
//! that comes with the settings.

use super::board::{Row, Sign};
use super::model::Model;
use super::theme::Tone;
use super::words;
use crate::config::screen::Column;
use crate::domain::id::ReferralId;
use crate::domain::time::{Day, day_in};

/// Columns of the terminal that the signs before a row take.
pub const LEAD: usize = 2;

/// How wide a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wide {
    /// As wide as the ids shown.
    Id,
    /// So many columns.
    Fixed(usize),
    /// It takes a share of what is left: at least, well, at most, and how much more than others.
    Flex(usize, usize, usize, usize),
}

/// One line of the table: a column, its heading, its width, whether it stands at the right.
type Line = (Column, &'static str, Wide, bool);

const TABLE: [Line; 22] = [
    (Column::Score, "score", Wide::Fixed(5), true),
    (Column::Due, "due", Wide::Fixed(8), false),
    (Column::Referral, "referral", Wide::Id, false),
    (Column::Patient, "patient", Wide::Flex(8, 26, 44, 3), false),
    (Column::Age, "age", Wide::Fixed(6), false),
    (Column::Dob, "born", Wide::Fixed(10), false),
    (Column::Service, "service", Wide::Flex(8, 15, 30, 2), false),
    (Column::Specialty, "specialty", Wide::Flex(8, 12, 20, 1), false),
    (Column::Priority, "", Wide::Fixed(5), false),
    (Column::Owner, "owner", Wide::Flex(8, 14, 20, 1), false),
    (Column::Payer, "payer", Wide::Flex(8, 14, 24, 1), false),
    (Column::Phone, "phone", Wide::Fixed(14), false),
    (Column::Source, "source", Wide::Fixed(10), false),
    (Column::Received, "received", Wide::Fixed(8), false),
    (Column::Waiting, "waiting", Wide::Fixed(7), true),
    (Column::Next, "next", Wide::Flex(10, 16, 28, 1), false),
    (Column::Missing, "missing", Wide::Fixed(7), true),
    (Column::Site, "site", Wide::Flex(8, 12, 24, 1), false),
    (Column::Status, "status", Wide::Flex(8, 12, 22, 1), false),
    (Column::Since, "since", Wide::Fixed(5), true),
    (Column::From, "from", Wide::Flex(8, 18, 28, 1), false),
    (Column::Calls, "calls", Wide::Fixed(5), true),
];

fn line(column: Column) -> Option<&'static Line> {
    TABLE.iter().find(|(each, ..)| *each == column)
}

/// A column that is shown, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub column: Column,
    /// Its heading.
    pub head: &'static str,
    /// Columns of the terminal.
    pub width: usize,
    /// It stands at the right of its width.
    pub right: bool,
}

/// The columns that fit: the wanted ones, squeezed before one is left out from the end (but not the first), then further ones
/// as long as none is squeezed. `id` is the width of the longest id shown.
pub fn fitting(wanted: &[Column], more: &[Column], id: usize, width: usize) -> Vec<Shown> {
    let measures = |column: &Column| {
        line(*column).map(|line| {
            let (least, well) = match line.2 {
                Wide::Id => (id, id),
                Wide::Fixed(wide) => (wide, wide),
                Wide::Flex(least, well, ..) => (least, well),
            };
            (line, least, well)
        })
    };
    let mut lines: Vec<&Line> = Vec::new();
    let (mut least, mut well) = (LEAD, LEAD);
    for (line, least_here, well_here) in wanted.iter().filter_map(measures) {
        let gap = usize::from(!lines.is_empty());
        if least + gap + least_here > width && !lines.is_empty() {
            break;
        }
        lines.push(line);
        least += gap + least_here;
        well += gap + well_here;
    }
    for (line, _, well_here) in more
        .iter()
        .filter(|each| !wanted.contains(each))
        .filter_map(measures)
    {
        if well + 1 + well_here > width {
            break;
        }
        lines.push(line);
        well += 1 + well_here;
    }
    divide(&lines, id, width)
}

/// Gives each its width; what is left over goes to those that take a share, by their shares, up to their most.
fn divide(lines: &[&Line], id: usize, width: usize) -> Vec<Shown> {
    let mut shown: Vec<Shown> = lines
        .iter()
        .map(|(column, head, wide, right)| Shown {
            column: *column,
            head,
            width: match wide {
                Wide::Id => id,
                Wide::Fixed(wide) => *wide,
                Wide::Flex(..) => 0,
            },
            right: *right,
        })
        .collect();
    let gaps = lines.len().saturating_sub(1);
    let fixed: usize = shown.iter().map(|each| each.width).sum();
    let mut free = width.saturating_sub(LEAD + gaps + fixed);
    let mut open: Vec<(usize, usize, usize, usize)> = lines
        .iter()
        .enumerate()
        .filter_map(|(at, (_, _, wide, _))| match wide {
            Wide::Flex(least, _, most, share) => Some((at, *least, *most, *share)),
            Wide::Id | Wide::Fixed(_) => None,
        })
        .collect();
    // Those that would get less than their least or more than their most get just that, and the others share anew.
    while !open.is_empty() {
        let shares: usize = open.iter().map(|(.., share)| share).sum();
        let bound = |(_, least, most, share): &(usize, usize, usize, usize)| {
            let fair = free * share / shares.max(1);
            if fair < *least {
                Some(*least)
            } else if fair > *most {
                Some(*most)
            } else {
                None
            }
        };
        let held = open.iter().position(|each| bound(each).is_some());
        let Some((place, (at, least, most, share))) =
            held.and_then(|place| open.get(place).map(|each| (place, *each)))
        else {
            break;
        };
        let own = bound(&(at, least, most, share)).unwrap_or(least).min(free);
        if let Some(each) = shown.get_mut(at) {
            each.width = own;
        }
        free -= own;
        open.remove(place);
    }
    let shares: usize = open.iter().map(|(.., share)| share).sum();
    let mut left = free;
    for (nth, (at, _, most, share)) in open.iter().enumerate() {
        let own = if nth + 1 == open.len() {
            left.min(*most)
        } else {
            free * share / shares.max(1)
        };
        if let Some(each) = shown.get_mut(*at) {
            each.width = own;
        }
        left = left.saturating_sub(own);
    }
    shown
}

/// The width of the longest id among rows.
pub fn id_width<'a>(ids: impl Iterator<Item = &'a ReferralId>) -> usize {
    let longest = ids.map(|id| id.to_string().len()).max().unwrap_or(0);
    longest.max("R-10000-X".len())
}

/// What a column says of a row, and in which role.
pub fn value(model: &Model, row: &Row, column: Column) -> (String, Tone) {
    let queue = &row.queue;
    let (now, zone) = (model.now, model.settings.zone());
    let plain = |text: String| {
        (
            text,
            if row.sign == Sign::Left {
                Tone::Dim
            } else {
                Tone::Text
            },
        )
    };
    let over = queue.due_at.is_some_and(|due| due < now);
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".into());
    match column {
        Column::Score => plain(or_dash(queue.score.map(|score| score.to_string()))),
        Column::Due => (
            words::due(queue.due_at, now, zone),
            if over { Tone::Alarm } else { Tone::Text },
        ),
        Column::Referral => plain(queue.id.to_string()),
        Column::Patient => plain(queue.patient.clone()),
        Column::Age => plain(words::sex_age(queue.sex, queue.dob, day_in(zone, now))),
        Column::Dob => plain(or_dash(queue.dob.map(|dob: Day| dob.to_string()))),
        // A row that only stays in sight says where it went.
        Column::Service if row.sign == Sign::Left => {
            plain(model.settings.screen.status_name(queue.status).into())
        }
        Column::Service => plain(queue.service.clone()),
        Column::Specialty => plain(queue.specialty.clone()),
        Column::Priority => (queue.priority.mark().to_owned(), Tone::Warn),
        // Whoever does it now comes first.
        Column::Owner => plain(
            match model.settings.policy.cover.of(&queue.owner, day_in(zone, now)) {
                Some((cover, _)) => format!("{cover} for {}", queue.owner),
                None => queue.owner.to_string(),
            },
        ),
        Column::Payer => plain(or_dash(queue.payer.clone())),
        Column::Phone => plain(or_dash(queue.phone.clone())),
        Column::Source => plain(queue.source.label().into()),
        Column::Received => plain(words::past_day(queue.received_at, now, zone)),
        Column::Waiting => plain(words::brief(now - queue.received_at)),
        Column::Next => plain(or_dash(queue.next_action.map(|next| next.label().to_owned()))),
        Column::Missing if queue.missing == 0 => plain(String::new()),
        Column::Missing => (queue.missing.to_string(), Tone::Warn),
        Column::Site => plain(or_dash(queue.site.clone())),
        Column::Status => plain(model.settings.screen.status_name(queue.status).into()),
        Column::Since => plain(words::brief(now - queue.status_since)),
        Column::From => plain(or_dash(queue.from.clone())),
        Column::Calls if queue.attempts == 0 => plain(String::new()),
        Column::Calls => plain(queue.attempts.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Screen;

    fn widths(width: usize) -> Vec<(Column, usize)> {
        let screen = Screen::default();
        fitting(&screen.columns, &screen.more_columns, 9, width)
            .into_iter()
            .map(|each| (each.column, each.width))
            .collect()
    }

    #[test]
    fn every_column_is_in_the_table() {
        let all = [
            Screen::default().columns,
            Screen::default().more_columns,
            vec![
                Column::Dob,
                Column::Specialty,
                Column::Source,
                Column::Received,
                Column::Waiting,
            ],
            vec![
                Column::Missing,
                Column::Site,
                Column::Status,
                Column::Since,
                Column::Calls,
            ],
        ];
        let all = all.concat();
        assert_eq!(all.len(), TABLE.len());
        for column in all {
            assert!(line(column).is_some(), "{column:?}");
        }
    }

    #[test]
    fn more_columns_come_with_more_room_and_none_is_wider_than_the_window() {
        let names = |width| {
            widths(width)
                .into_iter()
                .map(|(column, _)| column)
                .collect::<Vec<_>>()
        };
        assert_eq!(names(60), Screen::default().columns);
        assert_eq!(names(80), Screen::default().columns);
        assert!(names(108).contains(&Column::Next));
        assert!(names(200).contains(&Column::From));
        for width in 10..240 {
            let columns = widths(width);
            let used: usize = columns.iter().map(|(_, wide)| wide + 1).sum::<usize>() + LEAD - 1;
            assert!(used <= width.max(8), "{width}: {columns:?}");
        }
        assert_eq!(names(30), [Column::Score, Column::Due, Column::Referral]);
    }
}
