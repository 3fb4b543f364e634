//! Rules: what they do, that they say so, and that they come to an end.

use crate::common::{self, Desk, complete, incomplete, patient};
use proptest::prelude::*;
use proptest::sample::select;
use refdesk::config::Config;
use refdesk::domain::case::TaskState;
use refdesk::domain::command::{Command, NewPatient, Receive, Ref};
use refdesk::domain::coverage::{Authorization, Eligibility};
use refdesk::domain::event::Fact;
use refdesk::domain::id::ReferralId;
use refdesk::domain::lists::List;
use refdesk::domain::message::{MessageKind, MessageState};
use refdesk::domain::policy::Policy;
use refdesk::domain::priority::Priority;
use refdesk::domain::referral::Owner;
use refdesk::domain::status::Status;
use refdesk::domain::time::{Span, parse_day};
use refdesk::store::log;
use std::path::Path;
use std::sync::Arc;

const STAFF: &str =
    "staff = [{ name = \"Lee Chen\", role = \"clinician\" }, { name = \"ana\", role = \"coordinator\" }]\n";

fn policy(rules: &str) -> Arc<Policy> {
    let text = format!("{STAFF}{rules}");
    let config = Config::from_text(&text, Path::new("config.toml")).unwrap_or_else(|error| panic!("{error}"));
    Arc::new(config.policy())
}

fn desk(rules: &str) -> Desk {
    Desk::configured(&format!("{STAFF}{rules}"))
}

/// Rules that do everything that a rule can do, at every occasion.
pub fn busy() -> Arc<Policy> {
    policy(
        r#"
        [[rules]]
        name = "faxes"
        when = ["received", "amended", "items-came", "document-filed"]
        if = "source:fax priority:routine"
        then = { priority = "urgent", task = "Look at the fax", due = "4 bh" }
        [[rules]]
        name = "others"
        when = ["received", "coverage-changed", "coverage-checked", "authorisation-changed"]
        if = "-source:fax"
        then = { owner = "Lee Chen", stage = "in-review", task = "Can we?" }
        [[rules]]
        name = "plan"
        if = "payer:aetna -has:authorisation"
        then = { hold = "authorization", because = "Aetna wants an authorisation" }
        [[rules]]
        name = "refused"
        when = "coverage-checked"
        if = "coverage:inactive,error"
        then = { hold = "coverage", task = "Call the patient about the plan" }
        [[rules]]
        name = "chase"
        when = ["target-missed", "message-failed", "call-recorded"]
        then = { queue = "manager", message = "contact-request", task = "See to it" }
        [[rules]]
        name = "no-slot"
        when = ["target-near/book", "priority-changed"]
        if = "status:accepted"
        then = { stage = "waitlisted" }
        "#,
    )
}

fn facts(desk: &Desk, id: ReferralId) -> Vec<Fact> {
    let mut all: Vec<Fact> = log::timeline(desk.connection(), id, 10_000)
        .unwrap()
        .into_iter()
        .map(|entry| entry.fact)
        .collect();
    all.reverse();
    all
}

fn fired(desk: &Desk, id: ReferralId) -> Vec<String> {
    facts(desk, id)
        .into_iter()
        .filter_map(|fact| match fact {
            Fact::RuleFired { rule, .. } => Some(rule),
            _ => None,
        })
        .collect()
}

fn born(day: &str) -> NewPatient {
    NewPatient {
        dob: parse_day(day).ok(),
        ..patient(0)
    }
}

#[test]
fn a_rule_acts_at_its_occasion_says_so_and_is_undone_with_it() {
    let mut desk = desk(
        r#"
        [[rules]]
        name = "children"
        when = "received"
        if = "template:cardiology age:<18 -priority:stat"
        then = { stage = "in-review", owner = "Lee Chen", task = "Can we see this child?" }
        [[rules]]
        name = "slot"
        when = "status-changed"
        if = "status:accepted age:18.."
        then = { queue = "scheduling", task = "Find a slot", due = "1 bd" }
        "#,
    );
    let child = desk.receive(Receive {
        patient: Ref::New(born("2019-04-01")),
        ..complete(Priority::Routine)
    });
    let referral = desk.referral(child);
    assert_eq!(
        (referral.status, referral.owner),
        (Status::InReview, Owner::Person("Lee Chen".into()))
    );
    assert_eq!(referral.version, 1, "one decision, one version");
    let told = facts(&desk, child);
    let at = told
        .iter()
        .position(
            |fact| matches!(fact, Fact::RuleFired { rule, on } if rule == "children" && on == "received"),
        )
        .unwrap();
    assert!(matches!(
        told[at + 1],
        Fact::StatusChanged {
            to: Status::InReview,
            ..
        }
    ));

    let adult = desk.receive(complete(Priority::Routine));
    assert_eq!(fired(&desk, adult), Vec::<String>::new());
    let before = common::sorted(common::world(desk.connection()));
    desk.does(Command::Accept { referral: adult });
    let snapshot = desk.snapshot(adult);
    let task = snapshot
        .tasks
        .iter()
        .find(|task| task.title == "Find a slot")
        .unwrap();
    // Monday 09:00; the next business day, the same time.
    assert_eq!(task.due_at, Some(desk.now + Span::days(1)));
    assert_eq!(
        snapshot.referral().unwrap().owner,
        Owner::Queue("scheduling".into())
    );
    desk.engine.undo(&common::max(), desk.now).unwrap();
    let after = desk.snapshot(adult);
    assert!(after.tasks.iter().all(|task| task.title != "Find a slot"));
    let was = before.referrals.iter().find(|each| each.id == adult).unwrap();
    assert_eq!(after.referral().unwrap().owner, was.owner);
    desk.does(Command::Accept { referral: adult });
    assert_eq!(fired(&desk, adult).len(), 2, "what was undone is a new occasion");
    desk.assert_sound();
}

#[test]
fn a_notice_says_the_rules_words_in_the_language_of_whom_it_goes_to_once() {
    let mut desk = desk(
        r#"
        [[rules]]
        name = "films"
        when = ["received", "amended"]
        then = { message = "notice-patient", say = { en = "Please bring the films.", es = "Traiga las imágenes.", fr = "Apportez." } }
        [[rules]]
        name = "thanks"
        when = "received"
        then = { message = "notice-provider", say = "We also do stress tests now." }
        "#,
    );
    let spoken = [
        ("es", "es", "Traiga las imágenes."),
        ("fr", "en", "Please bring the films."),
    ];
    for (place, (speaks, language, words)) in spoken.into_iter().enumerate() {
        let id = desk.receive(Receive {
            patient: Ref::New(NewPatient {
                language: Some(speaks.into()),
                ..patient(place)
            }),
            ..complete(Priority::Routine)
        });
        desk.does(Command::AddNote {
            referral: id,
            text: "called".into(),
        });
        let snapshot = desk.snapshot(id);
        let of = |kind: MessageKind| {
            let mut all = snapshot
                .messages
                .iter()
                .filter(move |message| message.kind == kind);
            (all.next().unwrap().clone(), all.count())
        };
        let (notice, more) = of(MessageKind::NoticePatient);
        assert_eq!((notice.language.as_str(), more), (language, 0));
        assert!(notice.body.contains(words), "{}", notice.body);
        assert!(notice.key.contains("rule-films"), "{}", notice.key);
        let (to_provider, _) = of(MessageKind::NoticeProvider);
        assert!(to_provider.body.contains("We also do stress tests now."));
    }
    desk.assert_sound();
}

#[test]
fn a_standing_hold_follows_its_condition_and_never_holds_the_urgent() {
    let mut desk = desk(
        r#"
        [[rules]]
        name = "cedar"
        if = "payer:cedar -has:authorisation"
        then = { hold = "authorization", because = "Cedar wants an authorisation" }
        "#,
    );
    let id = desk.receive(complete(Priority::Routine));
    let referral = desk.referral(id);
    assert_eq!(referral.list, Some(List::Insurance));
    assert_eq!(referral.holds[0].reason, "Cedar wants an authorisation");
    let urgent = desk.receive(Receive {
        patient: Ref::New(patient(1)),
        ..complete(Priority::Urgent)
    });
    assert!(desk.referral(urgent).holds.is_empty());
    let authorization = Authorization {
        number: "A-1".into(),
        visits: None,
        from: None,
        to: None,
    };
    desk.does(Command::SetAuthorization {
        referral: id,
        authorization,
    });
    assert_eq!(desk.referral(id).list, Some(List::Review));
    desk.engine.undo(&common::max(), desk.now).unwrap();
    assert_eq!(desk.referral(id).list, Some(List::Insurance));
    // Whoever raises it frees it.
    desk.does(Command::SetPriority {
        referral: id,
        priority: Priority::Urgent,
        reason: "the referrer called".into(),
    });
    let lifted = Fact::HoldLifted {
        hold: refdesk::domain::referral::HoldKind::Authorization,
        rule: Some("cedar".into()),
    };
    assert!(desk.referral(id).holds.is_empty() && facts(&desk, id).contains(&lifted));
    desk.assert_sound();
}

#[test]
fn the_clock_and_the_payer_are_occasions_too() {
    let mut desk = desk(
        r#"
        [[rules]]
        name = "late"
        when = "target-missed/decide"
        then = { queue = "manager", priority = "urgent" }
        [[rules]]
        name = "refused"
        when = "coverage-checked"
        if = "coverage:inactive"
        then = { hold = "coverage", task = "Ask for another plan" }
        "#,
    );
    let id = desk.receive(complete(Priority::Routine));
    let coverage = desk.snapshot(id).coverages[0].id;
    let check = |eligibility| Command::SetEligibility {
        referral: id,
        coverage,
        eligibility,
        valid_until: None,
        note: None,
    };
    desk.does(check(Eligibility::Inactive));
    assert_eq!(fired(&desk, id), ["refused"]);
    assert_eq!(
        desk.referral(id).holds.len(),
        2,
        "the program's own hold, and the rule's"
    );
    desk.after(Span::hours(1)).does(check(Eligibility::Active));
    assert!(desk.referral(id).holds.is_empty());
    desk.after(Span::days(11)).tick();
    let referral = desk.referral(id);
    assert_eq!(
        (referral.priority, referral.owner),
        (Priority::Urgent, Owner::Queue("manager".into()))
    );
    assert_eq!(fired(&desk, id), ["refused", "late"]);
    desk.assert_sound();
}

#[test]
fn an_emergency_and_the_urgent_are_never_kept_back() {
    let mut desk = desk(
        r#"
        [[rules]]
        name = "ask"
        when = "received"
        if = "missing:yes"
        then = { stage = "needs-info" }
        [[rules]]
        name = "wait"
        when = "status-changed"
        if = "status:accepted"
        then = { stage = "waitlisted" }
        "#,
    );
    let stat = desk.receive(incomplete(Priority::Stat));
    let referral = desk.referral(stat);
    assert_eq!(
        (referral.status, referral.list),
        (Status::Received, Some(List::Emergency))
    );
    let of = |desk: &mut Desk, number, priority| {
        desk.receive(Receive {
            patient: Ref::New(patient(number)),
            ..incomplete(priority)
        })
    };
    let urgent = of(&mut desk, 1, Priority::Urgent);
    assert_eq!(
        desk.referral(urgent).status,
        Status::NeedsInfo,
        "asking keeps nobody back"
    );
    desk.does(Command::Accept { referral: urgent });
    assert_eq!(desk.referral(urgent).status, Status::Accepted);
    let routine = of(&mut desk, 2, Priority::Routine);
    desk.does(Command::Accept { referral: routine });
    assert_eq!(desk.referral(routine).status, Status::Waitlisted);
    desk.assert_sound();
}

/// A message that fails makes a rule send a message, which fails.
#[test]
fn a_rule_about_its_own_failure_comes_to_an_end() {
    let mut desk = desk(
        "[[rules]]\nname = \"again\"\nwhen = \"message-failed\"\nthen = { message = \"ack-patient\", task = \"Call\" }\n",
    );
    let id = desk.receive(complete(Priority::Routine));
    for _ in 0..10 {
        let queued: Vec<_> = desk
            .snapshot(id)
            .messages
            .iter()
            .filter(|message| message.state == MessageState::Queued)
            .map(|message| message.id)
            .collect();
        for message in queued {
            desk.does(Command::MoveMessage {
                referral: id,
                message,
                to: MessageState::Failed,
                claim: None,
                detail: Some("no such address".into()),
            });
        }
    }
    assert_eq!(fired(&desk, id), ["again"]);
    let snapshot = desk.snapshot(id);
    let calls = snapshot.tasks.iter().filter(|task| task.title == "Call");
    assert_eq!(calls.filter(|task| task.state == TaskState::Open).count(), 1);
}

/// A rule of parts; many do not make sense, or contradict one another, and are left out.
fn any_rule() -> impl Strategy<Value = (String, String, String)> {
    let when = [
        "received",
        "status-changed",
        "priority-changed",
        "amended",
        "coverage-checked",
        "items-came",
        "call-recorded",
        "message-failed",
        "target-near",
        "target-missed",
        "target-missed/decide",
    ];
    let condition = [
        "",
        "priority:routine",
        "-priority:stat",
        "missing:yes",
        "status:accepted",
        "coverage:pending",
        "source:fax",
        "-source:fax",
    ];
    let then = [
        "stage = \"accepted\"",
        "stage = \"needs-info\"",
        "stage = \"waitlisted\"",
        "stage = \"in-review\", owner = \"Lee Chen\"",
        "queue = \"manager\"",
        "owner = \"ana\"",
        "task = \"See to it\"",
        "message = \"ack-patient\"",
        "message = \"contact-request\"",
        "message = \"notice-patient\", say = \"Bring the films\"",
        "priority = \"urgent\"",
        "priority = \"stat\"",
        "hold = \"coverage\"",
    ];
    let words =
        |all: &'static [&'static str]| select(all.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    (
        words(Box::leak(Box::new(when))),
        words(Box::leak(Box::new(condition))),
        words(Box::leak(Box::new(then))),
    )
}

/// Takes rules as long as they make sense together.
fn sensible(parts: &[(String, String, String)]) -> String {
    let mut text = STAFF.to_owned();
    for (place, (when, condition, then)) in parts.iter().enumerate() {
        let rule = format!(
            "[[rules]]\nname = \"r{place}\"\nwhen = \"{when}\"\nif = \"{condition}\"\nthen = {{ {then} }}\n"
        );
        let more = format!("{text}{rule}");
        if Config::from_text(&more, Path::new("config.toml")).is_ok() {
            text = more;
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever rules there are: within an action each fires once, none ends the referral, and left to the clock they come to rest.
    #[test]
    fn rules_never_go_in_circles(parts in prop::collection::vec(any_rule(), 1..14), whole in any::<bool>()) {
        let text = sensible(&parts);
        let rules = text.matches("[[rules]]").count();
        let mut desk = Desk::configured(&text);
        let id = desk.receive(if whole { complete(Priority::Routine) } else { incomplete(Priority::Routine) });
        let mut last = 0;
        for day in 0..120 {
            let queued: Vec<_> = desk.snapshot(id).messages.into_iter()
                .filter(|message| message.state == MessageState::Queued && message.not_before <= desk.now)
                .collect();
            for message in queued {
                desk.does(Command::MoveMessage {
                    referral: id, message: message.id, to: MessageState::Failed, claim: None, detail: Some("refused".into()),
                });
            }
            desk.tick();
            desk.after(Span::hours(13));
            let now = fired(&desk, id).len();
            if now > last {
                last = now;
                prop_assert!(day < 110, "still firing: {text}");
            }
        }
        // An action fires each rule once at most; priorities and stages have four rungs each, and everything else is made once a status.
        prop_assert!(last <= rules * 60, "{last} of {rules}: {text}");
        prop_assert!(desk.referral(id).status.is_open());
        let per_action = common::numbers(
            desk.connection(),
            "SELECT count(*) - count(DISTINCT fact ->> 'rule') FROM event WHERE fact ->> 'fact' = 'rule-fired' GROUP BY action",
        );
        prop_assert!(per_action.iter().all(|twice| *twice == 0), "{text}");
        desk.assert_sound();
    }
}

/// While an authorisation is wanted the payer has the ball: the clinic's clock stands, and so do the warnings of a decision in open
/// time; the urgent, who are not kept back, are not paused.
#[test]
fn a_wanted_authorisation_pauses_the_clinics_clock_and_nobody_elses() {
    let mut desk = desk(
        r#"
        escalate_to = "Lee Chen"
        [sla.decide]
        routine = "3 bd"
        [[rules]]
        name = "cedar"
        if = "payer:cedar -has:authorisation"
        then = { hold = "authorization" }
        "#,
    );
    let id = desk.receive(complete(Priority::Routine));
    let urgent = desk.receive(Receive {
        patient: Ref::New(patient(1)),
        ..complete(Priority::Urgent)
    });
    let decide = |desk: &Desk| desk.snapshot(id).milestones[1].clone();
    let target = decide(&desk).target_at;
    assert_eq!(
        desk.referral(id).pauses[0].why,
        refdesk::domain::referral::PauseReason::Payer
    );
    assert!(desk.referral(urgent).pauses.is_empty());
    // A week passes: nothing of it is the clinic's.
    desk.after(Span::days(7)).tick();
    assert_eq!(decide(&desk).breached_at, None);
    let authorization = Authorization {
        number: "A-1".into(),
        visits: None,
        from: None,
        to: None,
    };
    desk.does(Command::SetAuthorization {
        referral: id,
        authorization,
    });
    // Five open days of nine hours were paused, and the hour of Monday that summer time moved to before nine.
    assert_eq!(decide(&desk).target_at, target + Span::days(7));
    let policy = desk.engine.policy().clone();
    let clock = refdesk::domain::clocks::clinic_clock(&desk.referral(id), &policy.calendar, desk.now);
    assert_eq!((clock.ran, clock.paused), (Span::zero(), Span::hours(46)));
    desk.after(Span::days(4)).tick();
    assert!(decide(&desk).breached_at.is_some());
    let told = desk.snapshot(id).tasks;
    let task = told
        .iter()
        .find(|task| task.title == "Target missed: decide")
        .unwrap();
    assert_eq!(task.owner, Some(Owner::Person("Lee Chen".into())));
    desk.assert_sound();
}
