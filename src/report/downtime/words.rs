//! The words that both forms of the pack share: headings, blanks and the way back.

use super::Pack;
use crate::domain::lists::List;
use crate::domain::time::{day_in, show_clock, show_day, show_stamp};
use crate::store::board::QueueRow;

/// How old a page is, as every page says it.
pub(super) fn age(pack: &Pack) -> String {
    format!(
        "{} · as of {} {} · what came later is not on this page · hours old now: ____",
        pack.clinic,
        show_day(day_in(pack.zone, pack.at)),
        show_clock(pack.zone, pack.at)
    )
}

/// The heading of a list: how many stand there, and how many of them are on the paper.
pub(super) fn heading(list: List, total: u64, shown: usize) -> String {
    let all = u64::try_from(shown).is_ok_and(|shown| shown >= total);
    if all {
        format!("{} · {total}", list.label())
    } else {
        format!(
            "{} · the first {shown} of {total}, the most pressing",
            list.label()
        )
    }
}

/// The columns of a worklist.
pub(super) const COLUMNS: [&str; 7] = [
    "due",
    "referral",
    "patient",
    "born",
    "service",
    "next",
    "done / remark",
];

/// A row in the order of the columns; the last is for writing.
pub(super) fn cells(pack: &Pack, row: &QueueRow) -> [String; 6] {
    let mark = match row.priority.mark() {
        "" => String::new(),
        mark => format!(" {mark}"),
    };
    let missing = if row.missing > 0 {
        format!(" ({} missing)", row.missing)
    } else {
        String::new()
    };
    [
        row.due_at
            .map(|due| show_stamp(pack.zone, due, pack.at))
            .unwrap_or_default(),
        row.id.to_string(),
        row.patient.clone(),
        row.dob.map(|dob| dob.to_string()).unwrap_or_default(),
        format!("{}{mark}", row.service),
        format!(
            "{}{missing} · {}",
            row.next_action.map_or("", |action| action.label()),
            row.owner
        ),
    ]
}

/// How a call ended, to be ticked; the numbers are the keys under which it is entered.
pub(super) const OUTCOMES: [&str; 6] = [
    "1 reached",
    "2 left a message",
    "3 no answer",
    "4 busy",
    "5 call later",
    "6 wrong number",
];

/// The fields of a blank referral, each with how many lines it is given.
pub(super) const REFERRAL: [(&str, usize); 16] = [
    ("taken down (day, time, by whom)", 1),
    ("how it came (fax, phone, walk-in)", 1),
    (
        "urgency:  routine   urgent   asap   STAT (call the referrer now)",
        1,
    ),
    ("patient: family name, given name", 1),
    ("born (year-month-day), sex", 1),
    ("telephone, may we text? e-mail", 1),
    ("address", 2),
    ("language, interpreter", 1),
    ("referring provider, NPI", 1),
    ("practice, telephone, fax", 1),
    ("specialty, service", 1),
    ("reason, codes", 3),
    ("plan, member id, group", 1),
    ("authorisation number, visits, valid until", 1),
    ("documents that came along", 1),
    ("what was said, what is next, who has it", 3),
];

/// How to bring back what was written, step by step.
pub(super) const BACK: [&str; 10] = [
    "Keys are named as they come with the program; ? shows those of this desk.",
    "Emergencies first. Whoever was called on paper: find the referral with / and its number, c, the digit of the outcome. \
     The call acknowledges the emergency, and the escalation stops.",
    "Look before you write: `report handover` (or H) shows what the program and others did meanwhile.",
    "Calls: / and the number of the referral, c, the digit that is ticked; write the time of the call into the note.",
    "New referrals: N, or scan the sheet into the inbox. Write the day and time at which it was taken down into the remark: \
     the program counts from when it is entered. The program warns where it is there already.",
    "Decisions (accept, decline, booked): a, d, s on the referral; a booking takes the day and time as on the paper.",
    "What came in on paper and belongs to a referral: put the scan into the inbox, then A in Intake.",
    "Tick each line on the paper once it is entered, with your initials. Two people: one reads, one writes.",
    "When all is entered: the last line of the screen says open = in lists; `refdesk check` says that nothing is amiss.",
    "Keep the papers as long as the clinic keeps its records, or shred them: they name patients.",
];
