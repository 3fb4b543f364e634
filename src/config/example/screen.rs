//! What the example says of `[screen]`.
//!
//! Owns the words, as its parent does. Must not know any value.

use super::Section;

/// The section.
pub(super) const SCREEN: Section = (
    "screen",
    &[
        "What the worklist shows. It takes this and [desk] and [keys] over as soon as the file is saved; where something",
        "is wrong it says so with line and reason, and keeps what it had.",
    ],
    &[
        (
            "mode",
            &["full, or linear: plain lines one after the other, for screen readers (as with --linear)."],
        ),
        (
            "pictures",
            &[
                "A document's page: auto asks the terminal; kitty, sixel, iterm: pixels; cells: dots; off: text.",
            ],
        ),
        (
            "dots",
            &["The characters of the dots: braille, which every font has, or octants (Unicode 16)."],
        ),
        (
            "lists",
            &[
                "Lists in the header, in this order: emergency, review, missing-info, insurance, to-schedule, scheduled,",
                "reports-due, intake, open, closed. A list that is not named here is still reached by its key; the foot of the",
                "screen says how many referrals stand in lists that are not shown.",
            ],
        ),
        (
            "columns",
            &[
                "Columns of the lists, in this order: score, due, referral, patient, age, dob, service, specialty, priority,",
                "owner, payer, phone, source, received, waiting, next, missing, site, status, since, from, calls.",
                "What does not fit into the window is left out from the end.",
            ],
        ),
        (
            "more_columns",
            &["Columns that come in behind them, in this order, where there is room."],
        ),
        (
            "detail",
            &[
                "Where the detail stands: side (beside the list), below, or opened (in its place, with enter).",
            ],
        ),
        (
            "detail_from",
            &["… from this width of the terminal on; for below, from this many lines on."],
        ),
        (
            "share",
            &["The list's share of the width (below: of the height), in per cent."],
        ),
        (
            "sections",
            &["Sections of the detail, in this order, below the line that says whom it is about."],
        ),
        (
            "actions",
            &[
                "Actions in the bar at the foot, in this order, as in [\"accept\", \"call\", \"schedule\"]; the program's own where",
                "empty. `refdesk config keys` names them all.",
            ],
        ),
    ],
);
