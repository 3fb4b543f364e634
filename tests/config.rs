//! The configuration as a clinic meets it: the example, layers, overrides, and errors that name their lines.

use refdesk::config::{Config, Settings};
use refdesk::domain::case::MilestoneKind;
use refdesk::domain::policy::Role;
use refdesk::domain::priority::Priority;
use refdesk::domain::template::{Need, Target};
use refdesk::domain::time::{Span, parse_stamp};
use std::fs;
use std::path::Path;

fn lines_of(text: &str) -> Vec<String> {
    match Config::from_text(text, Path::new("config.toml")) {
        Ok(_) => Vec::new(),
        Err(error) => error.0.iter().map(ToString::to_string).collect(),
    }
}

/// The example with every single mark taken away.
fn uncommented(example: &str) -> String {
    let bare = |line: &str| line.strip_prefix("# ").unwrap_or(line).to_owned() + "\n";
    example.lines().map(bare).collect()
}

#[test]
fn the_example_is_the_file_in_the_repository() {
    let kept = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.example.toml")).unwrap();
    if std::env::var_os("REFDESK_WRITE_EXAMPLE").is_some() {
        fs::write(
            concat!(env!("CARGO_MANIFEST_DIR"), "/config.example.toml"),
            Config::example(),
        )
        .unwrap();
        return;
    }
    assert_eq!(
        kept,
        Config::example(),
        "run this test with REFDESK_WRITE_EXAMPLE=1 to write it anew"
    );
}

#[test]
fn the_example_is_the_defaults_with_and_without_its_marks() {
    let defaults = toml::to_string(&Settings::default()).unwrap();
    for text in [Config::example(), uncommented(&Config::example())] {
        let config =
            Config::from_text(&text, Path::new("config.toml")).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(toml::to_string(config.settings()).unwrap(), defaults);
    }
}

#[test]
fn without_a_file_the_program_has_a_policy() {
    let policy = Config::built_in().unwrap().policy();
    assert_eq!(policy.outreach.info_reminder, Span::days(3));
    assert_eq!(policy.outreach.patient_hours, (8, 20));
    assert_eq!(policy.score_targets.of(Priority::Urgent), Some(Span::days(3)));
    for kind in MilestoneKind::ALL {
        for priority in Priority::ALL {
            assert!(policy.sla[&kind].contains_key(&priority), "{kind:?} {priority}");
        }
    }
    let stat = policy.sla[&MilestoneKind::Acknowledge][&Priority::Stat];
    assert_eq!(stat, Target::parse("30 min").unwrap());
    // Thanksgiving 2026, a Thursday at noon.
    assert!(
        !policy
            .calendar
            .is_open(parse_stamp("2026-11-26T17:00:00Z").unwrap())
    );
    assert!(
        policy
            .calendar
            .is_open(parse_stamp("2026-11-27T17:00:00Z").unwrap())
    );
}

#[test]
fn one_target_in_the_file_keeps_the_others() {
    let text = "[sla.decide]\nroutine = \"12 d\"\n[outreach.call_again]\nbusy = \"15 min\"\n";
    let policy = Config::from_text(text, Path::new("config.toml"))
        .unwrap()
        .policy();
    let decide = &policy.sla[&MilestoneKind::Decide];
    assert_eq!(decide[&Priority::Routine].to_string(), "12 d");
    assert_eq!(decide[&Priority::Urgent].to_string(), "3 d");
    assert_eq!(policy.sla.len(), 6);
    assert_eq!(policy.outreach.call_again.len(), 4);
}

#[test]
fn problems_come_all_at_once_each_on_its_line() {
    let table: &[(&str, &[&str])] = &[
        (
            "[clinic]\nname = \"Riverside\"\nphon = \"1\"\nzone = \"Mars/Olympus\"\n",
            &[
                "config.toml:3: clinic.phon: unknown field `phon`, expected one of `name`, `phone`, `fax`, `email`, `zone`",
                "config.toml:4: clinic.zone: `Mars/Olympus` is not a time zone like America/New_York",
            ],
        ),
        (
            "[hours]\nmonday = \"9-5\"\nclosed_on = [\"christmas\", \"easter\"]\nholidays = [\n  \"2026-12-24\",\n  \"24.12.2027\",\n]\n",
            &[
                "config.toml:2: hours.monday: `9-5` is not opening hours like 08:00-17:00, or `closed`",
                "config.toml:3: hours.closed_on[1]: unknown variant `easter`, expected one of `new-year`, `mlk-day`, \
                 `presidents-day`, `memorial-day`, `juneteenth`, `independence-day`, `labor-day`, `columbus-day`, \
                 `veterans-day`, `thanksgiving`, `christmas`",
                "config.toml:6: hours.holidays[1]: `24.12.2027` is not a day like 2026-11-23",
            ],
        ),
        (
            "[score]\nasap = \"1 d\"\nurgent = \"20 d\"\n[outreach]\ninfo_reminder = \"2 bd\"\nbooking_email = 3\n",
            &[
                "config.toml:3: score.urgent: score.urgent is longer than score.routine — a higher priority never has \
                 the longer target: shorten it, or lengthen the other",
                "config.toml:5: outreach.info_reminder: `2 bd` counts opening hours, and here every hour counts: write \
                 `30 min`, `4 h` or `14 d`",
                "config.toml:6: outreach.booking_email: invalid type: integer `3`, expected a text like \"4 h\"",
            ],
        ),
        (
            "[score]\nroutine = \"2 d\"\n",
            &[
                "config.toml:2: score.routine: score.urgent is longer than score.routine — a higher priority never has \
               the longer target: shorten it, or lengthen the other",
            ],
        ),
        (
            "[sla.visit]\nurgent = \"70 d\"\n",
            &[
                "config.toml:2: sla.visit.urgent: sla.visit.urgent is longer than sla.visit.routine — a higher priority \
               never has the longer target: shorten it, or lengthen the other",
            ],
        ),
        (
            "warn_at_percent = 120\nspecialties = [\"alchemy\"]\n[outreach]\npatient_hours = [20, 8]\n",
            &[
                "config.toml:1: warn_at_percent: 120 is not between 1 and 99 — 75 warns when a quarter of the time is left",
                "config.toml:2: specialties[0]: there is no template `alchemy` — known are cardiology, dermatology, \
                 endocrinology, gastroenterology, hematology, nephrology, neurology, ophthalmology, orthopedics, \
                 otolaryngology, pulmonology, rheumatology, urology",
                "config.toml:4: outreach.patient_hours: [20, 8] are not two hours of one day, the earlier first — write \
                 [8, 20] for 8 in the morning to 8 in the evening",
            ],
        ),
        (
            "[[staff]]\nname = \"Ana\"\nrole = \"boss\"\n[[staff]]\nname = \"Bo\"\n[[staff]]\nname = \"Cy\"\nrole = \"system\"\n\
             [[performers]]\nname = \"Lee\"\nfacility = \"Moon\"\n",
            &[
                "config.toml:3: staff[0].role: unknown variant `boss`, expected one of `read-only`, `coordinator`, \
                 `clinician`, `manager`, `system`",
            ],
        ),
        (
            "[rights]\ndecline = []\n[desk]\ntheme = \"pink\"\nviews = { late = \"\" }\n",
            &[
                "config.toml:2: rights.decline: nobody may — name at least one role",
                "config.toml:4: desk.theme: unknown variant `pink`, expected one of `dark`, `light`, `high-contrast`, `mono`",
                "config.toml:5: desk.views.late: is not a query on one line — write it as in the find line",
            ],
        ),
        ("[clinic\nname = 3\n", &[]),
        (
            "[hours]\nmonday = \"closed\"\ntuesday = \"closed\"\nwednesday = \"closed\"\nthursday = \"closed\"\nfriday = \"closed\"\n",
            &["config.toml:1: hours: the opening hours have no open day — open at least one day"],
        ),
    ];
    for (text, expected) in table {
        println!("{text}\n{:#?}\n", lines_of(text));
    }
    for (text, expected) in table {
        assert_eq!(lines_of(text), *expected, "{text}");
    }
}
