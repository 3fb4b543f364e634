//! The commented example of `config.toml`.
//!
//! Owns what is said of each key; the values come from the defaults, so that the example cannot lie. Lines that begin with
//! `##` explain; taking the `# ` away from the others gives the defaults. Must not know any value.

mod screen;

use super::schema::Settings;
use toml::{Table, Value};

const HEAD: &[&str] = &[
    "The configuration of Refdesk. Every key has a default, shown here; the program runs without this file.",
    "Put it into the data directory as config.toml, or name it with --config.",
    "",
    "Lines with two marks explain. Take the mark away from a line with one to set it, and from its [section] with it.",
    "Lengths of time: `30 min`, `4 h`, `14 d` on the clock on the wall; where a target allows it, `4 bh` and `2 bd` are",
    "opening hours and opening days.",
];

/// A section, what is said of it, and its keys with what is said of each.
pub(super) type Section = (&'static str, &'static [&'static str], Keys);
type Keys = &'static [(&'static str, &'static [&'static str])];

#[rustfmt::skip]
const CLINIC: Keys = &[("name", &[]), ("phone", &[]), ("fax", &[]), ("email", &[]), ("zone", &[])];

const SECTIONS: &[Section] = &[
    (
        "",
        &[],
        &[
            (
                "templates",
                &[
                    "A directory with templates of your own (a TOML file a specialty), from where this file stands. One with the",
                    "name of a built-in template replaces it, the others join them.",
                ],
            ),
            (
                "messages",
                &[
                    "A directory with message texts of your own (a TOML file a language, named en.toml, es.toml …). What a file",
                    "says replaces the built-in text, message by message.",
                ],
            ),
            (
                "specialties",
                &["The templates that you offer, by key, as in [\"cardiology\"]; all where empty."],
            ),
            (
                "warn_at_percent",
                &["A warning comes when this share of a milestone's time has gone, in per cent."],
            ),
            (
                "escalate_to",
                &[
                    "Who is told of a missed target, and of an emergency that nobody has called about: a queue, or a name among staff.",
                    "What else should follow is a rule on target-missed.",
                ],
            ),
            (
                "staff",
                &[
                    "Who works here, and what they may do: read-only, coordinator, clinician or manager. `login` is their account",
                    "on this machine, where it is not the name. Where nobody is listed, whoever starts the program runs the desk.",
                    "  staff = [{ name = \"Ana Ruiz\", role = \"manager\", login = \"aruiz\" }]",
                ],
            ),
            (
                "facilities",
                &[
                    "Where patients are seen.",
                    "  facilities = [{ name = \"Main Street\", address = \"1 Main Street\", phone = \"\", fax = \"\" }]",
                ],
            ),
            (
                "performers",
                &[
                    "Who sees patients; without `specialties` in all of them, without `facility` at any.",
                    "  performers = [{ name = \"Lee Chen, MD\", specialties = [\"cardiology\"], facility = \"Main Street\" }]",
                ],
            ),
            super::staffing::ABSENCES,
            super::rules::QUEUES_TOLD,
            super::rules::RULES,
        ],
    ),
    (
        "clinic",
        &["The clinic as its messages sign, and its time zone (a name of the IANA database)."],
        CLINIC,
    ),
    (
        "hours",
        &["Opening hours, or \"closed\". Business hours and days, and the clinic's clock, run within them."],
        &[
            ("monday", &[]),
            ("tuesday", &[]),
            ("wednesday", &[]),
            ("thursday", &[]),
            ("friday", &[]),
            ("saturday", &[]),
            ("sunday", &[]),
            (
                "closed_on",
                &[
                    "Federal holidays kept every year: new-year, mlk-day, presidents-day, memorial-day, juneteenth,",
                    "independence-day, labor-day, columbus-day, veterans-day, thanksgiving, christmas.",
                ],
            ),
            (
                "holidays",
                &["Other days on which you are closed, as in [\"2026-11-27\"]."],
            ),
        ],
    ),
    (
        "capacity.slots_per_week",
        &[
            "Slots for new visits in a week without holidays, by the key of the template, for `refdesk report forecast`.",
            "  cardiology = 40",
        ],
        &[],
    ),
    (
        "score",
        &[
            "By when a referral should be decided. A higher priority never has the longer target; stat is never scored.",
        ],
        &[("asap", &[]), ("urgent", &[]), ("routine", &[])],
    ),
    (
        "sla.acknowledge",
        &[
            "Targets per milestone, from receipt (the report: from the visit). A template may set its own.",
            "Acknowledged: the referrer knows that it arrived; for an emergency, by phone.",
        ],
        TARGETS,
    ),
    ("sla.decide", &["Accepted or declined."], TARGETS),
    ("sla.first-contact", &["The patient was reached."], TARGETS),
    ("sla.book", &["An appointment is booked."], TARGETS),
    ("sla.visit", &["The visit took place."], TARGETS),
    ("sla.report", &["The report was delivered."], TARGETS),
    (
        "intake",
        &[
            "Folders that are watched beside the inbox: plain, hylafax-recvq (received faxes) or maildir (a mailbox). What is taken in",
            "is moved (to done, a message to cur), kept (hylafax-recvq, where nothing is said) or deleted: taken = \"delete\".",
            "  folders = [{ path = \"/var/spool/hylafax/recvq\", kind = \"hylafax-recvq\" }, { path = \"/srv/scans\" }]",
        ],
        &[("folders", &[])],
    ),
    super::intake::MLLP_EXPLAINED,
    super::mailbox::EXPLAINED,
    (
        "outreach",
        &["When messages go out, and what follows when nobody answers."],
        &[
            (
                "undo_window",
                &["A message caused by a key waits this long, so that undo still catches it."],
            ),
            (
                "info_reminder",
                &["Remind the provider of missing information after this."],
            ),
            (
                "info_escalation",
                &["Ask a person to call the provider this long after the request."],
            ),
            (
                "booking_email",
                &["E-mail the patient this long after acceptance without a booking."],
            ),
            (
                "booking_escalation",
                &["Ask a person to call the patient this long after acceptance without a booking."],
            ),
            (
                "emergency",
                &[
                    "An emergency that nobody acknowledged escalates after this, and after each further stretch.",
                ],
            ),
            (
                "appointment_reminder",
                &["Remind the patient this long before the appointment."],
            ),
            (
                "outcome_grace",
                &["Ask for an appointment's outcome this long after its end."],
            ),
            (
                "report_reminder",
                &["Ask a person to get the report this long after a visit's end."],
            ),
            (
                "report_unconfirmed",
                &["Ask whether a report arrived this long after it left, where nobody has said so."],
            ),
            (
                "report_closes",
                &[
                    "A completed referral closes by itself when its report was `delivered` or `handed-over`; or `never`.",
                ],
            ),
            (
                "patient_hours",
                &["Patients are written to between these hours of the day, in the clinic's zone."],
            ),
            (
                "sms_needs_consent",
                &["Whether a patient must have agreed before the first text message."],
            ),
            (
                "provider_channels",
                &[
                    "On which channel a provider is written to first (`fax` or `email`), by NPI or by the name of the person or the",
                    "practice: { \"1234567893\" = \"email\", \"Lakeside Family Medicine\" = \"fax\" }. Otherwise an answer goes back the way",
                    "the referral came, and by fax before e-mail.",
                ],
            ),
        ],
    ),
    (
        "outreach.call_again",
        &[
            "When to call again, by how the last call ended: left-message, no-answer, busy, call-later, wrong-number. One wait a",
            "try in a row (`30 min`, `4 bh`, `1 bd`), the last one for all that follow; always within opening hours.",
        ],
        &[
            ("left-message", &[]),
            ("no-answer", &[]),
            ("busy", &[]),
            ("call-later", &[]),
        ],
    ),
    (
        "outreach.effort",
        &[
            "What must be tried before a referral may be cancelled, declined or closed because the patient could not be reached:",
            "so many calls on so many different days since the patient last answered, and a letter that has left (another",
            "written message where no address is on record). The letter follows the last of the calls by itself.",
        ],
        &[("calls", &[]), ("days", &[]), ("letter", &[])],
    ),
    super::channels_example::CHANNELS,
    super::channels_example::SMTP,
    super::channels_example::MODEM,
    super::channels_example::GATEWAY,
    super::channels_example::HYLAFAX,
    super::channels_example::PAPER,
    (
        "rights",
        &["Which roles may do what needs more than the desk's everyday rights; both need a reason as well."],
        &[("decline", &[]), ("lower_priority", &[])],
    ),
    super::eligibility::EXPLAINED,
    super::eligibility::PAYERS_EXPLAINED,
    super::updates::EXPLAINED,
    super::reading::EXPLAINED,
    super::reading::FIELDS_EXPLAINED,
    super::second_reader::EXPLAINED,
    super::import::EXPLAINED,
    (
        "downtime",
        &[
            "The pack on paper for when no screen is there: worklists, call sheets, blank forms. `refdesk downtime` writes it.",
        ],
        &[
            (
                "every",
                &["Write it by itself this often while the program runs, as in \"30 min\"; or off."],
            ),
            (
                "dir",
                &[
                    "Where: a folder that can be reached when this machine cannot, from where this file stands.",
                ],
            ),
            (
                "rows",
                &["At most so many rows of each list, the most pressing first."],
            ),
        ],
    ),
    (
        "desk",
        &["The terminal."],
        &[
            (
                "theme",
                &["dark, light, high-contrast or mono; NO_COLOR in the environment has the last word."],
            ),
            (
                "after_action",
                &["Where the cursor goes after an action: next, stay, or follow the referral."],
            ),
        ],
    ),
    (
        "desk.views",
        &[
            "Saved views: a name and a query, as in the filter line. Those saved in the worklist (F) join them.",
            "  \"Urgent, over due\" = \"list:review priority:>=urgent overdue:yes\"",
        ],
        &[],
    ),
    screen::SCREEN,
    (
        "screen.list_columns",
        &[
            "Columns of single lists, in place of `columns`.",
            "  to-schedule = [\"due\", \"patient\", \"age\", \"phone\", \"service\", \"waiting\"]",
        ],
        &[],
    ),
    (
        "screen.list_names",
        &["What you call a list.", "  to-schedule = \"Booking\""],
        &[],
    ),
    (
        "screen.status_names",
        &[
            "What you call a status, on the path and in the lists.",
            "  received = \"new\"",
        ],
        &[],
    ),
    (
        "keys",
        &[
            "Keys of the worklist: an action and its keys, which replace its own. `refdesk config keys` prints every action",
            "with its keys in force. A key is a letter (A is shift and a), a name like enter, pageup or f5, ctrl-r, alt-x, or",
            "a sequence like \"e p\". Keys of a Cyrillic, Greek, Hebrew, Arabic, Persian or Thai keyboard mean the key at",
            "their place, unless they are named here.",
            "  accept = [\"a\", \"f2\"]",
        ],
        &[],
    ),
];

const TARGETS: &[(&str, &[&str])] = &[("stat", &[]), ("asap", &[]), ("urgent", &[]), ("routine", &[])];

/// The example: every key with its default.
pub fn example() -> String {
    // Plain settings always have a TOML form; were it lost, the test that compares the example would say so.
    let defaults = Table::try_from(Settings::default()).unwrap_or_default();
    let mut out = String::new();
    explain(&mut out, HEAD);
    for (section, about, keys) in SECTIONS {
        out.push('\n');
        explain(&mut out, about);
        if !section.is_empty() {
            out.push_str(&format!("# [{section}]\n"));
        }
        for (key, about) in *keys {
            explain(&mut out, about);
            if let Some(value) = lookup(&defaults, section, key) {
                out.push_str(&format!("# {key} = {value}\n"));
            }
        }
    }
    out
}

fn explain(out: &mut String, lines: &[&str]) {
    for line in lines {
        out.push_str(format!("## {line}").trim_end());
        out.push('\n');
    }
}

fn lookup<'a>(table: &'a Table, section: &str, key: &str) -> Option<&'a Value> {
    section
        .split('.')
        .filter(|name| !name.is_empty())
        .try_fold(table, |table, name| table.get(name)?.as_table())?
        .get(key)
}

#[cfg(test)]
mod tests;
