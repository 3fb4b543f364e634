//! What every subcommand has in common: help, wrong usage, pipes, places, configuration.

use super::{Clinic, NOW, bare, said};
use serde_json::json;
use std::process::{Command, Stdio};

const VERBS: [&str; 17] = [
    "demo",
    "intake",
    "list",
    "show",
    "apply",
    "tick",
    "run",
    "original",
    "outbox",
    "reader",
    "check",
    "backup",
    "restore",
    "bench",
    "doctor",
    "config",
    "completions",
];

/// The wording is deliberate: a change shows here, whole.
#[test]
fn help() {
    let mut all = said(bare().arg("--help")).done();
    for verb in VERBS {
        let help = said(bare().args([verb, "--help"])).done();
        let own = help.split("\nOptions everywhere:").next().unwrap();
        all.push_str(&format!("\n=== refdesk {verb} ===\n{own}"));
        if verb == "apply" {
            let after = help
                .split("-V, --version")
                .next()
                .unwrap()
                .split("signed in]\n")
                .nth(1)
                .unwrap();
            all.push_str(after);
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn version_and_no_help_where_nobody_asked() {
    assert_eq!(
        said(bare().arg("--version")).done(),
        format!("refdesk {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn wrong_usage_is_two_and_touches_nothing() {
    let clinic = Clinic::new();
    let table: [(&[&str], &str); 10] = [
        (&["--colour"], "error: unexpected argument '--colour' found"),
        (&["lst"], "error: unrecognized subcommand 'lst'"),
        (
            &["show"],
            "error: the following required arguments were not provided:",
        ),
        (
            &["intake"],
            "error: the following required arguments were not provided:",
        ),
        (
            &["list", "--list", "lost"],
            "error: invalid value 'lost' for '--list <LIST>'",
        ),
        (
            &["list", "--limit", "many"],
            "error: invalid value 'many' for '--limit <N>': it is not a number that fits here",
        ),
        (
            &["list", "--limit", "-1"],
            "error: unexpected argument '-1' found",
        ),
        (
            &["backup", "--to", "x", "--verify", "y"],
            "error: the argument '--to <DIR>' cannot be used with '--verify <FILE>'",
        ),
        (
            &["completions", "tcsh"],
            "error: invalid value 'tcsh' for '<SHELL>'",
        ),
        (
            &["list", "--now", "noon"],
            "error: invalid value 'noon' for '--now <TIME>': `noon` is not a time like 2026-11-23T09:30:00Z",
        ),
    ];
    for (args, expected) in table {
        let mut command = bare();
        command.arg("--data").arg(clinic.data()).args(args);
        let err = said(&mut command).fails(2);
        assert!(err.starts_with(expected), "{args:?}: {err}");
    }
    assert!(!clinic.data().exists());
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = said(bare().args(["completions", shell])).done();
        assert!(
            script.contains("refdesk") && VERBS.iter().all(|verb| script.contains(verb)),
            "{shell}"
        );
        let mut words = script.split(|c: char| !c.is_alphanumeric() && c != '_');
        assert!(words.all(|word| word != "__read"), "{shell}");
    }
}

/// `refdesk list | head -1`: the reader goes away, and that is no failure.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let clinic = Clinic::new();
    clinic.run(["demo", "--referrals", "40", "--build-only"]).done();
    for args in [
        &["list"][..],
        &["list", "--json"],
        &["config", "example"],
        &["--help"],
        &["completions", "zsh"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_refdesk"))
            .arg("--data")
            .arg(clinic.data())
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), output.stderr),
            (Some(0), Vec::new()),
            "{args:?}"
        );
    }
}

#[test]
fn a_full_disk_behind_the_output_is_a_failure() {
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else {
        return;
    };
    let clinic = Clinic::new();
    let output = Command::new(env!("CARGO_BIN_EXE_refdesk"))
        .args(["tick", "--data"])
        .arg(clinic.data())
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(
        (output.status.code(), String::from_utf8(output.stderr).unwrap()),
        (Some(1), "refdesk: No space left on device\n".into())
    );
}

#[test]
fn without_a_terminal_the_worklist_says_what_else_to_run() {
    let clinic = Clinic::new();
    let expected = "refdesk: the worklist needs a terminal, and this is none. Nothing was changed; `refdesk list` and `refdesk show` print, \
                    `refdesk run` works without a screen\n";
    for args in [&[][..], &["demo"]] {
        assert_eq!(clinic.run(args).fails(1), expected);
    }
    assert!(!clinic.data().exists());
}

#[test]
fn output_has_no_colour_codes_with_or_without_no_color() {
    let clinic = Clinic::new();
    clinic.receive("Lee", "stat");
    for args in [&["list"][..], &["check"], &["--help"], &["--colour"]] {
        for no_color in [true, false] {
            let mut command = clinic.command(NOW);
            if no_color {
                command.env("NO_COLOR", "1");
            } else {
                command.env("CLICOLOR_FORCE", "1");
            }
            let said = said(command.args(args));
            assert!(
                !said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'),
                "{args:?}"
            );
        }
    }
}

#[test]
fn a_data_folder_that_cannot_be() {
    let clinic = Clinic::new();
    let file = clinic.file("file", "");
    for (data, why) in [
        (file.to_str().unwrap(), "File exists"),
        ("/proc/refdesk", "No such file or directory"),
    ] {
        let said = said(bare().args(["--data", data, "list"])).fails(1);
        let expected = format!(
            "refdesk: the data folder {data} cannot be used: {why}. Nothing was changed; name another with --data, or see to its owner and rights\n"
        );
        assert_eq!(said, expected);
    }
    assert_eq!(std::fs::read(file).unwrap(), b"");
}

#[test]
fn the_named_time_counts() {
    let clinic = Clinic::new();
    clinic.receive("Lee", "routine");
    let score = |now: &str| {
        clinic.at(now, &["list", "--json"]).objects()[0]["score"]
            .as_i64()
            .unwrap()
    };
    assert_eq!(score(NOW), 0);
    assert!(score("2026-03-06T14:00:00Z") > 10);
    assert_eq!(score("2026-03-02T09:00:00-05:00"), 0);
}

const BROKEN: &str = "[clinic]\nzone = \"Mars/Base\"\ncolour = \"red\"\n[desk]\ntheme = \"pink\"\n";

#[test]
fn every_problem_of_the_configuration_is_said_at_once_with_its_line() {
    let clinic = Clinic::new();
    clinic.file("bad.toml", BROKEN);
    let expected = "\
refdesk: The configuration has 3 problems; nothing was started:
    bad.toml:2: clinic.zone: `Mars/Base` is not a time zone like America/New_York
    bad.toml:3: clinic.colour: unknown field `colour`, expected one of `name`, `phone`, `fax`, `email`, `zone`
    bad.toml:5: desk.theme: unknown variant `pink`, expected one of `dark`, `light`, `high-contrast`, `mono`
  Without a configuration file, the defaults apply.
";
    for args in [
        &["config", "check"][..],
        &["config", "check", "--json"],
        &["list"],
        &["run"],
    ] {
        let said = clinic.run([&["--config", "bad.toml"], args].concat());
        assert_eq!(said.fails(1), expected, "{args:?}");
    }
    assert!(!clinic.data().exists());
}

#[test]
fn the_keys_of_the_worklist_are_checked_with_the_rest_and_printed_as_they_are_written() {
    let clinic = Clinic::new();
    let text = "[desk]\ntheme = \"pink\"\n[keys]\nacept = [\"a\"]\nquit = []\nnote = [\n  \"hello\",\n  \"alt-n\",\n]\ndecline = [\"a\"]\n";
    clinic.file("bad.toml", text);
    let expected = "\
refdesk: The configuration has 5 problems; nothing was started:
    bad.toml:2: desk.theme: unknown variant `pink`, expected one of `dark`, `light`, `high-contrast`, `mono`
    bad.toml:4: keys.acept: there is no action `acept` — perhaps `accept`? `refdesk config keys` names them all
    bad.toml:5: keys.quit: without a key for `quit` a person could not find their way — give it a key
    bad.toml:7: keys.note[0]: `hello` is no key — write a letter, a name like enter or pageup, ctrl-r, or a sequence like \"e p\"
    bad.toml:10: keys.decline: `a` means both `accept` and `decline` — choose another key, or give `accept` another one as well
  Without a configuration file, the defaults apply.
";
    for args in [&["config", "check"][..], &["list"]] {
        let said = clinic.run([&["--config", "bad.toml"], args].concat());
        assert_eq!(said.fails(1), expected, "{args:?}");
    }
    clinic.file("good.toml", "[keys]\naccept = [\"f2\", \"Z a\"]\n");
    let keys = clinic.run(["config", "keys", "--config", "good.toml"]).done();
    assert!(
        keys.starts_with("[keys]\naccept = [\"f2\",\"Z a\"]  # accept\ndecline = [\"d\"]"),
        "{keys}"
    );
    // What is printed is itself a configuration.
    clinic.file("printed.toml", &keys);
    assert_eq!(
        clinic.run(["config", "keys", "--config", "printed.toml"]).done(),
        keys
    );
}

#[test]
fn the_configuration_is_printed_found_and_checked() {
    let clinic = Clinic::new();
    let example = said(bare().args(["config", "example"])).done();
    assert_eq!(example, include_str!("../../config.example.toml"));
    assert_eq!(
        clinic.run(["config", "check"]).done(),
        "no file; the built-in defaults are sound\n"
    );
    std::fs::create_dir_all(clinic.data()).unwrap();
    let path = clinic.data().join("config.toml");
    std::fs::write(&path, "[clinic]\nname = \"Riverside Cardiology\"\n").unwrap();
    assert_eq!(
        clinic.run(["config", "check"]).done(),
        format!("{} is sound\n", path.display())
    );
    assert!(
        clinic
            .run(["config", "path"])
            .done()
            .starts_with(&format!("{}: in force\n", path.display()))
    );
    let printed = clinic.run(["config"]).done();
    assert!(printed.contains("name = \"Riverside Cardiology\"\n"));
    // What is printed is itself a configuration.
    clinic.file("printed.toml", &printed);
    assert_eq!(clinic.run(["config", "--config", "printed.toml"]).done(), printed);
    assert_eq!(
        clinic.run(["config", "--json"]).objects()[0]["clinic"]["name"],
        "Riverside Cardiology"
    );
    let missing = clinic.run(["config", "check", "--config", "none.toml"]).fails(1);
    assert!(
        missing.contains("none.toml: cannot be read: No such file or directory"),
        "{missing}"
    );
    assert!(!missing.contains("os error"), "{missing}");
}

/// Its log is written last: without it, it is no clinic.
#[test]
fn a_demo_whose_building_was_cut_off_does_not_pass_for_a_clinic() {
    let clinic = Clinic::new();
    let mut builder = Command::new(env!("CARGO_BIN_EXE_refdesk"))
        .arg("--data")
        .arg(clinic.data())
        .args(["demo", "--referrals", "1200", "--build-only"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut progress = std::io::BufReader::new(builder.stderr.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut progress, &mut line).unwrap();
    assert_eq!(line, "refdesk: inventing a clinic: 5%\n");
    let at = clinic.data().display().to_string();
    let refusal = format!(
        "refdesk: the invented clinic in {at} is not finished: it is being built at this moment, or its building was cut off. Its referrals are \
         kept, their log is not, so nothing can be done with them. Wait until it is built; or remove {at}, and `refdesk --data {at} demo` \
         builds it anew\n"
    );
    let refused = || {
        for (args, code) in [
            (&["demo", "--build-only"][..], 1),
            (&["list"], 1),
            (&["tick"], 1),
            (&["check", "--deep"], 3),
        ] {
            assert_eq!(clinic.run(args).fails(code), refusal, "{args:?}");
        }
    };
    refused();
    builder.kill().unwrap();
    builder.wait().unwrap();
    refused();
    let names = std::fs::read_dir(clinic.data()).unwrap();
    let left: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(left.iter().all(|name| !name.contains("spool")), "{left:?}");
    std::fs::remove_dir_all(clinic.data()).unwrap();
    clinic.run(["demo", "--referrals", "10", "--build-only"]).done();
    clinic.run(["check", "--deep"]).done();
}

#[test]
fn a_demo_is_built_once_and_never_over_a_clinics_own_data() {
    let clinic = Clinic::new();
    let built = clinic.run(["demo", "--referrals", "40", "--build-only"]).done();
    assert!(
        built.starts_with(&format!("built in {}: open ", clinic.data().display())),
        "{built}"
    );
    let before = clinic.stored();
    let again = clinic.run(["demo", "--referrals", "90", "--build-only"]).done();
    assert!(
        again.starts_with("there already, and left as it is, in "),
        "{again}"
    );
    assert_eq!(
        clinic.run(["demo", "--build-only", "--json"]).objects()[0]["built"],
        json!(false)
    );
    assert_eq!(clinic.stored(), before);
    let own = Clinic::new();
    own.receive("Lee", "routine");
    let said = own.run(["demo", "--build-only"]).fails(1);
    assert_eq!(
        said,
        format!(
            "refdesk: {} holds a clinic's own data; name another folder with --data. Nothing was changed\n",
            own.data().display()
        )
    );
}
