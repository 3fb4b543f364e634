//! What is refused, and what is not.

use super::*;
use crate::domain::query::Query;
use crate::domain::referral::HoldKind;
use crate::domain::rule::{Condition, Then};

fn template(key: &str, specialty: &str) -> (String, Template) {
    let template = Template {
        key: key.into(),
        specialty: specialty.into(),
        aliases: Vec::new(),
        services: vec!["Consultation".into()],
        requirements: Vec::new(),
        tasks: Vec::new(),
        sla: BTreeMap::new(),
    };
    (key.into(), template)
}

fn rule(name: &str, when: &[&str], terms: &str, then: Then) -> Rule {
    Rule {
        name: name.into(),
        when: when.iter().map(|word| Trigger::parse(word).unwrap()).collect(),
        condition: Condition::new(Query::parse_worded(terms).unwrap()),
        then,
    }
}

fn faults(rules: &[Rule]) -> Vec<(usize, &'static str, String)> {
    let templates = BTreeMap::from([
        template("cardiology", "Cardiology"),
        template("neurology", "Neurology"),
    ]);
    let queues = ["intake".to_owned(), "insurance".to_owned()];
    let known = Known {
        templates: &templates,
        queues: &queues,
        people: vec!["Ana Ruiz", "Lee Chen, MD"],
    };
    check(rules, &known)
        .into_iter()
        .map(|fault| (fault.rule, fault.key, fault.because))
        .collect()
}

fn to(owner: &str) -> Then {
    Then {
        owner: Some(Owner::Person(owner.into())),
        ..Then::default()
    }
}

fn queue(name: &str) -> Then {
    Then {
        owner: Some(Owner::Queue(name.into())),
        ..Then::default()
    }
}

fn stage(status: Status) -> Then {
    Then {
        stage: Some(status),
        ..Then::default()
    }
}

fn raise(priority: Priority) -> Then {
    Then {
        priority: Some(priority),
        ..Then::default()
    }
}

fn hold() -> Then {
    Then {
        hold: Some(HoldKind::Authorization),
        ..Then::default()
    }
}

#[test]
fn a_rule_that_makes_no_sense_is_refused_with_its_key() {
    let received: &[&str] = &["received"];
    let missed: &[&str] = &["target-missed"];
    let table: [(Rule, &str, &str); 18] = [
        (
            rule("Two Words", received, "", queue("intake")),
            "name",
            "is not a rule's name",
        ),
        (
            rule("a", received, "", Then::default()),
            "then",
            "nothing follows",
        ),
        (rule("a", &[], "", queue("intake")), "when", "no occasion"),
        (
            rule("a", received, "age:<18 age:>20", queue("intake")),
            "if",
            "exclude each other",
        ),
        (
            rule("a", received, "template:cardio", queue("intake")),
            "if",
            "no template `cardio`",
        ),
        (
            rule("a", received, "specialty:dentistry", queue("intake")),
            "if",
            "dentistry",
        ),
        (
            rule("a", missed, "owner:bob", queue("intake")),
            "if",
            "nobody and no queue `bob`",
        ),
        (
            rule("a", received, "", queue("billing")),
            "then.queue",
            "no queue `billing`",
        ),
        (
            rule("a", received, "", to("Bob")),
            "then.owner",
            "nobody is called `Bob`",
        ),
        (
            rule("a", received, "", raise(Priority::Routine)),
            "then.priority",
            "only raises",
        ),
        (
            rule("a", received, "priority:>=asap", raise(Priority::Urgent)),
            "then.priority",
            "only raises",
        ),
        (
            rule("a", received, "", stage(Status::Declined)),
            "then.stage",
            "no rule ends a referral",
        ),
        (
            rule("a", received, "", stage(Status::Completed)),
            "then.stage",
            "comes of what happens",
        ),
        (
            rule("a", received, "", stage(Status::Waitlisted)),
            "then.stage",
            "received cannot become",
        ),
        (
            rule("a", received, "", stage(Status::InReview)),
            "then.stage",
            "no clinician",
        ),
        (
            rule("a", &[], "priority:>=urgent", hold()),
            "then.hold",
            "never held",
        ),
        (rule("a", &[], "has:hold", hold()), "if", "a hold itself moves it"),
        (rule("a", &[], "waiting:>3", hold()), "if", "changes with time"),
    ];
    for (rule, key, because) in table {
        let words = rule.condition.words.join(" ");
        let found = faults(&[rule]);
        assert_eq!(found.len(), 1, "{words}: {found:?}");
        assert!(
            found[0].1 == key && found[0].2.contains(because),
            "{words}: {found:?}"
        );
    }
}

#[test]
fn rules_that_make_sense_pass() {
    let rules = [
        rule(
            "children",
            &["received"],
            "specialty:cardiology age:<18",
            to("Lee Chen, MD"),
        ),
        rule(
            "grown-ups",
            &["received"],
            "specialty:cardiology age:18..",
            queue("intake"),
        ),
        rule("nerves", &["received"], "template:neurology", queue("insurance")),
        rule("late", &["target-missed/decide"], "", queue("insurance")),
        rule(
            "near",
            &["target-near"],
            "priority:routine",
            raise(Priority::Urgent),
        ),
        rule("no-authorisation", &[], "payer:aetna -has:authorisation", hold()),
        rule(
            "no-slot",
            &["target-missed/book"],
            "status:accepted priority:routine",
            stage(Status::Waitlisted),
        ),
    ];
    assert_eq!(faults(&rules), []);
}

#[test]
fn rules_that_contradict_each_other_are_refused_and_say_with_which() {
    let accept = || stage(Status::Accepted);
    let table = [
        (
            ("received", "payer:aetna", queue("intake")),
            ("received", "payer:cigna", queue("insurance")),
        ),
        (
            ("received", "", stage(Status::NeedsInfo)),
            ("received", "age:<18", accept()),
        ),
        (
            ("target-missed", "", queue("intake")),
            ("target-missed/book", "", to("Ana Ruiz")),
        ),
        (("received", "", accept()), ("coverage-checked", "", hold())),
    ];
    for ((when, terms, then), (other, others, another)) in table {
        let rules = [
            rule("one", &[when], terms, then),
            rule("two", &[other], others, another),
        ];
        let found = faults(&rules);
        assert!(
            found.len() == 1 && found[0].0 == 1 && found[0].2.contains("contradicts the rule `one`"),
            "{when} {other}: {found:?}"
        );
    }
    // What excludes the other by a term turned round does not.
    let apart = [
        rule("one", &["received"], "payer:aetna", queue("intake")),
        rule(
            "two",
            &["received"],
            "payer:cigna -payer:aetna",
            queue("insurance"),
        ),
    ];
    assert_eq!(faults(&apart), []);
}

#[test]
fn a_notice_says_something_in_english_as_it_stands_and_nothing_else_says_anything() {
    use crate::domain::message::MessageKind;
    let says = |message, say: &[(&str, &str)]| {
        let say = say
            .iter()
            .map(|(tag, words)| ((*tag).to_owned(), (*words).to_owned()));
        let then = Then {
            message: Some(message),
            say: say.collect(),
            ..Then::default()
        };
        let found = faults(&[rule("a", &["received"], "", then)]);
        found
            .into_iter()
            .map(|(_, key, why)| (key, why))
            .collect::<Vec<_>>()
    };
    let notice = MessageKind::NoticePatient;
    assert_eq!(
        says(
            notice,
            &[("en", "Bring the films."), ("es", "Traiga las imágenes.")]
        ),
        []
    );
    let long = "x".repeat(201);
    type Case<'a> = (MessageKind, &'a [(&'a str, &'a str)], &'a str, &'a str);
    let table: [Case<'_>; 7] = [
        (notice, &[], "then.message", "says nothing in English"),
        (
            notice,
            &[("es", "Traiga.")],
            "then.message",
            "says nothing in English",
        ),
        (
            notice,
            &[("en", "Dear {patient-given}")],
            "then.say",
            "has braces",
        ),
        (notice, &[("en", "a\nb")], "then.say", "not words on one line"),
        (notice, &[("en", &long)], "then.say", "201 characters"),
        (
            notice,
            &[("en", "Bring."), ("es-MX", "Traiga.")],
            "then.say",
            "not a language's tag",
        ),
        (
            MessageKind::AckPatient,
            &[("en", "Bring.")],
            "then.say",
            "no notice that says it",
        ),
    ];
    for (message, say, key, because) in table {
        let found = says(message, say);
        let [(at, why)] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert!(*at == key && why.contains(because), "{found:?}");
    }
}
