//! The configuration as a clinic meets it: the example, layers, overrides, and errors that name their lines.

use refdesk::config::{Config, Settings};
use refdesk::domain::case::{MilestoneKind, Party};
use refdesk::domain::message::MessageKind;
use refdesk::domain::policy::Role;
use refdesk::domain::priority::Priority;
use refdesk::domain::template::{Need, Target};
use refdesk::domain::texts::{Facts, Placeholder};
use refdesk::domain::time::{Span, parse_stamp};
use std::collections::BTreeSet;
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
            "[screen]\nlists = [\"review\", \"review\"]\ncolumns = [\"score\", \"colour\"]\nshare = 5\n[screen.status_names]\n\
             received = \"\"\n[desk.views]\nMine = \"owner:ann prio:x\"\n",
            &[
                "config.toml:2: screen.lists[1]: `review` is there twice — take one out",
                "config.toml:3: screen.columns[1]: unknown variant `colour`, expected one of `score`, `due`, `referral`, \
                 `patient`, `age`, `dob`, `service`, `specialty`, `priority`, `owner`, `payer`, `phone`, `source`, \
                 `received`, `waiting`, `next`, `missing`, `site`, `status`, `since`, `from`, `calls`",
                "config.toml:3: screen.columns: shows neither `patient` nor `referral` — a row that does not say whom it is \
                 about is of no use: name one of them",
                "config.toml:4: screen.share: 5 is not between 20 and 80 — 54 gives the list a little more than half",
                "config.toml:6: screen.status_names.received: is not a name on one line — write a word or two",
                "config.toml:8: desk.views.Mine: at character 11: `prio:` is not known; use list, priority, status, owner, \
                 specialty, service, payer, site, from, overdue, missing, due, received, waiting, age, calls, has, template, coverage, language, reason, source — \
                 write it as in the filter line (f)",
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
                "config.toml:4: staff[1]: missing field `role`",
                "config.toml:8: staff[2].role: `system` is the program itself — choose read-only, coordinator, clinician \
                 or manager",
                "config.toml:11: performers[0].facility: `Moon` is not among the facilities — write it as it stands in \
                 `facilities`",
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
        (
            "[clinic\nname = 3\n",
            &["config.toml:1: not TOML: unclosed table, expected `]` — see https://toml.io for the notation"],
        ),
        (
            "[hours]\nmonday = \"closed\"\ntuesday = \"closed\"\nwednesday = \"closed\"\nthursday = \"closed\"\nfriday = \"closed\"\n",
            &["config.toml:1: hours: the opening hours have no open day — open at least one day"],
        ),
    ];
    for (text, expected) in table {
        assert_eq!(lines_of(text), *expected, "{text}");
    }
}

#[test]
fn the_layers_are_the_named_file_then_the_data_directory_then_the_defaults() {
    let home = tempfile::tempdir().unwrap();
    let (data, named) = (home.path().join("data"), home.path().join("named.toml"));
    fs::create_dir(&data).unwrap();
    fs::write(data.join("config.toml"), "warn_at_percent = 60\n").unwrap();
    fs::write(&named, "warn_at_percent = 90\n").unwrap();
    assert_eq!(Config::load(None, &data).unwrap().policy().warn_at_percent, 60);
    let config = Config::load(Some(&named), &data).unwrap();
    assert_eq!(config.policy().warn_at_percent, 90);
    assert_eq!(config.source(), Some(named.as_path()));
    let error = Config::load(Some(&home.path().join("absent.toml")), &data).unwrap_err();
    assert!(
        error.to_string().contains("absent.toml: cannot be read: "),
        "{error}"
    );
}

#[test]
fn own_templates_and_texts_stand_over_the_built_in_ones() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = home.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    write(
        "config.toml",
        "templates = \"t\"\nmessages = \"m\"\nspecialties = [\"cardiology\", \"podiatry\"]\n",
    );
    write(
        "t/podiatry.toml",
        "key = \"podiatry\"\nspecialty = \"Podiatry\"\nservices = [\"Consultation\"]\n",
    );
    write(
        "m/en.toml",
        "[ack-patient]\nsubject = \"Hello\"\nbody = \"B\"\nshort = \"T\"\n",
    );
    let policy = Config::load(None, home.path()).unwrap().policy();
    assert_eq!(
        policy.templates.keys().collect::<Vec<_>>(),
        ["cardiology", "podiatry"]
    );
    let told = policy
        .texts
        .render(MessageKind::AckPatient, "en", false, &Facts::new());
    assert_eq!(told.subject, "Hello");

    write(
        "t/podiatry.toml",
        "key = \"feet\"\nspecialty = \"Ortho\"\nservices = [\"A\"]\n[[requirements]]\nkey = \"x\"\nneed = \"magic\"\nlabel = {}\n\
         [[requirements]]\nkey = \"y\"\nneed = \"document\"\nlabel = { es = \"y\" }\nservices = [\"B\"]\n\
         [sla.visit]\nurgent = \"9 d\"\nroutine = \"8 d\"\n",
    );
    write(
        "m/en.toml",
        "[ack-patient]\nsubject = \"Hello {patient-name}\"\nbody = \"{x}\"\n",
    );
    let error = Config::load(None, home.path()).unwrap_err();
    let told: Vec<String> = error
        .0
        .iter()
        .map(|problem| {
            problem
                .to_string()
                .replace(&format!("{}/", home.path().display()), "")
        })
        .collect();
    let expected = [
        "t/podiatry.toml:6: requirements[0].need: unknown variant `magic`, expected one of `patient-dob`, \
         `patient-contact`, `patient-address`, `requester`, `requester-npi`, `reason-text`, `reason-code`, `payer`, \
         `member-id`, `authorization`, `document`",
        "t/podiatry.toml:1: key: `feet` is not the file's name, `podiatry` — name the file after its key",
        "t/podiatry.toml:11: requirements[1].label: has no English label — add `en`: providers read it in requests",
        "t/podiatry.toml:12: requirements[1].services: `B` is not among the template's services — write it as it stands in \
         `services`",
        "t/podiatry.toml:14: sla.visit.urgent: urgent has a longer target than routine — shorten it, or lengthen the lower \
         priority's",
        "t/podiatry.toml: aliases: `Ortho` already leads to `orthopedics` — keep it in one of the two",
        "m/en.toml:2: ack-patient.subject: `{patient-name}` may not be said here: full name and date of birth only in the \
         body to a provider, nothing of the patient or the reason in a subject, no reason in a text message",
        "m/en.toml:3: ack-patient.body: `{x}` is not known; known are clinic, clinic-phone, clinic-fax, referral, \
         patient-name, patient-given, patient-dob, provider, specialty, service, received, items, code, reason, remedy, \
         appointment, performer, place, note, words (write `{{` for a brace)",
        "m/en.toml:1: ack-patient.short: missing or empty",
    ];
    assert_eq!(told, expected);
}

#[test]
fn every_built_in_template_is_whole() {
    let policy = Config::built_in().unwrap().policy();
    assert!(policy.templates.len() >= 8);
    for (key, template) in policy.templates.as_ref() {
        let keys: BTreeSet<&str> = template
            .requirements
            .iter()
            .map(|each| each.key.as_str())
            .collect();
        assert_eq!(keys.len(), template.requirements.len(), "{key}");
        for requirement in &template.requirements {
            for language in ["en", "es"] {
                let label = requirement.label.get(language).map_or("", String::as_str);
                assert!(
                    !label.trim().is_empty(),
                    "{key}.{} has no label in {language}",
                    requirement.key
                );
            }
        }
        assert!(
            template
                .requirements
                .iter()
                .any(|each| each.need == Need::Document),
            "{key}"
        );
        assert!(
            !template.tasks.is_empty() && !template.aliases.is_empty(),
            "{key}"
        );
        for alias in &template.aliases {
            assert_eq!(
                policy.template_for(alias).map(|found| &found.key),
                Some(key),
                "{alias}"
            );
        }
    }
}

#[test]
fn every_kind_renders_in_every_language_without_leftovers() {
    let policy = Config::built_in().unwrap().policy();
    let languages: Vec<&str> = policy.texts.languages().collect();
    assert_eq!(languages, ["en", "es"]);
    let full: Facts = Placeholder::ALL
        .into_iter()
        .map(|each| (each, format!("<{}>", each.code())))
        .collect();
    for kind in MessageKind::ALL.into_iter().filter(|kind| kind.is_worded()) {
        for language in &languages {
            for facts in [&full, &Facts::new()] {
                for short in [false, true] {
                    let rendered = policy.texts.render(kind, language, short, facts);
                    let whole = format!("{}\n{}", rendered.subject, rendered.body);
                    assert_eq!(rendered.language, *language);
                    assert!(!whole.contains(['{', '}']), "{kind:?} {language}: {whole}");
                    assert!(
                        !whole.lines().any(|line| line.starts_with("? ")),
                        "{kind:?} {language}: {whole}"
                    );
                    assert!(!whole.contains("\n\n\n"), "{kind:?} {language}: {whole}");
                    assert_eq!(rendered.subject.is_empty(), short);
                    assert!(!rendered.body.is_empty());
                    if kind.party() == Party::Patient {
                        assert!(
                            !whole.contains("<patient-name>") && !whole.contains("<patient-dob>"),
                            "{whole}"
                        );
                    }
                }
            }
            let body = policy.texts.render(kind, language, false, &full).body;
            let must: &[Placeholder] = match kind {
                MessageKind::InfoRequest | MessageKind::InfoReminder => {
                    &[Placeholder::Items, Placeholder::Code, Placeholder::ClinicFax]
                }
                MessageKind::DeclinedProvider => &[Placeholder::Reason, Placeholder::Remedy],
                MessageKind::ScheduledPatient | MessageKind::AppointmentReminder => {
                    &[Placeholder::Appointment, Placeholder::Place]
                }
                MessageKind::AckProvider
                | MessageKind::AckPatient
                | MessageKind::AcceptedProvider
                | MessageKind::BookingPrompt
                | MessageKind::BookingEmail
                | MessageKind::DeclinedPatient
                | MessageKind::WaitlistedProvider
                | MessageKind::WaitlistedPatient
                | MessageKind::ScheduledProvider
                | MessageKind::NoShowProvider
                | MessageKind::NoShowPatient
                | MessageKind::ContactRequest
                | MessageKind::AppointmentCancelledPatient
                | MessageKind::CompletedProvider
                | MessageKind::ReportProvider
                | MessageKind::ClosedProvider
                | MessageKind::CancelledProvider
                | MessageKind::CancelledPatient
                | MessageKind::StatusUpdate => &[],
                MessageKind::NoticePatient | MessageKind::NoticeProvider => &[Placeholder::Words],
            };
            for placeholder in must {
                assert!(
                    body.contains(&format!("<{}>", placeholder.code())),
                    "{kind:?} {language} {placeholder:?}"
                );
            }
        }
    }
    for kind in [MessageKind::InfoRequest, MessageKind::InfoReminder] {
        for language in &languages {
            let body = policy.texts.render(kind, language, false, &full).body;
            assert!(body.lines().any(|line| line == "Ref code: <code>"), "{body}");
        }
    }
}

#[test]
fn a_desk_without_a_staff_list_is_run_by_whoever_starts_it() {
    let alone = Config::built_in().unwrap();
    assert_eq!(alone.actor("sam").role, Role::Manager);
    let text = "staff = [{ name = \"Ana Ruiz\", role = \"coordinator\", login = \"aruiz\" }]";
    let listed = Config::from_text(text, Path::new("config.toml")).unwrap();
    assert_eq!(listed.actor("aruiz").name, "Ana Ruiz");
    assert_eq!(listed.actor("Ana Ruiz").role, Role::Coordinator);
    assert_eq!(listed.actor("sam").role, Role::ReadOnly);
}

proptest::proptest! {
    /// Whatever is typed into the file, reading it ends, in a configuration or in problems; never in a panic.
    #[test]
    fn any_file_is_read_or_refused(line in 0_usize..200, typed in "[ -~\\n]{0,24}", cut in 0_usize..24) {
        let example = uncommented(&Config::example());
        let text: String = example
            .lines()
            .enumerate()
            .map(|(at, old)| {
                let kept: String = old.chars().take(cut).collect();
                if at == line { format!("{kept}{typed}\n") } else { format!("{old}\n") }
            })
            .collect();
        if let Err(error) = Config::from_text(&text, Path::new("config.toml")) {
            proptest::prop_assert!(!error.0.is_empty());
        }
    }
}

#[test]
fn rules_are_refused_with_the_line_of_what_is_wrong() {
    let text = r#"queues = ["intake", "manager", "echo"]
staff = [{ name = "Ana", role = "manager" }]
[[rules]]
name = "one"
when = "recieved"
then = { queue = "echo" }
[[rules]]
name = "two"
when = "received"
if = "colour:red"
then = { queue = "echo" }
[[rules]]
name = "three"
when = "received"
then = { queu = "echo" }
[[rules]]
name = "four"
when = "received"
if = "template:cardio"
then = { queue = "billing", priority = "routine" }
[[rules]]
name = "five"
when = ["received", "amended"]
then = { owner = "Ana" }
[[rules]]
name = "six"
when = "received"
if = "age:>70"
then = { queue = "echo" }
"#;
    let told = lines_of(text);
    let expected = [
        "config.toml:5: rules[0].when: `recieved` is not an occasion: received, status-changed, ",
        "config.toml:10: rules[1].if: at character 1: `colour:` is not known; use list, priority, ",
        "config.toml:15: rules[2].then.queu: unknown field `queu`, expected one of `hold`, `because`, `stage`, `queue`, `owner`, \
         `task`, `due`, `message`, `say`, `priority`",
        "config.toml:19: rules[3].if: there is no template `cardio` — known are cardiology, ",
        "config.toml:20: rules[3].then.queue: there is no queue `billing` — known are intake, manager, echo; add it to `queues`",
        "config.toml:20: rules[3].then.priority: routine is not above anything that the condition admits; a rule only raises",
        "config.toml:29: rules[5].then.queue: contradicts the rule `five`: both may be so at once, and one gives it to echo \
         queue, the other to Ana — make their conditions exclude each other",
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told}\n{expected}");
    }
    let table = [
        (
            "queues = [\"manager\"]\n",
            "config.toml:1: queues: `intake` is not among them",
        ),
        (
            "queues = [\"intake\"]\n",
            "config.toml:1: queues: there is nobody and no queue `manager`",
        ),
        (
            "escalate_to = \"boss\"\n",
            "config.toml:1: escalate_to: there is nobody and no queue `boss`",
        ),
    ];
    for (text, expected) in table {
        let told = lines_of(text);
        assert!(told.len() == 1 && told[0].starts_with(expected), "{told:?}");
    }
}
