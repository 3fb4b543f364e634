//! `report forecast` and `report score`; absence cover.

use super::{Clinic, received};
use serde_json::{Value, json};

fn person(number: usize, priority: &str) -> Value {
    let mut command = received(&format!("Lee{number}"), priority);
    command["patient"]["new"]["email"] = json!(format!("p{number}@example.org"));
    command
}

#[test]
fn a_forecast_says_who_will_miss_their_visit_and_what_would_do() {
    let clinic = Clinic::new();
    for number in 0..6 {
        clinic.does(person(number, "urgent"));
    }
    clinic.does(person(9, "routine"));
    // Two days later: the targets of the urgent (7 days) pass in the first week.
    let later = "2026-03-04T14:00:00Z";
    let said = clinic
        .at(
            later,
            &["report", "forecast", "--weeks", "3", "--slots", "cardiology=4"],
        )
        .done();
    assert_eq!(
        said,
        "cardiology: 4 slots a week · 6 beside those booked would see everybody in time · 0.8 come a week · 7 wait, 0 late already\n\
         \x20 week to         slots  booked  come  seen  waiting  missed\n\
         \x20 10 Mar 2026         4       0     0     4        3       2\n\
         \x20 17 Mar 2026         4       0     1     4        0       0\n\
         \x20 24 Mar 2026         4       0     1     1        0       0\n\
         \x20 2 will miss the target of their visit in 3 weeks\n"
    );
    let object = clinic
        .at(
            later,
            &[
                "report",
                "forecast",
                "--weeks",
                "3",
                "--slots",
                "cardiology=8",
                "--json",
            ],
        )
        .objects()
        .remove(0);
    assert_eq!(
        (&object["missed"], &object["slots_enough"]),
        (&json!(0), &json!(6))
    );
    let unnamed = clinic.at(later, &["report", "forecast"]).done();
    assert!(
        unnamed.contains("no slots named") && unnamed.contains("--slots cardiology=N"),
        "{unnamed}"
    );
    assert!(
        clinic
            .at(later, &["report", "forecast", "--slots", "feet=3"])
            .fails(2)
            .contains("no template `feet`")
    );
}

#[test]
fn the_score_is_judged_or_said_to_be_too_little_known() {
    let clinic = Clinic::new();
    clinic.does(person(1, "urgent"));
    let said = clinic.at("2026-06-01T14:00:00Z", &["report", "score"]).done();
    assert!(said.starts_with("in use: curve share-of-target-1\n"), "{said}");
    assert!(
        said.ends_with("too few held out to say: the simple one stays\n"),
        "{said}"
    );
}

/// What a curve says counts from its moment on, and the past is ordered by what counted then.
#[test]
fn a_learnt_curve_is_named_by_its_version_and_leaves_the_past_as_it_was() {
    let clinic = Clinic::new();
    let id = clinic.receive("Lee", "routine");
    let score = |now: &str| {
        let said = clinic.at(now, &["show", &id, "--json"]).objects().remove(0);
        said["score"]["explained"].as_str().unwrap().to_owned()
    };
    let (before, after) = ("2026-03-04T14:00:00Z", "2026-03-05T14:00:00Z");
    let simple = score(after);
    assert!(simple.ends_with("curve share-of-target-1"), "{simple}");
    let at_once = vec![0; 99];
    let curve = format!(
        "[[curve]]\nversion = 1\nfrom = \"2026-03-05T00:00:00Z\"\nasap = {at_once:?}\nurgent = {at_once:?}\nroutine = {at_once:?}\n"
    );
    std::fs::write(clinic.data().join("curves.toml"), curve).unwrap();
    assert!(score(after).starts_with("99 = ") && score(after).ends_with("curve history-1"));
    assert!(score(before).ends_with("curve share-of-target-1"));
    let past = clinic.at(after, &["list", "--as-of", before, "--json"]);
    assert_eq!(past.objects()[0]["score"], json!(20));
    // Not better: refused. Back to the simple one is a version, too.
    let refused = clinic.at(after, &["report", "score", "--adopt"]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.out.starts_with("in use: curve history-1\n") && refused.err.contains("nothing was changed")
    );
    let later = "2026-03-06T14:00:00Z";
    let back = clinic.at(later, &["report", "score", "--simple"]).done();
    assert!(
        back.starts_with("in force from now on: curve share-of-target-1;"),
        "{back}"
    );
    assert!(score(later).ends_with("curve share-of-target-1") && score(after).ends_with("curve history-1"));
    // A file that cannot be read is told, and the desk works on.
    std::fs::write(clinic.data().join("curves.toml"), "curve = 3").unwrap();
    let said = clinic.at(later, &["list", "--json"]);
    assert!(said.code == 0 && said.err.contains("curves.toml") && said.objects()[0]["score"] == json!(40));
}

/// A clinic that never decides its urgent ones in time, and one in three of the routine ones only after twelve days: the share of
/// the target says little there, and its own history much.
#[test]
fn a_history_that_tells_more_than_the_target_is_put_in_force_by_a_manager() {
    let clinic = Clinic::new();
    let first = chrono::NaiveDate::from_ymd_opt(2026, 3, 9).unwrap();
    let morning = |day: i64| format!("{}T13:00:00Z", first + chrono::Duration::days(day));
    let mut accepted: Vec<Vec<String>> = vec![Vec::new(); 80];
    for day in 0..49_usize {
        let came = [
            ("urgent", 5),
            ("urgent", 5),
            ("routine", 8),
            ("routine", 8),
            ("routine", 12),
        ];
        let accept = |id: &String| format!("{}\n", json!({ "command": "accept", "referral": id }));
        let mut lines: String = accepted[day].iter().map(accept).collect();
        for (number, (priority, _)) in came.iter().enumerate() {
            lines.push_str(&format!("{}\n", person(day * 10 + number, priority)));
        }
        let now = morning(i64::try_from(day).unwrap());
        let receipts = super::said(clinic.command(&now).arg("apply").write_stdin(lines)).objects();
        assert!(
            receipts.iter().all(|receipt| receipt["action"].is_i64()),
            "{receipts:?}"
        );
        let new = receipts.iter().skip(accepted[day].len()).zip(came);
        for (receipt, (_, after)) in new {
            accepted[day + after].push(receipt["referral"].as_str().unwrap().to_owned());
        }
    }
    let now = morning(49);
    let score = [
        "report", "score", "--learn", "3", "--held", "2", "--json", "--adopt",
    ];
    let judged = clinic.at(&now, &score);
    assert_eq!((judged.code, judged.err.as_str()), (0, ""), "{}", judged.out);
    let judged = &judged.objects()[0];
    let ranks = |way: &str| judged["ranking"][way].as_f64().unwrap();
    let plainer = ["share of target", "age", "urgency"].map(ranks);
    assert!(
        judged["better"] == true && plainer.iter().all(|plain| ranks("history") > plain + 0.01),
        "{judged}"
    );
    assert!(judged["brier"]["history"].as_f64() < judged["brier"]["share of target"].as_f64());
    // From now on the queue is ordered by it: a routine one of nine days is nearly lost, one of six is not.
    let rows = clinic
        .at(&morning(50), &["list", "--limit", "500", "--json"])
        .objects();
    let scores = |day: i64| -> Vec<i64> {
        let of_day = |row: &&Value| row["priority"] == "routine" && row["received_at"] == json!(morning(day));
        rows.iter()
            .filter(of_day)
            .map(|row| row["score"].as_i64().unwrap())
            .collect()
    };
    assert_eq!((scores(41).len(), scores(44).len()), (3, 3));
    assert!(
        scores(41)[0] > 90 && scores(44)[0] < 60,
        "{:?} {:?}",
        scores(41),
        scores(44)
    );
    let shown = clinic
        .at(
            &morning(50),
            &["show", rows[0]["referral"].as_str().unwrap(), "--json"],
        )
        .objects();
    let explained = shown[0]["score"]["explained"].as_str().unwrap();
    assert!(explained.ends_with("curve history-1"), "{explained}");
    clinic.at(&morning(50), &["check", "--deep"]).done();
}

const AWAY: &str = r#"staff = [{ name = "ana", role = "manager" }, { name = "Tom", role = "coordinator" }]
absences = [{ who = "ana", from = "2026-03-02", to = "2026-03-03", cover = "Tom" }]
"#;

#[test]
fn an_absent_owners_work_is_found_by_whoever_covers_and_comes_back() {
    let clinic = Clinic::new();
    let id = clinic.receive("Lee", "routine");
    clinic.does(json!({ "command": "assign", "referral": id, "owner": { "person": "ana" } }));
    std::fs::write(clinic.data().join("config.toml"), AWAY).unwrap();
    let of = |now: &str, who: &str| {
        let said = clinic.at(now, &["list", "--query", &format!("owner:{who}"), "--json"]);
        said.objects()
            .into_iter()
            .map(|row| row["covered_by"].clone())
            .collect::<Vec<_>>()
    };
    let (away, back) = ("2026-03-03T14:00:00Z", "2026-03-04T14:00:00Z");
    assert_eq!(of(away, "tom"), [json!("Tom")]);
    assert_eq!(of(away, "ana"), [json!("Tom")], "it is still theirs");
    assert_eq!((of(back, "tom"), of(back, "ana")), (vec![], vec![Value::Null]));
    let shown = clinic.at(away, &["show", &id]).done();
    assert!(shown.contains("· ana (away to 3 Mar 2026: Tom)"), "{shown}");
    // What another does to it meanwhile, the one who covers is told of.
    let note = json!({ "command": "add-note", "referral": id, "text": "the referrer called" });
    clinic.does(note);
    let told = |who: &str, now: &str| {
        let said = clinic.at(
            now,
            &[
                "report",
                "handover",
                "--as",
                who,
                "--since",
                "2026-03-01T00:00:00Z",
                "--json",
            ],
        );
        said.objects()
            .iter()
            .filter(|line| line["part"] == "mine")
            .count()
    };
    assert!(told("Tom", away) > 0);
    assert_eq!(told("Tom", back), 0);
}

#[test]
fn an_absence_that_cannot_be_is_refused_with_its_line() {
    let clinic = Clinic::new();
    let text = "staff = [{ name = \"ana\", role = \"manager\" }]\n\
                absences = [\n  { who = \"bob\", from = \"2026-03-02\", to = \"2026-03-03\", cover = \"ana\" },\n\
                \x20 { who = \"ana\", from = \"2026-03-02\", to = \"2026-03-03\", cover = \"nobody\" },\n\
                \x20 { who = \"ana\", from = \"2026-03-05\", to = \"2026-03-06\", cover = \"ana\" },\n]\n";
    let file = clinic.file("c.toml", text);
    let said = clinic.run(["config", "check", "--config", file.to_str().unwrap()]);
    let told = format!("{}{}", said.out, said.err);
    for (line, why) in [
        (3, "nobody is called `bob`"),
        (4, "nobody and no queue `nobody`"),
        (5, "comes round to them"),
    ] {
        let found = told
            .lines()
            .find(|each| each.contains(&format!("c.toml:{line}:")));
        assert!(found.is_some_and(|found| found.contains(why)), "{why}: {told}");
    }
}
